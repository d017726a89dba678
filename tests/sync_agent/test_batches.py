import gzip
import json
from collections.abc import Callable

import pytest

from kiosk_app.domain.records import Record
from sync_agent.batches import MOST_BYTES, body_of, fitting, halves, idempotency_key
from tests.sync_agent.support import DEVICE


def record(sequence: int, comment: str = "") -> Record:
    return Record(
        f"id-{sequence}", DEVICE, sequence, "rating", None, "t", {}, {"comment": comment}, "p" * 64, "h" * 64, "s"
    )


def test_a_batch_holds_at_most_200_records() -> None:
    records = [record(n) for n in range(1, 402)]
    assert fitting(records) == records[:200]
    assert fitting(records[:200]) == records[:200]
    assert fitting([]) == []


@pytest.mark.parametrize("fill", ["x", "评", "\U00020bb7"])
def test_a_batch_holds_at_most_a_mebibyte_and_as_much_as_fits(fill: str) -> None:
    records = [record(n, fill * (50_000 // len(fill.encode()))) for n in range(1, 40)]
    batch = fitting(records)
    assert len(gzip.decompress(body_of(DEVICE, batch).content)) <= MOST_BYTES
    assert len(gzip.decompress(body_of(DEVICE, records[: len(batch) + 1]).content)) > MOST_BYTES - 200


def test_a_record_too_large_for_any_batch_still_goes_alone() -> None:
    records = [record(1, "x" * (MOST_BYTES + 1)), record(2)]
    assert fitting(records) == records[:1]


def test_halves_keep_order_and_everything() -> None:
    records = [record(n) for n in range(1, 8)]
    assert halves(records) == (records[:4], records[4:])
    assert halves(records[:2]) == ([records[0]], [records[1]])


@pytest.mark.parametrize(("count", "encoding"), [(1, None), (20, "gzip")])
def test_the_body_is_compressed_where_that_saves(count: int, encoding: str | None) -> None:
    records = [record(n) for n in range(1, count + 1)]
    body = body_of(DEVICE, records)
    unpack: Callable[[bytes], bytes] = gzip.decompress if encoding else bytes
    assert body.encoding == encoding
    assert json.loads(unpack(body.content)) == {"device_id": DEVICE, "records": [r.to_wire() for r in records]}


def test_the_idempotency_key_names_the_batch() -> None:
    records = [record(n) for n in range(1, 4)]
    keys = {idempotency_key(records), idempotency_key(records[:2]), idempotency_key(records[::-1])}
    assert len(keys) == 3
    assert idempotency_key(list(records)) in keys
