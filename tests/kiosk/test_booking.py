"""Book, cancel, check in: working days, places, codes, and clear words for every refusal (R22, R23)."""

from datetime import date, datetime, time, timedelta

import pytest

from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.domain.records import Json
from kiosk_app.journal.sealing import Sealer
from kiosk_app.kiosk.screen_state import (
    Check,
    CodeEntry,
    Listing,
    Message,
    Name,
    Page,
    PhoneEntry,
    Printing,
    Result,
    Row,
    ShowQr,
    say,
)
from kiosk_app.kiosk.service import Action
from tests.kiosk import small_hall
from tests.kiosk.conftest import MakeRig
from tests.kiosk.kiosk_rig import FakePrinter, KioskRig, words_of

TOMORROW = small_hall.TODAY + timedelta(days=1)
SLOT = {"date": TOMORROW.isoformat(), "from": "09:00", "to": "10:00"}


def booked_code(rig: KioskRig) -> str:
    (booked,) = rig.records("appointment_booked")
    return str(booked.payload["appointment_no"])


def set_time(rig: KioskRig, at: datetime) -> None:
    rig.pass_time((at - rig.clock.wall).total_seconds())


def at(hour: int, minute: int = 0, second: int = 0, day: date = TOMORROW) -> datetime:
    return datetime.combine(day, time(hour, minute, second), CHINA_TIME)


def pulled(code: str = "735510", no: str = "P-77", **changes: object) -> Json:
    return {"appointment_no": no, "code": code, "item_code": "S-1", "slot": SLOT, "name_masked": "张*三", **changes}


# -- book -------------------------------------------------------------------------------------------------------------


def test_the_way_from_home_to_the_booking_code(rig: KioskRig) -> None:
    assert rig.choose("book").page is Page.BOOKING_MENU
    rig.choose("book", "社会保险", "S-1")
    assert rig.page() is Page.DAYS
    rig.choose(TOMORROW.isoformat())
    times = rig.content(Listing)
    assert times.title == say("booking.times", day=TOMORROW)
    assert [entry.title for entry in times.entries] == [
        say("booking.time", start="09:00", end="10:00"),
        say("booking.time", start="14:00", end="15:00"),
    ]
    rig.choose("s-1")
    # Without a seal key no telephone number is asked for (R11).
    assert rig.page() is Page.BOOKING
    assert rig.content(Check).rows == (
        Row(say("booking.when"), say("booking.when.value", day=TOMORROW, start="09:00", end="10:00")),
        Row(say("booking.where"), Name("社会保险")),
    )
    assert rig.records("appointment_booked") == []
    rig.confirm()
    opened, booked = rig.records()[-2:]
    assert (opened.kind, booked.kind) == ("visit_opened", "appointment_booked")
    assert booked.visit_id == opened.visit_id
    assert booked.payload["slot"] == SLOT
    assert (booked.payload["item_code"], booked.payload["lease_id"]) == ("S-1", "s-1")
    assert (booked.payload["name_masked"], booked.payload["contact_commitment"]) == (None, None)
    result, code = rig.content(Result), booked_code(rig)
    assert len(code) == 12
    assert result.big.replace("-", "") == code == result.qr
    assert result.lines == (
        say("booking.come", begin="08:30", end="09:15"),
        say("booking.cancel_until", until=at(7)),
    )


def test_the_slip_bears_the_code_and_the_times(rig: KioskRig) -> None:
    rig.book()
    assert rig.printer is not None
    words = words_of(rig.printer.slips[0])
    assert f"<{booked_code(rig)}>" in words
    for expected in ("医疗保险参保登记", "身份证明", "07:00"):
        assert expected in words
    rig.print_ends()
    (result,) = rig.records("print_result")
    assert result.payload["of"] == rig.records("appointment_booked")[0].record_id


