"""Bookings: their time limits, numbers and masked names (R23, R24)."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.domain.appointments import (
    Appointment,
    CheckIn,
    Slot,
    SlotLease,
    check_in_window,
    is_appointment_no,
    masked_name,
    may_cancel,
    new_appointment_no,
)
from kiosk_app.domain.moments import CHINA_TIME

SLOT_ENTRY = {"date": "2026-11-24", "from": "09:00", "to": "10:00"}
SLOT = Slot(date(2026, 11, 24), time(9), time(10))
LEASE_ENTRY: dict[str, Any] = {"lease_id": "s-1", "item_code": "T-1", **SLOT_ENTRY, "places": 3}
APPOINTMENT_ENTRY: dict[str, Any] = {
    "appointment_no": "P-1", "code": "778899", "item_code": "T-1", "slot": SLOT_ENTRY, "name_masked": "测*一",
}  # fmt: skip


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-24T{clock}").replace(tzinfo=CHINA_TIME)


@pytest.mark.parametrize(
    ("now", "may"),
    [
        (at("07:00") - timedelta(days=5), True),
        (at("06:59:59.999"), True),
        (at("07:00"), True),
        (at("07:00:00.001"), False),
        (at("09:00"), False),
        (datetime(2026, 11, 23, 23, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 23, 1, tzinfo=UTC), False),
    ],
)
def test_a_booking_can_be_cancelled_until_two_hours_before_r23(now: datetime, may: bool) -> None:
    assert may_cancel(SLOT, now) is may


@pytest.mark.parametrize(
    ("now", "answer"),
    [
        (at("09:00") - timedelta(days=1), CheckIn.EARLY),
        (at("08:29:59.999"), CheckIn.EARLY),
        (at("08:30"), CheckIn.OPEN),
        (at("09:00"), CheckIn.OPEN),
        (at("09:15"), CheckIn.OPEN),
        (at("09:15:00.001"), CheckIn.LATE),
        (at("09:00") + timedelta(days=1), CheckIn.LATE),
        (datetime(2026, 11, 24, 1, 0, tzinfo=UTC), CheckIn.OPEN),
    ],
)
def test_a_booking_is_checked_in_from_half_an_hour_before_to_a_quarter_after(now: datetime, answer: CheckIn) -> None:
    assert check_in_window(SLOT, now) is answer


@given(st.integers(1, 4095), st.integers())
def test_a_booking_made_here_has_twelve_digits_that_name_the_device(short_id: int, seed: int) -> None:
    number = new_appointment_no(short_id, Random(seed))
    assert len(number) == 12
    assert int(number[:4]) == short_id
    assert is_appointment_no(number)


@given(st.integers(1, 4095), st.integers(), st.integers(0, 11), st.sampled_from("0123456789"))
def test_one_wrong_digit_of_a_booking_number_shows(short_id: int, seed: int, place: int, digit: str) -> None:
    number = new_appointment_no(short_id, Random(seed))
    changed = f"{number[:place]}{digit}{number[place + 1 :]}"
    assert is_appointment_no(changed) == (changed == number)


@pytest.mark.parametrize("text", ["", "1", "00120000000", "0012000000000", "00120000000x", "００１２００００００００"])
def test_what_has_not_twelve_digits_is_no_booking_number(text: str) -> None:
    assert not is_appointment_no(text)


def test_numbers_made_one_after_another_differ() -> None:
    random = Random(7)
    assert len({new_appointment_no(12, random) for _ in range(200)}) == 200


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("测小一", "测*一"),
        ("测试", "测*"),
        ("测试员一", "测**一"),
        ("测", "*"),
        ("", ""),
        ("   ", ""),
        (" 测 试 ", "测*"),
        ("测试拉·测试提", "测*****提"),
        ("Test Person", "T*** P***"),
        ("test", "t***"),
        ("J Test", "* T***"),
        ("ئابدۇ", "ئ***"),
        ("测*一", "测*一"),
        ("测*", "测*"),
        ("T*** P***", "T*** P***"),
    ],
)
def test_a_name_on_a_public_machine_is_masked_r24(name: str, masked: str) -> None:
    assert masked_name(name) == masked


@given(st.text(st.characters(categories=("Lu", "Ll", "Lo"))))
def test_of_a_masked_name_at_most_two_letters_can_be_read_r24(name: str) -> None:
    shown = [character for character in masked_name(name) if character != "*"]
    assert len(shown) <= 2
    assert "*" in masked_name(name) or not name


def test_slots_leases_and_appointments_are_read_as_the_platform_words_them() -> None:
    assert Slot.parse(SLOT_ENTRY) == SLOT
    assert SLOT.to_json() == SLOT_ENTRY
    assert SLOT.starts_at == at("09:00")
    assert SlotLease.parse(LEASE_ENTRY) == SlotLease("s-1", "T-1", SLOT, 3)
    assert Appointment.parse(APPOINTMENT_ENTRY) == Appointment("P-1", "778899", "T-1", SLOT, "测*一")


def test_an_appointment_without_a_code_or_name_has_its_number_for_a_code() -> None:
    bare = {name: value for name, value in APPOINTMENT_ENTRY.items() if name not in ("code", "name_masked")}
    assert Appointment.parse(bare) == Appointment("P-1", "P-1", "T-1", SLOT, "")


def test_a_name_that_came_unmasked_is_masked_r24() -> None:
    assert Appointment.parse({**APPOINTMENT_ENTRY, "name_masked": "测小一"}).name_masked == "测*一"


@pytest.mark.parametrize(
    "changes",
    [
        {"date": None},
        {"date": "24 November"},
        {"from": "9"},
        {"from": None},
        {"from": "10:00"},
        {"from": "09:00+08:00"},
        {"to": "09:00"},
    ],
)
def test_a_slot_that_is_not_right_is_refused(changes: dict[str, Any]) -> None:
    for parse in (
        lambda: Slot.parse({**SLOT_ENTRY, **changes}),
        lambda: SlotLease.parse({**LEASE_ENTRY, **changes}),
        lambda: Appointment.parse({**APPOINTMENT_ENTRY, "slot": {**SLOT_ENTRY, **changes}}),
    ):
        with pytest.raises(ValueError, match="slot"):
            parse()


@pytest.mark.parametrize("changes", [{"lease_id": None}, {"item_code": ""}, {"places": -1}, {"places": "3"}])
def test_a_slot_lease_that_is_not_right_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="slot lease"):
        SlotLease.parse({**LEASE_ENTRY, **changes})


@pytest.mark.parametrize("changes", [{"appointment_no": None}, {"code": 7}, {"item_code": ""}, {"name_masked": 7}])
def test_an_appointment_that_is_not_right_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="appointment"):
        Appointment.parse({**APPOINTMENT_ENTRY, **changes})


@pytest.mark.parametrize("entry", [None, [], "P-1", {}])
def test_what_is_none_of_them_at_all_is_refused(entry: Any) -> None:
    for parse in (Slot.parse, SlotLease.parse, Appointment.parse):
        with pytest.raises(ValueError, match="needed are"):
            parse(entry)
