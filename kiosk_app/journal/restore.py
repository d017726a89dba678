"""Bringing a copy back without a fork: `docs/decisions/0014-restore-without-a-fork.md` (R12, R29).

Everything is made ready beside the storage's files and put in place in one go; what was there is kept under another
name. Until the last file is in its place, nothing else opens or begins a journal here, whoever is killed when.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.domain.moments import Clock, Moment
from kiosk_app.domain.records import Draft, Kind, Record
from kiosk_app.journal import schema
from kiosk_app.journal.backup import BACKUP_LOCK_FILE, BackupError, Copy, check_copy, copy_file, sync_directory
from kiosk_app.journal.damaged import NotHere, newest_readable, readable_records
from kiosk_app.journal.database import (
    AGENT_LOCK_FILE,
    APP_LOCK_FILE,
    DELIVERY_FILE,
    HALL_FILE,
    JOURNAL_FILE,
    PENDING_RESTORE,
    connect,
    exclusively,
    only_one,
    open_database,
)
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.journal import AlreadyRecordedError, Head, Journal, JournalUnavailableError
from kiosk_app.journal.signing_key import SIGNING_KEY_FILE, SigningKeyError, load_signing_key
from kiosk_app.journal.verification import verify

RESTORE_ACTION = "restore"
FREE_A_DAY = 100_000
"""Sequences left free for each day since the copy, where nobody can be asked: more than a terminal records."""
_MOST_FREE = 10_000_000
_STAGING = "restore.new"
_ASIDE = "before-restore"
_ASIDE_NUMBER_FILE = "aside"
_FILES = (JOURNAL_FILE, DELIVERY_FILE, HALL_FILE, SIGNING_KEY_FILE)
_SIDECARS = ("-wal", "-shm", "")
"""In the order in which they are put aside: a log must never meet another database."""


class RestoreError(RuntimeError):
    """Nothing was restored, and nothing changed; one line that says what to do."""


@dataclass(frozen=True)
class Held:
    """The newest record that somebody is known to hold."""

    sequence: int
    hash: str | None = None
    """None where only the sequence is known."""


Ask = Callable[[Head], Held | None]
"""Asks the platform what it holds after a record; None: nothing. Raises `RestoreError` where it does not answer."""


@dataclass(frozen=True)
class Restored:
    """What was done."""

    copy: Path | None
    copied_to: int = 0
    """The newest record of the copy."""
    rescued: int = 0
    """Records that came after it and could be read in the damaged journal."""
    goes_on_at: int = 0
    missing: tuple[int, int] | None = None
    """Sequences that are not here and may be with the platform."""
    key_only: bool = False
    """Whether the journal was whole and only its key was missing."""
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Circumstances:
    """Who restores, on what, and whom one may ask."""

    device_id: str
    operator: str
    software: str
    clock: Clock
    ask: Ask | None
    """None: nobody can be asked."""
    set_aside: bool = False
    """Whether readable records that the copy lacks may be put aside: they were exported."""


def restore(directory: Path, copy: Copy | None, by: Circumstances) -> Restored:
    """Bring a copy into a storage directory; finish first what was cut off. Raises `RestoreError`."""
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o750)
        with _alone(directory):
            if (directory / PENDING_RESTORE).exists():
                return Restored(None, set_aside=_put_in_place(directory))
            if copy is None:
                raise RestoreError("no copy was given")
            return _restore(directory, copy, by)
    except (BackupError, JournalUnavailableError, SigningKeyError, OSError, sqlite3.Error) as error:
        raise RestoreError(str(error)) from error


def was_cut_off(directory: Path) -> bool:
    """Whether a restore only has to be finished here."""
    return (directory / PENDING_RESTORE).exists()


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Nobody else serves, copies or opens this storage meanwhile."""
    holders = {
        APP_LOCK_FILE: "kiosk-app runs on this storage; stop it first",
        AGENT_LOCK_FILE: "sync-agent serves this storage; stop it first",
        BACKUP_LOCK_FILE: "a backup of this storage is under way; wait for its end",
    }
    with ExitStack() as locks:
        for file, words in holders.items():
            try:
                locks.enter_context(only_one(directory / file))
            except BlockingIOError:
                raise RestoreError(words) from None
        for file in (JOURNAL_FILE, DELIVERY_FILE, HALL_FILE):
            locks.enter_context(exclusively((directory / file).with_suffix(".lock")))
        yield


