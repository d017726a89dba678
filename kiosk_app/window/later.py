"""The page after a visit that ended without a rating: how to rate later (R10, R20)."""

from collections.abc import Callable
from datetime import date

from kiosk_app.domain.moments import Moment
from kiosk_app.domain.rating_code import read_code
from kiosk_app.domain.records import MissedReason, Record
from kiosk_app.domain.recovery import moment_of
from kiosk_app.window.pages import LATER_MS, LaterPage

OFFERED_AFTER = frozenset({MissedReason.TIMEOUT, MissedReason.DECLINED, MissedReason.NOT_INVITED})
"""Not after an interrupted or abandoned visit: nobody knows who stands there now (R24)."""


def later_page(missed: Record, last_day: Callable[[date], date], now: Moment) -> LaterPage | None:
    """The page of a `rating_missed`; None where there is no code to show, or nobody to show it to.

    `last_day` tells the last day to rate from the day of the visit.
    """
    code = read_code(missed.payload["rating_code"] or "")
    at = moment_of(missed)
    closes_ms = at.boot_ms + LATER_MS
    if code is None or missed.payload["reason"] not in OFFERED_AFTER or not at.same_boot(now):
        return None
    last = last_day(code.day)
    if now.boot_ms >= closes_ms or last < now.wall.date():
        return None
    return LaterPage(
        missed_id=missed.record_id,
        code=code.text,
        last_day=last,
        declined=missed.payload["reason"] == MissedReason.DECLINED,
        served_at=at.wall,
        opened_ms=at.boot_ms,
        closes_ms=closes_ms,
    )
