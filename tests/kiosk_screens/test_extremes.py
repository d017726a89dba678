"""Pages of the kiosk with nothing, too much or the unexpected in them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import zxingcpp
from PySide6.QtGui import QImage

from kiosk_app.domain.catalogue import Option
from kiosk_app.kiosk.screen_state import (
    Check,
    Choices,
    Content,
    Details,
    Entry,
    Guide,
    Listing,
    Menu,
    Name,
    Page,
    Printing,
    Question,
    Questions,
    Result,
    Row,
    Search,
    ShowQr,
    say,
)
from tests.kiosk_screens import examples
from tests.kiosk_screens.kiosk import Kiosk
from tests.kiosk_screens.test_every_page import KIOSK_SIZES, languages, looks
from tests.screens.checks import check_contrast, check_page, check_places, save
from tests.screens.terminal import LARGE, PORTRAIT, Size

OpenKiosk = Callable[..., Kiosk]
sizes = pytest.mark.parametrize("size", KIOSK_SIZES, ids=str)

LONG_ZH = (
    "建设用地含临时用地规划许可证核发变更延期补证及相关规划条件核实和国有土地使用权出"
    "让金缴纳情况核验一并办理事项其中包括历史遗留问题处理"
)
LONG_EN = "Issue, change, extension and replacement of planning permits for construction land, with all checks"
LONG = Name(LONG_ZH[:64], LONG_EN)


def entries(count: int) -> tuple[Entry, ...]:
    return tuple(Entry(f"item-{n}", Name(f"第{n}件事：居民户口登记", f"Service {n}")) for n in range(count))


@sizes
@languages
@pytest.mark.parametrize("count", [0, 1, 2, 40])
def test_every_entry_of_a_list_is_on_one_of_its_pages(
    open_kiosk: OpenKiosk, size: Size, language: str, count: int
) -> None:
    content = Listing(say("pick.departments"), entries(count), say("pick.departments.empty"), searchable=True)
    kiosk = open_kiosk(examples.state(Page.ITEMS, content), size, language)
    seen: list[str] = []
    while True:
        check_page(kiosk, kiosk.picture())
        new = [item.objectName() for item in kiosk.controls() if item.objectName().startswith("choose-")]
        assert not set(new) & set(seen), "an entry twice"
        seen += new
        if not kiosk.has("nextPage"):
            break
        assert new, "a page without an entry"
        kiosk.touch("nextPage")
    assert seen == [f"choose-item-{n}" for n in range(count)]


def test_first_page_has_no_way_back_and_the_last_none_on(open_kiosk: OpenKiosk) -> None:
    content = Listing(say("pick.departments"), entries(40), say("pick.departments.empty"))
    kiosk = open_kiosk(examples.state(Page.ITEMS, content))
    assert not kiosk.has("previousPage")
    while kiosk.has("nextPage"):
        kiosk.touch("nextPage")
        kiosk.picture()
    kiosk.touch("previousPage")
    kiosk.picture()
    assert kiosk.has("previousPage")
    assert kiosk.has("nextPage")


def test_empty_list_says_what_to_do(open_kiosk: OpenKiosk) -> None:
    content = Listing(say("pick.departments"), (), say("pick.departments.empty"))
    kiosk = open_kiosk(examples.state(Page.DEPARTMENTS, content))
    assert "现在没有可以办理的事项，请到咨询台问一问。" in kiosk.words()


def test_new_list_begins_on_its_first_page(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.ITEMS, Listing(Name("甲"), entries(40), say("pick.items.empty"))))
    kiosk.touch("nextPage")
    kiosk.show(examples.state(Page.ITEMS, Listing(Name("乙"), entries(40), say("pick.items.empty"))))
    kiosk.picture()
    assert "第0件事：居民户口登记" in kiosk.words()


@sizes
@languages
@pytest.mark.parametrize("count", [0, 1, 40])
def test_search(open_kiosk: OpenKiosk, size: Size, language: str, count: int) -> None:
    typed = "SB" if count else ""
    kiosk = open_kiosk(examples.state(Page.SEARCH, Search(say("pick.search"), typed, entries(count))), size, language)
    check_page(kiosk, kiosk.picture())
    texts = kiosk.view_model.property("texts")
    assert (texts["search.how"] in kiosk.words()) is (count == 0)
    kiosk.show(examples.state(Page.SEARCH, Search(say("pick.search"), "XQ" * 40, ())))
    check_places(kiosk)
    assert texts["search.none"] in kiosk.words()


SOME_FEE = Name("按国家和自治区有关规定收取，每证 80 元，企业另计。" * 20, "As the law says, per permit. " * 40)
MANY_PAPERS = Name("\n".join(f"{n}. 材料" for n in range(60)), "\n".join(f"{n}. Paper" for n in range(60)))

EXTREMES: dict[str, tuple[Page, Content]] = {
    "listing": (Page.ITEMS, Listing(LONG, (Entry("a", LONG, LONG), *entries(2)), say("pick.items.empty"), True)),
    "search": (Page.SEARCH, Search(say("pick.search"), "JS", (Entry("a", LONG), Entry("b", LONG)))),
    "number": (
        Page.NUMBER,
        Check(
            say("number.title", item=LONG),
            (Row(say("number.department"), LONG),),
            say("number.take"),
            say("number.closed"),
        ),
    ),
    "cancel": (Page.CANCEL, Check(say("cancel.title", item=LONG), examples.BOOKING_ROWS, say("cancel.confirm"))),
    "taken": (
        Page.NUMBER_TAKEN,
        replace(
            examples.NUMBER_TAKEN,
            big="YA1024",
            rows=(Row(say("number.item"), LONG), *examples.NUMBER_TAKEN.rows[1:]),
            lines=(say("number.shared", number="YA1024"), say("number.wait")),
            printing=Printing.FAILED,
            printing_line=say("printing.failed"),
        ),
    ),
    "booked": (
        Page.BOOKED,
        replace(
            examples.BOOKED,
            rows=(Row(say("booking.item"), LONG), *examples.BOOKED.rows[1:]),
            printing=Printing.FAILED,
            printing_line=say("printing.failed.photo"),
            may_print=False,
        ),
    ),
    "by_phone": (
        Page.BOOK_BY_PHONE,
        ShowQr(say("booking.by_phone", item=LONG), (say("booking.by_phone.why"),), examples.LINK),
    ),
    "choices": (Page.CHOICES, Choices(say("rate.title"), (Row(say("rate.hall"), LONG), Row(say("rate.item"), LONG)))),
    "guide": (
        Page.GUIDE,
        Guide(
            LONG,
            (Row(say("guide.fee"), SOME_FEE), Row(say("guide.materials"), MANY_PAPERS)),
            Printing.FAILED,
            say("printing.guide.failed"),
            may_print=True,
        ),
    ),
    "questions": (
        Page.QUESTIONS,
        Questions(
            say("rate.questions"),
            tuple(
                replace(question, code=f"{question.code}{n}")
                for n in range(3)
                for question in examples.QUESTIONS.questions
            ),
        ),
    ),
    "home": (
        Page.HOME,
        Menu(
            say("home.title"),
            (
                replace(examples.HOME.entries[0], detail=say("home.take_number.no_paper"), enabled=False),
                *examples.HOME.entries[1:3],
                replace(examples.HOME.entries[3], detail=say("home.rate.off"), enabled=False),
                examples.HOME.entries[4],
            ),
        ),
    ),
}


@looks
@sizes
@languages
@pytest.mark.parametrize("name", list(EXTREMES))
def test_very_long_names(open_kiosk: OpenKiosk, name: str, language: str, size: Size, large_type: bool) -> None:
    """Whatever the hall calls its things, nothing is pushed out of its place and nothing lies over another."""
    page, content = EXTREMES[name]
    hall = LONG_ZH[:48]
    notices = (say("notice.paper_out"),) if page is Page.HOME else ()
    kiosk = open_kiosk(examples.state(page, content, hall=hall, notices=notices), size, language, large_type)
    picture = kiosk.picture()
    save(picture, f"kiosk-long-{name}-{language}-{size}{'-large' if large_type else ''}")
    check_places(kiosk)
    check_contrast(kiosk, picture)


@sizes
@languages
def test_all_of_a_long_guide_is_on_its_pages(open_kiosk: OpenKiosk, size: Size, language: str) -> None:
    """Nothing of a fee or list is lost where a page ends."""
    page, content = EXTREMES["guide"]
    assert isinstance(content, Guide)
    kiosk = open_kiosk(examples.state(page, content), size, language)
    seen = kiosk.words()
    while kiosk.has("nextPage"):
        kiosk.touch("nextPage")
        kiosk.picture()
        check_places(kiosk)
        seen += kiosk.words()
    for row in content.rows:
        assert isinstance(row.value, Name)
        wanted = _without_blanks(row.value.en if language == "en" else row.value.zh)
        pieces = [word for word in map(_without_blanks, seen) if word in wanted]
        assert len(pieces) > 1
        assert "".join(pieces) == wanted


def _without_blanks(text: str) -> str:
    return "".join(text.split())


@sizes
@languages
@pytest.mark.parametrize("count", [0, 1, 5, 12])
def test_every_option_can_be_ticked(open_kiosk: OpenKiosk, size: Size, language: str, count: int) -> None:
    options = tuple(Option(str(100 + n), f"第{n}条原因", f"Reason {n}") for n in range(count))
    kiosk = open_kiosk(examples.state(Page.DETAILS, Details(options, offers_contact=True)), size, language)
    seen: set[str] = set()
    while True:
        check_page(kiosk, kiosk.picture())
        new = {item.objectName() for item in kiosk.controls() if item.objectName().startswith("option-")}
        assert not new & seen
        seen |= new
        if len(seen) == count:
            break
        kiosk.touch("more")


@sizes
def test_every_question_can_be_answered(open_kiosk: OpenKiosk, size: Size) -> None:
    page, content = EXTREMES["questions"]
    assert isinstance(content, Questions)
    kiosk = open_kiosk(examples.state(page, content), size, "en", large_type=True)
    seen: list[str] = []
    while True:
        check_page(kiosk, kiosk.picture())
        seen += [item.objectName() for item in kiosk.controls() if item.objectName().startswith("answer-")]
        if not kiosk.has("nextPage"):
            break
        kiosk.touch("nextPage")
    assert seen == [
        f"answer-{question.code}-{answer.code}" for question in content.questions for answer in question.answers
    ]


def test_one_question(open_kiosk: OpenKiosk) -> None:
    content = Questions(say("rate.questions"), (Question("q", Name("好吗？"), ()),))
    kiosk = open_kiosk(examples.state(Page.QUESTIONS, content))
    check_page(kiosk, kiosk.picture())


# --- QR codes ----------------------------------------------------------------------------------------------------


@looks
@pytest.mark.parametrize("size", [PORTRAIT, LARGE], ids=str)
@pytest.mark.parametrize(
    ("page", "data"),
    [(Page.NUMBER_TAKEN, examples.LINK), (Page.BOOKED, "128004123457"), (Page.BOOK_BY_PHONE, examples.LINK)],
    ids=str,
)
def test_qr_code_is_read_from_the_screen(
    open_kiosk: OpenKiosk, page: Page, data: str, size: Size, large_type: bool
) -> None:
    """By an independent decoder, from what is shown; it is large enough for an old phone."""
    kiosk = open_kiosk(examples.state(page), size, large_type=large_type)
    read = zxingcpp.read_barcodes(_pixels(kiosk.picture()))
    assert [code.text for code in read] == [data]
    picture = next(item for item in kiosk.items("QQuickImage") if item.objectName() == "qr")
    assert picture.width() >= 30 * size.density


def _pixels(picture: QImage) -> memoryview:
    grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    height, stride = grey.height(), grey.bytesPerLine()
    assert stride == grey.width(), "rows without padding"
    return memoryview(bytes(grey.constBits())).cast("B", (height, stride))


def test_result_without_a_qr_code(open_kiosk: OpenKiosk) -> None:
    content: Result = replace(examples.NUMBER_TAKEN, qr="", rows=(), lines=(), printing_line=None)
    for size in KIOSK_SIZES:
        kiosk = open_kiosk(examples.state(Page.NUMBER_TAKEN, content), size)
        check_page(kiosk, kiosk.picture())
        assert not [item for item in kiosk.items("QQuickImage") if item.objectName() == "qr"]


@sizes
@languages
@pytest.mark.parametrize("page", [Page.NUMBER_TAKEN, Page.BOOKED], ids=str)
def test_number_or_code_is_the_largest_thing(open_kiosk: OpenKiosk, page: Page, size: Size, language: str) -> None:
    kiosk = open_kiosk(examples.state(page), size, language)
    heights = {item.objectName(): item.property("font").pixelSize() for item in kiosk.texts()}
    big = heights.pop("big")
    assert big > 1.2 * max(heights.values())
