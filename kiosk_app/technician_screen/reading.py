"""Reading the terminal's files for a page: opened for reading only, and closed at once."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.journal.database import DELIVERY_FILE, HALL_FILE, JOURNAL_FILE, connect
from kiosk_app.journal.delivery import DeliveryStore, PendingRecord, State
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.reader import JournalReader


@contextmanager
def journal_of(directory: Path) -> Iterator[JournalReader | None]:
    """The journal; None where none was started yet. Raises `sqlite3.Error`."""
    if not (directory / JOURNAL_FILE).exists():
        yield None
        return
    with closing(JournalReader.open(directory)) as journal:
        yield journal if journal.is_started else None


@contextmanager
def hall_of(directory: Path) -> Iterator[HallStore | None]:
    """The hall's data; None where nothing was imported or pulled yet. Raises `sqlite3.Error`."""
    if not (directory / HALL_FILE).exists():
        yield None
        return
    with closing(connect(directory / HALL_FILE, read_only=True)) as connection:
        # A store that was made only to hold PINs has no table of entries yet.
        has_entries = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'entries'").fetchone()
        yield HallStore(connection, directory) if has_entries else None


_REFUSED = (
    "SELECT record_id, sequence, state, attempts, last_error, next_try_at FROM outstanding "
    "WHERE state = 'refused' ORDER BY sequence LIMIT ?"
)


def refused_records(directory: Path, most: int) -> list[PendingRecord]:
    """The first that the platform refused; without a walk through all that waits. Raises `sqlite3.Error`."""
    if not (directory / DELIVERY_FILE).exists():
        return []
    with closing(connect(directory / DELIVERY_FILE, read_only=True)) as connection:
        rows = connection.execute(_REFUSED, (most,)).fetchall()
    return [PendingRecord(row[0], row[1], State(row[2]), *row[3:]) for row in rows]


@contextmanager
def delivery_of(directory: Path) -> Iterator[DeliveryStore | None]:
    """Delivery's bookkeeping; None where the agent has never run. Raises `sqlite3.Error`."""
    if not (directory / DELIVERY_FILE).exists():
        yield None
        return
    with closing(connect(directory / DELIVERY_FILE, read_only=True)) as connection:
        yield DeliveryStore(connection)


def when(stamp: str | None) -> str:
    """A record's time as people read it: `2026-11-25 22:10:03`; as it is, if it is no time."""
    try:
        return datetime.fromisoformat(stamp or "").astimezone(CHINA_TIME).strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return stamp or ""


def when_ms(milliseconds: int | None) -> str:
    """A time of delivery's bookkeeping as people read it; empty for none."""
    if milliseconds is None:
        return ""
    return datetime.fromtimestamp(milliseconds / 1000, CHINA_TIME).strftime("%Y-%m-%d %H:%M:%S")
