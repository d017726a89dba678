"""Copies of a storage directory in a second place (R29).

A place holds `DEVICE_ID/copy-000017/` and the copy before it; a higher number is a newer copy, whatever a clock says. A
copy is written as `copy-000017.new`, checked, and only then gets its name: whoever looks finds at least one whole copy.
No file is linked, locked or given rights on the place: sticks and network shares know none of that.

The databases are copied one snapshot each, while the app goes on writing: delivery first and the journal after it, so
that every record that is confirmed in the copy is also in it. The signing key is in it, as without it the journal could
not go on: who holds the copy can sign as this device, so the stick belongs under lock. The platform's secret, tokens
and the keys of rating codes are not in it.
"""

import errno
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pysqlite3 as sqlite3

from kiosk_app.configuration import SETTINGS_FILE
from kiosk_app.domain.records import Json
from kiosk_app.journal.database import DELIVERY_FILE, HALL_FILE, JOURNAL_FILE, Connection, connect, only_one
from kiosk_app.journal.reader import JournalReader
from kiosk_app.journal.signing_key import SIGNING_KEY_FILE, load_signing_key
from kiosk_app.journal.system_clock import SystemClock

MANIFEST_FILE = "manifest.json"
CONFIG_DIRECTORY = "config"
BACKUP_LOCK_FILE = "backup.lock"
FORMAT = 1
KEPT_COPIES = 2
_UNFINISHED = ".new"
_COPY_NAME = re.compile(r"copy-[0-9]{6,}")
_PAGES = 256
"""Copied at a time; between two of them others get their turn."""
_CHUNK = 1 << 20
_DISTRIBUTION = "hall-kiosk"


class BackupError(RuntimeError):
    """No copy was made, or a copy is not whole; one line that says what to do."""


@dataclass(frozen=True)
class BackedUp:
    """A copy that was made."""

    path: Path
    sequence: int
    """The newest record in it."""
    at: str
    same_disk: bool
    """Whether it lies on the same disk as the storage: when that dies, both are gone."""


@dataclass(frozen=True)
class Copy:
    """A copy with a readable manifest; whether it is whole, `check_copy` tells."""

    path: Path
    manifest: Json

    @property
    def device_id(self) -> str:
        """Whose it is."""
        return str(self.manifest["device_id"])

    @property
    def at(self) -> str:
        """When it was made."""
        return str(self.manifest["at"])

    @property
    def head(self) -> tuple[int, str]:
        """Sequence and hash of its newest record."""
        return int(self.manifest["journal"]["sequence"]), str(self.manifest["journal"]["hash"])

    @property
    def started(self) -> str:
        """Hash of its first record: which journal it is."""
        return str(self.manifest["journal"]["first_hash"])


def back_up(directory: Path, target: Path, config_directory: Path) -> BackedUp:
    """Copy a storage directory into the place `target`, beside the copies that are there. Raises `BackupError`.

    Waits for nobody who writes, and nobody who writes waits for it. One at a time for each storage directory.
    """
    try:
        with _alone(directory):
            return _back_up(directory, target, config_directory)
    except BlockingIOError:
        raise BackupError("another backup of this terminal is under way; wait for its end") from None
    except (OSError, sqlite3.Error, ValueError, RuntimeError) as error:
        raise error if isinstance(error, BackupError) else BackupError(f"{target}: {error}") from error


def _alone(directory: Path) -> AbstractContextManager[None]:
    """One backup at a time. A disk that went read-only after a fault takes no lock, and needs a copy most."""
    is_read_only = os.statvfs(directory).f_flag & os.ST_RDONLY
    return nullcontext() if is_read_only else only_one(directory / BACKUP_LOCK_FILE)


def copies_in(place: Path) -> list[Copy]:
    """The copies in a directory, newest first; what is no copy is passed over. Raises `OSError`."""
    return [copy for path in _named(place) if (copy := read_copy(path)) is not None]


