"""What a record tells in a few words: no level, no personal data, no code under which somebody could rate (R6, R11)."""

import re
from collections.abc import Mapping

from kiosk_app.domain.levels import Level
from kiosk_app.domain.records import Kind, Record

_MANY: Mapping[str, tuple[str, ...]] = {
    Kind.VISIT_OPENED: ("window", "staff_no", "ticket_no", "opened_by"),
    Kind.RATING_INVITED: ("prompt",),
    Kind.RATING: ("window",),
    Kind.RATING_MISSED: ("reason",),
    Kind.TICKET_ISSUED: ("ticket_no",),
    Kind.PRINT_RESULT: ("state", "copy"),
    Kind.STAFF_BOUND: ("window", "staff_no", "by", "reason"),
    Kind.STAFF_UNBOUND: ("window", "staff_no", "by", "reason"),
    Kind.WINDOW_PAUSED: ("reason", "back_at"),
    Kind.DEVICE_EVENT: ("device", "state"),
    Kind.OPERATOR_ACTION: ("operator", "action", "target", "outcome"),
}
"""Of other kinds nothing is told."""

_LONGEST = 60
_LEVEL = re.compile(rf"\b({'|'.join(Level)})\b")
_RATING_CODE = re.compile(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b")


def record_words(record: Record) -> str:
    """`name=value` of what helps a technician; values with blanks in quotes, long ones cut."""
    told = ((name, record.payload.get(name)) for name in _MANY.get(record.kind, ()))
    return " ".join(f"{name}={_value(value)}" for name, value in told if value not in (None, ""))


def _value(value: object) -> str:
    text = " ".join(str(value).split())
    text = _RATING_CODE.sub("(a rating code)", _LEVEL.sub("(a key)", text))
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return f'"{text}"' if " " in text else text
