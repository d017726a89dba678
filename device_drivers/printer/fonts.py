"""The system's fonts, for characters that the printer lacks."""

from collections.abc import Iterable
from functools import cache

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

_FILES = (
    ("NotoSansCJK-Regular.ttc", 2),  # 2: the simplified Chinese shapes
    ("NotoSansCJKsc-Regular.otf", 0),
    ("SourceHanSansCN-Regular.otf", 0),
    ("wqy-microhei.ttc", 0),
    ("wqy-zenhei.ttc", 0),
    ("UKIJTuT.ttf", 0),
    ("NotoSansArabic-Regular.ttf", 0),
    ("NotoNaskhArabic-Regular.ttf", 0),
    ("DejaVuSans.ttf", 0),
    ("NotoSansTibetan-Regular.ttf", 0),
    ("NotoSerifTibetan-Regular.ttf", 0),
    ("NotoSansMongolian-Regular.ttf", 0),
    ("NotoEmoji-Regular.ttf", 0),
    ("Symbola.ttf", 0),
)
"""Names of files in the system's font folders, the first that has a character draws it."""

_NOWHERE = "\U0010ffff"
"""A character that no font has: shows how a font draws what it lacks."""


@cache
def font_for(text: str, size: int) -> FreeTypeFont | None:
    """The first font that has every character of the text, `size` dots high; None if there is none."""
    return next((font for font in _fonts(size) if _has_all(font, text)), None)


@cache
def can_draw(character: str) -> bool:
    """Whether any font has it."""
    return font_for(character, 24) is not None


@cache
def _fonts(size: int) -> tuple[FreeTypeFont, ...]:
    return tuple(_found(size))


def _found(size: int) -> Iterable[FreeTypeFont]:
    for name, index in _FILES:
        try:
            yield ImageFont.truetype(name, size, index)
        except OSError:  # the system does not have it
            continue


def _has_all(font: FreeTypeFont, text: str) -> bool:
    lacking = bytes(font.getmask(_NOWHERE))
    return all(character == " " or bytes(font.getmask(character)) != lacking for character in text)
