"""The pages that are open for the citizen who stands there, and when that citizen has gone (R24).

Times are CLOCK_BOOTTIME in milliseconds.
"""

from collections.abc import Callable
from typing import assert_never

from kiosk_app.domain.moments import Moment
from kiosk_app.kiosk.pages import Forward, Instead, KioskPage, Move, Onward, Turn
from kiosk_app.kiosk.settling import SETTLE_MS
from kiosk_app.terminal.countdown import Countdown

LEAVING_MS = 10_000
"""How long the countdown warns before the screen is left."""


class Session:
    """One citizen after another; home is where each begins."""

    def __init__(self, home: Callable[[], KioskPage], idle_ms: int, now: Moment) -> None:
        self.citizen = 0
        """Changes whenever someone else may be standing there."""
        self.shown_ms = now.boot_ms
        """When the page on the screen was opened: a touch before that was meant for another one."""
        self._home = home
        self._idle_ms = idle_ms
        self._pages = [home()]
        self._touched_ms: int | None = None
        """The last sign of somebody; None since the last one has gone."""

    @property
    def top(self) -> KioskPage:
        """The page on the screen."""
        return self._pages[-1]

    @property
    def pages(self) -> tuple[KioskPage, ...]:
        """All that are open, home first."""
        return tuple(self._pages)

    @property
    def is_home(self) -> bool:
        """Whether only home is open."""
        return len(self._pages) == 1

    @property
    def can_go_back(self) -> bool:
        """Whether back leads anywhere."""
        return self.top.can_go_back and len(self._pages) > 1

    def touched(self, at: Moment, now: Moment) -> None:
        """Somebody is still there."""
        came_ms = min(at.boot_ms, now.boot_ms)
        self._touched_ms = came_ms if self._touched_ms is None else max(came_ms, self._touched_ms)

    def go(self, move: Move, now: Moment) -> None:
        """Go where a touch leads; home is not for here, as leaving has its price."""
        match move:
            case Turn.STAY | Turn.HOME:
                return
            case Turn.BACK:
                if len(self._pages) > 1:
                    self._pages.pop()
            case Forward(page):
                self._pages.append(page)
            case Instead(page):
                self._pages = [*self._pages[: max(1, len(self._pages) - 1)], page]
            case Onward(page):
                self._pages = [self._pages[0], page]
            case _:
                assert_never(move)
        self.shown_ms = now.boot_ms

    def restart(self, now: Moment) -> None:
        """The citizen has gone; nothing that was open outlasts that."""
        self.citizen += 1
        self._pages = [self._home()]
        self._touched_ms = None
        self.shown_ms = now.boot_ms

    def leaving(self, now: Moment) -> Countdown | None:
        """The countdown before the screen is left, once nobody has touched it for long."""
        ends_ms = self._ends_ms()
        if ends_ms is None or self.is_home or now.boot_ms < ends_ms - LEAVING_MS:
            return None
        return Countdown(ends_ms / 1000, LEAVING_MS / 1000)

    def came_too_late(self, at: Moment) -> bool:
        """Whether a touch arrived when the screen should have been left already: it is somebody else's."""
        ends_ms = self._ends_ms()
        return ends_ms is not None and at.boot_ms >= ends_ms

    def is_over(self, now: Moment) -> bool:
        """Whether the citizen has gone; a touch that arrived in time may still be on its way (R5)."""
        ends_ms = self._ends_ms()
        return ends_ms is not None and now.boot_ms >= ends_ms + SETTLE_MS

    def next_ms(self, now: Moment) -> int | None:
        """When the countdown begins, or the screen is left."""
        ends_ms = self._ends_ms()
        if ends_ms is None:
            return None
        begins_ms = ends_ms - LEAVING_MS
        return begins_ms if now.boot_ms < begins_ms and not self.is_home else ends_ms + SETTLE_MS

    def _ends_ms(self) -> int | None:
        """When the screen is left: never while it counts down by itself, nor while nobody has come."""
        if self._touched_ms is None or self.top.countdown() is not None:
            return None
        return self._touched_ms + self._idle_ms + LEAVING_MS
