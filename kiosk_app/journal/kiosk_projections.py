"""What is derived from the records of numbers, bookings and codes, and what the store refuses to take twice.

Each table's primary key is a guard: a second use of a number, serial, code or booking collides with the first inside
the record's own transaction, whichever process wrote it (R3, R22, R23).
"""

from typing import Any

import pysqlite3 as sqlite3

from kiosk_app.domain.queue_numbers import serial_of
from kiosk_app.domain.rating_code import canonical, read_code
from kiosk_app.domain.records import Json, Kind, Record
from kiosk_app.journal.database import Connection

KINDS = (
    Kind.TICKET_ISSUED,
    Kind.PRINT_RESULT,
    Kind.APPOINTMENT_BOOKED,
    Kind.APPOINTMENT_CANCELLED,
    Kind.APPOINTMENT_CHECKED_IN,
)
"""What changes these tables; besides, every record that holds a rating code does."""

_LARGEST_INTEGER = 2**63 - 1
"""Of SQLite."""

_ENDS = {Kind.APPOINTMENT_CANCELLED: "cancelled", Kind.APPOINTMENT_CHECKED_IN: "checked_in"}


def apply(connection: Connection, record: Record) -> None:
    """Bring the tables up to date. Raises `IntegrityError` for what must not happen twice.

    Takes any payload: what is missing or odd in it is not noted, so that the walk of `verify` goes on.
    """
    payload = record.payload
    _note_code(connection, payload.get("rating_code"))
    match record.kind:
        case Kind.TICKET_ISSUED:
            _note_ticket(connection, record)
        case Kind.PRINT_RESULT:
            _note_print(connection, record)
        case Kind.APPOINTMENT_BOOKED | Kind.APPOINTMENT_CANCELLED | Kind.APPOINTMENT_CHECKED_IN:
            _note_appointment(connection, record)
        case Kind.RATING:
            _note_rated(connection, record)


def _note_code(connection: Connection, text: Any) -> None:
    """The greatest counter of a device's codes of a day, so that none is made twice (interfaces §7)."""
    code = read_code(text) if isinstance(text, str) else None
    if code is not None:
        connection.execute(
            "INSERT INTO code_use (short_id, day, counter) VALUES (?, ?, ?) "
            "ON CONFLICT (short_id, day) DO UPDATE SET counter = max(counter, excluded.counter)",
            (code.short_id, code.day.isoformat(), code.counter),
        )


def _note_ticket(connection: Connection, record: Record) -> None:
    payload, number = record.payload, _text(record.payload, "ticket_no")
    if number is None:
        return
    day, group = record.occurred_at[:10], _text(payload, "item_group")
    _insert_once(
        connection,
        "INSERT INTO issued_numbers (day, ticket_no, item_group, sequence, record_id) VALUES (?, ?, ?, ?, ?)",
        (day, number, group, record.sequence, record.record_id),
        "a queue number is given once a day (R22)",
    )
    serial, lease_id = _serial(number), _text(payload, "lease_id")
    if lease_id is not None and serial is not None:
        _insert_once(
            connection,
            "INSERT INTO lease_use (lease_id, day, serial) VALUES (?, ?, ?)",
            (lease_id, day, serial),
            "a serial of a lease is one number a day, with or without Y (R22)",
        )
    if code := _code(payload):
        _insert_once(
            connection,
            "INSERT INTO ticket_codes (rating_code, record_id) VALUES (?, ?)",
            (code, record.record_id),
            "a rating code stands on one ticket",
        )


def _note_print(connection: Connection, record: Record) -> None:
    if printed_id := _text(record.payload, "of"):
        connection.execute(
            "INSERT INTO prints (printed_id, sequence, record_id) VALUES (?, ?, ?)",
            (printed_id, record.sequence, record.record_id),
        )


def _note_appointment(connection: Connection, record: Record) -> None:
    """A booking begins once and ends once; one that was made elsewhere only ends here."""
    number = _text(record.payload, "appointment_no")
    if number is None:
        return
    if record.kind == Kind.APPOINTMENT_BOOKED:
        _insert_once(
            connection,
            "INSERT INTO bookings (appointment_no, lease_id, record_id) VALUES (?, ?, ?)",
            (number, _text(record.payload, "lease_id"), record.record_id),
            "a booking is made once (R23)",
        )
    else:
        _insert_once(
            connection,
            "INSERT INTO booking_ends (appointment_no, state, record_id) VALUES (?, ?, ?)",
            (number, _ENDS[Kind(record.kind)], record.record_id),
            "a booking is checked in or cancelled once (R23)",
        )


def _note_rated(connection: Connection, record: Record) -> None:
    """One rating by code (R3). A rating on the spot holds its visit's outcome and is never refused for a code."""
    code = _code(record.payload)
    if code is None:
        return
    if record.visit_id is None:
        _insert_once(
            connection,
            "INSERT INTO rated_codes (rating_code, record_id) VALUES (?, ?)",
            (code, record.record_id),
            "a rating code is rated with once (R3)",
        )
    else:
        connection.execute(
            "INSERT OR IGNORE INTO rated_codes (rating_code, record_id) VALUES (?, ?)", (code, record.record_id)
        )


def _insert_once(connection: Connection, statement: str, values: tuple[object, ...], rule: str) -> None:
    """Insert, or say which rule a second one would break. Raises `IntegrityError`."""
    try:
        connection.execute(statement, values)
    except sqlite3.IntegrityError as error:
        raise sqlite3.IntegrityError(rule) from error


def _serial(number: str) -> int | None:
    try:
        serial = serial_of(number)
    except ValueError:
        return None
    return serial if serial <= _LARGEST_INTEGER else None


def _code(payload: Json) -> str | None:
    """A code in its one spelling; a foreign one as it came."""
    text = _text(payload, "rating_code")
    return text and (canonical(text) or text)


def _text(payload: Json, name: str) -> str | None:
    value = payload.get(name)
    return value if isinstance(value, str) and value else None
