"""A terminal's storage with a real journal, a clock that stands still, and the agent's parts put together."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk_app.domain.moments import CHINA_TIME, Moment
from kiosk_app.domain.records import Draft, Json, Kind, Record
from kiosk_app.journal.delivery import DeliveryStore, State
from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.journal import Journal
from sync_agent.deliveries import Deliveries
from sync_agent.platform_client import PlatformClient, TimeLimits
from sync_agent.signing import Algorithm, Signer
from sync_agent.simulated.platform import SimulatedPlatform

DEVICE = "lw-a-w12"
SECRET = b"a secret of the hall"


class StillClock:
    """Shows the real time until it is moved; then both clocks stand where they were put."""

    def __init__(self, wall: datetime | None = None) -> None:
        self.wall = wall or datetime.now(UTC)
        self.boot_ms = 1_000_000

    def now(self) -> Moment:
        return Moment(self.wall.astimezone(CHINA_TIME), self.boot_ms, "boot", synchronised=True)

    def at(self, boot_seconds: float) -> Moment:
        return self.now().later(round(boot_seconds * 1000) - self.boot_ms)

    def pass_seconds(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.boot_ms += round(seconds * 1000)

    @property
    def ms(self) -> int:
        return round(self.wall.timestamp() * 1000)


def longest_wait(shortest: float, longest: float) -> float:
    """A wait that is always as long as allowed, so that a test can tell what is allowed."""
    return longest


def rating(at: Moment, level: str = "satisfied", rating_code: str | None = None) -> Draft:
    payload: Json = {
        "level": level,
        "score": 4,
        "source": "touchscreen",
        "channel": "window",
        "window": "12",
        "staff_no": "0815",
        "ticket_no": "A001",
        "cases": [],
        "rating_code": rating_code,
        "response_ms": 2100,
        "flags": [],
        "evaluator": None,
    }
    return Draft(Kind.RATING, payload, at, new_id())


@dataclass
class Terminal:
    """One terminal's storage directory."""

    directory: Path
    clock: StillClock = field(default_factory=StillClock)
    device_id: str = DEVICE

    def __post_init__(self) -> None:
        self.journal = Journal.open_or_start(
            self.directory, device_id=self.device_id, clock=self.clock, software="test 1"
        )
        self.store = DeliveryStore.open(self.directory)

    def rate(self, count: int = 1, **details: str) -> list[Record]:
        return self.journal.append(*(rating(self.clock.now(), **details) for _ in range(count)))

    def records(self) -> list[Record]:
        return list(self.journal.all_records())

    def states(self) -> dict[int, State]:
        """State by sequence of every record that is waiting or refused."""
        return {pending.sequence: pending.state for pending in self.store.pending(self.journal)}

    def errors(self) -> dict[int, str | None]:
        """Last error by sequence, likewise."""
        return {pending.sequence: pending.last_error for pending in self.store.pending(self.journal)}

    def close(self) -> None:
        self.store.close()
        self.journal.close()


@dataclass
class Link:
    """A terminal, a platform, and the agent's parts between them over real HTTP."""

    terminal: Terminal
    platform: SimulatedPlatform
    client: PlatformClient
    deliveries: Deliveries

    def pass_seconds(self, seconds: float) -> None:
        """Time passes here and at the platform."""
        self.terminal.clock.pass_seconds(seconds)
        self.platform.clock_offset += timedelta(seconds=seconds)

    def restart(self) -> None:
        """What a restarted agent would start with."""
        self.deliveries = Deliveries(
            self.terminal.journal, self.terminal.store, self.client, self.terminal.clock, longest_wait
        )


def client_for(
    platform: SimulatedPlatform,
    clock: StillClock,
    *,
    secret: bytes = SECRET,
    algorithm: Algorithm = Algorithm.HMAC_SHA256,
    limits: TimeLimits | None = None,
    ca_file: Path | None = None,
) -> PlatformClient:
    signer = Signer(DEVICE, secret, algorithm)
    short = limits or TimeLimits(connect=5, read=5)
    return PlatformClient(platform.url, signer, clock, limits=short, ca_file=ca_file)


def by_sequence(*sequences: int) -> Callable[[Json], bool]:
    """A test for records at these places."""
    return lambda record: record["sequence"] in sequences


def write_settings(
    directory: Path,
    url: str,
    *,
    push_seconds: int = 1,
    pull_seconds: int = 300,
    signature: str = "hmac-sha256",
    profile: str = "window",
    device_id: str = DEVICE,
) -> Path:
    """A configuration directory for the real commands; its storage is `directory/storage`."""
    config = directory / "config"
    config.mkdir(exist_ok=True)
    section = '[window]\nnumber = "12"' if profile == "window" else "[kiosk]"
    for name, text in (("platform.secret", SECRET.decode()), ("window-api.token", "token")):
        (config / name).write_text(text)
        (config / name).chmod(0o600)
    (config / "terminal.toml").write_text(
        textwrap.dedent(
            f"""
            [terminal]
            device_id = "{device_id}"
            short_id = 12
            profile = "{profile}"
            hall = "灵武市政务服务中心"
            area_code = "640181000000"
            [storage]
            directory = "{directory / "storage"}"
            [platform]
            url = "{url}"
            secret_file = "platform.secret"
            signature = "{signature}"
            push_seconds = {push_seconds}
            pull_seconds = {pull_seconds}
            """
        )
        + section
    )
    return config
