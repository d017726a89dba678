"""Where a booking begins: book or cancel; which item, which day, which time (R23)."""

import datetime as dt

from kiosk_app.domain.appointments import SlotLease
from kiosk_app.kiosk.counter import Counter
from kiosk_app.kiosk.hall_data import Item
from kiosk_app.kiosk.pages import Forward, KioskPage, Move, Turn
from kiosk_app.kiosk.places import places_left
from kiosk_app.kiosk.screen_state import Entry, Listing, Menu, Page, ShowQr, say
from kiosk_app.kiosk.tasks.book_place import book_place
from kiosk_app.kiosk.tasks.cancel import CancelCodePage
from kiosk_app.kiosk.tasks.items import Choosing, DepartmentsPage
from kiosk_app.kiosk.tasks.message import MessagePage
from kiosk_app.kiosk.words import clock


class BookingMenuPage(KioskPage):
    """Book, or cancel a booking."""

    name = Page.BOOKING_MENU

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def content(self) -> Menu:
        """The two choices."""
        return Menu(
            say("booking.menu"),
            (
                Entry("book", say("booking.book"), say("booking.book.detail"), "book"),
                Entry("cancel", say("booking.cancel"), say("booking.cancel.detail"), "cancel"),
            ),
        )

    def _choose(self, entry_id: str) -> Move:
        match entry_id:
            case "book":
                return Forward(DepartmentsPage(self._counter, Choosing(self._chosen)))
            case "cancel":
                return Forward(CancelCodePage(self._counter))
            case _:
                return Turn.STAY

    def _chosen(self, item: Item) -> Move:
        return Forward(by_phone(self._counter, item) if item.needs_name else DaysPage(self._counter, item))


def by_phone(counter: Counter, item: Item) -> KioskPage:
    """An item that needs a name is booked on the citizen's own phone: names are not typed at a public machine (R24)."""
    if not counter.setup.public_url:
        return MessagePage(say("booking.by_phone.none"), say("booking.by_phone.reception"))
    return ByPhonePage(item, f"{counter.setup.public_url.rstrip('/')}/book/{item.code}")


class ByPhonePage(KioskPage):
    """The QR code with which the booking goes on on a phone."""

    name = Page.BOOK_BY_PHONE

    def __init__(self, item: Item, address: str) -> None:
        self._item = item
        self._address = address

    def content(self) -> ShowQr:
        """Why, and the address as a QR code."""
        return ShowQr(say("booking.by_phone", item=self._item.name), (say("booking.by_phone.why"),), self._address)


class DaysPage(KioskPage):
    """The next working days; one that is full stays in its place."""

    name = Page.DAYS

    def __init__(self, counter: Counter, item: Item) -> None:
        self._counter = counter
        self._item = item

    def content(self) -> Listing:
        """Each day with its places. Raises `JournalUnavailableError`."""
        entries = tuple(self._entry(day) for day in self._days())
        return Listing(say("booking.days"), entries, say("booking.days.none"))

    def _choose(self, entry_id: str) -> Move:
        day = next((day for day in self._days() if day.isoformat() == entry_id), None)
        if day is None or not self._entry(day).enabled:
            return Turn.STAY
        return Forward(TimesPage(self._counter, self._item, day))

    def _days(self) -> list[dt.date]:
        return self._counter.hall.calendar.next_days(self._counter.today(), self._counter.setup.booking_days)

    def _entry(self, day: dt.date) -> Entry:
        leases = self._counter.hall.slots_of(self._item.code, day)
        left = sum(places_left(self._counter, lease) for lease in leases)
        detail = say("booking.places", count=left) if left else say("booking.full")
        return Entry(
            day.isoformat(),
            say("booking.day", day=day),
            detail if leases else say("booking.not_offered"),
            enabled=left > 0,
        )


class TimesPage(KioskPage):
    """The slots of a day, with the places left."""

    name = Page.TIMES

    def __init__(self, counter: Counter, item: Item, day: dt.date) -> None:
        self._counter = counter
        self._item = item
        self._day = day

    def content(self) -> Listing:
        """Each slot with its places. Raises `JournalUnavailableError`."""
        entries = tuple(self._entry(lease) for lease in self._leases())
        return Listing(say("booking.times", day=self._day), entries, say("booking.times.none"))

    def _choose(self, entry_id: str) -> Move:
        lease = next((lease for lease in self._leases() if lease.lease_id == entry_id), None)
        if lease is None or places_left(self._counter, lease) <= 0:
            return Turn.STAY
        return Forward(book_place(self._counter, self._item, lease))

    def _leases(self) -> tuple[SlotLease, ...]:
        return self._counter.hall.slots_of(self._item.code, self._day)

    def _entry(self, lease: SlotLease) -> Entry:
        left = places_left(self._counter, lease)
        return Entry(
            lease.lease_id,
            say("booking.time", start=clock(lease.slot.start), end=clock(lease.slot.end)),
            say("booking.places", count=left) if left > 0 else say("booking.full"),
            enabled=left > 0,
        )
