"""Listens on several ports at once until one of them turns out to be the right one. Writes nothing, ever."""

import select
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import serial

from device_drivers.open_port import LOST, boottime, close_exclusive
from device_drivers.serial_ports import explain

KEPT_BYTES = 4096
"""Of what a port said before it was recognised; many times what a press takes."""


class Recogniser(Protocol):
    """Judges by what it hears on one port whether the device is there; times are as for a line's listener."""

    @property
    def is_ours(self) -> bool:
        """Whether the device proved that it is the one."""
        ...

    @property
    def is_another(self) -> bool:
        """Whether the device proved that it is another of its kind."""
        ...

    def received(self, data: bytes, at: float) -> None:
        """Bytes arrived."""
        ...

    def silent(self, until: float) -> None:
        """Nothing arrived since the last bytes, up to `until`."""
        ...


RecogniserMaker = Callable[[float], Recogniser]
"""Makes one for a port that was opened at this time."""

Heard = tuple[bytes, float]
"""Bytes and the moment of their arrival; no bytes: silence up to this moment."""


@dataclass
class OpenPort:
    """A port, and what it said so far."""

    port: serial.Serial
    opened_at: float
    heard: deque[Heard] = field(default_factory=deque)

    def note(self, data: bytes, at: float) -> None:
        """Keep what the port said; of silence only the last moment."""
        if not data and self.heard and not self.heard[-1][0]:
            self.heard.pop()
        self.heard.append((data, at))
        while sum(len(kept) for kept, _ in self.heard) > KEPT_BYTES:
            self.heard.popleft()

    def close(self) -> None:
        """Let others have it."""
        close_exclusive(self.port)


@dataclass
class _Ear:
    """Hears one port."""

    opened: OpenPort
    recogniser: Recogniser

    def note(self, data: bytes, at: float) -> None:
        self.opened.note(data, at)
        if data:
            self.recogniser.received(data, at)
        else:
            self.recogniser.silent(at)


class Scout:
    """For one thread; use as a context, or call `close`."""

    def __init__(
        self, open_port: Callable[[str], serial.Serial], make_recogniser: RecogniserMaker, poll_seconds: float
    ) -> None:
        """`open_port` opens a path exclusively."""
        self._open_port = open_port
        self._make_recogniser = make_recogniser
        self._poll_seconds = poll_seconds
        self._ears: dict[str, _Ear] = {}
        self.troubles: dict[str, str] = {}
        """Ports that cannot be listened to, and why."""

    def listen_on(self, devices: Sequence[str]) -> None:
        """Listen on these ports and on no others."""
        for device in self._ears.keys() - set(devices):
            self._ears.pop(device).opened.close()
        self.troubles = {}
        for device in devices:
            if device not in self._ears:
                self._open(device)

    def turn(self, wake: int) -> None:
        """One wait for bytes, at most the poll's time; ends at once when `wake` becomes readable."""
        before = boottime()
        ports = {device: ear.opened.port for device, ear in self._ears.items()}
        descriptors = [wake, *(port.fileno() for port in ports.values())]
        readable, _, _ = select.select(descriptors, [], [], self._poll_seconds)
        now = boottime()
        # As for a line: a port was empty when the wait ended, or when it began if something else ended it.
        empty_until = before if readable else before + self._poll_seconds
        for device, port in ports.items():
            try:
                data = port.read(max(1, port.in_waiting)) if port.fileno() in readable else b""
            except LOST as error:
                self.troubles[device] = explain(device, error)
                self._ears.pop(device).opened.close()
                continue
            self._ears[device].note(data, now if data else empty_until)

    def ours(self) -> str | None:
        """The port whose device proved to be the one."""
        return next((device for device, ear in self._ears.items() if ear.recogniser.is_ours), None)

    def others(self) -> list[str]:
        """The ports whose devices proved to be others of their kind."""
        return [device for device, ear in self._ears.items() if ear.recogniser.is_another]

    def take(self, device: str) -> OpenPort | None:
        """Hand a port over as it is, with all that it said; None if it is not open."""
        ear = self._ears.pop(device, None)
        return ear.opened if ear else None

    def close(self) -> None:
        """Close all ports that were not taken."""
        self.listen_on(())

    def _open(self, device: str) -> None:
        try:
            port = self._open_port(device)
        except (*LOST, ValueError) as error:
            self.troubles[device] = explain(device, error)
            return
        opened_at = boottime()
        self._ears[device] = _Ear(OpenPort(port, opened_at), self._make_recogniser(opened_at))
