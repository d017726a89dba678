"""What a simulated evaluator does besides sending one frame a press, and what comes when."""

import heapq
from dataclasses import dataclass
from itertools import count

LED_STRIP = bytes.fromhex("A0 90 81 01 02 A5 AA")
"""A window's screen on the same line, as a real queue system's host drives it."""


@dataclass
class Habits:
    """Turned on and off at any time."""

    silent: bool = False
    """The device neither sends nor hears."""
    echo: bool = False
    """The line gives back what the host sends."""
    repeat_until_acknowledged: bool = False
    times: int = 1
    """How often a press is sent, also without being asked to."""
    key_up: bool = False
    """When the key is let go, a frame that means no level follows."""
    counter: str | None = None
    """A field of the frame that counts the presses."""
    piece_seconds: float = 0.0
    """The pause between two bytes of a press; 0: none."""
    own_speed_only: bool = False
    """Heard at any other speed than the protocol's, it is garbage."""


@dataclass(frozen=True)
class Routine:
    """What is sent over and over: heartbeats, other devices."""

    frames: tuple[bytes, ...]
    """One after the other, then again from the first."""
    seconds: float


class Schedule:
    """What is to be sent, and when; times are seconds of one clock."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, bytes]] = []
        self._routines: dict[int, tuple[Routine, float, int]] = {}
        self._numbers = count()

    def once(self, at: float, data: bytes) -> None:
        """Send it at this time."""
        heapq.heappush(self._due, (at, next(self._numbers), data))

    def again(self, routine: Routine, now: float) -> None:
        """Send it now and every so often."""
        self._routines[next(self._numbers)] = (routine, now, 0)

    def forget_routines(self) -> None:
        """Send nothing over and over any more."""
        self._routines.clear()

    def forget(self) -> None:
        """Send nothing more of what was to come once."""
        self._due.clear()

    def take(self, now: float) -> list[bytes]:
        """What is due, in the order of its times."""
        for number, (routine, at, turn) in self._routines.items():
            if at <= now and not self._due:  # no device begins a frame within another
                self.once(at, routine.frames[turn % len(routine.frames)])
                # A device that was held up does not catch up.
                self._routines[number] = (routine, max(at + routine.seconds, now), turn + 1)
        taken = []
        while self._due and self._due[0][0] <= now:
            taken.append(heapq.heappop(self._due)[2])
        return taken

    def wait(self, now: float, most: float) -> float:
        """How long nothing is due, at most so many seconds."""
        times = [self._due[0][0]] if self._due else [at for _, at, _ in self._routines.values()]
        return min([most, *(max(0.0, at - now) for at in times)])