def _restore(directory: Path, copy: Copy, by: Circumstances) -> Restored:
    if copy.device_id != by.device_id:
        raise RestoreError(f"{copy.path} is a copy of {copy.device_id}, not of {by.device_id}")
    staging = directory / _STAGING
    shutil.rmtree(staging, ignore_errors=True)
    _stage(copy, staging)
    old = _Old(directory, staging)
    if old.is_whole and old.holds(copy.head):
        return _restored_key(directory, staging, copy, by, old)
    with closing(_open_staged(staging, by)) as journal:
        rescued = _rescue(journal, old, by, copy.head)
        head = journal.head() or copy.head
        goes_on = _place_to_go_on(head, _known(journal, old, by, head), copy, by)
        _begin_again(journal, goes_on, copy, by, rescued)
    verdict = verify(staging)
    if not verdict.holds:
        raise RestoreError(f"what would be restored does not hold: {verdict.problem}; try another copy with --from")
    _settle_staged(staging)
    (staging / _ASIDE_NUMBER_FILE).write_text(str(_free_number(directory)))
    for path in (*staging.iterdir(), staging):
        sync_directory(path) if path.is_dir() else _sync_file(path)
    staging.rename(directory / PENDING_RESTORE)
    sync_directory(directory)
    aside = _put_in_place(directory)
    return Restored(copy.path, copy.head[0], rescued, goes_on.at, goes_on.missing, set_aside=aside)


def _stage(copy: Copy, staging: Path) -> None:
    """The copy's files, checked, beside those of the storage. Raises `BackupError`, `RestoreError`."""
    check_copy(copy)
    staging.mkdir(mode=0o700)
    for name in _FILES:
        if (copy.path / name).is_file():
            copy_file(copy.path / name, staging / name)
    verdict = verify(staging)
    if not verdict.holds:
        raise RestoreError(f"{copy.path}: the copied journal does not hold: {verdict.problem}; try another copy")
    if verdict.head != copy.head:
        raise RestoreError(f"{copy.path}: its journal is not the one that its manifest names; try another copy")


class _Old:
    """What stands in the storage directory now."""

    def __init__(self, directory: Path, staging: Path) -> None:
        self.directory = directory
        self.journal = directory / JOURNAL_FILE
        self.exists = self.journal.exists()
        self.is_whole = self.exists and verify(directory, key_directory=staging).holds
        self.has_other_key = _has_other_key(directory, staging)
        self.lacks_key = not _has_key(directory)

    def holds(self, head: Head) -> bool:
        """Whether its journal has this very record."""
        return any(isinstance(r, Record) and (r.sequence, r.hash) == head for r in self.records_after(head[0] - 1, 1))

    def records_after(self, sequence: int, limit: int | None = None) -> Iterator[Record | NotHere]:
        """What can be read of its journal."""
        if not self.exists:
            return
        try:
            with closing(connect(self.journal, read_only=True)) as connection:
                for count, found in enumerate(readable_records(connection, sequence)):
                    if limit is not None and count >= limit:
                        return
                    yield found
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
        found = next((r for r in self.records_after(newest - 1, 1) if isinstance(r, Record)), None)
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


def _restored_key(directory: Path, staging: Path, copy: Copy, by: Circumstances, old: _Old) -> Restored:
    """A journal that is whole needs nothing but its key. Raises `RestoreError` where it has that, too."""
    if not (old.lacks_key or old.has_other_key):
        raise RestoreError(
            f"the journal in {directory} is whole and holds all that the copy of {copy.at} holds, "
            f"and {old.newest() - copy.head[0]} records more; there is nothing to restore"
        )
    number = _free_number(directory)
    aside: tuple[str, ...] = ()
    if (directory / SIGNING_KEY_FILE).exists():
        (directory / SIGNING_KEY_FILE).rename(directory / _aside_name(SIGNING_KEY_FILE, number))
        aside = (_aside_name(SIGNING_KEY_FILE, number),)
    (staging / SIGNING_KEY_FILE).rename(directory / SIGNING_KEY_FILE)
    sync_directory(directory)
    shutil.rmtree(staging)
    journal = Journal(connect(directory / JOURNAL_FILE), directory, by.device_id, load_signing_key(directory))
    with closing(journal):
        journal.append(_action(by, copy, "only the signing key, which was missing"))
    return Restored(copy.path, copy.head[0], key_only=True, set_aside=aside)


