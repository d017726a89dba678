"""Who is bound to this window, and whether anything is known of them (R17, R18)."""

from contextlib import closing
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.domain.health import Area, Health
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.journal.database import HALL_FILE, JOURNAL_FILE, connect
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.reader import JournalReader


def binding_health(directory: Path, window: str) -> Health:
    """A bound number that the staff list does not know. That nobody is bound, the window itself tells."""
    try:
        staff_no = bound_staff(directory, window)
        if staff_no is None:
            return Health()
        is_known = _is_known(directory, staff_no)
    except (sqlite3.Error, OSError, ValueError, TypeError):
        return Health()  # the storage's and the hall's checks tell it
    fact = {Area.BINDING: f"window {window}: {staff_no}"}
    if not is_known:
        problem = Problem(
            "staff_unknown",
            f"{staff_no} is bound to window {window}, and the staff list knows no such number",
            f"bind another number (kiosk-admin bind {window} STAFF), or let the platform send {staff_no}",
            Severity.WARNING,
        )
        return Health((problem,), fact)
    return Health((), fact)


def bound_staff(directory: Path, window: str) -> str | None:
    """Who is bound. Raises `sqlite3.Error`, `OSError`."""
    if not (directory / JOURNAL_FILE).exists():
        return None
    with closing(JournalReader.open(directory)) as journal:
        return journal.bound_to(window) if journal.is_started else None


def _is_known(directory: Path, staff_no: str) -> bool:
    if not (directory / HALL_FILE).exists():
        return False
    with closing(connect(directory / HALL_FILE, read_only=True)) as connection:
        return HallStore(connection, directory).entry("staff", staff_no) is not None
