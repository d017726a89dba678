"""Breaks text into lines that fit the paper: pure, with the widths told by whoever knows them."""

from collections.abc import Callable, Iterator

from device_drivers.printer.characters import is_wide

_NEVER_FIRST = set("，。、；：？！）》〉」』】〕”’…—％·,.;:?!)]}%")
"""What must not begin a line."""

_NEVER_LAST = set("（《〈「『【〔“‘￥([{$#")
"""What must not end a line."""


def wrap(text: str, limit: int, width: Callable[[str], int]) -> list[str]:
    """The lines of one paragraph, none wider than `limit`, broken at blanks and around Chinese characters.

    Blanks at a break are dropped. A character that is wider than the paper stands alone; an empty text is one line.
    """
    lines = [""]
    for unit in _units(text):
        if width((lines[-1] + unit).rstrip()) <= limit:
            lines[-1] += unit
        elif width(unit.rstrip()) <= limit:
            lines.append(unit)
        else:
            _add_in_pieces(lines, unit, limit, width)
    wrapped = [line.rstrip() for line in lines]
    return wrapped if wrapped[0] or len(wrapped) == 1 else wrapped[1:]


def _add_in_pieces(lines: list[str], unit: str, limit: int, width: Callable[[str], int]) -> None:
    for character in unit:
        if width((lines[-1] + character).rstrip()) > limit:
            lines.append("")
        lines[-1] += character


def _units(text: str) -> Iterator[str]:
    """What is not torn apart: a word with the blanks behind it, a Chinese character with its punctuation."""
    start = 0
    for place in range(1, len(text)):
        if _may_break(text[place - 1], text[place]):
            yield text[start:place]
            start = place
    if text:
        yield text[start:]


def _may_break(before: str, after: str) -> bool:
    if after == " ":
        return False
    if before == " ":
        return True
    return (is_wide(before) or is_wide(after)) and before not in _NEVER_LAST and after not in _NEVER_FIRST
