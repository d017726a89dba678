"""When the hall is open, as the platform says (R13: announced extended and holiday service belongs to it)."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest

from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.domain.opening_hours import OpeningHours

WEEK = [
    *({"weekday": weekday, "from": "09:00", "to": "12:00"} for weekday in range(1, 6)),
    *({"weekday": weekday, "from": "13:30", "to": "17:00"} for weekday in range(1, 6)),
]
SATURDAY, THURSDAY, HOLIDAY = "2026-11-28", "2026-11-26", "2026-10-01"
DOCUMENT = [
    *WEEK,
    {"date": SATURDAY, "from": "10:00", "to": "11:30"},
    {"date": THURSDAY, "from": "09:00", "to": "20:00"},
    {"date": HOLIDAY},
]


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=CHINA_TIME)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at("2026-11-23", "08:59:59.999"), False),
        (at("2026-11-23", "09:00"), True),
        (at("2026-11-23", "11:59:59.999"), True),
        (at("2026-11-23", "12:00"), False),
        (at("2026-11-23", "13:29"), False),
        (at("2026-11-23", "13:30"), True),
        (at("2026-11-23", "17:00"), False),
        (at("2026-11-29", "10:00"), False),
        (at(SATURDAY, "10:30"), True),
        (at(SATURDAY, "14:00"), False),
        (at(THURSDAY, "12:30"), True),
        (at(THURSDAY, "19:59"), True),
        (at(HOLIDAY, "10:00"), False),
        (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 22, 20, 0, tzinfo=timezone(timedelta(hours=-5))), True),
    ],
)
def test_a_dates_entries_go_before_the_weeks_in_chinas_time_r13(moment: datetime, is_open: bool) -> None:
    assert OpeningHours.parse(DOCUMENT).is_open(moment) is is_open


@pytest.mark.parametrize("document", [None, []])
def test_with_no_hours_nothing_is_outside_them_r13(document: Any) -> None:
    assert OpeningHours.parse(document).is_open(at("2026-11-23", "03:00")) is None


def test_hours_of_single_days_say_nothing_of_others() -> None:
    hours = OpeningHours.parse([{"date": SATURDAY, "from": "10:00", "to": "11:30"}])
    assert hours.is_open(at(SATURDAY, "03:00")) is False
    assert hours.is_open(at("2026-11-23", "10:00")) is None


def test_a_day_may_last_until_midnight() -> None:
    hours = OpeningHours.parse([{"weekday": 1, "from": "00:00", "to": "24:00"}])
    assert hours.is_open(at("2026-11-23", "00:00"))
    assert hours.is_open(at("2026-11-23", "23:59:59.999999"))
    assert hours.is_open(at("2026-11-24", "00:00")) is False


def test_the_spans_of_a_day_can_be_shown() -> None:
    hours = OpeningHours.parse(DOCUMENT)
    assert hours.spans(date(2026, 11, 23)) == ((time(9), time(12)), (time(13, 30), time(17)))
    assert hours.spans(date(2026, 10, 1)) == ()


@pytest.mark.parametrize(
    "entry",
    [
        None,
        "09:00-17:00",
        {},
        {"from": "09:00", "to": "17:00"},
        {"weekday": 0, "from": "09:00", "to": "17:00"},
        {"weekday": 8, "from": "09:00", "to": "17:00"},
        {"weekday": "1", "from": "09:00", "to": "17:00"},
        {"weekday": True, "from": "09:00", "to": "17:00"},
        {"weekday": 1, "from": "09:00"},
        {"weekday": 1, "from": "nine", "to": "17:00"},
        {"weekday": 1, "from": "17:00", "to": "09:00"},
        {"weekday": 1, "from": "09:00", "to": "09:00"},
        {"weekday": 1, "from": "09:00+08:00", "to": "17:00+08:00"},
        {"weekday": 1, "from": "09:00", "to": "17:00+08:00"},
        {"date": "tomorrow", "from": "09:00", "to": "17:00"},
        {"date": 7, "from": "09:00", "to": "17:00"},
    ],
)
def test_an_entry_that_is_not_right_is_named(entry: Any) -> None:
    with pytest.raises(ValueError, match=r"opening hours\[10\]"):
        OpeningHours.parse([*WEEK, entry])


@pytest.mark.parametrize("document", [{}, "09:00-17:00", 9])
def test_what_is_no_list_is_refused(document: Any) -> None:
    with pytest.raises(ValueError, match="needed is a list"):
        OpeningHours.parse(document)
