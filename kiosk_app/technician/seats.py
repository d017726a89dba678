"""Binding staff to windows: what `kiosk-admin bind` and the technician's screen do alike (R17)."""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk_app.domain.records import Draft, Json, Kind, Record
from kiosk_app.journal.binding_changes import changing_bindings
from kiosk_app.journal.reader import JournalReader
from kiosk_app.technician.hand import Hand

MOST_HISTORY = 500
"""So many changes are looked at; a window has a few a day."""


class SitsElsewhereError(RuntimeError):
    """The person is bound to another window, and nobody said that they move."""

    def __init__(self, staff_no: str, window: str) -> None:
        super().__init__(f"{staff_no} is bound to window {window}; unbind it first, or add --move")
        self.window = window


@dataclass(frozen=True)
class Seated:
    """What a binding changed."""

    already: bool = False
    """The person sat there before; nothing was recorded."""
    left: str | None = None
    """The window that the person left for it."""


@dataclass(frozen=True)
class Sitting:
    """Somebody sat at a window for some time."""

    staff_no: str
    since: str
    """RFC 3339."""
    until: str | None
    """None: sits there now."""
    by: str
    reason: str

    def to_json(self, window: str, name: str | None) -> Json:
        """The object that `bindings --history --json` prints."""
        return {"window": window, "name": name, **vars(self)}


def bind(hand: Hand, window: str, staff_no: str, reason: str, *, move: bool) -> Seated:
    """Bind a person to a window from the next visit on.

    Raises `SitsElsewhereError`, unless they `move`, and `JournalUnavailableError`.
    """
    with changing_bindings(hand.directory):
        bound = _bound(hand)
        if bound.get(window) == staff_no:
            return Seated(already=True)
        elsewhere = next((other for other, who in bound.items() if who == staff_no), None)
        if elsewhere is not None and not move:
            raise SitsElsewhereError(staff_no, elsewhere)
        change = _changes(hand, reason)
        hand.books.append(
            hand.noted("bind", f"{window} {staff_no}", "bound" if elsewhere is None else f"moved from {elsewhere}"),
            *([change(Kind.STAFF_UNBOUND, elsewhere, staff_no)] if elsewhere is not None else []),
            change(Kind.STAFF_BOUND, window, staff_no),
        )
    return Seated(left=elsewhere)


def unbind(hand: Hand, window: str, reason: str, *, expected: str | None = None) -> str | None:
    """Let nobody sit at the window; who sat there, None if nobody did, or not the `expected` one.

    Raises `JournalUnavailableError`.
    """
    with changing_bindings(hand.directory):
        staff_no = _bound(hand).get(window)
        if staff_no is None or expected not in (None, staff_no):
            return None
        hand.books.append(
            hand.noted("unbind", f"{window} {staff_no}", "unbound"),
            _changes(hand, reason)(Kind.STAFF_UNBOUND, window, staff_no),
        )
    return staff_no


def history(journal: JournalReader, window: str) -> list[Sitting]:
    """Who sat at a window from when until when, newest first."""
    sittings: list[Sitting] = []
    for record in reversed(journal.latest(Kind.STAFF_BOUND, Kind.STAFF_UNBOUND, limit=MOST_HISTORY)):
        payload = record.payload
        if sittings and sittings[-1].until is None and _ends(record, window, sittings[-1].staff_no):
            last = sittings.pop()
            sittings.append(Sitting(**{**vars(last), "until": record.occurred_at}))
        if record.kind == Kind.STAFF_BOUND and payload["window"] == window:
            sittings.append(Sitting(payload["staff_no"], record.occurred_at, None, payload["by"], payload["reason"]))
    return sittings[::-1]


def _ends(record: Record, window: str, staff_no: str) -> bool:
    """Whether a change ends this person's sitting here: one person a window and one window a person."""
    return record.payload["window"] == window or (
        record.kind == Kind.STAFF_BOUND and record.payload["staff_no"] == staff_no
    )


def _bound(hand: Hand) -> dict[str, str]:
    return {binding["window"]: binding["staff_no"] for binding in hand.books.read(lambda journal: journal.bindings())}


def _changes(hand: Hand, reason: str) -> Callable[[Kind, str, str], Draft]:
    at = hand.clock.now()

    def draft(kind: Kind, window: str, staff_no: str) -> Draft:
        payload = {"window": window, "staff_no": staff_no, "by": hand.operator, "reason": reason}
        return Draft(kind, payload, at)

    return draft
