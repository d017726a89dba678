"""Who is signed in, which page is open, and when the screen is left (times are CLOCK_BOOTTIME in milliseconds)."""

from kiosk_app.domain.moments import Moment
from kiosk_app.technician_screen.pages.page import TechnicianPage

IDLE_MS = 5 * 60_000
"""Without a touch for so long, nobody is there any more."""
SIGN_IN_IDLE_MS = 60_000
"""A page that only asks for a PIN covers the terminal no longer than that."""


class Session:
    """One technician after another."""

    def __init__(self) -> None:
        self.pages: list[TechnicianPage] = []
        """The open page last, those that back leads to before it."""
        self.signed_in = False
        self.is_guest = False
        """Let in by the command line, to one page only."""
        self._touched_ms = 0

    @property
    def top(self) -> TechnicianPage | None:
        """The page on the screen; None while it is closed."""
        return self.pages[-1] if self.pages else None

    def begin(self, page: TechnicianPage, now: Moment) -> None:
        """Somebody came."""
        self.pages = [page]
        self.signed_in = self.is_guest = False
        self._touched_ms = now.boot_ms

    def end(self) -> None:
        """They left."""
        self.pages = []
        self.signed_in = self.is_guest = False

    def touched(self, at_ms: int, now: Moment) -> None:
        """Somebody is still there."""
        self._touched_ms = max(self._touched_ms, min(at_ms, now.boot_ms))

    @property
    def ends_ms(self) -> int | None:
        """When the screen is left without a further touch."""
        if not self.pages:
            return None
        return self._touched_ms + (IDLE_MS if self.signed_in else SIGN_IN_IDLE_MS)

    def came_too_late(self, at_ms: int) -> bool:
        """Whether a touch arrived when the screen should have been left already: it is somebody else's."""
        return self.ends_ms is not None and at_ms >= self.ends_ms
