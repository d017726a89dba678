"""An upgrade keeps the records and their chain; one that fails leaves the old version working (R12, R26, R29)."""

import fcntl
import os
import sqlite3 as plain_sqlite
from pathlib import Path

import pytest

from kiosk_app.domain.records import Draft, Kind
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.reader import JournalReader
from kiosk_app.journal.system_clock import SystemClock
from tests.deployment.stage import Stage

ONE_MORE_MIGRATION = """

@migrations()
def add_something(database: Database) -> None:
    database.execute("CREATE TABLE something (name TEXT) STRICT")
"""
FAILING_MIGRATION = ONE_MORE_MIGRATION + '    raise RuntimeError("this\\nwent wrong")\n'
CHANGING_MIGRATION = """

@migrations()
def change_a_record(database: Database) -> None:
    database.execute("DROP TRIGGER never_changed")
    database.execute("UPDATE records SET body = replace(body, '\\"operator\\":\\"a\\"', '\\"operator\\":\\"b\\"')")
    database.execute(GUARDS["never_changed"])
"""
FAILING_IN_PLACE = (
    ONE_MORE_MIGRATION
    + """

@migrations()
def fail_where_it_counts(database: Database) -> None:
    if "upgrade-trial" not in database.execute("PRAGMA database_list").fetchone()[2]:
        raise RuntimeError("the disk is full")
"""
)
"""The first of its migrations is in the file by then."""
SCHEMA = "kiosk_app__journal__schema"


def append(stage: Stage, *operators: str) -> None:
    """Record something, as the running terminal does."""
    clock = SystemClock()
    journal = Journal.open_or_start(stage.storage, device_id="test-a-w12", clock=clock, software="test 1")
    payload = {"action": "tried", "target": "", "outcome": "done"}
    for operator in operators:
        journal.append(Draft(Kind.OPERATOR_ACTION, {"operator": operator, **payload}, clock.now()))
    journal.close()


def bodies(stage: Stage) -> list[str]:
    """Every record, as it would be sent."""
    reader = JournalReader.open(stage.storage)
    try:
        return [record.hash for record in reader.all_records()]
    finally:
        reader.close()


def migrations(stage: Stage) -> set[str]:
    connection = plain_sqlite.connect(f"file:{stage.storage / 'journal.sqlite3'}?mode=ro", uri=True)
    try:
        return {str(name) for (name,) in connection.execute("SELECT name FROM _sqlite_migrations")}
    finally:
        connection.close()


