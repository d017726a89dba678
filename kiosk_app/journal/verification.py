"""One walk through the whole journal: nothing changed, missing, inserted, or cut off once confirmed (R12).

What it proves and what not: every record is the one this device's key signed, in its place, back to the first; the
derived tables are what the records give; and the newest record the platform confirmed is still here. Records that were
never confirmed and are cut off from the very end leave no trace anywhere. What a restore could not bring back is no
fault of the journal, as a signed record says so; it is told.
"""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysqlite3 as sqlite3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk_app.domain.records import ZERO_HASH, Json, Kind, Record
from kiosk_app.journal import projections, schema
from kiosk_app.journal.chain import canonical, commitment, digest, parse, signature_holds
from kiosk_app.journal.database import JOURNAL_FILE, Connection, connect
from kiosk_app.journal.journal import Head, JournalUnavailableError, head_known_to_delivery
from kiosk_app.journal.signing_key import SigningKeyError, load_signing_key, public_key_text

_NO_RECORD = (
    f"{JOURNAL_FILE} holds no record; if kiosk-app is just being started, verify again in a moment; otherwise it was "
    "emptied: bring a copy back with kiosk-admin restore"
)


@dataclass(frozen=True)
class Verdict:
    """What the walk found."""

    count: int
    """Records that hold."""
    head: Head | None
    """The last of them."""
    problem: str | None = None
    """What is wrong first; None: everything holds."""
    sequence: int | None = None
    """The first bad sequence, where the problem is one of a record."""
    gaps: tuple[tuple[int, int], ...] = ()
    """Closed ranges that are not here and that the journal itself tells to be lost: it was restored from a copy."""

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return self.problem is None


class _BadError(Exception):
    def __init__(self, sequence: int | None, problem: str) -> None:
        super().__init__(problem)
        self.sequence = sequence


def verify(directory: Path, key_directory: Path | None = None, *, from_any_start: bool = False) -> Verdict:
    """Verify the journal of a storage directory; whatever is wrong with it is told in the verdict, never raised.

    The device's key is that of the same directory, or of another one where this one has lost it. `from_any_start`
    takes a journal that began anew after a lost one for whole.
    """
    walk = _Walk(from_any_start=from_any_start)
    try:
        # First of all, because both go on growing: what was confirmed by now must be in the journal from now on.
        confirmed = head_known_to_delivery(directory)
        key = load_signing_key(key_directory or directory).public_key()
        with closing(connect(directory / JOURNAL_FILE, read_only=True)) as connection:
            walk.through(connection, key, confirmed)
    except _BadError as bad:
        return Verdict(walk.count, walk.head, str(bad), bad.sequence, tuple(walk.gaps))
    except (SigningKeyError, JournalUnavailableError) as error:
        return Verdict(walk.count, walk.head, str(error), gaps=tuple(walk.gaps))
    except (sqlite3.Error, OSError) as error:
        after = f"after sequence {walk.head[0]}" if walk.head else "before its first record"
        problem = f"{directory / JOURNAL_FILE} is damaged {after}: {error}"
        return Verdict(walk.count, walk.head, problem, walk.expected, tuple(walk.gaps))
    return Verdict(walk.count, walk.head, gaps=tuple(walk.gaps))


