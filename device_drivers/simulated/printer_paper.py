"""What stands on one piece of paper: as text, and as a picture a person or a decoder can look at."""

from dataclasses import dataclass, field
from functools import cache

import qrcode
from PIL import Image, ImageDraw, ImageFont
from qrcode.util import QRData

CELL_DOTS = 12
LINE_DOTS = 24
_MARGIN_DOTS = 16
_FONTS = ("NotoSansCJK-Regular.ttc", "wqy-microhei.ttc", "DejaVuSans.ttf")


@dataclass(frozen=True)
class Glyph:
    """One character as it is printed."""

    text: str
    is_wide: bool
    width: int
    """Times its own width."""
    height: int
    """Times its own height."""
    bold: bool
    reverse: bool = False
    underlined: bool = False

    @property
    def dots(self) -> int:
        """Its width."""
        return CELL_DOTS * self.width * (2 if self.is_wide else 1)


@dataclass(frozen=True)
class TextLine:
    """Characters side by side; `align` is 0 left, 1 centred, 2 right."""

    glyphs: tuple[Glyph, ...]
    align: int
    pitch: int
    """From this line's top to the next one's, at least."""

    @property
    def text(self) -> str:
        """What can be read."""
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def dots(self) -> int:
        """Its width."""
        return sum(glyph.dots for glyph in self.glyphs)


@dataclass(frozen=True)
class Blank:
    """Paper fed, in dots."""

    dots: int


@dataclass(frozen=True)
class Dots:
    """A picture made of dots."""

    picture: Image.Image
    align: int


@dataclass(frozen=True)
class QrSymbol:
    """A QR code that the printer makes by itself."""

    data: bytes
    level: str
    module: int
    align: int


Mark = TextLine | Blank | Dots | QrSymbol


@dataclass
class Paper:
    """One piece of paper, top to bottom."""

    width: int
    marks: list[Mark] = field(default_factory=list)
    cut: str = ""
    """"full" or "partial"; empty while it still hangs in the printer."""

    @property
    def lines(self) -> list[str]:
        """The lines of text, without empty ones."""
        return [mark.text for mark in self.marks if isinstance(mark, TextLine) and mark.text.strip()]

    @property
    def text(self) -> str:
        """The lines of text one below the other."""
        return "\n".join(self.lines)

    @property
    def qr_codes(self) -> list[str]:
        """What the printer's own QR codes hold."""
        return [mark.data.decode() for mark in self.marks if isinstance(mark, QrSymbol)]

    @property
    def rasters(self) -> int:
        """How many pictures were printed."""
        return sum(isinstance(mark, Dots) for mark in self.marks)

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands on it."""
        return not (self.lines or self.qr_codes or self.rasters)

    def picture(self) -> Image.Image:
        """What it looks like, one pixel for each dot, with a white margin."""
        drawn = [(mark, _drawn(mark)) for mark in self.marks]
        height = sum(picture.height for _, picture in drawn)
        paper = Image.new("L", (self.width + 2 * _MARGIN_DOTS, height + 2 * _MARGIN_DOTS), 255)
        top = _MARGIN_DOTS
        for mark, picture in drawn:
            align = 0 if isinstance(mark, Blank) else mark.align
            paper.paste(picture, (_MARGIN_DOTS + (self.width - picture.width) * align // 2, top))
            top += picture.height
        return paper


def qr_modules(data: bytes, level: str) -> Image.Image:
    """The symbol, one pixel for each module, without the white around it."""
    code = qrcode.QRCode(error_correction=_LEVELS[level], border=0, box_size=1)
    code.add_data(QRData(data, mode=4))
    code.make(fit=True)
    rows = code.get_matrix()
    picture = Image.new("L", (len(rows), len(rows)), 255)
    picture.putdata([0 if module else 255 for row in rows for module in row])
    return picture


_LEVELS = {
    "L": qrcode.ERROR_CORRECT_L,
    "M": qrcode.ERROR_CORRECT_M,
    "Q": qrcode.ERROR_CORRECT_Q,
    "H": qrcode.ERROR_CORRECT_H,
}


def _drawn(mark: Mark) -> Image.Image:
    match mark:
        case TextLine():
            return _drawn_line(mark)
        case Blank():
            return Image.new("L", (1, mark.dots), 255)
        case Dots():
            return mark.picture
        case QrSymbol():
            modules = qr_modules(mark.data, mark.level)
            return modules.resize((modules.width * mark.module, modules.height * mark.module), Image.Resampling.NEAREST)


def _drawn_line(line: TextLine) -> Image.Image:
    tallest = max((glyph.height for glyph in line.glyphs), default=1) * LINE_DOTS
    picture = Image.new("L", (max(1, line.dots), max(tallest, line.pitch)), 255)
    left = 0
    for glyph in line.glyphs:
        picture.paste(_drawn_glyph(glyph), (left, tallest - LINE_DOTS * glyph.height))
        left += glyph.dots
    return picture


def _drawn_glyph(glyph: Glyph) -> Image.Image:
    cell = Image.new("L", (CELL_DOTS * (2 if glyph.is_wide else 1), LINE_DOTS), 255)
    font = _font(LINE_DOTS if glyph.is_wide else LINE_DOTS * 5 // 6)
    left = (cell.width - font.getlength(glyph.text)) / 2
    for shift in range(1 + glyph.bold):
        ImageDraw.Draw(cell).text((left + shift, LINE_DOTS * 0.84), glyph.text, font=font, fill=0, anchor="ls")
    if glyph.underlined:
        ImageDraw.Draw(cell).line((0, LINE_DOTS - 1, cell.width, LINE_DOTS - 1), fill=0)
    if glyph.reverse:
        cell = cell.point(lambda value: 255 - value)
    return cell.resize((cell.width * glyph.width, cell.height * glyph.height), Image.Resampling.NEAREST)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    raise OSError(f"none of the fonts {', '.join(_FONTS)} is installed")
