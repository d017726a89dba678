"""Whether our evaluator is at a port, judged by what is heard there."""

from hypothesis import given
from hypothesis import strategies as st

from device_drivers.evaluator.protocol import LEVELS, EvaluatorProtocol
from device_drivers.evaluator.recogniser import EvaluatorRecogniser
from device_drivers.simulated.evaluator_frames import press_frame
from tests.device_drivers.protocols import ascii_keys, shared_bus

ADDRESS = 129
HEARTBEAT = bytes.fromhex("FF 68 03 03 68 81 12 00 93 16")


def heard(protocol: EvaluatorProtocol, *bursts: bytes) -> EvaluatorRecogniser:
    """What it makes of these bursts, a second apart."""
    recogniser = EvaluatorRecogniser(protocol, ADDRESS, 0.0)
    for second, burst in enumerate(bursts, 1):
        recogniser.silent(second - 0.01)
        recogniser.received(burst, float(second))
    recogniser.silent(len(bursts) + 1.0)
    return recogniser


def test_a_press_of_our_address_is_a_proof_also_after_noise() -> None:
    for level in LEVELS:
        assert heard(shared_bus(), b"\x00\xff\x68", press_frame(shared_bus(), level, ADDRESS)).is_ours


def test_a_heartbeat_of_our_address_is_a_proof() -> None:
    assert heard(shared_bus(), HEARTBEAT).is_ours


def test_another_address_is_another_device_until_ours_speaks_on_the_same_line() -> None:
    other, ours = (press_frame(shared_bus(), "satisfied", address) for address in (ADDRESS + 1, ADDRESS))
    assert heard(shared_bus(), other).is_another
    both = heard(shared_bus(), other, ours, other)
    assert (both.is_ours, both.is_another) == (True, False)


def test_a_key_without_a_checksum_is_a_proof_on_a_port_that_says_nothing_else() -> None:
    assert heard(ascii_keys(), b"5").is_ours
    assert not heard(ascii_keys(), b"OK\r\n", b"5").is_ours
    assert heard(ascii_keys(), b"OK\r\n", b"5", b"4").is_ours


@given(st.lists(st.binary(min_size=2, max_size=20), min_size=1, max_size=10))
def test_what_a_modem_or_a_scanner_says_is_no_key(bursts: list[bytes]) -> None:
    assert not heard(ascii_keys(), *bursts).is_ours


@given(st.lists(st.binary(max_size=8), max_size=10))
def test_rubbish_is_no_frame_with_a_checksum(bursts: list[bytes]) -> None:
    """Shorter than a frame each, and never the start of one in two pieces."""
    recogniser = heard(shared_bus(), *(burst.replace(b"\xff", b"\x00") for burst in bursts))
    assert not recogniser.is_ours
    assert not recogniser.is_another
