"""The storage directory: room, files, owners, and whether the journal holds together (R12)."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_app.domain.health import Area
from kiosk_app.domain.problems import Severity
from kiosk_app.health.integrity import AGAIN_SECONDS, EVERY_SECONDS, IntegrityWatch
from kiosk_app.health.storage import WAL_BYTES, journal_problems, storage_health
from kiosk_app.journal.database import JOURNAL_FILE
from tests.journal import drafts
from tests.journal.storage import open_journal, raw, settle
from tests.manual_clock import ManualClock

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a file system, or own another's file")


def codes(directory: Path) -> dict[str, str]:
    return {p.code: p.severity.value for p in storage_health(directory).problems}


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A directory with a journal of 200 records, all of it in the file itself."""
    clock = ManualClock()
    opened = open_journal(tmp_path, clock)
    opened.append(*(drafts.action(clock.now()) for _ in range(199)))
    opened.close()
    settle(tmp_path)
    return tmp_path


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    directory = tmp_path / "disk"
    directory.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=30m", "tmpfs", str(directory)], check=True)
    yield directory
    subprocess.run(["umount", str(directory)], check=True)


def test_a_storage_in_order_is_told_in_one_line(journal: Path) -> None:
    health = storage_health(journal)
    assert "disk_full" not in codes(journal)
    assert "free; journal of 200 records" in health.facts[Area.STORAGE]


def test_a_storage_that_is_not_there(tmp_path: Path) -> None:
    assert codes(tmp_path / "gone") == {"storage_missing": "problem"}
    (tmp_path / "file").touch()
    assert codes(tmp_path / "file" / "below") == {"storage_missing": "problem"}


def test_a_file_in_the_place_of_the_storage_is_no_storage(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (problem,) = storage_health(tmp_path / "file").problems
    assert (problem.code, problem.text) == ("storage_missing", f"{tmp_path / 'file'} is a file, not a directory")
    assert "[storage] directory" in problem.action


@as_root
def test_a_small_disk_is_low_then_full(small_disk: Path) -> None:
    assert codes(small_disk) == {"disk_low": "warning"}
    (small_disk / "log").write_bytes(bytes(25_000_000))
    assert codes(small_disk) == {"disk_full": "problem"}
    (problem,) = storage_health(small_disk).problems
    assert "MB are free" in problem.text


@as_root
def test_a_disk_without_room_for_a_further_file_is_full(tmp_path: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "nr_inodes=2", "tmpfs", str(tmp_path)], check=True)
    try:
        (tmp_path / "one").touch()
        assert codes(tmp_path) == {"disk_full": "problem"}
        assert "inodes" in storage_health(tmp_path).problems[0].text
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


@as_root
def test_a_file_system_that_went_read_only(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert codes(small_disk) == {"storage_read_only": "problem", "disk_low": "warning"}


@as_root
def test_files_of_roots_are_named_with_the_command_that_gives_them_back(journal: Path) -> None:
    os.chown(journal, 65534, 65534)
    for path in journal.iterdir():
        os.chown(path, 65534, 65534)
    assert codes(journal) == {}
    os.chown(journal / JOURNAL_FILE, 0, 0)
    (problem,) = storage_health(journal).problems
    assert problem.code == "storage_foreign_files"
    assert JOURNAL_FILE in problem.text
    assert "belong to root" in problem.text
    assert f"chown -R nobody: {journal}" in problem.action


@as_root
def test_a_user_who_may_not_write_there_is_told_as_whom_to_do_it() -> None:
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        directory.chmod(0o755)
        os.seteuid(65534)
        try:
            (problem,) = storage_health(directory).problems
        finally:
            os.seteuid(0)
    assert problem.code == "storage_not_writable"
    assert "nobody may not write" in problem.text


def test_a_log_that_nobody_folds_back_is_told(journal: Path) -> None:
    with (journal / f"{JOURNAL_FILE}-wal").open("wb") as file:
        file.truncate(WAL_BYTES + 1)
    (problem,) = storage_health(journal).problems
    assert (problem.code, problem.severity) == ("wal_large", Severity.WARNING)


# The journal itself


def test_a_sound_journal_has_no_problem(journal: Path) -> None:
    assert journal_problems(journal) == []


def test_a_directory_without_a_journal_has_none(tmp_path: Path) -> None:
    assert journal_problems(tmp_path) == []


def test_a_journal_whose_guards_are_gone(journal: Path) -> None:
    with raw(journal) as connection:
        connection.execute("DROP TRIGGER never_changed")
    (problem,) = journal_problems(journal)
    assert problem.code == "journal_unguarded"
    assert "never_changed" in problem.text


def test_a_journal_with_a_damaged_page_is_told_in_sqlites_words(journal: Path) -> None:
    file = journal / JOURNAL_FILE
    content = bytearray(file.read_bytes())
    content[8 * 4096 : 12 * 4096] = b"\xa5" * (4 * 4096)
    file.write_bytes(content)
    (problem,) = journal_problems(journal)
    assert problem.code == "journal_damaged"
    assert "kiosk-admin verify" in problem.action


def test_a_journal_that_is_no_database_is_told(journal: Path) -> None:
    (journal / JOURNAL_FILE).write_bytes(b"not a database" * 1000)
    (problem,) = journal_problems(journal)
    assert problem.code == "journal_damaged"
    assert "not a database" in problem.text


def test_looking_at_a_journal_is_given_up_in_time_and_tells_nothing_wrong(journal: Path) -> None:
    assert journal_problems(journal, seconds=-1.0) == []


def test_the_app_looks_at_the_journal_now_and_then_and_never_waits(journal: Path) -> None:
    now = [1.0]
    watch = IntegrityWatch(journal, lambda: now[0])
    assert watch.problems() == (), "nothing is known yet"
    watch.wait(30)
    (journal / JOURNAL_FILE).write_bytes(b"not a database" * 1000)
    assert watch.problems() == ()
    now[0] += EVERY_SECONDS
    watch.problems()
    watch.wait(30)
    assert [problem.code for problem in watch.problems()] == ["journal_damaged"]
    (journal / JOURNAL_FILE).unlink()
    now[0] += AGAIN_SECONDS
    watch.problems()
    watch.wait(30)
    assert watch.problems() == ()
