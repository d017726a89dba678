"""What only the agent asks the journal: for what it pulls, for its heartbeat, for comparing with the platform."""

import json
from collections.abc import Iterator

from kiosk_app.domain.records import Json, Kind
from kiosk_app.journal.reader import JournalReader

_LAST_BINDING_CHANGE = (
    "SELECT sequence, json_extract(body, '$.occurred_at') FROM records "
    "WHERE kind = ? AND json_extract(body, '$.payload.window') = ? AND json_extract(body, '$.payload.by') IS NOT ? "
    "ORDER BY sequence DESC LIMIT 1"
)
_DEVICE_EVENTS = (
    "SELECT sequence, json_extract(body, '$.occurred_at'), json_extract(body, '$.payload') FROM records "
    "WHERE kind = ? AND sequence > ? ORDER BY sequence"
)


def last_binding_change(journal: JournalReader, window: str, *, besides: str) -> str | None:
    """When somebody was last bound to or unbound from this window by anyone `besides` one (RFC 3339); None if never."""
    rows = [
        journal.connection.execute(_LAST_BINDING_CHANGE, (kind.value, window, besides)).fetchone()
        for kind in (Kind.STAFF_BOUND, Kind.STAFF_UNBOUND)
    ]
    # By sequence: a clock that was once ahead would else keep the first word for the last one.
    _, changed_at = max((row for row in rows if row is not None), default=(0, None))
    return changed_at


def count_between(journal: JournalReader, first: int, last: int) -> int:
    """How many records a closed range of sequences really holds."""
    row = journal.connection.execute(
        "SELECT count(*) FROM records WHERE sequence BETWEEN ? AND ?", (first, last)
    ).fetchone()
    return int(row[0])


def device_events(journal: JournalReader, after: int) -> Iterator[tuple[int, Json]]:
    """The `device_event` records after a sequence, in order: sequence, and the payload with `since`."""
    for sequence, occurred_at, payload in journal.connection.execute(
        _DEVICE_EVENTS, (Kind.DEVICE_EVENT.value, after)
    ).fetchall():
        yield int(sequence), {**json.loads(payload), "since": str(occurred_at)}
