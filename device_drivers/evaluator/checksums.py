"""The checksums that evaluators use (interfaces §3), each over bytes as they stand on the wire."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import xor


def sum8(data: bytes) -> int:
    """Sum of the bytes modulo 256."""
    return sum(data) & 0xFF


def xor8(data: bytes) -> int:
    """Exclusive or of the bytes."""
    return reduce(xor, data, 0)


def twos8(data: bytes) -> int:
    """Two's complement of the sum: sum and checksum together give 0 modulo 256."""
    return -sum(data) & 0xFF


def crc16_modbus(data: bytes) -> int:
    """CRC-16 of Modbus: polynomial 8005h reflected, initial value FFFFh, no final exclusive or."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def crc16_ccitt(data: bytes) -> int:
    """CRC-16 with polynomial 1021h, initial value FFFFh, not reflected, no final exclusive or ("CCITT-FALSE")."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ (0x1021 if crc & 0x8000 else 0)) & 0xFFFF
    return crc


@dataclass(frozen=True)
class ChecksumKind:
    """A way to compute a checksum, and the bytes that it fills."""

    compute: Callable[[bytes], int]
    size: int


CHECKSUMS = {
    "sum8": ChecksumKind(sum8, 1),
    "xor8": ChecksumKind(xor8, 1),
    "twos8": ChecksumKind(twos8, 1),
    "crc16-modbus": ChecksumKind(crc16_modbus, 2),
    "crc16-ccitt": ChecksumKind(crc16_ccitt, 2),
}
"""By the name that stands in a protocol file; "none" is not here, as nothing is computed for it."""
