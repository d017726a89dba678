"""What has become of each record at the platform: `delivery.sqlite3` (R25-R27).

A record above the admitted head was never tried. One at or below it has a row here while it is waiting, refused or
superseded; with no row it is confirmed. So a million confirmed records cost nothing, and no question here takes longer
for them. Written by the agent and by `resend`; a rating's commit never waits for it.

All times are milliseconds since 1970 by the wall clock, which is the only one that survives a restart. It may jump;
so a time further ahead than any wait can be has passed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol, Self

from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.domain.records import ZERO_HASH, Json, Record
from kiosk_app.journal.database import DELIVERY_FILE, Connection, open_database, write_transaction
from kiosk_app.journal.delivery_schema import migrations

LONGEST_WAIT_MS = 300_000
"""No record waits longer than this for its next try (interfaces §5)."""

Head = tuple[int, str]
"""Sequence and hash of a record."""

BEFORE_ALL: Head = (0, ZERO_HASH)


DUE = (
    "SELECT record_id, sequence, attempts FROM outstanding "
    "WHERE state = 'waiting' AND next_try_at IS NULL ORDER BY sequence LIMIT ?"
)
NEXT_TRY = (
    "SELECT next_try_at FROM outstanding WHERE state = 'waiting' AND next_try_at > 0 ORDER BY next_try_at LIMIT 1"
)
OLDEST_WAITING = "SELECT min(sequence) FROM outstanding WHERE state = 'waiting' HAVING min(sequence) IS NOT NULL"
RELEASE_PASSED = "UPDATE outstanding SET next_try_at = NULL WHERE state = 'waiting' AND next_try_at <= ?"
RELEASE_IMPOSSIBLE = "UPDATE outstanding SET next_try_at = NULL WHERE state = 'waiting' AND next_try_at > ?"
RELEASE_ALL = "UPDATE outstanding SET next_try_at = NULL WHERE state = 'waiting' AND next_try_at > 0"
PENDING = (
    "SELECT record_id, sequence, state, attempts, last_error, next_try_at FROM outstanding "
    "WHERE state IN ('waiting', 'refused') ORDER BY sequence"
)
SEND_AGAIN = (
    "INSERT INTO outstanding (record_id, sequence, state) VALUES (?, ?, 'waiting') "
    "ON CONFLICT (record_id) DO UPDATE SET state = 'waiting', next_try_at = NULL WHERE state = 'superseded'"
)
RESEND = "UPDATE outstanding SET state = 'waiting', next_try_at = NULL WHERE state IN ('waiting', 'refused')"


class State(StrEnum):
    """What has become of a record at the platform; a time-out is no failure but still waiting (R27)."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    SUPERSEDED = "superseded"
    REFUSED = "refused"


class NotResendableError(RuntimeError):
    """The record cannot be sent again; the message says why."""


class RecordSource(Protocol):
    """The part of the journal that delivery reads."""

    def head(self) -> Head | None:
        """Sequence and hash of the newest record."""
        ...

    def records_after(self, sequence: int, limit: int = ...) -> list[Record]:
        """Up to `limit` records with greater sequences, in order."""
        ...

    def count_after(self, sequence: int) -> int:
        """How many records have greater sequences."""
        ...

    def records_by_sequence(self, sequences: Sequence[int]) -> list[Record]:
        """Those of the given records that exist, in order."""
        ...

    def record_by_id(self, record_id: str) -> Record | None:
        """The record of that id."""
        ...


@dataclass(frozen=True)
class Outstanding:
    """A record that is not simply confirmed."""

    record_id: str
    sequence: int
    attempts: int


@dataclass(frozen=True)
class Settlement:
    """What one try made of one record."""

    record_id: str
    state: State
    error: str | None = None
    """The platform's reason, or the error of a try that leaves the record waiting."""
    next_try_at: int | None = None
    """For a waiting record; None is as soon as possible."""


@dataclass(frozen=True)
class PendingRecord:
    """One line of `kiosk-admin pending`."""

    record_id: str
    sequence: int
    state: State
    attempts: int
    last_error: str | None
    next_try_at: int | None

    def to_json(self) -> Json:
        """The object that `pending --json` prints; `next_try_at` in RFC 3339, null for "as soon as possible"."""
        return {**asdict(self), "state": self.state.value, "next_try_at": _rfc3339(self.next_try_at)}


