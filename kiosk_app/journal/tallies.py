"""Statistics from the derived tables: the cost grows with days and units, not with records (R15)."""

from datetime import date

from sqlite_utils import Database

from kiosk_app.domain.levels import Level
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


def evaluator_availability(reader: JournalReader, first: date | None, last: date | None) -> float | None:
    """Share of the hours with invitations in which the evaluator answered or was not missed (R15).

    Until opening hours are pulled, the hours in which citizens were invited stand for the open hours.
    """
    span = (first.isoformat() if first else _FIRST, last.isoformat() if last else _LAST)
    hours, available = reader.connection.execute(
        "SELECT count(*), coalesce(sum(answered OR NOT missed), 0) FROM evaluator_hours WHERE day BETWEEN ? AND ?",
        span,
    ).fetchone()
    return round(available / hours, 4) if hours else None


def _sum(tally: Tally | None, row: dict[str, int]) -> Tally:
    before = tally or Tally(0, 0, {})
    return Tally(
        before.visits_ended + row["visits_ended"],
        before.invitations + row["invitations"],
        {level: before.ratings.get(level, 0) + row[level.value] for level in Level},
    )
