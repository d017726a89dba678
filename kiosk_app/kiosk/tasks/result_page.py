"""What a finished task leaves on the screen and on paper, and the way from there to its rating (R21)."""

from device_drivers.printer.slip import Slip
from kiosk_app.domain.moments import Moment
from kiosk_app.kiosk.counter import Counter
from kiosk_app.kiosk.pages import KioskPage, Move, Turn
from kiosk_app.kiosk.paper import Paper
from kiosk_app.kiosk.service import Action
from kiosk_app.kiosk.tasks.invitation import invitation

TAKE_MS = 20_000
"""How long the screen still shows what is on the paper already: time to take the slip and to compare the two."""


class ResultPage(KioskPage):
    """Something to keep. Once it is surely on paper the rating follows by itself; until then, when a button is touched.

    What is on no paper stays on the screen as long as anybody stands before it.
    """

    done = True

    def __init__(self, counter: Counter, record_id: str, *, print_now: bool = True) -> None:
        """To be called last: the slip is laid out here, from what the page holds."""
        self._counter = counter
        self._paper = Paper(counter, self._slip, record_id)
        if print_now:
            self._paper.print()

    def due_ms(self) -> int | None:
        """When the paper has been taken."""
        printed_ms = self._paper.printed_ms
        return None if printed_ms is None else printed_ms + TAKE_MS

    def on_time(self, now: Moment) -> Move:  # noqa: ARG002 - as with a touch
        """Ask for the rating."""
        return invitation(self._counter)

    def _confirm(self) -> Move:
        return invitation(self._counter)

    def _other(self, action: Action) -> Move:
        if action is Action.PRINT and self._paper.may_print_again:
            self._paper.print()
        return Turn.STAY

    def _slip(self, copy: int) -> Slip:
        """The slip; a copy after the first says that it is one (补打)."""
        raise NotImplementedError
