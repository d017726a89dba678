"""Tells, while the technician presses, whether a press was heard and whether it is over.

Heartbeats and other devices go on all the time, so silence alone says nothing: what was heard before the first asking
is known, and only what differs from it is a press. What was heard of a heartbeat when an asking began, and what is
heard of one that is not finished, is known too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from device_drivers.evaluator.learning.samples import Chunk
from device_drivers.evaluator.learning.stream import Burst, bursts, joined, places_of

SETTLED_SECONDS = 1.2
"""So long nothing new is heard after a press: repeats less than 1 s apart are the same press (interfaces §3)."""

ENDLESS_SECONDS = 4.0
"""A device that repeats its press for longer will not stop without an acknowledgement."""

FRAGMENT_SECONDS = 0.5
"""So long the rest of a heartbeat may take to arrive."""

LISTEN_SECONDS = 3.0
LISTEN_LONGEST_SECONDS = 12.0
"""How long to listen before the first asking, at least and at most."""

_SILENCES = (0.02, 0.05, 0.1, 0.2)
"""Seconds of silence that may part two messages; which, depends on the device, so all are tried."""

_ALONE = 1
"""Known messages of up to so many bytes are known only where they stand alone: their byte may be a key elsewhere."""


class Heard(Enum):
    """What an asking has brought so far."""

    NOTHING_NEW = "nothing new"
    """Silence, heartbeats, other devices: go on waiting."""
    PRESSING = "pressing"
    """Something that was not heard before, and it may not be over."""
    WHOLE = "whole"
    """A press and all its repeats: the next may be asked for."""


def what_was_heard(
    background: Sequence[Chunk], chunks: Sequence[Chunk], now: float, before: Sequence[Chunk] = ()
) -> Heard:
    """What the chunks since the asking mean at `now` (seconds).

    `background` was heard before the first asking; `before` since the asking before this one, if that was for another
    key: a device that repeats until it is acknowledged may still repeat that one.
    """
    new = _new_bytes(_Known.of(background, before), chunks, now)
    if not new:
        return Heard.NOTHING_NEW
    if now - new[-1] >= SETTLED_SECONDS or now - new[0] >= ENDLESS_SECONDS:
        return Heard.WHOLE
    return Heard.PRESSING


def background_is_enough(background: Sequence[Chunk], began: float, now: float) -> bool:
    """Whether the first asking may come: what talks by itself was heard often enough to be known again."""
    if now - began < LISTEN_SECONDS:
        return False
    if now - began >= LISTEN_LONGEST_SECONDS or not background:
        return True
    sizes = [len(burst.data) for burst in bursts(background, _SILENCES[1])]
    return all(sizes.count(size) >= 3 for size in sizes)


@dataclass(frozen=True)
class _Message:
    """Bytes that come again and again; None where they change (a counter, its checksum)."""

    shape: tuple[int | None, ...]

    def stands_at(self, place: int, data: bytes) -> bool:
        """Whether it stands there, whole."""
        part = data[place : place + len(self.shape)]
        return len(part) == len(self.shape) and self._fits(part, self.shape)

    def begins_in(self, tail: bytes) -> bool:
        """Whether this is its beginning."""
        return len(tail) < len(self.shape) and self._fits(tail, self.shape[: len(tail)])

    def ends_in(self, head: bytes) -> bool:
        """Whether this is its end."""
        return len(head) < len(self.shape) and self._fits(head, self.shape[-len(head) :])

    @staticmethod
    def _fits(part: bytes, shape: tuple[int | None, ...]) -> bool:
        return all(wanted in {None, byte} for byte, wanted in zip(part, shape, strict=True))


@dataclass(frozen=True)
class _Known:
    messages: tuple[_Message, ...]
    alone: frozenset[bytes]

    @classmethod
    def of(cls, background: Sequence[Chunk], before: Sequence[Chunk]) -> "_Known":
        """What was heard without or before this asking."""
        talk = {burst.data for silence in _SILENCES for burst in bursts(background, silence)}
        stale = {burst.data for silence in _SILENCES for burst in bursts(before, silence)}
        shapes = {tuple[int | None, ...](data) for data in talk | stale if len(data) > _ALONE}
        shapes |= {shape for silence in _SILENCES for shape in _changing(bursts(background, silence))}
        longest_first = sorted(shapes, key=len, reverse=True)
        return cls(
            tuple(_Message(shape) for shape in longest_first),
            frozenset(data for data in talk | stale if len(data) <= _ALONE),
        )


def _changing(heard: list[Burst]) -> Iterable[tuple[int | None, ...]]:
    """The shapes of messages of one size and one beginning that are not always the same."""
    groups: dict[tuple[int, int], list[bytes]] = {}
    for burst in heard:
        groups.setdefault((len(burst.data), burst.data[0]), []).append(burst.data)
    for same in groups.values():
        columns = [set(column) for column in zip(*same, strict=True)]
        shape = tuple(column.pop() if len(column) == 1 else None for column in columns)
        if len(shape) > 2 and shape.count(None) <= len(shape) // 2 and None in shape:
            yield shape


def _new_bytes(known: _Known, chunks: Sequence[Chunk], now: float) -> list[float]:
    """When the bytes arrived that are part of nothing known."""
    data = joined(chunks)
    arrivals = [chunk.at for chunk in chunks for _ in chunk.data]
    fresh = [True] * len(data)
    for message in known.messages:
        for place in _places(message, data):
            fresh[place : place + len(message.shape)] = [False] * len(message.shape)
    _forgive_pieces(known, data, fresh, unfinished=bool(arrivals) and now - arrivals[-1] < FRAGMENT_SECONDS)
    place = 0
    for burst in bursts(chunks, _SILENCES[0]):
        if burst.data in known.alone:
            fresh[place : place + len(burst.data)] = [False] * len(burst.data)
        place += len(burst.data)
    return [at for at, is_new in zip(arrivals, fresh, strict=True) if is_new]


def _places(message: _Message, data: bytes) -> Iterable[int]:
    if None not in message.shape:
        return places_of(bytes(byte for byte in message.shape if byte is not None), data)
    return (place for place in range(len(data)) if message.stands_at(place, data))


def _forgive_pieces(known: _Known, data: bytes, fresh: list[bool], *, unfinished: bool) -> None:
    """A message that was cut by the asking, and one that is still arriving, are not new."""
    head = _length_of_run(fresh)
    if head and any(message.ends_in(data[:head]) for message in known.messages):
        fresh[:head] = [False] * head
    tail = _length_of_run(fresh[::-1])
    if unfinished and tail and any(message.begins_in(data[-tail:]) for message in known.messages):
        fresh[-tail:] = [False] * tail


def _length_of_run(flags: list[bool]) -> int:
    """How many stand at the beginning before the first that is not set."""
    return next((place for place, flag in enumerate(flags) if not flag), len(flags))
