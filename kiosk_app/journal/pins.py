"""PINs of clerks and technicians, hashed, and the wrong tries at them: tables of `hall.sqlite3` that no import touches.

A try is counted by the number or name that was typed, whether it exists or not, so that nothing here tells one from the
other. Clerks and technicians have tables of their own: nobody is let in as the one for being the other.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from kiosk_app.journal.database import HALL_FILE, Connection, open_database, write_transaction

FREE_TRIES = 5
"""So many wrong tries in a row are taken before the first wait."""
FIRST_WAIT_SECONDS = 15
LONGEST_WAIT_SECONDS = 3600
FORGOTTEN_AFTER_SECONDS = 24 * 3600
"""Without a further wrong try for so long, those before do not count any more."""
REMEMBERED_NUMBERS = 1024
"""How many numbers without a PIN are remembered; beyond it the one that was wrong least recently is forgotten."""

_NOBODYS = f"$argon2id$v=19$m=65536,t=3,p=4${'A' * 22}${'A' * 43}"
"""A hash that is nobody's PIN: checked where there is none, so that both take the same time."""


@dataclass(frozen=True)
class PinKind:
    """Whose PINs, where they are kept, and how long they must be."""

    pins: str
    wrong: str
    key: str
    shortest: int
    longest: int = 12

    @property
    def rule(self) -> str:
        """What a PIN must be, in words."""
        return f"a PIN has {self.shortest} to {self.longest} digits"

    def is_pin(self, text: str) -> bool:
        """Whether this can be a PIN."""
        return re.fullmatch(f"[0-9]{{{self.shortest},{self.longest}}}", text) is not None


CLERKS = PinKind("pins", "wrong_pins", "staff_no", 4)
"""Of the clerk's page; they see nothing but their window."""
TECHNICIANS = PinKind("technician_pins", "wrong_technician_pins", "name", 6)
"""Of the technician's screens."""

migrations = Migrations("pins")


@migrations()
def create_pins(database: Database) -> None:
    """Version 1: a hash a person, and the wrong tries since the last right one, in milliseconds of the wall clock."""
    database.execute("CREATE TABLE pins (staff_no TEXT PRIMARY KEY, hash TEXT NOT NULL) STRICT, WITHOUT ROWID")
    database.execute(
        "CREATE TABLE wrong_pins (staff_no TEXT PRIMARY KEY, tries INTEGER NOT NULL, last_ms INTEGER NOT NULL) "
        "STRICT, WITHOUT ROWID"
    )


@migrations()
def create_technician_pins(database: Database) -> None:
    """Version 2: the same for technicians, by name."""
    database.execute("CREATE TABLE technician_pins (name TEXT PRIMARY KEY, hash TEXT NOT NULL) STRICT, WITHOUT ROWID")
    database.execute(
        "CREATE TABLE wrong_technician_pins (name TEXT PRIMARY KEY, tries INTEGER NOT NULL, last_ms INTEGER NOT NULL) "
        "STRICT, WITHOUT ROWID"
    )


def is_pin(text: str) -> bool:
    """Whether this can be a clerk's PIN: 4 to 12 digits."""
    return CLERKS.is_pin(text)


def is_weak(pin: str) -> bool:
    """Whether it is one of those that are tried first: 000000, 123456, 654321, 121212."""
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return steps in ({0}, {1}, {-1}) or pin[2:] == pin[:-2]


def wait_seconds(tries: int) -> int:
    """How long to wait after so many wrong tries in a row: nothing, then 15 s, and twice as long each time."""
    if tries < FREE_TRIES:
        return 0
    # Nobody lives to see more than a few doublings.
    return min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS << min(tries - FREE_TRIES, 20))


