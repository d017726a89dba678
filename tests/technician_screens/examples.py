"""States of the technician's screens as a hall would have them, plain and extreme; every name in them is invented."""

from dataclasses import replace
from pathlib import Path

from kiosk_app.domain.levels import Level
from kiosk_app.technician_screen.state import (
    Block,
    Button,
    Buttons,
    Confirm,
    Fact,
    Facts,
    KeyLight,
    Keys,
    Light,
    Lines,
    Message,
    Notes,
    Option,
    Options,
    Page,
    People,
    PersonRow,
    ProblemRow,
    Problems,
    Row,
    Table,
    Target,
    Targets,
    TechnicianState,
    Text,
    Words,
)
from tests.screens.examples import BOOT

MENU = tuple(page for page in Page if page not in {Page.CLOSED, Page.SIGN_IN, Page.LEARN, Page.TOUCH})
KIOSK_MENU = tuple(page for page in MENU if page not in {Page.BINDING, Page.EVALUATOR})

LONG_CAUSE = (
    "could not connect to https://platform.example.cn/api/v1/records: HTTPSConnectionPool(host='platform.example.cn', "
    "port=443): Max retries exceeded with url: /api/v1/records (Caused by NameResolutionError: Failed to resolve "
    "'platform.example.cn' ([Errno -3] Temporary failure in name resolution)); the same since the switch was exchanged "
) * 3
LONG_CHINESE = "平台返回：事项编码与部门编码不一致，请核对事项清单后重新上报，并联系市级平台管理员处理。" * 6
LONG_NAME = "买买提吐尔逊·阿不都热依木·努尔买买提"
LONG_DEPARTMENT = "塔城地区住房公积金管理中心综合业务受理与资金归集科"


def fact(key: str, value: Text, state: Light = "none", page: Page | None = None) -> Fact:
    return Fact(Words(key), value, state, page)


def problem(code: str, cause: str, severity: str = "problem", page: Page | None = None, since: str = "") -> ProblemRow:
    return ProblemRow(severity, code, cause, f"do something about {code}", since, page)  # type: ignore[arg-type]


def buttons(*rows: tuple[str, str], primary: bool = False) -> Buttons:
    return Buttons(tuple(Button(action, "", Words(key), primary and n == 0) for n, (action, key) in enumerate(rows)))


PROBLEMS = Problems(
    (
        problem(
            "printer_paper_out",
            "printer: there is no paper",
            page=Page.PRINTER,
            since="2026-11-22T13:05:00.000+08:00",
        ),
        problem(
            "records_refused",
            "the platform refused 2 records; they are kept",
            page=Page.NETWORK,
            since="2026-11-21T09:12:00.000+08:00",
        ),
        problem("evaluator_not_confirmed", "nobody has confirmed which word each key bears", "warning", Page.EVALUATOR),
    )
)

AREAS = Facts(
    (
        fact("area.storage", "12.3 GB free; journal of 48201 records, 31 MB", "ok", Page.RECORDS),
        fact("area.clock", "synchronised; 0.2 s off the platform's", "ok"),
        fact("area.evaluator", "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0", "warning", Page.EVALUATOR),
        fact("area.printer", "no paper", "problem", Page.PRINTER),
        fact("area.sound", Words("overview.ok"), "ok", Page.SOUND_SCREEN),
        fact("area.display", "217 x 136 mm, 1280 x 800", "ok", Page.SOUND_SCREEN),
        fact("area.network", "192.0.2.17", "ok", Page.NETWORK),
        fact("area.platform", "last contact 14:31", "problem", Page.NETWORK),
        fact("area.binding", "测试员一", "ok", Page.BINDING),
        fact("area.configuration", Words("overview.ok"), "ok"),
        fact("area.hall_data", "62 staff, 118 items", "ok"),
        fact("area.backup", "22 minutes ago to /media/backup", "ok", Page.EXPORT),
        fact("area.versions", "hall-kiosk 0.1.0", "ok", Page.ABOUT),
    ),
    Words("overview.areas"),
)

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"


