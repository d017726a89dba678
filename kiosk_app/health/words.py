"""How sizes and times are worded."""

from datetime import datetime, timedelta

from kiosk_app.domain.moments import CHINA_TIME


def size(count: int) -> str:
    """Bytes as a technician says them: `12.3 GB`."""
    amount = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{count} bytes" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def stamp(milliseconds: int) -> str:
    """A time of delivery's bookkeeping in RFC 3339."""
    return datetime.fromtimestamp(milliseconds / 1000, CHINA_TIME).isoformat(timespec="milliseconds")


def moment(milliseconds: int) -> str:
    """A time of delivery's bookkeeping, as people read it."""
    return datetime.fromtimestamp(milliseconds / 1000, CHINA_TIME).strftime("%Y-%m-%d %H:%M:%S")


def span(duration: timedelta) -> str:
    """About how long: `3 h`, `2 days`."""
    seconds = round(duration.total_seconds())
    for length, name in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * length:
            return f"{seconds // length} {name}"
    return f"{seconds} s"
