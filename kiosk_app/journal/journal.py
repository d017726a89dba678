"""The append-only store of records: the one way in (R3, R12)."""

import base64
import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pysqlite3 as sqlite3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk_app.domain.moments import Clock, Moment
from kiosk_app.domain.records import ZERO_HASH, Draft, Json, Kind, Record
from kiosk_app.journal import chain, projections, schema, signing_key, wakeup
from kiosk_app.journal.database import (
    BUSY_TIMEOUT_MS,
    DELIVERY_FILE,
    JOURNAL_FILE,
    Connection,
    connect,
    exclusively,
    open_database,
    refuse_half_restored,
    write_transaction,
)
from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.reader import JournalReader

Head = tuple[int, str]
"""Sequence and hash of a record."""


class JournalUnavailableError(RuntimeError):
    """Nothing can be recorded at the moment: disk full, file damaged, key missing. The message is the first cause."""


class JournalBelongsElsewhereError(JournalUnavailableError):
    """The journal in the storage directory is another device's."""


class AlreadyRecordedError(RuntimeError):
    """The store refused what happens once: a visit's outcome, a rating's detail, a queue number, a booking's end.

    R3, R7, R22, R23; also a second rating by the same code.
    """


class Journal(JournalReader):
    """Appends and reads. Any process may append; each append reads the head inside its own transaction."""

    def __init__(self, connection: Connection, directory: Path, device_id: str, key: Ed25519PrivateKey) -> None:
        super().__init__(connection)
        self.directory = directory
        self.device_id = device_id
        self._key = key

    @classmethod
    def open_or_start(
        cls, directory: Path, *, device_id: str, clock: Clock, software: str, busy_ms: int = BUSY_TIMEOUT_MS
    ) -> "Journal":
        """Open the journal of a storage directory, or start one there; appends wait `busy_ms` for other writers.

        `software` (name and version) is told in the first record. Raises `JournalUnavailableError`, or
        `JournalBelongsElsewhereError` where the directory holds another device's journal.
        """
        try:
            directory.mkdir(parents=True, exist_ok=True, mode=0o750)
            refuse_half_restored(directory)
            connection = open_database(directory / JOURNAL_FILE, schema.migrations, busy_ms=busy_ms)
        except (OSError, sqlite3.Error) as error:
            raise JournalUnavailableError(f"{directory / JOURNAL_FILE}: {error}") from error
        try:
            with exclusively(directory / "start.lock"):
                refuse_half_restored(directory)
                return cls._checked(connection, directory, device_id, clock, software)
        except BaseException as error:
            connection.close()
            if isinstance(error, sqlite3.Error):
                raise JournalUnavailableError(f"{directory / JOURNAL_FILE}: {error}") from error
            if isinstance(error, (OSError, signing_key.SigningKeyError)):
                raise JournalUnavailableError(str(error)) from error
            raise

    @classmethod
    def _checked(
        cls, connection: Connection, directory: Path, device_id: str, clock: Clock, software: str
    ) -> "Journal":
        if broken := schema.broken_guards(connection):
            raise JournalUnavailableError(
                f"{directory / JOURNAL_FILE}: guards missing, changed or added: {', '.join(broken)}"
            )
        started = JournalReader(connection).records_after(0, limit=1)
        if not started:
            return cls._started(connection, directory, device_id, clock, software)
        if started[0].device_id != device_id:
            raise JournalBelongsElsewhereError(
                f"{directory / JOURNAL_FILE} is the journal of {started[0].device_id}, not of {device_id}; "
                "use another storage directory or the old device_id"
            )
        key = signing_key.load_signing_key(directory)
        if started[0].payload.get("public_key") != signing_key.public_key_text(key.public_key()):
            raise JournalUnavailableError(
                f"{directory / signing_key.SIGNING_KEY_FILE} is not the key of this journal; restore it from the backup"
            )
        return cls(connection, directory, device_id, key)

    @classmethod
    def _started(
        cls, connection: Connection, directory: Path, device_id: str, clock: Clock, software: str
    ) -> "Journal":
        if (directory / signing_key.SIGNING_KEY_FILE).exists():
            key = signing_key.load_signing_key(directory)
        else:
            key = signing_key.create_signing_key(directory)
        lost = _head_before_the_loss(directory)
        previous = {"head_hash": lost[1], "sequence": lost[0], "reason": "journal missing"} if lost else None
        payload: Json = {
            "public_key": signing_key.public_key_text(key.public_key()),
            "previous_journal": previous,
            "software": software,
        }
        journal = cls(connection, directory, device_id, key)
        journal._append([Draft(Kind.JOURNAL_STARTED, payload, clock.now())], first_after=lost or (0, ZERO_HASH))
        return journal

    def append(self, *drafts: Draft) -> list[Record]:
        """Append all of these or none, durably, and wake the other processes.

        Raises `AlreadyRecordedError`, `JournalUnavailableError`.
        """
        try:
            records = self._append(drafts)
        except sqlite3.IntegrityError as error:
            raise AlreadyRecordedError(str(error)) from error
        except (sqlite3.Error, OSError) as error:
            raise JournalUnavailableError(str(error)) from error
        wakeup.notify(self.directory)
        return records

    # After a restore

    def begin_again(self, sequence: int, previous: Head, reason: str, software: str, at: Moment) -> Record:
        """Go on at a later place than the next, because what is between may be in the platform's hands (R12).

        `previous` is the newest record known to anybody, or the newest one here. Raises `JournalUnavailableError`.
        """
        told = {"head_hash": previous[1], "sequence": previous[0], "reason": reason}
        try:
            with write_transaction(self.connection), schema.gap_allowed(self.connection):
                payload: Json = {
                    "public_key": signing_key.public_key_text(self._key.public_key()),
                    "previous_journal": {**told, "missing": self._missing_before(sequence)},
                    "software": software,
                }
                return self._insert(Draft(Kind.JOURNAL_STARTED, payload, at), sequence, previous[1])
        except sqlite3.Error as error:
            raise JournalUnavailableError(str(error)) from error

    def _missing_before(self, sequence: int) -> list[list[int]]:
        """All that is not here: signed, so that `verify` finds what is taken away later (R12)."""
        head = self.head()
        after = head[0] if head is not None else 0
        return [[first, last] for first, last in (*self.gaps(), (after + 1, sequence - 1)) if first <= last]

    def take_over(self, record: Record) -> None:
        """Append a record of this very journal that was read elsewhere, exactly as it is.

        Raises `AlreadyRecordedError`, and `JournalUnavailableError` for one that does not join on.
        """
        head = self.head()
        joins = head is not None and (record.sequence, record.previous_hash) == (head[0] + 1, head[1])
        begins_anew = record.kind == Kind.JOURNAL_STARTED and record.payload.get("previous_journal") is not None
        is_later = head is not None and record.sequence > head[0]
        if not (joins or (begins_anew and is_later)) or not chain.is_sound(record, self._key.public_key()):
            raise JournalUnavailableError(f"record {record.sequence} does not join on")
        sealed = {name: base64.b64decode(ciphertext) for name, ciphertext in record.sealed.items()}
        try:
            with write_transaction(self.connection):
                if joins:
                    self._store(chain.body_of(record).decode(), record.hash, record.signature, sealed)
                else:
                    with schema.gap_allowed(self.connection):
                        self._store(chain.body_of(record).decode(), record.hash, record.signature, sealed)
        except sqlite3.IntegrityError as error:
            raise AlreadyRecordedError(str(error)) from error
        except (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError) as error:
            raise JournalUnavailableError(str(error)) from error

    def _append(self, drafts: "tuple[Draft, ...] | list[Draft]", first_after: Head = (0, ZERO_HASH)) -> list[Record]:
        with write_transaction(self.connection):
            sequence, previous_hash = self.head() or first_after
            records = []
            for draft in drafts:
                sequence += 1
                record = self._insert(draft, sequence, previous_hash)
                previous_hash = record.hash
                records.append(record)
        return records

    def _insert(self, draft: Draft, sequence: int, previous_hash: str) -> Record:
        body = chain.link(
            draft, record_id=new_id(), device_id=self.device_id, sequence=sequence, previous_hash=previous_hash
        )
        record_hash = chain.digest(body)
        return self._store(body.decode(), record_hash, chain.sign(self._key, record_hash), draft.sealed)

    def _store(self, text: str, record_hash: str, signature: str, sealed: Mapping[str, bytes]) -> Record:
        record = chain.record_of(text, record_hash, signature)
        self.connection.execute(
            "INSERT INTO records (sequence, body, hash, signature) VALUES (?, ?, ?, ?)",
            (record.sequence, text, record_hash, signature),
        )
        self.connection.executemany(
            "INSERT INTO sealed (record_id, name, ciphertext) VALUES (?, ?, ?)",
            [(record.record_id, name, ciphertext) for name, ciphertext in sealed.items()],
        )
        projections.apply(self.connection, record, self._visit_opened)
        return record

    def _visit_opened(self, visit_id: str) -> Json:
        row = self.connection.execute(
            "SELECT json_extract(body, '$.payload') FROM records WHERE visit_id = ? AND kind = 'visit_opened'",
            (visit_id,),
        ).fetchone()
        if row is None:
            raise sqlite3.IntegrityError(f"visit {visit_id} was never opened")
        payload: Json = json.loads(row[0])
        return payload


def head_known_to_delivery(directory: Path) -> Head | None:
    """The newest record the platform confirmed, as delivery remembers it outside the journal.

    Raises `JournalUnavailableError` where delivery's own file cannot be read.
    """
    return _delivery_head(directory, "confirmed_head")


def _head_before_the_loss(directory: Path) -> Head | None:
    """The newest record that anyone outside a lost journal knows of: confirmed, or sent without an answer."""
    heads = [_delivery_head(directory, table) for table in ("confirmed_head", "admitted_head")]
    return max((head for head in heads if head is not None and head[0] > 0), default=None)


def _delivery_head(directory: Path, table: str) -> Head | None:
    path = directory / DELIVERY_FILE
    if not path.exists():
        return None
    try:
        with closing(connect(path, read_only=True)) as connection:
            # The agent may be making it at this moment: without a table nothing was sent yet.
            if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (table,)).fetchone():
                return None
            row = connection.execute(f"SELECT sequence, hash FROM {table}").fetchone()  # noqa: S608 - our own words
    except sqlite3.Error as error:
        raise JournalUnavailableError(f"{path}: {error}") from error
    return (int(row[0]), str(row[1])) if row else None
