"""The terminal's health besides the window's own: what the configuration gives up, what the agent has to tell, and
whether a kiosk has what it gives out.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.configuration import Settings
from kiosk_app.domain.moments import CHINA_TIME, Moment
from kiosk_app.domain.opening_hours import OpeningHours
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.domain.queue_numbers import NumberLease, next_serial
from kiosk_app.domain.records import Record
from kiosk_app.journal.database import DELIVERY_FILE, HALL_FILE, JOURNAL_FILE, connect
from kiosk_app.journal.delivery import DeliveryStore, PlatformStatus, State
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.reader import JournalReader

LATE = timedelta(minutes=15)
"""A record that has waited for longer is worth a technician's look; it is not lost (R27)."""
CLOCK_WRONG_MS = 5_000
FEW_NUMBERS = 10
"""With fewer left of a group for today, somebody should know."""


def terminal_problems(settings: Settings, now: Moment) -> tuple[Problem, ...]:
    """Everything that can be told without the window. Never raises, never waits for the network."""
    directory = settings.storage.directory
    kiosk = kiosk_problems(directory, now) if settings.terminal.profile == "kiosk" else []
    return (*_configuration_problems(settings), *delivery_problems(directory, now), *kiosk)


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
        if not items:
            return [_no_hall_data()]
        today = now.wall.astimezone(CHINA_TIME).date()
        if hours.spans(today) == ():
            return []  # closed today: nobody needs a number
        with closing(JournalReader.open(directory)) as journal:
            return list(_low_leases(leases, journal, today))
    except (sqlite3.Error, OSError, ValueError) as error:
        text = f"the hall's data cannot be read: {error}"
        return [Problem("hall_data_unreadable", text, "run: kiosk-admin doctor; then let sync-agent pull it again")]


def _no_hall_data() -> Problem:
    return Problem(
        "hall_data_missing",
        "nothing is known of the hall's departments and items, so that there is nothing to offer",
        "check that sync-agent runs and reaches the platform, or run: kiosk-admin hall import FILE",
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


def _configuration_problems(settings: Settings) -> Iterator[Problem]:
    if not settings.platform.is_encrypted and settings.platform.allow_http:
        yield Problem(
            "platform_not_encrypted",
            f"records are sent unencrypted to {settings.platform.url}",
            "use https in [platform] url and remove allow_http",
            Severity.WARNING,
        )
    api = settings.window_api
    if api is not None and not api.is_encrypted and not api.is_for_this_machine_only:
        yield Problem(
            "window_api_not_encrypted",
            f"PINs and the window API's token cross the network unencrypted to {api.listen}",
            "give [window_api] certificate_file and certificate_key_file, or listen on 127.0.0.1",
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


def _pull_problems(status: PlatformStatus) -> Iterator[Problem]:
    """What the agent could not bring or tell; it goes on with what is here."""
    if status.pull_denied_since is not None and status.unauthorised_since is None:
        yield Problem(
            "platform_refuses_device",
            f"the platform takes this device's records, but does not give it the hall's data: {status.pull_denied}",
            "check with the platform's administrator what this device may ask",
            since=_rfc3339(status.pull_denied_since),
        )
    if status.data_refused_since is not None:
        yield Problem(
            "platform_data_refused",
            f"the platform's data for this terminal is wrong, and nothing of it was taken: {status.data_refused}",
            "tell the platform's administrator; the terminal goes on with the data it has",
            since=_rfc3339(status.data_refused_since),
        )
    if status.pull_failing_since is not None:
        yield Problem(
            "pull_failing",
            f"{_last_pull(status)}: {status.pull_error}",
            "check the network and the platform; the terminal goes on with the data it has",
            Severity.WARNING,
            since=_rfc3339(status.pull_failing_since),
        )
    if status.photos_refused_since is not None:
        yield Problem(
            "photos_refused",
            f"staff photos are missing: {status.photos_refused}",
            "let the platform serve each as PNG or JPEG of at most 512 KiB with the sha256 it names",
            Severity.WARNING,
            since=_rfc3339(status.photos_refused_since),
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
                since=_rfc3339(since),
            )


def _last_pull(status: PlatformStatus) -> str:
    if status.last_pull_at is None:
        return "the hall's data was never pulled from the platform"
    return f"the hall's data was last pulled from the platform at {_rfc3339(status.last_pull_at)}"


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
