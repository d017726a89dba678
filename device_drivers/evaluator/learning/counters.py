"""Running counters: a byte that counts up, and the zero before it that will be its upper byte one day."""

from itertools import pairwise

from device_drivers.evaluator.learning.candidates import Candidate
from device_drivers.evaluator.learning.columns import Column

_LARGEST_STEP = 64


def counting(candidate: Candidate) -> list[int]:
    """Columns that change whatever key is pressed, and are no checksum."""
    places = candidate.rule.places if candidate.rule else range(0)
    return [
        column
        for column in range(candidate.extent.start, candidate.extent.stop)
        if candidate.columns.kinds[column] is Column.CHANGING and column not in places
    ]


def upper_bytes(candidate: Candidate) -> set[int]:
    """Zeros directly before a byte that counts up."""
    found = set()
    changing = counting(candidate)
    for column in changing:
        before = column - 1
        if before in changing or not _rises(candidate.columns.values[column]):
            continue
        while before > candidate.extent.start and set(candidate.columns.values[before]) == {0}:
            found.add(before)
            before -= 1
    return found


def _rises(values: tuple[int, ...]) -> bool:
    """Whether it goes up from press to press in small steps, perhaps over its end."""
    return all(0 < (after - before) % 256 < _LARGEST_STEP for before, after in pairwise(values))
