"""States of the kiosk's screen as a hall would have them; every name and number in them is invented."""

from dataclasses import replace
from datetime import date, timedelta

from kiosk_app.domain.levels import Level
from kiosk_app.kiosk.screen_state import (
    Answer,
    Check,
    Choices,
    CodeEntry,
    Content,
    Details,
    Entry,
    Guide,
    Listing,
    Menu,
    Message,
    Name,
    Page,
    PhoneEntry,
    Printing,
    Question,
    Questions,
    Result,
    Row,
    ScreenState,
    Search,
    ShowQr,
    say,
)
from kiosk_app.terminal.countdown import Countdown
from tests.screens import examples
from tests.screens.examples import BOOT, NOW

TODAY = NOW.date()
HALL = "测试市政务服务中心"
LINK = "https://platform.example.cn/r/8080-RGG0-0PFZ-R84R"

INSURANCE = Name("医疗保险参保登记", "Medical insurance registration")

HOME = Menu(
    say("home.title"),
    (
        Entry("take_number", say("home.take_number"), say("home.take_number.detail"), "take_number"),
        Entry("book", say("home.book"), say("home.book.detail"), "book"),
        Entry("check_in", say("home.check_in"), say("home.check_in.detail"), "check_in"),
        Entry("rate", say("home.rate"), say("home.rate.detail"), "rate"),
        Entry("look_up", say("home.look_up"), say("home.look_up.detail"), "look_up"),
    ),
)

DEPARTMENTS = tuple(
    Entry(f"department-{n}", Name(chinese, english), say("pick.count", count=3 + 4 * n))
    for n, (chinese, english) in enumerate(
        [
            ("人力资源和社会保障局", "Human Resources and Social Security"),
            ("公安局", "Public Security"),
            ("市场监督管理局", "Market Regulation"),
            ("自然资源局", "Natural Resources"),
            ("税务局", "Taxation"),
            ("住房公积金管理中心", "Housing Provident Fund"),
        ]
    )
)

ITEMS = tuple(
    Entry(f"item-{n}", Name(chinese, english))
    for n, (chinese, english) in enumerate(
        [
            ("医疗保险参保登记", "Medical insurance registration"),
            ("社会保障卡申领", "Application for a social security card"),
            ("城乡居民养老保险参保登记", "Pension insurance registration for residents"),
            ("失业保险金申领", "Unemployment benefit"),
            ("灵活就业人员参保登记", "Insurance registration for the self-employed"),
            ("工伤认定申请", "Recognition of a work injury"),
            ("退休人员异地居住备案", "Residence elsewhere after retirement"),
        ]
    )
)

DAYS = tuple(
    Entry(
        f"day-{n}",
        say("booking.day", day=TODAY + timedelta(days=1 + n)),
        say("booking.full") if n == 1 else say("booking.places", count=12 - n),
        enabled=n != 1,
    )
    for n in range(5)
)

TIMES = tuple(
    Entry(
        f"time-{hour}",
        say("booking.time", start=f"{hour:02}:00", end=f"{hour + 1:02}:00"),
        say("booking.full") if hour == 11 else say("booking.places", count=hour - 8),
        enabled=hour != 11,
    )
    for hour in (9, 10, 11, 14, 15, 16, 17)
)

NUMBER = Check(
    say("number.title", item=INSURANCE),
    (
        Row(say("number.department"), Name("人力资源和社会保障局", "Human Resources and Social Security")),
        Row(say("number.waiting"), say("number.waiting.count", count=6)),
    ),
    say("number.take"),
)

NUMBER_TAKEN = Result(
    title=say("number.taken"),
    label=say("number.label"),
    big="A012",
    rows=(
        Row(say("number.item"), INSURANCE),
        Row(say("number.time"), say("number.time.value", at=NOW)),
        Row(say("number.rating_code"), Name("8080-RGG0-0PFZ-R84R")),
    ),
    lines=(say("number.wait"),),
    qr=LINK,
    printing=Printing.PRINTED,
    printing_line=say("printing.take"),
    may_print=True,
)

