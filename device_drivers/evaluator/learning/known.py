"""What talks on a line by itself, and which bytes of an asking are not part of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from device_drivers.evaluator.learning.samples import Chunk
from device_drivers.evaluator.learning.stream import Burst, bursts, joined, places_of

SILENCES = (0.02, 0.05, 0.1, 0.2)
"""Seconds of silence that may part two messages; which, depends on the device, so all are tried."""

SETTLED_SECONDS = 1.2
"""So long nothing new is heard after a press: repeats less than 1 s apart are the same press (interfaces §3)."""

FRAGMENT_SECONDS = 0.5
"""So long the rest of a heartbeat may take to arrive."""

_MOST_CHANGING = 6
"""A message changes in so many bytes at most; what changes more is several messages in one burst."""

_ALONE = 1
"""Known messages of up to so many bytes are known only where they stand alone: their byte may be a key elsewhere."""


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
class Known:
    """What was heard without a press: messages, and bytes that say something only where they stand alone."""

    messages: tuple[_Message, ...]
    alone: frozenset[bytes]

    @classmethod
    def of(cls, background: Sequence[Chunk], before: Sequence[Chunk]) -> "Known":
        """What was heard without or before this asking."""
        talk = {burst.data for silence in SILENCES for burst in bursts(background, silence)}
        stale = {burst.data for silence in SILENCES for burst in bursts(before, silence)}
        shapes = {tuple[int | None, ...](data) for data in talk | stale if len(data) > _ALONE}
        shapes |= {shape for silence in SILENCES[:2] for shape in _changing(bursts(background, silence))}
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
        if None in shape and len(shape) > 2 and shape.count(None) <= min(_MOST_CHANGING, len(shape) // 2):
            yield shape


def fresh_bytes(known: Known, chunks: Sequence[Chunk], now: float, *, cut: bool = True) -> list[bool]:
    """For each byte of the chunks, all that came up to `now` (seconds), whether it is part of nothing known.

    `cut` says that a message may have been on its way when the asking began.
    """
    data = joined(chunks)
    arrivals = [chunk.at for chunk in chunks for _ in chunk.data]
    fresh = [True] * len(data)
    for message in known.messages:
        for place in _places(message, data):
            fresh[place : place + len(message.shape)] = [False] * len(message.shape)
    place = 0
    for burst in bursts(chunks, SILENCES[0]):
        if burst.data in known.alone:
            fresh[place : place + len(burst.data)] = [False] * len(burst.data)
        place += len(burst.data)
    if cut:
        _forgive_end(known, data, fresh)
    if arrivals and now - arrivals[-1] < FRAGMENT_SECONDS:
        _forgive_beginning(known, data, fresh)
    return fresh


def _places(message: _Message, data: bytes) -> Iterable[int]:
    if None not in message.shape:
        return places_of(bytes(byte for byte in message.shape if byte is not None), data)
    return (place for place in range(len(data)) if message.stands_at(place, data))


def _forgive_end(known: Known, data: bytes, fresh: list[bool]) -> None:
    """The end of a message that was on its way when the asking began is not new. A single byte may well be a key."""
    head = _length_of_run(fresh)
    if head > _ALONE and any(message.ends_in(data[:head]) for message in known.messages):
        fresh[:head] = [False] * head


def _forgive_beginning(known: Known, data: bytes, fresh: list[bool]) -> None:
    """A message that is still arriving is not new."""
    tail = _length_of_run(fresh[::-1])
    if tail and any(message.begins_in(data[-tail:]) for message in known.messages):
        fresh[-tail:] = [False] * tail


def _length_of_run(flags: list[bool]) -> int:
    """How many stand at the beginning before the first that is not set."""
    return next((place for place, flag in enumerate(flags) if not flag), len(flags))
