"""One thing said: a refusal and what to do, or that something was done."""

from collections.abc import Callable

from kiosk_app.kiosk.pages import Forward, Instead, KioskPage, Move, Turn
from kiosk_app.kiosk.screen_state import Message, Page, Say


class MessagePage(KioskPage):
    """A refusal: back leads to where one can try again, the button home."""

    name = Page.MESSAGE

    def __init__(
        self, title: Say, *lines: Say, symbol: str = "notice", scan: Callable[[str], Forward] | None = None
    ) -> None:
        """`scan` is where a code leads that is held before the scanner meanwhile."""
        self._message = Message(title, lines, symbol)
        self._scan = scan

    def content(self) -> Message:
        """What is said."""
        return self._message

    def _confirm(self) -> Move:
        return Turn.HOME

    def scanned(self, text: str) -> Move:
        """The next code, where one was asked for."""
        return Turn.STAY if self._scan is None else Instead(self._scan(text).page)
