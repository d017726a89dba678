"""Which line settings an unknown device may use, and which to try next: pure.

Many adapters do not report damaged bytes. Then a wrong speed shows itself in the bytes alone: those of a slower device
have no bit that stands alone, as each of its bits is heard several times; those of a faster one come out differently
each time. So the slower is found by counting, and the faster by listening at the fastest first.
"""

from collections.abc import Collection
from enum import Enum
from itertools import groupby

from device_drivers.serial_line import LineSettings

_SPEEDS = (9600, 19200, 38400, 57600, 115200, 4800, 2400, 1200)
USUAL_LINES = tuple(
    LineSettings(baud, bytesize, parity) for bytesize, parity in ((8, "N"), (8, "E"), (7, "E"), (8, "O"), (7, "O"))
    for baud in _SPEEDS
)  # fmt: skip
"""The most usual first."""

_MOST_BITS = 8
"""A byte shows no longer runs."""

_TOLERANCE = 1.3
"""What a run of bits tells of the speed is rounded, and no byte shows longer runs than it has bits."""

_ENOUGH_KINDS = 3
_ENOUGH_BYTES = 6
"""So many different bytes, or so many in all, without a lone bit are no chance; of all bytes one in eight has none."""


class WrongLine(Enum):
    """What speaks against a line setting."""

    DAMAGE = "damage"
    """The adapter reports damaged bytes."""
    SILENCE = "silence"
    DOUBTS = "doubts"
    """What came is unlike any device's frames."""


def words_of(line: LineSettings) -> str:
    """As technicians write it: 9600 8N1."""
    return f"{line.baud} {line.bytesize}{line.parity}{line.stopbits:g}"


def slower_by(messages: Collection[bytes], *, is_sure: bool = True) -> int:
    """How many times slower than the line the device seems to be, by what was heard; 1: no sign of it.

    `is_sure`: only where it can be no chance.
    """
    heard = b"".join(messages)
    if is_sure and len(set(heard)) < _ENOUGH_KINDS and len(heard) < _ENOUGH_BYTES:
        return 1
    return min((run for byte in set(heard) for run in _whole_runs(byte)), default=_MOST_BITS)


def _whole_runs(byte: int) -> list[int]:
    """How long the level stays, from the start bit on; the last run may go on in the stop bit and is left out."""
    levels = [0, *(byte >> index & 1 for index in range(8))]
    return [len(list(run)) for _, run in groupby(levels)][:-1]


class LineTrials:
    """Goes through the usual settings. One that was given up on doubts alone may be tried a second time."""

    def __init__(self, lines: tuple[LineSettings, ...] = USUAL_LINES) -> None:
        self._left = list(lines)
        self._doubted: list[LineSettings] = []
        self.current = self._left.pop(0)
        self.is_last_chance = False
        """The present setting was given up before: now doubts do not count."""

    def go_on_after(self, reason: WrongLine, times_slower: int = 1) -> bool:
        """Go on to the next setting; whether there is one. The device seems to be so many times slower."""
        given_up = self.current
        if reason is WrongLine.SILENCE:
            # Only bytes much too short for the present speed can pass unheard. But silence proves nothing.
            found = self._take(self._fastest())
            self._left[:0] = [given_up] if found else []
            return found
        if reason is WrongLine.DAMAGE:
            return self._take(self._next())
        if not self.is_last_chance:
            self._doubted.append(given_up)
        return self._take(self._slower(times_slower) if times_slower > 1 else self._fastest())

    def _next(self) -> LineSettings | None:
        return next(iter([*self._left, *self._doubted]), None)

    def _fastest(self) -> LineSettings | None:
        """The fastest of the kind that is next, if it is faster than the present; else simply the next."""
        following = self._next()
        kind = [line for line in self._left if _kind(line) == _kind(following)]
        best = max(kind, key=lambda line: line.baud, default=None)
        return best if best is not None and best.baud > self.current.baud else following

    def _slower(self, times: int) -> LineSettings | None:
        """The fastest of those that are slow enough, also one that was given up; else simply the next."""
        usual = [line for line in [*self._left, *self._doubted] if _kind(line) == _kind(self.current)]
        slow = [line for line in usual if line.baud <= self.current.baud / times * _TOLERANCE]
        return max(slow, key=lambda line: line.baud, default=self._next())

    def _take(self, line: LineSettings | None) -> bool:
        if line is None:
            return False
        self.is_last_chance = line in self._doubted
        (self._doubted if self.is_last_chance else self._left).remove(line)
        self.current = line
        return True


def _kind(line: LineSettings | None) -> tuple[int, str] | None:
    return (line.bytesize, line.parity) if line else None