def _open_staged(staging: Path, by: Circumstances) -> Journal:
    connection = open_database(staging / JOURNAL_FILE, schema.migrations)
    return Journal(connection, staging, by.device_id, load_signing_key(staging))


def _rescue(journal: Journal, old: _Old, by: Circumstances, head: Head) -> int:
    """Take over what the old journal holds beyond the copy, as far as it joins on. Raises `RestoreError`.

    What can be read and does not join on is not dropped silently: it must have been exported.
    """
    if not old.exists:
        return 0
    if not old.has_other_key and _is_the_same(journal, old, head):
        return _joined(journal, old, by, head)
    own = journal.connection
    strangers = [
        found.sequence
        for found in old.records_after(0)
        if isinstance(found, Record)
        and own.execute("SELECT 1 FROM records WHERE hash = ?", (found.hash,)).fetchone() is None
    ]
    _refuse_to_drop(strangers, by)
    return 0


def _joined(journal: Journal, old: _Old, by: Circumstances, head: Head) -> int:
    rescued, left = 0, []
    joins = True
    for found in old.records_after(head[0]):
        if not isinstance(found, Record):
            continue
        if joins:
            try:
                journal.take_over(found)
                rescued += 1
                continue
            except (AlreadyRecordedError, JournalUnavailableError):
                joins = False
        left.append(found.sequence)
    _refuse_to_drop(left, by)
    return rescued


def _is_the_same(journal: Journal, old: _Old, head: Head) -> bool:
    """Whether the old journal's newest common record is the copy's: else it is another journal, or another branch."""
    before = next((f for f in old.records_after(head[0] - 1, 1) if isinstance(f, Record)), None)
    if before is not None and before.sequence == head[0]:
        return before.hash == head[1]
    # Damaged there, or shorter, or begun anew after it.
    first = next((f for f in old.records_after(0, 2) if isinstance(f, Record)), None)
    if first is None or first.sequence > head[0]:
        return True
    mine = journal.records_by_sequence([first.sequence])
    return bool(mine) and mine[0].hash == first.hash


def _refuse_to_drop(sequences: list[int], by: Circumstances) -> None:
    if sequences and not by.set_aside:
        raise RestoreError(
            f"the journal here holds {len(sequences)} readable records that are not in the copy and do not join on to "
            f"it (from sequence {sequences[0]} to {sequences[-1]}): save them with kiosk-admin export FILE --all, "
            "then restore with --set-aside"
        )


def _known(journal: Journal, old: _Old, by: Circumstances, head: Head) -> list[Held] | None:
    """Records that somebody may hold beyond the restored ones; None where nobody can tell."""
    sent = old.sent()
    if sent is not None and any(_contradicts(journal, held, head) for held in sent):
        sent = None  # delivery's file belongs to another journal than the copy does
    known = [*(sent or []), *([] if old.has_other_key else old.newest_held())]
    if by.ask is None:
        return known if sent is not None else None
    held = by.ask(head)
    if held is None:
        return known
    if _contradicts(journal, held, head):
        raise RestoreError(
            f"the platform holds another record at sequence {held.sequence} than the copy: it is not of this device's "
            "journal, or two machines went on with the same one; ask the platform's administrator, and try another copy"
        )
    return [*known, held]


def _contradicts(journal: Journal, held: Held, head: Head) -> bool:
    """Whether somebody holds another record than ours in the same place."""
    if held.hash is None or held.sequence > head[0]:
        return False
    return any(mine.hash != held.hash for mine in journal.records_by_sequence([held.sequence]))


@dataclass(frozen=True)
class _GoesOn:
    """Where the restored journal goes on."""

    at: int
    previous: Head
    """The record that it names as the one before."""
    missing: tuple[int, int] | None = None
    """Sequences that are not here."""


