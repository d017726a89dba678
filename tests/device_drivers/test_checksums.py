from collections.abc import Callable

import pytest

from device_drivers.evaluator.checksums import CHECKSUMS, crc16_ccitt, crc16_modbus, sum8, twos8, xor8

CHECK = b"123456789"


@pytest.mark.parametrize(
    ("compute", "expected"),
    [(sum8, 0xDD), (xor8, 0x31), (twos8, 0x23), (crc16_modbus, 0x4B37), (crc16_ccitt, 0x29B1)],
)
def test_the_published_check_values(compute: Callable[[bytes], int], expected: int) -> None:
    assert compute(CHECK) == expected


def test_no_byte_is_a_checksum_too() -> None:
    assert [compute(b"") for compute in (sum8, xor8, twos8, crc16_modbus, crc16_ccitt)] == [0, 0, 0, 0xFFFF, 0xFFFF]


def test_twos_complement_makes_the_sum_zero() -> None:
    assert sum8(CHECK + bytes([twos8(CHECK)])) == 0


@pytest.mark.parametrize("name", CHECKSUMS)
def test_a_checksum_fits_its_field(name: str) -> None:
    kind = CHECKSUMS[name]
    assert all(0 <= kind.compute(bytes([value]) * 40) < 256**kind.size for value in range(256))
