"""Sending again what waits or was refused: what `kiosk-admin resend` and the technician's screen do alike (R26)."""

from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.wakeup import notify
from kiosk_app.technician.hand import Hand

ALL = "all"


def resend(hand: Hand, record_id: str) -> None:
    """Make a record due now. Raises `NotResendableError`, `sqlite3.Error`, `JournalUnavailableError`."""
    store = DeliveryStore.open(hand.directory)
    try:
        hand.books.read(lambda journal: store.resend(record_id, journal))
    finally:
        store.close()
    _done(hand, record_id)


def resend_all(hand: Hand) -> None:
    """Make everything due now. Raises `sqlite3.Error`, `JournalUnavailableError`."""
    store = DeliveryStore.open(hand.directory)
    try:
        store.resend_all()
    finally:
        store.close()
    _done(hand, ALL)


def _done(hand: Hand, target: str) -> None:
    try:
        hand.note("resend", target, "due now")
    finally:
        notify(hand.directory)
