"""Places of the slots leased to this terminal: as many as it may book, and no more (R23)."""

from kiosk_app.domain.appointments import SlotLease
from kiosk_app.kiosk.counter import Counter


def places_left(counter: Counter, lease: SlotLease) -> int:
    """How many are left; never less than none, also where the platform took some back.

    Raises `JournalUnavailableError`.
    """
    taken = counter.read(lambda journal: journal.places_taken(lease.lease_id))
    return max(lease.places - taken, 0)
