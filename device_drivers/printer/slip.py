"""A slip as a value: what is to stand on the paper, before any printer's bytes."""

from dataclasses import dataclass
from enum import StrEnum


class Align(StrEnum):
    """Where a line stands."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True)
class Line:
    """Text of one size; wrapped where the paper ends, at words and between Han characters."""

    text: str
    size: int = 1
    """Multiple of the printer's own character size, 1 to 4."""
    bold: bool = False
    align: Align = Align.LEFT
    whole: bool = False
    """Never broken while a smaller size fits it in one line, such as a code that is read aloud or typed."""


@dataclass(frozen=True)
class Columns:
    """A label at the left edge and its value at the right one; the value goes to a line of its own where both do not
    fit."""

    left: str
    right: str
    bold: bool = False


@dataclass(frozen=True)
class QrCode:
    """A QR code, centred."""

    data: str


@dataclass(frozen=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True)
class Gap:
    """Empty lines."""

    lines: int = 1


Element = Line | Columns | QrCode | Rule | Gap


@dataclass(frozen=True)
class Slip:
    """Everything on one piece of paper, top to bottom; it is fed and cut after the last element."""

    elements: tuple[Element, ...]