BOOKED = Result(
    title=say("booking.booked"),
    label=say("booking.code"),
    big="1280-0412-3457",
    rows=(
        Row(say("booking.item"), INSURANCE),
        Row(say("booking.when"), say("booking.when.value", day=date(2026, 11, 24), start="09:00", end="10:00")),
    ),
    lines=(
        say("booking.come", begin="08:30", end="09:15"),
        say("booking.cancel_until", until=NOW.replace(day=24, hour=7, minute=0)),
    ),
    qr="128004123457",
    printing=Printing.UNCONFIRMED,
    printing_line=say("printing.unconfirmed"),
    may_print=True,
)

BOOKING_ROWS = (
    Row(say("booking.when"), say("booking.when.value", day=date(2026, 11, 24), start="09:00", end="10:00")),
    Row(say("booking.where"), Name("人力资源和社会保障局", "Human Resources and Social Security")),
    Row(say("booking.phone_left"), say("booking.phone_sealed")),
)

_ANSWERS = (
    Answer("yes", Name("是", "Yes")),
    Answer("partly", Name("一般", "Partly")),
    Answer("no", Name("否", "No")),
)

QUESTIONS = Questions(
    say("rate.questions"),
    (
        Question("guidance", Name("服务指引是否清晰？", "Was the guidance clear?"), _ANSWERS, "yes"),
        Question("procedure", Name("办事程序是否便利？", "Was the procedure convenient?"), _ANSWERS),
        Question("papers", Name("材料手续是否精简？", "Were the papers few?"), _ANSWERS, "no"),
        Question("screens", Name("操作界面是否友好？", "Were the screens friendly?"), _ANSWERS),
    ),
)

GUIDE = Guide(
    Name("食品经营许可（新办）", "Food business licence, first issue"),
    (
        Row(
            say("guide.basis"),
            Name(
                "《中华人民共和国食品安全法》第三十五条；《食品经营许可和备案管理办法》",
                "Food Safety Law, article 35; Measures for food business licences",
            ),
        ),
        Row(
            say("guide.conditions"),
            Name(
                "有与经营的食品品种、数量相适应的场所，并与有毒、有害场所保持规定的距离；有专职或者兼职的食品安全管理人员。",
                "Premises suited to the kind and amount of food, at the required distance from polluted places; "
                "somebody responsible for food safety.",
            ),
        ),
        Row(
            say("guide.materials"),
            Name(
                "1. 食品经营许可申请书\n2. 营业执照复印件\n3. 经营场所平面布局图\n4. 食品安全管理制度\n5. 健康证明",
                "1. Application form\n2. Copy of the business licence\n3. Floor plan of the premises\n"
                "4. Rules on food safety\n5. Health certificates",
            ),
        ),
        Row(
            say("guide.steps"),
            Name("1. 提交申请\n2. 受理审查\n3. 现场核查\n4. 决定发证", "1. Apply\n2. Review\n3. Visit\n4. Decision"),
        ),
        Row(say("guide.legal_days"), say("guide.days", days=20)),
        Row(say("guide.promised_days"), say("guide.days", days=5)),
        Row(say("guide.fee"), say("guide.free")),
        Row(say("guide.department"), Name("市场监督管理局", "Market Regulation")),
        Row(say("guide.phone"), Name("0000-1000004")),
    ),
    may_print=True,
)

MY_RATING = Guide(
    say("my_rating.title"),
    (
        Row(say("rate.hall"), Name(HALL)),
        Row(say("rate.day"), say("rate.day.value", day=TODAY)),
        Row(say("my_rating.state"), say("my_rating.superseded")),
        Row(say("my_rating.answer"), Name("您反映的问题已经核实，我们已增开两个窗口。")),
        Row(say("my_rating.answer_state"), Name("已办结")),
    ),
)

