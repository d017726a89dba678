"""A picture as the bytes of `GS v 0`: pure."""

from PIL import Image, ImageChops

DLE = 0x10
_ENDS_OF_REAL_TIME = {0x04, 0x05, 0x14}
"""DLE EOT, DLE ENQ and DLE DC4 are obeyed wherever they stand, in a picture's dots too (facts §3.5)."""


def raster(picture: Image.Image) -> bytes:
    """The command that prints this picture, black (0) on white, from the left edge."""
    width = (picture.width + 7) // 8
    header = b"\x1d\x76\x30\x00" + width.to_bytes(2, "little") + picture.height.to_bytes(2, "little")
    padded = Image.new("1", (width * 8, picture.height), 255)
    padded.paste(picture, (0, 0))
    return header + without_real_time(ImageChops.invert(padded.convert("L")).convert("1").tobytes())


def without_real_time(dots: bytes) -> bytes:
    """The same dots with one more of them set wherever the printer would find a real-time command."""
    safe = bytearray(dots)
    for place in range(len(safe) - 1):
        if safe[place] == DLE and safe[place + 1] in _ENDS_OF_REAL_TIME:
            safe[place] = 0x18
    return bytes(safe)
