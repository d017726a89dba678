"""Several real processes on one journal; each may be killed at any instruction (no record lost, none doubled)."""

import itertools
import random
from contextlib import ExitStack, closing
from pathlib import Path

import pysqlite3 as sqlite3
import pytest

from kiosk_app.domain.records import Kind, Record
from kiosk_app.journal.journal import Journal, JournalUnavailableError
from kiosk_app.journal.reader import JournalReader
from kiosk_app.journal.verification import verify
from tests.journal import drafts, worker
from tests.journal.storage import open_journal
from tests.journal.worker import process, told
from tests.manual_clock import ManualClock

VISITS = 60


def all_of(storage: Path) -> dict[int, str]:
    with closing(JournalReader.open(storage)) as reader:
        return {record.sequence: record.hash for record in reader.all_records()}


def test_processes_append_and_read_at_once_and_none_is_ever_turned_away(storage: Path) -> None:
    open_journal(storage).close()
    acknowledged: list[tuple[int, str]] = []
    with ExitStack() as running:
        writers = [running.enter_context(process(worker.write, storage, VISITS)) for _ in range(3)]
        _, reading = running.enter_context(process(worker.read, storage))
        assert reading.recv() == "reading"
        for child, pipe in writers:
            assert pipe.recv() == "started"
            acknowledged += told(pipe)
            child.join()
            assert child.exitcode == 0
        reading.send("stop")
        seen, faults = reading.recv()
    assert faults == []
    assert seen >= 1
    assert len(acknowledged) == 3 * VISITS * 3
    # Every record acknowledged to anyone is there, once, with the hash that was told.
    assert all_of(storage) | dict(acknowledged) == all_of(storage)
    assert len(all_of(storage)) == len(acknowledged) + 1
    assert verify(storage).holds


def test_many_processes_that_open_a_new_storage_at_once_start_one_journal(storage: Path) -> None:
    with ExitStack() as running:
        children = [running.enter_context(process(worker.start, storage)) for _ in range(8)]
        for _, pipe in children:
            assert pipe.recv() == "ready"
        for _, pipe in children:
            pipe.send("now")
        heads = [pipe.recv() for _, pipe in children]
    with closing(JournalReader.open(storage)) as reader:
        kinds = [record.kind for record in reader.all_records()]
    assert kinds.count(Kind.JOURNAL_STARTED) == 1
    assert sorted(sequence for sequence, _ in heads) == list(range(2, 10))
    assert verify(storage).count == 9


def test_a_writer_killed_at_any_moment_leaves_a_whole_chain_and_loses_nothing_told(storage: Path) -> None:
    moments = random.Random(20261122)
    acknowledged: dict[int, str] = {}
    for _ in range(30):
        kill_after = moments.randint(1, 12)
        with process(worker.write, storage, 1_000_000) as (child, pipe):
            assert pipe.recv() == "started"
            for count, (sequence, record_hash) in enumerate(told(pipe), start=1):
                acknowledged[sequence] = record_hash
                if count == kill_after:
                    child.kill()
        assert all_of(storage).items() >= acknowledged.items()
        verdict = verify(storage)
        assert verdict.holds, verdict
    assert len(acknowledged) > 100


@pytest.mark.parametrize(
    "file", ["journal.lock", "journal.sqlite3", "journal.sqlite3-wal", "start.lock", "signing.key.new", "signing.key"]
)
def test_a_process_killed_while_it_starts_the_journal_leaves_one_that_can_be_started(
    storage: Path, clock: ManualClock, file: str
) -> None:
    for moment in range(4):
        directory = storage / str(moment)
        with process(worker.write, directory, 1_000_000) as (child, pipe):
            assert pipe.recv() == "started"
            # Passing files may come and go between two looks; what has been acknowledged comes after all of them.
            while not (directory / file).exists() and not pipe.poll():
                pass
            child.kill()
            child.join()
            acknowledged = dict(told(pipe))
        with closing(open_journal(directory, clock)) as journal:
            journal.append(drafts.action(clock.now()))
        kept = all_of(directory)
        assert kept.items() >= acknowledged.items()
        assert verify(directory).holds


def test_a_full_disk_loses_nothing_and_it_works_again_afterwards(storage: Path) -> None:
    """R27 of the disk: "cannot record" is a state that heals."""
    for room in (0, 1, 700, 5_000, 40_000, 400_000):
        with process(worker.fill_the_disk, storage, room) as (_, pipe):
            *refusals, kept, again = told(pipe)
        assert [word for word, _ in refusals] == ["refused"] * 3, refusals
        assert kept[1] == kept[2], "what was refused left no trace, what was acknowledged is there"
        assert again[0] == "again"
        assert again[1][0] == kept[1][0] + 3
        assert verify(storage).head == again[1]


def test_a_database_that_may_not_grow_loses_nothing_and_works_again(
    journal: Journal, clock: ManualClock, storage: Path
) -> None:
    """The other error of a full disk: SQLITE_FULL instead of an I/O error."""
    pages = journal.connection.execute("PRAGMA page_count").fetchone()[0]
    journal.connection.execute(f"PRAGMA max_page_count = {pages}")
    kept: list[Record] = []
    with pytest.raises(JournalUnavailableError, match="full"):
        kept.extend(itertools.chain.from_iterable(journal.append(drafts.action(clock.now())) for _ in range(1_000)))
    head = journal.head()
    assert head == (len(kept) + 1, kept[-1].hash)
    journal.connection.execute("PRAGMA max_page_count = 1000000")
    assert journal.append(drafts.action(clock.now()))[0].sequence == len(kept) + 2
    assert verify(storage).holds


def test_a_writer_waits_for_another_instead_of_failing(storage: Path, clock: ManualClock) -> None:
    with closing(open_journal(storage, clock)) as here, process(worker.write, storage, 1) as (child, pipe):
        assert pipe.recv() == "started"
        here.connection.execute("BEGIN IMMEDIATE")
        assert not pipe.poll(0.3), "nothing is acknowledged while another process holds the lock"
        here.connection.execute("COMMIT")
        assert len(list(told(pipe))) == 3
        child.join()
        assert child.exitcode == 0


def test_a_reader_is_never_blocked_by_a_writer(storage: Path, journal: Journal) -> None:
    with closing(JournalReader.open(storage)) as reader:
        journal.connection.execute("BEGIN IMMEDIATE")
        reader.connection.execute("PRAGMA busy_timeout = 0")
        assert reader.head() == journal.head()
        journal.connection.execute("ROLLBACK")


def test_a_lock_held_for_too_long_is_told_as_journal_unavailable(
    storage: Path, journal: Journal, clock: ManualClock
) -> None:
    with closing(open_journal(storage)) as other:
        other.connection.execute("BEGIN IMMEDIATE")
        journal.connection.execute("PRAGMA busy_timeout = 0")
        with pytest.raises(JournalUnavailableError, match="locked"):
            journal.append(drafts.action(clock.now()))
        other.connection.execute("ROLLBACK")
    assert journal.append(drafts.action(clock.now()))[0].sequence == 2


def test_another_process_sees_that_something_was_written(storage: Path, journal: Journal, clock: ManualClock) -> None:
    with closing(JournalReader.open(storage)) as reader:
        before = reader.data_version()
        assert reader.data_version() == before
        journal.append(drafts.action(clock.now()))
        assert reader.data_version() != before


def test_the_disk_is_asked_to_keep_each_commit(journal: Journal) -> None:
    assert journal.connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert journal.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert isinstance(journal.connection, sqlite3.Connection)
