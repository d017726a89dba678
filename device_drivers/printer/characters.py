"""Which characters a printer can print by itself, and what is made of those that must not reach it: pure."""

import re
import unicodedata

MISSING = "□"
"""Stands for a character that neither the printer nor any font of this machine has."""

_REPLACED = {
    "\t": " ",
    "¥": "￥",  # a four-byte code, which a GBK printer shows as "0 6"
    "•": "·",
    "\u2010": "-",
    "\u2011": "-",
    "\u2212": "-",
}

_ENDS_OF_LINES = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")


def printable_lines(text: str) -> list[str]:
    """The text's own lines, without anything that steers a printer or has no shape: citizens' and platforms' data."""
    return ["".join(map(_printable, line)) for line in _ENDS_OF_LINES.split(text)]


def printable(text: str) -> str:
    """The same as one line."""
    return " ".join(printable_lines(text))


def is_native(character: str) -> bool:
    """Whether every Chinese printer has it: ASCII and GBK. GB18030's further two-byte codes (䶮, €) are not sure."""
    try:
        return len(character.encode("gbk")) <= 2
    except UnicodeEncodeError:
        return False


def is_wide(character: str) -> bool:
    """Whether it takes two columns: what the printer takes from its Chinese font, and what is drawn as large."""
    if character.isascii():
        return False
    return is_native(character) or unicodedata.east_asian_width(character) in {"W", "F"}


def reads_from_right(text: str) -> bool:
    """Whether the text's first letter belongs to a script that runs from right to left, as Uyghur does."""
    directions = (unicodedata.bidirectional(character) for character in text)
    return next((direction for direction in directions if direction in {"L", "R", "AL"}), "L") != "L"


def _printable(character: str) -> str:
    if character in _REPLACED:
        return _REPLACED[character]
    category = unicodedata.category(character)
    if category == "Zs" and character != "\u3000":
        return " "
    if category in {"Co", "Cn"}:
        return MISSING
    # Controls, marks of direction and joining, halves of characters; pictures' variants look the same in black.
    if category in {"Cc", "Cf", "Cs"} or "\ufe00" <= character <= "\ufe0f":
        return ""
    return character
