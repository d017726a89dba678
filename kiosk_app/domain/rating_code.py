"""The rating code on tickets and slips: 80 bits that a terminal makes and checks with no network (interfaces §7)."""

import hmac
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from string import ascii_lowercase, ascii_uppercase

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

COUNTERS_A_DAY = 4096
"""Codes that one device can make a day."""
LARGEST_HALL_ID = 1023
LARGEST_SHORT_ID = 4095

_VERSION = 1
_EPOCH = date(2024, 1, 1)
_DAYS = 4096
_KEY_BYTES = 32
_SIGNED_BYTES = 6
_MAC_BITS = 32
_LENGTH = 16
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U."""
_SPELLINGS = str.maketrans(f"{ascii_lowercase}OILoil", f"{ascii_uppercase}011011")
"""Only what people really take for one another; letters of other scripts stay what they are, and are refused."""


class CodeFault(StrEnum):
    """Why a code is refused."""

    MISTYPED = "mistyped"
    """It cannot be a code at all."""
    FORGED = "forged"
    """It looks like one, but no device of this hall made it: a character is wrong, or it is made up."""
    OTHER_HALL = "other_hall"


@dataclass(frozen=True)
class RatingCode:
    """What a code says."""

    hall_id: int
    short_id: int
    """The device that made it."""
    day: date
    """The visit's day, from which the days to rate are counted (R10)."""
    counter: int
    text: str
    """In four groups of four with dashes, as printed."""


def device_key(hall_key: bytes, short_id: int) -> bytes:
    """The key of one device, 32 bytes; raises `ValueError` for a key or number that there cannot be."""
    if len(hall_key) != _KEY_BYTES:
        raise ValueError(f"a hall key has {_KEY_BYTES} bytes, not {len(hall_key)}")
    _require("short_id", short_id, 1, LARGEST_SHORT_ID)
    info = b"rating-code" + short_id.to_bytes(2, "big")
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=b"", info=info).derive(hall_key)


def make_code(key: bytes, hall_id: int, short_id: int, day: date, counter: int) -> str:
    """The code by a device's own key, such as `8080-RGG0-0PFZ-R84R`.

    `counter` is 0 to `COUNTERS_A_DAY` - 1. Raises `ValueError` for what does not fit into a code.
    """
    days = (day - _EPOCH).days
    _require("hall_id", hall_id, 1, LARGEST_HALL_ID)
    _require("short_id", short_id, 1, LARGEST_SHORT_ID)
    _require("days since 2024-01-01", days, 0, _DAYS - 1)
    _require("counter", counter, 0, COUNTERS_A_DAY - 1)
    signed = _VERSION << 46 | hall_id << 36 | short_id << 24 | days << 12 | counter
    return _spell(signed << _MAC_BITS | _mac(key, signed))


def canonical(text: str) -> str | None:
    """The one spelling of a code that was typed; None for what cannot be a code.

    Lower case, `O` for 0, `I` and `L` for 1, missing or moved dashes and blanks are all the same code.
    """
    number = _number(text)
    return None if number is None else _spell(number)


def read_code(text: str) -> RatingCode | None:
    """What a code says, by shape and version alone: whether it is genuine only `check_code` can tell."""
    number = _number(text)
    if number is None:
        return None
    signed = number >> _MAC_BITS
    hall_id, short_id = signed >> 36 & LARGEST_HALL_ID, signed >> 24 & LARGEST_SHORT_ID
    if signed >> 46 != _VERSION or not hall_id or not short_id:
        return None
    day = _EPOCH + timedelta(days=signed >> 12 & _DAYS - 1)
    return RatingCode(hall_id, short_id, day, signed & COUNTERS_A_DAY - 1, _spell(number))


def check_code(text: str, hall_key: bytes, hall_id: int) -> RatingCode | CodeFault:
    """The code, if a device of this hall made it. Whether it is still valid depends on the calendar (R10)."""
    code = read_code(text)
    if code is None:
        return CodeFault.MISTYPED
    if code.hall_id != hall_id:
        return CodeFault.OTHER_HALL
    genuine = make_code(device_key(hall_key, code.short_id), hall_id, code.short_id, code.day, code.counter)
    return code if hmac.compare_digest(genuine, code.text) else CodeFault.FORGED


def scanned_code(text: str) -> str:
    """The code in what a scanner read: the part after `/r/` of an address, else the text, without blanks around."""
    text = text.strip()
    begin = text.lower().rfind("/r/")
    if begin < 0:
        return text
    return text[begin + len("/r/") :].partition("?")[0].partition("#")[0].strip("/ ")


def qr_text(public_url: str, code: str) -> str:
    """What the QR code holds: the address that a citizen's phone opens, or the code alone where there is none."""
    return f"{public_url.rstrip('/')}/r/{code}" if public_url else code


def _require(what: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise ValueError(f"{what} is {value}; a rating code holds {least} to {most}")


def _mac(key: bytes, signed: int) -> int:
    mac = hmac.digest(key, signed.to_bytes(_SIGNED_BYTES, "big"), sha256)
    return int.from_bytes(mac[: _MAC_BITS // 8], "big")


def _spell(number: int) -> str:
    digits = [_DIGITS[number >> 5 * place & 31] for place in reversed(range(_LENGTH))]
    return "-".join("".join(digits[begin : begin + 4]) for begin in range(0, _LENGTH, 4))


def _number(text: str) -> int | None:
    digits = "".join(text.replace("-", " ").split()).translate(_SPELLINGS)
    if len(digits) != _LENGTH or not set(digits) <= set(_DIGITS):
        return None
    number = 0
    for digit in digits:
        number = number << 5 | _DIGITS.index(digit)
    return number
