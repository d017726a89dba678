"""What a running app would tell of itself, found out while it is stopped: binding, keys, journal, room to write."""

import os
from contextlib import closing
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.configuration import Settings
from kiosk_app.domain.health import Health, together
from kiosk_app.domain.moments import Moment
from kiosk_app.domain.problems import Problem
from kiosk_app.domain.records import KEYS_CONFIRMED
from kiosk_app.health.binding import bound_staff
from kiosk_app.journal.database import HALL_FILE, JOURNAL_FILE, connect
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.reader import JournalReader
from kiosk_app.journal.signing_key import SigningKeyError, load_signing_key, public_key_text
from kiosk_app.official_calendar import calendar_problems, official_working_days


def stopped_health(settings: Settings, now: Moment) -> Health:
    """What is wrong with a terminal whose app does not run, besides its devices."""
    return together(
        Health(tuple(write_problems(settings.storage.directory) or _journal_problems(settings))),
        Health(tuple(_binding_problems(settings))),
        Health(tuple(_hall_problems(settings, now))),
    )


def keys_are_confirmed(directory: Path, protocol_sha256: str | None) -> bool:
    """Whether each key's word was confirmed for the protocol in use; True where that cannot be known."""
    if protocol_sha256 is None:
        return True
    try:
        if not (directory / JOURNAL_FILE).exists():
            return False
        with closing(JournalReader.open(directory)) as journal:
            return journal.is_started and journal.was_done(KEYS_CONFIRMED, protocol_sha256)
    except (sqlite3.Error, OSError):
        return True  # told of the journal


def write_problems(directory: Path) -> list[Problem]:
    """Whether a page really reaches the disk; what is written is taken away at once."""
    if not directory.is_dir():
        return []  # told as storage_missing
    path = directory / f".doctor.{os.getpid()}"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, bytes(65_536))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
            path.unlink()
    except OSError as error:
        return [_cannot_record(f"nothing can be written into {directory}: {error.strerror}")]
    return []


def _journal_problems(settings: Settings) -> list[Problem]:
    directory = settings.storage.directory
    if not (directory / JOURNAL_FILE).exists():
        return []
    try:
        with closing(JournalReader.open(directory)) as journal:
            first = next(iter(journal.records_after(0, 1)), None) if journal.is_started else None
        if first is None:
            return []
        key = public_key_text(load_signing_key(directory).public_key())
    except (sqlite3.Error, SigningKeyError, OSError) as error:
        return [_cannot_record(str(error))]
    if first.device_id != settings.terminal.device_id:
        return [_cannot_record(f"the journal is that of {first.device_id}, not of {settings.terminal.device_id}")]
    if first.payload.get("public_key") != key:
        return [_cannot_record("the signing key beside the journal is not the one that began it")]
    return []


def _cannot_record(cause: str) -> Problem:
    return Problem(
        "cannot_record",
        f"nothing can be recorded: {cause}",
        "free space on the disk of [storage] directory, or restore the journal; ratings are refused until then",
    )


def _binding_problems(settings: Settings) -> list[Problem]:
    if settings.terminal.profile != "window" or settings.window is None:
        return []
    number = settings.window.number
    try:
        if bound_staff(settings.storage.directory, number) is not None:
            return []
    except (sqlite3.Error, OSError):
        return []  # told of the journal
    return [
        Problem(
            "binding_missing",
            f"nobody is bound to window {number}, so ratings name no person",
            f"choose the person on the technician's page, or run: kiosk-admin bind {number} STAFF",
        )
    ]


def _hall_problems(settings: Settings, now: Moment) -> list[Problem]:
    directory, is_window = settings.storage.directory, settings.terminal.profile == "window"
    pushed = None
    if (directory / HALL_FILE).exists():
        try:
            with closing(connect(directory / HALL_FILE, read_only=True)) as connection:
                pushed = HallStore(connection, directory).document("workdays")
        except (sqlite3.Error, OSError, ValueError) as error:
            if not is_window:
                return []  # a kiosk's data is looked at as a whole
            action = "import them again: kiosk-admin staff import FILE"
            return [Problem("hall_data_unreadable", f"staff and services cannot be read: {error}", action)]
    if is_window and settings.rating_code is None:
        return []
    return list(calendar_problems(official_working_days(pushed), now.wall.date()))