@dataclass(frozen=True)
class PlatformStatus:
    """How the platform is, as far as the last tries tell."""

    last_contact_at: int | None = None
    """When it last answered a push as a platform does."""
    clock_offset_ms: int | None = None
    """How far its clock is ahead of this device's (R28)."""
    unavailable_since: int | None = None
    unauthorised_since: int | None = None
    hold_since: int | None = None
    hold_until: int | None = None
    """Nobody pushes before this."""
    last_error: str | None = None
    """Of the last push, if it failed."""
    journal_set_back_at: int | None = None
    """When the journal was last seen to lack records that had been taken in from it."""

    # Of everything but pushes: pulls, photos, heartbeats, reconciliations
    asking_hold_since: int | None = None
    asking_hold_until: int | None = None
    """Nobody asks before this; pushes go on."""
    last_pull_at: int | None = None
    """When the hall's data was last taken whole, or found to be the newest."""
    pull_failing_since: int | None = None
    pull_error: str | None = None
    """Why no answer came to the last pull, if none did."""
    pull_denied_since: int | None = None
    pull_denied: str | None = None
    """Why this device may not pull, if the platform says so."""
    data_refused_since: int | None = None
    data_refused: str | None = None
    """What was wrong with the last answer, and where."""
    photos_refused_since: int | None = None
    photos_refused: str | None = None
    heartbeat_failing_since: int | None = None
    heartbeat_error: str | None = None
    reconcile_failing_since: int | None = None
    reconcile_error: str | None = None
    last_reconciled_at: int | None = None

    # Of copies and exports, which others may bring to the platform
    last_backup_at: int | None = None
    backup_failing_since: int | None = None
    backup_error: str | None = None
    """Why no copy was made, if the last try made none."""
    backup_same_disk: int | None = None
    """1 where the copy lies on the disk that the storage is on."""
    exported_sequence: int | None = None
    exported_hash: str | None = None
    """The newest record that was handed out in a file."""


