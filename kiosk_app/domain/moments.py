"""Moments: a wall-clock time for people and a boot-time for deadlines.

Deadlines are counted on CLOCK_BOOTTIME, which no operator and no network time can move; the wall clock is only shown
and recorded (R28). A whole day, month or year is one of China's single time zone, whatever zone the machine is set to.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Protocol

CHINA_TIME = timezone(timedelta(hours=8), "UTC+08:00")


@dataclass(frozen=True)
class Moment:
    """One instant as this device saw it."""

    wall: datetime
    """Wall-clock time, aware, in China's time zone."""
    boot_ms: int
    """Milliseconds of CLOCK_BOOTTIME; comparable only between moments of one `boot_id`."""
    boot_id: str
    synchronised: bool
    """Whether the kernel called the wall clock synchronised."""

    def later(self, milliseconds: int) -> "Moment":
        """The moment so many milliseconds after this one (before, if negative), on both clocks."""
        return replace(self, wall=self.wall + timedelta(milliseconds=milliseconds), boot_ms=self.boot_ms + milliseconds)

    def same_boot(self, other: "Moment") -> bool:
        """Whether both moments can be compared by `boot_ms`."""
        return self.boot_id == other.boot_id

    @property
    def stamp(self) -> str:
        """RFC 3339 with milliseconds and offset, as records carry it."""
        return self.wall.astimezone(CHINA_TIME).isoformat(timespec="milliseconds")


class Clock(Protocol):
    """Where moments come from; the domain has no clock of its own."""

    def now(self) -> Moment:
        """This instant."""
        ...

    def at(self, boot_seconds: float) -> Moment:
        """The instant at which CLOCK_BOOTTIME showed `boot_seconds` in this boot: when an input really arrived."""
        ...
