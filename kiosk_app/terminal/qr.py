"""QR codes as pictures, for screens and signs; without Qt, so that kiosk-admin can draw them too."""

import base64
import io
from functools import lru_cache

import qrcode
from qrcode.image.pil import PilImage

MODULE_PIXELS = 12
"""A module of the code in pixels: large, so that scaling down keeps its edges sharp."""


def qr_png(data: str) -> bytes:
    """A PNG of the QR code with its quiet zone; error correction M."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=MODULE_PIXELS, border=4)
    code.add_data(data)
    code.make(fit=True)
    picture = io.BytesIO()
    code.make_image(image_factory=PilImage).save(picture, "PNG")
    return picture.getvalue()


@lru_cache(maxsize=8)
def qr_url(data: str) -> str:
    """The same as a data URL, for QML's Image; empty for no data."""
    return f"data:image/png;base64,{base64.b64encode(qr_png(data)).decode('ascii')}" if data else ""
