"""What delivery's bookkeeping says: refused, late, kept out, wrong clock (R26-R28)."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.domain.health import Area, Health
from kiosk_app.domain.moments import Moment
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.domain.records import Record
from kiosk_app.health.words import moment, stamp
from kiosk_app.journal.database import DELIVERY_FILE, JOURNAL_FILE, connect
from kiosk_app.journal.delivery import DeliveryStore, PlatformStatus, State
from kiosk_app.journal.reader import JournalReader

LATE = timedelta(minutes=15)
"""A record that has waited for longer is worth a technician's look; it is not lost (R27)."""
CLOCK_WRONG_MS = 5_000


def delivery_health(directory: Path, now: Moment) -> Health:
    """Problems of delivery, and how far it has come."""
    fact = _fact(directory)
    return Health(tuple(delivery_problems(directory, now)), {Area.PLATFORM: fact} if fact else {})


def _fact(directory: Path) -> str | None:
    if not (directory / DELIVERY_FILE).exists() or not (directory / JOURNAL_FILE).exists():
        return None
    try:
        with (
            closing(connect(directory / DELIVERY_FILE, read_only=True)) as delivery,
            closing(JournalReader.open(directory)) as journal,
        ):
            store = DeliveryStore(delivery)
            counts, confirmed, contact = store.counts(journal), store.confirmed_head(), store.status().last_contact_at
    except (sqlite3.Error, OSError, ValueError):
        return None  # told as a problem
    told = [f"{counts[State.WAITING]} waiting, {counts[State.REFUSED]} refused"]
    if confirmed is not None:
        told.append(f"confirmed up to record {confirmed[0]}")
    if contact is not None:
        told.append(f"last contact {moment(contact)}")
    return "; ".join(told)


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
            status = store.status()
            return [*_platform_problems(status), *_pull_problems(status), *_record_problems(store, journal, now)]
    except (sqlite3.Error, OSError, ValueError) as error:
        return [
            Problem("delivery_unreadable", f"delivery's bookkeeping cannot be read: {error}", "run: kiosk-admin verify")
        ]


def _platform_problems(status: PlatformStatus) -> Iterator[Problem]:
    if status.unauthorised_since is not None:
        yield Problem(
            "platform_refuses_device",
            f"the platform does not accept this device: {status.last_error}",
            "check device_id and secret_file with the platform's administrator; nothing is lost meanwhile",
            since=stamp(status.unauthorised_since),
        )
    if status.journal_set_back_at is not None:
        yield Problem(
            "journal_set_back",
            "the journal lacks records that were taken in for delivery",
            "run: kiosk-admin verify; keep this disk, and tell the hall's auditor",
            since=stamp(status.journal_set_back_at),
        )
    if abs(status.clock_offset_ms or 0) > CLOCK_WRONG_MS:
        yield Problem(
            "clock_wrong",
            f"this device's clock is {-(status.clock_offset_ms or 0) / 1000:+.0f} s off the platform's",
            "set up network time; records keep the time that the device showed",
            Severity.WARNING,
        )


def _pull_problems(status: PlatformStatus) -> Iterator[Problem]:
    """What the agent could not bring or tell; it goes on with what is here."""
    if status.pull_denied_since is not None and status.unauthorised_since is None:
        yield Problem(
            "platform_refuses_device",
            f"the platform takes this device's records, but does not give it the hall's data: {status.pull_denied}",
            "check with the platform's administrator what this device may ask",
            since=stamp(status.pull_denied_since),
        )
    if status.data_refused_since is not None:
        yield Problem(
            "platform_data_refused",
            f"the platform's data for this terminal is wrong, and nothing of it was taken: {status.data_refused}",
            "tell the platform's administrator; the terminal goes on with the data it has",
            since=stamp(status.data_refused_since),
        )
    if status.pull_failing_since is not None:
        yield Problem(
            "pull_failing",
            f"{_last_pull(status)}: {status.pull_error}",
            "check the network and the platform; the terminal goes on with the data it has",
            Severity.WARNING,
            since=stamp(status.pull_failing_since),
        )
    if status.photos_refused_since is not None:
        yield Problem(
            "photos_refused",
            f"staff photos are missing: {status.photos_refused}",
            "let the platform serve each as PNG or JPEG of at most 512 KiB with the sha256 it names",
            Severity.WARNING,
            since=stamp(status.photos_refused_since),
        )
    if status.pull_failing_since is None and status.pull_denied_since is None:
        yield from _untold(status)


def _untold(status: PlatformStatus) -> Iterator[Problem]:
    """What the platform will not hear although it answers pulls."""
    for what, cause, since in (
        ("heartbeat", status.heartbeat_error, status.heartbeat_failing_since),
        ("reconcile", status.reconcile_error, status.reconcile_failing_since),
    ):
        if since is not None:
            yield Problem(
                f"{what}_failing",
                f"the platform does not answer {what} as it should: {cause}",
                "tell the platform's administrator; no record is lost for it",
                Severity.WARNING,
                since=stamp(since),
            )


def _last_pull(status: PlatformStatus) -> str:
    if status.last_pull_at is None:
        return "the hall's data was never pulled from the platform"
    return f"the hall's data was last pulled from the platform at {stamp(status.last_pull_at)}"


def _record_problems(store: DeliveryStore, journal: JournalReader, now: Moment) -> Iterator[Problem]:
    if refused := store.counts(journal)[State.REFUSED]:
        yield Problem(
            "records_refused",
            f"the platform refused {'1 record; it is' if refused == 1 else f'{refused} records; they are'} kept",
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
