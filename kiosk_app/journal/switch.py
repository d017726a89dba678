"""Putting a staged storage in the place of another in one go, whoever is killed when.

The staged directory gets the name that forbids everybody to open or begin a journal here. Then each old file is put
aside and each new one takes its place; a second run goes on where the first was cut off. Nothing is deleted.
"""

import os
import shutil
from contextlib import closing
from pathlib import Path

from kiosk_app.journal.backup import sync_directory
from kiosk_app.journal.database import DELIVERY_FILE, HALL_FILE, JOURNAL_FILE, PENDING_RESTORE, connect
from kiosk_app.journal.signing_key import SIGNING_KEY_FILE

STAGING = "restore.new"
FILES = (JOURNAL_FILE, DELIVERY_FILE, HALL_FILE, SIGNING_KEY_FILE)
_ASIDE = "before-restore"
_ASIDE_NUMBER_FILE = "aside"
_DONE = "restore.done"
_SIDECARS = ("-wal", "-shm", "")
"""In the order in which they are put aside: a log must never meet another database."""


def is_pending(directory: Path) -> bool:
    """Whether a switch was cut off here and must be finished."""
    return (directory / PENDING_RESTORE).exists()


def clear(directory: Path) -> None:
    """Remove what a run left that was cut off before it had decided anything, or after all was done."""
    for left in (STAGING, _DONE):
        shutil.rmtree(directory / left, ignore_errors=True)


def commit(directory: Path) -> tuple[str, ...]:
    """Let what is staged take its place; the names under which the old files are kept. Raises `OSError`."""
    staging = directory / STAGING
    for file in (DELIVERY_FILE, HALL_FILE, JOURNAL_FILE):
        _bring_into_one_file(staging / file)
    (staging / _ASIDE_NUMBER_FILE).write_text(str(_free_number(directory)))
    for path in staging.iterdir():
        _sync_file(path)
    sync_directory(staging)
    staging.rename(directory / PENDING_RESTORE)
    sync_directory(directory)
    return finish(directory)


def finish(directory: Path) -> tuple[str, ...]:
    """Put old files aside and new ones in their place; begun again where it was cut off. Raises `OSError`."""
    pending = directory / PENDING_RESTORE
    number = int((pending / _ASIDE_NUMBER_FILE).read_text())
    for name in FILES:
        if not (pending / name).exists():
            continue  # in its place already
        if name == SIGNING_KEY_FILE and _are_the_same(directory / name, pending / name):
            (directory / name).unlink()  # a secret is not kept twice
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
    done = directory / _DONE
    shutil.rmtree(done, ignore_errors=True)
    pending.rename(done)
    shutil.rmtree(done)
    sync_directory(directory)


def _aside_name(name: str, number: int) -> str:
    return f"{name}.{_ASIDE}-{number}"


def _free_number(directory: Path) -> int:
    taken = {path.name.rpartition("-")[2] for path in directory.glob(f"*.{_ASIDE}-*")}
    return next(number for number in range(1, len(taken) + 2) if str(number) not in taken)


def _are_the_same(one: Path, other: Path) -> bool:
    return one.is_file() and one.read_bytes() == other.read_bytes()


def put_aside(directory: Path, name: str) -> tuple[str, ...]:
    """Put one file aside, if it is there; its new name."""
    if not (directory / name).exists():
        return ()
    aside = _aside_name(name, _free_number(directory))
    (directory / name).rename(directory / aside)
    return (aside,)


def _bring_into_one_file(database: Path) -> None:
    """Nothing may be left in a log beside it."""
    with closing(connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    log = database.with_name(f"{database.name}-wal")
    if log.exists() and log.stat().st_size:
        raise OSError(f"{log}: not all could be brought into the database; try again")
    for left in (log, database.with_name(f"{database.name}-shm"), database.with_suffix(".lock")):
        left.unlink(missing_ok=True)


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
