"""What learning is given, and what it gives."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from device_drivers.evaluator.learning.note import Note
from device_drivers.evaluator.protocol import LEVELS, EvaluatorProtocol


@dataclass(frozen=True)
class Chunk:
    """Bytes as they were read from the port in one go; where a chunk ends means nothing."""

    data: bytes
    at: float
    """CLOCK_BOOTTIME in seconds."""


@dataclass(frozen=True)
class AskedPress:
    """A key that the technician was asked to press, and all that was heard until the next asking."""

    level: str
    """The word on the key, one of `protocol.LEVELS`."""
    press: int
    """1, 2, 3: how often this key was asked for."""
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True)
class Learned:
    """A protocol that reads every press that was shown, and no more than those."""

    text: str
    """The protocol file (interfaces §3)."""
    notes: tuple[Note, ...]
    """What could not be inferred, and what the technician should know."""
    protocol: EvaluatorProtocol
    """The same, as read back from the text."""


class RefusalCode(StrEnum):
    """Why no file reads what was shown, for whoever words it in another language; most name `levels`."""

    MISSING = "missing"
    """These keys were not pressed."""
    ONCE = "once"
    """These were pressed only once."""
    SILENCE = "silence"
    """Nothing was heard at all."""
    SILENT_KEYS = "silent_keys"
    """Nothing was heard of these."""
    CHANGING = "changing"
    """These sent something else each time."""
    CROWDED = "crowded"
    """Another device spoke into the presses, and there is no known checksum."""
    ALIKE = "alike"
    """These send the same."""
    SIZES = "sizes"
    """The keys' frames have different sizes."""
    UNDESCRIBED = "undescribed"
    """No description of the frames reads them all."""


class CannotInferError(ValueError):
    """No protocol file reads what was shown; the text is one line that says why and what to do."""

    def __init__(self, text: str, code: RefusalCode, levels: Iterable[str] = ()) -> None:
        super().__init__(text)
        self.code = code
        wanted = set(levels)
        self.values: dict[str, str | int] = {}
        """As those of a note."""
        if wanted:
            self.values["levels"] = " ".join(level for level in LEVELS if level in wanted)