def test_the_next_five_working_days_are_offered_full_and_empty_ones_too(make_rig: MakeRig) -> None:
    slots = [small_hall.slot_lease("s-1", days=1, places=1), small_hall.slot_lease("s-2", days=2, places=0)]
    rig = make_rig(sections=small_hall.hall(slots=slots))
    rig.book()
    rig.home()
    rig.choose("book", "book", "社会保险", "S-1")
    entries = rig.content(Listing).entries
    assert [entry.id for entry in entries] == [f"2026-11-{day}" for day in (24, 25, 26, 27, 30)]
    assert [entry.enabled for entry in entries] == [False] * 5
    details = [entry.detail for entry in entries]
    assert details == [say("booking.full"), say("booking.full"), *[say("booking.not_offered")] * 3]
    rig.choose("2026-11-24")
    assert rig.page() is Page.DAYS


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 2, 13), ["02-14", "02-24", "02-25", "02-26", "02-27"]),  # 14 Feb is worked, 15 to 23 are off
        (date(2026, 9, 18), ["09-20", "09-21", "09-22", "09-23", "09-24"]),  # Sunday 20 Sep is worked
        (date(2026, 9, 30), ["10-08", "10-09", "10-10", "10-12", "10-13"]),  # Saturday 10 Oct is worked
        (date(2026, 4, 30), ["05-06", "05-07", "05-08", "05-09", "05-11"]),  # Saturday 9 May is worked
    ],
)
def test_days_to_book_follow_the_official_calendar(rig: KioskRig, today: date, expected: list[str]) -> None:
    rig.clock.wall = datetime.combine(today, time(10), CHINA_TIME)
    rig.choose("book", "book", "社会保险", "S-1")
    assert [entry.id[5:] for entry in rig.content(Listing).entries] == expected


def test_places_are_never_overbooked_and_a_cancelled_one_is_free_again(make_rig: MakeRig) -> None:
    rig = make_rig(sections=small_hall.hall(slots=[small_hall.slot_lease(places=2)]))
    rig.book()
    rig.home()
    rig.book()
    rig.home()
    rig.book()
    assert rig.page() is Page.DAYS
    assert len(rig.records("appointment_booked")) == 2
    rig.home()
    rig.choose("book", "cancel")
    rig.keys(rig.records("appointment_booked")[0].payload["appointment_no"])
    rig.confirm()
    rig.confirm()
    rig.home()
    rig.book()
    assert rig.page() is Page.BOOKED
    assert len(rig.records("appointment_booked")) == 3


def test_a_place_that_the_platform_took_back_meanwhile_is_gone(rig: KioskRig) -> None:
    rig.choose("book", "book", "社会保险", "S-1", TOMORROW.isoformat(), "s-2")
    rig.tell_hall(small_hall.hall(slots=[small_hall.slot_lease("s-2", start="14:00", places=0)]))
    rig.settle()
    rig.confirm()
    assert rig.content(Message).title == say("booking.gone")
    assert rig.records("appointment_booked") == []
    rig.back()
    rig.back()
    assert rig.page() is Page.TIMES


def test_the_telephone_number_is_sealed_the_moment_it_is_confirmed(make_rig: MakeRig, sealer: Sealer) -> None:
    rig = make_rig(sealer=sealer)
    rig.choose("book", "book", "社会保险", "S-1", TOMORROW.isoformat(), "s-1")
    assert rig.page() is Page.BOOKING_PHONE
    for typed, complete in (("139", False), ("1391234567", False), ("13912345678", True)):
        for _ in range(20):
            rig.act(Action.ERASE)
        rig.keys(typed)
        assert (rig.content(PhoneEntry).typed, rig.content(PhoneEntry).complete) == (typed, complete)
        if not complete:
            rig.confirm()
            assert rig.page() is Page.BOOKING_PHONE
    rig.act(Action.SKIP)
    assert rig.page() is Page.BOOKING_PHONE
    rig.confirm()
    assert Row(say("booking.phone_left"), say("booking.phone_sealed")) in rig.content(Check).rows
    rig.back()
    assert rig.content(PhoneEntry).typed == ""
    rig.keys("09971234567")
    rig.confirm()
    rig.confirm()
    (booked,) = rig.records("appointment_booked")
    assert booked.payload["contact_commitment"] is not None
    assert set(booked.sealed) == {"contact"}


