"""The device's clocks (R28)."""

import ctypes
import time
from datetime import datetime, timedelta
from pathlib import Path

from kiosk_app.domain.moments import CHINA_TIME, Moment

_TIME_ERROR = 5
"""What ntp_adjtime(3) returns while the kernel's clock is not synchronised."""
_TIMEX_BYTES = 512
"""More than struct timex takes on any platform; all zero means "only read"."""


class SystemClock:
    """Moments of this machine and this boot."""

    def __init__(self) -> None:
        self.boot_id = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()

    def now(self) -> Moment:
        """This instant."""
        return self.at(time.clock_gettime(time.CLOCK_BOOTTIME))

    def at(self, boot_seconds: float) -> Moment:
        """The instant at which CLOCK_BOOTTIME showed `boot_seconds` in this boot."""
        ago = time.clock_gettime(time.CLOCK_BOOTTIME) - boot_seconds
        return Moment(
            wall=datetime.now(CHINA_TIME) - timedelta(seconds=ago),
            boot_ms=round(boot_seconds * 1000),
            boot_id=self.boot_id,
            synchronised=kernel_clock_is_synchronised(),
        )


_ntp_adjtime = getattr(ctypes.CDLL(None), "ntp_adjtime", None)


def kernel_clock_is_synchronised() -> bool:
    """Whether the kernel holds the wall clock for synchronised; False where it cannot be asked."""
    if _ntp_adjtime is None:
        return False
    state = int(_ntp_adjtime(ctypes.create_string_buffer(_TIMEX_BYTES)))
    return 0 <= state < _TIME_ERROR
