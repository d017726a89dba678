"""Home: five clear choices, and a code before the scanner finds its own way (R21)."""

from kiosk_app.domain.appointments import is_appointment_no
from kiosk_app.domain.rating_code import read_code, scanned_code
from kiosk_app.kiosk.counter import Counter
from kiosk_app.kiosk.hall_data import plain_code
from kiosk_app.kiosk.pages import Forward, KioskPage, Move, Turn
from kiosk_app.kiosk.screen_state import Entry, Menu, Page, say
from kiosk_app.kiosk.tasks.booking import BookingMenuPage
from kiosk_app.kiosk.tasks.check_in import CheckInCodePage
from kiosk_app.kiosk.tasks.look_up import LookUpMenuPage
from kiosk_app.kiosk.tasks.message import MessagePage
from kiosk_app.kiosk.tasks.rate import RateCodePage, scan_to_rate
from kiosk_app.kiosk.tasks.take_number import take_number


class HomePage(KioskPage):
    """What one can do here."""

    name = Page.HOME
    can_go_back = False

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def content(self) -> Menu:
        """The five choices; one that cannot be made now says why."""
        return Menu(
            say("home.title"),
            (
                self._take_number(),
                Entry("book", say("home.book"), say("home.book.detail"), "book"),
                Entry("check_in", say("home.check_in"), say("home.check_in.detail"), "check_in"),
                self._rate(),
                Entry("look_up", say("home.look_up"), say("home.look_up.detail"), "look_up"),
            ),
        )

    def _choose(self, entry_id: str) -> Move:
        counter = self._counter
        match entry_id:
            case "take_number" if self._take_number().enabled:
                return Forward(take_number(counter))
            case "book":
                return Forward(BookingMenuPage(counter))
            case "check_in":
                return Forward(CheckInCodePage(counter))
            case "rate" if self._rate().enabled:
                return Forward(RateCodePage(counter))
            case "look_up":
                return Forward(LookUpMenuPage(counter))
            case _:
                return Turn.STAY

    def scanned(self, text: str) -> Move:
        """Nobody has to choose first who has a code in the hand."""
        return scan_anywhere(self._counter, text)

    def _take_number(self) -> Entry:
        can = self._counter.gives_numbers()
        detail = say("home.take_number.detail") if can else say("home.take_number.no_paper")
        return Entry("take_number", say("home.take_number"), detail, "take_number", enabled=can)

    def _rate(self) -> Entry:
        can = self._counter.setup.rating_key is not None
        detail = say("home.rate.detail") if can else say("home.rate.off")
        return Entry("rate", say("home.rate"), detail, "rate", enabled=can)


def scan_anywhere(counter: Counter, text: str) -> Forward:
    """Where a code leads that nobody asked for: a booking is checked in, a visit is rated."""
    code = scanned_code(text)
    plain = plain_code(code)
    if is_appointment_no(plain) or plain in counter.hall.appointments:
        entry = CheckInCodePage(counter)
        move = entry.scanned(code)
        return Forward(move.page) if not isinstance(move, Turn) else Forward(entry)
    if read_code(code) is not None:
        return scan_to_rate(counter, code)
    unread = say("code.unread"), say("code.unread.again")
    return Forward(MessagePage(*unread, scan=lambda again: scan_anywhere(counter, again)))
