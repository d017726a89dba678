"""Records: what is stored, printed and sent (interfaces §4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kiosk_app.domain.moments import Moment

Json = dict[str, Any]
"""A JSON object as Python reads it."""

ZERO_HASH = "0" * 64
"""`previous_hash` of a device's very first record."""

KEYS_CONFIRMED = "evaluator_confirmed"
"""The operator action by which each key's word was confirmed; its target is the protocol file's SHA-256."""


class Kind(StrEnum):
    """What a record tells."""

    JOURNAL_STARTED = "journal_started"
    VISIT_OPENED = "visit_opened"
    RATING_INVITED = "rating_invited"
    RATING = "rating"
    RATING_DETAIL = "rating_detail"
    RATING_MISSED = "rating_missed"
    TICKET_ISSUED = "ticket_issued"
    PRINT_RESULT = "print_result"
    APPOINTMENT_BOOKED = "appointment_booked"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    APPOINTMENT_CHECKED_IN = "appointment_checked_in"
    STAFF_BOUND = "staff_bound"
    STAFF_UNBOUND = "staff_unbound"
    WINDOW_PAUSED = "window_paused"
    WINDOW_RESUMED = "window_resumed"
    DEVICE_EVENT = "device_event"
    OPERATOR_ACTION = "operator_action"


class MissedReason(StrEnum):
    """Why a visit ended without a rating."""

    TIMEOUT = "timeout"
    DECLINED = "declined"
    NOT_INVITED = "not_invited"
    INTERRUPTED = "interrupted"
    ABANDONED = "abandoned"


@dataclass(frozen=True)
class Draft:
    """A record before the journal gives it its place in the chain."""

    kind: Kind
    payload: Json
    at: Moment
    visit_id: str | None = None
    sealed: Mapping[str, bytes] = field(default_factory=dict)
    """Ciphertexts by name (`contact`, `user`); the payload holds only their commitments (R11)."""


@dataclass(frozen=True)
class Record:
    """A record with its place in the chain: immutable, as stored."""

    record_id: str
    device_id: str
    sequence: int
    kind: str
    visit_id: str | None
    occurred_at: str
    clock: Json
    payload: Json
    previous_hash: str
    hash: str
    signature: str
    sealed: Mapping[str, str] = field(default_factory=dict)
    """Base64 of the ciphertexts that are still kept."""

    def to_wire(self) -> Json:
        """The JSON object of interfaces §4; `sealed` stands in it only where something sealed is kept."""
        wire: Json = {
            "record_id": self.record_id,
            "device_id": self.device_id,
            "sequence": self.sequence,
            "kind": self.kind,
            "visit_id": self.visit_id,
            "occurred_at": self.occurred_at,
            "clock": self.clock,
            "payload": self.payload,
            "previous_hash": self.previous_hash,
            "hash": self.hash,
            "signature": self.signature,
        }
        if self.sealed:
            wire["sealed"] = dict(self.sealed)
        return wire
