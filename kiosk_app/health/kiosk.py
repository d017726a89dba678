"""What a kiosk lacks to do its work: the hall's data, and numbers for today (R21, R22)."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.domain.moments import CHINA_TIME, Moment
from kiosk_app.domain.opening_hours import OpeningHours
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.domain.queue_numbers import NumberLease, knows_what_was_given, next_serial
from kiosk_app.domain.records import Kind
from kiosk_app.journal.database import HALL_FILE, connect
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.reader import JournalReader

FEW_NUMBERS = 10
"""With fewer left of a group for today, somebody should know."""


def kiosk_problems(directory: Path, now: Moment) -> list[Problem]:
    """What a kiosk lacks to do its work: the hall's data, and numbers for today (R21, R22)."""
    try:
        if not (directory / HALL_FILE).exists():
            return [_no_hall_data()]
        with closing(connect(directory / HALL_FILE, read_only=True)) as connection:
            hall = HallStore(connection, directory)
            items = hall.entries("items")
            leases = [NumberLease.parse(entry) for entry in hall.entries("number_leases")]
            hours = OpeningHours.parse(hall.document("hours"))
            pulled_at = hall.pulled_at_sequence()
        if not items:
            return [_no_hall_data()]
        today = now.wall.astimezone(CHINA_TIME).date()
        if hours.spans(today) == ():
            return []  # closed today: nobody needs a number
        with closing(JournalReader.open(directory)) as journal:
            started = next(iter(journal.latest(Kind.JOURNAL_STARTED)), None)
            unsure = [] if knows_what_was_given(started, pulled_at, today) else [_numbers_unsure()]
            return [*unsure, *_low_leases(leases, journal, today)]
    except (sqlite3.Error, OSError, ValueError) as error:
        text = f"the hall's data cannot be read: {error}"
        return [Problem("hall_data_unreadable", text, "run: kiosk-admin doctor; then let sync-agent pull it again")]


def _no_hall_data() -> Problem:
    return Problem(
        "hall_data_missing",
        "nothing is known of the hall's departments and items, so that there is nothing to offer",
        "check that sync-agent runs and reaches the platform, or run: kiosk-admin hall import FILE",
    )


def _numbers_unsure() -> Problem:
    return Problem(
        "numbers_unsure",
        "this journal does not know which numbers and places were given before it was restored; none is given until "
        "the platform has told",
        "check that sync-agent runs and reaches the platform; numbers are given again after its next pull",
    )


def _low_leases(leases: list[NumberLease], journal: JournalReader, today: date) -> Iterator[Problem]:
    """One problem for all groups whose numbers are used up, one for those that will soon be.

    A group to which nothing was leased is the kiosk's own to tell.
    """
    left: dict[str, int] = defaultdict(int)
    for lease in leases:
        if lease.date == today:
            left[lease.group] += _left(lease, journal.last_serial(lease.lease_id, lease.date))
    if used_up := sorted(group for group, count in left.items() if count == 0):
        text = f"no queue numbers are left for today: {', '.join(used_up)}"
        yield Problem("leases_used_up", text, "let the platform lease more numbers to this kiosk")
    if low := [f"{group} {count}" for group, count in sorted(left.items()) if 0 < count < FEW_NUMBERS]:
        text = f"few queue numbers are left for today: {', '.join(low)}"
        action = "let the platform lease more numbers to this kiosk"
        yield Problem("leases_low", text, action, Severity.WARNING)


def _left(lease: NumberLease, last_used: int | None) -> int:
    serial = next_serial(lease, last_used)
    return 0 if serial is None else (lease.last - serial) // lease.step + 1
