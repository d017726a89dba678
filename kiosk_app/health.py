"""The terminal's health besides the window's own: what the configuration gives up, and what delivery says."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.configuration import Settings
from kiosk_app.domain.moments import CHINA_TIME, Moment
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.domain.records import Record
from kiosk_app.journal.database import DELIVERY_FILE, JOURNAL_FILE, connect
from kiosk_app.journal.delivery import DeliveryStore, PlatformStatus, State
from kiosk_app.journal.reader import JournalReader

LATE = timedelta(minutes=15)
"""A record that has waited for longer is worth a technician's look; it is not lost (R27)."""
CLOCK_WRONG_MS = 5_000


def terminal_problems(settings: Settings, now: Moment) -> tuple[Problem, ...]:
    """Everything that can be told without the window. Never raises, never waits for the network."""
    return (*_configuration_problems(settings), *delivery_problems(settings.storage.directory, now))


def delivery_problems(directory: Path, now: Moment) -> list[Problem]:
    """What the agent's bookkeeping says: refused, late, kept out, wrong clock (R26-R28)."""
    if not (directory / JOURNAL_FILE).exists():
        return []
    try:
        if not (directory / DELIVERY_FILE).exists():
            with closing(JournalReader.open(directory)) as journal:
                return _late(next(iter(journal.records_after(0, 1)), None), "sync-agent has never run here", now)
        with (
            closing(connect(directory / DELIVERY_FILE, read_only=True)) as delivery,
            closing(JournalReader.open(directory)) as journal,
        ):
            store = DeliveryStore(delivery)
            return [*_platform_problems(store.status()), *_record_problems(store, journal, now)]
    except (sqlite3.Error, OSError, ValueError) as error:
        return [
            Problem("delivery_unreadable", f"delivery's bookkeeping cannot be read: {error}", "run: kiosk-admin verify")
        ]


def _configuration_problems(settings: Settings) -> Iterator[Problem]:
    if not settings.platform.is_encrypted and settings.platform.allow_http:
        yield Problem(
            "platform_not_encrypted",
            f"records are sent unencrypted to {settings.platform.url}",
            "use https in [platform] url and remove allow_http",
            Severity.WARNING,
        )


def _platform_problems(status: PlatformStatus) -> Iterator[Problem]:
    if status.unauthorised_since is not None:
        yield Problem(
            "platform_refuses_device",
            f"the platform does not accept this device: {status.last_error}",
            "check device_id and secret_file with the platform's administrator; nothing is lost meanwhile",
            since=_rfc3339(status.unauthorised_since),
        )
    if status.journal_set_back_at is not None:
        yield Problem(
            "journal_set_back",
            "the journal lacks records that were taken in for delivery",
            "run: kiosk-admin verify; keep this disk, and tell the hall's auditor",
            since=_rfc3339(status.journal_set_back_at),
        )
    if abs(status.clock_offset_ms or 0) > CLOCK_WRONG_MS:
        yield Problem(
            "clock_wrong",
            f"this device's clock is {-(status.clock_offset_ms or 0) / 1000:+.0f} s off the platform's",
            "set up network time; records keep the time that the device showed",
            Severity.WARNING,
        )


def _record_problems(store: DeliveryStore, journal: JournalReader, now: Moment) -> Iterator[Problem]:
    if refused := store.counts(journal)[State.REFUSED]:
        yield Problem(
            "records_refused",
            f"the platform refused {refused} records; they are kept",
            "see the reasons with: kiosk-admin pending; then: kiosk-admin resend RECORD_ID",
        )
    last_error = store.status().last_error or "sync-agent has not tried yet"
    yield from _late(store.oldest_waiting(journal), last_error, now)


def _late(oldest: Record | None, cause: str, now: Moment) -> list[Problem]:
    if oldest is None or now.wall - datetime.fromisoformat(oldest.occurred_at) <= LATE:
        return []
    return [
        Problem(
            "records_waiting",
            f"records wait for the platform; {cause}",
            "check that sync-agent runs and that the network reaches the platform; nothing is lost meanwhile",
            Severity.WARNING,
            since=oldest.occurred_at,
        )
    ]


def _rfc3339(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, CHINA_TIME).isoformat(timespec="milliseconds")
