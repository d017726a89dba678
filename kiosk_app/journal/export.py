"""Records in one file that checks itself: `docs/export-file.md` (R12, R26).

For a terminal that cannot reach the platform, or died: somebody carries the file there. One JSON object a line: a
header, the records exactly as they are sent, and a trailer that tells how many, what could not be read, the SHA-256 of
everything before it, and the device's signature over all of that. Records are read and written one by one.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.domain.records import Json, Kind, Record
from kiosk_app.journal.chain import canonical, digest, sign
from kiosk_app.journal.damaged import NotHere, readable_records
from kiosk_app.journal.database import DELIVERY_FILE, JOURNAL_FILE, Connection, connect
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.signing_key import SIGNING_KEY_FILE, SigningKeyError, load_signing_key, public_key_text
from kiosk_app.journal.system_clock import SystemClock

FORMAT = 1
HEADER, TRAILER = "export", "trailer"
ALL, UNCONFIRMED = "all", "unconfirmed"
_UNFINISHED = ".new"
_DISTRIBUTION = "hall-kiosk"

Range = tuple[int, int]
"""A closed range of sequences."""


class ExportError(RuntimeError):
    """No file was written; one line that says what to do."""


@dataclass(frozen=True)
class Exported:
    """What is in the file."""

    path: Path
    count: int
    first: int | None
    last: int | None
    last_hash: str | None
    unreadable: tuple[Range, ...] = ()
    """Sequences of the journal that could not be read."""
    is_signed: bool = True
    """Whether the device's key could be read."""
    delivery_known: bool = True
    """Whether it could be told which records are confirmed; if not, all are in the file."""


def export_records(directory: Path, target: Path, *, everything: bool = False, as_it_lies: bool = True) -> Exported:
    """Write the records that are not confirmed yet, or all, into a new file. Raises `ExportError`.

    Not `as_it_lies`: the storage of a dead terminal. Nothing is written there, not even what SQLite writes to read.
    """
    if target.exists():
        raise ExportError(f"{target}: there is such a file already; give another name")
    if not (directory / JOURNAL_FILE).is_file():
        raise ExportError(f"{directory / JOURNAL_FILE}: no journal is there")
    try:
        with _readable(directory, target, as_it_lies=as_it_lies) as source, closing(_journal(source)) as journal:
            return _Export(journal, source, target, everything=everything).run()
    except (OSError, sqlite3.Error) as error:
        raise ExportError(f"{target}: {error}") from error


@contextmanager
def _readable(directory: Path, target: Path, *, as_it_lies: bool) -> Iterator[Path]:
    """The storage directory, or a copy of what is needed of it beside the target, where there is room."""
    if as_it_lies:
        yield directory
        return
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.absolute().parent) as name:
        copied = Path(name)
        for file in (JOURNAL_FILE, DELIVERY_FILE):
            for suffix in ("", "-wal"):
                if (directory / f"{file}{suffix}").is_file():
                    shutil.copyfile(directory / f"{file}{suffix}", copied / f"{file}{suffix}")
        with suppress(OSError):  # without it, the file is not signed as a whole
            shutil.copyfile(directory / SIGNING_KEY_FILE, copied / SIGNING_KEY_FILE)
        yield copied


def _journal(directory: Path) -> Connection:
    """The journal, however damaged. Raises `sqlite3.Error` where it is no database at all."""
    try:
        return connect(directory / JOURNAL_FILE, read_only=True)
    except sqlite3.Error as error:
        raise ExportError(f"{directory / JOURNAL_FILE}: nothing of it can be read ({error})") from error


