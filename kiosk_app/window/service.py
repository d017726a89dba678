"""What the window API and the screen may ask of the window.

The station (`station.py`) is the real thing. Calls come from any thread, block until the answer is on disk, and never
wait for the network.
"""

from datetime import datetime
from typing import Protocol

from kiosk_app.domain.levels import Level
from kiosk_app.domain.problems import Problem
from kiosk_app.domain.visits import Answer, Refused, VisitName, VisitRequest, WindowView


class WindowService(Protocol):
    """The service side: it can open, invite and end; it can never submit, see, change or shorten a rating (R6)."""

    def open_visit(self, request: VisitRequest) -> Answer:
        """Open a visit: a citizen's service begins."""
        ...

    def invite(self, visit_id: str) -> Answer:
        """Ask the citizen to rate; asking again while the invitation is open changes nothing."""
        ...

    def end(self, visit_id: str) -> Answer:
        """End a visit that was not invited: `rating_missed: not_invited`."""
        ...

    def visit(self, visit_id: str) -> VisitName | Refused:
        """The visit's state, also long after it ended; refused if it was never opened here, or cannot be looked up."""
        ...

    def pause(self, reason: str, back_at: datetime | None) -> Answer:
        """Show the away sign, after the visit in progress (R19)."""
        ...

    def resume(self) -> Answer:
        """Take the away sign down."""
        ...

    def window(self) -> WindowView:
        """The window's state."""
        ...

    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong with the terminal now."""
        ...


class ScreenActions(Protocol):
    """The citizen's side: what a touch can do. Never blocks; `at` is its arrival in seconds of CLOCK_BOOTTIME."""

    def press(self, level: Level, at: float) -> None:
        """A level was chosen on the screen; the first valid press counts (R3)."""
        ...

    def decline(self, at: float) -> None:
        """不评价 was chosen (R6)."""
        ...

    def give_reasons(self, rating_id: str, codes: tuple[str, ...], comment: str) -> None:
        """The page after the press was finished with these options; none means none were given (R7)."""
        ...

    def choose_reasons(self, rating_id: str, codes: tuple[str, ...]) -> None:
        """The options ticked so far: what stands when the page's own time runs out."""
        ...

    def show_invitation(self) -> None:
        """The next citizen wants the five choices while the last one's page is still open."""
        ...

    def keep_code(self, missed_id: str) -> None:
        """Somebody still reads the code to rate later with; once, it stays longer for that."""
        ...

    def print_code(self, missed_id: str, language: str) -> None:
        """The code is wanted on paper, in this language."""
        ...

    def close_code(self, missed_id: str) -> None:
        """The citizen has the code, or does not want it: nobody else shall see it (R24)."""
        ...
