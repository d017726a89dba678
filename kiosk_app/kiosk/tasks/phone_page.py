"""A telephone number on a keypad of its own: kept while it is typed, sealed when it is confirmed (R11, R24)."""

import re

from kiosk_app.journal.sealing import Sealer
from kiosk_app.kiosk.pages import KioskPage, Move, Turn
from kiosk_app.kiosk.service import Action

LONGEST_PHONE = 12
_MOBILE = re.compile(r"1[0-9]{10}")
_LANDLINE = re.compile(r"[02-9][0-9]{6,11}")


def is_phone(digits: str) -> bool:
    """Whether it can be a telephone number: a mobile one of 11 digits, or a landline of 7 to 12."""
    return bool(_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits))


class PhonePage(KioskPage):
    """What is typed is gone once it is sealed, and once the page is left."""

    def __init__(self) -> None:
        self.typed = ""

    @property
    def is_complete(self) -> bool:
        """Whether it can be confirmed."""
        return is_phone(self.typed)

    def _type(self, character: str) -> Move:
        if len(character) == 1 and character in "0123456789" and len(self.typed) < LONGEST_PHONE:
            self.typed += character
        return Turn.STAY

    def _other(self, action: Action) -> Move:
        if action is Action.ERASE:
            self.typed = self.typed[:-1]
        return Turn.BACK if action is Action.SKIP else Turn.STAY

    def sealed_by(self, sealer: Sealer) -> bytes:
        """The ciphertext, which is all that is kept."""
        sealed = sealer.seal({"phone": self.typed})
        self.typed = ""
        return sealed
