"""Portraits that are nobody's: a head and shoulders in flat colours, written as PNG by hand."""

import struct
import zlib

WIDTH, HEIGHT = 96, 128

Colour = tuple[int, int, int]

_BACKGROUND: Colour = (214, 224, 234)
_SKIN: Colour = (236, 204, 176)


def portrait(clothes: Colour) -> bytes:
    """A PNG of 96 × 128 pixels."""
    rows = b"".join(
        b"\0" + bytes(value for x in range(WIDTH) for value in _pixel(x, y, clothes)) for y in range(HEIGHT)
    )
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows, 9)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _pixel(x: int, y: int, clothes: Colour) -> Colour:
    if _inside(x, y, (48, 48), (20, 26)):
        return _SKIN
    return clothes if _inside(x, y, (48, 128), (40, 50)) else _BACKGROUND


def _inside(x: int, y: int, centre: tuple[int, int], radius: tuple[int, int]) -> bool:
    return ((x - centre[0]) / radius[0]) ** 2 + ((y - centre[1]) / radius[1]) ** 2 <= 1


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
