"""ESC/POS commands out of a stream, strictly: what is not a known command is told as such. Pure."""

from dataclasses import dataclass

TEXT = "text"
UNKNOWN = "unknown"

_FIXED = {
    b"\x00": ("nothing", 0),
    b"\x0a": ("line feed", 0),
    b"\x0d": ("carriage return", 0),
    b"\x1b@": ("initialise", 0),
    b"\x1b!": ("print mode", 1),
    b"\x1b-": ("underline", 1),
    b"\x1b2": ("line spacing", 0),
    b"\x1b3": ("line spacing", 1),
    b"\x1bE": ("bold", 1),
    b"\x1bG": ("bold", 1),
    b"\x1bJ": ("feed dots", 1),
    b"\x1bM": ("font", 1),
    b"\x1ba": ("align", 1),
    b"\x1bd": ("feed lines", 1),
    b"\x1bt": ("code page", 1),
    b"\x1c&": ("chinese on", 0),
    b"\x1c.": ("chinese off", 0),
    b"\x1c!": ("chinese mode", 1),
    b"\x1c-": ("underline", 1),
    b"\x1cS": ("chinese spacing", 2),
    b"\x1cW": ("chinese quadruple", 1),
    b"\x1d!": ("size", 1),
    b"\x1dB": ("reverse", 1),
    b"\x1dI": ("identify", 1),
    b"\x1dL": ("left margin", 2),
    b"\x1dW": ("print width", 2),
    b"\x1da": ("automatic status", 1),
    b"\x1dr": ("status", 1),
    b"\x10\x04": ("real time", 1),
    b"\x10\x05": ("real time", 1),
    b"\x10\x14": ("real time", 8),
}
"""Two bytes, or one, that begin a command; its name and how many bytes of arguments follow."""

_SIZED = {b"\x1d(k": "symbol", b"\x1d(H": "answer", b"\x1d(L": "graphics"}
"""Commands that say in two bytes how many follow."""

_RASTER = b"\x1dv0"
_CUT = b"\x1dV"
_PREFIXES = {0x10, 0x1B, 0x1C, 0x1D}


@dataclass(frozen=True)
class Command:
    """One command, or one character of text; `arguments` is what follows its name."""

    name: str
    raw: bytes
    arguments: bytes = b""


def next_command(data: bytes, chinese: bool) -> Command | None:
    """The command that the data begins with; None while it is not complete."""
    if not data:
        return None
    if data[0] in _PREFIXES:
        return _command(data)
    if data[0] >= 0x20:
        return _character(data, chinese)
    return _fixed(data, data[:1])


def _command(data: bytes) -> Command | None:
    if len(data) < 2:
        return None
    if data[:2] == _CUT:
        return _cut(data)
    if data[:2] in {b"\x1d(", b"\x1dv"}:
        return _sized(data)
    return _fixed(data, data[:2])


def _fixed(data: bytes, prefix: bytes) -> Command | None:
    if prefix not in _FIXED:
        return Command(UNKNOWN, prefix)
    name, count = _FIXED[prefix]
    return _complete(name, data, len(prefix), len(prefix) + count)


def _cut(data: bytes) -> Command | None:
    if len(data) < 3:
        return None
    if data[2] in {0x00, 0x01, 0x30, 0x31}:
        return _complete("cut", data, 2, 3)
    return _complete("cut", data, 2, 4) if data[2] in {0x41, 0x42} else Command(UNKNOWN, data[:3])


def _sized(data: bytes) -> Command | None:
    if len(data) < 3:
        return None
    if data[:3] == _RASTER:
        if len(data) < 8:
            return None
        return _complete("raster", data, 3, 8 + _number(data[4:6]) * _number(data[6:8]))
    if data[:3] not in _SIZED:
        return Command(UNKNOWN, data[:3])
    if len(data) < 5:
        return None
    return _complete(_SIZED[data[:3]], data, 5, 5 + _number(data[3:5]))


def _character(data: bytes, chinese: bool) -> Command | None:
    if data[0] < 0x80 or not chinese:
        return Command(TEXT, data[:1], data[:1])
    if len(data) < 2:
        return None
    size = 4 if 0x30 <= data[1] <= 0x39 else 2
    return _complete(TEXT, data, 0, size)


def _complete(name: str, data: bytes, start: int, end: int) -> Command | None:
    return Command(name, data[:end], data[start:end]) if len(data) >= end else None


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")
