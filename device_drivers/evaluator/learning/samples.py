"""What learning is given, and what it gives."""

from dataclasses import dataclass

from device_drivers.evaluator.learning.note import Note
from device_drivers.evaluator.protocol import EvaluatorProtocol


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


class CannotInferError(ValueError):
    """No protocol file reads what was shown; the text is one line that says why and what to do."""
