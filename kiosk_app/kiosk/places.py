"""Places of the slots leased to this terminal: as many as it may book, and no more (R23)."""

from kiosk_app.domain.appointments import SlotLease
from kiosk_app.kiosk.counter import Counter


def places_left(counter: Counter, lease: SlotLease) -> int:
    """How many are left now; never less than none, also where the platform took some back, or the day has come.

    Raises `JournalUnavailableError`.
    """
    slot = lease.slot
    leased = next(
        (now for now in counter.hall.slots_of(lease.item_code, slot.date) if now.lease_id == lease.lease_id), None
    )
    if leased is None or slot.date <= counter.today():
        return 0
    if not counter.knows_what_it_gave():
        return 0
    taken = counter.read(lambda journal: journal.places_taken(lease.lease_id))
    # A restored journal knows only by the platform of what was booked here since the copy.
    elsewhere = [
        number
        for number in counter.hall.booked_at(counter.setup.short_id, leased)
        if counter.read(lambda journal, of=number: journal.appointment(of)) is None  # type: ignore[misc]
    ]
    return max(leased.places - taken - len(elsewhere), 0)
