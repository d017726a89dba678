"""Take a number: item, a look at what it is for, the number on the screen and on paper (R21, R22)."""

from device_drivers.printer.slip import Slip
from kiosk_app.domain.rating_code import qr_text
from kiosk_app.kiosk.counter import Counter, Taken
from kiosk_app.kiosk.hall_data import Item
from kiosk_app.kiosk.numbers import draw_number
from kiosk_app.kiosk.pages import Forward, KioskPage, Move, Onward
from kiosk_app.kiosk.screen_state import Check, Name, Page, Result, Row, Say, say
from kiosk_app.kiosk.tasks.items import Choosing, DepartmentsPage
from kiosk_app.kiosk.tasks.message import MessagePage
from kiosk_app.kiosk.tasks.result_page import ResultPage
from kiosk_app.terminal.slip_values import Named, NumberValues, RateLater
from kiosk_app.terminal.slips import number_slip


def take_number(counter: Counter) -> DepartmentsPage:
    """Where taking a number begins."""

    def why_not(item: Item) -> Say | None:
        return None if item.has_queue else say("item.no_number")

    return DepartmentsPage(counter, Choosing(lambda item: Forward(NumberPage(counter, item)), why_not))


def used_up(*more: Say) -> MessagePage:
    """No number can be given: this terminal has none left, and makes none up."""
    return MessagePage(say("number.used_up"), say("number.used_up.reception"), *more, symbol="warning")


class NumberPage(KioskPage):
    """What the number is for, and how many wait; one button takes it."""

    name = Page.NUMBER

    def __init__(self, counter: Counter, item: Item) -> None:
        self._counter = counter
        self._item = item

    def content(self) -> Check:
        """Department and queue, and what one should know before."""
        return Check(say("number.title", item=self._item.name), self._rows(), say("number.take"), self._note())

    def _confirm(self) -> Move:
        citizen = self._counter.citizen
        if (taken := citizen.numbers.get(self._item.group)) is not None:
            shared = say("number.shared", number=taken.ticket_no)
            return Onward(NumberTakenPage(self._counter, taken, shared, print_now=False))
        if not self._counter.gives_numbers():
            return Forward(
                MessagePage(say("number.not_without_paper"), say("number.used_up.reception"), symbol="warning")
            )
        number = draw_number(self._counter, self._item, self._counter.clock.now())
        if number is None:
            return Forward(used_up(say("number.used_up.booking")))
        citizen.numbers[self._item.group] = number
        return Onward(NumberTakenPage(self._counter, number))

    def _rows(self) -> tuple[Row, ...]:
        waiting = self._counter.hall.waiting.get(self._item.group)
        rows = []
        if self._item.department:
            rows.append(Row(say("number.department"), Name(self._item.department)))
        if waiting is not None:
            rows.append(Row(say("number.waiting"), say("number.waiting.count", count=waiting)))
        return tuple(rows)

    def _note(self) -> Say | None:
        if self._counter.hall.hours.is_open(self._counter.china_now()) is False:
            return say("number.closed")
        return None if self._counter.can_print() else say("number.no_paper")


class NumberTakenPage(ResultPage):
    """The number, large; its slip is on the way. Back takes one for another matter."""

    name = Page.NUMBER_TAKEN

    def __init__(self, counter: Counter, taken: Taken, *lines: Say, print_now: bool = True) -> None:
        self._taken = taken
        self._lines = lines
        super().__init__(counter, taken.record_id, print_now=print_now)

    def content(self) -> Result:
        """The number and the rating code, and what became of the paper."""
        taken, paper = self._taken, self._paper
        return Result(
            title=say("number.taken"),
            label=say("number.label"),
            big=taken.ticket_no,
            rows=self._rows(),
            lines=(*self._lines, say("number.wait")),
            qr=self._qr(),
            printing=paper.printing,
            printing_line=paper.line(),
            may_print=paper.may_print_again,
        )

    def _back(self) -> Move:
        return Onward(take_number(self._counter))

    def _rows(self) -> tuple[Row, ...]:
        taken = self._taken
        rows = [
            Row(say("number.item"), taken.item.name),
            Row(say("number.time"), say("number.time.value", at=taken.at)),
        ]
        if taken.rating_code is not None:
            rows.append(Row(say("number.rating_code"), Name(taken.rating_code)))
        return tuple(rows)

    def _qr(self) -> str:
        code = self._taken.rating_code
        return "" if code is None else qr_text(self._counter.setup.public_url, code)

    def _slip(self, copy: int) -> Slip:
        setup, taken = self._counter.setup, self._taken
        later = None
        if taken.rating_code is not None:
            later = RateLater(taken.rating_code, self._qr(), self._counter.last_day_to_rate(taken.at.date()))
        values = NumberValues(
            hall=setup.hall,
            ticket_no=taken.ticket_no,
            items=(Named(taken.item.name.zh, taken.item.name.en),),
            department=taken.item.department,
            issued_at=taken.at,
            waiting=taken.waiting,
            rate=later,
        )
        return number_slip(setup.wording, self._counter.citizen.language, values, copy=copy)
