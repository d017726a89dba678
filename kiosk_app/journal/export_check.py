"""Is an export file whole, and is every record in it what the device signed? Line by line: it may be of any size."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk_app.domain.records import ZERO_HASH, Json, Kind, Record
from kiosk_app.journal.chain import body_of, canonical, commitment, digest, parse, signature_holds
from kiosk_app.journal.export import ALL, FORMAT, HEADER, TRAILER, UNCONFIRMED, Range
from kiosk_app.journal.signing_key import public_key_of

LONGEST_LINE = 4 << 20
"""Bytes; a push carries at most 1 MiB."""
_HEADER = {HEADER, "device_id", "public_key", "scope", "at", "software"}
_TRAILER = {TRAILER, "count", "first", "last", "unreadable", "sha256", "signature"}


@dataclass(frozen=True)
class ExportVerdict:
    """What the check found."""

    count: int
    """Records that hold."""
    first: int | None = None
    last: int | None = None
    device_id: str | None = None
    public_key: str | None = None
    scope: str | None = None
    unreadable: tuple[Range, ...] = ()
    """What the exporting terminal could not read: a part of its journal was damaged."""
    line: int | None = None
    """Where the first fault is."""
    problem: str | None = None
    """The first fault; None: everything holds."""

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return self.problem is None


class _BadError(Exception):
    """The first fault."""


def check_export(path: Path, public_key: str | None = None) -> ExportVerdict:
    """Check a file; by the key that is given, else by the one that the file names. Raises `OSError`.

    By the file's own key it is only shown that one device wrote it all; that it is the hall's device, the platform
    knows. Raises `ValueError` for a key that is none.
    """
    check = _Check(None if public_key is None else public_key_of(public_key))
    with path.open("rb") as file:
        try:
            check.through(file)
        except _BadError as bad:
            return check.verdict(str(bad))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            return check.verdict(f"not what this software writes ({error!r})")
    return check.verdict(None)


class _Check:
    def __init__(self, key: Ed25519PublicKey | None) -> None:
        self._key = key
        self._given = key is not None
        self._line = 0
        self._hashed = hashlib.sha256()
        self._header: Json = {}
        self._count = 0
        self._first: int | None = None
        self._last: Record | None = None
        self._gaps: list[Range] = []
        self._unreadable: tuple[Range, ...] = ()

    def through(self, file: BinaryIO) -> None:
        """Everything to the last byte. Raises `_BadError`."""
        lines = self._lines(file)
        self._take_header(next(lines, b""))
        for line in lines:
            content = _object(line)
            if TRAILER in content:
                self._take_trailer(content)
                if next(lines, None) is not None:
                    raise _BadError("something stands behind the trailer")
                return
            self._hashed.update(line)
            self._take(content)
        self._line += 1
        raise _BadError("the file is cut off: its trailer is missing")

    def verdict(self, problem: str | None) -> ExportVerdict:
        """What was found so far."""
        return ExportVerdict(
            count=self._count,
            first=self._first,
            last=self._last.sequence if self._last else None,
            device_id=self._header.get("device_id"),
            public_key=self._header.get("public_key"),
            scope=self._header.get("scope"),
            unreadable=self._unreadable,
            line=self._line if problem is not None else None,
            problem=problem,
        )

    def _lines(self, file: BinaryIO) -> Iterator[bytes]:
        while line := file.readline(LONGEST_LINE):
            self._line += 1
            if not line.endswith(b"\n"):
                raise _BadError("the line is cut off, or too long")
            yield line

    def _take_header(self, line: bytes) -> None:
        header = _object(line)
        if set(header) != _HEADER or header[HEADER] != FORMAT or header["scope"] not in (ALL, UNCONFIRMED):
            raise _BadError(f"not the header of an export file of format {FORMAT}")
        self._hashed.update(line)
        self._header = header
        if header["public_key"] is not None:
            named = public_key_of(header["public_key"])
            if self._key is not None and named != self._key:
                raise _BadError("the file names another key than the one given")
            self._key = named

    def _take(self, content: Json) -> None:
        sealed = content.pop("sealed", {})
        record = Record(**content, sealed=sealed)
        where = f"record {record.sequence}"
        if record.device_id != self._header["device_id"]:
            raise _BadError(f"{where}: it is a record of device {record.device_id}")
        if self._key is None:
            self._key = _key_told_by(record)
        if digest(body_of(record)) != record.hash:
            raise _BadError(f"{where}: its hash does not fit its content")
        if self._key is not None and not signature_holds(self._key, record.hash, record.signature):
            raise _BadError(f"{where}: its signature is not this device's")
        self._check_sealed(record, where)
        self._check_place(record, where)
        self._count += 1
        self._first = record.sequence if self._first is None else self._first
        self._last = record

    def _check_sealed(self, record: Record, where: str) -> None:
        for name, ciphertext in record.sealed.items():
            if commitment(_decoded(ciphertext)) != record.payload.get(f"{name}_commitment"):
                raise _BadError(f"{where}: the sealed {name} is not what was recorded")

    def _check_place(self, record: Record, where: str) -> None:
        """Each names the one before it, where that is in the file; what is not here is told in the trailer."""
        before = self._last.sequence if self._last else 0
        if record.sequence <= before:
            raise _BadError(f"{where}: it stands behind record {before}")
        if record.sequence == before + 1:
            named = self._last.hash if self._last else ZERO_HASH
            if record.previous_hash != named:
                raise _BadError(f"{where}: it does not follow the record before it")
        elif not (record.kind == Kind.JOURNAL_STARTED and record.payload.get("previous_journal") is not None):
            self._gaps.append((before + 1, record.sequence - 1))

    def _take_trailer(self, trailer: Json) -> None:
        if set(trailer) != _TRAILER or trailer[TRAILER] != FORMAT:
            raise _BadError(f"not the trailer of an export file of format {FORMAT}")
        last = self._last.sequence if self._last else None
        if (trailer["count"], trailer["first"], trailer["last"]) != (self._count, self._first, last):
            raise _BadError(f"the trailer tells of {trailer['count']} records, {self._count} are here")
        if trailer["sha256"] != self._hashed.hexdigest():
            raise _BadError("the file is not what was written: its SHA-256 is another")
        self._unreadable = tuple((int(first), int(end)) for first, end in trailer["unreadable"])
        self._check_complete()
        signature = trailer.pop("signature")
        if signature is None or self._key is None:
            raise _BadError(
                "the file as a whole is not signed, as the terminal's key could not be read: each record holds, "
                "but nobody can tell whether one is missing"
            )
        if not signature_holds(self._key, digest(canonical(trailer)), signature):
            raise _BadError("the file's signature is not this device's")

    def _check_complete(self) -> None:
        """Where all records should be here, only what could not be read may be missing."""
        if self._header["scope"] != ALL:
            return
        for first, end in self._gaps:
            if not any(begin <= first and end <= stop for begin, stop in self._unreadable):
                raise _BadError(f"records {first} to {end} are missing")


def _object(line: bytes) -> Json:
    """The object of a line that is written exactly as this software writes it."""
    content: Any = parse(line)
    if not isinstance(content, dict) or canonical(content) + b"\n" != line:
        raise _BadError("not canonical JSON, one object a line")
    return content


def _key_told_by(record: Record) -> Ed25519PublicKey | None:
    """By the start of a journal; a file that was written without the key has no other."""
    return public_key_of(record.payload["public_key"]) if record.kind == Kind.JOURNAL_STARTED else None


def _decoded(ciphertext: str) -> bytes:
    return base64.b64decode(ciphertext, validate=True)
