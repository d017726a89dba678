"""Compares what the presses of a key brought, before anything is known of frames: pure.

It finds what a person should hear of at once: another key, a press that is unlike the two others, garbage. What it
does not find, the inference at the end does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from device_drivers.evaluator.learning.known import SILENCES, Known, fresh_bytes
from device_drivers.evaluator.learning.samples import Chunk
from device_drivers.evaluator.learning.stream import bursts, joined

_LONG_AFTER = 60.0
"""Seconds after which nothing that was heard is taken for the beginning of more."""

_ENOUGH = 3
_TWO = 2


@dataclass(frozen=True)
class Essence:
    """What a press brought, without the background and without its repeats."""

    data: bytes
    times: int
    """How often it came, one right after the other."""


def essence(background: Sequence[Chunk], chunks: Sequence[Chunk]) -> Essence:
    """What of these chunks is no known background."""
    fresh = fresh_bytes(Known.of(background, ()), chunks, chunks[-1].at + _LONG_AFTER)
    return _without_repeats(bytes(byte for byte, is_new in zip(joined(chunks), fresh, strict=True) if is_new))


def without(stale: Sequence[Chunk], chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks without messages that were heard as these before: repeats of another key's press."""
    known = {burst.data for silence in SILENCES for burst in bursts(stale, silence)}
    kept: list[Chunk] = []
    place = 0
    for burst in bursts(chunks, SILENCES[0]):
        size, taken = 0, []
        while size < len(burst.data):
            taken.append(chunks[place])
            size += len(chunks[place].data)
            place += 1
        kept += [] if burst.data in known else taken
    return kept


def _without_repeats(data: bytes) -> Essence:
    for size in range(1, len(data) // 2 + 1):
        if len(data) % size == 0 and data[:size] * (len(data) // size) == data:
            return Essence(data[:size], len(data) // size)
    return Essence(data, 1)


class Likeness(Enum):
    """What the presses of one key have in common."""

    ALIKE = "alike"
    ODD = "odd"
    """Not all are the same key's; another press will tell which."""
    NOTHING = "nothing"
    """Not a byte: this is no device's frame."""


@dataclass(frozen=True)
class Comparison:
    """The presses of one key, put next to each other."""

    likeness: Likeness
    chosen: tuple[int, ...] = ()
    """Where alike: the indexes of three that are the key's."""
    odd: tuple[int, ...] = ()
    """The indexes of those that are something else, or may be."""


def compare(presses: Sequence[bytes]) -> Comparison:
    """Compare three or more presses, in the order in which they came."""
    groups: dict[bytes, list[int]] = {}
    for index, data in enumerate(presses):
        groups.setdefault(data, []).append(index)
    most = max(groups, key=lambda data: len(groups[data]))
    same = groups[most]
    others = tuple(index for index in range(len(presses)) if index not in same)
    if len(same) == 1:
        return Comparison(Likeness.ALIKE if _share_something(presses) else Likeness.NOTHING, (0, 1, 2))
    if len(same) >= _ENOUGH:
        if len(groups) == _TWO and len(others) > 1 and _take_turns(presses):
            return Comparison(Likeness.ALIKE, (0, 1, 2))
        return Comparison(Likeness.ALIKE, tuple(same[:_ENOUGH]), others)
    like = [index for index in others if most in presses[index]]
    if like:
        return Comparison(Likeness.ALIKE, (*same, like[0]), tuple(index for index in others if index != like[0]))
    return Comparison(Likeness.ODD, odd=others)


def _take_turns(presses: Sequence[bytes]) -> bool:
    """A bit that is turned with each press."""
    return all(one != other for one, other in pairwise(presses))


def _share_something(presses: Sequence[bytes]) -> bool:
    """A byte at the same place of frames of one size; two bytes in a row where sizes differ."""
    if len({len(data) for data in presses}) == 1:
        return any(len(set(column)) == 1 for column in zip(*presses, strict=True))
    first, *others = sorted(presses, key=len)
    return any(all(first[at : at + 2] in data for data in others) for at in range(len(first) - 1))


def key_with(data: bytes, keys: Mapping[str, Iterable[bytes]]) -> str | None:
    """The key that sent exactly this before."""
    return next((level for level, presses in keys.items() if data in presses), None)
