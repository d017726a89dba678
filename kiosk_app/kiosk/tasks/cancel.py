"""Cancel a booking by its code, until 2 h before (R23)."""

from kiosk_app.domain.appointments import may_cancel
from kiosk_app.domain.moments import Moment
from kiosk_app.domain.records import Draft, Kind
from kiosk_app.domain.visits import Case
from kiosk_app.journal.journal import AlreadyRecordedError
from kiosk_app.kiosk.bookings import Booking, BookingState, find_booking
from kiosk_app.kiosk.counter import Counter
from kiosk_app.kiosk.pages import Forward, Instead, KioskPage, Move, Onward
from kiosk_app.kiosk.screen_state import Check, Message, Name, Page, Row, Say, say
from kiosk_app.kiosk.tasks.code_page import BookingCodePage
from kiosk_app.kiosk.tasks.invitation import invitation
from kiosk_app.kiosk.tasks.message import MessagePage
from kiosk_app.kiosk.words import when_row

READ_MS = 8_000
"""How long the word that it is done is shown, at most."""


def refused(state: BookingState) -> MessagePage | None:
    """Why a booking can be neither cancelled nor checked in; None where it can."""
    match state:
        case BookingState.CANCELLED:
            return MessagePage(say("booking.cancelled"), say("ask.reception"))
        case BookingState.CHECKED_IN:
            return MessagePage(say("booking.checked_in"), say("ask.reception"))
        case _:
            return None


class CancelCodePage(BookingCodePage):
    """The code of the booking to cancel."""

    name = Page.CANCEL_CODE
    title = say("cancel.code")

    def judge(self, code: str) -> Move | Say:
        """The booking, or why it cannot be cancelled."""
        booking = find_booking(self._counter, code)
        if booking is None:
            return say("booking.unknown")
        return Forward(refused(booking.state) or self._page(booking))

    def _page(self, booking: Booking) -> KioskPage:
        if not may_cancel(booking.appointment.slot, self._counter.china_now()):
            return too_late()
        return CancelPage(self._counter, booking)


def too_late() -> MessagePage:
    """Somebody may be kept waiting for it already."""
    return MessagePage(say("cancel.too_late"), say("cancel.too_late.reception"))


class CancelPage(KioskPage):
    """The booking that would be cancelled."""

    name = Page.CANCEL

    def __init__(self, counter: Counter, booking: Booking) -> None:
        self._counter = counter
        self._booking = booking

    def content(self) -> Check:
        """What would be cancelled."""
        appointment = self._booking.appointment
        item = self._counter.hall.item(appointment.item_code)
        rows = [when_row(appointment.slot)]
        if item is not None and item.department:
            rows.append(Row(say("booking.where"), Name(item.department)))
        name = item.name if item is not None else Name(appointment.item_code)
        return Check(say("cancel.title", item=name), tuple(rows), say("cancel.confirm"))

    def _confirm(self) -> Move:
        at = self._counter.clock.now()
        appointment = self._booking.appointment
        if not may_cancel(appointment.slot, self._counter.china_now()):
            return Instead(too_late())
        item = self._counter.hall.item(appointment.item_code)
        case = item.case if item is not None else Case(item_code=appointment.item_code)
        try:
            self._counter.finish_task(
                case,
                at,
                lambda visit_id: (Draft(Kind.APPOINTMENT_CANCELLED, self._booking.payload(), at, visit_id),),
            )
        except AlreadyRecordedError:
            return Instead(MessagePage(say("booking.cancelled"), say("ask.reception")))
        return Onward(CancelledPage(self._counter, at))


class CancelledPage(KioskPage):
    """It is done; its rating follows by itself (R21)."""

    name = Page.MESSAGE
    can_go_back = False
    done = True

    def __init__(self, counter: Counter, shown: Moment) -> None:
        self._counter = counter
        self._until_ms = shown.boot_ms + READ_MS

    def due_ms(self) -> int | None:
        """It was shown long enough."""
        return self._until_ms

    def on_time(self, now: Moment) -> Move:  # noqa: ARG002 - as with a touch
        """Ask for the rating."""
        return invitation(self._counter)

    def content(self) -> Message:
        """That it is cancelled."""
        return Message(say("cancel.done"), (say("cancel.done.again"),), "check-circle")

    def _confirm(self) -> Move:
        return invitation(self._counter)
