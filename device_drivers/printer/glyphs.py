"""Draws a line of text as dots, in the cells of the printer's own font, for lines with a character that it lacks.

Scripts whose letters join (Uyghur) are shaped by Pillow's raqm. A line that mixes them with Chinese is put together
from runs, which is right for single words and not for nested directions.
"""

from dataclasses import dataclass
from itertools import groupby

from PIL import Image, ImageDraw, features

from device_drivers.printer.characters import is_native, is_wide, reads_from_right
from device_drivers.printer.fonts import can_draw, font_for
from device_drivers.printer.paper import COLUMN_DOTS, LINE_DOTS

_BASELINE = 0.80
_WIDE_BASELINE = 0.86
"""Where letters and Chinese characters stand, as parts of the line's height, so that what hangs below is on it."""

_LETTERS = 5 / 6
"""Height of the font of letters, as a part of the line's."""

_CAN_SHAPE = features.check("raqm")


@dataclass(frozen=True)
class _Run:
    """Characters that are drawn in cells, or letters that are shaped together."""

    text: str
    shaped: bool


def wide_size(size: int) -> int:
    """How many times larger a Chinese character is in a line of this size: printers know only single and double."""
    return min(size, 2)


def is_drawable(character: str) -> bool:
    """Whether it can be drawn rightly here."""
    return can_draw(character) and (_CAN_SHAPE or not reads_from_right(character))


def text_dots(text: str, size: int) -> int:
    """How wide the text is on paper, drawn or printed."""
    return sum(_run_dots(run, size) for run in _runs(text))


def draw_line(text: str, size: int, bold: bool) -> Image.Image:
    """One line as dots, black (0) on white, as high as the printer would print it and as wide as `text_dots`."""
    picture = Image.new("L", (max(1, text_dots(text, size)), LINE_DOTS * size), 255)
    runs = _runs(text)
    left = 0
    for run in reversed(runs) if reads_from_right(text) else runs:
        _draw_run(picture, run, left, size, bold)
        left += _run_dots(run, size)
    return picture.point(lambda value: 255 if value > 127 else 0).convert("1")


def _runs(text: str) -> list[_Run]:
    if reads_from_right(text) and not any(map(is_wide, text)):
        return [_Run(text, shaped=True)]
    shaped = [_is_shaped(character) for character in text]
    for place in range(1, len(text) - 1):  # the blank between two shaped words belongs to both
        if text[place] == " " and shaped[place - 1] and shaped[place + 1]:
            shaped[place] = True
    groups = groupby(zip(text, shaped, strict=True), key=lambda pair: pair[1])
    return [_Run("".join(character for character, _ in pairs), key) for key, pairs in groups]


def _is_shaped(character: str) -> bool:
    return not is_native(character) and not is_wide(character)


def _run_dots(run: _Run, size: int) -> int:
    if not run.shaped:
        return sum(_cell(character, size) for character in run.text)
    font = font_for(run.text, _letters(size))
    return round(font.getlength(run.text)) + 1 if font else sum(_run_dots(_Run(one, True), size) for one in run.text)


def _letters(size: int) -> int:
    return round(LINE_DOTS * size * _LETTERS)


def _cell(character: str, size: int) -> int:
    return 2 * COLUMN_DOTS * wide_size(size) if is_wide(character) else COLUMN_DOTS * size


def _draw_run(picture: Image.Image, run: _Run, left: int, size: int, bold: bool) -> None:
    if run.shaped and font_for(run.text, _letters(size)) is not None:
        _draw(picture, run.text, left, _letters(size), size, bold)
        return
    for character in run.text:
        _draw_cell(picture, character, left, size, bold)
        left += _run_dots(_Run(character, run.shaped), size)


def _draw_cell(picture: Image.Image, character: str, left: int, size: int, bold: bool) -> None:
    height = LINE_DOTS * wide_size(size) if is_wide(character) else _letters(size)
    font = font_for(character, height)
    if font is None:
        return
    cell = _cell(character, size)
    # The fonts' Latin letters are wider than a printer's: as large as fits.
    wanted = height if font.getlength(character) <= cell else int(height * cell / font.getlength(character))
    fitting = font_for(character, max(1, wanted)) or font
    middle = left + (cell - round(fitting.getlength(character))) // 2
    _draw(picture, character, middle, max(1, wanted), size, bold)


def _draw(picture: Image.Image, text: str, left: int, font_size: int, size: int, bold: bool) -> None:
    font = font_for(text, font_size)
    baseline = round(LINE_DOTS * size * (_WIDE_BASELINE if is_wide(text[0]) else _BASELINE))
    for shift in range(1 + bold):
        ImageDraw.Draw(picture).text((left + shift, baseline), text, font=font, fill=0, anchor="ls")
