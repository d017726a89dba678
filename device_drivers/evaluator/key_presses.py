"""Frames to presses of keys: pure; times are passed in (seconds of one clock).

A device may repeat a press until it is acknowledged, and a line may give back what the host sent. Both are told apart
from a second press here, so that nobody above has to know of frames.
"""

from collections import deque
from dataclasses import dataclass
from enum import Enum

from device_drivers.evaluator.codec import Frame, with_address
from device_drivers.evaluator.frame_reader import Counters
from device_drivers.evaluator.protocol import ADDRESS, EvaluatorProtocol

REPEAT_SECONDS = 1.0
"""Equal frames less than this apart are one press (interfaces §3)."""

ECHO_SECONDS = 0.5
"""How long after sending a frame the line may give it back."""


@dataclass(frozen=True)
class KeyPress:
    """A key was pressed, or its press repeated by the device."""

    level: str
    """One of `protocol.LEVELS`."""
    frame: bytes
    at: float
    """CLOCK_BOOTTIME in seconds when the first byte of the press's first frame arrived; the same for its repeats."""
    press_id: int
    """The same for a press and its repeats; counts up from 1 as long as the driver lives."""
    repeat: int
    """0 for the press itself, then 1, 2, …"""


class FrameKind(Enum):
    """What a good frame is to this device's driver."""

    PRESS = "press"
    ECHO = "echo"
    """Our own frame, given back by the line."""
    OTHER_ADDRESS = "other_address"
    NO_BUTTON = "no_button"
    """A heartbeat, a keypad, a light: means no level."""


@dataclass
class _Run:
    """A press and its repeats so far."""

    press_id: int
    first_at: float
    last_at: float
    repeat: int = 0


class KeyPresses:
    """Tells presses, repeats, echoes and other devices' frames apart."""

    def __init__(self, protocol: EvaluatorProtocol, address: int | None) -> None:
        """Listen to the device of this address; it is needed where the protocol has addresses."""
        self._protocol = protocol
        self._address = with_address(protocol, address).get(ADDRESS)
        self._runs: dict[bytes, _Run] = {}
        self._sent: deque[tuple[bytes, float]] = deque()
        self._last_press_id = 0

    def sent(self, data: bytes, at: float) -> None:
        """The host sent a frame at `at` (seconds): it may come back once."""
        self._forget_sent(at)
        self._sent.append((data, at))

    def take(self, frame: Frame, counters: Counters) -> tuple[FrameKind, KeyPress | None]:
        """What the frame is, and the press or repeat of a press that it means; the rest is counted."""
        if self._is_echo(frame):
            counters.echoes += 1
            return FrameKind.ECHO, None
        if frame.fields.get(ADDRESS, self._address) != self._address:
            counters.other_address += 1
            return FrameKind.OTHER_ADDRESS, None
        level = self._protocol.level_of(frame.fields)
        if level is None:
            counters.no_button += 1
            return FrameKind.NO_BUTTON, None
        run = self._run_of(frame)
        return FrameKind.PRESS, KeyPress(level, frame.raw, run.first_at, run.press_id, run.repeat)

    def _is_echo(self, frame: Frame) -> bool:
        self._forget_sent(frame.at)
        for entry in self._sent:
            data, sent_at = entry
            if data == frame.raw and sent_at <= frame.at:
                self._sent.remove(entry)
                return True
        return False

    def _forget_sent(self, now: float) -> None:
        while self._sent and now - self._sent[0][1] > ECHO_SECONDS:
            self._sent.popleft()

    def _run_of(self, frame: Frame) -> _Run:
        """The press that the frame begins or repeats: each repeat holds the press for another second."""
        self._runs = {raw: run for raw, run in self._runs.items() if frame.at - run.last_at < REPEAT_SECONDS}
        run = self._runs.get(frame.raw)
        if run is None:
            self._last_press_id += 1
            run = self._runs[frame.raw] = _Run(self._last_press_id, frame.at, frame.at)
        else:
            run.last_at = frame.at
            run.repeat += 1
        return run
