"""The journal's tables and their guards (R3, R12).

A record is one row: its canonical JSON body and what was computed over it. The columns that queries need are generated
from the body, so that they can never tell something else. The guards stand in the database, not only in the program:
they hold for every program that opens the file.
"""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pysqlite3 as sqlite3
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from kiosk_app.journal import kiosk_projections
from kiosk_app.journal.chain import record_of

RECORDS = """CREATE TABLE records (
    sequence    INTEGER PRIMARY KEY,
    body        TEXT NOT NULL,
    hash        TEXT NOT NULL,
    signature   TEXT NOT NULL,
    record_id   TEXT NOT NULL GENERATED ALWAYS AS (json_extract(body, '$.record_id')) VIRTUAL,
    kind        TEXT NOT NULL GENERATED ALWAYS AS (json_extract(body, '$.kind')) VIRTUAL,
    visit_id    TEXT GENERATED ALWAYS AS (json_extract(body, '$.visit_id')) VIRTUAL,
    rating_id   TEXT GENERATED ALWAYS AS (json_extract(body, '$.payload.rating_id')) VIRTUAL
) STRICT"""

GUARDS = {
    "record_once": "CREATE UNIQUE INDEX record_once ON records (record_id)",
    "outcome_once": (
        "CREATE UNIQUE INDEX outcome_once ON records (visit_id) "
        "WHERE kind IN ('rating', 'rating_missed') AND visit_id IS NOT NULL"
    ),
    "opened_once": "CREATE UNIQUE INDEX opened_once ON records (visit_id) WHERE kind = 'visit_opened'",
    "detail_once": "CREATE UNIQUE INDEX detail_once ON records (rating_id) WHERE kind = 'rating_detail'",
    "never_changed": (
        "CREATE TRIGGER never_changed BEFORE UPDATE ON records "
        "BEGIN SELECT RAISE(ABORT, 'a record is never changed (R12)'); END"
    ),
    "never_deleted": (
        "CREATE TRIGGER never_deleted BEFORE DELETE ON records "
        "BEGIN SELECT RAISE(ABORT, 'a record is never deleted (R12)'); END"
    ),
    # INSERT OR REPLACE deletes the row it collides with without asking the triggers above,
    # so every collision is refused before it can happen. No EXISTS without a condition of its own stands here:
    # SQLite 3.51 and later makes a join of it, which walks through all records wherever the rest is false.
    "only_appended": """CREATE TRIGGER only_appended BEFORE INSERT ON records BEGIN
    SELECT RAISE(ABORT, 'a record takes the next sequence')
        WHERE NEW.sequence IS NOT coalesce((SELECT max(sequence) + 1 FROM records), NEW.sequence);
    SELECT RAISE(ABORT, 'a record names the one before it')
        WHERE json_extract(NEW.body, '$.previous_hash') IS NOT coalesce(
            (SELECT hash FROM records ORDER BY sequence DESC LIMIT 1), json_extract(NEW.body, '$.previous_hash'));
    SELECT RAISE(ABORT, 'a record is stored once')
        WHERE EXISTS (SELECT 1 FROM records WHERE record_id = json_extract(NEW.body, '$.record_id'));
    SELECT RAISE(ABORT, 'a visit is opened once')
        WHERE json_extract(NEW.body, '$.kind') = 'visit_opened' AND EXISTS (SELECT 1 FROM records
            WHERE visit_id = json_extract(NEW.body, '$.visit_id') AND kind = 'visit_opened');
    SELECT RAISE(ABORT, 'a visit has one outcome (R3)')
        WHERE json_extract(NEW.body, '$.kind') IN ('rating', 'rating_missed') AND EXISTS (SELECT 1 FROM records
            WHERE visit_id = json_extract(NEW.body, '$.visit_id') AND kind IN ('rating', 'rating_missed')
            AND visit_id IS NOT NULL);
    SELECT RAISE(ABORT, 'a rating has one detail (R7)')
        WHERE json_extract(NEW.body, '$.kind') = 'rating_detail' AND EXISTS (SELECT 1 FROM records
            WHERE rating_id = json_extract(NEW.body, '$.payload.rating_id') AND kind = 'rating_detail');
END""",
}

INDEXES = (
    "CREATE INDEX by_visit ON records (visit_id) WHERE visit_id IS NOT NULL",
    "CREATE INDEX by_kind ON records (kind, sequence)",
)

SEALED = """
CREATE TABLE sealed (
    record_id   TEXT NOT NULL,
    name        TEXT NOT NULL,
    ciphertext  BLOB NOT NULL,
    PRIMARY KEY (record_id, name)
) STRICT, WITHOUT ROWID
"""

# What can be counted again from the records at any time; `verify` does.
PROJECTIONS = (
    """CREATE TABLE tally (
    day                 TEXT NOT NULL,
    subject             TEXT NOT NULL,
    key                 TEXT NOT NULL,
    visits_ended        INTEGER NOT NULL DEFAULT 0,
    invitations         INTEGER NOT NULL DEFAULT 0,
    very_satisfied      INTEGER NOT NULL DEFAULT 0,
    satisfied           INTEGER NOT NULL DEFAULT 0,
    basically_satisfied INTEGER NOT NULL DEFAULT 0,
    dissatisfied        INTEGER NOT NULL DEFAULT 0,
    very_dissatisfied   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, subject, key)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE evaluator_hours (
    day         TEXT NOT NULL,
    hour        INTEGER NOT NULL,
    window      TEXT NOT NULL,
    missed      INTEGER NOT NULL DEFAULT 0,
    answered    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, hour, window)
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE bindings (
    window      TEXT PRIMARY KEY,
    staff_no    TEXT NOT NULL UNIQUE,
    since       TEXT NOT NULL
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE last_actions (
    action      TEXT PRIMARY KEY,
    target      TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    at          TEXT NOT NULL
) STRICT, WITHOUT ROWID""",
    """CREATE TABLE awaiting_detail (
    rating_id   TEXT PRIMARY KEY,
    visit_id    TEXT
) STRICT, WITHOUT ROWID""",
)

