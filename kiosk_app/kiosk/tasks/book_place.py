"""Book a place of a slot: the telephone number, one look at it all, and never more places than there are (R23)."""

from functools import partial
from random import SystemRandom

from kiosk_app.domain.appointments import SlotLease, new_appointment_no
from kiosk_app.domain.moments import Moment
from kiosk_app.domain.records import Draft, Json, Kind
from kiosk_app.journal.journal import AlreadyRecordedError
from kiosk_app.journal.sealing import Sealer
from kiosk_app.kiosk.counter import Counter
from kiosk_app.kiosk.hall_data import Item
from kiosk_app.kiosk.pages import Forward, KioskPage, Move, Onward, Turn
from kiosk_app.kiosk.places import places_left
from kiosk_app.kiosk.screen_state import Check, Name, Page, PhoneEntry, Row, say
from kiosk_app.kiosk.service import Action
from kiosk_app.kiosk.tasks.booked import BookedPage
from kiosk_app.kiosk.tasks.message import MessagePage
from kiosk_app.kiosk.tasks.phone_page import PhonePage
from kiosk_app.kiosk.words import when_row

_RANDOM = SystemRandom()
"""Who knows the number may cancel: it must not be guessed."""
TRIES = 20


def book_place(counter: Counter, item: Item, lease: SlotLease) -> KioskPage:
    """The page after the slot was chosen: without a seal key no telephone number is asked for (R11)."""
    if counter.sealer is None:
        return BookingPage(counter, item, lease, None)
    return BookingPhonePage(counter, item, lease, counter.sealer)


class BookingPhonePage(PhonePage):
    """The number to tell about changes; sealed the moment it is confirmed (R11)."""

    name = Page.BOOKING_PHONE

    def __init__(self, counter: Counter, item: Item, lease: SlotLease, sealer: Sealer) -> None:
        super().__init__()
        self._counter = counter
        self._item = item
        self._lease = lease
        self._sealer = sealer

    def content(self) -> PhoneEntry:
        """The number as it is typed."""
        return PhoneEntry(say("booking.phone"), say("booking.phone.help"), self.typed, self.is_complete)

    def _confirm(self) -> Move:
        if not self.is_complete:
            return Turn.STAY
        sealed = self.sealed_by(self._sealer)
        return Forward(BookingPage(self._counter, self._item, self._lease, sealed))

    def _other(self, action: Action) -> Move:
        return Turn.STAY if action is Action.SKIP else super()._other(action)


class BookingPage(KioskPage):
    """Everything once more, then book."""

    name = Page.BOOKING

    def __init__(self, counter: Counter, item: Item, lease: SlotLease, sealed: bytes | None) -> None:
        self._counter = counter
        self._item = item
        self._lease = lease
        self._sealed = sealed

    def content(self) -> Check:
        """What would be booked."""
        rows = [when_row(self._lease.slot)]
        if self._item.department:
            rows.append(Row(say("booking.where"), Name(self._item.department)))
        if self._sealed is not None:
            rows.append(Row(say("booking.phone_left"), say("booking.phone_sealed")))
        return Check(say("booking.check", item=self._item.name), tuple(rows), say("booking.confirm"))

    def _confirm(self) -> Move:
        at = self._counter.clock.now()
        if places_left(self._counter, self._lease) <= 0:
            return self._gone()
        for _ in range(TRIES):
            number = new_appointment_no(self._counter.setup.short_id, _RANDOM)
            if number in self._counter.hall.appointments:
                continue  # of a booking that a restored journal does not know
            try:
                (booked,) = self._counter.finish_task(self._item.case, at, partial(self._drafts, number, at))
            except AlreadyRecordedError:
                continue  # the number is another booking's
            return Onward(BookedPage(self._counter, self._item, self._lease, number, booked.record_id))
        return self._gone()

    def _gone(self) -> Move:
        return Forward(MessagePage(say("booking.gone"), say("booking.gone.again")))

    def _drafts(self, appointment_no: str, at: Moment, visit_id: str) -> tuple[Draft, ...]:
        payload: Json = {
            "appointment_no": appointment_no,
            "item_code": self._item.code,
            "slot": self._lease.slot.to_json(),
            "name_masked": None,
            "contact_commitment": None,
            "lease_id": self._lease.lease_id,
        }
        sealed = {"contact": self._sealed} if self._sealed is not None else {}
        return (Draft(Kind.APPOINTMENT_BOOKED, payload, at, visit_id, sealed),)
