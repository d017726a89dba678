"""What a receiver at one speed hears of bytes sent at another: pure, a line's level bit by bit.

A pseudo-terminal carries bytes at whatever speed its ends have set, so the garbage of a wrong speed is worked out here.
"""

from collections.abc import Iterator

from device_drivers.serial_line import LineSettings


def heard_at(data: bytes, sent: LineSettings, heard: LineSettings, phase: float = 0.5) -> bytes:
    """The bytes that a receiver makes of it; `phase` is where in a bit it looks, 0 to 1."""
    return bytes(_received(_Line(data, sent), heard, phase))


class _Line:
    """The line's level over time, in seconds from the first start bit; idle is high."""

    def __init__(self, data: bytes, settings: LineSettings) -> None:
        self._bit = 1 / settings.baud
        self._levels = [level for byte in data for level in _levels(byte, settings)]

    @property
    def seconds(self) -> float:
        return len(self._levels) * self._bit

    def at(self, seconds: float) -> bool:
        index = int(seconds / self._bit)
        return self._levels[index] if 0 <= index < len(self._levels) else True

    def next_fall(self, seconds: float) -> float | None:
        """When the level next falls from high to low, at this time or later."""
        first = max(0, int(seconds / self._bit))
        for index in range(first, len(self._levels)):
            before = self._levels[index - 1] if index else True
            if before and not self._levels[index] and index * self._bit >= seconds - self._bit / 1000:
                return index * self._bit
        return None


def _levels(byte: int, settings: LineSettings) -> list[bool]:
    bits = [bool(byte >> index & 1) for index in range(settings.bytesize)]
    parity = {"N": [], "E": [sum(bits) % 2 == 1], "O": [sum(bits) % 2 == 0], "M": [True], "S": [False]}
    return [False, *bits, *parity[settings.parity], *[True] * round(settings.stopbits)]


def _received(line: _Line, settings: LineSettings, phase: float) -> Iterator[int]:
    bit = 1 / settings.baud
    now = 0.0
    while (start := line.next_fall(now)) is not None:
        if line.at(start + phase * bit):  # over before the receiver looked: no start bit
            now = start + phase * bit
            continue
        looks = [start + (index + phase) * bit for index in range(1, settings.bytesize + 1)]
        yield sum(line.at(look) << index for index, look in enumerate(looks))
        now = start + (settings.bytesize + 1 + (settings.parity != "N") + phase) * bit