def current(stage: Stage) -> str:
    return (stage.root / "opt/hall-kiosk/current").readlink().name


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A terminal of version 1 that has recorded something and runs."""
    made = Stage(tmp_path / "stage")
    made.make_version("1")
    made.settle()
    assert made.install("1").returncode == 0
    append(made, "a", "b", "c")
    made.services(running=True, start=True)
    return made


def test_an_upgrade_keeps_every_record_and_the_chain(stage: Stage) -> None:
    before = bodies(stage)
    stage.make_version("2", **{SCHEMA: ONE_MORE_MIGRATION})
    done = stage.install("2")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "2 is installed and current; 1 is kept: `make rollback` goes back to it\n"
    assert current(stage) == "2"
    assert bodies(stage) == before
    assert "add_something" in migrations(stage)
    verified = stage.admin("verify")
    assert verified.returncode == 0, verified.stderr
    assert not (stage.storage / "upgrade-trial").exists()
    order = [call.split()[0] for call in stage.called]
    assert order.index("stop") < order.index("daemon-reload") < order.index("start")


@pytest.mark.parametrize(
    ("migration", "cause"),
    [
        (FAILING_MIGRATION, "2: the records cannot be taken over: RuntimeError: this went wrong"),
        (CHANGING_MIGRATION, "2: the migration broke the records: "),
        (FAILING_IN_PLACE, "2: the records cannot be taken over: RuntimeError: the disk is full"),
    ],
    ids=["fails", "changes a record", "fails only where it counts"],
)
def test_a_migration_that_fails_leaves_the_old_version_working(stage: Stage, migration: str, cause: str) -> None:
    before, known = bodies(stage), migrations(stage)
    stage.make_version("2", **{SCHEMA: migration})
    done = stage.install("2")
    assert done.returncode == 2
    assert done.stderr.startswith(f"hall-kiosk: {cause}")
    assert done.stderr.endswith("; 1 stays current, with its records as they were\n")
    assert done.stderr.count("\n") == 1
    assert current(stage) == "1"
    assert stage.called[-1].startswith("start hall-kiosk.target")
    assert (bodies(stage), migrations(stage)) == (before, known)
    assert stage.admin("verify").returncode == 0
    append(stage, "d")
    assert bodies(stage)[:-1] == before
    assert stage.admin("verify").returncode == 0


def test_a_version_that_refuses_the_settings_is_not_switched_to(stage: Stage) -> None:
    refusing = "\n\ndef load_settings(directory):\n    raise ConfigurationError('a key it does not know')\n"
    stage.make_version("2", kiosk_app__configuration=refusing)
    done = stage.install("2")
    assert done.returncode == 2
    assert "2 refuses the settings: kiosk-admin: a key it does not know; 1 stays current" in done.stderr
    assert current(stage) == "1"


def test_a_version_that_does_not_start_is_left_again(stage: Stage) -> None:
    before, known = bodies(stage), migrations(stage)
    stage.make_version("2", **{SCHEMA: ONE_MORE_MIGRATION})
    stage.services(running=True, start=False)
    done = stage.install("2")
    assert done.returncode == 2
    assert done.stderr == "hall-kiosk: 2 does not start, see journalctl -u hall-kiosk-app; 1 is current again\n"
    assert current(stage) == "1"
    assert (bodies(stage), migrations(stage)) == (before, known)
    assert stage.admin("verify").returncode == 0


def test_a_rollback_keeps_what_was_recorded_since(stage: Stage) -> None:
    stage.make_version("2")
    stage.install("2")
    append(stage, "recorded by version 2")
    before = bodies(stage)
    done = stage.run("rollback")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "1 is current again; 2 is kept\n"
    assert current(stage) == "1"
    assert bodies(stage) == before
    assert stage.admin("verify").returncode == 0
    assert stage.run("rollback").stdout == "2 is current again; 1 is kept\n"


def test_a_rollback_over_an_unknown_migration_is_refused(stage: Stage) -> None:
    stage.make_version("2", **{SCHEMA: ONE_MORE_MIGRATION})
    stage.install("2")
    done = stage.run("rollback")
    assert done.returncode == 2
    assert "was changed by a later version (add_something)" in done.stderr
    assert current(stage) == "2"
    assert stage.called[-1].startswith("start hall-kiosk.target")


def test_a_program_that_still_writes_stops_the_upgrade(stage: Stage) -> None:
    """Started by hand, systemd knows nothing of it."""
    stage.make_version("2")
    lock = os.open(stage.storage / "app.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = stage.install("2")
    finally:
        os.close(lock)
    assert done.returncode == 2
    assert "stop kiosk-app and sync-agent, then try again; 1 stays current" in done.stderr


def test_only_two_versions_are_kept(stage: Stage) -> None:
    for name in ("2", "3"):
        stage.make_version(name)
        assert stage.install(name).returncode == 0
    assert {path.name for path in stage.layout.versions.iterdir()} == {"2", "3"}


def test_records_that_were_damaged_before_do_not_stop_a_mending_version(stage: Stage) -> None:
    connection = plain_sqlite.connect(stage.storage / "journal.sqlite3")
    connection.executescript(
        'DROP TRIGGER never_changed; UPDATE records SET body = replace(body, \'"operator":"a"\', \'"operator":"x"\');'
        "CREATE TRIGGER never_changed BEFORE UPDATE ON records "
        "BEGIN SELECT RAISE(ABORT, 'a record is never changed (R12)'); END;"
    )
    connection.close()
    stage.make_version("2")
    assert stage.admin("verify").returncode == 1
    assert stage.install("2").returncode == 0
    assert stage.admin("verify").returncode == 1
