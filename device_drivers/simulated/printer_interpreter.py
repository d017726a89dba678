"""Prints ESC/POS commands on paper that can be read and looked at; tells what a real printer would garble. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from device_drivers.simulated.printer_commands import TEXT, UNKNOWN, Command
from device_drivers.simulated.printer_paper import LINE_DOTS, Blank, Dots, Glyph, Paper, QrSymbol, TextLine, qr_modules

PITCH_DOTS = 30
CUTTER_DOTS = 90
"""From the head to the cutter."""

_REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")
_LEVELS = {0x30: "L", 0x31: "M", 0x32: "Q", 0x33: "H"}


@dataclass
class _Style:
    chinese: bool = False
    width: int = 1
    height: int = 1
    chinese_width: int = 1
    chinese_height: int = 1
    bold: bool = False
    underlined: bool = False
    reverse: bool = False
    align: int = 0
    pitch: int = PITCH_DOTS


@dataclass
class _Symbol:
    module: int = 3
    level: str = "L"
    data: bytes = b""


class Interpreter:
    """Executes what is printed; what is answered, its owner does."""

    def __init__(self, width: int, chinese_at_start: bool = False) -> None:
        self.papers: list[Paper] = []
        self.violations: list[str] = []
        self.printed_lines = 0
        self._width = width
        self._chinese_at_start = chinese_at_start
        self._paper = Paper(width)
        self._line: list[Glyph] = []
        self._style = _Style(chinese=chinese_at_start)
        self._symbol = _Symbol()
        self._actions: dict[str, Callable[[Command], None]] = {
            TEXT: self._text,
            UNKNOWN: self._unknown,
            "nothing": lambda _: None,
            "line feed": lambda _: self._end_line(),
            "carriage return": lambda _: None,
            "initialise": lambda _: self.initialise(),
            "print mode": self._print_mode,
            "underline": lambda command: self._set(underlined=bool(command.arguments[0])),
            "line spacing": lambda command: self._set(pitch=(command.arguments or bytes([PITCH_DOTS]))[0]),
            "bold": lambda command: self._set(bold=bool(command.arguments[0] & 1)),
            "feed dots": self._feed_dots,
            "font": lambda _: None,
            "align": self._align,
            "feed lines": self._feed_lines,
            "code page": lambda _: None,
            "chinese on": lambda _: self._set(chinese=True),
            "chinese off": lambda _: self._set(chinese=False),
            "chinese mode": self._chinese_mode,
            "chinese spacing": lambda _: None,
            "chinese quadruple": self._chinese_quadruple,
            "size": self._size,
            "reverse": lambda command: self._set(reverse=bool(command.arguments[0])),
            "left margin": lambda _: None,
            "print width": lambda _: None,
            "raster": self._raster,
            "symbol": self._symbol_command,
            "cut": self._cut,
        }

    @property
    def chinese(self) -> bool:
        """Whether two high bytes are one character."""
        return self._style.chinese

    @property
    def hanging(self) -> Paper:
        """The paper that is not cut off yet."""
        return self._paper

    def execute(self, command: Command) -> None:
        """Print one command. One that only an answer belongs to is a violation here."""
        self._actions.get(command.name, self._unknown)(command)

    def initialise(self) -> None:
        """Forget the line that is not printed yet, and all settings."""
        self._line = []
        self._style = _Style(chinese=self._chinese_at_start)
        self._symbol = _Symbol()

    def _set(self, **values: int) -> None:
        for name, value in values.items():
            setattr(self._style, name, value)

    def _violate(self, what: str) -> None:
        self.violations.append(what)

    def _unknown(self, command: Command) -> None:
        self._violate(f"unknown command {command.raw.hex(' ')}")

    def _text(self, command: Command) -> None:
        raw = command.raw
        try:
            text = raw.decode("ascii" if len(raw) == 1 else "gbk")
        except UnicodeDecodeError:
            self._violate(f"no character in this mode: {raw.hex(' ')}")
            text = "?" * len(raw)
        if text == "\x7f":
            self._violate("DEL as text")
        for character in text:
            self._add(character, is_wide=len(raw) == 2)

    def _add(self, character: str, is_wide: bool) -> None:
        style = self._style
        width, height = (style.chinese_width, style.chinese_height) if is_wide else (style.width, style.height)
        glyph = Glyph(character, is_wide, width, height, style.bold, style.reverse, style.underlined)
        if sum(one.dots for one in self._line) + glyph.dots > self._width:
            self._violate(f"the line does not fit the paper: {''.join(one.text for one in self._line)}{character}")
            self._end_line()
        self._line.append(glyph)

    def _end_line(self) -> None:
        self._paper.marks.append(TextLine(tuple(self._line), self._style.align, self._style.pitch))
        self._line = []
        self.printed_lines += 1

    def _end_open_line(self) -> None:
        if self._line:
            self._end_line()

    def _feed_dots(self, command: Command) -> None:
        self._end_open_line()
        self._paper.marks.append(Blank(command.arguments[0]))

    def _feed_lines(self, command: Command) -> None:
        self._end_open_line()
        self._paper.marks.append(Blank(command.arguments[0] * self._style.pitch))
        self.printed_lines += command.arguments[0]

    def _align(self, command: Command) -> None:
        align = command.arguments[0]
        if align not in {0, 1, 2, 0x30, 0x31, 0x32}:
            self._violate(f"no such alignment: {align}")
        if self._line:
            self._violate("alignment in the middle of a line")
        self._set(align=align & 0x0F)

    def _print_mode(self, command: Command) -> None:
        mode = command.arguments[0]
        self._set(height=2 if mode & 0x10 else 1, width=2 if mode & 0x20 else 1)
        self._set(bold=bool(mode & 0x08), underlined=bool(mode & 0x80))

    def _size(self, command: Command) -> None:
        """Also for Chinese, as on most printers; the last of this and `FS !` holds for it."""
        size = command.arguments[0]
        if size & 0x88:
            self._violate(f"no such size: {size:02x}")
            return
        width, height = (size >> 4) + 1, (size & 0x0F) + 1
        self._set(width=width, height=height, chinese_width=width, chinese_height=height)

    def _chinese_mode(self, command: Command) -> None:
        mode = command.arguments[0]
        self._set(chinese_width=2 if mode & 0x04 else 1, chinese_height=2 if mode & 0x08 else 1)

    def _chinese_quadruple(self, command: Command) -> None:
        size = 2 if command.arguments[0] & 1 else 1
        self._set(chinese_width=size, chinese_height=size)

    def _raster(self, command: Command) -> None:
        mode, (width, height), dots = command.arguments[0], _sizes(command.arguments[1:5]), command.arguments[5:]
        self._end_open_line()
        if any(sequence in dots for sequence in _REAL_TIME):
            self._violate("a real-time command inside a picture")
        if mode & 0x0F not in range(4) or not dots:
            self._violate("a picture without size")
            return
        if width * 8 > self._width:
            self._violate(f"the picture is wider than the paper: {width * 8} dots")
        picture = Image.frombytes("1", (width * 8, height), dots).convert("L").point(lambda value: 255 - value)
        scale = (1 + (mode & 1), 1 + (mode >> 1 & 1))
        picture = picture.resize((picture.width * scale[0], picture.height * scale[1]))
        self._paper.marks.append(Dots(picture, self._style.align))
        self.printed_lines += -(-height // LINE_DOTS)

    def _symbol_command(self, command: Command) -> None:
        if command.arguments[:1] != b"1":
            self._violate(f"only QR codes are known: {command.raw.hex(' ')}")
            return
        function, values = command.arguments[1:2], command.arguments[2:]
        match function:
            case b"A" if values == b"2\x00":
                pass
            case b"C" if len(values) == 1 and 1 <= values[0] <= 16:
                self._symbol.module = values[0]
            case b"E" if len(values) == 1 and values[0] in _LEVELS:
                self._symbol.level = _LEVELS[values[0]]
            case b"P" if values[:1] == b"0" and len(values) > 1:
                self._symbol.data = values[1:]
                if any(sequence in values for sequence in _REAL_TIME):
                    self._violate("a real-time command inside a QR code")
            case b"Q" if values == b"0" and self._symbol.data:
                self._print_symbol()
            case _:
                self._violate(f"no such QR command: {command.raw.hex(' ')}")

    def _print_symbol(self) -> None:
        self._end_open_line()
        symbol = self._symbol
        if qr_modules(symbol.data, symbol.level).width * symbol.module > self._width:
            self._violate("the QR code is wider than the paper; a real printer prints nothing")
            return
        self._paper.marks.append(QrSymbol(symbol.data, symbol.level, symbol.module, self._style.align))
        self.printed_lines += 1

    def _cut(self, command: Command) -> None:
        self._end_open_line()
        mode = command.arguments[0]
        if mode >= 0x41:
            self._paper.marks.append(Blank(CUTTER_DOTS + command.arguments[1]))
        self._paper.cut = "full" if mode in {0x00, 0x30, 0x41} else "partial"
        self.papers.append(self._paper)
        self._paper = Paper(self._width)


def _sizes(data: bytes) -> tuple[int, int]:
    return int.from_bytes(data[:2], "little"), int.from_bytes(data[2:4], "little")
