"""Batches: which records fit into one request, and the request's body (interfaces §5)."""

import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from kiosk_app.domain.records import Record

MOST_RECORDS = 200
MOST_BYTES = 1 << 20
"""Limit of a body before compression, so that no platform sees more than 1 MiB whichever way it counts."""
_WORTH_COMPRESSING = 1024
_ENVELOPE = 100
"""More bytes than the body has around its records: a device id has at most 40."""


@dataclass(frozen=True)
class Body:
    """A request's body as sent."""

    content: bytes
    encoding: str | None
    """`gzip` or None."""


def fitting(records: Sequence[Record]) -> list[Record]:
    """The longest beginning of `records` that one request may carry; at least one record, however large."""
    size = _ENVELOPE
    for count, record in enumerate(records[:MOST_RECORDS]):
        size += len(_wire(record)) + 1
        if size > MOST_BYTES and count:
            return list(records[:count])
    return list(records[:MOST_RECORDS])


def halves(records: Sequence[Record]) -> tuple[list[Record], list[Record]]:
    """Both halves of a batch of at least two records, in order."""
    middle = (len(records) + 1) // 2
    return list(records[:middle]), list(records[middle:])


def body_of(device_id: str, records: Sequence[Record]) -> Body:
    """The body of a push, compressed where that saves bytes."""
    plain = b'{"device_id":%b,"records":[%b]}' % (_json(device_id), b",".join(_wire(record) for record in records))
    if len(plain) >= _WORTH_COMPRESSING:
        compressed = gzip.compress(plain, compresslevel=6, mtime=0)
        if len(compressed) < len(plain):
            return Body(compressed, "gzip")
    return Body(plain, None)


def idempotency_key(records: Sequence[Record]) -> str:
    """The same for every try of the same batch, and for no other (R25)."""
    return hashlib.sha256("\n".join(record.record_id for record in records).encode()).hexdigest()


def _wire(record: Record) -> bytes:
    return _json(record.to_wire())


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
