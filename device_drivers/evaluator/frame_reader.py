"""Finds frames in a stream of bytes: pure, no port and no clock; times are passed in (seconds of one clock).

What is not a frame is skipped byte by byte, so that the next good frame is found wherever it begins, also inside a bad
one. At most one frame's size of bytes is kept.
"""

from collections import deque
from dataclasses import dataclass
from typing import Protocol

from device_drivers.evaluator.codec import Frame, FrameJudge, Verdict
from device_drivers.evaluator.protocol import DeviceFrames


@dataclass
class Counters:
    """What came over one connection; for health and for the technician, never for statistics of ratings."""

    good: int = 0
    """Frames without fault, of whatever address and meaning."""
    bad_checksum: int = 0
    bad_length: int = 0
    bad_trailer: int = 0
    noise_bytes: int = 0
    """Bytes that belong to no good frame, those of bad frames included."""
    other_address: int = 0
    """Good frames of another device on the line."""
    echoes: int = 0
    """Own frames that the line gave back."""
    no_button: int = 0
    """Good frames that mean no level: heartbeats, keypads, lights."""


class FrameReader(Protocol):
    """Finds the frames in what a line receives."""

    def feed(self, data: bytes, at: float) -> list[Frame]:
        """Take bytes that arrived at `at` (seconds); returns the frames that they complete."""
        ...

    def tick(self, until: float, /) -> list[Frame]:
        """Take note that nothing arrived since the last bytes, up to `until` (seconds)."""
        ...


def frame_reader(frames: DeviceFrames, counters: Counters, opened_at: float) -> FrameReader:
    """A reader for one connection, opened at `opened_at` (seconds), that counts in `counters`."""
    if frames.quiet_ms is None:
        return ScanningReader(frames, counters)
    return QuietReader(frames, counters, opened_at)


class ScanningReader:
    """Finds frames that stand anywhere in a stream, at whatever pace it comes."""

    def __init__(self, frames: DeviceFrames, counters: Counters) -> None:
        self._judge = FrameJudge(frames)
        self._counters = counters
        self._waiting = bytearray()
        self._arrivals: deque[tuple[int, float]] = deque()
        self._taken = 0

    def feed(self, data: bytes, at: float) -> list[Frame]:
        """Take bytes that arrived at `at` (seconds); returns the frames that they complete."""
        self._arrivals.append((self._taken + len(self._waiting), at))
        self._waiting += data
        frames = []
        done = 0
        while done < len(self._waiting):
            window = self._waiting[done : done + self._judge.size]
            verdict = self._judge.verdict(window)
            if verdict is Verdict.UNDECIDED:
                break
            if verdict is Verdict.GOOD:
                frames.append(Frame(self._judge.fields(window), bytes(window), self._arrival(self._taken + done)))
                self._counters.good += 1
                done += len(window)
            else:
                _count_bad(self._counters, verdict)
                done = self._next_start(done)
        del self._waiting[:done]
        self._taken += done
        self._arrival(self._taken)
        return frames

    def tick(self, _until: float, /) -> list[Frame]:
        """Silence says nothing here: a frame may be cut anywhere."""
        return []

    def _next_start(self, done: int) -> int:
        """Where the next frame may begin, after the byte at `done` proved to begin none."""
        found = self._waiting.find(self._judge.first_byte, done + 1)
        start = found if found >= 0 else len(self._waiting)
        self._counters.noise_bytes += start - done
        return start

    def _arrival(self, position: int) -> float:
        """When the byte at this place in the whole stream arrived; forgets what lies before it."""
        while len(self._arrivals) > 1 and self._arrivals[1][0] <= position:
            self._arrivals.popleft()
        return self._arrivals[0][1]


class QuietReader:
    """Finds frames that stand alone between silences.

    Silence is what a tick said, never a difference of stamps: where the reading thread was held up, bytes that came
    close together carry stamps far apart, and noise would look like single presses.
    """

    def __init__(self, frames: DeviceFrames, counters: Counters, opened_at: float) -> None:
        self._judge = FrameJudge(frames)
        self._counters = counters
        self._quiet = (frames.quiet_ms or 0) / 1000
        self._burst = bytearray()
        self._overlong = 0
        self._first_at = opened_at
        self._last_at = opened_at
        self._silent_before = False

    def feed(self, data: bytes, at: float) -> list[Frame]:
        """Take bytes that arrived at `at` (seconds); a frame is only complete once silence followed."""
        if not self._burst:
            self._first_at = at
        room = max(0, self._judge.size - len(self._burst))
        self._burst += data[:room]
        self._overlong += len(data[room:])
        self._last_at = at
        return []

    def tick(self, until: float, /) -> list[Frame]:
        """Take note that nothing arrived since the last bytes, up to `until` (seconds)."""
        if until - self._last_at < self._quiet:
            return []
        frames = self._concluded() if self._burst else []
        self._burst.clear()
        self._overlong = 0
        self._silent_before = True
        return frames

    def _concluded(self) -> list[Frame]:
        verdict = self._judge.verdict(self._burst)
        if verdict is Verdict.GOOD and self._silent_before and not self._overlong:
            self._counters.good += 1
            return [Frame(self._judge.fields(self._burst), bytes(self._burst), self._first_at)]
        _count_bad(self._counters, verdict)
        self._counters.noise_bytes += len(self._burst) + self._overlong
        return []


def _count_bad(counters: Counters, verdict: Verdict) -> None:
    if verdict in {Verdict.BAD_LENGTH, Verdict.BAD_CHECKSUM, Verdict.BAD_TRAILER}:
        setattr(counters, verdict.value, getattr(counters, verdict.value) + 1)