# Numbers, bookings and codes: their primary keys refuse a second use (R3, R22, R23), so they are guards too.
KIOSK_TABLES = {
    "code_use": """CREATE TABLE code_use (
    short_id        INTEGER NOT NULL,
    day             TEXT NOT NULL,
    counter         INTEGER NOT NULL,
    PRIMARY KEY (short_id, day)
) STRICT, WITHOUT ROWID""",
    "issued_numbers": """CREATE TABLE issued_numbers (
    day             TEXT NOT NULL,
    ticket_no       TEXT NOT NULL,
    item_group      TEXT,
    sequence        INTEGER NOT NULL,
    record_id       TEXT NOT NULL,
    PRIMARY KEY (day, ticket_no)
) STRICT, WITHOUT ROWID""",
    "lease_use": """CREATE TABLE lease_use (
    lease_id        TEXT NOT NULL,
    day             TEXT NOT NULL,
    serial          INTEGER NOT NULL,
    PRIMARY KEY (lease_id, day, serial)
) STRICT, WITHOUT ROWID""",
    "ticket_codes": """CREATE TABLE ticket_codes (
    rating_code     TEXT PRIMARY KEY,
    record_id       TEXT NOT NULL
) STRICT, WITHOUT ROWID""",
    "rated_codes": """CREATE TABLE rated_codes (
    rating_code     TEXT PRIMARY KEY,
    record_id       TEXT NOT NULL
) STRICT, WITHOUT ROWID""",
    "bookings": """CREATE TABLE bookings (
    appointment_no  TEXT PRIMARY KEY,
    lease_id        TEXT,
    record_id       TEXT NOT NULL
) STRICT, WITHOUT ROWID""",
    "booking_ends": """CREATE TABLE booking_ends (
    appointment_no  TEXT PRIMARY KEY,
    state           TEXT NOT NULL,
    record_id       TEXT NOT NULL
) STRICT, WITHOUT ROWID""",
    "prints": """CREATE TABLE prints (
    printed_id      TEXT NOT NULL,
    sequence        INTEGER NOT NULL,
    record_id       TEXT NOT NULL,
    PRIMARY KEY (printed_id, sequence)
) STRICT, WITHOUT ROWID""",
}
KIOSK_INDEXES = (
    "CREATE INDEX numbers_by_group ON issued_numbers (day, item_group, sequence)",
    "CREATE INDEX bookings_by_lease ON bookings (lease_id)",
)

migrations = Migrations("journal")


@migrations()
def create_journal(database: Database) -> None:
    """Version 1: records, their guards, sealed data, projections."""
    for statement in (RECORDS, *GUARDS.values(), *INDEXES, SEALED, *PROJECTIONS):
        database.execute(statement)


@migrations()
def add_kiosk(database: Database) -> None:
    """Version 2: what is derived of numbers, bookings and codes, counted from the records that are there already."""
    for statement in (*KIOSK_TABLES.values(), *KIOSK_INDEXES):
        database.execute(statement)
    for row in database.execute(
        "SELECT body, hash, signature FROM records WHERE kind IN (SELECT value FROM json_each(?)) "
        "OR json_extract(body, '$.payload.rating_code') IS NOT NULL ORDER BY sequence",
        (json.dumps(kiosk_projections.KINDS),),
    ):
        # What collides here was taken twice before the store could refuse it; `verify` tells which record it is.
        with contextlib.suppress(sqlite3.IntegrityError, ValueError, TypeError):
            kiosk_projections.apply(database.conn, record_of(*row))


@contextlib.contextmanager
def gap_allowed(connection: Any) -> Iterator[None]:
    """Let a record take a later place than the next: only for a restore, and inside one transaction.

    Afterwards every guard stands again as it was, so that no version of this software sees a difference.
    """
    connection.execute("DROP TRIGGER only_appended")
    yield
    connection.execute(GUARDS["only_appended"])


def has_kiosk(connection: Any) -> bool:
    """Whether the journal is of version 2; an older one becomes it when it is opened for writing."""
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    # Asked in plain SQL: in a damaged file sqlite-utils fails in ways that are no `sqlite3.Error`.
    applied = f"SELECT 1 FROM {migrations.migrations_table} WHERE migration_set = ? AND name = ?"  # noqa: S608
    is_noted = migrations.migrations_table in names and (
        connection.execute(applied, (migrations.name, add_kiosk.__name__)).fetchone() is not None
    )
    return is_noted or not names.isdisjoint(KIOSK_TABLES)


def broken_guards(connection: Any) -> list[str]:
    """Names of what guards the records and is missing or changed, and of triggers that are not ours."""
    found = {name: (kind, sql) for name, kind, sql in connection.execute("SELECT name, type, sql FROM sqlite_schema")}
    ours = {"records": RECORDS, **GUARDS, **(KIOSK_TABLES if has_kiosk(connection) else {})}
    broken = [name for name, sql in ours.items() if name not in found or found[name][1] != sql]
    return broken + [name for name, (kind, _) in found.items() if kind == "trigger" and name not in ours]
