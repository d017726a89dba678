"""SQLite as this product needs it: a safe version, durable commits, and writers that wait instead of failing.

WAL with `synchronous=FULL`: a commit is on the disk before anyone is thanked, and readers never wait for writers.
Every write takes the lock first (`BEGIN IMMEDIATE`): a transaction that reads and then writes would otherwise fail
with "database is locked" at once, however long the busy time-out.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pysqlite3 as sqlite3
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

Connection = Any
"""A pysqlite3 connection; the package has no types."""

FileIdentity = tuple[int, int]
"""Device and inode."""

BUSY_TIMEOUT_MS = 30_000
JOURNAL_FILE = "journal.sqlite3"
DELIVERY_FILE = "delivery.sqlite3"
HALL_FILE = "hall.sqlite3"
APP_LOCK_FILE = "app.lock"
"""Held by the app that runs on a storage directory."""


AGENT_LOCK_FILE = "sync-agent.lock"
"""Held by the agent that serves it."""
PENDING_RESTORE = "restore.ready"
"""A copy that is about to take its place here: until it has, nothing else may be opened or begun."""


class NewerSchemaError(sqlite3.DatabaseError):  # type: ignore[misc]
    """The file is of a newer version of this software."""


class RestoreCutOffError(sqlite3.OperationalError):  # type: ignore[misc]
    """A restore was cut off in the middle."""


class UnsafeSqliteError(RuntimeError):
    """The SQLite library at hand can lose committed transactions."""


def is_safe_version(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset bug (3.7.0 to 3.51.2, mended also in 3.50.7 and 3.44.6).

    In the versions between, two processes that write and checkpoint at the same moment can lose a committed
    transaction: the exact shape of this product.
    """
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def refuse_unsafe_sqlite() -> None:
    """Raise `UnsafeSqliteError` where the SQLite library could lose a rating."""
    if not is_safe_version(sqlite3.sqlite_version_info):
        raise UnsafeSqliteError(
            f"SQLite {sqlite3.sqlite_version} can lose committed records (WAL-reset bug); "
            "install the pysqlite3 package, which brings 3.51.3 or later"
        )


def connect(path: Path, *, read_only: bool = False, busy_ms: int = BUSY_TIMEOUT_MS) -> Connection:
    """Open a database file; for one thread at a time. A write waits up to `busy_ms` for other writers.

    Raises `UnsafeSqliteError`, or `sqlite3.Error` where the file cannot be opened or is not a database.
    """
    refuse_unsafe_sqlite()
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{_mode(path, read_only=read_only)}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=busy_ms / 1000,
    )
    try:
        connection.execute("PRAGMA query_only = ON" if read_only else "PRAGMA journal_mode = WAL").fetchall()
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException as error:
        connection.close()
        if isinstance(error, UnicodeDecodeError):
            # SQLite quotes a damaged schema in its message, which then is no text.
            raise sqlite3.DatabaseError("the database schema is damaged") from error
        raise
    return connection


def _mode(path: Path, *, read_only: bool) -> str:
    if not read_only:
        return "mode=rwc"
    # On a medium that cannot be written there can be no second process, and SQLite must not look for its files.
    is_frozen = not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()
    return "mode=ro&immutable=1" if is_frozen else "mode=ro"


@contextmanager
def write_transaction(connection: Connection) -> Iterator[None]:
    """All or nothing, and on the disk when it is left; waits for other writers."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def exclusively(path: Path) -> Iterator[None]:
    """Hold the lock file `path` for a moment, waiting for others: for what must happen once, like a migration."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock file `path`. Raises `BlockingIOError` where another process holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def refuse_half_restored(directory: Path) -> None:
    """Raise `RestoreCutOffError` where a restore was cut off: a journal begun now would fork the chain (R12)."""
    if (directory / PENDING_RESTORE).exists():
        raise RestoreCutOffError("a restore was cut off here; finish it with: kiosk-admin restore")


def refuse_newer_schema(connection: Connection, migrations: Migrations) -> None:
    """Raise `NewerSchemaError` where the file holds a migration that this version does not know."""
    table = Migrations.migrations_table
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (table,)).fetchone():
        return
    with closing(sqlite3.connect(":memory:")) as empty:
        known = {migration.name for migration in migrations.pending(Database(empty))}
    rows = connection.execute(f"SELECT name FROM {table} WHERE migration_set = ?", (migrations.name,))  # noqa: S608
    if newer := sorted({str(name) for (name,) in rows} - known):
        raise NewerSchemaError(
            f"a newer version of this software has changed the file ({', '.join(newer)}); install that version again"
        )


def journal_identity(directory: Path) -> FileIdentity | None:
    """Which file the journal of a storage directory is; None while there is none."""
    try:
        found = (directory / JOURNAL_FILE).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def is_locked(path: Path) -> bool:
    """Whether another process holds this lock file; False where there is none."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def open_database(path: Path, migrations: Migrations, *, busy_ms: int = BUSY_TIMEOUT_MS) -> Connection:
    """Open a database for writing, brought to the newest schema; two processes may do so at once."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with exclusively(path.with_suffix(".lock")):
        connection = connect(path, busy_ms=busy_ms)
        try:
            refuse_newer_schema(connection, migrations)
            database = Database(connection)
            if migrations.pending(database):
                # All or none: an older version must find the file as it left it where one of them fails.
                with write_transaction(connection):
                    migrations.apply(database)
        except BaseException as error:
            connection.close()
            if isinstance(error, KeyError):
                # A damaged schema names columns that sqlite-utils does not know.
                raise sqlite3.DatabaseError(f"the table of migrations is damaged: no column {error}") from error
            raise
    return connection