CONTENTS: dict[Page, Content] = {
    Page.HOME: HOME,
    Page.DEPARTMENTS: Listing(say("pick.departments"), DEPARTMENTS, say("pick.departments.empty"), searchable=True),
    Page.ITEMS: Listing(Name("人力资源和社会保障局", "Human Resources"), ITEMS, say("pick.items.empty"), True),
    Page.SEARCH: Search(say("pick.search"), "SB", ITEMS[:3]),
    Page.NUMBER: NUMBER,
    Page.NUMBER_TAKEN: NUMBER_TAKEN,
    Page.BOOKING_MENU: Menu(
        say("booking.menu"),
        (
            Entry("book", say("booking.book"), say("booking.book.detail"), "book"),
            Entry("cancel", say("booking.cancel"), say("booking.cancel.detail"), "cancel"),
        ),
    ),
    Page.DAYS: Listing(say("booking.days"), DAYS, say("booking.days.none")),
    Page.TIMES: Listing(say("booking.times", day=date(2026, 11, 24)), TIMES, say("booking.times.none")),
    Page.BOOKING_PHONE: PhoneEntry(say("booking.phone"), say("booking.phone.help"), "1000000", complete=False),
    Page.BOOKING: Check(say("booking.check", item=INSURANCE), BOOKING_ROWS, say("booking.confirm")),
    Page.BOOKED: BOOKED,
    Page.BOOK_BY_PHONE: ShowQr(say("booking.by_phone", item=INSURANCE), (say("booking.by_phone.why"),), LINK),
    Page.CANCEL_CODE: CodeEntry(say("cancel.code"), say("code.booking.help"), "1280-04", complete=False),
    Page.CANCEL: Check(say("cancel.title", item=INSURANCE), BOOKING_ROWS, say("cancel.confirm")),
    Page.CHECK_IN_CODE: CodeEntry(
        say("check_in.code"), say("code.booking.help"), "1280-0412-3457", complete=True, fault=say("booking.unknown")
    ),
    Page.RATE_CODE: CodeEntry(say("rate.code"), say("code.rating.help"), "8080-RGG0-0P", complete=False),
    Page.CHOICES: Choices(
        say("rate.title"),
        (
            Row(say("rate.hall"), Name(HALL)),
            Row(say("rate.day"), say("rate.day.value", day=TODAY)),
            Row(say("rate.window"), say("rate.window.value", window="12")),
            Row(say("rate.item"), INSURANCE),
        ),
    ),
    Page.DETAILS: Details(examples.OPTIONS[Level.DISSATISFIED], offers_contact=True),
    Page.QUESTIONS: QUESTIONS,
    Page.CONTACT_PHONE: PhoneEntry(
        say("rate.contact"), say("rate.contact.help"), "10000000000", complete=True, skippable=True
    ),
    Page.THANKS: Message(say("rate.thanks"), (say("rate.thanks.seen"),), "check-circle"),
    Page.LOOK_UP_MENU: Menu(
        say("look_up.menu"),
        (
            Entry("guide", say("look_up.guide"), say("look_up.guide.detail"), "guide"),
            Entry("my_rating", say("look_up.my_rating"), say("look_up.my_rating.detail"), "my_rating"),
        ),
    ),
    Page.GUIDE: GUIDE,
    Page.LOOK_UP_CODE: CodeEntry(
        say("look_up.code"), say("code.rating.help"), "8080-RGG0-0PFZ-R84S", complete=True, fault=say("code.mistyped")
    ),
    Page.MY_RATING: MY_RATING,
    Page.MESSAGE: Message(
        say("check_in.early"),
        (say("check_in.window", day=TODAY, begin="14:30", end="15:15"), say("ask.reception")),
        "clock",
    ),
    Page.CANNOT_RECORD: Message(say("fault.title"), (say("fault.other"),), "warning"),
}
"""Every page as it usually is."""

_NO_WAY_BACK = {Page.HOME, Page.BOOKED, Page.DETAILS, Page.QUESTIONS, Page.THANKS, Page.CANNOT_RECORD}


def state(page: Page, content: Content | None = None, **changes: object) -> ScreenState:
    """A page as it usually is, with this content and these fields changed."""
    usual = ScreenState(
        page=page,
        content=content or CONTENTS[page],
        hall=HALL,
        can_go_back=page not in _NO_WAY_BACK,
        done=page in {Page.NUMBER_TAKEN, Page.BOOKED, Page.THANKS},
        countdown=Countdown(BOOT + 22.5, 30) if page in {Page.CHOICES, Page.DETAILS} else None,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]
