"""SQLite as this product needs it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pysqlite3 as sqlite3
import pytest

from kiosk_app.journal.database import (
    UnsafeSqliteError,
    connect,
    is_safe_version,
    refuse_unsafe_sqlite,
    write_transaction,
)


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ("3.6.23", False),
        ("3.7.0", False),
        ("3.40.1", False),
        ("3.44.5", False),
        ("3.44.6", True),
        ("3.44.7", True),
        ("3.45.0", False),
        ("3.50.6", False),
        ("3.50.7", True),
        ("3.51.0", False),
        ("3.51.2", False),
        ("3.51.3", True),
        ("3.52.0", True),
        ("3.53.4", True),
        ("4.0.0", True),
    ],
)
def test_which_versions_can_lose_a_committed_record(version: str, safe: bool) -> None:
    assert is_safe_version(tuple(int(part) for part in version.split("."))) is safe


def test_the_library_in_use_is_safe() -> None:
    assert is_safe_version(sqlite3.sqlite_version_info), sqlite3.sqlite_version
    refuse_unsafe_sqlite()


def test_an_unsafe_library_opens_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    with pytest.raises(UnsafeSqliteError, match="pysqlite3"):
        connect(tmp_path / "x.sqlite3")
    assert list(tmp_path.iterdir()) == []


def test_a_commit_is_on_the_disk_before_anyone_is_thanked(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "x.sqlite3")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,), "FULL"


def test_a_read_only_connection_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    with closing(connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
    with (
        closing(connect(path, read_only=True)) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        connection.execute("INSERT INTO t VALUES (1)")


def test_a_read_only_connection_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        connect(tmp_path / "missing.sqlite3", read_only=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a b.sqlite3", "什么?.sqlite3", "100%41#x.sqlite3", "a&mode=memory.sqlite3"])
def test_a_path_may_have_any_characters(tmp_path: Path, name: str) -> None:
    with closing(connect(tmp_path / name)) as connection:
        connection.execute("CREATE TABLE t (a)")
    assert (tmp_path / name).is_file()


def values_that_end_in_a_fault() -> Iterator[tuple[int]]:
    yield (1,)
    raise RuntimeError("half way")


def test_a_write_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "x.sqlite3")) as connection:
        connection.execute("CREATE TABLE t (a)")
        with pytest.raises(RuntimeError, match="half way"), write_transaction(connection):
            connection.executemany("INSERT INTO t VALUES (?)", values_that_end_in_a_fault())
        assert not connection.in_transaction
        with write_transaction(connection):
            connection.execute("INSERT INTO t VALUES (2)")
        assert connection.execute("SELECT a FROM t").fetchall() == [(2,)]


def test_a_write_transaction_takes_the_lock_before_it_reads(tmp_path: Path) -> None:
    """A deferred transaction would read first and then fail at once with "database is locked"."""
    path = tmp_path / "x.sqlite3"
    with closing(connect(path)) as first, closing(connect(path)) as second:
        second.execute("PRAGMA busy_timeout = 0")
        first.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"), write_transaction(second):
            pytest.fail("entered while another process writes")
        first.execute("ROLLBACK")


def test_what_is_not_a_database_is_refused_and_kept_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    path.write_text("something else entirely, long enough to be a header of a hundred bytes" * 4)
    before = path.read_bytes()
    with pytest.raises(sqlite3.DatabaseError):
        connect(path)
    assert path.read_bytes() == before
