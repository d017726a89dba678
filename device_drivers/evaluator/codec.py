"""One frame to bytes, and the bytes of one frame back: pure, no port and no clock.

A frame has a fixed size and must be right in every byte that is not free: literals, length, checksum, and fields that
stand twice. A length that differs is wrong at once (interfaces §3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from device_drivers.evaluator.checksums import CHECKSUMS
from device_drivers.evaluator.protocol import (
    ADDRESS,
    CHECKSUM,
    LENGTH,
    DeviceFrames,
    EvaluatorProtocol,
    FrameRules,
    HostCommand,
    Layout,
    Values,
)


@dataclass(frozen=True)
class Frame:
    """A good frame."""

    fields: Values
    raw: bytes
    at: float
    """When its first byte arrived, in seconds."""


def encode(rules: FrameRules, layout: Layout, values: Values) -> bytes:
    """The frame with these field values; length and checksum are computed unless they are given.

    A field is as long as its value: in a host's frame "" takes no byte, and the length counts what is really there.
    """
    to_compute = {name: bytes(rules.sizes[name]) for name in (LENGTH, CHECKSUM) if name in layout}
    complete = to_compute | dict(values)
    if LENGTH in layout and LENGTH not in values:
        counted = sum(len(complete[name]) for name in rules.counted if name in layout)
        complete[LENGTH] = counted.to_bytes(rules.sizes[LENGTH], "big")
    if CHECKSUM in layout and CHECKSUM not in values:
        complete[CHECKSUM] = _checksum(rules, layout, complete)
    return b"".join(word if isinstance(word, bytes) else _on_wire(rules, word, complete[word]) for word in layout)


def encode_command(protocol: EvaluatorProtocol, command: HostCommand, address: int | None, stars: int = 0) -> bytes:
    """A frame from the host to the device of this address."""
    values = with_address(protocol, address) | command.filled(stars)
    return encode(protocol.frames.rules, protocol.host.layout, values)


def with_address(protocol: EvaluatorProtocol, address: int | None) -> dict[str, bytes]:
    """The value of the address field, where the protocol has one."""
    if not protocol.has_address:
        return {}
    size = protocol.frames.rules.sizes[ADDRESS]
    if address is None or not 0 <= address < 256**size:
        raise ValueError(f'protocol "{protocol.name}" needs an address from 0 to {256**size - 1}, not {address}')
    return {ADDRESS: address.to_bytes(size, "big")}


def _on_wire(rules: FrameRules, name: str, value: bytes) -> bytes:
    """A value in its field's byte order; the same turn leads back."""
    return value[::-1] if name in rules.little else value


def _checksum(rules: FrameRules, layout: Layout, values: Values) -> bytes:
    if rules.checksum is None:
        raise ValueError("the protocol has no checksum")
    kind = CHECKSUMS[rules.checksum.kind]
    covered = b"".join(_on_wire(rules, name, values[name]) for name in rules.checksum.over if name in layout)
    return kind.compute(covered).to_bytes(kind.size, "big")


class Verdict(Enum):
    """What bytes turned out to be, seen from the first of them."""

    GOOD = "good"
    UNDECIDED = "undecided"
    NOISE = "noise"
    BAD_LENGTH = "bad_length"
    BAD_CHECKSUM = "bad_checksum"
    BAD_TRAILER = "bad_trailer"


@dataclass(frozen=True)
class _Demand:
    """Bytes of a frame that are not free."""

    start: int
    end: int
    expected: bytes | None
    """None: the same as at `twin`."""
    twin: int
    otherwise: Verdict

    def met(self, window: bytes | bytearray) -> bool:
        twin = window[self.twin : self.twin + self.end - self.start]
        return window[self.start : self.end] == (twin if self.expected is None else self.expected)


class FrameJudge:
    """Tells whether bytes are, or can still become, a frame of a device."""

    def __init__(self, frames: DeviceFrames) -> None:
        """Work out once where each field stands and which bytes are not free."""
        self.size = frames.size
        self._frames = frames
        self._places: dict[str, slice] = {}
        self._demands = tuple(self._work_out())

    @property
    def first_byte(self) -> bytes:
        """What every frame begins with; empty if that is free."""
        word = self._frames.layout[0]
        return word if isinstance(word, bytes) else b""

    def verdict(self, window: bytes | bytearray) -> Verdict:
        """Judge the bytes at hand: as soon as they contradict the layout, at the latest when all are there."""
        for demand in self._demands:
            if demand.end > len(window):
                return Verdict.UNDECIDED
            if not demand.met(window):
                return self._unless_foreign(demand.otherwise, window)
        if len(window) < self.size:
            return Verdict.UNDECIDED
        return self._unless_foreign(self._verdict_of_checksum(self.fields(window)), window)

    def _unless_foreign(self, verdict: Verdict, window: bytes | bytearray) -> Verdict:
        """What does not even begin as the keys' frames do is no damaged frame of this device."""
        return verdict if verdict is Verdict.GOOD or window.startswith(self._frames.begin) else Verdict.NOISE

    def fields(self, window: bytes | bytearray) -> Mapping[str, bytes]:
        """The values in a window of a frame's size, most significant byte first."""
        rules = self._frames.rules
        return {name: _on_wire(rules, name, bytes(window[place])) for name, place in self._places.items()}

    def _verdict_of_checksum(self, fields: Values) -> Verdict:
        if CHECKSUM in fields and fields[CHECKSUM] != _checksum(self._frames.rules, self._frames.layout, fields):
            return Verdict.BAD_CHECKSUM
        return Verdict.GOOD

    def _work_out(self) -> list[_Demand]:
        """The demands in the order of their places; notes every field's place on the way."""
        demands = []
        last_field = max(index for index, word in enumerate(self._frames.layout) if isinstance(word, str))
        start = 0
        for index, word in enumerate(self._frames.layout):
            end = start + (len(word) if isinstance(word, bytes) else self._frames.rules.sizes[word])
            demand = self._demand(word, slice(start, end), in_trailer=index > last_field)
            demands += [demand] if demand else []
            start = end
        return demands

    def _demand(self, word: bytes | str, place: slice, *, in_trailer: bool) -> _Demand | None:
        if isinstance(word, bytes):
            otherwise = Verdict.BAD_TRAILER if in_trailer else Verdict.NOISE
            return _Demand(place.start, place.stop, word, 0, otherwise)
        first = self._places.setdefault(word, place)
        if word == LENGTH:
            return _Demand(place.start, place.stop, self._length(), 0, Verdict.BAD_LENGTH)
        if first is not place:
            return _Demand(place.start, place.stop, None, first.start, Verdict.NOISE)
        return None

    def _length(self) -> bytes:
        rules = self._frames.rules
        counted = sum(rules.sizes[name] for name in rules.counted if name in self._frames.layout)
        return _on_wire(rules, LENGTH, counted.to_bytes(rules.sizes[LENGTH], "big"))
