"""What stands in a storage directory before a copy is brought back: what reads, and what others may hold of it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.domain.records import Record
from kiosk_app.journal.damaged import NotHere, newest_readable, readable_records
from kiosk_app.journal.database import DELIVERY_FILE, JOURNAL_FILE, connect
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.journal import Head
from kiosk_app.journal.signing_key import SigningKeyError, load_signing_key
from kiosk_app.journal.verification import verify


@dataclass(frozen=True)
class Held:
    """The newest record that somebody is known to hold."""

    sequence: int
    hash: str | None = None
    """None where only the sequence is known."""


class OldStorage:
    """The files that are there now; `staging` has the key of the copy."""

    def __init__(self, directory: Path, staging: Path) -> None:
        self.directory = directory
        self.journal = directory / JOURNAL_FILE
        self.exists = self.journal.exists()
        self.is_whole = self.exists and verify(directory, key_directory=staging, from_any_start=True).holds
        self.has_other_key = _has_other_key(directory, staging)
        self.has_its_key = not self.has_other_key and _has_key(directory)

    def holds(self, head: Head) -> bool:
        """Whether its journal has this very record."""
        found = self.first_after(head[0] - 1)
        return found is not None and (found.sequence, found.hash) == head

    def first_after(self, sequence: int) -> Record | None:
        """The first record after a sequence that can be read."""
        return next((found for found in self.records_after(sequence) if isinstance(found, Record)), None)

    def records_after(self, sequence: int) -> Iterator[Record | NotHere]:
        """What can be read of its journal."""
        if not self.exists:
            return
        try:
            with closing(connect(self.journal, read_only=True)) as connection:
                yield from readable_records(connection, sequence)
        except (sqlite3.Error, OSError):
            return

    def newest(self) -> int:
        """The greatest sequence that its journal tells; 0 for none."""
        if not self.exists:
            return 0
        try:
            with closing(connect(self.journal, read_only=True)) as connection:
                return newest_readable(connection) or 0
        except (sqlite3.Error, OSError):
            return 0

    def newest_held(self) -> list[Held]:
        """Its newest record, if there is one."""
        newest = self.newest()
        if not newest:
            return []
        found = self.first_after(newest - 1)
        return [Held(newest, found.hash if found is not None else None)]

    def sent(self) -> list[Held] | None:
        """The newest records that delivery knows to be tried, confirmed or exported; None where nobody knows."""
        if self.has_other_key or not (self.directory / DELIVERY_FILE).exists():
            return None
        try:
            with closing(connect(self.directory / DELIVERY_FILE, read_only=True)) as connection:
                store = DeliveryStore(connection)
                status = store.status()
                heads = [head for head in (store.admitted_head(), store.confirmed_head()) if head and head[0] > 0]
                if status.exported_sequence is not None and status.exported_hash is not None:
                    heads.append((status.exported_sequence, status.exported_hash))
        except (sqlite3.Error, OSError, ValueError, TypeError):
            return None
        return [Held(*head) for head in heads] or None


def _has_key(directory: Path) -> bool:
    try:
        load_signing_key(directory)
    except SigningKeyError:
        return False
    return True


def _has_other_key(directory: Path, staging: Path) -> bool:
    """Whether there is a readable key that is not the copy's."""
    try:
        own = load_signing_key(directory).public_key()
    except SigningKeyError:
        return False
    return own != load_signing_key(staging).public_key()
