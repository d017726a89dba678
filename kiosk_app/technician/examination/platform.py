"""The platform: does it take this device for the one it is, and until when does its certificate last?"""

import socket
import ssl
from contextlib import closing
from datetime import UTC, datetime

import pysqlite3 as sqlite3

from kiosk_app.configuration import Settings
from kiosk_app.domain.health import Area, Health
from kiosk_app.domain.moments import Clock
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.health.certificate import ending_problems
from kiosk_app.health.delivery import CLOCK_WRONG_MS
from kiosk_app.journal.database import HALL_FILE, connect
from kiosk_app.journal.hall import HallStore
from kiosk_app.technician.examination.network import platform_address
from sync_agent.clock_offset import ClockOffset
from sync_agent.outcomes import Busy, HttpAnswer, Unauthorised, Unavailable, holding_back, server_time
from sync_agent.platform_client import TIME_OUT, PlatformClient, Question, TimeLimits
from sync_agent.pull import LONGEST_CONFIGURATION
from sync_agent.signing import Algorithm, Signer

LIMITS = TimeLimits(connect=3, read=5)
TLS_SECONDS = 4.0
_BUSY = (429, 503)


def platform_health(settings: Settings, clock: Clock) -> Health:
    """Ask for the hall's data as the agent does, and take nothing of it. Call it where the network is there."""
    certificate = _certificate_problems(settings, clock)
    if any(problem.code == "platform_unavailable" for problem in certificate):
        return Health(tuple(certificate))
    signer = Signer(
        settings.terminal.device_id, settings.platform.secret, Algorithm(settings.platform.signature.upper())
    )
    offset = ClockOffset(None)
    ca_file = settings.platform.ca_file
    with PlatformClient(settings.platform.url, signer, clock, ca_file=ca_file, limits=LIMITS) as client:
        answer = _asked(client, _question(settings), offset)
        if _is_denied(answer) and abs(offset.milliseconds or 0) > CLOCK_WRONG_MS:
            # Signed with the right time, as the agent does: what is denied then is denied for another reason.
            answer = _asked(client, _question(settings), offset)
    found = [*certificate, *_answer_problems(answer, clock), *_offset_problems(offset.milliseconds)]
    facts = {} if found else {Area.PLATFORM: "it accepts this device"}
    return Health(tuple(found), facts)


def _asked(client: PlatformClient, question: Question, offset: ClockOffset) -> HttpAnswer | Unavailable:
    exchange = client.ask(question, offset.milliseconds or 0)
    if isinstance(exchange.outcome, HttpAnswer):
        offset.measure(server_time(exchange.outcome), exchange)
    return exchange.outcome


def _is_denied(answer: HttpAnswer | Unavailable) -> bool:
    return isinstance(answer, HttpAnswer) and answer.status in (401, 403)


def _question(settings: Settings) -> Question:
    headers = {"Accept": "application/json"}
    if etag := _etag(settings):
        headers["If-None-Match"] = etag
    target = f"/v1/devices/{settings.terminal.device_id}/config"
    return Question("GET", target, headers=headers, longest=LONGEST_CONFIGURATION)


def _etag(settings: Settings) -> str | None:
    """The version that is here, so that the answer is short."""
    directory = settings.storage.directory
    try:
        if not (directory / HALL_FILE).exists():
            return None
        with closing(connect(directory / HALL_FILE, read_only=True)) as connection:
            return HallStore(connection, directory).etag(f"{settings.platform.url} {settings.terminal.device_id}")
    except (sqlite3.Error, OSError, ValueError, TypeError, KeyError):
        return None


def _answer_problems(answer: HttpAnswer | Unavailable, clock: Clock) -> list[Problem]:
    if isinstance(answer, Unavailable):
        return [_slow() if answer.cause == TIME_OUT else _unavailable(answer.cause)]
    if answer.status in (200, 304):
        return []
    match holding_back(answer, clock.now().wall):
        case Unauthorised(cause):
            return [
                Problem(
                    "platform_refuses_device",
                    f"the platform does not accept this device: {cause}",
                    "check device_id, secret_file and signature of [platform] with the platform's administrator; "
                    "nothing is lost meanwhile",
                )
            ]
        case Busy(cause, seconds):
            return [_later(f"the platform is busy ({cause}): it asks to be left alone for {seconds:.0f} s")]
    if answer.status in _BUSY:
        return [_later(f"the platform is busy (HTTP {answer.status})")]
    return [_unavailable(f"HTTP {answer.status}")]


def _slow() -> Problem:
    return _later("the platform does not answer in time")


def _later(text: str) -> Problem:
    """It is the platform, and it has no time now: nothing is to be set up otherwise (R27)."""
    return Problem(
        "platform_unavailable",
        text,
        "nothing is lost: records wait, and the agent tries again by itself; tell the platform's administrator if it "
        "lasts",
    )


def _unavailable(cause: str) -> Problem:
    return Problem(
        "platform_unavailable",
        f"something answers at the platform's address, but not as the platform should: {cause}",
        "check the path in [platform] url, and whether the platform works; nothing is lost meanwhile",
    )


def _offset_problems(offset_ms: int | None) -> list[Problem]:
    if abs(offset_ms or 0) <= CLOCK_WRONG_MS:
        return []
    return [
        Problem(
            "clock_wrong",
            f"this device's clock is {-(offset_ms or 0) / 1000:+.0f} s off the platform's",
            "set up network time; records keep the time that the device showed",
            Severity.WARNING,
        )
    ]


def _certificate_problems(settings: Settings, clock: Clock) -> list[Problem]:
    if not settings.platform.is_encrypted:
        return []
    host, port = platform_address(settings)
    try:
        context = ssl.create_default_context(cafile=settings.platform.ca_file)
        with (
            socket.create_connection((host, port), TLS_SECONDS) as connection,
            context.wrap_socket(connection, server_hostname=host) as secured,
        ):
            ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str((secured.getpeercert() or {})["notAfter"])), UTC)
    except ssl.SSLCertVerificationError as error:
        return [_refused_certificate(error.verify_message)]
    except TimeoutError:
        return [_slow()]
    except (OSError, ValueError, KeyError) as error:
        return [_unavailable(f"no encrypted connection comes about: {error}")]
    action = "tell the platform's administrator"
    found = ending_problems("the platform's certificate", ends, clock.now(), action)
    return [Problem(f"platform_{p.code}", p.text, p.action, p.severity) for p in found]


def _refused_certificate(cause: str) -> Problem:
    return Problem(
        "platform_unavailable",
        f"the platform's certificate is not accepted: {cause}",
        "check this machine's date, and ca_file of [platform] if the hall has its own authority",
    )
