"""Random bytes make no presses; measured for each built-in protocol."""

import pytest

from device_drivers.evaluator.protocol import EvaluatorProtocol
from tests.device_drivers.false_press_rate import false_presses
from tests.device_drivers.protocols import ascii_keys, jt905, protocol_of, shared_bus

MILLION = 1_000_000

WEAK = """
name = "made-up"
[line]
baud = 9600
bytesize = 8
parity = "N"
stopbits = 1
[frame]
layout = ["key", "checksum"]
fields = { key = 1, checksum = 1 }
checksum = { kind = "sum8", over = ["key"] }
[buttons]
very_satisfied      = { key = "35" }
satisfied           = { key = "34" }
basically_satisfied = { key = "33" }
dissatisfied        = { key = "32" }
very_dissatisfied   = { key = "31" }
"""


@pytest.mark.parametrize("protocol", [shared_bus(), jt905(), ascii_keys()], ids=lambda protocol: protocol.name)
def test_a_million_random_bytes_in_a_row_make_no_press(protocol: EvaluatorProtocol) -> None:
    presses = false_presses(protocol, MILLION, seed=1)
    print(f"{protocol.name}: {presses} false presses in {MILLION} random bytes")
    assert presses == 0


@pytest.mark.parametrize("protocol", [shared_bus(), jt905()], ids=lambda protocol: protocol.name)
def test_nor_do_they_in_bursts_of_a_frames_size(protocol: EvaluatorProtocol) -> None:
    assert false_presses(protocol, MILLION // 5, seed=2, alone=True) == 0


def test_single_random_bytes_are_what_silence_cannot_tell_from_keys() -> None:
    """5 of 256 characters are keys: the honest limit of a keypad without checksum; R5 keeps it from counting."""
    presses = false_presses(ascii_keys(), 100_000, seed=3, alone=True)
    print(f"ascii-keys: {presses} false presses in 100000 random bytes that stand alone")
    assert presses == pytest.approx(100_000 * 5 / 256, rel=0.1)


def test_the_measure_finds_false_presses_where_there_are_some() -> None:
    assert false_presses(protocol_of(WEAK), MILLION // 4, seed=4) == pytest.approx(MILLION / 4 * 5 / 65536, rel=0.5)
