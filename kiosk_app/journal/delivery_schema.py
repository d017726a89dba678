"""The tables of `delivery.sqlite3`."""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

_TABLES = (
    # Records up to the admitted head that are not simply confirmed; next_try_at NULL is "as soon as possible".
    """CREATE TABLE outstanding (
    record_id   TEXT PRIMARY KEY,
    sequence    INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'refused', 'superseded')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    last_error  TEXT,
    next_try_at INTEGER
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX waiting_by_time ON outstanding (next_try_at, sequence) WHERE state = 'waiting'",
    """CREATE TABLE admitted_head (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    sequence    INTEGER NOT NULL,
    hash        TEXT NOT NULL
) STRICT""",
    """CREATE TABLE confirmed_head (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    sequence    INTEGER NOT NULL,
    hash        TEXT NOT NULL
) STRICT""",
    "CREATE TABLE status (key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID",
)

migrations = Migrations("delivery")


@migrations()
def create_delivery(database: Database) -> None:
    """Version 1: what is outstanding, how far the journal was taken in and confirmed, how the platform is."""
    for statement in _TABLES:
        database.execute(statement)
