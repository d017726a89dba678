"""The official calendar of 2026, walked day by day, and what happens in years that nobody knows (R10)."""

from datetime import date, timedelta
from typing import Any

import pytest

from kiosk_app.domain.problems import Severity
from kiosk_app.official_calendar import calendar_problems, official_working_days, unknown_years

# As published for 2026: what is off, and which weekend days are worked for it.
HOLIDAYS = {
    "元旦": ("01-01", "01-03"),
    "春节": ("02-15", "02-23"),
    "清明": ("04-04", "04-06"),
    "劳动节": ("05-01", "05-05"),
    "端午": ("06-19", "06-21"),
    "中秋": ("09-25", "09-27"),
    "国庆": ("10-01", "10-07"),
}
MAKE_UP_DAYS = {"01-04", "02-14", "02-28", "05-09", "09-20", "10-10"}

UNKNOWN = 2031
"""A year for which no calendar is published for a long time yet."""


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


def is_worked(day: date) -> bool:
    text = f"{day:%m-%d}"
    if text in MAKE_UP_DAYS:
        return True
    return day.isoweekday() < 6 and not any(first <= text <= last for first, last in HOLIDAYS.values())


def test_every_day_of_2026_is_as_published_r10() -> None:
    calendar = official_working_days(None)
    assert calendar.is_known(2026)
    wrong = [day for day in days_of(2026) if calendar.is_working_day(day) != is_worked(day)]
    assert not wrong
    assert sum(map(calendar.is_working_day, days_of(2026))) == 248


@pytest.mark.parametrize(
    ("visit", "last"),
    [
        ("2026-11-22", "2026-11-27"),  # a Sunday
        ("2026-11-23", "2026-11-30"),  # a Monday
        ("2026-09-24", "2026-10-09"),  # over two holidays: 28, 29, 30 September, 8, 9 October
        ("2026-09-30", "2026-10-13"),  # 8, 9, 10 (a Saturday), 12, 13 October
        ("2026-02-13", "2026-02-27"),  # 14 (a Saturday), 24, 25, 26, 27 February
        ("2026-02-27", "2026-03-05"),  # 28 (a Saturday), 2, 3, 4, 5 March
        ("2025-12-31", "2026-01-08"),  # 4 (a Sunday), 5, 6, 7, 8 January
    ],
)
def test_five_working_days_over_the_calendars_edges_r10(visit: str, last: str) -> None:
    found = official_working_days(None).last_day_to_rate(date.fromisoformat(visit), 5)
    expected = date.fromisoformat(last)
    counted = [d for d in days_of(2026) if date.fromisoformat(visit) < d <= expected and is_worked(d)]
    assert len(counted) == 5
    assert found == expected


def test_a_year_that_nobody_knows_has_plain_weekends_and_is_told_r10() -> None:
    calendar = official_working_days(None)
    assert not calendar.is_known(UNKNOWN)
    assert all(calendar.is_working_day(day) == (day.isoweekday() < 6) for day in days_of(UNKNOWN))
    assert unknown_years(calendar, date(UNKNOWN, 6, 1)) == [UNKNOWN]
    (problem,) = calendar_problems(calendar, date(UNKNOWN, 6, 1))
    assert (problem.code, problem.severity) == ("calendar_unknown", Severity.PROBLEM)
    assert str(UNKNOWN) in problem.text
    assert str(UNKNOWN) in problem.action


def test_the_platforms_table_makes_a_year_known_r10() -> None:
    pushed = {str(UNKNOWN): {"holidays": [f"{UNKNOWN}-01-01"], "workdays": [f"{UNKNOWN}-01-04"]}}
    calendar = official_working_days(pushed)
    assert calendar.is_known(UNKNOWN)
    assert not calendar.is_working_day(date(UNKNOWN, 1, 1))
    assert calendar.is_working_day(date(UNKNOWN, 1, 4))
    assert unknown_years(calendar, date(UNKNOWN, 6, 1)) == []
    assert calendar_problems(calendar, date(UNKNOWN, 6, 1)) == ()


def test_the_platforms_table_of_a_known_year_replaces_the_librarys_r10() -> None:
    calendar = official_working_days({"2026": {"holidays": ["2026-03-02"], "workdays": []}})
    assert not calendar.is_working_day(date(2026, 3, 2))
    assert calendar.is_working_day(date(2026, 10, 1))
    assert calendar.is_known(2025)


def test_the_next_year_is_asked_for_before_it_begins_r10() -> None:
    calendar = official_working_days({str(UNKNOWN): {"holidays": [f"{UNKNOWN}-01-01"], "workdays": []}})
    assert unknown_years(calendar, date(UNKNOWN, 11, 1)) == []
    assert unknown_years(calendar, date(UNKNOWN, 12, 31)) == [UNKNOWN + 1]
    (problem,) = calendar_problems(calendar, date(UNKNOWN, 12, 31))
    assert problem.severity is Severity.WARNING


@pytest.mark.parametrize(
    "table",
    [
        None,
        [],
        "2031-01-01",
        {},
        {"holidays": [f"{UNKNOWN}-01-01"]},
        {"holidays": f"{UNKNOWN}-01-01", "workdays": []},
        {"holidays": ["New Year"], "workdays": []},
        {"holidays": [1], "workdays": []},
        {"holidays": ["1931-01-01"], "workdays": []},
        {"holidays": [], "workdays": []},
    ],
)
def test_a_pushed_table_that_is_not_right_changes_nothing_and_is_told(table: Any) -> None:
    good = {"holidays": ["2026-03-02"], "workdays": []}
    calendar = official_working_days({str(UNKNOWN): table, "2026": good, "next year": good})
    assert not calendar.is_known(UNKNOWN)
    assert not calendar.is_working_day(date(2026, 3, 2))
    assert len(calendar.faults) == 2
    problems = calendar_problems(calendar, date(2026, 6, 1))
    assert [(problem.code, problem.severity) for problem in problems] == [("calendar_unusable", Severity.WARNING)] * 2
    assert str(UNKNOWN) in problems[0].text


@pytest.mark.parametrize("pushed", [[], "2027", 7])
def test_a_document_that_is_no_object_changes_nothing_and_is_told(pushed: Any) -> None:
    calendar = official_working_days(pushed)
    assert calendar.is_known(2026)
    assert [problem.code for problem in calendar_problems(calendar, date(2026, 6, 1))] == ["calendar_unusable"]
