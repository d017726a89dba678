"""Statistics from the derived tables: the cost grows with days and units, not with records (R15)."""

from datetime import date, time, timedelta

from sqlite_utils import Database

from kiosk_app.domain.levels import Level
from kiosk_app.domain.opening_hours import OpeningHours, Span
from kiosk_app.domain.statistics import Tally, period_of
from kiosk_app.journal.reader import JournalReader

SUBJECTS = ("window", "staff", "department", "item")
PERIODS = ("day", "month", "quarter", "year")
_FIRST, _LAST = "0000-00-00", "9999-99-99"

_COUNTS = ", ".join(f"sum({column}) AS {column}" for column in ("visits_ended", "invitations", *Level))


def tallies(
    reader: JournalReader, by: str, first: date | None, last: date | None, *, year_starts_in_december: bool = False
) -> dict[str, Tally]:
    """Counts by unit or period, sorted; an empty key stands for what was not known."""
    span = (first.isoformat() if first else _FIRST, last.isoformat() if last else _LAST)
    # Every visit counts once for its window, so the windows together are the terminal.
    subject, group = (by, "key") if by in SUBJECTS else ("window", "day")
    rows = Database(reader.connection).query(
        f"SELECT {group} AS name, {_COUNTS} FROM tally "  # noqa: S608 - the columns are this module's own words
        f"WHERE subject = ? AND day BETWEEN ? AND ? GROUP BY {group} ORDER BY {group}",
        (subject, *span),
    )
    found: dict[str, Tally] = {}
    for row in rows:
        name = str(row["name"])
        if by in PERIODS:
            name = period_of(date.fromisoformat(name), by, year_starts_in_december=year_starts_in_december)
        found[name] = _sum(found.get(name), row)
    return found


def evaluator_availability(
    reader: JournalReader, first: date | None, last: date | None, hours: OpeningHours | None = None
) -> float | None:
    """Share of the open hours in which the evaluator answered or was not missed (R15).

    The clock's hours count, from the first in which somebody was invited to the last; the hall's opening hours that
    hold now stand for those of the past. On a day without opening hours the hours with invitations are the open ones.
    """
    noted = _noted_hours(reader, first, last)
    if not noted:
        return None
    begin, end = min(noted), max(noted)
    days = ((end[0] - begin[0]).days + 1) if hours is not None else 0
    open_hours = {hour for hour in noted if hours is None or hours.spans(hour[0]) is None}
    for day in (begin[0] + timedelta(days=n) for n in range(days)):
        spans = (hours.spans(day) if hours else None) or ()
        open_hours |= {(day, hour) for span in spans for hour in _hours_of(span) if begin <= (day, hour) <= end}
    missing = sum(not noted.get(hour, True) for hour in open_hours)
    return round(1 - missing / len(open_hours), 4) if open_hours else None


def _noted_hours(reader: JournalReader, first: date | None, last: date | None) -> dict[tuple[date, int], bool]:
    """The hours with invitations, and whether the evaluator answered or was not missed in them."""
    rows = reader.connection.execute(
        "SELECT day, hour, min(answered OR NOT missed) FROM evaluator_hours WHERE day BETWEEN ? AND ? "
        "GROUP BY day, hour",
        (first.isoformat() if first else _FIRST, last.isoformat() if last else _LAST),
    )
    return {(date.fromisoformat(day), int(hour)): bool(available) for day, hour, available in rows}


def _hours_of(span: Span) -> range:
    """The clock's hours that a span touches."""
    begin, end = span
    return range(begin.hour, end.hour + (end > time(end.hour)))


def _sum(tally: Tally | None, row: dict[str, int]) -> Tally:
    before = tally or Tally(0, 0, {})
    return Tally(
        before.visits_ended + row["visits_ended"],
        before.invitations + row["invitations"],
        {level: before.ratings.get(level, 0) + row[level.value] for level in Level},
    )
