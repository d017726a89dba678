"""A serial scanner: tells what was scanned, once for each time that it was held before the glass.

What a scanner sends is text and nothing else. A code ends with CR, LF, both, or with silence where the scanner is set
to send no ending.
"""

import re
import unicodedata
from typing import Protocol

from device_drivers.port_assignment import Role
from device_drivers.port_book import PortBook
from device_drivers.serial_line import LineSettings, SerialLine, boottime
from device_drivers.serial_ports import PortLister, present_ports

SILENCE_SECONDS = 0.1
"""A code without an ending is complete after so much silence."""

SAME_SECONDS = 1.0
"""A scanner that sees a code for long sends it again and again; with less time between, it is one scan."""

LONGEST_CODE = 512
"""Characters; whatever is longer is no code, and is dropped as a whole."""

_LONGEST_BYTES = 4 * LONGEST_CODE
_ENDING = re.compile(rb"[\r\n]")


class ScannerListener(Protocol):
    """Who wants to know of scans; called by the line's own thread, so that a call should be short."""

    def scanned(self, text: str, at: float) -> None:
        """A code was scanned; `at` is the arrival of its first bytes in seconds of CLOCK_BOOTTIME."""
        ...

    def connection_changed(self, connected: bool, detail: str) -> None:
        """The device's port is in use, or gone; `detail` says why and what to do."""
        ...


class ScannerDriver:
    """One scanner on one port."""

    def __init__(
        self,
        port: str,
        baud: int,
        listener: ScannerListener,
        *,
        list_ports: PortLister = present_ports,
        ports: PortBook | None = None,
    ) -> None:
        """Prepare the driver; `port` is a path, a name by USB ids, or "auto"; `ports` is what all drivers share."""
        receiver = _Receiver(listener)
        access = ports.access(Role.SCANNER) if ports else port
        self._line = SerialLine(
            access, LineSettings(baud=baud), receiver, poll_seconds=SILENCE_SECONDS, list_ports=list_ports
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
    def asks(self) -> bool:
        """Whether several ports may be the scanner's; `detail` says what a person has to do."""
        return self._line.asks

    @property
    def port_name(self) -> str | None:
        """The device that is open at this moment."""
        return self._line.port_name

    @property
    def detail(self) -> str:
        """Why the device is away at this moment, and what to do; empty while it works."""
        return self._line.detail


class CodeReader:
    """Bytes to codes: pure, with no port and no clock of its own. Times are in seconds."""

    def __init__(self, opened_at: float) -> None:
        self._begun = b""
        self._begun_at = self._last_at = opened_at
        self._too_long = False
        self._told = ""
        self._told_at = float("-inf")

    def feed(self, data: bytes, at: float) -> list[tuple[str, float]]:
        """Take bytes that arrived at `at`; returns the codes that they complete, each with its arrival."""
        *ended, rest = _ENDING.split(data)
        found: list[tuple[str, float]] = []
        for piece in ended:
            self._add(piece, at)
            found += self._complete()
        self._add(rest, at)
        return found

    def silent(self, until: float) -> list[tuple[str, float]]:
        """Nothing arrived up to `until`: what was begun may be complete."""
        return self._complete() if until - self._last_at >= SILENCE_SECONDS else []

    def _add(self, piece: bytes, at: float) -> None:
        if not self._begun:
            self._begun_at = at
        if piece:
            self._last_at = at
        self._too_long = self._too_long or len(self._begun) + len(piece) > _LONGEST_BYTES
        self._begun = (self._begun + piece)[:_LONGEST_BYTES]

    def _complete(self) -> list[tuple[str, float]]:
        text, at, too_long = _text(self._begun), self._begun_at, self._too_long
        self._begun, self._too_long = b"", False
        if not text or too_long or len(text) > LONGEST_CODE:
            return []
        again = text == self._told and at - self._told_at < SAME_SECONDS
        self._told, self._told_at = text, at
        return [] if again else [(text, at)]


class _Receiver:
    """Listens to the line, on the line's own thread."""

    def __init__(self, listener: ScannerListener) -> None:
        self._listener = listener
        self._reader = CodeReader(boottime())

    def connection_began(self, at: float) -> None:
        """Drop what an earlier connection left half sent."""
        self._reader = CodeReader(at)

    def received(self, data: bytes, at: float) -> None:
        """Look for codes."""
        self._tell(self._reader.feed(data, at))

    def silent(self, until: float) -> None:
        """Look for a code that silence completes."""
        self._tell(self._reader.silent(until))

    def written(self, data: bytes, at: float) -> None:
        """Nothing is ever said to a scanner."""

    def connection_changed(self, connected: bool, detail: str) -> None:
        """Pass on that the port is in use or gone."""
        self._listener.connection_changed(connected, detail)

    def _tell(self, codes: list[tuple[str, float]]) -> None:
        for text, at in codes:
            self._listener.scanned(text, at)


def _text(code: bytes) -> str:
    """What was scanned, without control characters and blanks around it; no code has bytes that are not UTF-8."""
    text = code.decode("utf-8", "replace")
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf")).strip()
