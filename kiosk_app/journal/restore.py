"""Bringing a copy back without a fork: `docs/decisions/0014-restore-without-a-fork.md` (R12, R29).

A record after the copy's head may be with the platform. So the journal never gives a sequence again that anybody may
hold: it goes on behind all of them, and its next record, a `journal_started`, says so. Everything is made ready beside
the storage's files and takes their place in one go; what was there is kept under another name.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.domain.moments import Clock, Moment
from kiosk_app.domain.records import ZERO_HASH, Draft, Kind, Record
from kiosk_app.journal import schema, switch
from kiosk_app.journal.backup import BACKUP_LOCK_FILE, BackupError, Copy, check_copy, copy_file, sync_directory
from kiosk_app.journal.database import (
    AGENT_LOCK_FILE,
    APP_LOCK_FILE,
    DELIVERY_FILE,
    HALL_FILE,
    JOURNAL_FILE,
    connect,
    exclusively,
    only_one,
    open_database,
)
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.journal import AlreadyRecordedError, Head, Journal, JournalUnavailableError
from kiosk_app.journal.old_storage import Held, OldStorage
from kiosk_app.journal.signing_key import SIGNING_KEY_FILE, SigningKeyError, create_signing_key, load_signing_key
from kiosk_app.journal.verification import verify

RESTORE_ACTION = "restore"
FREE_A_DAY = 100_000
"""Sequences left free for each day since the copy, where nobody can be asked: more than a terminal records."""
MOST_FREE = 10_000_000
_NOTHING: Head = (0, ZERO_HASH)


class RestoreError(RuntimeError):
    """Nothing was restored, and nothing changed; one line that says what to do."""


Ask = Callable[[Head], Held | None]
"""Asks the platform what it holds after a record; None: nothing. Raises `RestoreError` where it does not answer."""


@dataclass(frozen=True)
class Restored:
    """What was done."""

    copy: Path | None = None
    copied_to: int = 0
    """The newest record of the copy."""
    rescued: int = 0
    """Records that came after it and could be read in the damaged journal."""
    goes_on_at: int = 0
    missing: tuple[int, int] | None = None
    """Sequences that are not here and may be with the platform."""
    finished: bool = False
    """Whether a restore that was cut off was finished, and nothing else done."""
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
    """Bring a copy into a storage directory; finish first what was cut off. Raises `RestoreError`.

    Without a copy nothing is left of the old journal: a new one begins behind what the platform holds.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o750)
        with _alone(directory):
            if switch.is_pending(directory):
                return Restored(finished=True, set_aside=switch.finish(directory))
            try:
                return _Restoring(directory, copy, by).run()
            finally:
                shutil.rmtree(directory / switch.STAGING, ignore_errors=True)
    except (BackupError, JournalUnavailableError, SigningKeyError, OSError, sqlite3.Error) as error:
        raise RestoreError(str(error)) from error


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


@dataclass(frozen=True)
class _GoesOn:
    """Where the restored journal goes on."""

    at: int
    previous: Head
    """The record that it names as the one before."""
    missing: tuple[int, int] | None = None
    """Sequences that are not here."""


