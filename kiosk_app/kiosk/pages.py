"""What a page of the kiosk is, and where a touch on it leads. Everything here runs on the station's thread."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import Moment
from kiosk_app.domain.records import Draft
from kiosk_app.kiosk.screen_state import Content, Page
from kiosk_app.kiosk.service import Action
from kiosk_app.terminal.countdown import Countdown


class Turn(StrEnum):
    """Where a touch leads without a new page."""

    STAY = "stay"
    BACK = "back"
    HOME = "home"


@dataclass(frozen=True)
class Forward:
    """One page deeper; back leads to the one that is left."""

    page: "KioskPage"


@dataclass(frozen=True)
class Instead:
    """In the place of the page that is left; back leads to the one before it."""

    page: "KioskPage"


@dataclass(frozen=True)
class Onward:
    """Something is done: there is no way back to the pages before."""

    page: "KioskPage"


Move = Turn | Forward | Instead | Onward


class KioskPage:
    """One page of a task: what it shows, and what each touch does. A page ignores what it does not understand.

    A reaction that records something does so first: what it raises leaves the page as it was.
    """

    name: Page
    can_go_back = True
    done = False

    def content(self) -> Content:
        """What the page shows now."""
        raise NotImplementedError

    def countdown(self) -> Countdown | None:
        """How long it stays; None where only the idle time counts (R24)."""
        return None

    def act(self, action: Action, value: str, at: Moment) -> Move:
        """A button was touched."""
        match action:
            case Action.HOME:
                return self._home(at)
            case Action.BACK:
                return self._back() if self.can_go_back else Turn.STAY
            case Action.CHOOSE:
                return self._choose(value)
            case Action.TYPE:
                return self._type(value)
            case Action.CONFIRM:
                return self._confirm()
            case _:
                return self._other(action)

    def scanned(self, text: str) -> Move:  # noqa: ARG002 - a page that waits for no code
        """A code was held before the scanner."""
        return Turn.STAY

    def press(self, level: Level, at: Moment) -> Move:  # noqa: ARG002 - a page without the five levels
        """A level was chosen."""
        return Turn.STAY

    def decline(self, at: Moment) -> Move:  # noqa: ARG002 - as above
        """不评价 was chosen."""
        return Turn.STAY

    def choose_reasons(self, codes: tuple[str, ...]) -> None:
        """These options are ticked."""

    def give_reasons(self, codes: tuple[str, ...]) -> Move:  # noqa: ARG002 - a page without options
        """These options are given."""
        return Turn.STAY

    def answer(self, question: str, answer: str) -> None:
        """An answer of the questionnaire was ticked."""

    def left(self, at: Moment) -> tuple[Draft, ...]:  # noqa: ARG002 - a page that owes no record
        """What stands when the citizen has gone without a word."""
        return ()

    def due_ms(self) -> int | None:
        """When it changes by itself, on CLOCK_BOOTTIME."""
        return None

    def on_time(self, now: Moment) -> Move:  # noqa: ARG002 - a page that only waits
        """That time has come."""
        return Turn.STAY

    def _home(self, at: Moment) -> Move:  # noqa: ARG002 - for a page on which leaving says something
        """Leave for home."""
        return Turn.HOME

    def _back(self) -> Move:
        """Go back by one page."""
        return Turn.BACK

    def _choose(self, entry_id: str) -> Move:  # noqa: ARG002 - a page without entries
        """An entry was chosen."""
        return Turn.STAY

    def _type(self, character: str) -> Move:  # noqa: ARG002 - a page without keys
        """A key of the page was touched."""
        return Turn.STAY

    def _confirm(self) -> Move:
        """The main button was touched."""
        return Turn.STAY

    def _other(self, action: Action) -> Move:  # noqa: ARG002 - a page without further buttons
        """One of the less common buttons: search, erase, skip, print, contact."""
        return Turn.STAY
