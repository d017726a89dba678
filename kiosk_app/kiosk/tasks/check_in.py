"""Check in by booking code: from 30 min before to 15 min after; gives a `Y` number (R22, R23)."""

from kiosk_app.domain.appointments import CheckIn, check_in_window
from kiosk_app.domain.records import Draft, Kind
from kiosk_app.kiosk.bookings import Booking, find_booking
from kiosk_app.kiosk.counter import Counter
from kiosk_app.kiosk.numbers import draw_number
from kiosk_app.kiosk.pages import Forward, Move, Onward
from kiosk_app.kiosk.screen_state import Page, Say, say
from kiosk_app.kiosk.tasks.cancel import refused
from kiosk_app.kiosk.tasks.code_page import BookingCodePage
from kiosk_app.kiosk.tasks.message import MessagePage
from kiosk_app.kiosk.tasks.take_number import NumberTakenPage, used_up
from kiosk_app.kiosk.words import check_in_line


class CheckInCodePage(BookingCodePage):
    """The code of the booking to check in."""

    name = Page.CHECK_IN_CODE
    title = say("check_in.code")

    def judge(self, code: str) -> Move | Say:
        """The number, or why there is none."""
        booking = find_booking(self._counter, code)
        if booking is None:
            return say("booking.unknown")
        page = refused(booking.state) or self._not_now(booking)
        return Forward(page) if page is not None else check_in(self._counter, booking)

    def _not_now(self, booking: Booking) -> MessagePage | None:
        slot = booking.appointment.slot
        match check_in_window(slot, self._counter.china_now()):
            case CheckIn.EARLY:
                return MessagePage(say("check_in.early"), check_in_line(slot))
            case CheckIn.LATE:
                return MessagePage(say("check_in.late"), check_in_line(slot), say("check_in.late.number"))
            case _:
                return None


def check_in(counter: Counter, booking: Booking) -> Move:
    """Record the arrival and its number together: never one without the other."""
    item = counter.hall.item(booking.appointment.item_code)
    if item is None or not item.has_queue:
        return Forward(MessagePage(say("check_in.item_unknown"), say("ask.reception"), symbol="warning"))
    at = counter.clock.now()

    def arrival(visit_id: str) -> tuple[Draft, ...]:
        return (Draft(Kind.APPOINTMENT_CHECKED_IN, booking.payload(), at, visit_id),)

    number = draw_number(counter, item, at, booked=True, along=arrival)
    if number is None:
        return Forward(used_up())
    counter.citizen.numbers[item.group] = number
    return Onward(NumberTakenPage(counter, number))
