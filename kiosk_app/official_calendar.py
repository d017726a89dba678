"""The official calendar as far as it is known here: the platform's table, else the library's, else weekends (R10)."""

from datetime import date, timedelta
from functools import cache
from typing import Any

import chinese_calendar
import structlog

from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.domain.working_days import WorkingDays, YearTable

AHEAD = timedelta(days=30)
"""How far bookings and days to rate usually reach, holidays included: so far the calendar should be known."""

_FIRST_YEAR = 2024
"""No rating code is older (interfaces §7)."""
_FRIDAY = 5

_log = structlog.get_logger()


def official_working_days(pushed: Any | None) -> WorkingDays:
    """The calendars at hand; `pushed` is the platform's document, `{"2027": {"holidays": [], "workdays": []}}`.

    The platform's table of a year replaces the library's. A table that is not right is left out, logged, and told by
    `calendar_problems`.
    """
    tables, faults = dict(_library_tables()), []
    entries = pushed if isinstance(pushed, dict) else {}
    if pushed is not None and not isinstance(pushed, dict):
        faults.append("workdays: not an object of years")
    for year, table in entries.items():
        try:
            tables[int(year)] = _pushed_table(int(year), table)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            faults.append(f"workdays of {year!r}: {error!r}")
    for fault in faults:
        _log.warning("the platform's calendar cannot be used", cause=fault)
    return WorkingDays(tables, tuple(faults))


def unknown_years(calendar: WorkingDays, today: date) -> list[int]:
    """Years that matter now and whose official calendar is not known."""
    return [year for year in sorted({today.year, (today + AHEAD).year}) if not calendar.is_known(year)]


def calendar_problems(calendar: WorkingDays, today: date) -> tuple[Problem, ...]:
    """What the terminal's health says of the calendar (R10)."""
    unknown = [
        Problem(
            "calendar_unknown",
            f"the official calendar of {year} is not known; plain weekends count instead",
            f"let the platform push the workdays of {year}, or install a newer chinesecalendar",
            Severity.PROBLEM if year == today.year else Severity.WARNING,
        )
        for year in unknown_years(calendar, today)
    ]
    unusable = [
        Problem(
            "calendar_unusable",
            f"the platform's calendar cannot be used: {fault}",
            'ask the platform for {"YEAR": {"holidays": ["YYYY-MM-DD"], "workdays": []}}',
            Severity.WARNING,
        )
        for fault in calendar.faults
    ]
    return (*unknown, *unusable)


@cache
def _library_tables() -> dict[int, YearTable]:
    """The library's years, from the first that can matter to the last that it knows."""
    tables: dict[int, YearTable] = {}
    year = _FIRST_YEAR
    while (table := _library_table(year)) is not None:
        tables[year] = table
        year += 1
    return tables


def _library_table(year: int) -> YearTable | None:
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
    try:
        worked = {day: bool(chinese_calendar.is_workday(day)) for day in days}
    except NotImplementedError:  # its word for a year that it does not know
        return None
    return YearTable(
        frozenset(day for day in days if not worked[day] and day.isoweekday() <= _FRIDAY),
        frozenset(day for day in days if worked[day] and day.isoweekday() > _FRIDAY),
    )


def _pushed_table(year: int, table: Any) -> YearTable:
    found = YearTable(_days(year, table["holidays"]), _days(year, table["workdays"]))
    if not found.holidays and not found.workdays:
        raise ValueError("it is empty, and no year is without holidays")
    return found


def _days(year: int, days: Any) -> frozenset[date]:
    if not isinstance(days, list):
        raise TypeError(f"{days!r} is not a list")
    found = frozenset(date.fromisoformat(day) for day in days)
    # The calendar of a year also rules the last days before it, and could the first ones after it.
    if astray := [day.isoformat() for day in found if abs(day.year - year) > 1]:
        raise ValueError(f"{min(astray)} is not of that year")
    return found
