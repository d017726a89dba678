"""The clock: whether the kernel holds it for synchronised, and whether it has gone back behind the records (R28)."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.domain.health import Area, Health
from kiosk_app.domain.moments import Moment
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.health.words import span
from kiosk_app.journal.database import DELIVERY_FILE, JOURNAL_FILE, connect
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.reader import JournalReader

BEHIND = timedelta(minutes=1)
"""So much may a clock be corrected without a word."""

_WORTH_A_NUMBER_MS = 100


def clock_health(directory: Path, now: Moment) -> Health:
    """What the clock is like; the platform's word on it is told with the platform's."""
    problems = []
    if not now.synchronised:
        problems.append(
            Problem(
                "clock_not_synchronised",
                "the kernel does not hold the clock for synchronised",
                "set up network time (systemd-timesyncd or chrony) with the hall's time server",
                Severity.WARNING,
            )
        )
    newest = _newest(directory)
    if newest is not None and newest - now.wall > BEHIND:
        problems.append(
            Problem(
                "clock_went_back",
                f"the clock shows {now.stamp}, {span(newest - now.wall)} before the newest record",
                "set the clock right; change the battery of the mainboard if it happens after being switched off",
            )
        )
    return Health(tuple(problems), {Area.CLOCK: _fact(directory, now)})


def _newest(directory: Path) -> datetime | None:
    if not (directory / JOURNAL_FILE).exists():
        return None
    try:
        with closing(JournalReader.open(directory)) as journal:
            head = journal.head()
            records = journal.records_by_sequence([head[0]]) if head else []
            return datetime.fromisoformat(records[0].occurred_at) if records else None
    except (sqlite3.Error, OSError, ValueError, TypeError):
        return None  # the storage's check tells it


def _fact(directory: Path, now: Moment) -> str:
    told = [now.wall.strftime("%Y-%m-%d %H:%M:%S %Z"), "synchronised" if now.synchronised else "not synchronised"]
    offset = _offset_ms(directory)
    if offset is not None:
        by = f"{-offset / 1000:+.1f} s" if abs(offset) >= _WORTH_A_NUMBER_MS else "less than 0.1 s"
        told.append(f"{by} off the platform's")
    return "; ".join(told)


def _offset_ms(directory: Path) -> int | None:
    if not (directory / DELIVERY_FILE).exists():
        return None
    try:
        with closing(connect(directory / DELIVERY_FILE, read_only=True)) as connection:
            return DeliveryStore(connection).status().clock_offset_ms
    except (sqlite3.Error, OSError, ValueError, TypeError):
        return None