class PinStore:
    """Reads and writes PINs of one kind. One thread at a time; every method may raise `sqlite3.Error`."""

    def __init__(self, connection: Connection, now_ms: Callable[[], int], kind: PinKind = CLERKS) -> None:
        self.kind = kind
        self._connection = connection
        self._now_ms = now_ms
        self._hasher = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)

    @classmethod
    def open(cls, directory: Path, now_ms: Callable[[], int], kind: PinKind = CLERKS) -> "PinStore":
        """Open the store of a storage directory; `now_ms` is the wall clock, which alone survives a restart.

        Raises `sqlite3.Error`, `OSError`.
        """
        return cls(open_database(directory / HALL_FILE, migrations), now_ms, kind)

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def set(self, name: str, pin: str) -> None:
        """Set or replace a person's PIN; wrong tries before are forgiven. Raises `ValueError` for what is no PIN."""
        if not self.kind.is_pin(pin):
            raise ValueError(self.kind.rule)
        row = (name, self._hasher.hash(pin))
        with write_transaction(self._connection):
            self._run("INSERT OR REPLACE INTO {pins} VALUES (?, ?)", row)
            self._run("DELETE FROM {wrong} WHERE {key} = ?", (name,))

    def remove(self, name: str) -> bool:
        """Remove a person's PIN; whether there was one."""
        with write_transaction(self._connection):
            return bool(self._run("DELETE FROM {pins} WHERE {key} = ?", (name,)).rowcount)

    def names(self) -> list[str]:
        """Who has a PIN, in order."""
        rows = self._run("SELECT {key} FROM {pins} ORDER BY {key}")
        return [str(name) for (name,) in rows]

    def mark(self, name: str) -> str | None:
        """What stays the same as long as the PIN does; None if the person has none."""
        row = self._run("SELECT hash FROM {pins} WHERE {key} = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def matching_mark(self, name: str, pin: str) -> str | None:
        """The mark of the PIN if this is it; takes as long if it is wrong, or if there is none."""
        mark = self.mark(name)
        try:
            self._hasher.verify(mark or _NOBODYS, pin)
        except VerificationError:
            return None
        return mark

    def wait_seconds(self, name: str) -> float:
        """How long this number must still wait before its next try; 0 if it need not."""
        tries, since_ms = self._wrong(name)
        return max(0.0, wait_seconds(tries) - since_ms / 1000)

    def count_wrong(self, name: str) -> None:
        """Count a wrong try."""
        with write_transaction(self._connection):
            tries, _ = self._wrong(name)
            row = (name, tries + 1, self._now_ms())
            self._run("INSERT OR REPLACE INTO {wrong} VALUES (?, ?, ?)", row)
            self._run(
                "DELETE FROM {wrong} WHERE {key} IN (SELECT {key} FROM {wrong} WHERE {key} NOT IN "
                "(SELECT {key} FROM {pins}) ORDER BY last_ms DESC LIMIT -1 OFFSET ?)",
                (REMEMBERED_NUMBERS,),
            )

    def forgive(self, name: str) -> None:
        """The right PIN was given: earlier wrong ones count no more."""
        with write_transaction(self._connection):
            self._run("DELETE FROM {wrong} WHERE {key} = ?", (name,))

    def _wrong(self, name: str) -> tuple[int, int]:
        """How many wrong tries count, and for how many milliseconds there has been none."""
        found = self._run("SELECT tries, last_ms FROM {wrong} WHERE {key} = ?", (name,))
        row = found.fetchone()
        if row is None:
            return 0, 0
        tries, last_ms = row
        now = self._now_ms()
        if last_ms > now:
            # The clock was set back: the wait begins again now, and does not last until that moment comes again.
            self._run("UPDATE {wrong} SET last_ms = ? WHERE {key} = ?", (now, name))
            last_ms = now
        since = now - last_ms
        return (0, 0) if since >= FORGOTTEN_AFTER_SECONDS * 1000 else (tries, since)

    def _run(self, statement: str, values: tuple[Any, ...] = ()) -> Any:
        """Run a statement; the names of this kind's tables and column, which are this module's own, are put in."""
        kind = self.kind
        return self._connection.execute(statement.format(pins=kind.pins, wrong=kind.wrong, key=kind.key), values)
