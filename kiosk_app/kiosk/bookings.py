"""What this kiosk knows of a booking: made here, or pulled from the platform (R23)."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk_app.domain.appointments import Appointment, Slot
from kiosk_app.domain.records import Json
from kiosk_app.kiosk.counter import Counter
from kiosk_app.kiosk.hall_data import plain_code


class BookingState(StrEnum):
    """What has become of a booking, as far as this kiosk knows."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    CHECKED_IN = "checked_in"


@dataclass(frozen=True)
class Booking:
    """A booking and its state."""

    appointment: Appointment
    state: BookingState
    lease_id: str | None
    """Of the slot lease that it was made from here; None where it was made elsewhere."""

    def payload(self) -> Json:
        """What a record of its cancelling or checking in tells."""
        return {
            "appointment_no": self.appointment.appointment_no,
            "item_code": self.appointment.item_code,
            "slot": self.appointment.slot.to_json(),
            "name_masked": self.appointment.name_masked or None,
            "contact_commitment": None,
            "lease_id": self.lease_id,
        }


def find_booking(counter: Counter, code: str) -> Booking | None:
    """The booking of a code that was typed or scanned; None for one that is not known here.

    Raises `JournalUnavailableError`.
    """
    plain = plain_code(code)
    pulled = counter.hall.appointments.get(plain)
    number = pulled.appointment_no if pulled is not None else plain
    recorded = counter.read(lambda journal: journal.appointment(number))
    if recorded is None:
        return Booking(pulled, BookingState.BOOKED, None) if pulled is not None else None
    appointment = pulled or Appointment(number, number, recorded["item_code"], Slot.parse(recorded["slot"]))
    return Booking(appointment, BookingState(recorded["state"]), recorded.get("lease_id"))
