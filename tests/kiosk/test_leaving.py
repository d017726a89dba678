"""Back, home and idle: nobody is locked in, nobody leaves anything behind (R24)."""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk_app.domain.levels import Level
from kiosk_app.journal.sealing import Sealer
from kiosk_app.kiosk.screen_state import CodeEntry, Page, PhoneEntry, Search
from kiosk_app.kiosk.service import Action
from tests.kiosk import small_hall
from tests.kiosk.conftest import MakeRig
from tests.kiosk.kiosk_rig import IDLE_SECONDS, LEAVING_SECONDS, FakePrinter, KioskRig, code

TOMORROW = (small_hall.TODAY + timedelta(days=1)).isoformat()
PHONE = "13800001234"

Walk = Callable[[KioskRig], object]


def _search(rig: KioskRig) -> None:
    rig.choose("take_number")
    rig.act(Action.SEARCH)


def _cancel(rig: KioskRig) -> None:
    rig.book(phone=PHONE)
    number = rig.records("appointment_booked")[-1].payload["appointment_no"]
    rig.home()
    rig.choose("book", "cancel")
    rig.keys(number)
    rig.confirm()


def _details(rig: KioskRig) -> None:
    rig.scan(code())
    rig.clock.advance(2)
    rig.press(Level.DISSATISFIED)


def _questions(rig: KioskRig) -> None:
    _details(rig)
    rig.give_reasons()


def _thanks(rig: KioskRig) -> None:
    _questions(rig)
    rig.confirm()


def _contact(rig: KioskRig) -> None:
    _details(rig)
    rig.act(Action.CONTACT)


def _task_choices(rig: KioskRig) -> None:
    rig.take_number()
    rig.confirm()


def _my_rating(rig: KioskRig) -> None:
    rig.choose("look_up", "my_rating")
    rig.keys(code().replace("-", ""))
    rig.confirm()


BOOKING = ("book", "book", "社会保险", "S-1", TOMORROW, "s-1")


def _booking(rig: KioskRig) -> None:
    rig.choose(*BOOKING)
    rig.keys(PHONE)
    rig.confirm()


WALKS: dict[Page, Walk] = {
    Page.DEPARTMENTS: lambda rig: rig.choose("take_number"),
    Page.ITEMS: lambda rig: rig.choose("take_number", "社会保险"),
    Page.SEARCH: _search,
    Page.NUMBER: lambda rig: rig.choose("take_number", "社会保险", "S-1"),
    Page.NUMBER_TAKEN: lambda rig: rig.take_number(),
    Page.BOOKING_MENU: lambda rig: rig.choose("book"),
    Page.DAYS: lambda rig: rig.choose(*BOOKING[:4]),
    Page.TIMES: lambda rig: rig.choose(*BOOKING[:5]),
    Page.BOOKING_PHONE: lambda rig: rig.choose(*BOOKING),
    Page.BOOKING: _booking,
    Page.BOOKED: lambda rig: rig.book(phone=PHONE),
    Page.BOOK_BY_PHONE: lambda rig: rig.choose("book", "book", "出入境", "P-1"),
    Page.CANCEL_CODE: lambda rig: rig.choose("book", "cancel"),
    Page.CANCEL: _cancel,
    Page.CHECK_IN_CODE: lambda rig: rig.choose("check_in"),
    Page.RATE_CODE: lambda rig: rig.choose("rate"),
    Page.CHOICES: _task_choices,
    Page.DETAILS: _details,
    Page.QUESTIONS: _questions,
    Page.CONTACT_PHONE: _contact,
    Page.THANKS: _thanks,
    Page.LOOK_UP_MENU: lambda rig: rig.choose("look_up"),
    Page.GUIDE: lambda rig: rig.choose("look_up", "guide", "社会保险", "S-1"),
    Page.LOOK_UP_CODE: lambda rig: rig.choose("look_up", "my_rating"),
    Page.MY_RATING: _my_rating,
    Page.MESSAGE: lambda rig: rig.scan("no code"),
}
NO_WAY_BACK = {Page.BOOKED, Page.CHOICES, Page.DETAILS, Page.QUESTIONS, Page.THANKS}
"""Something was done that is not taken back; a button leads on."""


@pytest.fixture
def full_rig(make_rig: MakeRig, sealer: Sealer) -> KioskRig:
    return make_rig(printer=FakePrinter(), sealer=sealer)