class DeliveryStore:
    """The delivery database of a storage directory. One thread at a time, any number of processes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open it, or create it. Raises `sqlite3.Error` or `OSError` where that is impossible."""
        return cls(open_database(directory / DELIVERY_FILE, migrations))

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    # Taking records in from the journal

    def admitted_head(self) -> Head:
        """How far the journal was taken in; `BEFORE_ALL` at first."""
        return self._head("admitted_head") or BEFORE_ALL

    def confirmed_head(self) -> Head | None:
        """The highest record known to be at the platform; with it `verify` finds a tail that was cut off."""
        return self._head("confirmed_head")

    def admit(self, records: Sequence[Record]) -> None:
        """Take the next records of the journal in, as waiting.

        In the same transaction as the head moves, so that no crash can leave a record below it without a row: that
        would mean "confirmed".
        """
        with write_transaction(self._connection):
            admitted, _ = self.admitted_head()
            new = [record for record in records if record.sequence > admitted]
            self._connection.executemany(
                "INSERT INTO outstanding (record_id, sequence, state) VALUES (?, ?, 'waiting') ON CONFLICT DO NOTHING",
                [(record.record_id, record.sequence) for record in new],
            )
            if new:
                self._set_head("admitted_head", (new[-1].sequence, new[-1].hash))

    def set_back(self, head: Head, at: int) -> None:
        """Take the journal in again from after `head`, because it is no longer the one that was taken in."""
        with write_transaction(self._connection):
            self._set_head("admitted_head", head)
            self._note({"journal_set_back_at": at})

    # What is due, and what became of it

    def release_elapsed(self, now: int) -> None:
        """Make those due whose wait is over, or is longer than any wait can be because the clock was set back."""
        with write_transaction(self._connection):
            self._connection.execute(RELEASE_PASSED, (now,))
            self._connection.execute(RELEASE_IMPOSSIBLE, (now + LONGEST_WAIT_MS,))

    def release_all(self) -> None:
        """Make every waiting record due now."""
        with write_transaction(self._connection):
            self._connection.execute(RELEASE_ALL)

    def due(self, limit: int) -> list[Outstanding]:
        """Up to `limit` records to try now, in the order of the journal."""
        return [Outstanding(*row) for row in self._connection.execute(DUE, (limit,))]

    def next_try_at(self) -> int | None:
        """When the next wait is over, of records not due already."""
        row = self._connection.execute(NEXT_TRY).fetchone()
        return int(row[0]) if row else None

    def attempts(self, record_id: str) -> int:
        """How often a record that is not confirmed was tried."""
        row = self._connection.execute("SELECT attempts FROM outstanding WHERE record_id = ?", (record_id,)).fetchone()
        return int(row[0]) if row else 0

    def settle(
        self,
        settlements: Iterable[Settlement],
        *,
        confirmed: Head | None = None,
        status: dict[str, int | str | None] | None = None,
    ) -> None:
        """Keep what one try made of its records.

        `confirmed` is the highest record that the platform now has, `status` changes fields of `PlatformStatus`.
        What another process has settled for good in the meantime stays as it is.
        """
        with write_transaction(self._connection):
            for settlement in settlements:
                self._settle(settlement)
            known = self.confirmed_head()
            if confirmed is not None and (known is None or confirmed[0] > known[0]):
                self._set_head("confirmed_head", confirmed)
            self._note(status or {})

    def _settle(self, settlement: Settlement) -> None:
        if settlement.state is State.CONFIRMED:
            self._connection.execute("DELETE FROM outstanding WHERE record_id = ?", (settlement.record_id,))
            return
        self._connection.execute(
            "UPDATE outstanding SET state = ?, attempts = attempts + 1, last_error = ?, next_try_at = ? "
            "WHERE record_id = ? AND state = 'waiting'",
            (settlement.state.value, settlement.error, settlement.next_try_at, settlement.record_id),
        )

    def send_again(self, records: Sequence[Record]) -> int:
        """Make records due that were confirmed or superseded and that the platform has lost; how many.

        What waits already and what the platform refused stays as it is: it never had that (R26).
        """
        with write_transaction(self._connection):
            rows = [(record.record_id, record.sequence) for record in records]
            return int(self._connection.executemany(SEND_AGAIN, rows).rowcount)

    def note(self, **status: int | str | None) -> None:
        """Change fields of `PlatformStatus`."""
        with write_transaction(self._connection):
            self._note(status)

    def note_exported(self, sequence: int, record_hash: str | None) -> None:
        """Keep how far records were handed out in a file: a restore must not give their sequences again."""
        if sequence > (self.status().exported_sequence or 0):
            self.note(exported_sequence=sequence, exported_hash=record_hash)

    # For technicians and health

    def status(self) -> PlatformStatus:
        """How the platform is."""
        known = {field.name for field in fields(PlatformStatus)}
        rows = self._connection.execute("SELECT key, value FROM status")
        return PlatformStatus(**{key: value for key, value in rows if key in known})

    def state_of(self, record: Record) -> State:
        """What has become of one record."""
        row = self._connection.execute(
            "SELECT state FROM outstanding WHERE record_id = ?", (record.record_id,)
        ).fetchone()
        if row is not None:
            return State(row[0])
        return State.CONFIRMED if record.sequence <= self.admitted_head()[0] else State.WAITING

    def counts(self, journal: RecordSource) -> dict[State, int]:
        """How many records wait and how many are refused."""
        rows = self._connection.execute("SELECT state, count(*) FROM outstanding GROUP BY state")
        counted = {State(state): int(count) for state, count in rows}
        return {
            State.WAITING: counted.get(State.WAITING, 0) + journal.count_after(self.admitted_head()[0]),
            State.REFUSED: counted.get(State.REFUSED, 0),
        }

    def oldest_waiting(self, journal: RecordSource) -> Record | None:
        """The oldest record that still has to reach the platform."""
        row = self._connection.execute(OLDEST_WAITING).fetchone()
        if row is not None:
            return next(iter(journal.records_by_sequence([int(row[0])])), None)
        return next(iter(journal.records_after(self.admitted_head()[0], 1)), None)

    def something_waits(self, journal: RecordSource) -> bool:
        """Whether any record still has to reach the platform; refused ones do not count."""
        if self._connection.execute("SELECT 1 FROM outstanding WHERE state = 'waiting' LIMIT 1").fetchone():
            return True
        return bool(journal.records_after(self.admitted_head()[0], 1))

    def pending(self, journal: RecordSource) -> Iterator[PendingRecord]:
        """Waiting records, those never tried included, and refused ones, in the order of the journal."""
        hold_until = self.status().hold_until
        told = set()
        for row in self._connection.execute(PENDING).fetchall():
            pending = PendingRecord(row[0], row[1], State(row[2]), *row[3:])
            told.add(pending.record_id)
            yield _held(pending, hold_until)
        after, _ = self.admitted_head()
        while page := journal.records_after(after, 500):
            for record in page:
                if record.record_id not in told:  # known from before the journal was set back
                    never_tried = PendingRecord(record.record_id, record.sequence, State.WAITING, 0, None, None)
                    yield _held(never_tried, hold_until)
            after = page[-1].sequence

    def resend(self, record_id: str, journal: RecordSource) -> None:
        """Make a waiting or refused record due now (R26). Raises `NotResendableError`."""
        with write_transaction(self._connection):
            if self._connection.execute(f"{RESEND} AND record_id = ?", (record_id,)).rowcount:
                return
        record = journal.record_by_id(record_id)
        if record is None:
            raise NotResendableError(f"{record_id}: no such record")
        if record.sequence <= self.admitted_head()[0]:
            raise NotResendableError(f"{record_id}: the platform has it already; nothing is left to send")

    def resend_all(self) -> int:
        """Make all waiting and refused records due now, and count those that had been tried."""
        with write_transaction(self._connection):
            return int(self._connection.execute(RESEND).rowcount)

    # Rows

    def _head(self, table: str) -> Head | None:
        row = self._connection.execute(f"SELECT sequence, hash FROM {table}").fetchone()  # noqa: S608
        return (int(row[0]), str(row[1])) if row else None

    def _set_head(self, table: str, head: Head) -> None:
        self._connection.execute(f"INSERT OR REPLACE INTO {table} (id, sequence, hash) VALUES (1, ?, ?)", head)  # noqa: S608

    def _note(self, status: dict[str, int | str | None]) -> None:
        self._connection.executemany("INSERT OR REPLACE INTO status (key, value) VALUES (?, ?)", status.items())


def _held(pending: PendingRecord, hold_until: int | None) -> PendingRecord:
    """The record with the time at which it can really be tried, which a hold may put off."""
    if pending.state is not State.WAITING or hold_until is None:
        return pending
    return PendingRecord(**{**vars(pending), "next_try_at": max(pending.next_try_at or 0, hold_until)})


def _rfc3339(milliseconds: int | None) -> str | None:
    if milliseconds is None:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, CHINA_TIME).isoformat(timespec="milliseconds")
