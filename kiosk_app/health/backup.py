"""The second place of the journal (R29), as the agent that copies it has noted it.

Nothing looks into that place here: a stick that hangs would stall whoever asks.
"""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.domain.health import Area, Health
from kiosk_app.domain.moments import CHINA_TIME, Moment
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.health.words import moment, span, stamp
from kiosk_app.journal.database import DELIVERY_FILE, connect
from kiosk_app.journal.delivery import DeliveryStore, PlatformStatus

LATE = timedelta(hours=2)
"""It is copied every hour."""


def backup_health(directory: Path, second: Path | None, now: Moment) -> Health:
    """How the backup is; `second` is where it goes."""
    if second is None:
        return Health((), {Area.BACKUP: "no second place is configured ([storage] backup_directory)"})
    status = _status(directory)
    if status is None:
        return Health((), {Area.BACKUP: f"to {second}; sync-agent has not run here yet"})
    if status.backup_failing_since is not None:
        return Health((_failing(second, status),))
    last = status.last_backup_at
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
    problems = (_same_disk(second),) if status.backup_same_disk else ()
    return Health(problems, {Area.BACKUP: f"to {second}, last at {moment(last)}"})


def _same_disk(second: Path) -> Problem:
    return Problem(
        "backup_same_disk",
        f"the backup to {second} lies on the disk of the journal itself, and is lost together with it",
        "mount a second disk or stick there",
        Severity.WARNING,
    )


def _failing(second: Path, status: PlatformStatus) -> Problem:
    before = f"; the last one is of {moment(status.last_backup_at)}" if status.last_backup_at is not None else ""
    return Problem(
        "backup_failing",
        f"the backup to {second} fails: {status.backup_error or 'for an unknown cause'}{before}",
        "plug the stick or disk in and mount it, make room on it, or correct [storage] backup_directory",
        Severity.WARNING,
        since=stamp(status.backup_failing_since or 0),
    )


def _status(directory: Path) -> PlatformStatus | None:
    if not (directory / DELIVERY_FILE).exists():
        return None
    try:
        with closing(connect(directory / DELIVERY_FILE, read_only=True)) as connection:
            return DeliveryStore(connection).status()
    except (sqlite3.Error, OSError, ValueError, TypeError):
        return None  # delivery's check tells it