def test_every_page_is_walked_to() -> None:
    assert set(Page) - set(WALKS) == {Page.HOME, Page.CANNOT_RECORD}


@pytest.mark.parametrize("page", list(WALKS))
def test_home_leads_home_from_every_page_to_a_new_citizen(full_rig: KioskRig, page: Page) -> None:
    WALKS[page](full_rig)
    assert full_rig.page() is page
    citizen = full_rig.screen().citizen
    full_rig.home()
    screen = full_rig.screen()
    assert (screen.page, screen.citizen, screen.can_go_back) == (Page.HOME, citizen + 1, False)


@pytest.mark.parametrize("page", list(WALKS))
def test_back_leads_back_from_every_page_that_can_be_taken_back(full_rig: KioskRig, page: Page) -> None:
    WALKS[page](full_rig)
    assert full_rig.screen().can_go_back == (page not in NO_WAY_BACK)
    citizen = full_rig.screen().citizen
    for _ in range(10):
        full_rig.back()
    screen = full_rig.screen()
    assert screen.citizen == citizen + (page is Page.NUMBER_TAKEN)
    assert screen.page is (page if page in NO_WAY_BACK else _beginning(page))


def test_who_goes_back_to_home_with_a_number_is_not_the_next_citizen(rig: KioskRig) -> None:
    rig.take_number()
    rig.back()
    rig.back()
    rig.take_number()
    assert [r.payload["ticket_no"] for r in rig.records("ticket_issued")] == ["A001", "A003"]


def _beginning(page: Page) -> Page:
    if page is Page.CONTACT_PHONE:
        return Page.DETAILS  # what was pressed stays pressed
    return Page.HOME


@pytest.mark.parametrize("page", sorted(set(WALKS) - {Page.CHOICES, Page.THANKS}))
def test_a_minute_without_a_touch_then_ten_seconds_then_home(full_rig: KioskRig, page: Page) -> None:
    WALKS[page](full_rig)
    touched = full_rig.clock.seconds
    citizen = full_rig.screen().citizen
    full_rig.pass_time(IDLE_SECONDS - 0.001)
    assert full_rig.screen().idle is None
    full_rig.pass_time(0.001)
    idle = full_rig.screen().idle
    assert idle is not None
    assert (idle.seconds, idle.ends_at) == (LEAVING_SECONDS, touched + IDLE_SECONDS + LEAVING_SECONDS)
    full_rig.pass_time(LEAVING_SECONDS)
    assert full_rig.page() is page  # a touch that arrived in time may still be on its way
    full_rig.pass_time(0.5)
    screen = full_rig.screen()
    assert (screen.page, screen.citizen, screen.idle) == (Page.HOME, citizen + 1, None)


@pytest.mark.parametrize("touch", ["touched", "key", "scan", "reasons"])
def test_any_touch_keeps_the_page(full_rig: KioskRig, touch: str) -> None:
    _details(full_rig) if touch == "reasons" else full_rig.choose("rate")
    page = full_rig.page()
    for _ in range(3):
        full_rig.pass_time(IDLE_SECONDS + LEAVING_SECONDS - 0.001)
        assert full_rig.screen().idle is not None
        match touch:
            case "touched":
                full_rig.touch()
            case "key":
                full_rig.keys("8")
            case "scan":
                full_rig.scan("nothing")
            case _:
                full_rig.touch()
                full_rig.station.choose_reasons(("511",))
        assert full_rig.screen().idle is None
        assert full_rig.page() is page


def test_a_touch_that_arrived_before_the_end_keeps_the_page_though_it_is_handled_after_it(rig: KioskRig) -> None:
    rig.choose("rate")
    arrived = rig.clock.seconds + IDLE_SECONDS + LEAVING_SECONDS - 0.001
    rig.clock.advance(IDLE_SECONDS + LEAVING_SECONDS + 0.4)
    rig.touch(at=arrived)
    assert rig.page() is Page.RATE_CODE


def test_a_touch_after_the_end_is_the_next_citizens_and_does_nothing_to_the_page(rig: KioskRig) -> None:
    rig.choose("take_number", "社会保险", "S-1")
    rig.clock.advance(IDLE_SECONDS + LEAVING_SECONDS + 0.4)
    rig.confirm()
    assert rig.page() is Page.HOME
    assert rig.records("ticket_issued") == []


