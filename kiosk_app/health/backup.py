"""The second place of the journal (R29), as the agent that copies it has noted it.

Nothing looks into that place here: a stick that hangs would stall whoever asks.
"""

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.domain.health import Area, Health
from kiosk_app.domain.moments import CHINA_TIME, Moment
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.health.words import moment, span, stamp
from kiosk_app.journal.database import DELIVERY_FILE, connect
from kiosk_app.journal.delivery import DeliveryStore

LATE = timedelta(hours=2)
"""It is copied every hour."""
_FIELDS = ("last_backup_at", "backup_failing_since", "backup_error")


def backup_health(directory: Path, second: Path | None, now: Moment) -> Health:
    """How the backup is; `second` is where it goes."""
    if second is None:
        return Health((), {Area.BACKUP: "no second place is configured ([storage] backup_directory)"})
    status = _status(directory)
    if status is None:
        return Health((), {Area.BACKUP: f"to {second}; sync-agent has not run here yet"})
    if status.failing_since is not None:
        return Health((_failing(second, status),))
    last = status.last_at
    if last is None:
        return Health((), {Area.BACKUP: f"to {second}; none was made yet"})
    ago = now.wall - datetime.fromtimestamp(last / 1000, CHINA_TIME)
    if ago > LATE:
        problem = Problem(
            "backup_late",
            f"the last backup to {second} is {span(ago)} old",
            "check that sync-agent runs: it makes one every hour",
            Severity.WARNING,
            since=stamp(last),
        )
        return Health((problem,))
    return Health((), {Area.BACKUP: f"to {second}, last at {moment(last)}"})


def _failing(second: Path, status: "_Noted") -> Problem:
    before = f"; the last one is of {moment(status.last_at)}" if status.last_at is not None else ""
    return Problem(
        "backup_failing",
        f"the backup to {second} fails: {status.error or 'for an unknown cause'}{before}",
        "plug the stick or disk in and mount it, make room on it, or correct [storage] backup_directory",
        Severity.WARNING,
        since=stamp(status.failing_since or 0),
    )


@dataclass(frozen=True)
class _Noted:
    last_at: int | None
    failing_since: int | None
    error: str | None


def _status(directory: Path) -> _Noted | None:
    if not (directory / DELIVERY_FILE).exists():
        return None
    try:
        with closing(connect(directory / DELIVERY_FILE, read_only=True)) as connection:
            status = DeliveryStore(connection).status()
            return _Noted(*(getattr(status, name, None) for name in _FIELDS))
    except (sqlite3.Error, OSError, ValueError, TypeError):
        return None  # delivery's check tells it
