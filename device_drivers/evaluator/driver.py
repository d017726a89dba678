"""The evaluator at a window: tells which key was pressed, and says what the host wants said.

It does not know what a rating is and acknowledges nothing by itself: many devices say thank you on the acknowledgement,
so the app sends it once the rating is on disk (interfaces §3).
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol

from device_drivers.evaluator.codec import Frame, encode_command
from device_drivers.evaluator.frame_reader import Counters, FrameReader, frame_reader
from device_drivers.evaluator.key_presses import FrameKind, KeyPress, KeyPresses
from device_drivers.evaluator.protocol import MAX_STARS, EvaluatorProtocol, HostCommand
from device_drivers.evaluator.recogniser import EvaluatorRecogniser
from device_drivers.port_assignment import Role
from device_drivers.port_book import PortBook
from device_drivers.serial_line import POLL_SECONDS, SerialLine, boottime
from device_drivers.serial_ports import PortLister, present_ports

SETTLE_MARGIN_SECONDS = 0.3
"""For the operating system and a busy machine, on top of what the protocol itself takes."""


class EvaluatorListener(Protocol):
    """Who wants to know of presses; called by the line's own thread, so that a call should be short."""

    def key_pressed(self, press: KeyPress) -> None:
        """A key was pressed (`press.repeat` 0), or the device repeated it (1, 2, …)."""
        ...

    def connection_changed(self, connected: bool, detail: str) -> None:
        """The device's port is in use, or gone; `detail` says why and what to do."""
        ...


class FrameObserver(Protocol):
    """Who wants to see everything on the line: the technician's `evaluator listen`."""

    def frame_seen(self, frame: Frame, kind: FrameKind, level: str | None) -> None:
        """A good frame; `level` is set where it is a press or the repeat of one."""
        ...

    def noise_seen(self, count: int) -> None:
        """So many bytes belonged to no good frame."""
        ...


class EvaluatorDriver:
    """One evaluator on one port. The verbs return at once and do nothing where the protocol has no such frame."""

    def __init__(
        self,
        protocol: EvaluatorProtocol,
        port: str,
        address: int | None,
        listener: EvaluatorListener,
        *,
        observer: FrameObserver | None = None,
        list_ports: PortLister = present_ports,
        ports: PortBook | None = None,
    ) -> None:
        """Prepare the driver; `port` is a path, a name by USB ids, or "auto".

        With the `ports` that all drivers of the program share, "auto" finds the device among several by what it says.
        Raises ValueError if a needed address is missing.
        """
        self._protocol = protocol
        self._address = address
        self._stars: int | None = None
        self._receiver = _Receiver(protocol, address, listener, observer, self._connection_began, self._frame_came)
        self._line = SerialLine(
            ports.access(Role.EVALUATOR) if ports else port,
            protocol.line,
            self._receiver,
            poll_seconds=(protocol.frames.quiet_ms or 0) / 1000 or POLL_SECONDS,
            list_ports=list_ports,
            make_recogniser=partial(EvaluatorRecogniser, protocol, address) if ports else None,
        )

    def start(self) -> None:
        """Begin to look for the device; it need not be there yet."""
        self._line.start()

    def close(self) -> None:
        """Let go of the port; returns when no more calls to the listener can come."""
        self._line.close()

    def release(self, detail: str) -> None:
        """Close the port so that somebody else can use it; the listener is told `detail` as the reason.

        The port is free when this returns. Idempotent, from any thread. Raises `NotReleasedError` if it stays in use.
        """
        self._line.release(detail)

    def take_back(self) -> None:
        """Look for the device again after `release`; without one, nothing happens."""
        self._line.take_back()

    @property
    def connected(self) -> bool:
        """Whether the port is in use; a glitch too short to be told does not count."""
        return self._line.connected

    @property
    def detail(self) -> str:
        """Why the device is away at this moment, and what to do; empty while it works."""
        return self._line.detail

    @property
    def asks(self) -> bool:
        """Whether several ports may be the evaluator's; `detail` says what a person has to do."""
        return self._line.asks

    @property
    def port_name(self) -> str | None:
        """The device that is open at this moment."""
        return self._line.port_name

    @property
    def counters(self) -> Counters:
        """What came since the port was opened last."""
        return replace(self._receiver.counters)

    @property
    def last_good_at(self) -> float | None:
        """When our device's last good frame arrived, in seconds of CLOCK_BOOTTIME, on whatever connection."""
        return self._receiver.last_good_at

    @property
    def settle_seconds(self) -> float:
        """Longest time from a key's first byte to the listener's call, when all is well."""
        frames = self._protocol.frames
        on_wire = frames.size * self._protocol.line.seconds_per_byte
        silence = (frames.quiet_ms or 0) / 1000
        return on_wire + silence + SETTLE_MARGIN_SECONDS

    def acknowledge(self) -> None:
        """Tell the device that its press was taken; most stop repeating, and many say thank you."""
        self._send(self._protocol.host.acknowledge)

    def invite(self) -> None:
        """Let the device ask the citizen to rate."""
        self._send(self._protocol.host.invite)

    def thanks(self) -> None:
        """Let the device thank the citizen."""
        self._send(self._protocol.host.thanks)

    def show_stars(self, n: int) -> None:
        """Show the staff member's star level, 0 to 5; sent again on each reconnection, as the device may forget it."""
        if not 0 <= n <= MAX_STARS:
            raise ValueError(f"a star level is 0 to {MAX_STARS}, not {n}")
        self._stars = n
        self._send(self._protocol.host.stars, n)

    def _send(self, command: HostCommand | None, stars: int = 0) -> None:
        if command is not None:
            self._line.write(encode_command(self._protocol, command, self._address, stars))

    def _frame_came(self) -> None:
        self._line.confirm()

    def _connection_began(self) -> None:
        if self._stars is not None:
            self._send(self._protocol.host.stars, self._stars)