def person(n: int, **changes: object) -> PersonRow:
    usual = PersonRow(
        staff_no=f"{1000 + n}",
        name=f"{SURNAMES[n % len(SURNAMES)]}测试",
        department="人力资源和社会保障局" if n % 2 else "税务局",
        photo_file="",
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


REASONS = Options(
    "reason",
    tuple(
        Option(reason, Words(f"binding.reason.{reason}"))
        for reason in ("on_duty", "shift", "cover", "off_duty", "correction", "other")
    ),
    "shift",
    Words("binding.reason"),
)
INITIALS = Options(
    "initial",
    (Option("", Words("binding.initial.all")), *(Option(letter, letter) for letter in "CFHJLQSWXYZ")),
    "",
    Words("binding.initial"),
)
HISTORY = Table(
    tuple(Words(f"binding.history.{name}") for name in ("who", "from", "until", "by", "reason")),
    (
        Row("3", ("测试员一", "2026-11-22 08:31", Words("binding.history.until_now"), "technician", "换班")),
        Row("2", ("测试员二", "2026-11-20 08:29", "2026-11-22 08:31", "technician", "上岗")),
        Row("1", (Words("binding.nobody"), "2026-11-18 17:30", "2026-11-20 08:29", "1001", "离岗")),
    ),
    title=Words("binding.history"),
)


def staff(count: int) -> People:
    rows = [person(n) for n in range(count)]
    if count > 3:
        rows[0] = person(0, current=True, note=Words("binding.person.here"))
        rows[1] = person(1, chosen=True)
        rows[2] = person(2, note=Words("binding.person.elsewhere", {"window": "7"}))
    return People(tuple(rows), "person")


BINDING: tuple[Block, ...] = (
    Facts(
        (
            fact("binding.here", "测试员一  1001"),
            fact("binding.since", "2026-11-22 08:31"),
            fact("binding.by", "technician"),
        )
    ),
    INITIALS,
    staff(12),
    REASONS,
    HISTORY,
    Buttons(
        (
            Button("bind", "1001", Words("binding.bind", {"name": "钱测试"}), primary=True),
            Button("unbind", "", Words("binding.unbind")),
        )
    ),
)

KEYS = Keys(
    (
        KeyLight(Level.VERY_SATISFIED, lit=True, presses=1, latency_ms=12),
        KeyLight(Level.SATISFIED, lit=True, presses=2, latency_ms=9),
        KeyLight(Level.BASICALLY_SATISFIED),
        KeyLight(Level.DISSATISFIED, presses=1, wrong=True),
        KeyLight(Level.VERY_DISSATISFIED),
    ),
    Level.BASICALLY_SATISFIED,
)
DARK = Keys(tuple(KeyLight(level) for level in Level))

EVALUATOR: tuple[Block, ...] = (
    Message("info", Words("evaluator.test.is_no_rating")),
    Message("info", Words("evaluator.test.ask")),
    KEYS,
    buttons(("stop", "evaluator.test.stop")),
    Lines(("68 81 01 05 ef 16  very_satisfied", "68 81 01 04 ee 16  satisfied")),
)
"""While the keys are tried."""
EVALUATOR_ALONE: tuple[Block, ...] = (
    Facts(
        (
            fact("evaluator.connection", "no such port", "problem"),
            fact("evaluator.port", "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0"),
            fact("evaluator.protocol", "shared-bus-68"),
            fact("evaluator.confirmed", Words("evaluator.confirmed.no"), "warning"),
            fact("evaluator.frames", "1204"),
            fact("evaluator.bad", "0"),
            fact("evaluator.noise", "0"),
        )
    ),
    buttons(("test", "evaluator.test"), ("learn", "evaluator.learn"), primary=True),
    Table(
        (Words("common.port"), Words("common.port.what")),
        (
            Row("usb-0:3", ("/dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0-port0", "USB2.0-Serial")),
            Row("usb-0:4", ("/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0", "1a86 USB Serial")),
        ),
        "port",
        Words("common.ports"),
    ),
)

LEARN: tuple[Block, ...] = (
    Message("info", Words("learn.ask", {"press": 2})),
    Keys(
        tuple(KeyLight(level, lit=n < 2, presses=(3, 1, 0, 0, 0)[n]) for n, level in enumerate(Level)),
        Level.SATISFIED,
    ),
    Message("bad", Words("learn.trouble.odd"), "the device repeats its frame: it may want to be acknowledged"),
    Lines(("AA 55 02 1F 00 21", "AA 55 02 1F 00 21", "AA 55 01 00 00 01")),
    buttons(("stop", "learn.stop")),
)

LEARNED_NOTES = Notes(
    (
        Words("learn.note.unknown_checksum", {"quiet": 50}),
        Words("learn.note.counter", {"bytes": "2, 3"}),
        Words("learn.note.constants"),
        Words("learn.note.repeats", {"times": 5, "apart": 300}),
        Words("learn.note.missed", {"levels": "very_satisfied basically_satisfied"}),
        Words("learn.note.no_key", {"count": 1204}),
    ),
    Words("learn.notes"),
)

PRINTER: tuple[Block, ...] = (
    Facts(
        (
            fact("printer.condition", Words("printer.condition.near_end"), "warning"),
            fact("printer.port", "/dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0-port0"),
            fact("printer.width", Words("printer.width.value", {"n": 80})),
        )
    ),
    Message("info", Words("printer.test.look")),
    buttons(("print", "printer.test"), primary=True),
)

REFUSED = Table(
    tuple(Words(f"network.{name}") for name in ("record", "kind", "attempts", "reason")),
    (
        Row("4711", ("4711", "visit_rated", "3", "422 field cases[0].department_code: unknown department 0150")),
        Row("4690", ("4690", "operator_action", "1", "422 operator is not known here")),
    ),
    "resend",
    Words("network.refused_records"),
)
NETWORK: tuple[Block, ...] = (
    Facts(
        (
            fact("network.address", "https://platform.example.cn/api"),
            fact("network.own_addresses", "192.0.2.17, 2001:db8::17"),
            fact("network.waiting", "0", "ok"),
            fact("network.refused", "2", "problem"),
            fact("network.last_contact", "14:31", "ok"),
            fact("network.clock_offset", Words("network.clock_offset.value", {"seconds": "+0.2"}), "ok"),
        )
    ),
    REFUSED,
    buttons(("resend_all", "network.resend_all")),
)

RECORDS: tuple[Block, ...] = (
    Facts((fact("records.count", "48201"), fact("records.head", "48201, 14:31:02"))),
    Table(
        tuple(Words(f"records.{name}") for name in ("time", "ticket", "cases", "outcome", "opened_by")),
        tuple(
            Row(
                str(n),
                (
                    f"14:{31 - n:02}",
                    f"A{12 + n:03}",
                    "1",
                    Words("records.outcome.rated" if n % 3 else "records.outcome.missed.not_invited"),
                    Words("records.opened_by.window_api"),
                ),
            )
            for n in range(20)
        ),
        title=Words("records.last_visits"),
    ),
    buttons(("verify", "records.verify")),
)

SOUND_SCREEN: tuple[Block, ...] = (
    Facts(
        (
            fact("sound_screen.size", "217 x 136 mm"),
            fact("sound_screen.pixels", "1280 x 800"),
            fact("sound_screen.touch_devices", "ILITEK Multi-Touch", "ok"),
            fact("sound_screen.touch.last", Words("sound_screen.touch.never")),
        )
    ),
    Buttons(tuple(Button("play", sound, Words(f"sound_screen.play.{sound}")) for sound in ("invite", "thanks", "key"))),
    buttons(("touch", "sound_screen.touch_test")),
)


def nine(done: int) -> tuple[Target, ...]:
    return tuple(Target(n, n < done, 0.4 * n if n < done else None) for n in range(9))


TOUCH: tuple[Block, ...] = (Targets(nine(9), 9), buttons(("again", "touch.again"), primary=True))

EXPORT: tuple[Block, ...] = (
    Facts((fact("export.last_backup", "2026-11-22 14:00", "ok"),)),
    Options(
        "place",
        (
            Option("/media/backup", "/media/backup  41 GB"),
            Option("/media/usb/STICK", "/media/usb/STICK  7 GB"),
        ),
        "/media/backup",
        Words("export.place"),
    ),
    buttons(
        ("waiting", "export.waiting"), ("everything", "export.everything"), ("backup", "export.backup"), primary=True
    ),
)

ABOUT: tuple[Block, ...] = (
    Facts(
        (
            fact("about.version", "hall-kiosk 0.1.0"),
            fact("about.device", "654221-hall1-window12"),
            fact("about.hall", "测试市政务服务中心"),
            fact("about.public_key", "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="),
            fact("about.licence", "Apache-2.0"),
            fact("about.storage", "/var/lib/hall-kiosk"),
            fact("about.sqlite", "3.53.4"),
        )
    ),
)

BLOCKS: dict[Page, tuple[Block, ...]] = {
    Page.SIGN_IN: (),
    Page.OVERVIEW: (Message("bad", Words("overview.problems", {"n": 2})), PROBLEMS, AREAS,
                    buttons(("look_again", "overview.look_again"))),
    Page.BINDING: BINDING,
    Page.EVALUATOR: EVALUATOR,
    Page.LEARN: LEARN,
    Page.PRINTER: PRINTER,
    Page.NETWORK: NETWORK,
    Page.RECORDS: RECORDS,
    Page.SOUND_SCREEN: SOUND_SCREEN,
    Page.TOUCH: TOUCH,
    Page.EXPORT: EXPORT,
    Page.ABOUT: ABOUT,
}  # fmt: skip
"""Every page as it usually is."""

PAGES = tuple(BLOCKS)


def state(page: Page, *blocks: Block, **changes: object) -> TechnicianState:
    """A page as it usually is, with these blocks if any and these fields changed."""
    signing_in = page is Page.SIGN_IN
    usual = TechnicianState(
        page=page,
        blocks=blocks or BLOCKS[page],
        menu=() if signing_in else MENU,
        technicians=("technician", "wang") if signing_in else (),
        operator="technician",
        may_go_back=page in {Page.LEARN, Page.TOUCH},
        leaves_at=BOOT + 300,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


SAID = Message("good", Words("binding.bound", {"name": "测试员一"}))
FAILED = Message("bad", Words("common.failed"), LONG_CAUSE)
ASKED = Confirm(Words("binding.confirm_move", {"name": "孙测试", "window": "7"}), "move", "1002", "stay")

EXTREMES: dict[str, TechnicianState] = {
    "problems": state(
        Page.OVERVIEW,
        Problems(
            (
                problem("printer_paper_out", LONG_CAUSE, page=Page.PRINTER, since="2026-11-22T13:05:00+08:00"),
                problem("some_new_code", LONG_CHINESE, "warning", since="yesterday"),
                problem("cannot_record", "disk I/O error", since="2026-11-22T13:05:00+08:00"),
            )
        ),
        AREAS,
    ),
    "well": state(Page.OVERVIEW, Message("good", Words("overview.all_well")), AREAS),
    "staff": state(Page.BINDING, staff(60), REASONS, HISTORY),
    "long_names": state(
        Page.BINDING,
        Facts((fact("binding.here", LONG_NAME),)),
        People(
            tuple(
                person(n, name=LONG_NAME, department=LONG_DEPARTMENT, note=Words("binding.person.here"))
                for n in range(3)
            ),
            "person",
        ),
        Buttons((Button("bind", "1", Words("binding.bind", {"name": LONG_NAME}), primary=True),)),
    ),
    "no_staff": state(Page.BINDING, Message("bad", Words("binding.no_staff"))),
    "asked": state(Page.BINDING, *BINDING, ASKED),
    "refused": state(
        Page.NETWORK,
        replace(
            REFUSED,
            rows=tuple(
                Row(str(n), (str(n), "visit_rated", "3", LONG_CHINESE if n == 5 else "422 unknown department"))
                for n in range(200)
            ),
        ),
        buttons(("resend_all", "network.resend_all")),
    ),
    "nothing_refused": state(Page.NETWORK, replace(REFUSED, rows=()), message=SAID),
    "failed": state(Page.EXPORT, *EXPORT, message=FAILED, busy=True),
    "cannot_record": state(Page.RECORDS, *RECORDS, cannot_record="database or disk is full", leaves_at=BOOT + 20.5),
    "dark_keys": state(Page.EVALUATOR, DARK, buttons(("test", "evaluator.test"), ("learn", "evaluator.learn"))),
    "many_lines": state(
        Page.LEARN, KEYS, Lines(tuple(f"{n:02X} " * 12 for n in range(40))), buttons(("stop", "learn.stop"))
    ),
    "wait": state(Page.SIGN_IN, wait_seconds=64, message=Message("bad", Words("sign_in.wait"))),
    "no_pin": state(
        Page.SIGN_IN,
        technicians=(),
        operator="",
        message=Message("bad", Words("sign_in.no_pin"), "kiosk-admin technician pin"),
    ),
    "aim": state(Page.TOUCH, Targets(nine(3), 3)),
    "evaluator_alone": state(Page.EVALUATOR, *EVALUATOR_ALONE),
    "learn_begin": state(
        Page.LEARN,
        Message("info", Words("learn.explain")),
        Options(
            "port",
            (Option("auto", Words("evaluator.port.auto")), Option("/dev/x", "/dev/serial/by-path/x")),
            "auto",
            Words("learn.port"),
        ),
        buttons(("start", "learn.start"), primary=True),
    ),
    "learned": state(
        Page.LEARN,
        Message("good", Words("learn.result", {"file": "learned-1.toml"}), "/etc/hall-kiosk/evaluators/learned-1.toml"),
        buttons(("use", "learn.use"), ("start", "learn.again"), primary=True),
        LEARNED_NOTES,
    ),
    "kiosk": state(Page.OVERVIEW, menu=KIOSK_MENU),
}
"""Pages with nothing, too much or the unexpected in them."""

PHOTOS = Path(__file__).parent
