"""A clock that a test moves by hand: both of the device's clocks, reboots included."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk_app.domain.moments import CHINA_TIME, Moment

MORNING = datetime(2026, 11, 23, 9, 0, 0, 123_000, CHINA_TIME)


@dataclass
class ManualClock:
    """Stands still until it is told to move."""

    wall: datetime = MORNING
    boot_ms: int = 1_000_000
    boot_id: str = "boot-1"
    synchronised: bool = True

    def now(self) -> Moment:
        return Moment(self.wall, self.boot_ms, self.boot_id, self.synchronised)

    def at(self, boot_seconds: float) -> Moment:
        return self.now().later(round(boot_seconds * 1000) - self.boot_ms)

    @property
    def seconds(self) -> float:
        """CLOCK_BOOTTIME, as a driver or a touch would stamp an input now."""
        return self.boot_ms / 1000

    def advance(self, seconds: float) -> None:
        """Time passes, on both clocks alike."""
        self.pass_ms(round(seconds * 1000))

    def ago(self, milliseconds: int) -> Moment:
        """The moment so long before now."""
        return self.now().later(-milliseconds)

    def pass_ms(self, milliseconds: int) -> Moment:
        """Time passes, on both clocks alike."""
        self.wall += timedelta(milliseconds=milliseconds)
        self.boot_ms += milliseconds
        return self.now()

    def set_wall(self, by_ms: int) -> None:
        """Somebody sets the wall clock; the boot clock knows nothing of it."""
        self.wall += timedelta(milliseconds=by_ms)

    def reboot(self, down_ms: int = 60_000, boot_ms: int = 20_000) -> Moment:
        """The machine starts again: CLOCK_BOOTTIME begins anew, the wall clock has gone on."""
        self.wall += timedelta(milliseconds=down_ms)
        self.boot_ms = boot_ms
        self.boot_id = f"boot-{int(self.boot_id.removeprefix('boot-')) + 1}"
        return self.now()