def test_a_touch_meant_for_the_page_before_does_nothing(rig: KioskRig) -> None:
    before = rig.clock.seconds
    rig.clock.advance(0.2)
    rig.choose("take_number", "社会保险", "S-1")
    rig.act(Action.CONFIRM, at=before)
    assert rig.page() is Page.NUMBER


def test_the_wall_clock_jumping_neither_shortens_nor_lengthens_the_idle_time(rig: KioskRig) -> None:
    rig.choose("rate")
    rig.clock.set_wall(5 * 3_600_000)
    rig.pass_time(IDLE_SECONDS - 1)
    assert rig.screen().idle is None
    rig.clock.set_wall(-12 * 3_600_000)
    rig.pass_time(1)
    assert rig.screen().idle is not None


def test_a_language_chosen_at_home_is_forgotten_without_a_countdown(rig: KioskRig) -> None:
    citizen = rig.screen().citizen
    rig.act(Action.LANGUAGE, "en")
    rig.pass_time(IDLE_SECONDS)
    assert rig.screen().idle is None
    rig.pass_time(LEAVING_SECONDS + 1)
    assert rig.screen().citizen == citizen + 1
    rig.pass_time(1000)
    assert rig.screen().citizen == citizen + 1


@pytest.mark.parametrize("page", list(WALKS))
def test_the_next_citizen_finds_nothing_of_the_last(full_rig: KioskRig, page: Page) -> None:
    WALKS[page](full_rig)
    full_rig.pass_time(IDLE_SECONDS + LEAVING_SECONDS + 1)
    _search(full_rig)
    assert full_rig.content(Search).typed == ""
    full_rig.home()
    full_rig.choose("rate")
    assert full_rig.content(CodeEntry).typed == ""
    full_rig.home()
    full_rig.choose(*BOOKING[:5], "s-2")
    assert full_rig.content(PhoneEntry).typed == ""
    full_rig.home()
    full_rig.take_number(item="S-2")
    assert "number.shared" not in repr(full_rig.screen())


def test_a_telephone_number_stands_nowhere_once_it_was_confirmed(
    make_rig: MakeRig, sealer: Sealer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    rig = make_rig(printer=FakePrinter(), sealer=sealer)
    rig.book(phone=PHONE)
    assert rig.page() is Page.BOOKED
    _nothing_of(PHONE, rig)
    rig.home()
    _contact(rig)
    rig.keys(PHONE)
    rig.confirm()
    _nothing_of(PHONE, rig)
    rig.give_reasons()
    rig.confirm()
    rig.home()
    assert len([r for r in rig.records() if r.sealed]) == 2
    _nothing_of(PHONE, rig)
    out, err = capfd.readouterr()
    assert PHONE not in out + err + caplog.text
    rig.close()
    for file in _files(rig.directory):
        assert PHONE.encode() not in file.read_bytes(), file


def test_a_number_typed_and_left_by_idle_reaches_no_file(make_rig: MakeRig, sealer: Sealer) -> None:
    rig = make_rig(sealer=sealer)
    rig.choose(*BOOKING)
    rig.keys(PHONE)
    rig.pass_time(IDLE_SECONDS + LEAVING_SECONDS + 1)
    _nothing_of(PHONE, rig)
    for file in _files(rig.directory):
        assert PHONE.encode() not in file.read_bytes(), file


def _files(directory: Path) -> list[Path]:
    files = [file for file in directory.rglob("*") if file.is_file()]
    assert any(file.name.startswith("journal.sqlite3") for file in files)
    return files


def _nothing_of(secret: str, rig: KioskRig) -> None:
    """Neither on the screen nor anywhere in the station's memory."""
    assert secret not in repr(rig.screen())
    assert secret not in _all_text(rig.station, set())


def _all_text(thing: object, seen: set[int]) -> str:
    """Every text that hangs on an object of the app."""
    if id(thing) in seen:
        return ""
    seen.add(id(thing))
    if isinstance(thing, str):
        return thing + "\n"
    if isinstance(thing, bytes):
        return thing.decode("latin-1") + "\n"
    if isinstance(thing, dict):
        return "".join(_all_text(part, seen) for pair in thing.items() for part in pair)
    if isinstance(thing, (list, tuple, set, frozenset)):
        return "".join(_all_text(part, seen) for part in thing)
    if callable(thing) and hasattr(thing, "__self__"):
        return _all_text(thing.__self__, seen)
    if type(thing).__module__.startswith("kiosk_app"):
        return _all_text(vars(thing), seen) if hasattr(thing, "__dict__") else ""
    return ""
