"""What is derived from each record as it is appended, so that no question needs a walk through the whole journal.

Everything here is a pure function of the records in their order: `verify` counts it again and compares.
"""

from collections.abc import Callable, Iterable

from kiosk_app.domain.levels import Level
from kiosk_app.domain.records import Json, Kind, MissedReason, Record
from kiosk_app.journal import kiosk_projections
from kiosk_app.journal.database import Connection

TABLES = ("tally", "evaluator_hours", "bindings", "last_actions", "awaiting_detail")

VisitLookup = Callable[[str], Json]
"""The payload of a visit's `visit_opened`, by visit id."""

# An interrupted visit had been invited, an abandoned one had not: see the visit's state machine.
_INVITED = {MissedReason.TIMEOUT, MissedReason.DECLINED, MissedReason.INTERRUPTED}


def apply(connection: Connection, record: Record, visit_opened: VisitLookup) -> None:
    """Bring the derived tables up to date with one more record, inside the record's own transaction.

    Raises `IntegrityError` for what must not happen twice, such as a queue number of a day.
    """
    payload = record.payload
    kiosk_projections.apply(connection, record)
    match record.kind:
        case Kind.RATING:
            _count_rating(connection, record)
        case Kind.RATING_MISSED:
            opened = visit_opened(str(record.visit_id))
            _count(connection, record, opened, invited=payload["reason"] in _INVITED, level=None)
        case Kind.RATING_INVITED:
            _note_invitation(connection, record, visit_opened(str(record.visit_id)))
        case Kind.RATING_DETAIL:
            connection.execute("DELETE FROM awaiting_detail WHERE rating_id = ?", (payload["rating_id"],))
        case Kind.STAFF_BOUND:
            _unbind(connection, payload)
            connection.execute(
                "INSERT INTO bindings (window, staff_no, since) VALUES (?, ?, ?)",
                (payload["window"], payload["staff_no"], record.occurred_at),
            )
        case Kind.STAFF_UNBOUND:
            _unbind(connection, payload)
        case Kind.OPERATOR_ACTION:
            connection.execute(
                "INSERT OR REPLACE INTO last_actions (action, target, outcome, at) VALUES (?, ?, ?, ?)",
                (payload["action"], payload["target"], payload["outcome"], record.occurred_at),
            )


def _unbind(connection: Connection, payload: Json) -> None:
    """One person a window and one window a person (R17)."""
    connection.execute(
        "DELETE FROM bindings WHERE window = ? OR staff_no = ?", (payload["window"], payload["staff_no"])
    )


def _count_rating(connection: Connection, record: Record) -> None:
    level = Level(record.payload["level"])
    _count(connection, record, record.payload, invited=record.visit_id is not None, level=level)
    if level.is_bad:
        connection.execute(
            "INSERT INTO awaiting_detail (rating_id, visit_id) VALUES (?, ?)", (record.record_id, record.visit_id)
        )
    if record.payload["source"] == "evaluator":
        _note_hour(connection, record, record.payload["window"], "answered", "evaluator")


def _count(connection: Connection, record: Record, visit: Json, *, invited: bool, level: Level | None) -> None:
    counts = {"visits_ended": int(record.visit_id is not None), "invitations": int(invited)}
    if level is not None:
        counts[level.value] = 1
    columns = ", ".join(counts)
    additions = ", ".join(f"{column} = {column} + excluded.{column}" for column in counts)
    marks = ", ".join("?" for _ in counts)
    day = record.occurred_at[:10]
    connection.executemany(
        # The column names are this module's own words, never input.
        f"INSERT INTO tally (day, subject, key, {columns}) VALUES (?, ?, ?, {marks}) "  # noqa: S608
        f"ON CONFLICT (day, subject, key) DO UPDATE SET {additions}",
        [(day, subject, key, *counts.values()) for subject, key in _subjects(visit)],
    )


def _subjects(visit: Json) -> Iterable[tuple[str, str]]:
    """Whom a visit counts for: once for its window and staff member, once a case for department and item (R4)."""
    yield "window", visit["window"] or ""
    yield "staff", visit["staff_no"] or ""
    for case in visit["cases"] or [{}]:
        yield "department", case.get("department") or ""
        yield "item", case.get("item_code") or ""


def _note_invitation(connection: Connection, record: Record, opened: Json) -> None:
    """At a kiosk, which is no window, no evaluator can be missing."""
    if opened["window"] is not None:
        _note_hour(connection, record, opened["window"], "missed", record.payload["prompt"])


def _note_hour(connection: Connection, record: Record, window: str, column: str, prompt: str) -> None:
    """An hour in which the evaluator answered, or was missing when a citizen was asked (availability, R15)."""
    flag = int(prompt == "touchscreen" if column == "missed" else True)
    connection.execute(
        f"INSERT INTO evaluator_hours (day, hour, window, {column}) VALUES (?, ?, ?, ?) "  # noqa: S608
        f"ON CONFLICT (day, hour, window) DO UPDATE SET {column} = max({column}, excluded.{column})",
        (record.occurred_at[:10], int(record.occurred_at[11:13]), window or "", flag),
    )
