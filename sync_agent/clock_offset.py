"""How far the platform's clock is ahead of this device's (R28).

Reported and used to sign requests; records keep the time that the device saw.
"""

from datetime import timedelta

import structlog

from sync_agent.outcomes import ServerTime
from sync_agent.platform_client import Exchange

WORTH_A_LOG_LINE_MS = 5_000
CLOCK_CORRECTED_MS = 1_000
"""A change of the correction by more than this may be why a signature was refused."""

_log = structlog.get_logger(__name__)


class ClockOffset:
    """The offset as last measured, in milliseconds; None before the first measurement."""

    def __init__(self, milliseconds: int | None) -> None:
        self.milliseconds = milliseconds
        self._told = 0

    def measure(self, server_time: ServerTime | None, exchange: Exchange[object]) -> int:
        """Learn from one exchange; return by how many milliseconds the correction changed.

        A difference that the time on the way may explain changes nothing: a slow answer must not spoil a good value.
        """
        if server_time is None:
            return 0
        measured = _milliseconds(server_time.at - exchange.midpoint)
        doubt = _milliseconds(exchange.round_trip / 2 + server_time.uncertainty)
        change = measured - (self.milliseconds or 0)
        if self.milliseconds is not None and abs(change) <= doubt:
            return 0
        self.milliseconds = measured
        self._tell()
        return change

    def _tell(self) -> None:
        """One log line when the clock proves wrong, one for each further change, one when it is right again."""
        offset = self.milliseconds or 0
        wrong = offset if abs(offset) > WORTH_A_LOG_LINE_MS else 0
        if bool(wrong) != bool(self._told) or abs(wrong - self._told) > WORTH_A_LOG_LINE_MS:
            _log.warning("clock-wrong" if wrong else "clock-right-again", offset_ms=offset)
            self._told = wrong


def _milliseconds(span: timedelta) -> int:
    return round(span / timedelta(milliseconds=1))
