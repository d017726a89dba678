"""The hall's opening hours as the platform gives them, extended and holiday service included (R13, R15)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from kiosk_app.domain.moments import CHINA_TIME

MIDNIGHT = time.max
"""The end of a day, written 24:00."""

Span = tuple[time, time]
"""From (included) and to (not included)."""


@dataclass(frozen=True)
class OpeningHours:
    """Spans of the week, and of single days that go before them."""

    weekdays: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    """By day of the week, 1 (Monday) to 7."""
    dates: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    """An empty tuple is a day on which the hall is closed."""

    @classmethod
    def parse(cls, document: Any) -> "OpeningHours":
        """Read `[{date|weekday, from, to}]`; None is no hours at all. Raises `ValueError` naming the entry.

        Several entries for a day are several spans. An entry without `from` and `to` says that the hall is closed.
        """
        weekdays: dict[int, tuple[Span, ...]] = {}
        dates: dict[date, tuple[Span, ...]] = {}
        if document is not None and not isinstance(document, list):
            raise ValueError("opening hours: needed is a list of {date or weekday, from, to}")
        for position, entry in enumerate(document or []):
            try:
                spans = _spans(entry)
                if entry.get("date") is not None:
                    day = date.fromisoformat(entry["date"])
                    dates[day] = dates.get(day, ()) + spans
                else:
                    weekday = _weekday(entry["weekday"])
                    weekdays[weekday] = weekdays.get(weekday, ()) + spans
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise ValueError(
                    f"opening hours[{position}]: {error!r}; needed are date or weekday, from, to"
                ) from error
        return cls(weekdays, dates)

    def spans(self, day: date) -> tuple[Span, ...] | None:
        """When the hall is open that day; None where nobody has said."""
        if day in self.dates:
            return self.dates[day]
        return self.weekdays.get(day.isoweekday(), ()) if self.weekdays else None

    def is_open(self, moment: datetime) -> bool | None:
        """Whether the hall is open at an aware moment, in China's time; None where no hours are known."""
        local = moment.astimezone(CHINA_TIME)
        spans = self.spans(local.date())
        if spans is None:
            return None
        now = local.time()
        return any(begin <= now and (now < end or end == MIDNIGHT) for begin, end in spans)


def _spans(entry: Any) -> tuple[Span, ...]:
    if entry.get("from") is None and entry.get("to") is None:
        return ()
    begin, end = _time(entry["from"]), _time(entry["to"])
    if begin >= end:
        raise ValueError(f"from {entry['from']} is not before to {entry['to']}")
    return ((begin, end),)


def _time(text: str) -> time:
    found = MIDNIGHT if text in ("24:00", "24:00:00") else time.fromisoformat(text)
    if found.tzinfo is not None:
        raise ValueError(f"{text}: hours are China's time, without an offset")
    return found


def _weekday(value: Any) -> int:
    if type(value) is not int or not 1 <= value <= 7:
        raise ValueError(f"weekday is {value!r}; needed is 1 (Monday) to 7")
    return value
