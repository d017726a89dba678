"""A slip as ESC/POS bytes: the printer's own text (GB18030) and QR codes, dots only for what its fonts lack.

Sizes: `GS !` sets ASCII, and on many printers Chinese too; `FS !` sets Chinese, at most doubled. Both are sent, `FS !`
last, with sizes on which they agree: a Chinese character is never more than doubled, whatever the line's size. So all
printers come to the same width, and a line that was wrapped here is not wrapped again there.
"""

from itertools import groupby
from typing import Final

import qrcode
from PIL import Image
from qrcode.exceptions import DataOverflowError
from qrcode.util import QRData

from device_drivers.printer.characters import (
    MISSING,
    is_native,
    is_wide,
    printable,
    printable_lines,
    reads_from_right,
)
from device_drivers.printer.glyphs import draw_line, is_drawable, text_dots, wide_size
from device_drivers.printer.paper import COLUMN_DOTS, LINE_DOTS, Paper
from device_drivers.printer.raster import raster
from device_drivers.printer.slip import Align, Columns, Element, Gap, Line, QrCode, Rule, Slip
from device_drivers.printer.wrapping import wrap

INITIALISE = bytes.fromhex("1B 40 1C 26")
"""Forget everything, then Chinese on: some printers have it off after `ESC @`."""

CUT = bytes.fromhex("1B 64 03 1D 56 42 00")
"""Feed and cut partially; the lines are for printers that do not feed to the cutter by themselves."""

_FEED = b"\x1bd"
_FEED_DOTS = b"\x1bJ"
_SIZE = b"\x1d!"
_CHINESE_SIZE = b"\x1c!"
_DOUBLED_CHINESE = 0x0C
_BOLD = b"\x1bE"
_ALIGN = b"\x1ba"
_ALIGNS = {Align.LEFT: 0, Align.CENTRE: 1, Align.RIGHT: 2}
_LARGEST_FEED = 255

_SPACE_UNDER_DOTS = 6
"""What a printer leaves free under its own lines."""

_QR = b"\x1d(k"
_BYTES: Final = 4
"""The mode that holds any data, and less of it than digits or capitals would need."""
_QR_QUIET_MODULES = 8
"""Four on each side must stay white."""
_QR_LARGEST_MODULE = 8
"""One millimetre."""
_QR_SMALLEST_MODULE = 3


class SlipError(ValueError):
    """The slip cannot be printed on this paper."""


def encode(slip: Slip, paper: Paper) -> bytes:
    """The whole slip, from `INITIALISE` to `CUT`. Raises SlipError if a QR code is too large for the paper."""
    return INITIALISE + b"".join(encode_pieces(slip, paper)) + CUT


def encode_pieces(slip: Slip, paper: Paper) -> list[bytes]:
    """What stands on the slip, for a printer that is initialised. Raises SlipError as `encode` does.

    In pieces of whole commands: a question between the bytes of a command would be taken for a part of it.
    """
    writer = _Writer(paper)
    for element in slip.elements:
        writer.add(element)
    return writer.pieces