def _place_to_go_on(head: Head, known: list[Held] | None, copy: Copy, by: Circumstances) -> _GoesOn:
    """Behind everything that anybody may hold.

    It names the newest record there is as the one before, if anybody knows its hash. If not, it names the newest that
    is here, and one sequence stays free: no platform then takes the one for the other.
    """
    if known is None:
        last = head[0] + _free_sequences(copy, by.clock.now())
        return _GoesOn(last + 1, head, (head[0] + 1, last))
    newest = max(known, key=lambda held: (held.sequence, held.hash is not None), default=Held(0))
    if newest.sequence <= head[0]:
        return _GoesOn(head[0] + 1, head)
    if newest.hash is not None:
        return _GoesOn(newest.sequence + 1, (newest.sequence, newest.hash), (head[0] + 1, newest.sequence))
    return _GoesOn(newest.sequence + 2, head, (head[0] + 1, newest.sequence + 1))


def _free_sequences(copy: Copy, now: Moment) -> int:
    days = (now.wall - datetime.fromisoformat(copy.at)).days + 1
    return min(max(days, 1) * FREE_A_DAY, _MOST_FREE)


def _begin_again(journal: Journal, goes_on: _GoesOn, copy: Copy, by: Circumstances, rescued: int) -> None:
    """The records that tell of it: everything that must know of a restore looks for the first of them."""
    outcome = f"records up to {copy.head[0]} from the copy of {copy.at}"
    if rescued:
        outcome += f", {rescued} more from the damaged journal"
    reason = f"restored from the copy of {copy.at}"
    if goes_on.missing is not None:
        lost = f"sequences {goes_on.missing[0]} to {goes_on.missing[1]} are not here"
        outcome, reason = f"{outcome}; {lost}", f"{reason}; {lost}"
    journal.begin_again(goes_on.at, goes_on.previous, reason, by.software, by.clock.now())
    journal.append(_action(by, copy, outcome))


def _action(by: Circumstances, copy: Copy, outcome: str) -> Draft:
    payload = {"operator": by.operator, "action": RESTORE_ACTION, "target": str(copy.path), "outcome": outcome}
    return Draft(Kind.OPERATOR_ACTION, payload, by.clock.now())


def _settle_staged(staging: Path) -> None:
    """Both other databases, there in any case; the hall's data counts as not pulled, as leases went on meanwhile."""
    DeliveryStore.open(staging).close()
    with closing(HallStore.open(staging)) as hall:
        hall.forget_version()
    for file in (DELIVERY_FILE, HALL_FILE, JOURNAL_FILE):
        with closing(connect(staging / file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        log = staging / f"{file}-wal"
        if log.exists() and log.stat().st_size:
            raise RestoreError(f"{log}: not all could be brought into the database; try again")
        for left in (log, staging / f"{file}-shm", (staging / file).with_suffix(".lock")):
            left.unlink(missing_ok=True)


def _put_in_place(directory: Path) -> tuple[str, ...]:
    """Put old files aside and new ones in their place; begun again where it was cut off."""
    pending = directory / PENDING_RESTORE
    number = int((pending / _ASIDE_NUMBER_FILE).read_text())
    for name in _FILES:
        if not (pending / name).exists():
            continue  # in its place already
        for suffix in _SIDECARS:
            if (directory / f"{name}{suffix}").exists():
                (directory / f"{name}{suffix}").rename(directory / _aside_name(f"{name}{suffix}", number))
        (pending / name).rename(directory / name)
        sync_directory(directory)
    aside = tuple(sorted(path.name for path in directory.glob(f"*.{_ASIDE}-{number}")))
    for path in pending.iterdir():
        if path.name != _ASIDE_NUMBER_FILE:
            path.unlink()
    _make_room(pending, directory)
    return aside


def _make_room(pending: Path, directory: Path) -> None:
    """The last step at once: with the directory's name goes what forbids to open the journal."""
    done = directory / f"{_STAGING}.done"
    shutil.rmtree(done, ignore_errors=True)
    pending.rename(done)
    shutil.rmtree(done)
    sync_directory(directory)


def _aside_name(name: str, number: int) -> str:
    return f"{name}.{_ASIDE}-{number}"


def _free_number(directory: Path) -> int:
    taken = {path.name.rpartition("-")[2] for path in directory.glob(f"*.{_ASIDE}-*")}
    return next(number for number in range(1, len(taken) + 2) if str(number) not in taken)


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


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
