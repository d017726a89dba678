"""The static sign as a picture of an A4 sheet, to be printed and put up at a window (R20)."""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from kiosk_app.technician.chinese_font import ChineseFont
from kiosk_app.terminal.qr import MODULE_PIXELS, qr_png

DPI = 300
WIDTH_MM, HEIGHT_MM = 210.0, 297.0
MARGIN_MM = 16.0
QR_MM = 96.0
SHORTENED = "…"

PANEL, PANEL_TEXT, SOFT_PANEL_TEXT = "#0d2d57", "#ffffff", "#cfe0f8"
PAPER, INK, SOFT_INK, ACCENT, TINT = "#ffffff", "#0e1f38", "#384860", "#0a479f", "#e2ecfc"


@dataclass(frozen=True)
class Words:
    """A text in Chinese and in English."""

    chinese: str
    english: str


@dataclass(frozen=True)
class SignText:
    """What stands on the sign."""

    hall: str
    number: str
    window: Words
    department: str
    title: Words
    scan: Words
    url: str
    """What the QR code holds."""
    code: Words | None
    """How to rate by the code on a slip, and for how long; None where the hall has no codes."""
    voluntary: Words


def sign_picture(text: SignText, font: ChineseFont) -> Image.Image:
    """Draw it: A4 upright, at 300 dots an inch."""
    sheet = _Sheet(font)
    _plate(sheet, text)
    if text.code is None:
        _invitation(sheet, text, top=80)
    else:
        _invitation(sheet, text, top=61)
        _code(sheet, text.code)
    sheet.box((0, 270, WIDTH_MM, HEIGHT_MM), PANEL)
    sheet.centred(text.voluntary.chinese, 280, 9.2, PANEL_TEXT, bold=True)
    sheet.centred(text.voluntary.english, 289.5, 5, SOFT_PANEL_TEXT)
    return sheet.image


def save_picture(image: Image.Image, path: Path) -> None:
    """Write it as PDF or PNG, by the file's name; both know their size on paper. Raises `OSError`."""
    if path.suffix.lower() == ".pdf":
        image.save(path, "PDF", resolution=float(DPI), quality=95, title=path.stem)
    else:
        image.save(path, "PNG", dpi=(DPI, DPI))


