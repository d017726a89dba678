"""The storage directory: its room, its files, who owns them; and whether the journal holds together (R12, R29)."""

import os
import pwd
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.domain.health import Area, Health
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.health.words import size
from kiosk_app.journal.database import JOURNAL_FILE, connect
from kiosk_app.journal.reader import JournalReader
from kiosk_app.journal.schema import broken_guards

LOW_BYTES = 500_000_000
FULL_BYTES = 20_000_000
"""With less, the next record may find no room, or SQLite none for what it must write beside it."""
WAL_BYTES = 64_000_000
"""Writers fold it back long before, unless somebody goes on reading an old state of the journal."""
CHECK_SECONDS = 8.0
"""A journal that takes longer to read is read another time."""
_STEPS = 20_000
"""Instructions of SQLite's machine between two looks at the clock: some milliseconds."""
_NAMED = 5
"""So many files are named; the rest is counted."""

StatFilesystem = Callable[[Path], os.statvfs_result]


def storage_health(directory: Path, *, statvfs: StatFilesystem = os.statvfs) -> Health:
    """What can be told at once: nothing is read but names, sizes and one number."""
    try:
        filesystem = statvfs(directory)
    except OSError as error:
        return Health((_missing(directory, error),))
    if not directory.is_dir():
        return Health((_no_directory(directory),))
    free = filesystem.f_bavail * filesystem.f_frsize
    problems = [
        *_room_problems(directory, filesystem, free),
        *_owner_problems(directory),
        *_wal_problems(directory),
    ]
    return Health(tuple(problems), {Area.STORAGE: f"{size(free)} free; {_journal_fact(directory)}"})


def _missing(directory: Path, error: OSError) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem(
            "storage_missing",
            f"{directory} is not there",
            "mount the disk it lies on, or correct [storage] directory; kiosk-app makes an empty one where it may",
        )
    return Problem(
        "storage_missing",
        f"{directory} cannot be looked into: {error.strerror}",
        "give the directory to the user that kiosk-app runs as, or mend the disk it lies on",
    )


def _no_directory(path: Path) -> Problem:
    return Problem(
        "storage_missing",
        f"{path} is a file, not a directory",
        "correct [storage] directory; kiosk-app makes an empty one where it may",
    )


def _room_problems(directory: Path, filesystem: os.statvfs_result, free: int) -> Iterator[Problem]:
    if filesystem.f_flag & os.ST_RDONLY:
        yield Problem(
            "storage_read_only",
            f"the file system of {directory} is mounted read-only, as it is after a fault of the disk",
            "look into the kernel's log (dmesg) for errors of the disk, back up, then mount it for writing again",
        )
    if filesystem.f_files and not filesystem.f_favail:
        yield Problem(
            "disk_full",
            f"the file system of {directory} takes no further file: it has no inodes left",
            "remove old files from it; nothing of the storage directory itself",
        )
    elif free < FULL_BYTES:
        yield Problem(
            "disk_full",
            f"{size(free)} are free on the disk of {directory}; records find no room",
            "remove old logs and other programs' files from it; nothing of the storage directory itself",
        )
    elif free < LOW_BYTES:
        yield Problem(
            "disk_low",
            f"{size(free)} are free on the disk of {directory}",
            "remove old logs and other programs' files from it; nothing of the storage directory itself",
            Severity.WARNING,
        )


def _owner_problems(directory: Path) -> Iterator[Problem]:
    """Files that another user has put there; those of root's lock the app out of its own journal."""
    try:
        owner = directory.stat().st_uid
        foreign = [path for path in sorted(directory.iterdir()) if path.lstat().st_uid != owner]
    except OSError:
        return
    if not os.access(directory, os.W_OK | os.X_OK, effective_ids=True) and not _is_read_only(directory):
        yield Problem(
            "storage_not_writable",
            f"{_user(os.geteuid())} may not write into {directory}, which belongs to {_user(owner)}",
            f"run this as {_user(owner)}, or give that user the directory: chown -R {_user(owner)}: {directory}",
        )
    if foreign:
        names = ", ".join(path.name for path in foreign[:_NAMED])
        more = f" and {len(foreign) - _NAMED} more" if len(foreign) > _NAMED else ""
        yield Problem(
            "storage_foreign_files",
            f"files in {directory} belong to {_user(foreign[0].lstat().st_uid)}, not to {_user(owner)}: {names}{more}",
            f"run as root: chown -R {_user(owner)}: {directory}",
        )


def _is_read_only(directory: Path) -> bool:
    return bool(os.statvfs(directory).f_flag & os.ST_RDONLY)


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _wal_problems(directory: Path) -> Iterator[Problem]:
    if (wal := _size_of(directory / f"{JOURNAL_FILE}-wal")) > WAL_BYTES:
        yield Problem(
            "wal_large",
            f"{JOURNAL_FILE}-wal has {size(wal)}: some program keeps reading an old state of the journal",
            "end what reads the storage directory (fuser names it), then start kiosk-app and sync-agent again",
            Severity.WARNING,
        )


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _journal_fact(directory: Path) -> str:
    path = directory / JOURNAL_FILE
    if not path.exists():
        return "no journal yet"
    try:
        with closing(JournalReader.open(directory)) as journal:
            count = (journal.head() or (0, ""))[0]
    except (sqlite3.Error, OSError):
        return f"journal of {size(_size_of(path))}"
    return f"journal of {count:,} records, {size(_size_of(path))}"


def journal_problems(directory: Path, *, seconds: float = CHECK_SECONDS) -> list[Problem]:
    """Whether the journal's guards stand and SQLite finds its pages sound; it may take up to `seconds`."""
    if not (directory / JOURNAL_FILE).exists():
        return []
    try:
        with closing(connect(directory / JOURNAL_FILE, read_only=True, busy_ms=2_000)) as connection:
            if broken := broken_guards(connection):
                return [
                    Problem(
                        "journal_unguarded",
                        f"guards of the journal are missing, changed or added: {', '.join(broken)}",
                        "stop kiosk-app, keep this disk, run: kiosk-admin verify; then restore the last backup",
                    )
                ]
            return _page_problems(connection, seconds)
    except (sqlite3.OperationalError, OSError) as error:
        return [
            Problem(
                "journal_unreadable",
                f"{JOURNAL_FILE} cannot be read: {error}",
                "make room if the disk is full; else look for errors of the disk in the kernel's log (dmesg)",
            )
        ]
    except sqlite3.Error as error:
        return [_damaged(str(error))]


def _page_problems(connection: "sqlite3.Connection", seconds: float) -> list[Problem]:
    end = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(1)")]
    except sqlite3.OperationalError as error:
        if time.monotonic() > end and "interrupt" in str(error):
            return []  # a journal too large for this moment is no damaged one
        raise
    return [] if found == ["ok"] else [_damaged(" ".join(" ".join(found).split()))]


def _damaged(cause: str) -> Problem:
    return Problem(
        "journal_damaged",
        f"{JOURNAL_FILE} is damaged: {cause}",
        "stop kiosk-app, keep a copy of the storage directory, run: kiosk-admin verify; then restore the last backup",
    )
