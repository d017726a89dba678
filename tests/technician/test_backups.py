"""`backup` and `restore` as a technician types them (R29)."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk_app.journal.database import AGENT_LOCK_FILE, APP_LOCK_FILE, only_one
from sync_agent.simulated.exchange import Answer
from sync_agent.simulated.faults import always, error
from sync_agent.simulated.platform import SimulatedPlatform
from tests.journal import drafts
from tests.journal.storage import raw
from tests.manual_clock import ManualClock
from tests.technician.terminal import SETTINGS, Terminal

SECRET = "a secret of the hall"


@pytest.fixture
def platform() -> Iterator[SimulatedPlatform]:
    with SimulatedPlatform(SECRET.encode()) as platform:
        yield platform
        assert platform.violations == []
        assert platform.chain_problems() == []


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


@pytest.fixture
def online(terminal: Terminal, platform: SimulatedPlatform, stick: Path) -> Terminal:
    """A terminal that reaches its platform, and has a second place."""
    text = SETTINGS.replace("https://platform.intra/evaluation", platform.url)
    text = text.replace('directory = "storage"', f'directory = "storage"\nbackup_directory = "{stick}"')
    (terminal.config / "terminal.toml").write_text(text, encoding="utf-8")
    return terminal


def record(terminal: Terminal, visits: int = 1) -> None:
    clock = ManualClock()
    with terminal.journal(clock) as journal:
        for _ in range(visits):
            journal.append(*drafts.whole_visit(clock.now()))


def deliver(terminal: Terminal) -> None:
    command = [*terminal.command()]
    command[0] = command[0].replace("kiosk-admin", "sync-agent")
    done = subprocess.run([*command, "--once"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_a_backup_is_made_recorded_and_told_to_health(online: Terminal, stick: Path) -> None:
    record(online)
    said = online.done("backup")
    assert said.out.startswith("copied up to record 4: ")
    assert "when that disk dies, both are gone" in said.out
    action = online.records()[-1]["payload"]
    assert (action["action"], action["target"], action["outcome"]) == ("backup", str(stick), "copied up to record 4")
    with online.delivery() as store:
        assert store.status().last_backup_at is not None
    (row,) = online.done("backup", "--json").rows
    assert (row["sequence"], row["same_disk"]) == (5, True)


def test_a_backup_to_another_place_says_nothing_to_health_about_the_usual_one(online: Terminal, tmp_path: Path) -> None:
    record(online)
    online.done("backup", "--to", str(tmp_path / "other"))
    with online.delivery() as store:
        assert store.status().last_backup_at is None


def test_a_backup_that_fails_says_why_in_one_line_and_is_recorded(online: Terminal, stick: Path) -> None:
    record(online)
    stick.rmdir()
    assert "plug the stick in" in online.admin("backup").complaint
    assert "plug the stick in" in online.records()[-1]["payload"]["outcome"]
    with online.delivery() as store:
        assert store.status().backup_failing_since is not None


def test_a_copy_that_cannot_be_recorded_is_told_all_the_same(online: Terminal, stick: Path) -> None:
    """A journal that takes no more records is what a technician makes a copy of."""
    record(online)
    with raw(online.storage) as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON records BEGIN SELECT RAISE(ABORT, 'full'); END")
    said = online.admin("backup")
    assert said.status == 0
    assert said.out.startswith("copied up to record 4: ")
    (line,) = said.err.splitlines()
    assert line.startswith("kiosk-admin: the backup could not be recorded: ")


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a file system")
def test_a_disk_that_went_read_only_after_a_fault_is_copied(online: Terminal, stick: Path) -> None:
    online.storage.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=30m,mode=700", "tmpfs", str(online.storage)], check=True)
    try:
        record(online)
        subprocess.run(["mount", "-o", "remount,ro", str(online.storage)], check=True)
        said = online.admin("backup")
        assert said.status == 0
        assert said.out.startswith("copied up to record 4: ")
        assert "could not be recorded" in said.err
    finally:
        subprocess.run(["umount", str(online.storage)], check=True)


def test_without_a_place_both_commands_say_what_to_give(terminal: Terminal) -> None:
    record(terminal)
    assert "--to DIR" in terminal.admin("backup").complaint
    assert "--from DIR" in terminal.admin("restore").complaint


def test_without_a_journal_there_is_nothing_to_copy_and_none_is_begun(terminal: Terminal, stick: Path) -> None:
    assert terminal.admin("backup", "--to", str(stick)).status == 2
    assert not (terminal.storage / "journal.sqlite3").exists()


def test_a_lost_disk_is_replaced_without_a_fork(online: Terminal, platform: SimulatedPlatform) -> None:
    record(online, 2)
    deliver(online)
    online.done("backup")
    record(online, 2)
    deliver(online)
    shutil.rmtree(online.storage)
    said = online.done("restore")
    assert "records up to 7" in said.out
    assert "sequences 8 to 14 are not here" in said.out
    assert "goes on at sequence 15" in said.out
    verified = online.done("verify").out.splitlines()
    assert verified[0].startswith("ok: 9 records")
    assert verified[1].endswith("sequences 8 to 14")
    record(online)
    deliver(online)
    deliver(online)
    assert platform.count() == 19
    action = online.records()[8]["payload"]
    assert (action["action"], "records up to 7" in action["outcome"]) == ("restore", True)


def test_a_platform_that_names_no_newest_record_is_asked_by_ranges(
    online: Terminal, platform: SimulatedPlatform
) -> None:
    platform.errands.tells_newest = False
    record(online)
    online.done("backup")
    record(online, 2)
    deliver(online)
    shutil.rmtree(online.storage)
    (row,) = online.done("restore", "--json").rows
    assert (row["copied_to"], row["missing"], row["goes_on_at"]) == (4, [5, 12], 13)
    assert [comparison["from"] for comparison in platform.errands.comparisons[-3:]] == [5, 12, 12]
    record(online)
    deliver(online)


def test_records_refused_by_the_platform_leave_holes_behind_which_one_looks(
    online: Terminal, platform: SimulatedPlatform
) -> None:
    platform.errands.tells_newest = False
    record(online)
    online.done("backup")
    record(online, 2)
    platform.reject(lambda record: "no" if record["sequence"] in (5, 6, 8) else None)
    deliver(online)
    platform.reject(None)
    shutil.rmtree(online.storage)
    (row,) = online.done("restore", "--json").rows
    assert row["goes_on_at"] == 13
    deliver(online)
    platform.forget(*range(1, 20))  # that the platform misses what was refused is true


@pytest.mark.parametrize(
    "fault", [error(500), error(404), always(Answer(200, b"nonsense")), always(Answer(200, b"{}"))]
)
def test_a_platform_that_does_not_answer_changes_nothing(
    online: Terminal, platform: SimulatedPlatform, fault: object
) -> None:
    record(online)
    online.done("backup")
    shutil.rmtree(online.storage)
    platform.inject(fault, on="reconcile")  # type: ignore[arg-type]
    assert "--offline" in online.admin("restore").complaint
    assert not (online.storage / "journal.sqlite3").exists()
    said = online.done("restore", "--offline")
    assert "goes on at sequence 100005" in said.out
    platform.clear_faults()
    record(online)
    deliver(online)
    assert online.done("pending", "--json").rows == []


def test_a_wrong_clock_does_not_keep_one_from_asking(online: Terminal, platform: SimulatedPlatform) -> None:
    record(online)
    online.done("backup")
    shutil.rmtree(online.storage)
    platform.clock_offset = timedelta(days=400)
    assert "goes on at sequence" in online.done("restore").out


def test_it_refuses_while_app_or_agent_run(online: Terminal) -> None:
    record(online)
    online.done("backup")
    for lock, word in ((APP_LOCK_FILE, "kiosk-app runs"), (AGENT_LOCK_FILE, "sync-agent serves")):
        with only_one(online.storage / lock):
            assert word in online.admin("restore").complaint


def test_it_refuses_over_a_newer_journal_and_says_so(online: Terminal) -> None:
    record(online)
    online.done("backup")
    record(online)
    assert "4 records more; there is nothing to restore" in online.admin("restore").complaint
    assert online.done("verify").out.startswith("ok: 8 records")


@pytest.mark.parametrize("given", ["stick", "stick/lw-a-w12", "stick/lw-a-w12/copy-000001"])
def test_a_place_a_devices_directory_or_one_copy_can_be_given(
    terminal: Terminal, stick: Path, tmp_path: Path, given: str
) -> None:
    record(terminal)
    terminal.done("backup", "--to", str(stick))
    shutil.rmtree(terminal.storage)
    assert "records up to 4" in terminal.done("restore", "--offline", "--from", str(tmp_path / given)).out


def test_where_there_is_no_copy_it_says_where_to_look(terminal: Terminal, stick: Path, tmp_path: Path) -> None:
    assert "no copy of lw-a-w12" in terminal.admin("restore", "--from", str(stick)).complaint
    assert "no copy of lw-a-w12" in terminal.admin("restore", "--from", str(tmp_path / "missing")).complaint


def test_the_newest_copy_is_taken_and_the_one_before_can_be_named(terminal: Terminal, stick: Path) -> None:
    for _ in range(2):
        record(terminal)
        terminal.done("backup", "--to", str(stick))
    newest = stick / "lw-a-w12" / "copy-000002"
    (newest / "journal.sqlite3").write_bytes(b"?")
    shutil.rmtree(terminal.storage)
    assert "not what was copied" in terminal.admin("restore", "--offline", "--from", str(stick)).complaint
    before = stick / "lw-a-w12" / "copy-000001"
    assert "records up to 4" in terminal.done("restore", "--offline", "--from", str(before)).out


def test_where_nothing_is_left_a_new_journal_goes_on_behind_the_old(
    online: Terminal, platform: SimulatedPlatform
) -> None:
    record(online)
    deliver(online)
    shutil.rmtree(online.storage)
    said = online.done("restore", "--no-copy")
    assert "a new journal was begun" in said.out
    assert "goes on at sequence 5" in said.out
    record(online)
    deliver(online)
    assert platform.count() == 9
    assert online.done("pending").out.splitlines()[1:] == []


def test_what_came_after_an_offline_restore_is_found_behind_its_gap(
    online: Terminal, platform: SimulatedPlatform
) -> None:
    """Whoever stops asking in the gap that such a restore left gives its sequences, and then the others, again."""
    platform.errands.tells_newest = False
    record(online)
    deliver(online)
    online.done("backup")
    for _ in range(2):
        shutil.rmtree(online.storage)
        online.done("restore", "--offline")
        record(online)
        deliver(online)
        online.done("backup")
    newest = max(record["sequence"] for record in platform.records)
    assert newest > 200_000
    shutil.rmtree(online.storage)
    (row,) = online.done("restore", "--no-copy", "--json").rows
    assert row["goes_on_at"] == newest + 2
    record(online)
    deliver(online)
