"""Which page the window's screen shows: a projection of the window's state and of what was pressed last.

The page after the press and the thanks are pages, not states of the visit: the next visit can open while the last
citizen is still choosing reasons (R7). Times are CLOCK_BOOTTIME in milliseconds.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from kiosk_app.domain.catalogue import Option
from kiosk_app.domain.levels import Level
from kiosk_app.domain.visits import WindowName
from kiosk_app.window.screen_state import Page, Printing

LATER_MS = 30_000
"""How long the code to rate later with stays; a touch gives it as long again, once."""
FLASH_MS = 4_000
"""How long the thanks, or the page after 不评价, stays when nothing else is to be shown."""
MAY_BE_PRINTED = frozenset({Printing.READY, Printing.UNCONFIRMED, Printing.FAILED})
"""What leaves something to ask the printer for: a first slip, or one more where the last one may not have come out."""

_BETWEEN_VISITS = {WindowName.IDLE, WindowName.PAUSED}


@dataclass(frozen=True)
class DetailPage:
    """The page after one rating's press; open until its citizen or its own time closes it (R7)."""

    rating_id: str
    visit_id: str
    level: Level
    options: tuple[Option, ...]
    catalogue_version: str
    opened_ms: int
    closes_ms: int
    chosen: tuple[str, ...] = ()
    covered: bool = False
    """Another citizen's page came over it: it is not shown again, and stands open until its own time is over."""

    def chosen_options(self) -> tuple[Option, ...]:
        """The options behind the codes chosen, in the order in which they were offered."""
        return tuple(option for option in self.options if option.code in self.chosen)


@dataclass(frozen=True)
class LaterPage:
    """The code of a visit that ended without a rating (R10, R20); nobody but its citizen may see it (R24)."""

    missed_id: str
    """The `rating_missed` that it belongs to."""
    code: str
    last_day: date
    declined: bool
    served_at: datetime
    opened_ms: int
    closes_ms: int
    kept: bool = False
    """A touch has made it stay longer."""
    copies: int = 0
    """Slips that were asked for."""
    printing: Printing = Printing.READY
    """What became of the last one."""

    def longer(self, now_ms: int) -> "LaterPage":
        """Somebody reads it still."""
        return self if self.kept else replace(self, kept=True, opened_ms=now_ms, closes_ms=now_ms + LATER_MS)


@dataclass(frozen=True)
class Pages:
    """The pages that are open besides the window's state."""

    details: tuple[DetailPage, ...] = ()
    """Oldest first; only the newest can be on the screen."""
    later: LaterPage | None = None
    flash: Page | None = None
    flash_until_ms: int = 0

    @property
    def top(self) -> DetailPage | None:
        """The detail page that can be on the screen."""
        return next((page for page in self.details if not page.covered), None)

    def opened(self, page: DetailPage) -> "Pages":
        """A rating was recorded: its page opens over all others."""
        return replace(self, details=(*self.covered().details, page), flash=None)

    def covered(self) -> "Pages":
        """Another citizen stands there now: what the last one was asked is not shown to them (R24)."""
        return replace(self, details=tuple(replace(page, covered=True) for page in self.details))

    def invited(self) -> "Pages":
        """A new invitation is open: thanks make way; an open detail page stays until someone asks for the choices."""
        return replace(self, flash=None)

    def find(self, rating_id: str) -> DetailPage | None:
        """The open page of a rating."""
        return next((page for page in self.details if page.rating_id == rating_id), None)

    def with_chosen(self, rating_id: str, codes: tuple[str, ...]) -> "Pages":
        """The options ticked so far on a page."""
        return replace(
            self,
            details=tuple(replace(p, chosen=codes) if p.rating_id == rating_id else p for p in self.details),
        )

    def closed(self, rating_id: str) -> "Pages":
        """A page is done; the ones it covered stay covered until their own time is over."""
        return replace(self, details=tuple(p for p in self.details if p.rating_id != rating_id))

    def flashed(self, page: Page, now_ms: int) -> "Pages":
        """Show thanks, or the page after 不评价, for a moment."""
        return replace(self, flash=page, flash_until_ms=now_ms + FLASH_MS)

    def without_old_flash(self, now_ms: int) -> "Pages":
        """Thanks that were shown long enough are over."""
        return replace(self, flash=None) if self.flash is not None and self.flash_until_ms <= now_ms else self

    def with_later(self, page: LaterPage) -> "Pages":
        """A visit ended without a rating: its code takes the place of whatever was flashed."""
        return replace(self, later=page, flash=None)

    def changed_later(self, missed_id: str, change: Callable[[LaterPage], LaterPage | None]) -> "Pages":
        """The code's page as `change` leaves it (None: gone); nothing is done where it is another's by now."""
        if self.later is None or self.later.missed_id != missed_id:
            return self
        return replace(self, later=change(self.later))

    def without_later(self) -> "Pages":
        """The code is gone for good: its citizen is done, or someone else stands there now (R24)."""
        return replace(self, later=None)

    def without_old_later(self, now_ms: int) -> "Pages":
        """A code that was shown long enough is gone."""
        return self.without_later() if self.later is not None and self.later.closes_ms <= now_ms else self

    def expired(self, now_ms: int) -> tuple[DetailPage, ...]:
        """The detail pages whose own time is over."""
        return tuple(page for page in self.details if page.closes_ms <= now_ms)

    def next_change_ms(self) -> int | None:
        """When a page changes by itself."""
        times = [page.closes_ms for page in self.details]
        if self.flash is not None:
            times.append(self.flash_until_ms)
        if self.later is not None:
            times.append(self.later.closes_ms)
        return min(times, default=None)

    def visible(self, window: WindowName, now_ms: int) -> Page:
        """The page on the screen while everything can be recorded."""
        if self.top is not None:
            return Page.DETAILS
        if self.flash is not None and now_ms < self.flash_until_ms and window is not WindowName.INVITING:
            return self.flash
        if self.later is not None and now_ms < self.later.closes_ms and window in _BETWEEN_VISITS:
            return Page.LATER
        return {
            WindowName.IDLE: Page.SIGN,
            WindowName.SERVING: Page.SERVING,
            WindowName.PAUSED: Page.AWAY,
            WindowName.INVITING: Page.CHOICES,
        }[window]