class _Receiver:
    """Listens to the line, on the line's own thread: bytes to frames to presses."""

    def __init__(
        self,
        protocol: EvaluatorProtocol,
        address: int | None,
        listener: EvaluatorListener,
        observer: FrameObserver | None,
        on_connection: Callable[[], None],
        on_proof: Callable[[], None],
    ) -> None:
        self.counters = Counters()
        self.last_good_at: float | None = None
        self._frames = protocol.frames
        self._presses = KeyPresses(protocol, address)
        self._listener = listener
        self._observer = observer
        self._on_connection = on_connection
        self._on_proof = on_proof
        self._has_checksum = protocol.frames.rules.checksum is not None
        self._reader: FrameReader = frame_reader(protocol.frames, self.counters, boottime())

    def connection_began(self, at: float) -> None:
        """Drop the old connection's counters and partial bytes."""
        self.counters = Counters()
        self._reader = frame_reader(self._frames, self.counters, at)
        self._on_connection()

    def received(self, data: bytes, at: float) -> None:
        """Look for frames."""
        noise_before = self.counters.noise_bytes
        self._take(self._reader.feed(data, at), noise_before)

    def silent(self, until: float) -> None:
        """Look for frames that silence completes."""
        noise_before = self.counters.noise_bytes
        self._take(self._reader.tick(until), noise_before)

    def written(self, data: bytes, at: float) -> None:
        """Expect the frame's echo."""
        self._presses.sent(data, at)

    def connection_changed(self, connected: bool, detail: str) -> None:
        """Pass on that the port is in use or gone."""
        self._listener.connection_changed(connected, detail)

    def _take(self, frames: list[Frame], noise_before: int) -> None:
        noise = self.counters.noise_bytes - noise_before
        if self._observer is not None and noise:
            self._observer.noise_seen(noise)
        for frame in frames:
            kind, press = self._presses.take(frame, self.counters)
            if self._observer is not None:
                self._observer.frame_seen(frame, kind, press.level if press else None)
            if press is not None:
                self._listener.key_pressed(press)
            if kind in {FrameKind.PRESS, FrameKind.NO_BUTTON}:
                self.last_good_at = frame.at
            if kind is FrameKind.PRESS or (kind is FrameKind.NO_BUTTON and self._has_checksum):
                self._on_proof()
