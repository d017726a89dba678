"""PINs of the clerk's page, hashed, and the wrong tries at them: tables of `hall.sqlite3` that no import touches.

A try is counted by the number that was typed, whether a person with that number exists or not, so that nothing here
tells one from the other.
"""

import re
from collections.abc import Callable
from pathlib import Path

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

migrations = Migrations("pins")


@migrations()
def create_pins(database: Database) -> None:
    """Version 1: a hash a person, and the wrong tries since the last right one, in milliseconds of the wall clock."""
    database.execute("CREATE TABLE pins (staff_no TEXT PRIMARY KEY, hash TEXT NOT NULL) STRICT, WITHOUT ROWID")
    database.execute(
        "CREATE TABLE wrong_pins (staff_no TEXT PRIMARY KEY, tries INTEGER NOT NULL, last_ms INTEGER NOT NULL) "
        "STRICT, WITHOUT ROWID"
    )


def is_pin(text: str) -> bool:
    """Whether this can be a PIN: 4 to 12 digits."""
    return re.fullmatch(r"[0-9]{4,12}", text) is not None


def wait_seconds(tries: int) -> int:
    """How long to wait after so many wrong tries in a row: nothing, then 15 s, and twice as long each time."""
    if tries < FREE_TRIES:
        return 0
    # Nobody lives to see more than a few doublings.
    return min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS << min(tries - FREE_TRIES, 20))


class PinStore:
    """Reads and writes PINs. One thread at a time; every method may raise `sqlite3.Error`."""

    def __init__(self, connection: Connection, now_ms: Callable[[], int]) -> None:
        self._connection = connection
        self._now_ms = now_ms
        self._hasher = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)

    @classmethod
    def open(cls, directory: Path, now_ms: Callable[[], int]) -> "PinStore":
        """Open the store of a storage directory; `now_ms` is the wall clock, which alone survives a restart.

        Raises `sqlite3.Error`, `OSError`.
        """
        return cls(open_database(directory / HALL_FILE, migrations), now_ms)

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def set(self, staff_no: str, pin: str) -> None:
        """Set or replace a person's PIN; wrong tries before are forgiven. Raises `ValueError` for what is no PIN."""
        if not is_pin(pin):
            raise ValueError("a PIN has 4 to 12 digits")
        row = (staff_no, self._hasher.hash(pin))
        with write_transaction(self._connection):
            self._connection.execute("INSERT OR REPLACE INTO pins VALUES (?, ?)", row)
            self._connection.execute("DELETE FROM wrong_pins WHERE staff_no = ?", (staff_no,))

    def remove(self, staff_no: str) -> bool:
        """Remove a person's PIN; whether there was one."""
        with write_transaction(self._connection):
            return bool(self._connection.execute("DELETE FROM pins WHERE staff_no = ?", (staff_no,)).rowcount)

    def mark(self, staff_no: str) -> str | None:
        """What stays the same as long as the PIN does; None if the person has none."""
        row = self._connection.execute("SELECT hash FROM pins WHERE staff_no = ?", (staff_no,)).fetchone()
        return str(row[0]) if row else None

    def matching_mark(self, staff_no: str, pin: str) -> str | None:
        """The mark of the PIN if this is it; takes as long if it is wrong, or if there is none."""
        mark = self.mark(staff_no)
        try:
            self._hasher.verify(mark or _NOBODYS, pin)
        except VerificationError:
            return None
        return mark

    def wait_seconds(self, staff_no: str) -> float:
        """How long this number must still wait before its next try; 0 if it need not."""
        tries, since_ms = self._wrong(staff_no)
        return max(0.0, wait_seconds(tries) - since_ms / 1000)

    def count_wrong(self, staff_no: str) -> None:
        """Count a wrong try."""
        with write_transaction(self._connection):
            tries, _ = self._wrong(staff_no)
            row = (staff_no, tries + 1, self._now_ms())
            self._connection.execute("INSERT OR REPLACE INTO wrong_pins VALUES (?, ?, ?)", row)
            self._connection.execute(
                "DELETE FROM wrong_pins WHERE staff_no IN (SELECT staff_no FROM wrong_pins WHERE staff_no NOT IN "
                "(SELECT staff_no FROM pins) ORDER BY last_ms DESC LIMIT -1 OFFSET ?)",
                (REMEMBERED_NUMBERS,),
            )

    def forgive(self, staff_no: str) -> None:
        """The right PIN was given: earlier wrong ones count no more."""
        with write_transaction(self._connection):
            self._connection.execute("DELETE FROM wrong_pins WHERE staff_no = ?", (staff_no,))

    def _wrong(self, staff_no: str) -> tuple[int, int]:
        """How many wrong tries count, and for how many milliseconds there has been none."""
        found = self._connection.execute("SELECT tries, last_ms FROM wrong_pins WHERE staff_no = ?", (staff_no,))
        row = found.fetchone()
        if row is None:
            return 0, 0
        tries, last_ms = row
        now = self._now_ms()
        if last_ms > now:
            # The clock was set back: the wait begins again now, and does not last until that moment comes again.
            self._connection.execute("UPDATE wrong_pins SET last_ms = ? WHERE staff_no = ?", (now, staff_no))
            last_ms = now
        since = now - last_ms
        return (0, 0) if since >= FORGOTTEN_AFTER_SECONDS * 1000 else (tries, since)
