"""What the configuration gives up, what ends soon, and who may open the technician's screens."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.configuration import Settings
from kiosk_app.domain.moments import Moment
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.health.certificate import certificate_problems
from kiosk_app.journal.database import HALL_FILE, connect


def configuration_problems(settings: Settings, now: Moment) -> Iterator[Problem]:
    """Where others could read along."""
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
    if api is not None and api.certificate_file is not None:
        yield from certificate_problems(api.certificate_file, now)
    yield from _pin_problems(settings.storage.directory)


def _pin_problems(directory: Path) -> Iterator[Problem]:
    if not _has_technician(directory):
        yield Problem(
            "technician_pin_missing",
            "nobody has a PIN for the technician's screens, so nobody can open them on this terminal",
            "run: kiosk-admin technician pin",
            Severity.WARNING,
        )


def _has_technician(directory: Path) -> bool:
    """Whether there is a PIN; True where it cannot be known, as that is told elsewhere."""
    if not (directory / HALL_FILE).exists():
        return False
    try:
        with closing(connect(directory / HALL_FILE, read_only=True)) as connection:
            asked = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'technician_pins'"
            if connection.execute(asked).fetchone() is None:
                return False
            return connection.execute("SELECT 1 FROM technician_pins LIMIT 1").fetchone() is not None
    except (sqlite3.Error, OSError):
        return True
