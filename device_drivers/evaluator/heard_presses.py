"""Compares what the presses of a key brought, before anything is known of frames: pure.

It finds what a person should hear of at once: another key, a press that is unlike the two others, garbage. What it
does not find, the inference at the end does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from device_drivers.evaluator.learning.samples import Chunk
from device_drivers.evaluator.learning.stream import bursts, joined

_SILENCES = (0.02, 0.05, 0.2)
"""Seconds that may part two messages of the background."""


@dataclass(frozen=True)
class Essence:
    """What a press brought, without the background and without its repeats."""

    data: bytes
    times: int
    """How often it came, one right after the other."""


def essence(background: Sequence[Chunk], chunks: Sequence[Chunk]) -> Essence:
    """What of these chunks is no known background."""
    known = {burst.data for silence in _SILENCES for burst in bursts(background, silence) if len(burst.data) > 1}
    lone = {burst.data for burst in bursts(background, _SILENCES[0]) if len(burst.data) == 1}
    data = joined([Chunk(burst.data, burst.begin) for burst in bursts(chunks, _SILENCES[0]) if burst.data not in lone])
    for message in sorted(known, key=len, reverse=True):
        data = data.replace(message, b"")
    return _without_repeats(data)


def without(stale: Sequence[Chunk], chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks without messages that were heard as these before: repeats of another key's press."""
    known = {burst.data for silence in _SILENCES for burst in bursts(stale, silence)}
    kept: list[Chunk] = []
    place = 0
    for burst in bursts(chunks, _SILENCES[0]):
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
    """What three presses of one key have in common."""

    ALIKE = "alike"
    NOTHING = "nothing"
    """Not a byte: this is no device's frame."""
    ONE_IS_ODD = "one is odd"
    """Two are the same, the third is another."""


def likeness(presses: Sequence[bytes]) -> tuple[Likeness, int]:
    """What three presses have in common; with the number, 1 to 3, of the one that is odd."""
    pairs = ((0, 1, 2), (0, 2, 1), (1, 2, 0))
    for one, other, third in pairs:
        if presses[one] == presses[other]:
            is_like = presses[third] == presses[one] or presses[one] in presses[third]
            return (Likeness.ALIKE, 0) if is_like else (Likeness.ONE_IS_ODD, third + 1)
    return (Likeness.ALIKE if _share_something(presses) else Likeness.NOTHING), 0


def _share_something(presses: Sequence[bytes]) -> bool:
    """A byte at the same place of frames of one size; two bytes in a row where sizes differ."""
    if len({len(data) for data in presses}) == 1:
        return any(len(set(column)) == 1 for column in zip(*presses, strict=True))
    first, *others = sorted(presses, key=len)
    return any(all(first[at : at + 2] in data for data in others) for at in range(len(first) - 1))


def key_with(data: bytes, keys: Mapping[str, Iterable[bytes]]) -> str | None:
    """The key that sent exactly this before."""
    return next((level for level, presses in keys.items() if data in presses), None)
