"""What learning tells the technician, and what it may cost in patience."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from device_drivers.evaluator.learning import Note, RefusalCode

PROOF = 4
"""The number of the asking by which the written file is proved."""


@dataclass(frozen=True)
class Ask:
    """The key of this level is to be pressed now: 1, 2, 3 to learn it, 4 to prove the file."""

    level: str
    press: int


@dataclass(frozen=True)
class HeardBytes:
    """Bytes came: a key's, a heartbeat's, another device's."""

    data: bytes


class TroubleKind(StrEnum):
    """What went wrong, for whoever words it in another language."""

    UNPLUGGED = "unplugged"
    """The port is not there or was lost."""
    UNANSWERED = "unanswered"
    GARBLED = "garbled"
    """Damaged bytes, or presses that have nothing in common: another line setting is tried."""
    NOISE = "noise"
    """Damaged bytes at a setting that has proved right."""
    OTHER_KEY = "other_key"
    """It sent what another key sent before."""
    ODD = "odd"
    """One press of a key differs from the two others."""
    UNCLEAR = "unclear"
    """A press does not fit the rest."""
    MISREAD = "misread"
    """In the proof it was read as another key."""
    UNREAD = "unread"
    """In the proof nothing was read."""


@dataclass(frozen=True)
class Trouble:
    """Something is not as it should be, and what to do; the same press is asked for again."""

    kind: TroubleKind
    text: str
    level: str | None = None
    """The key it is about."""


@dataclass(frozen=True)
class Result:
    """The protocol file is written and proved."""

    file: Path


Told: TypeAlias = Ask | HeardBytes | Trouble | Note | Result


class FailureCode(StrEnum):
    """Why it could not be learned, for whoever words it in another language; behind each the values that it has."""

    NO_KEY = "no_key"
    """None came, so many `times`."""
    NOT_ALIKE = "not_alike"
    """No three presses of `level` were the same."""
    NEVER_RIGHT = "never_right"
    """`level` never came as it should, so many `times`."""
    NOTHING_FITS = "nothing_fits"
    """So many `presses` were asked for."""
    NO_LINE = "no_line"
    """No usual line setting is the device's."""
    DAMAGED_LINE = "damaged_line"
    """What comes without a key is damaged at all of them."""
    NO_PORT = "no_port"
    UNPROVED = "unproved"
    """`level` was not read right by the new file."""
    UNWRITABLE = "unwritable"
    """The `directory` of the files."""


class LearningFailedError(RuntimeError):
    """It could not be learned; the message is one line that says why and what to do."""

    def __init__(self, text: str, code: FailureCode | RefusalCode | None = None, **values: str | int) -> None:
        super().__init__(text)
        self.code = code
        self.values = values


class NameRefusedError(LearningFailedError):
    """The file cannot have this name: nothing was learned yet, and another name helps."""


class LearningStoppedError(RuntimeError):
    """Somebody ended it."""


@dataclass(frozen=True)
class Patience:
    """In seconds, but for the numbers of tries."""

    answer: float = 60.0
    """For a person to press the key that is asked for."""
    plug: float = 120.0
    """For a person to plug the device in again."""
    start: float = 10.0
    """For the port to be there in the beginning; later it was there, so its name is right."""
    unanswered: int = 3
    """So many askings in a row may stay unanswered."""
    tries: int = 5
    """So often the same press is asked for."""
    askings: int = 150
    """So many in all, for all line settings together."""
