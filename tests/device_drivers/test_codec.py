"""Frames of both directions against bytes from real systems."""

import pytest

from device_drivers.evaluator.codec import FrameJudge, Verdict, encode, encode_command
from device_drivers.evaluator.protocol import LEVELS
from device_drivers.simulated.evaluator_frames import press_frame
from tests.device_drivers.protocols import SHARED_BUS, ascii_keys, jt905, protocol_of, shared_bus

CRC = """
name = "made-up"
[line]
baud = 9600
bytesize = 8
parity = "N"
stopbits = 1
[frame]
layout = ["A5", "number", "key", "checksum"]
fields = { number = 2, key = 3, checksum = 2 }
little = ["number", "checksum"]
checksum = { kind = "crc16-modbus", over = ["number", "key"] }
[buttons]
very_satisfied      = { number = "0401", key = "02FFFF" }
satisfied           = { key = "02FF04" }
basically_satisfied = { key = "02FF03" }
dissatisfied        = { key = "02FF02" }
very_dissatisfied   = { key = "02FF01" }
"""


@pytest.mark.parametrize(
    ("level", "address", "expected"),
    [
        ("very_dissatisfied", 0x81, "FF 68 03 03 68 81 11 00 92 16"),
        ("dissatisfied", 0x81, "FF 68 03 03 68 81 11 01 93 16"),
        ("basically_satisfied", 0x81, "FF 68 03 03 68 81 11 02 94 16"),
        ("satisfied", 0x81, "FF 68 03 03 68 81 11 03 95 16"),
        ("satisfied", 0xFF, "FF 68 03 03 68 FF 11 03 13 16"),
    ],
)
def test_shared_bus_frames_are_those_of_the_real_system(level: str, address: int | None, expected: str) -> None:
    assert press_frame(shared_bus(), level, address) == bytes.fromhex(expected)


def test_shared_bus_acknowledgement_counts_only_the_bytes_that_are_there() -> None:
    command = shared_bus().host.acknowledge
    assert command is not None
    assert encode_command(shared_bus(), command, 0x81) == bytes.fromhex("68 02 02 68 81 01 82 16")


@pytest.mark.parametrize(("stars", "expected"), [(0, "68 03 03 68 81 02 00 83 16"), (5, "68 03 03 68 81 02 05 88 16")])
def test_shared_bus_stars_take_the_number_in_one_byte(stars: int, expected: str) -> None:
    command = shared_bus().host.stars
    assert command is not None
    assert encode_command(shared_bus(), command, 0x81, stars) == bytes.fromhex(expected)


def test_jt905_frame_has_the_checksum_of_the_published_vector() -> None:
    rules = jt905().frames.rules
    values = {
        "device": b"\x02",
        "manufacturer": b"\x00",
        "command": b"\x00\x00",
        "data": bytes.fromhex("20111111111111"),
    }
    expected = bytes.fromhex("55 AA 00 0B 02 00 00 00 20 11 11 11 11 11 11 29 55 AA")
    assert encode(rules, jt905().frames.layout, values) == expected


def test_ascii_keys_send_one_character() -> None:
    assert [press_frame(ascii_keys(), level, None) for level in LEVELS] == [b"5", b"4", b"3", b"2", b"1"]


def test_little_fields_and_their_crc_are_sent_with_the_low_byte_first() -> None:
    protocol = protocol_of(CRC)
    published = bytes.fromhex("01 04 02 FF FF B8 80")  # a well-known Modbus answer
    assert press_frame(protocol, "very_satisfied", None) == b"\xa5" + published
    assert FrameJudge(protocol.frames).fields(b"\xa5" + published)["number"] == b"\x04\x01"


@pytest.mark.parametrize(
    ("frame", "verdict"),
    [
        ("FF 68 03 03 68 81 11 00 92 16", Verdict.GOOD),
        ("FF 68 03 03 68 81 11 00 92", Verdict.UNDECIDED),
        ("FE 68 03 03 68 81 11 00 92 16", Verdict.NOISE),
        ("FF 68 04", Verdict.BAD_LENGTH),
        ("FF 68 03 02", Verdict.BAD_LENGTH),
        ("FF 68 03 03 68 81 11 00 93 16", Verdict.BAD_CHECKSUM),
        ("FF 68 03 03 68 81 11 00 92 17", Verdict.BAD_TRAILER),
    ],
)
def test_what_is_wrong_with_a_frame_is_told_as_soon_as_it_is_seen(frame: str, verdict: Verdict) -> None:
    assert FrameJudge(shared_bus().frames).verdict(bytes.fromhex(frame)) is verdict


def test_a_field_that_stands_twice_must_agree() -> None:
    twice = SHARED_BUS.replace('"data", "checksum", "16"', '"data", "command", "checksum", "16"', 1)
    judge = FrameJudge(protocol_of(twice).frames)
    assert judge.verdict(bytes.fromhex("FF 68 03 03 68 81 11 00 11 92 16")) is Verdict.GOOD
    assert judge.verdict(bytes.fromhex("FF 68 03 03 68 81 11 00 12 92 16")) is Verdict.NOISE


@pytest.mark.parametrize("address", [None, -1, 256])
def test_an_address_that_does_not_fit_is_refused(address: int | None) -> None:
    with pytest.raises(ValueError, match="needs an address from 0 to 255"):
        press_frame(shared_bus(), "satisfied", address)