def read_copy(path: Path) -> Copy | None:
    """The copy in this very directory; None where there is none."""
    try:
        copy = Copy(path, json.loads((path / MANIFEST_FILE).read_text(encoding="utf-8")))
        is_known = copy.manifest["format"] == FORMAT and isinstance(copy.manifest["files"], dict)
        return copy if is_known and copy.device_id and copy.at and copy.head and copy.started else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def check_copy(copy: Copy) -> None:
    """Compare every file with the manifest. Raises `BackupError`, `OSError`."""
    for name, expected in copy.manifest["files"].items():
        path = copy.path / name
        if not path.is_file():
            raise BackupError(f"{path}: missing in the copy; try another copy")
        if _digest(path) != expected["sha256"]:
            raise BackupError(f"{path}: not what was copied; try another copy")


def _back_up(directory: Path, target: Path, config_directory: Path) -> BackedUp:
    with closing(JournalReader.open(directory)) as journal:
        first = next(iter(journal.records_after(0, 1)), None) if journal.is_started else None
    if first is None:
        raise BackupError(f"{directory / JOURNAL_FILE}: no journal yet; there is nothing to copy")
    load_signing_key(directory)
    place = _place(directory, target, first.device_id, first.hash)
    kept = copies_in(place)
    _remove_unfinished(place)
    number = max(map(_number, _named(place)), default=0) + 1
    finished = place / f"copy-{number:06d}"
    unfinished = finished.with_name(finished.name + _UNFINISHED)
    try:
        copied = _written_with_room(directory, unfinished, config_directory, first.device_id, kept)
    except BaseException:
        _remove_unfinished(place)
        raise
    unfinished.rename(finished)
    sync_directory(place)
    for path in _named(place)[KEPT_COPIES:]:
        shutil.rmtree(path, ignore_errors=True)
    same_disk = place.stat().st_dev == directory.stat().st_dev
    return BackedUp(finished, copied.head[0], copied.at, same_disk)


def _place(directory: Path, target: Path, device_id: str, first_hash: str) -> Path:
    """This device's own directory there. Raises `BackupError` where no copy of this journal belongs."""
    if not target.is_dir():
        raise BackupError(f"{target}: there is no such directory; plug the stick in or mount the share, or create it")
    storage = directory.resolve()
    if storage in (target.resolve(), *target.resolve().parents):
        raise BackupError(f"{target}: this is the storage directory itself; a copy there would be lost with it")
    if any(_COPY_NAME.fullmatch(path.name) for path in target.iterdir()):
        raise BackupError(f"{target}: this is one device's own directory of copies; give the directory above it")
    place = target / device_id
    place.mkdir(mode=0o700, exist_ok=True)
    for copy in copies_in(place):
        if copy.device_id != device_id:
            raise BackupError(f"{place}: holds the copies of {copy.device_id}; give another directory")
        if copy.started != first_hash:
            raise BackupError(
                f"{place}: holds the copies of another journal of {device_id}, which must not be lost; "
                "bring it back with: kiosk-admin restore, or move that directory away"
            )
    return place


def _written_with_room(directory: Path, copy: Path, config_directory: Path, device_id: str, kept: list[Copy]) -> Copy:
    """Write it; where there is no room, in the room of the older copy: one whole copy stays."""
    try:
        return _written(directory, copy, config_directory, device_id)
    except (OSError, sqlite3.Error) as error:
        if len(kept) < KEPT_COPIES or not _is_full(error):
            raise
    _remove_unfinished(copy.parent)
    shutil.rmtree(kept[-1].path)
    return _written(directory, copy, config_directory, device_id)


