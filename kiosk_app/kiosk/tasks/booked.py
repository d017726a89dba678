"""A place is booked: its code on the screen and on paper (R23)."""

import datetime as dt

from device_drivers.printer.slip import Slip
from kiosk_app.domain.appointments import CANCEL_BEFORE, CHECK_IN_AFTER, CHECK_IN_BEFORE, SlotLease
from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.kiosk.counter import Counter
from kiosk_app.kiosk.hall_data import Item
from kiosk_app.kiosk.screen_state import Page, Result, Row, say
from kiosk_app.kiosk.tasks.code_page import grouped
from kiosk_app.kiosk.tasks.result_page import ResultPage
from kiosk_app.kiosk.words import clock, when_row
from kiosk_app.terminal.slip_values import BookingValues, Named
from kiosk_app.terminal.slips import booking_slip


class BookedPage(ResultPage):
    """The booking code, large; its slip is on the way."""

    name = Page.BOOKED
    can_go_back = False

    def __init__(self, counter: Counter, item: Item, lease: SlotLease, code: str, record_id: str) -> None:
        self._item = item
        self._slot = lease.slot
        self._code = code
        super().__init__(counter, record_id)

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
