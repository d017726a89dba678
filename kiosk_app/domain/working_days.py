"""Working days by the official calendar, with holidays and make-up days (调休), for R10 and R23."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_FRIDAY = 5
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class YearTable:
    """What the official calendar of a year says besides plain weekends."""

    holidays: frozenset[date] = frozenset()
    """Days off, whatever weekday."""
    workdays: frozenset[date] = frozenset()
    """Saturdays and Sundays that are worked."""


@dataclass(frozen=True)
class WorkingDays:
    """The calendars of the years that are known; in any other year plain weekends are off."""

    tables: Mapping[int, YearTable]
    faults: tuple[str, ...] = ()
    """What was pushed as a calendar and could not be used, in words for the technician."""

    def is_known(self, year: int) -> bool:
        """Whether the official calendar of that year is known."""
        return year in self.tables

    def is_working_day(self, day: date) -> bool:
        """Whether the hall works that day.

        A year's own table goes first; those beside it may say something about its edges, as the calendar of a year
        often rules the last days of December before it.
        """
        for year in (day.year, day.year + 1, day.year - 1):
            table = self.tables.get(year, YearTable())
            if day in table.holidays:
                return False
            if day in table.workdays:
                return True
        return day.isoweekday() <= _FRIDAY

    def next_days(self, day: date, n: int) -> list[date]:
        """The next `n` working days after `day`, which itself is not one of them."""
        found: list[date] = []
        while len(found) < n:
            day += _ONE_DAY
            if self.is_working_day(day):
                found.append(day)
        return found

    def after(self, day: date, n: int) -> date:
        """The `n`-th working day after `day`; the day itself for `n` = 0."""
        return self.next_days(day, n)[-1] if n > 0 else day

    def last_day_to_rate(self, visit_day: date, n: int) -> date:
        """The day at whose end, 24:00, rating ends: the visit's day does not count (R10)."""
        return self.after(visit_day, n)
