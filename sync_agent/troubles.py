"""Troubles as health tells them: a cause, and since when; written only when something changes."""

from kiosk_app.domain.moments import Clock
from kiosk_app.journal.delivery import DeliveryStore
from sync_agent.wall_clock import now_ms


class Trouble:
    """One pair of fields of `PlatformStatus`: a cause and the moment of its first telling."""

    def __init__(self, store: DeliveryStore, clock: Clock, *, cause: str, since: str) -> None:
        self._store = store
        self._clock = clock
        self._cause = cause
        self._since = since

    def note(self, cause: str | None) -> None:
        """There is this trouble; None for none."""
        known = vars(self._store.status())
        if known[self._cause] == cause:
            return
        since = (known[self._since] or now_ms(self._clock)) if cause is not None else None
        self._store.note(**{self._cause: cause, self._since: since})
