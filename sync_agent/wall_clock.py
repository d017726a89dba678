"""Wall-clock time as the delivery database keeps it."""

from kiosk_app.domain.moments import Clock


def now_ms(clock: Clock) -> int:
    """Milliseconds since 1970 by this device's own clock."""
    return round(clock.now().wall.timestamp() * 1000)
