"""A terminal's storage directory: opening its journal, and getting at its files past every guard."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.domain.moments import Clock
from kiosk_app.journal.database import JOURNAL_FILE, Connection
from kiosk_app.journal.journal import Journal
from tests.manual_clock import ManualClock

DEVICE = "lw-a-w12"


def open_journal(directory: Path, clock: Clock | None = None, device_id: str = DEVICE) -> Journal:
    clock = clock or ManualClock()
    return Journal.open_or_start(directory, device_id=device_id, clock=clock, software="hall-kiosk 0.1.0")


@contextmanager
def raw(directory: Path, file: str = JOURNAL_FILE) -> Iterator[Connection]:
    """The database as any program with write access sees it."""
    with closing(sqlite3.connect(str(directory / file), isolation_level=None)) as connection:
        yield connection


@contextmanager
def unguarded(directory: Path) -> Iterator[Connection]:
    """As a forger works: triggers taken away for a moment, and put back so that nobody sees it."""
    with raw(directory) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in triggers:
            connection.execute(sql)


def settle(directory: Path) -> None:
    """Bring everything from the write-ahead log into the database file itself."""
    with raw(directory) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
