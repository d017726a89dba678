"""Reading whatever can be read of a journal that may be damaged, record by record.

Only records that are what was hashed are given; of what is between them, the sequences are told.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pysqlite3 as sqlite3

from kiosk_app.domain.records import Record
from kiosk_app.journal.chain import commitment, digest, record_of
from kiosk_app.journal.database import Connection

_BLOCK = 500
_BLIND_BLOCKS = 20
"""So many blocks in a row that cannot be read, beyond the newest known record, are the end."""
_COLUMNS = "sequence, body, hash, signature"
_DAMAGE = (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError)


@dataclass(frozen=True)
class NotHere:
    """A closed range of sequences that cannot be read, or that the journal does not hold."""

    first: int
    last: int


def readable_records(connection: Connection, after: int = 0) -> Iterator[Record | NotHere]:
    """Every record after a sequence that can be read, and what is not here before, between and after them.

    Never raises for what is damaged. A gap is told once what comes after it was found.
    """
    newest = _newest(connection)
    expected = after + 1
    blind = 0
    while blind < _BLIND_BLOCKS:
        block, was_clean = _block(connection, after)
        for record in block:
            if record.sequence > expected:
                yield NotHere(expected, record.sequence - 1)
            yield record
            expected = record.sequence + 1
        if not was_clean:
            after, blind = after + _BLOCK, 0 if block or (newest or 0) > after + _BLOCK else blind + 1
        elif len(block) == _BLOCK:
            after = block[-1].sequence
        else:
            break
    if newest is not None and newest >= expected:
        yield NotHere(expected, newest)


def newest_readable(connection: Connection) -> int | None:
    """The greatest sequence that any part of the file tells; None where nothing can be read."""
    return _newest(connection)


def _newest(connection: Connection) -> int | None:
    """Asked of the table, and of an index where the table is damaged."""
    for question in (
        "SELECT max(sequence) FROM records",
        "SELECT max(sequence) FROM records INDEXED BY by_kind WHERE kind > ''",
    ):
        try:
            row = connection.execute(question).fetchone()
        except _DAMAGE:
            continue
        if row and isinstance(row[0], int):
            return row[0]
    return None


def _block(connection: Connection, after: int) -> tuple[list[Record], bool]:
    """The next records, and whether all of them were sound; if not, those of the next `_BLOCK` sequences."""
    try:
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM records WHERE sequence > ? ORDER BY sequence LIMIT ?",  # noqa: S608
            (after, _BLOCK),
        ).fetchall()
        records = [_sound(connection, row) for row in rows]
        if None not in records:
            return [record for record in records if record is not None], True
    except _DAMAGE:
        pass
    singly = [_single(connection, sequence) for sequence in range(after + 1, after + _BLOCK + 1)]
    return [record for record in singly if record is not None], False


def _single(connection: Connection, sequence: int) -> Record | None:
    try:
        question = f"SELECT {_COLUMNS} FROM records WHERE sequence = ?"  # noqa: S608
        row = connection.execute(question, (sequence,)).fetchone()
        return None if row is None else _sound(connection, row)
    except _DAMAGE:
        return None


def _sound(connection: Connection, row: tuple[Any, ...]) -> Record | None:
    """The record of a row; None if it is not the one that was hashed there."""
    sequence, body, record_hash, signature = row
    try:
        if digest(body.encode()) != record_hash:
            return None
        record = record_of(body, record_hash, signature)
        if record.sequence != sequence or not isinstance(record.payload, dict):
            return None
        return Record(**{**vars(record), "sealed": _sealed(connection, record)})
    except _DAMAGE:
        return None


def _sealed(connection: Connection, record: Record) -> dict[str, str]:
    """What is still kept of it; sealed data that cannot be read is gone, the record is not (R11)."""
    committed = {
        name.removesuffix("_commitment"): value
        for name, value in record.payload.items()
        if name.endswith("_commitment")
    }
    if not any(committed.values()):
        return {}
    try:
        rows = connection.execute(
            "SELECT name, ciphertext FROM sealed WHERE record_id = ?", (record.record_id,)
        ).fetchall()
        return {
            str(name): base64.b64encode(ciphertext).decode("ascii")
            for name, ciphertext in rows
            if commitment(ciphertext) == committed.get(str(name))
        }
    except _DAMAGE:
        return {}
