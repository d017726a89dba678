"""Bytes with their times, cut at silences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from device_drivers.evaluator.learning.samples import Chunk


@dataclass(frozen=True)
class Burst:
    """Bytes between two silences."""

    data: bytes
    begin: float
    end: float
    """When its first and its last bytes were read, in seconds."""


def bursts(chunks: Iterable[Chunk], silence: float) -> list[Burst]:
    """The chunks, joined where less than `silence` seconds lie between them."""
    found: list[Burst] = []
    for chunk in chunks:
        if not chunk.data:
            continue
        if found and chunk.at - found[-1].end < silence:
            last = found[-1]
            found[-1] = Burst(last.data + chunk.data, last.begin, chunk.at)
        else:
            found.append(Burst(chunk.data, chunk.at, chunk.at))
    return found


def joined(chunks: Sequence[Chunk]) -> bytes:
    """All bytes of some chunks."""
    return b"".join(chunk.data for chunk in chunks)


def places_of(part: bytes, whole: bytes) -> list[int]:
    """Where a string stands in another, also where it overlaps itself."""
    found = []
    place = whole.find(part)
    while place >= 0:
        found.append(place)
        place = whole.find(part, place + 1)
    return found
