"""What a bundle tells of the records, and what it does not.

Only fields that are named here get in. Left out is who (staff, citizens, operators, cases, contacts, comments), every
code that lets one rate or cancel, and the level (R6, R11). The level hides in more than its own field: a record's hash
can be tried with each of the five, the evaluator's frame spells it, and a `rating_detail` without options exists for
bad ratings alone. So hashes, frames, sequences and all of `rating_detail` stay at home.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from kiosk_app.domain.records import Json, Kind, Record
from kiosk_app.journal.database import DELIVERY_FILE, JOURNAL_FILE, connect
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.reader import JournalReader

LAST_RECORDS = 500
_TOLD: Mapping[str, tuple[str, ...]] = {
    Kind.JOURNAL_STARTED: ("software",),
    Kind.VISIT_OPENED: ("window", "opened_by"),
    Kind.RATING_INVITED: ("prompt", "expires_at"),
    Kind.RATING: ("source", "channel", "window"),
    Kind.RATING_MISSED: ("reason",),
    Kind.TICKET_ISSUED: ("item_group", "lease_id"),
    Kind.PRINT_RESULT: ("copy", "state", "detail"),
    Kind.APPOINTMENT_BOOKED: ("item_code", "lease_id"),
    Kind.APPOINTMENT_CANCELLED: ("item_code",),
    Kind.APPOINTMENT_CHECKED_IN: ("item_code",),
    Kind.STAFF_BOUND: ("window",),
    Kind.STAFF_UNBOUND: ("window",),
    Kind.WINDOW_PAUSED: ("back_at",),
    Kind.WINDOW_RESUMED: (),
    Kind.DEVICE_EVENT: ("device", "state", "detail"),
    Kind.OPERATOR_ACTION: ("action", "outcome"),
}
_OUTCOMES = frozenset({Kind.RATING, Kind.RATING_DETAIL, Kind.RATING_MISSED})


def last_records(directory: Path) -> list[Json]:
    """The last records, oldest first, each with what may be told of it. Raises `sqlite3.Error`, `OSError`."""
    if not (directory / JOURNAL_FILE).exists():
        return []
    with closing(JournalReader.open(directory)) as journal:
        if not journal.is_started:
            return []
        head = journal.head() or (0, "")
        # More than are told: else how many are missing would be how many stay at home.
        records = journal.records_after(max(0, head[0] - 2 * LAST_RECORDS), 2 * LAST_RECORDS)
    visits: dict[str, int] = {}
    return [_seen(record, visits) for record in records if record.kind in _TOLD][-LAST_RECORDS:]


def _seen(record: Record, visits: dict[str, int]) -> Json:
    """A visit goes by its place in this bundle."""
    visit = visits.setdefault(record.visit_id, len(visits) + 1) if record.visit_id else None
    told = {key: record.payload.get(key) for key in _TOLD[record.kind]}
    if record.kind == Kind.VISIT_OPENED:
        told["cases"] = len(record.payload.get("cases") or ())
    synchronised = record.clock.get("synchronised")
    return {"at": record.occurred_at, "synchronised": synchronised, "kind": record.kind, "visit": visit, **told}


def delivery_state(directory: Path) -> Json:
    """How the platform is, and why records wait or are refused. Raises `sqlite3.Error`, `OSError`."""
    if not (directory / DELIVERY_FILE).exists() or not (directory / JOURNAL_FILE).exists():
        return {}
    with (
        closing(connect(directory / DELIVERY_FILE, read_only=True)) as connection,
        closing(JournalReader.open(directory)) as journal,
    ):
        store = DeliveryStore(connection)
        return {
            "status": dict(vars(store.status())),
            "counts": {state.value: count for state, count in store.counts(journal).items()},
            "pending": list(_pending(store, journal)),
        }


def _pending(store: DeliveryStore, journal: JournalReader) -> Iterator[Json]:
    """Alike ones together: how many, of what kind, and the last error; the three kinds of an outcome go as one."""
    alike: Counter[tuple[str, str, str | None]] = Counter()
    for pending in store.pending(journal):
        record = journal.record_by_id(pending.record_id)
        kind = record.kind if record else "missing in the journal"
        alike[pending.state.value, "outcome" if kind in _OUTCOMES else kind, pending.last_error] += 1
    for (state, kind, error), count in alike.most_common(LAST_RECORDS):
        yield {"state": state, "kind": kind, "count": count, "last_error": error}