class _Walk:
    """What is known after the records walked so far."""

    def __init__(self, *, from_any_start: bool) -> None:
        self._from_any_start = from_any_start
        self.count = 0
        self.head: Head | None = None
        self.device_id: str | None = None
        self.gaps: list[tuple[int, int]] = []
        self._open_visits: dict[str, Json] = {}
        self._sealed: dict[tuple[str, str], str] = {}
        self._recount: Connection = sqlite3.connect(":memory:", isolation_level=None)
        for statement in (*schema.PROJECTIONS, *schema.KIOSK_TABLES.values()):
            self._recount.execute(statement)

    @property
    def expected(self) -> int:
        """The sequence that comes next."""
        return self.head[0] + 1 if self.head else 1

    def through(self, connection: Connection, key: Ed25519PublicKey, confirmed: Head | None) -> None:
        """Walk through everything, as it stands at this moment. Raises `_BadError`, `sqlite3.Error`."""
        connection.text_factory = bytes
        connection.execute("BEGIN")
        if confirmed is None and not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            raise _BadError(self.expected, _NO_RECORD)
        self._sealed = {
            # What a damaged file gives for a ciphertext need not be bytes: then it is nothing that was committed to.
            (_text(record_id), _text(name)): commitment(ciphertext) if isinstance(ciphertext, bytes) else ""
            for record_id, name, ciphertext in connection.execute("SELECT record_id, name, ciphertext FROM sealed")
        }
        rows = connection.execute("SELECT sequence, body, hash, signature FROM records ORDER BY sequence")
        for sequence, body, record_hash, signature in rows:
            self._take(sequence, _Row(body, _text(record_hash), _text(signature)), key)
        connection.text_factory = str
        if confirmed is not None:
            self._check_confirmed(connection, confirmed)
        if self.head is None:
            raise _BadError(self.expected, _NO_RECORD)
        for record_id, name in self._sealed:
            raise _BadError(None, f"the sealed {name} of {record_id} belongs to no record")
        _check_database(connection)
        self._check_projections(connection)

    def _take(self, sequence: int, row: "_Row", key: Ed25519PublicKey) -> None:
        may_begin_anew = sequence > self.expected and (self.head is not None or self._from_any_start)
        if sequence != self.expected and not (may_begin_anew and row.begins_anew(key)):
            raise _BadError(self.expected, "the record is missing")
        try:
            record = row.checked(key)
            self._check_place(record, sequence)
            self._check_sealed(record)
            self._count_again(record)
            self._check_gaps(record)
        except _BadError as bad:
            raise _BadError(bad.sequence or sequence, str(bad)) from bad
        except (ValueError, TypeError, KeyError, AttributeError, sqlite3.Error) as error:
            raise _BadError(sequence, f"not a record as this software writes it ({error!r})") from error
        self.count += 1
        self.head = (sequence, record.hash)

    def _check_place(self, record: Record, sequence: int) -> None:
        if record.sequence != sequence:
            raise _BadError(None, f"its body claims sequence {record.sequence}")
        before = self.head[1] if self.head else ZERO_HASH
        if sequence > self.expected:
            # A journal that was restored: it names what it goes on after, which may be a record that is lost.
            before = record.payload["previous_journal"]["head_hash"]
        if record.previous_hash != before:
            raise _BadError(None, "it does not follow the record before it")
        belongs = record.kind == Kind.JOURNAL_STARTED if self.head is None else not _starts_from_nothing(record)
        if not belongs:
            raise _BadError(None, f"a {record.kind} does not belong here")
        if record.device_id != (self.device_id or record.device_id):
            raise _BadError(None, f"it is a record of device {record.device_id}")
        self.device_id = record.device_id

    def _check_gaps(self, record: Record) -> None:
        """What is not here must be what a restore told to be lost; one of an older version told no ranges."""
        if record.sequence > self.expected:
            self.gaps.append((self.expected, record.sequence - 1))
        if record.kind != Kind.JOURNAL_STARTED or "missing" not in (record.payload["previous_journal"] or {}):
            return
        told = record.payload["previous_journal"]["missing"]
        for first, last in self.gaps:
            if first == 1 or any(lost[0] <= first and last <= lost[1] for lost in told):
                continue  # a missing beginning is there only where whoever asked takes it for whole
            known = max((lost[1] for lost in told if lost[0] <= first <= lost[1]), default=first - 1)
            raise _BadError(known + 1, "the record is missing")

    def _check_sealed(self, record: Record) -> None:
        """Sealed data may have been removed; what is there must be what was committed to (R11)."""
        for name, value in record.payload.items():
            if name.endswith("_commitment") and value is not None:
                found = self._sealed.pop((record.record_id, name.removesuffix("_commitment")), value)
                if found != value:
                    raise _BadError(None, f"the sealed {name.removesuffix('_commitment')} is not what was recorded")

    def _count_again(self, record: Record) -> None:
        if record.kind == Kind.VISIT_OPENED:
            self._open_visits[str(record.visit_id)] = record.payload
        projections.apply(self._recount, record, self._open_visits.__getitem__)
        if record.kind in (Kind.RATING, Kind.RATING_MISSED):
            self._open_visits.pop(str(record.visit_id), None)

    def _check_confirmed(self, connection: Connection, confirmed: Head) -> None:
        """The newest record the platform confirmed must still be here: a tail cut off shows (R12)."""
        sequence, record_hash = confirmed
        if sequence >= self.expected:
            raise _BadError(self.expected, f"the record is missing; the platform confirmed up to sequence {sequence}")
        found = connection.execute("SELECT hash FROM records WHERE sequence = ?", (sequence,)).fetchone()
        if found is None or found[0] != record_hash:
            raise _BadError(sequence, "it is not the record that the platform confirmed")

    def _check_projections(self, connection: Connection) -> None:
        kiosk_tables = schema.KIOSK_TABLES if schema.has_kiosk(connection) else ()
        for table in (*projections.TABLES, *kiosk_tables):
            stored, counted = _rows(connection, table), _rows(self._recount, table)
            if stored != counted:
                raise _BadError(None, f"the derived table {table} is not what the records give; it was changed")


def _starts_from_nothing(record: Record) -> bool:
    return record.kind == Kind.JOURNAL_STARTED and record.payload["previous_journal"] is None


@dataclass(frozen=True)
class _Row:
    body: bytes
    hash: str
    signature: str

    def begins_anew(self, key: Ed25519PublicKey) -> bool:
        """Whether this is a sound `journal_started` that says what was before it."""
        try:
            record = self.checked(key)
            return record.kind == Kind.JOURNAL_STARTED and bool(record.payload["previous_journal"]["head_hash"])
        except (_BadError, ValueError, TypeError, KeyError, AttributeError):
            return False

    def checked(self, key: Ed25519PublicKey) -> Record:
        """The record, if its body is what was hashed and signed."""
        if digest(self.body) != self.hash:
            raise _BadError(None, "its hash does not fit its content")
        if not signature_holds(key, self.hash, self.signature):
            raise _BadError(None, "its signature is not this device's")
        fields: Any = parse(self.body)
        if canonical(fields) != self.body:
            raise _BadError(None, "its body is not canonical JSON")
        record = Record(**fields, hash=self.hash, signature=self.signature)
        if record.kind == Kind.JOURNAL_STARTED and record.payload["public_key"] != public_key_text(key):
            raise _BadError(None, "the journal was started with another key")
        return record


def _text(value: object) -> str:
    """A stored text; what is not ASCII can be neither hash nor signature."""
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)


def _rows(connection: Connection, table: str) -> list[bytes]:
    # The table's name is one of this package's own.
    rows: Iterator[tuple[Any, ...]] = connection.execute(f"SELECT * FROM {table}")  # noqa: S608
    return sorted(hashlib.sha256(repr(row).encode()).digest() for row in rows)


def _check_database(connection: Connection) -> None:
    if broken := schema.broken_guards(connection):
        raise _BadError(None, f"guards missing, changed or added: {', '.join(broken)}")
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise _BadError(None, f"the database file is damaged: {found}")
