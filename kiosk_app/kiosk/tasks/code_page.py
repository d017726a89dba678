"""Entering a code: typed on the page's own keys, or scanned."""

from kiosk_app.kiosk.counter import Counter
from kiosk_app.kiosk.pages import KioskPage, Move, Turn
from kiosk_app.kiosk.screen_state import CodeEntry, Say, say
from kiosk_app.kiosk.service import Action

GROUP = 4
BOOKING_CODE_LENGTH = 12
LONGEST_BOOKING_CODE = 20
RATING_CODE_LENGTH = 16
_RATING_CHARACTERS = frozenset("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_SPELLINGS = str.maketrans("OIL", "011")


def grouped(code: str) -> str:
    """In groups of four with dashes, as on the slip."""
    return "-".join(code[begin : begin + GROUP] for begin in range(0, len(code), GROUP))


class CodePage(KioskPage):
    """What is typed stays while a code is refused, so that one wrong character can be mended."""

    title: Say
    help: Say
    length: int

    def __init__(self) -> None:
        self._typed = ""
        self._fault: Say | None = None

    def content(self) -> CodeEntry:
        """What is typed, and why the last code was refused."""
        return CodeEntry(self.title, self.help, grouped(self._typed), self.is_complete, self._fault)

    def _type(self, character: str) -> Move:
        accepted = self.accepted(character)
        if accepted is not None and len(self._typed) < self.length:
            self._typed += accepted
            self._fault = None
        return Turn.STAY

    def _other(self, action: Action) -> Move:
        if action is Action.ERASE:
            self._typed, self._fault = self._typed[:-1], None
        return Turn.STAY

    def _confirm(self) -> Move:
        return self.judged(self._typed) if self.is_complete else Turn.STAY

    def scanned(self, text: str) -> Move:
        """A scanned code is judged at once."""
        return self.judged(text)

    def accepted(self, character: str) -> str | None:
        """The character as the code spells it; None for one that no code holds."""
        raise NotImplementedError

    def judge(self, code: str) -> Move | Say:
        """Where the code leads, or why it is refused. What is raised leaves the page as it was."""
        raise NotImplementedError

    @property
    def is_complete(self) -> bool:
        """Whether there is enough to judge."""
        return len(self._typed) == self.length

    def judged(self, code: str) -> Move:
        """Where a code leads that was typed or scanned; a refused one is told on the page."""
        judged = self.judge(code)
        if not isinstance(judged, Say):
            return judged
        self._fault = judged
        return Turn.STAY


class BookingCodePage(CodePage):
    """A booking code: 12 digits where a terminal made it, anything short where the platform did."""

    help = say("code.booking.help")
    length = LONGEST_BOOKING_CODE

    def __init__(self, counter: Counter) -> None:
        super().__init__()
        self._counter = counter

    def accepted(self, character: str) -> str | None:
        """A digit or letter."""
        return character.upper() if len(character) == 1 and character.isascii() and character.isalnum() else None

    @property
    def is_complete(self) -> bool:
        """Whether it is as long as a terminal's code, or one that the platform told."""
        return len(self._typed) == BOOKING_CODE_LENGTH or self._typed in self._counter.hall.appointments


class RatingCodePage(CodePage):
    """A rating code: 16 characters of Crockford's base 32 (interfaces §7)."""

    help = say("code.rating.help")
    length = RATING_CODE_LENGTH

    def accepted(self, character: str) -> str | None:
        """A character of Crockford's base 32; O, I and L are understood."""
        spelled = character.upper().translate(_SPELLINGS)
        return spelled if len(spelled) == 1 and spelled in _RATING_CHARACTERS else None
