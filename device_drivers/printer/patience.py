"""How long the driver waits for a printer, and for the person who looks after it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """All in seconds."""

    answer: float = 10.0
    """For the printer to take the next bytes of a slip, or to say that it is done."""
    person: float = 20.0
    """For a person to put in paper, or to close the cover; once for each slip."""
    late: float = 6.0
    """For the answer to any question; a printer that is silent for longer is taken for mute."""