class _Writer:
    """Appends bytes, and says only what the printer does not know yet."""

    def __init__(self, paper: Paper) -> None:
        self.pieces: list[bytes] = []
        self._paper = paper
        self._state: dict[bytes, int] = {_SIZE: 0, _CHINESE_SIZE: 0, _BOLD: 0, _ALIGN: 0}

    def add(self, element: Element) -> None:
        """Append one element of the slip."""
        match element:
            case Line():
                self._line(element)
            case Columns():
                self._columns(element)
            case QrCode():
                self._qr(element)
            case Rule():
                self._print(["-" * self._paper.columns], 1, False, Align.LEFT)
            case Gap():
                self._feed(element.lines)

    def _line(self, line: Line) -> None:
        for paragraph in printable_lines(line.text):
            text = _drawable(paragraph)
            align = Align.RIGHT if line.align is Align.LEFT and reads_from_right(text) else line.align
            size = self._whole_size(text, line.size) if line.whole else line.size
            self._print(self._wrapped(text, size), size, line.bold, align)

    def _whole_size(self, text: str, most: int) -> int:
        """The largest size up to `most` at which the text stands in one line; 1 where none does."""
        return next((size for size in range(most, 1, -1) if text_dots(text, size) <= self._paper.dots), 1)

    def _columns(self, columns: Columns) -> None:
        left, right = _drawable(printable(columns.left)), _drawable(printable(columns.right))
        free = self._paper.dots - text_dots(left, 1) - text_dots(right, 1)
        if free < COLUMN_DOTS:
            self._print(self._wrapped(left, 1), 1, columns.bold, Align.LEFT)
            self._print(self._wrapped(right, 1), 1, columns.bold, Align.RIGHT)
        elif _all_native(left + right):
            self._print([left + " " * (free // COLUMN_DOTS) + right], 1, columns.bold, Align.LEFT)
        else:
            picture = self._blank(1)
            picture.paste(draw_line(left, 1, columns.bold), (0, 0))
            picture.paste(draw_line(right, 1, columns.bold), (self._paper.dots - text_dots(right, 1), 0))
            self._picture(picture)

    def _wrapped(self, text: str, size: int) -> list[str]:
        return wrap(text, self._paper.dots, lambda part: text_dots(part, size))

    def _print(self, lines: list[str], size: int, bold: bool, align: Align) -> None:
        for line in lines:
            if _all_native(line):
                self._text(line, size, bold, align)
            else:
                self._drawn(line, size, bold, align)

    def _text(self, line: str, size: int, bold: bool, align: Align) -> None:
        data = self._changed(_ALIGN, _ALIGNS[align]) + self._changed(_BOLD, int(bold))
        for wide, characters in groupby(line, is_wide):
            data += self._changed_size(wide_size(size) if wide else size) + "".join(characters).encode("gbk")
        self.pieces.append(data + b"\n")

    def _changed_size(self, size: int) -> bytes:
        """Tell both sizes where one changes: on many printers the first command changes what the second says."""
        both = {_SIZE: (size - 1) * 0x11, _CHINESE_SIZE: _DOUBLED_CHINESE if size > 1 else 0}
        if not both.items() - self._state.items():
            return b""
        self._state |= both
        return b"".join(command + bytes([value]) for command, value in both.items())

    def _drawn(self, line: str, size: int, bold: bool, align: Align) -> None:
        """A line with a character that the printer lacks, as dots; where it stands is drawn too."""
        drawn = draw_line(line, size, bold)
        free = max(0, self._paper.dots - drawn.width)
        left = {Align.LEFT: 0, Align.CENTRE: free // 2, Align.RIGHT: free}[align]
        picture = self._blank(size)
        picture.paste(drawn, (left, 0))
        self._picture(picture.crop((0, 0, min(left + drawn.width, self._paper.dots), picture.height)))

    def _blank(self, size: int) -> Image.Image:
        return Image.new("1", (self._paper.dots, LINE_DOTS * size), 255)

    def _picture(self, picture: Image.Image) -> None:
        self.pieces.append(self._changed(_ALIGN, 0))
        for top in range(0, picture.height, LINE_DOTS):  # printers with small buffers lose longer pictures
            self.pieces.append(raster(picture.crop((0, top, picture.width, top + LINE_DOTS))))
        self.pieces.append(_FEED_DOTS + bytes([_SPACE_UNDER_DOTS]))

    def _qr(self, code: QrCode) -> None:
        data = printable(code.data).encode()
        module = _module_dots(data, self._paper)
        self.pieces.append(self._changed(_ALIGN, 1))
        self._feed(1)
        for function in (b"1A2\x00", b"1C" + bytes([module]), b"1E1", b"1P0" + data, b"1Q0"):
            self.pieces.append(_QR + len(function).to_bytes(2, "little") + function)
        self._feed(1)

    def _feed(self, lines: int) -> None:
        while lines > 0:
            self.pieces.append(_FEED + bytes([min(lines, _LARGEST_FEED)]))
            lines -= _LARGEST_FEED

    def _changed(self, command: bytes, value: int) -> bytes:
        if self._state[command] == value:
            return b""
        self._state[command] = value
        return command + bytes([value])


def _all_native(text: str) -> bool:
    return all(map(is_native, text))


def _drawable(text: str) -> str:
    return "".join(one if is_native(one) or is_drawable(one) else MISSING for one in text)


def _module_dots(data: bytes, paper: Paper) -> int:
    """How large a module of the code may be; printers choose the same version, the smallest that holds the data."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(QRData(data, mode=_BYTES))
    try:
        modules = 17 + 4 * code.best_fit(start=1)
    except (DataOverflowError, ValueError) as error:
        raise SlipError(f"{len(data)} bytes are too much for a QR code") from error
    module = min(_QR_LARGEST_MODULE, paper.dots // (modules + _QR_QUIET_MODULES))
    if module < _QR_SMALLEST_MODULE:
        raise SlipError(f"{len(data)} bytes are too much for a QR code that can be read on this paper")
    return module
