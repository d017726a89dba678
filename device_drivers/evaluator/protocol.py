"""What is known of an evaluator's serial protocol once its file was read and checked (interfaces §3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from device_drivers.serial_line import LineSettings

LEVELS = ("very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied")
"""The five words printed on the keys (R1), best first."""

LENGTH, CHECKSUM, ADDRESS = "length", "checksum", "address"
"""The fields with a meaning of their own."""

MAX_STARS = 5

Layout = tuple[bytes | str, ...]
"""A frame from its first byte to its last: a literal byte, or the name of a field."""

Values = Mapping[str, bytes]
"""Fields' values, most significant byte first, as a protocol file writes them."""


@dataclass(frozen=True)
class ChecksumRule:
    """How the checksum is computed, and over which fields, in this order."""

    kind: str
    over: tuple[str, ...]


@dataclass(frozen=True)
class FrameRules:
    """What frames of both directions share."""

    sizes: Mapping[str, int]
    """Bytes of each field in frames of the device."""
    little: frozenset[str]
    """Fields whose least significant byte is sent first."""
    counted: tuple[str, ...]
    """The fields that the length field counts."""
    checksum: ChecksumRule | None
    """None where frames carry none."""


@dataclass(frozen=True)
class DeviceFrames:
    """Frames that the device sends: all of one layout and so of one size."""

    rules: FrameRules
    layout: Layout
    quiet_ms: int | None
    """Milliseconds of silence that a frame needs before and after it; None if it needs none."""
    begin: bytes = b""
    """What every key's frame begins with on the wire, where the first field is the same for all: what begins otherwise
    is another device's frame, and no damaged one of this."""

    @cached_property
    def size(self) -> int:
        """Bytes of a frame."""
        return sum(len(word) if isinstance(word, bytes) else self.rules.sizes[word] for word in self.layout)


@dataclass(frozen=True)
class HostCommand:
    """A frame that the host can send: the values of its fields, in which None stands for the number of stars."""

    values: Mapping[str, tuple[int | None, ...]]

    def filled(self, stars: int = 0) -> dict[str, bytes]:
        """The values for so many stars."""
        return {name: bytes(stars if byte is None else byte for byte in value) for name, value in self.values.items()}


@dataclass(frozen=True)
class HostFrames:
    """Frames that the host sends; None for what the device does not know."""

    layout: Layout = ()
    acknowledge: HostCommand | None = None
    invite: HostCommand | None = None
    thanks: HostCommand | None = None
    stars: HostCommand | None = None


@dataclass(frozen=True)
class EvaluatorProtocol:
    """One model's protocol."""

    name: str
    line: LineSettings
    frames: DeviceFrames
    buttons: Mapping[str, Values]
    """For each of LEVELS the field values that mean it; no frame can mean two."""
    host: HostFrames
    source: Path
    """The file that it was read from."""
    sha256: str
    """SHA-256 of that file's bytes in hex, as records name the protocol."""

    @property
    def has_address(self) -> bool:
        """Whether its frames tell apart several devices on one line."""
        return ADDRESS in self.frames.layout or ADDRESS in self.host.layout

    def level_of(self, fields: Values) -> str | None:
        """The level that a frame with these fields means; None for every other frame."""
        for level, wanted in self.buttons.items():
            if all(fields[name] == value for name, value in wanted.items()):
                return level
        return None
