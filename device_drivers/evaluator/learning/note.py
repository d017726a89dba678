"""What the technician should know of what was learned: a code and values for any language, and the words in English."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class NoteCode(StrEnum):
    """What a note is about, for whoever words it in another language; behind each the values that it has."""

    LISTENING = "listening"
    """The line is heard before the first asking: nothing is to be pressed."""
    RIVALS = "rivals"
    """Other checksums fit as well. `kind` is the one that was taken, `rivals` the others."""
    HOLES = "holes"
    """The checksum is over bytes that do not stand together."""
    UNKNOWN_CHECKSUM = "unknown_checksum"
    """No known checksum explains the bytes. `quiet` is the silence around a frame, in milliseconds."""
    NO_CHECKSUM = "no_checksum"
    """There is none. `quiet` as above."""
    COUNTER = "counter"
    """`bytes` are the numbers of the bytes that change whatever key is pressed."""
    CONSTANTS = "constants"
    """One of the bytes that are always the same may be the device's address."""
    MISSED = "missed"
    """Another device spoke into presses, one of each of the `levels`."""
    TALK = "talk"
    """The line speaks by itself, and without a checksum a press within `quiet` milliseconds of that is not read."""
    REPEATS = "repeats"
    """A press comes up to so many `times`, so many milliseconds `apart`: an acknowledgement may be awaited."""
    REPEATS_COUNT = "repeats_count"
    """Some of these repeats are presses of their own."""
    NO_KEY = "no_key"
    """So many (`count`) frames of the same form that mean no key."""
    NOISE = "noise"
    """So many (`count`) bytes of other frames, or of none."""


@dataclass(frozen=True)
class Note:
    """One thing to know."""

    code: NoteCode
    values: Mapping[str, str | int]
    """Numbers and names; `levels` are words of `protocol.LEVELS` with blanks between them."""
    text: str
    """The same in one line of English."""
