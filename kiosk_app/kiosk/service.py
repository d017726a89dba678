"""What a touch at the kiosk can ask of the core. Never blocks; may be called from any thread."""

from enum import StrEnum
from typing import Protocol

from kiosk_app.domain.levels import Level


class Action(StrEnum):
    """The touches that every page understands or ignores."""

    HOME = "home"
    BACK = "back"
    CHOOSE = "choose"
    """An entry; the value is its id."""
    SEARCH = "search"
    """Open the search."""
    TYPE = "type"
    """One character, on the page's own keys."""
    ERASE = "erase"
    """The last character."""
    CONFIRM = "confirm"
    """The page's main button: take it, book it, go on."""
    SKIP = "skip"
    """Go on without saying anything."""
    PRINT = "print"
    """Print it, or a copy of it (补打)."""
    CONTACT = "contact"
    """Leave a telephone number for a call-back."""
    LANGUAGE = "language"
    """The screen is in the language of the value from now on, and so are slips; a new citizen has the default."""


class KioskActions(Protocol):
    """The citizen's side. `at` is the touch's arrival in seconds of CLOCK_BOOTTIME."""

    def touched(self, at: float) -> None:
        """Somebody is still there, whatever was touched (R24)."""
        ...

    def act(self, action: Action, value: str, at: float) -> None:
        """A button of the page was touched."""
        ...

    def press(self, level: Level, at: float) -> None:
        """A level was chosen; the first valid press counts (R3)."""
        ...

    def decline(self, at: float) -> None:
        """不评价 was chosen (R6)."""
        ...

    def choose_reasons(self, codes: tuple[str, ...]) -> None:
        """The options ticked so far; they stand if the citizen leaves without a word (R7)."""
        ...

    def give_reasons(self, codes: tuple[str, ...]) -> None:
        """The page after the press is done with these options; none means none were given (R7)."""
        ...

    def answer(self, question: str, answer: str) -> None:
        """An answer of the questionnaire was ticked; ticked again, it is taken back (R9)."""
        ...

    def scanned(self, text: str, at: float) -> None:
        """A keyboard-type scanner read this, or somebody typed it on a keyboard and pressed Enter."""
        ...
