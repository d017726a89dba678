"""What a printer can be, and what can become of a slip: the words that the driver tells and the journal keeps."""

from enum import StrEnum


class PrintState(StrEnum):
    """What became of a slip that was to be printed."""

    CONFIRMED = "confirmed"
    """The printer says that it is done."""
    UNCONFIRMED = "unconfirmed"
    """It was sent, and nobody can say whether paper came out."""
    FAILED = "failed"
    """It was not printed."""


class Condition(StrEnum):
    """How the printer is."""

    READY = "ready"
    NEAR_END = "near_end"
    """The paper is nearly used up."""
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER_ERROR = "cutter_error"
    ERROR = "error"
    OFFLINE = "offline"
    DISCONNECTED = "disconnected"
    UNKNOWN = "unknown"
    """It is connected, but answers no status command."""

    @property
    def can_print(self) -> bool:
        """Whether a slip can be sent now."""
        return self in (Condition.READY, Condition.NEAR_END, Condition.UNKNOWN)