def test_an_item_that_needs_a_name_is_booked_on_a_phone(make_rig: MakeRig) -> None:
    rig = make_rig()
    rig.choose("book", "book", "出入境", "P-1")
    assert rig.page() is Page.BOOK_BY_PHONE
    assert rig.content(ShowQr).qr == f"{small_hall.PUBLIC_URL}/book/P-1"
    without = make_rig("no-address", public_url="")
    without.choose("book", "book", "出入境", "P-1")
    assert without.content(Message).title == say("booking.by_phone.none")


def test_a_day_that_has_come_meanwhile_is_not_booked_any_more(rig: KioskRig) -> None:
    rig.choose("book", "book", "社会保险", "S-1", TOMORROW.isoformat(), "s-1")
    while rig.clock.wall < at(0):
        rig.pass_time(50)
        rig.touch()
    rig.confirm()
    assert rig.content(Message).title == say("booking.gone")


# -- cancel -----------------------------------------------------------------------------------------------------------


def to_cancel(rig: KioskRig, code: str) -> None:
    rig.choose("book", "cancel")
    rig.keys(code)
    rig.confirm()


def test_a_booking_is_cancelled_by_its_code(rig: KioskRig) -> None:
    rig.book()
    rig.home()
    rig.choose("book", "cancel")
    rig.keys(booked_code(rig)[:11])
    assert not rig.content(CodeEntry).complete
    rig.confirm()
    assert rig.page() is Page.CANCEL_CODE
    rig.keys(booked_code(rig)[11:])
    typed = rig.content(CodeEntry).typed
    assert (len(typed), typed.count("-")) == (14, 2)
    rig.confirm()
    assert rig.page() is Page.CANCEL
    rig.confirm()
    assert (rig.content(Message).title, rig.screen().done) == (say("cancel.done"), True)
    (cancelled,) = rig.records("appointment_cancelled")
    (booked,) = rig.records("appointment_booked")
    assert cancelled.payload == {**booked.payload, "contact_commitment": None}
    assert rig.records()[-2].kind == "visit_opened"
    rig.confirm()
    assert rig.page() is Page.CHOICES


def test_until_two_hours_before_and_no_longer(rig: KioskRig) -> None:
    rig.book()
    set_time(rig, at(7))
    to_cancel(rig, booked_code(rig))
    assert rig.page() is Page.CANCEL
    rig.clock.advance(1)
    rig.confirm()
    assert rig.content(Message).title == say("cancel.too_late")
    rig.home()
    to_cancel(rig, booked_code(rig))
    assert rig.content(Message).title == say("cancel.too_late")
    assert rig.records("appointment_cancelled") == []


def test_what_is_cancelled_or_unknown_is_refused_in_clear_words(rig: KioskRig) -> None:
    rig.book()
    rig.home()
    code = booked_code(rig)
    to_cancel(rig, code)
    rig.confirm()
    rig.home()
    to_cancel(rig, code)
    assert rig.content(Message).title == say("booking.cancelled")
    rig.home()
    to_cancel(rig, "010100000000")
    assert rig.content(CodeEntry).fault == say("booking.unknown")
    rig.act(Action.ERASE)
    assert rig.content(CodeEntry).fault is None
    assert len(rig.records("appointment_cancelled")) == 1


def test_a_booking_made_elsewhere_is_cancelled_by_the_code_that_was_pulled(make_rig: MakeRig) -> None:
    rig = make_rig(sections=small_hall.hall(appointments=[pulled()]))
    to_cancel(rig, "735510")
    assert rig.page() is Page.CANCEL
    rig.confirm()
    (cancelled,) = rig.records("appointment_cancelled")
    assert cancelled.payload["appointment_no"] == "P-77"
    assert (cancelled.payload["lease_id"], cancelled.payload["name_masked"]) == (None, "张*三")


# -- check in ---------------------------------------------------------------------------------------------------------


def two_days() -> dict[str, list[Json]]:
    return small_hall.hall(numbers=[small_hall.number_lease("n-1"), small_hall.number_lease("n-2", day=TOMORROW)])


def to_check_in(rig: KioskRig, code: str) -> None:
    rig.choose("check_in")
    rig.keys(code)
    rig.confirm()


