"""Certificates: those that end soon, while there is time to ask for new ones."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from kiosk_app.domain.moments import Moment
from kiosk_app.domain.problems import Problem, Severity

AHEAD = timedelta(days=30)


def certificate_problems(path: Path, now: Moment) -> list[Problem]:
    """Of the window API's own certificate file; the first in it is the terminal's."""
    try:
        certificate = x509.load_pem_x509_certificates(path.read_bytes())[0]
    except (OSError, ValueError) as error:
        return [
            Problem(
                "certificate_unreadable",
                f"the window API's certificate cannot be read: {error}",
                "put a PEM certificate where [window_api] certificate_file points",
            )
        ]
    action = "ask the hall's administration for a new one, replace [window_api] certificate_file, restart kiosk-app"
    return list(ending_problems("the window API's certificate", certificate.not_valid_after_utc, now, action))


def ending_problems(whose: str, ends: datetime, now: Moment, action: str) -> Iterator[Problem]:
    """A certificate that has ended, or will within a month."""
    day = ends.date().isoformat()
    if ends <= now.wall:
        yield Problem("certificate_expired", f"{whose} ended on {day}", action)
    elif ends - now.wall < AHEAD:
        yield Problem("certificate_expiring", f"{whose} ends on {day}", action, Severity.WARNING)
