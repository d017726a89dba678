"""Queue numbers and the serials from which they are drawn (R22)."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.domain.records import Record

_SERIAL = re.compile(r"[0-9]+$")


@dataclass(frozen=True)
class NumberLease:
    """Serials of one item group and day that this terminal alone gives: `first`, `first + step` … up to `last`.

    The leases of several terminals are interleaved, so that arrival order is roughly kept.
    """

    lease_id: str
    group: str
    date: dt.date
    first: int
    last: int
    step: int
    next: int
    """Where to go on: behind what the platform knows to be given, also by a terminal that was replaced."""

    @classmethod
    def parse(cls, entry: Any) -> "NumberLease":
        """Read an entry of the platform's `leases.numbers`. Raises `ValueError` naming what is wrong."""
        try:
            lease = cls(
                lease_id=_text(entry["lease_id"]),
                group=_text(entry["group"]),
                date=dt.date.fromisoformat(entry["date"]),
                first=_number(entry["first"], 0),
                last=_number(entry["last"], 0),
                step=_number(entry.get("step", 1), 1),
                next=_number(entry["first"] if entry.get("next") is None else entry["next"], 0),
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"number lease: {error!r}; needed are lease_id, group, date, first, last, step") from error
        return lease

    @property
    def known_given(self) -> int:
        """How many of its serials the platform knows to be given, here or by a terminal that was replaced."""
        end = min(self.next, self.last + 1)
        return max(0, -(-(end - self.first) // self.step))


def next_serial(lease: NumberLease, last_used: int | None) -> int | None:
    """The serial to give now; None when the lease is used up.

    `last_used` is the greatest serial given from this lease here. A `next` that is none of the lease's own serials
    stands for the next one that is.
    """
    least = max(lease.first, lease.next, lease.first if last_used is None else last_used + 1)
    serial = least + (lease.first - least) % lease.step
    return serial if serial <= lease.last else None


def ticket_no(letter: str, serial: int, booked: bool) -> str:
    """The number as it is called: `A001`; `YA001` for a booked visit; after 999 it grows to `A1000`."""
    if not letter or letter[-1].isdigit():
        raise ValueError(f"the letter of an item group cannot be {letter!r}: its number could not be told from it")
    return f"{'Y' if booked else ''}{letter}{serial:03d}"


def serial_of(ticket_no: str) -> int:
    """The serial in a queue number. Raises `ValueError` where there is none."""
    found = _SERIAL.search(ticket_no)
    if found is None:
        raise ValueError(f"{ticket_no!r} is not a queue number: it ends with no serial")
    return int(found.group())


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(f"{value!r} is not a text")
    return value


def _number(value: Any, least: int) -> int:
    if type(value) is not int or value < least:
        raise ValueError(f"{value!r} is not a whole number from {least}")
    return value


def knows_what_was_given(started: Record | None, pulled_at_sequence: int | None, today: dt.date) -> bool:
    """Whether a terminal knows which numbers and places it has given already (R22, R23).

    `started` is the newest `journal_started`; `pulled_at_sequence` the journal's newest sequence when the hall's data
    was last pulled, None where it never was. A journal that took the place of a lost one, or was restored from a copy,
    does not know what was given in between. The platform does, once it was asked after that. Where leases are imported
    by hand, nobody tells; a number is of one day.
    """
    if started is None or started.payload["previous_journal"] is None:
        return True
    if pulled_at_sequence is not None:
        return pulled_at_sequence >= started.sequence
    return dt.datetime.fromisoformat(started.occurred_at).astimezone(CHINA_TIME).date() != today