class _Sheet:
    """A sheet of paper measured in millimetres."""

    def __init__(self, font: ChineseFont) -> None:
        self.image = Image.new("RGB", (pixels(WIDTH_MM), pixels(HEIGHT_MM)), PAPER)
        self._draw = ImageDraw.Draw(self.image)
        self._font = font

    def box(self, edges: tuple[float, float, float, float], colour: str, *, radius: float = 0) -> None:
        """A filled box: left, top, right, bottom."""
        left, top, right, bottom = map(pixels, edges)
        self._draw.rounded_rectangle((left, top, right - 1, bottom - 1), pixels(radius), fill=colour)

    def text(self, text: str, at: tuple[float, float], size: float, colour: str, *, bold: bool = False,
             anchor: str = "ls", room: float = WIDTH_MM - 2 * MARGIN_MM) -> float:  # fmt: skip
        """One line, made smaller, at last shortened, to fit the room; its width in millimetres."""
        font = self._font.sized(pixels(size), bold=bold)
        if font.getlength(text) > pixels(room):
            size = max(size * pixels(room) / font.getlength(text), size / 2)
            font = self._font.sized(pixels(size), bold=bold)
        while font.getlength(text) > pixels(room):
            text = text.removesuffix(SHORTENED)[:-1] + SHORTENED
        self._draw.text((pixels(at[0]), pixels(at[1])), text, colour, font, anchor)
        return font.getlength(text) * 25.4 / DPI

    def centred(self, text: str, middle: float, size: float, colour: str, *, bold: bool = False) -> None:
        """One line across the sheet; `middle` is the height of its own middle."""
        self.text(text, (WIDTH_MM / 2, middle), size, colour, bold=bold, anchor="mm")

    def paragraph(self, text: str, at: tuple[float, float], size: float, colour: str, room: float) -> float:
        """Lines of text; the height that they took, in millimetres."""
        font = self._font.sized(pixels(size))
        top = at[1]
        line = ""
        for piece in line_pieces(text):
            if line and font.getlength((line + piece).rstrip()) > pixels(room):
                self._draw.text((pixels(at[0]), pixels(top)), line.rstrip(), colour, font, "la")
                line, top = "", top + size * 1.4
            line += piece
        self._draw.text((pixels(at[0]), pixels(top)), line.rstrip(), colour, font, "la")
        return top + size * 1.4 - at[1]

    def qr(self, data: str, middle: tuple[float, float], largest: float) -> None:
        """A QR code with its quiet zone, each module a whole number of dots."""
        picture = Image.open(io.BytesIO(qr_png(data))).convert("1")
        modules = picture.width // MODULE_PIXELS
        side = modules * (pixels(largest) // modules)
        left, top = pixels(middle[0]) - side // 2, pixels(middle[1]) - side // 2
        self.image.paste(picture.resize((side, side), Image.Resampling.NEAREST), (left, top))


def _plate(sheet: _Sheet, text: SignText) -> None:
    """The hall, the window and its department, as above the window."""
    sheet.box((0, 0, WIDTH_MM, 60), PANEL)
    sheet.text(text.hall, (MARGIN_MM, 16), 8.5, SOFT_PANEL_TEXT)
    number = sheet.text(text.number, (MARGIN_MM - 1.5, 52), 39, PANEL_TEXT, bold=True, room=80)
    left = MARGIN_MM + number + 4
    sheet.text(text.window.chinese, (left, 38), 12, PANEL_TEXT, bold=True)
    sheet.text(text.window.english, (left, 52), 10, SOFT_PANEL_TEXT)
    sheet.text(
        text.department, (WIDTH_MM - MARGIN_MM, 52), 9, PANEL_TEXT, anchor="rs", room=WIDTH_MM - MARGIN_MM - left - 46
    )


def _invitation(sheet: _Sheet, text: SignText, top: float) -> None:
    """What this is for, and the QR code in a frame."""
    sheet.centred(text.title.chinese, top + 18, 25, INK, bold=True)
    sheet.centred(text.title.english, top + 37, 9.5, SOFT_INK)
    left, right = (WIDTH_MM - QR_MM) / 2 - 4, (WIDTH_MM + QR_MM) / 2 + 4
    frame = top + 46
    sheet.box((left, frame, right, frame + QR_MM + 22), ACCENT, radius=6)
    sheet.box((left + 2, frame + 2, right - 2, frame + QR_MM + 6), PAPER, radius=4)
    sheet.qr(text.url, (WIDTH_MM / 2, frame + 4 + QR_MM / 2), QR_MM)
    sheet.centred(text.scan.chinese, frame + QR_MM + 11.2, 7.6, PANEL_TEXT, bold=True)
    sheet.centred(text.scan.english, frame + QR_MM + 17.7, 4.4, SOFT_PANEL_TEXT)


def _code(sheet: _Sheet, code: Words) -> None:
    """The other way to rate."""
    sheet.box((MARGIN_MM, 230, WIDTH_MM - MARGIN_MM, 265), TINT, radius=4)
    left, room = MARGIN_MM + 6, WIDTH_MM - 2 * MARGIN_MM - 12
    top = 233 + sheet.paragraph(code.chinese, (left, 233), 5.6, INK, room)
    sheet.paragraph(code.english, (left, top + 0.8), 4, SOFT_INK, room)


def line_pieces(text: str) -> list[str]:
    """Where a line may break: after a blank, and after a Han character that no closing mark follows."""
    pieces: list[str] = []
    for character in text:
        joins = pieces and (
            character in "，。、；：？！”）" or pieces[-1][-1] in "“（" or _latin(pieces[-1][-1], character)
        )
        if joins:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _latin(before: str, after: str) -> bool:
    return ord(before) < 0x2E80 and ord(after) < 0x2E80 and before != " "


def pixels(millimetres: float) -> int:
    """Dots on the paper."""
    return round(millimetres * DPI / 25.4)
