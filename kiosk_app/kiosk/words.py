"""Values as sentences and rows of the kiosk name them."""

import datetime as dt

from kiosk_app.domain.appointments import CHECK_IN_AFTER, CHECK_IN_BEFORE, Slot
from kiosk_app.kiosk.screen_state import Row, Say, say


def clock(time: dt.time) -> str:
    """The time of day, as clocks in a hall show it."""
    return f"{time:%H:%M}"


def when_row(slot: Slot) -> Row:
    """The day and time of a booking."""
    when = say("booking.when.value", day=slot.date, start=clock(slot.start), end=clock(slot.end))
    return Row(say("booking.when"), when)


def check_in_line(slot: Slot) -> Say:
    """When a booking can be checked in."""
    begin, end = slot.starts_at - CHECK_IN_BEFORE, slot.starts_at + CHECK_IN_AFTER
    return say("check_in.window", day=slot.date, begin=clock(begin.time()), end=clock(end.time()))
