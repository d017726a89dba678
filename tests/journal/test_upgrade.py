"""A journal of an older version opens, keeps every record, and knows what the newer one asks (R12)."""

import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from kiosk_app.domain.rating_code import device_key, make_code
from kiosk_app.domain.records import Draft, Kind, Record
from kiosk_app.journal import delivery_schema, hall, kiosk_projections, pins, schema
from kiosk_app.journal.database import (
    DELIVERY_FILE,
    HALL_FILE,
    JOURNAL_FILE,
    NewerSchemaError,
    connect,
    open_database,
)
from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.journal import AlreadyRecordedError, JournalUnavailableError
from kiosk_app.journal.verification import verify
from tests.journal import drafts, worker
from tests.journal.storage import open_journal, raw, settle
from tests.manual_clock import ManualClock

DAY = date(2026, 11, 23)
CODE = make_code(device_key(b"\xab" * 32, 12), 1, 12, DAY, 7)


@contextmanager
def version_1(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The journal as its first version wrote it: without the newer tables, deriving nothing for them."""
    oldest = Migrations("journal")
    oldest(name="create_journal")(schema.create_journal)
    with monkeypatch.context() as patch:
        patch.setattr(schema, "migrations", oldest)
        patch.setattr(kiosk_projections, "apply", lambda connection, record: None)
        yield


def write_old(directory: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, *more: Draft) -> list[Record]:
    with version_1(monkeypatch), closing(open_journal(directory, clock)) as journal:
        visit = new_id()
        missed = drafts.missed(clock.now(), visit)
        missed.payload["rating_code"] = CODE
        journal.append(drafts.bound(clock.now(), "12", "0815"), *drafts.whole_visit(clock.now()))
        journal.append(drafts.opened(clock.now(), visit), drafts.invited(clock.now(), visit), missed, *more)
        return list(journal.all_records())


def tables(directory: Path) -> set[str]:
    with raw(directory) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def test_an_old_journal_is_read_and_verified_before_and_after_it_becomes_a_new_one(
    storage: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = write_old(storage, clock, monkeypatch)
    assert not tables(storage) & set(schema.KIOSK_TABLES)
    assert verify(storage).holds
    with closing(open_journal(storage, clock)) as journal:
        assert list(journal.all_records()) == records
        assert tables(storage) >= set(schema.KIOSK_TABLES)
        assert verify(storage).holds
        journal.append(drafts.ticket(clock.now()))
        assert verify(storage).holds
    open_journal(storage, clock).close()


def test_what_an_old_journal_tells_of_numbers_codes_and_bookings_is_known_at_once(
    storage: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_old(
        storage,
        clock,
        monkeypatch,
        drafts.ticket(clock.now(), "A004"),
        drafts.appointment(Kind.APPOINTMENT_BOOKED, clock.now(), "1"),
        drafts.rating_by_code(clock.now(), CODE),
    )
    with closing(open_journal(storage, clock)) as journal:
        assert journal.last_code_counter(12, DAY) == 7
        assert journal.last_serial("n-1", DAY) == 4
        assert journal.places_taken("s-1") == 1
        for draft in (
            drafts.ticket(clock.now(), "A004"),
            drafts.appointment(Kind.APPOINTMENT_BOOKED, clock.now(), "1"),
            drafts.rating_by_code(clock.now(), CODE),
        ):
            with pytest.raises(AlreadyRecordedError):
                journal.append(draft)
    assert verify(storage).holds


def test_an_old_journal_that_holds_a_number_twice_opens_and_verify_says_where(
    storage: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal must go on recording ratings; that something was doubled is told, never mended (R12, R22)."""
    twice = [drafts.ticket(clock.now(), "A004"), drafts.ticket(clock.now(), "A004")]
    records = write_old(storage, clock, monkeypatch, *twice)
    with closing(open_journal(storage, clock)) as journal:
        journal.append(*drafts.whole_visit(clock.now()))
        assert journal.last_serial("n-1", DAY) == 4
    verdict = verify(storage)
    assert verdict.sequence == records[-1].sequence
    assert verdict.problem is not None
    assert "R22" in verdict.problem


def test_an_upgrade_that_is_cut_off_begins_again(
    storage: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = write_old(storage, clock, monkeypatch, drafts.ticket(clock.now()))

    def cut_off(*_: object) -> None:
        raise OSError("the power fails")

    with monkeypatch.context() as patch:
        patch.setattr(kiosk_projections, "apply", cut_off)
        with pytest.raises(JournalUnavailableError, match="power"):
            open_journal(storage, clock)
    assert not tables(storage) & set(schema.KIOSK_TABLES)
    with closing(open_journal(storage, clock)) as journal:
        assert list(journal.all_records()) == records
        assert journal.last_serial("n-1", DAY) == 1


@pytest.mark.parametrize("table", schema.KIOSK_TABLES)
def test_a_new_journal_does_not_pass_for_an_old_one(storage: Path, clock: ManualClock, table: str) -> None:
    open_journal(storage, clock).close()
    with raw(storage) as connection:
        connection.execute(f"DROP TABLE {table}")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'add_kiosk'")
    assert not verify(storage).holds


@pytest.mark.parametrize("column", ["applied_at", "name", "migration_set"])
def test_a_damaged_list_of_migrations_is_told_and_is_no_traceback(
    storage: Path, clock: ManualClock, column: str
) -> None:
    """One changed byte of the schema gives a column another name."""
    open_journal(storage, clock).close()
    settle(storage)
    path = storage / JOURNAL_FILE
    content = path.read_bytes()
    damaged = content.replace(f'"{column}" TEXT'.encode(), f'"{column[:-1]}_" TEXT'.encode())
    assert damaged != content
    path.write_bytes(damaged)
    verify(storage)
    with pytest.raises(JournalUnavailableError, match=column[:-1]):
        open_journal(storage, clock)


# -- a migration that fails, and an older version that meets a newer file ----------------------------------------------

STORES: dict[str, tuple[str, Migrations]] = {
    "journal": (JOURNAL_FILE, schema.migrations),
    "delivery": (DELIVERY_FILE, delivery_schema.migrations),
    "hall": (HALL_FILE, hall.migrations),
    "pins": (HALL_FILE, pins.migrations),
}


def newer(migrations: Migrations, *more: Callable[[Database], None]) -> Migrations:
    """The migrations of a version to come."""
    to_come = Migrations(migrations.name)
    for migration in migrations._migrations:
        to_come(name=migration.name)(migration.fn)
    for number, change in enumerate(more):
        to_come(name=f"to_come_{number}")(change)
    return to_come


def add_a_table(database: Database) -> None:
    database.execute("CREATE TABLE to_come (text TEXT) STRICT")
    database.execute("INSERT INTO to_come VALUES ('new')")


def fail(_: Database) -> None:
    raise OSError("the power fails")


def content_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Schema and rows, as one can compare them."""
    with closing(connect(path)) as connection:
        schema_rows = connection.execute("SELECT name, type, sql FROM sqlite_schema ORDER BY name").fetchall()
        tables = [name for name, kind, _ in schema_rows if kind == "table"]
        rows = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables}  # noqa: S608
        return {"": schema_rows, **rows}


@pytest.mark.parametrize("store", STORES)
def test_of_several_migrations_all_are_made_or_none(storage: Path, store: str) -> None:
    """The older version must find the file as it left it."""
    file, migrations = STORES[store]
    open_database(storage / file, migrations).close()
    before = content_of(storage / file)
    with pytest.raises(OSError, match="power"):
        open_database(storage / file, newer(migrations, add_a_table, fail))
    assert content_of(storage / file) == before
    open_database(storage / file, migrations).close()
    with closing(open_database(storage / file, newer(migrations, add_a_table))) as connection:
        assert connection.execute("SELECT text FROM to_come").fetchone() == ("new",)


@pytest.mark.parametrize("store", STORES)
def test_a_first_migration_that_fails_leaves_an_empty_file(storage: Path, store: str) -> None:
    file, migrations = STORES[store]
    with pytest.raises(OSError, match="power"):
        open_database(storage / file, newer(migrations, fail))
    assert content_of(storage / file) == {"": []}


@pytest.mark.parametrize("store", STORES)
def test_an_older_version_says_in_one_line_that_a_file_is_newer(storage: Path, store: str) -> None:
    file, migrations = STORES[store]
    open_database(storage / file, newer(migrations, add_a_table)).close()
    before = content_of(storage / file)
    with pytest.raises(NewerSchemaError, match=r"newer version .*\(to_come_0\); install that version again"):
        open_database(storage / file, migrations)
    assert content_of(storage / file) == before


def test_a_journal_of_a_newer_version_is_not_opened(storage: Path, clock: ManualClock) -> None:
    open_journal(storage, clock).close()
    open_database(storage / JOURNAL_FILE, newer(schema.migrations, add_a_table)).close()
    with pytest.raises(JournalUnavailableError, match="newer version of this software"):
        open_journal(storage, clock)


def test_two_sets_in_one_file_know_nothing_of_each_other(storage: Path) -> None:
    """PINs lie in the hall's file."""
    open_database(storage / HALL_FILE, hall.migrations).close()
    open_database(storage / HALL_FILE, pins.migrations).close()
    open_database(storage / HALL_FILE, hall.migrations).close()


@pytest.mark.parametrize("end", ["killed", "disk full"])
def test_an_upgrade_that_is_killed_or_finds_no_room_leaves_the_old_journal_working(
    storage: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """A real process, in the middle of the second of two migrations."""
    records = write_old(storage, clock, monkeypatch, *(drafts.ticket(clock.now(), f"A{n:03}") for n in range(1, 60)))
    settle(storage)
    before = content_of(storage / JOURNAL_FILE)
    with worker.process(worker.upgrade_until, storage, end) as (child, pipe):
        told = list(worker.told(pipe))
        child.join()
        assert child.exitcode == (-signal.SIGKILL if end == "killed" else 0)
    assert told[0] == "begun"
    assert len(told) == (1 if end == "killed" else 2), told
    assert content_of(storage / JOURNAL_FILE) == before
    with version_1(monkeypatch), closing(open_journal(storage, clock)) as journal:
        journal.append(*drafts.whole_visit(clock.now()))
        assert list(journal.all_records())[: len(records)] == records
    with closing(open_journal(storage, clock)) as journal:
        assert journal.last_serial("n-1", DAY) == 59
    assert verify(storage).holds
