"""What a receiver hears at its own speed, worked out by hand and by the same rule for all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_drivers.serial_line import LineSettings
from device_drivers.simulated.wire import heard_at


@given(st.binary(max_size=40), st.floats(0.1, 0.9), st.sampled_from("NEOMS"), st.sampled_from([1, 2]))
def test_at_the_same_setting_every_byte_is_heard_as_it_was_sent(
    data: bytes, phase: float, parity: str, stopbits: int
) -> None:
    line = LineSettings(9600, 8, parity, stopbits)
    assert heard_at(data, line, line, phase) == data


@pytest.mark.parametrize(
    ("sent", "speed", "heard"),
    [
        # 41h is 0 1000 0010 1 on the wire. Each bit twice: 0 01100000 (and no stop bit: waits for 1), 0 01111111.
        (b"\x41", 19200, b"\x06\xfe"),
        # Four times: 0 00011110 (and no stop bit), 0 00011111.
        (b"\x41", 38400, b"\x78\xf8"),
    ],
)
def test_a_faster_receiver_hears_each_bit_several_times(sent: bytes, speed: int, heard: bytes) -> None:
    assert heard_at(sent, LineSettings(9600), LineSettings(speed)) == heard


def test_a_much_slower_receiver_hears_nothing_of_short_pulses() -> None:
    assert heard_at(b"\xff", LineSettings(115200), LineSettings(9600)) == b""


@given(st.binary(min_size=1, max_size=30), st.sampled_from([1200, 2400, 4800, 19200, 38400, 115200]))
def test_at_another_speed_it_ends_and_is_never_more_than_the_line_can_carry(data: bytes, speed: int) -> None:
    heard = heard_at(data, LineSettings(9600), LineSettings(speed))
    assert len(heard) <= len(data) * speed / 9600 + 1