class _Export:
    def __init__(self, journal: Connection, directory: Path, target: Path, *, everything: bool) -> None:
        self._journal = journal
        self._directory = directory
        self._target = target
        self._everything = everything
        self._hashed = hashlib.sha256()
        self._count = 0
        self._first: Record | None = None
        self._last: Record | None = None
        self._unreadable: list[Range] = []
        self.delivery_known = True

    def run(self) -> Exported:
        """Write it, durably, and only then give it its name."""
        try:
            key = load_signing_key(self._directory)
        except SigningKeyError:
            key = None
        is_wanted, after = self._wanted()
        unfinished = self._target.with_name(self._target.name + _UNFINISHED)
        unfinished.unlink(missing_ok=True)
        try:
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.writelines(self._lines(is_wanted, after, public_key_text(key.public_key()) if key else None))
                trailer = self._trailer()
                signature = sign(key, digest(canonical(trailer))) if key else None
                file.write(canonical({**trailer, "signature": signature}) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            if self._target.exists():
                raise ExportError(f"{self._target}: there is such a file already; give another name")
            unfinished.rename(self._target)
        finally:
            unfinished.unlink(missing_ok=True)
        return Exported(
            path=self._target,
            count=self._count,
            first=self._first.sequence if self._first else None,
            last=self._last.sequence if self._last else None,
            last_hash=self._last.hash if self._last else None,
            unreadable=tuple(self._unreadable),
            is_signed=key is not None,
            delivery_known=self.delivery_known,
        )

    def _lines(self, is_wanted: Callable[[Record], bool], after: int, public_key: str | None) -> Iterator[bytes]:
        for content in self._objects(is_wanted, after, public_key):
            line = canonical(content) + b"\n"
            self._hashed.update(line)
            yield line

    def _objects(self, is_wanted: Callable[[Record], bool], after: int, public_key: str | None) -> Iterator[Json]:
        records = readable_records(self._journal, after)
        first = next((found for found in self._noted(records) if isinstance(found, Record)), None)
        yield {
            HEADER: FORMAT,
            "device_id": first.device_id if first else None,
            "public_key": public_key,
            "scope": ALL if self._everything else UNCONFIRMED,
            "at": SystemClock().now().stamp,
            "software": f"{_DISTRIBUTION} {version(_DISTRIBUTION)}",
        }
        rest = (found for found in self._noted(records) if isinstance(found, Record))
        for record in rest if first is None else _chained(first, rest):
            if is_wanted(record):
                self._count += 1
                self._first = self._first or record
                self._last = record
                yield record.to_wire()

    def _noted(self, found: Iterable[Record | NotHere]) -> Iterator[Record | NotHere]:
        """The same, with what is not here noted; a restored journal's gap is no damage."""
        gap: Range | None = None
        for one in found:
            if isinstance(one, NotHere):
                gap = (one.first, one.last)
                continue
            if gap is not None and not _tells_of_a_gap(one):
                self._unreadable.append(gap)
            gap = None
            yield one
        if gap is not None:
            self._unreadable.append(gap)

    def _wanted(self) -> tuple[Callable[[Record], bool], int]:
        """Which records are wanted, and after which sequence the first of them comes."""
        if self._everything:
            return (lambda _: True), 0
        try:
            with closing(connect(self._directory / DELIVERY_FILE, read_only=True)) as connection:
                admitted, _ = DeliveryStore(connection).admitted_head()
                rows = connection.execute("SELECT sequence FROM outstanding WHERE state IN ('waiting', 'refused')")
                outstanding = {int(sequence) for (sequence,) in rows}
        except (sqlite3.Error, OSError, ValueError, TypeError):
            self.delivery_known = False
            return (lambda _: True), 0
        after = min(outstanding, default=admitted + 1) - 1
        return (lambda record: record.sequence > admitted or record.sequence in outstanding), min(after, admitted)

    def _trailer(self) -> Json:
        return {
            TRAILER: FORMAT,
            "count": self._count,
            "first": self._first.sequence if self._first else None,
            "last": self._last.sequence if self._last else None,
            "unreadable": [list(gap) for gap in self._unreadable],
            "sha256": self._hashed.hexdigest(),
        }


def _chained(first: Record, rest: Iterable[Record]) -> Iterator[Record]:
    yield first
    yield from rest


def _tells_of_a_gap(record: Record) -> bool:
    return record.kind == Kind.JOURNAL_STARTED and record.payload.get("previous_journal") is not None
