"""Book a place: item, day, time, telephone number, one look at it all, and a code to come with (R23)."""

import datetime as dt
from functools import partial
from random import SystemRandom

from device_drivers.printer.slip import Slip
from kiosk_app.domain.appointments import (
    CANCEL_BEFORE,
    CHECK_IN_AFTER,
    CHECK_IN_BEFORE,
    SlotLease,
    new_appointment_no,
)
from kiosk_app.domain.moments import CHINA_TIME, Moment
from kiosk_app.domain.records import Draft, Json, Kind
from kiosk_app.journal.journal import AlreadyRecordedError
from kiosk_app.journal.sealing import Sealer
from kiosk_app.kiosk.counter import Counter
from kiosk_app.kiosk.hall_data import Item
from kiosk_app.kiosk.pages import Forward, KioskPage, Move, Onward, Turn
from kiosk_app.kiosk.paper import Paper
from kiosk_app.kiosk.places import places_left
from kiosk_app.kiosk.screen_state import Check, Entry, Listing, Menu, Name, Page, PhoneEntry, Result, Row, ShowQr, say
from kiosk_app.kiosk.service import Action
from kiosk_app.kiosk.tasks.cancel import CancelCodePage
from kiosk_app.kiosk.tasks.code_page import grouped
from kiosk_app.kiosk.tasks.invitation import invitation
from kiosk_app.kiosk.tasks.items import Choosing, DepartmentsPage
from kiosk_app.kiosk.tasks.message import MessagePage
from kiosk_app.kiosk.tasks.phone_page import PhonePage
from kiosk_app.kiosk.words import clock, when_row
from kiosk_app.terminal.slip_values import BookingValues, Named
from kiosk_app.terminal.slips import booking_slip

_RANDOM = SystemRandom()
"""Who knows the number may cancel: it must not be guessed."""
TRIES = 20


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
        sealer = self._counter.sealer
        if sealer is None:
            return Forward(BookingPage(self._counter, self._item, lease, None))
        return Forward(BookingPhonePage(self._counter, self._item, lease, sealer))

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


class BookedPage(KioskPage):
    """The booking code, large; its slip is on the way."""

    name = Page.BOOKED
    can_go_back = False
    done = True

    def __init__(self, counter: Counter, item: Item, lease: SlotLease, code: str, record_id: str) -> None:
        self._counter = counter
        self._item = item
        self._slot = lease.slot
        self._code = code
        self._paper = Paper(counter.printer, self._slip, record_id)
        self._paper.print()

    def content(self) -> Result:
        """The code, when to come, and until when it can be cancelled."""
        starts, paper = self._slot.starts_at, self._paper
        return Result(
            title=say("booking.booked"),
            label=say("booking.code"),
            big=grouped(self._code),
            rows=(Row(say("booking.item"), self._item.name), when_row(self._slot)),
            lines=(
                say(
                    "booking.come",
                    begin=clock((starts - CHECK_IN_BEFORE).time()),
                    end=clock((starts + CHECK_IN_AFTER).time()),
                ),
                say("booking.cancel_until", until=starts - CANCEL_BEFORE),
            ),
            qr=self._code,
            printing=paper.printing,
            printing_line=paper.line(),
            may_print=paper.may_print_again,
        )

    def _confirm(self) -> Move:
        return invitation(self._counter)

    def _other(self, action: Action) -> Move:
        if action is Action.PRINT and self._paper.may_print_again:
            self._paper.print()
        return Turn.STAY

    def _slip(self, copy: int) -> Slip:
        setup, starts = self._counter.setup, self._slot.starts_at
        values = BookingValues(
            hall=setup.hall,
            code=self._code,
            item=Named(self._item.name.zh, self._item.name.en),
            starts=starts,
            ends=dt.datetime.combine(self._slot.date, self._slot.end, CHINA_TIME),
            cancel_until=starts - CANCEL_BEFORE,
            check_in_from=starts - CHECK_IN_BEFORE,
            check_in_until=starts + CHECK_IN_AFTER,
            department=self._item.department,
            materials=self._item.list_of("materials"),
        )
        return booking_slip(setup.wording, self._counter.citizen.language, values, copy=copy)
