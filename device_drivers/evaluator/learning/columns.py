"""The bytes of all presses below each other, and what each column tells."""

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import pairwise

from device_drivers.evaluator.learning.places import MAX_STRING, Reference
from device_drivers.evaluator.learning.recording import Recording

LONGEST_PAUSE_SECONDS = 0.1
"""No frame pauses for so long inside."""


CROWDED_SECONDS = 0.05
"""What comes closer to a frame is easily taken for a part of it."""


class Column(Enum):
    """What a byte of the frame depends on."""

    SAME = "same"
    """Nothing."""
    KEY = "key"
    """The key, and nothing else."""
    CHANGING = "changing"
    """Something else: a counter, or a checksum over one."""


@dataclass(frozen=True)
class Columns:
    """The columns around the reference, numbered from it; those that some press does not have are left out."""

    recording: Recording
    reference: Reference

    @cached_property
    def first(self) -> int:
        """The number of the first column."""
        gaps = self.recording.gaps
        column = 0
        while column > -MAX_STRING and all(gaps[place + column] < LONGEST_PAUSE_SECONDS for place in self.reference):
            column -= 1
        return column

    @cached_property
    def stop(self) -> int:
        """The number after the last column."""
        gaps = self.recording.gaps
        column = 1
        while column < MAX_STRING and all(gaps[place + column] < LONGEST_PAUSE_SECONDS for place in self.reference):
            column += 1
        return column

    @cached_property
    def values(self) -> dict[int, tuple[int, ...]]:
        """The byte of each press, by column."""
        data = self.recording.data
        return {
            column: tuple(data[place + column] for place in self.reference) for column in range(self.first, self.stop)
        }

    @cached_property
    def kinds(self) -> dict[int, Column]:
        """What each column tells."""
        kinds = {column: _kind(values, self.recording.levels) for column, values in self.values.items()}
        for column in self.values:
            upper = kinds[column] is Column.KEY and kinds.get(column + 1) is Column.CHANGING
            if upper and self._counts(column) and self._tells_keys(kinds, leaving_out=column):
                kinds[column] = Column.CHANGING
        return kinds

    def _counts(self, column: int) -> bool:
        """Whether this and the next column count up together, as the bytes of one number."""
        numbers = [256 * upper + lower for upper, lower in zip(*(self.values[column + n] for n in (0, 1)), strict=True)]
        return all(0 < after - before < 256 for before, after in pairwise(numbers))

    def pauses(self, column: int) -> tuple[float, ...]:
        """The silences before a column, of each press."""
        return tuple(self.recording.gaps[place + column] for place in self.reference)

    def crowded(self, start: int, stop: int) -> tuple[int, ...]:
        """The presses next to which something else stands without a silence between them."""
        pairs = zip(self.pauses(start), self.pauses(stop), strict=True)
        return tuple(number for number, pair in enumerate(pairs) if min(pair) < CROWDED_SECONDS)

    def frames(self, start: int, stop: int) -> tuple[bytes, ...]:
        """What stands from one column to before another, of each press."""
        return tuple(self.recording.data[place + start : place + stop] for place in self.reference)

    def tells_keys(self, start: int, stop: int) -> bool:
        """Whether these columns hold something else for each key."""
        return self._tells_keys({column: self.kinds[column] for column in range(start, stop)})

    def _tells_keys(self, kinds: dict[int, Column], leaving_out: int | None = None) -> bool:
        keys = [self.values[at] for at, kind in kinds.items() if kind is Column.KEY and at != leaving_out]
        by_level = dict(zip(self.recording.levels, zip(*keys, strict=True), strict=True)) if keys else {}
        return len(set(by_level.values())) == len(set(self.recording.levels))


def _kind(values: tuple[int, ...], levels: tuple[str, ...]) -> Column:
    if len(set(values)) == 1:
        return Column.SAME
    if len(set(zip(levels, values, strict=True))) == len(set(levels)):
        return Column.KEY
    return Column.CHANGING
