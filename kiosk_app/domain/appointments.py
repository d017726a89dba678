"""Bookings: slots, their time limits, their numbers and the names on them (R23, R24)."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.domain.records import Json

CANCEL_BEFORE = dt.timedelta(hours=2)
CHECK_IN_BEFORE = dt.timedelta(minutes=30)
CHECK_IN_AFTER = dt.timedelta(minutes=15)

_SHORT_ID_DIGITS, _RANDOM_DIGITS = 4, 7
_NUMBER_LENGTH = _SHORT_ID_DIGITS + _RANDOM_DIGITS + 1


class CheckIn(StrEnum):
    """Whether a booked visit can be checked in now."""

    EARLY = "early"
    OPEN = "open"
    LATE = "late"


@dataclass(frozen=True)
class Slot:
    """A span of a day that can be booked, in China's time."""

    date: dt.date
    start: dt.time
    end: dt.time

    @classmethod
    def parse(cls, entry: Any) -> "Slot":
        """Read `{date, from, to}`. Raises `ValueError` naming what is wrong."""
        try:
            slot = cls(dt.date.fromisoformat(entry["date"]), _time(entry["from"]), _time(entry["to"]))
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"slot: {error!r}; needed are date, from and to") from error
        if slot.start >= slot.end:
            raise ValueError(f"slot: from {entry['from']} is not before to {entry['to']}")
        return slot

    def to_json(self) -> Json:
        """`{date, from, to}` as records carry it."""
        return {"date": self.date.isoformat(), "from": f"{self.start:%H:%M}", "to": f"{self.end:%H:%M}"}

    @property
    def starts_at(self) -> dt.datetime:
        """The moment at which it starts."""
        return dt.datetime.combine(self.date, self.start, CHINA_TIME)


@dataclass(frozen=True)
class SlotLease:
    """Places of a slot that this terminal alone may book, so that no two overbook it."""

    lease_id: str
    item_code: str
    slot: Slot
    places: int

    @classmethod
    def parse(cls, entry: Any) -> "SlotLease":
        """Read an entry of the platform's `leases.slots`. Raises `ValueError` naming what is wrong."""
        slot = Slot.parse(entry)
        try:
            lease = cls(_text(entry["lease_id"]), _text(entry["item_code"]), slot, entry["places"])
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(
                f"slot lease: {error!r}; needed are lease_id, item_code, date, from, to, places"
            ) from error
        if type(lease.places) is not int or lease.places < 0:
            raise ValueError(f"slot lease: places is {lease.places!r}; needed is a whole number from 0")
        return lease


@dataclass(frozen=True)
class Appointment:
    """A booking, made here or anywhere else."""

    appointment_no: str
    code: str
    """What the citizen shows to check in or cancel; of a booking made here its number."""
    item_code: str
    slot: Slot
    name_masked: str = ""

    @classmethod
    def parse(cls, entry: Any) -> "Appointment":
        """Read an entry of the platform's `appointments`. Raises `ValueError` naming what is wrong.

        A name that was sent unmasked is masked: no terminal shows one (R24).
        """
        try:
            number = _text(entry["appointment_no"])
            code = entry.get("code") or number
            item_code = _text(entry["item_code"])
            slot, name = entry["slot"], entry.get("name_masked") or ""
            return cls(number, _text(code), item_code, Slot.parse(slot), masked_name(name))
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"appointment: {error!r}; needed are appointment_no, item_code and slot") from error


def may_cancel(slot: Slot, now: dt.datetime) -> bool:
    """Whether a booking can still be cancelled: until 2 h before it starts (R23)."""
    return now <= slot.starts_at - CANCEL_BEFORE


def check_in_window(slot: Slot, now: dt.datetime) -> CheckIn:
    """Whether a booking can be checked in: from 30 min before it starts to 15 min after."""
    if now < slot.starts_at - CHECK_IN_BEFORE:
        return CheckIn.EARLY
    return CheckIn.LATE if now > slot.starts_at + CHECK_IN_AFTER else CheckIn.OPEN


def new_appointment_no(short_id: int, random: Random) -> str:
    """A number for a booking made here, and its booking code: 12 digits.

    4 of the device, 7 at random (`random` should be a `SystemRandom`: who knows the number may cancel), and a check
    digit.
    """
    digits = f"{short_id:0{_SHORT_ID_DIGITS}d}{random.randrange(10**_RANDOM_DIGITS):0{_RANDOM_DIGITS}d}"
    return digits + _check_digit(digits)


def is_appointment_no(text: str) -> bool:
    """Whether a terminal may have made this number: any one wrong digit shows."""
    well_formed = len(text) == _NUMBER_LENGTH and text.isascii() and text.isdigit()
    return well_formed and _check_digit(text[:-1]) == text[-1]


def made_at(appointment_no: str) -> int | None:
    """The short_id of the terminal that made this number; None where no terminal did."""
    return int(appointment_no[:_SHORT_ID_DIGITS]) if is_appointment_no(appointment_no) else None


def _check_digit(digits: str) -> str:
    """ISO 7064 MOD 11,10: finds every single wrong digit."""
    product = 10
    for digit in digits:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def masked_name(name: str) -> str:
    """A name as a public machine may show it: 张*三, 张*, J*** S*** (R24). A masked name stays as it is."""
    words = name.split()
    if not any(_is_han(word) for word in words):
        return " ".join(f"{word[0]}***" if len(word) > 1 else "*" for word in words)
    joined = "".join(words)
    if len(joined) <= 2:
        return f"{joined[0]}*" if len(joined) == 2 else "*"
    return f"{joined[0]}{'*' * (len(joined) - 2)}{joined[-1]}"


def _is_han(word: str) -> bool:
    return any("\u3400" <= character <= "\u9fff" or character >= "\U00020000" for character in word)


def _time(text: str) -> dt.time:
    found = dt.time.fromisoformat(text)
    if found.tzinfo is not None:
        raise ValueError(f"{text}: a slot is in China's time, without an offset")
    return found


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(f"{value!r} is not a text")
    return value