@pytest.mark.parametrize("moment", [at(8, 30), at(9), at(9, 15)])
def test_a_check_in_gives_a_y_number_in_one_append(make_rig: MakeRig, moment: datetime) -> None:
    printer = FakePrinter()
    rig = make_rig(sections=two_days(), printer=printer)
    rig.book()
    rig.print_ends()
    set_time(rig, moment)
    to_check_in(rig, booked_code(rig))
    assert rig.page() is Page.NUMBER_TAKEN
    assert rig.content(Result).big == "YA001"
    opened, arrived, ticket = rig.records()[-3:]
    assert [opened.kind, arrived.kind, ticket.kind] == ["visit_opened", "appointment_checked_in", "ticket_issued"]
    assert opened.visit_id == arrived.visit_id == ticket.visit_id
    assert arrived.payload["appointment_no"] == booked_code(rig)
    assert ticket.payload["lease_id"] == "n-2"
    assert "YA001" in words_of(printer.slips[-1])


@pytest.mark.parametrize(("moment", "title"), [(at(8, 29, 59), "check_in.early"), (at(9, 15, 1), "check_in.late")])
def test_too_early_and_too_late_are_told_with_the_times(make_rig: MakeRig, moment: datetime, title: str) -> None:
    rig = make_rig(sections=two_days())
    rig.book()
    set_time(rig, moment)
    to_check_in(rig, booked_code(rig))
    message = rig.content(Message)
    assert message.title == say(title)
    assert message.lines[0] == say("check_in.window", day=TOMORROW, begin="08:30", end="09:15")
    assert rig.records("appointment_checked_in", "ticket_issued") == []


def test_one_booking_is_checked_in_once_and_not_cancelled_afterwards(make_rig: MakeRig) -> None:
    rig = make_rig(sections=two_days())
    rig.book()
    set_time(rig, at(8, 45))
    to_check_in(rig, booked_code(rig))
    rig.home()
    to_check_in(rig, booked_code(rig))
    assert rig.content(Message).title == say("booking.checked_in")
    rig.home()
    to_cancel(rig, booked_code(rig))
    assert rig.content(Message).title == say("booking.checked_in")
    assert len(rig.records("ticket_issued")) == 1


def test_booked_and_walking_in_draw_from_one_lease(make_rig: MakeRig) -> None:
    rig = make_rig(sections=two_days())
    rig.book()
    set_time(rig, at(8, 45))
    rig.take_number()
    rig.home()
    to_check_in(rig, booked_code(rig))
    rig.home()
    rig.take_number()
    assert [t.payload["ticket_no"] for t in rig.records("ticket_issued")] == ["A001", "YA003", "A005"]


def test_a_scan_at_home_checks_in_a_pulled_booking(make_rig: MakeRig) -> None:
    sections = {**two_days(), "appointments": [pulled("BK-20-77")]}
    rig = make_rig(sections=sections)
    set_time(rig, at(9))
    rig.scan("bk-20-77\r\n")
    assert rig.content(Result).big == "YA001"
    assert rig.records("appointment_checked_in")[0].payload["appointment_no"] == "P-77"


def test_without_numbers_nobody_is_checked_in(make_rig: MakeRig) -> None:
    rig = make_rig()
    rig.book()
    set_time(rig, at(9))
    to_check_in(rig, booked_code(rig))
    assert rig.content(Message).title == say("number.used_up")
    assert rig.records("appointment_checked_in") == []


def test_an_item_that_is_gone_from_the_hall_sends_to_the_reception(make_rig: MakeRig) -> None:
    sections = {**two_days(), "appointments": [pulled(item_code="gone")]}
    rig = make_rig(sections=sections)
    set_time(rig, at(9))
    to_check_in(rig, "735510")
    assert rig.content(Message).title == say("check_in.item_unknown")
    rig.home()
    to_check_in(rig, "010100000000")
    assert rig.content(CodeEntry).fault == say("booking.unknown")


def test_booking_and_check_in_go_on_without_paper(make_rig: MakeRig) -> None:
    rig = make_rig(sections=two_days())
    rig.book()
    assert rig.content(Result).printing is Printing.NONE
    assert rig.content(Result).printing_line == say("printing.none")
