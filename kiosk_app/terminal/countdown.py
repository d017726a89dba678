"""The time that a page stays."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Countdown:
    """How long a page stays: a calm bar and a number."""

    ends_at: float
    """CLOCK_BOOTTIME, seconds."""
    seconds: float
    """Its whole length."""
