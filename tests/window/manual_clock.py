"""A clock that a test moves: boot time forward, the wall clock anywhere, and over a reboot."""

import threading
from datetime import datetime, timedelta

from kiosk_app.domain.moments import CHINA_TIME, Moment

START = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA_TIME)


class ManualClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wall = START
        self._boot_ms = 1_000_000
        self._boot = 1

    def now(self) -> Moment:
        with self._lock:
            return Moment(self._wall, self._boot_ms, f"boot-{self._boot}", synchronised=True)

    def at(self, boot_seconds: float) -> Moment:
        now = self.now()
        return now.later(round(boot_seconds * 1000) - now.boot_ms)

    @property
    def seconds(self) -> float:
        """CLOCK_BOOTTIME, as a driver or a touch would stamp an input now."""
        return self.now().boot_ms / 1000

    def advance(self, seconds: float) -> None:
        """Time passes."""
        with self._lock:
            self._wall += timedelta(seconds=seconds)
            self._boot_ms += round(seconds * 1000)

    def set_wall(self, hours: float) -> None:
        """Somebody sets the wall clock; boot time does not care."""
        with self._lock:
            self._wall += timedelta(hours=hours)

    def reboot(self, minutes: float = 2) -> None:
        """The machine was off for so long."""
        with self._lock:
            self._wall += timedelta(minutes=minutes)
            self._boot_ms = 30_000
            self._boot += 1
