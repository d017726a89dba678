"""The rating test: every key is told with its level and how long it took, and none can become a rating.

It is also the confirmation of the keys (interfaces §3): while it asks, each key in turn has to send its own word. Who
runs it has borrowed the evaluator from the running app, so that no press reaches a citizen's invitation (R5).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from device_drivers.evaluator.codec import Frame
from device_drivers.evaluator.driver import EvaluatorDriver
from device_drivers.evaluator.frame_reader import Counters
from device_drivers.evaluator.key_presses import FrameKind, KeyPress
from device_drivers.evaluator.protocol import LEVELS, EvaluatorProtocol
from device_drivers.port_book import PortBook
from device_drivers.serial_line import boottime
from device_drivers.serial_ports import PortLister, present_ports
from kiosk_app.configuration import Evaluator
from kiosk_app.domain.records import KEYS_CONFIRMED


@dataclass(frozen=True)
class Connection:
    """The device's port is in use, or it is not; `detail` says why and what to do."""

    connected: bool
    detail: str


@dataclass(frozen=True)
class FrameHeard:
    """Any good frame, presses too."""

    frame: Frame
    kind: FrameKind
    level: str | None


@dataclass(frozen=True)
class Noise:
    """So many bytes belonged to no good frame."""

    count: int


@dataclass(frozen=True)
class Asked:
    """The key of this level is to be pressed now."""

    level: str


@dataclass(frozen=True)
class KeyTried:
    """A key was pressed, or the device repeated its press."""

    level: str
    at: float
    """CLOCK_BOOTTIME in seconds when the press's first byte arrived; the same for its repeats."""
    latency_ms: float | None
    """From the first byte to this telling; None for a repeat, whose own first byte is not told."""
    repeat: int
    """0 for the press itself, then 1, 2, …"""
    asked: str | None
    """The level that was asked for; None where nothing was, and for a repeat."""

    @property
    def right(self) -> bool | None:
        """Whether it is the key that was asked for; None where none was."""
        return None if self.asked is None else self.level == self.asked


@dataclass(frozen=True)
class Confirmed:
    """All five keys were right, one after the other, and this is on record."""

    protocol: str
    sha256: str


Told: TypeAlias = Connection | FrameHeard | Noise | Asked | KeyTried | Confirmed

Note: TypeAlias = Callable[[str, str, str], None]
"""Records an operator's action: action, target, outcome."""


class RatingTest:
    """One test of one evaluator. `tell` and `note` are called by the driver's own thread: pass on and return."""

    def __init__(
        self,
        settings: Evaluator,
        protocol: EvaluatorProtocol,
        tell: Callable[[Told], None],
        note: Note | None = None,
        *,
        list_ports: PortLister = present_ports,
        ports: PortBook | None = None,
    ) -> None:
        """Prepare the test. With `note` it asks for the five keys and notes `KEYS_CONFIRMED` once all were right.

        A key that was wrong begins the asking anew, since a device that sends one word for another is not confirmed by
        the rest. `ports` is what the drivers of this program share, so that "auto" is found. Raises ValueError if the
        protocol needs an address that it cannot have.
        """
        self._protocol = protocol
        self._tell = tell
        self._note = note
        self._right = 0
        self._asking = False
        self._asked_at = 0.0
        self._driver = EvaluatorDriver(
            protocol, settings.port, settings.address, self, observer=self, list_ports=list_ports, ports=ports
        )

    @property
    def protocol(self) -> EvaluatorProtocol:
        """What the keys are read by."""
        return self._protocol

    @property
    def asked(self) -> str | None:
        """The level asked for; None before the port is open, without `note`, and once all are confirmed."""
        return LEVELS[self._right] if self._asking else None

    @property
    def detail(self) -> str:
        """Why the device is away, and what to do; empty while it works."""
        return self._driver.detail

    @property
    def counters(self) -> Counters:
        """What came since the port was opened last."""
        return self._driver.counters

    def start(self) -> None:
        """Open the port and ask for the first key; the device need not be there yet."""
        self._driver.start()

    def close(self) -> None:
        """Let go of the port; returns when nothing more can be told."""
        self._driver.close()

    def key_pressed(self, press: KeyPress) -> None:
        """By the driver: tell the key, and what it means for the asking."""
        asked = self.asked if press.repeat == 0 and press.at >= self._asked_at else None
        latency = round((boottime() - press.at) * 1000, 1) if press.repeat == 0 else None
        # As a rating's would be: so the technician hears the device's thanks, and it ends repeating.
        self._driver.acknowledge()
        tried = KeyTried(press.level, press.at, latency, press.repeat, asked)
        self._tell(tried)
        if asked is not None:
            self._go_on(right=tried.level == asked)

    def connection_changed(self, connected: bool, detail: str) -> None:
        """By the driver: tell it, and ask as soon as there is a device that can answer."""
        self._tell(Connection(connected, detail))
        if connected and self._note is not None and self._right < len(LEVELS):
            self._ask()

    def frame_seen(self, frame: Frame, kind: FrameKind, level: str | None) -> None:
        """By the driver."""
        self._tell(FrameHeard(frame, kind, level))

    def noise_seen(self, count: int) -> None:
        """By the driver."""
        self._tell(Noise(count))

    def _go_on(self, *, right: bool) -> None:
        self._right = self._right + 1 if right else 0
        if self._right < len(LEVELS):
            self._ask()
            return
        self._asking = False
        if self._note is not None:
            self._note(KEYS_CONFIRMED, self._protocol.sha256, "done")
        self._tell(Confirmed(self._protocol.name, self._protocol.sha256))

    def _ask(self) -> None:
        self._asked_at = boottime()
        self._asking = True
        self._tell(Asked(LEVELS[self._right]))
