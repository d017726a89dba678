"""What comes from a keyboard: a scanner types a code as a keyboard would, and ends it with Enter."""

import math

PAUSE_SECONDS = 3.0
"""Keys further apart than this do not belong to one code: the rest of a broken reading is forgotten."""
LONGEST = 512
"""More than any code or address of one; what is longer is no reading."""


class Keyboard:
    """Collects keys until Enter."""

    def __init__(self) -> None:
        self._keys = ""
        self._last_at = -math.inf

    def typed(self, text: str, at: float) -> None:
        """Keys came, at this second of CLOCK_BOOTTIME."""
        if at - self._last_at > PAUSE_SECONDS:
            self._keys = ""
        self._keys = (self._keys + text)[:LONGEST]
        self._last_at = at

    def entered(self, at: float) -> str:
        """Enter came: what was typed before it; empty where that was too long ago."""
        keys, self._keys = self._keys, ""
        return keys if at - self._last_at <= PAUSE_SECONDS else ""

    def forget(self) -> None:
        """The page has changed: what was begun there is not for the next one."""
        self._keys = ""
