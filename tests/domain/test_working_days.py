"""Counting working days over holidays and make-up days (R10, R23)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.domain.working_days import WorkingDays, YearTable

# Invented: a week off that is paid for by the Saturday before and the Sunday after.
TABLE = YearTable(
    holidays=frozenset(date(2030, 5, day) for day in range(6, 11)),
    workdays=frozenset({date(2030, 5, 4), date(2030, 5, 12)}),
)
CALENDAR = WorkingDays({2030: TABLE})

dates = st.dates(date(2029, 1, 1), date(2031, 12, 31))


def test_a_holiday_is_off_and_a_make_up_day_is_worked() -> None:
    off = [date(2030, 5, day) for day in range(1, 15) if not CALENDAR.is_working_day(date(2030, 5, day))]
    assert off == [date(2030, 5, day) for day in (5, 6, 7, 8, 9, 10, 11)]


def test_the_visits_day_does_not_count_r10() -> None:
    friday = date(2030, 5, 3)
    assert CALENDAR.next_days(friday, 5) == [date(2030, 5, day) for day in (4, 12, 13, 14, 15)]
    assert CALENDAR.last_day_to_rate(friday, 5) == date(2030, 5, 15)
    assert CALENDAR.after(friday, 1) == date(2030, 5, 4)
    assert CALENDAR.after(friday, 0) == friday


def test_a_visit_on_a_day_off_counts_from_the_next_working_day_r10() -> None:
    assert CALENDAR.last_day_to_rate(date(2030, 5, 8), 1) == date(2030, 5, 12)


@given(dates, st.integers(1, 60))
def test_counting_equals_walking_day_by_day(day: date, n: int) -> None:
    found = CALENDAR.next_days(day, n)
    walked = [day + timedelta(days=step) for step in range(1, (found[-1] - day).days + 1)]
    assert found == [d for d in walked if CALENDAR.is_working_day(d)]
    assert len(found) == n
    assert CALENDAR.after(day, n) == found[-1] == CALENDAR.last_day_to_rate(day, n)


@given(dates)
def test_where_nothing_is_known_weekends_are_off(day: date) -> None:
    assert WorkingDays({}).is_working_day(day) == (day.isoweekday() < 6)


@pytest.mark.parametrize("year", [2029, 2031])
def test_a_year_is_known_by_its_own_table(year: int) -> None:
    assert CALENDAR.is_known(2030)
    assert not CALENDAR.is_known(year)


def test_the_calendar_of_a_year_may_rule_the_edges_of_its_neighbours_but_not_against_their_own() -> None:
    """The calendar of 2019 said that Monday 31 December 2018 is off and Saturday 29 December is worked."""
    next_year = YearTable(frozenset({date(2018, 12, 31), date(2019, 1, 1)}), frozenset({date(2018, 12, 29)}))
    calendar = WorkingDays({2018: YearTable(frozenset({date(2018, 1, 1)})), 2019: next_year})
    assert not calendar.is_working_day(date(2018, 12, 31))
    assert calendar.is_working_day(date(2018, 12, 29))
    own = YearTable(workdays=frozenset({date(2018, 12, 31)}))
    assert WorkingDays({2018: own, 2019: next_year}).is_working_day(date(2018, 12, 31))