def _written(directory: Path, copy: Path, config_directory: Path, device_id: str) -> Copy:
    """Everything written, on the disk, and read back."""
    copy.mkdir(mode=0o700)
    for file in (DELIVERY_FILE, JOURNAL_FILE, HALL_FILE):
        if (directory / file).exists():
            _copy_database(directory / file, copy / file)
    copy_file(directory / SIGNING_KEY_FILE, copy / SIGNING_KEY_FILE)
    for source, name in _configuration(config_directory):
        (copy / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        copy_file(source, copy / name)
    paths = sorted(path for path in copy.rglob("*") if path.is_file())
    manifest = {
        "format": FORMAT,
        "device_id": device_id,
        "at": SystemClock().now().stamp,
        "software": f"{_DISTRIBUTION} {version(_DISTRIBUTION)}",
        "journal": _checked_journal(copy),
        "files": {
            path.relative_to(copy).as_posix(): {"bytes": path.stat().st_size, "sha256": _digest(path)} for path in paths
        },
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    _write_file(copy / MANIFEST_FILE, [text.encode()])
    for path in {copy, *(path.parent for path in paths)}:
        sync_directory(path)
    return Copy(copy, manifest)


def _copy_database(source: Path, target: Path) -> None:
    """One snapshot, a few pages at a time; a writer never waits, and never makes the copying begin again."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(connect(source, read_only=True)) as original:
        original.execute("BEGIN")
        original.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        # Nobody else knows the file yet, and a share's locks may hang.
        address = f"{target.absolute().as_uri()}?mode=rw&nolock=1"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as copy:
            copy.execute("PRAGMA journal_mode = OFF").fetchall()
            copy.execute("PRAGMA synchronous = OFF")
            original.backup(copy, pages=_PAGES, sleep=0)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def open_copied(path: Path) -> Connection:
    """A database of a copy, for reading; nothing is written or locked beside it."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _checked_journal(copy: Path) -> Json:
    """What the copy's own files say. Raises `BackupError` where one cannot be used."""
    for path in copy.glob("*.sqlite3"):
        with closing(open_copied(path)) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise BackupError(f"{path.name}: the copy is damaged ({found}); see: kiosk-admin verify")
    with closing(open_copied(copy / JOURNAL_FILE)) as connection:
        journal = JournalReader(connection)
        (first,), (last,) = journal.records_after(0, 1), journal.newest(1)
        return {"first": first.sequence, "first_hash": first.hash, "sequence": last.sequence, "hash": last.hash}


def _configuration(directory: Path) -> Iterator[tuple[Path, str]]:
    """What of the configuration is no secret: only what is known to be none."""
    for path in (directory / SETTINGS_FILE, *sorted((directory / "evaluators").glob("*.toml"))):
        if path.is_file():
            yield path, f"{CONFIG_DIRECTORY}/{path.relative_to(directory).as_posix()}"


def copy_file(source: Path, target: Path) -> None:
    """Copy a file; it is on the disk, readable by its owner alone, when this returns."""
    with source.open("rb") as content:
        _write_file(target, iter(lambda: content.read(_CHUNK), b""))


def _write_file(path: Path, content: Iterable[bytes]) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.writelines(content)
        file.flush()
        os.fsync(file.fileno())


def _digest(path: Path) -> str:
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()


def _named(place: Path) -> list[Path]:
    """The directories that have a copy's name, newest first."""
    named = [path for path in place.iterdir() if _COPY_NAME.fullmatch(path.name)]
    return sorted(named, key=_number, reverse=True)


def _number(path: Path) -> int:
    return int(path.name.removeprefix("copy-"))


def _remove_unfinished(place: Path) -> None:
    for path in place.glob(f"copy-*{_UNFINISHED}"):
        shutil.rmtree(path, ignore_errors=True)


def _is_full(error: BaseException) -> bool:
    return getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "disk is full" in str(error)


def sync_directory(path: Path) -> None:
    """Make names durable, where the file system can."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def status_after(result: BackedUp | str, now: int, failing_since: int | None) -> dict[str, Any]:
    """The fields of `PlatformStatus` after a try: what was made, or why nothing was."""
    if isinstance(result, str):
        return {"backup_failing_since": failing_since or now, "backup_error": result}
    return {
        "last_backup_at": now,
        "backup_same_disk": int(result.same_disk),
        "backup_failing_since": None,
        "backup_error": None,
    }