class _Restoring:
    """One restore, while nobody else is there."""

    def __init__(self, directory: Path, copy: Copy | None, by: Circumstances) -> None:
        if copy is not None and copy.device_id != by.device_id:
            raise RestoreError(f"{copy.path} is a copy of {copy.device_id}, not of {by.device_id}")
        self._directory = directory
        self._staging = directory / switch.STAGING
        self._copy = copy
        self._by = by
        switch.clear(directory)
        self._staging.mkdir(mode=0o700)
        if copy is not None:
            self._stage(copy)
        else:
            self._stage_nothing()
        self._old = OldStorage(directory, self._staging)

    def run(self) -> Restored:
        """Do it."""
        copy, old = self._copy, self._old
        if copy is not None and old.is_whole and old.holds(copy.head):
            return self._restored_key(copy)
        connection = open_database(self._staging / JOURNAL_FILE, schema.migrations)
        with closing(
            Journal(connection, self._staging, self._by.device_id, load_signing_key(self._staging))
        ) as journal:
            rescued = self._rescue(journal)
            head = journal.head() or _NOTHING
            goes_on = self._place_to_go_on(head, self._known(journal, head))
            self._begin_again(journal, goes_on, rescued)
        verdict = verify(self._staging, from_any_start=True)
        if not verdict.holds:
            raise RestoreError(f"what would be restored does not hold: {verdict.problem}; try another copy with --from")
        self._settle_staged()
        aside = switch.commit(self._directory)
        return Restored(
            copy=copy.path if copy is not None else None,
            copied_to=copy.head[0] if copy is not None else 0,
            rescued=rescued,
            goes_on_at=goes_on.at,
            missing=goes_on.missing,
            set_aside=aside,
        )

    # Making ready

    def _stage(self, copy: Copy) -> None:
        """The copy's files, checked, beside those of the storage. Raises `BackupError`, `RestoreError`."""
        check_copy(copy)
        for name in switch.FILES:
            if (copy.path / name).is_file():
                copy_file(copy.path / name, self._staging / name)
        verdict = verify(self._staging, from_any_start=True)
        if not verdict.holds:
            raise RestoreError(f"{copy.path}: the copied journal does not hold: {verdict.problem}; try another copy")
        if verdict.head != copy.head:
            raise RestoreError(f"{copy.path}: its journal is not the one that its manifest names; try another copy")

    def _stage_nothing(self) -> None:
        """A journal without records, and the key that is here, or a new one."""
        try:
            load_signing_key(self._directory)
        except SigningKeyError:
            create_signing_key(self._staging)
        else:
            copy_file(self._directory / SIGNING_KEY_FILE, self._staging / SIGNING_KEY_FILE)

    def _settle_staged(self) -> None:
        """Both other databases, there in any case; the hall's data counts as not pulled: leases went on meanwhile."""
        DeliveryStore.open(self._staging).close()
        with closing(HallStore.open(self._staging)) as hall:
            hall.forget_version()

    def _restored_key(self, copy: Copy) -> Restored:
        """A journal that is whole needs nothing but its key. Raises `RestoreError` where it has that, too."""
        directory, old = self._directory, self._old
        if old.has_its_key:
            raise RestoreError(
                f"the journal in {directory} is whole and holds all that the copy of {copy.at} holds, "
                f"and {old.newest() - copy.head[0]} records more; there is nothing to restore"
            )
        aside = switch.put_aside(directory, SIGNING_KEY_FILE)
        (self._staging / SIGNING_KEY_FILE).rename(directory / SIGNING_KEY_FILE)
        sync_directory(directory)
        connection = connect(directory / JOURNAL_FILE)
        with closing(Journal(connection, directory, self._by.device_id, load_signing_key(directory))) as journal:
            journal.append(self._action("only the signing key, which was missing"))
        return Restored(copy.path, copy.head[0], key_only=True, set_aside=aside)

    # What is here, and what others hold

    def _rescue(self, journal: Journal) -> int:
        """Take over what the old journal holds beyond the copy, as far as it joins on. Raises `RestoreError`.

        What can be read and does not join on is never dropped silently: it must have been exported.
        """
        rescued, left = 0, []
        head = journal.head()
        joins = head is not None and not self._old.has_other_key and self._is_the_same(journal, head)
        for found in self._old.records_after(head[0] if joins and head is not None else 0):
            if not isinstance(found, Record) or _holds(journal, found):
                continue
            if joins:
                try:
                    journal.take_over(found)
                    rescued += 1
                    continue
                except (AlreadyRecordedError, JournalUnavailableError):
                    joins = False
            left.append(found.sequence)
        if left and not self._by.set_aside:
            raise RestoreError(
                f"the journal here holds {len(left)} readable records that are not in the copy and do not join on to "
                f"it (from sequence {left[0]} to {left[-1]}): save them with kiosk-admin export FILE --all, "
                "then restore with --set-aside"
            )
        return rescued

    def _is_the_same(self, journal: Journal, head: Head) -> bool:
        """Whether the old journal is the copy's own: not another one, nor another branch of it."""
        at_head = self._old.first_after(head[0] - 1)
        if at_head is not None and at_head.sequence == head[0]:
            return at_head.hash == head[1]
        # Damaged there, or shorter, or begun anew after it.
        first = self._old.first_after(0)
        return first is None or first.sequence > head[0] or _holds(journal, first)

    def _known(self, journal: Journal, head: Head) -> list[Held] | None:
        """Records that somebody may hold; None where nobody can tell."""
        old, ask = self._old, self._by.ask
        sent = old.sent()
        if sent is not None and any(_contradicts(journal, held, head) for held in sent):
            sent = None  # delivery's file belongs to another journal than the copy does
        known = [*(sent or []), *([] if old.has_other_key else old.newest_held())]
        if ask is None:
            return known if sent is not None else None
        held = ask(head)
        if held is None:
            return known
        if _contradicts(journal, held, head):
            raise RestoreError(
                f"the platform holds another record at sequence {held.sequence} than the copy: it is not of this "
                "device's journal, or two machines went on with the same one; ask the platform's administrator, and "
                "try another copy"
            )
        return [*known, held]

    def _place_to_go_on(self, head: Head, known: list[Held] | None) -> _GoesOn:
        """Behind everything that anybody may hold.

        It names the newest record there is as the one before, if anybody knows its hash. If not, it names the newest
        that is here, and one sequence stays free: no platform then takes the one for the other.
        """
        if known is None:
            if self._copy is None:
                raise RestoreError("without a copy the platform must be asked what it holds; leave --offline away")
            last = head[0] + _free_sequences(self._copy, self._by.clock.now())
            return _GoesOn(last + 1, head, (head[0] + 1, last))
        newest = max(known, key=lambda held: (held.sequence, held.hash is not None), default=Held(0))
        if newest.sequence == head[0] == 0:
            raise RestoreError("the platform holds nothing of this device; just start kiosk-app")
        if newest.sequence <= head[0]:
            return _GoesOn(head[0] + 1, head)
        if newest.hash is not None:
            return _GoesOn(newest.sequence + 1, (newest.sequence, newest.hash), (head[0] + 1, newest.sequence))
        return _GoesOn(newest.sequence + 2, head, (head[0] + 1, newest.sequence + 1))

    # What is recorded of it

    def _begin_again(self, journal: Journal, goes_on: _GoesOn, rescued: int) -> None:
        """The records that tell of it: everything that must know of a restore looks for the first of them."""
        copy = self._copy
        reason = f"restored from the copy of {copy.at}" if copy else "nothing was left of the journal before"
        outcome = f"records up to {copy.head[0]} from the copy of {copy.at}" if copy else "a new journal"
        if rescued:
            outcome += f", {rescued} more from the damaged journal"
        if goes_on.missing is not None:
            lost = f"sequences {goes_on.missing[0]} to {goes_on.missing[1]} are not here"
            outcome, reason = f"{outcome}; {lost}", f"{reason}; {lost}"
        journal.begin_again(goes_on.at, goes_on.previous, reason, self._by.software, self._by.clock.now())
        journal.append(self._action(outcome))

    def _action(self, outcome: str) -> Draft:
        target = str(self._copy.path) if self._copy is not None else "without a copy"
        payload = {"operator": self._by.operator, "action": RESTORE_ACTION, "target": target, "outcome": outcome}
        return Draft(Kind.OPERATOR_ACTION, payload, self._by.clock.now())


def _holds(journal: Journal, record: Record) -> bool:
    return any(mine.hash == record.hash for mine in journal.records_by_sequence([record.sequence]))


def _contradicts(journal: Journal, held: Held, head: Head) -> bool:
    """Whether somebody holds another record than ours in the same place."""
    if held.hash is None or held.sequence > head[0]:
        return False
    return any(mine.hash != held.hash for mine in journal.records_by_sequence([held.sequence]))


def _free_sequences(copy: Copy, now: Moment) -> int:
    days = (now.wall - datetime.fromisoformat(copy.at)).days + 1
    return min(max(days, 1) * FREE_A_DAY, MOST_FREE)
