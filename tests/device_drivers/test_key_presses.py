"""From frames to presses, in the words of interfaces §3."""

import pytest

from device_drivers.evaluator.codec import Frame, FrameJudge
from device_drivers.evaluator.frame_reader import Counters
from device_drivers.evaluator.key_presses import FrameKind, KeyPress, KeyPresses
from device_drivers.evaluator.protocol import EvaluatorProtocol
from device_drivers.simulated.evaluator_frames import foreign_frame, press_frame
from tests.device_drivers.protocols import SHARED_BUS, ascii_keys, protocol_of, shared_bus

ADDRESS = 0x81


def frame_of(raw: bytes, at: float, protocol: EvaluatorProtocol | None = None) -> Frame:
    return Frame(FrameJudge((protocol or shared_bus()).frames).fields(raw), raw, at)


def pressed(level: str, at: float, address: int = ADDRESS) -> Frame:
    return frame_of(press_frame(shared_bus(), level, address), at)


def take(presses: KeyPresses, *frames: Frame) -> list[KeyPress | None]:
    return [presses.take(frame, Counters())[1] for frame in frames]


def numbers(presses: list[KeyPress | None]) -> list[tuple[int, int, float] | None]:
    """Press, repeat and moment of each."""
    return [(press.press_id, press.repeat, press.at) if press else None for press in presses]


def test_equal_frames_less_than_a_second_apart_are_one_press_judged_by_the_moment_of_the_first() -> None:
    presses = KeyPresses(shared_bus(), ADDRESS)
    taken = take(presses, pressed("satisfied", 10.0), pressed("satisfied", 10.3), pressed("satisfied", 11.29))
    assert numbers(taken) == [(1, 0, 10.0), (1, 1, 10.0), (1, 2, 10.0)]


def test_an_equal_frame_a_second_later_is_a_new_press() -> None:
    presses = KeyPresses(shared_bus(), ADDRESS)
    taken = take(presses, pressed("satisfied", 10.0), pressed("satisfied", 11.0))
    assert numbers(taken) == [(1, 0, 10.0), (2, 0, 11.0)]


def test_a_different_frame_is_a_press_of_its_own_and_does_not_end_the_first() -> None:
    presses = KeyPresses(shared_bus(), ADDRESS)
    taken = take(presses, pressed("satisfied", 10.0), pressed("dissatisfied", 10.5), pressed("satisfied", 10.9))
    assert numbers(taken) == [(1, 0, 10.0), (2, 0, 10.5), (1, 1, 10.0)]


def test_a_press_carries_its_level_and_its_bytes() -> None:
    presses = KeyPresses(shared_bus(), ADDRESS)
    [press] = take(presses, pressed("very_dissatisfied", 10.0))
    assert press == KeyPress("very_dissatisfied", bytes.fromhex("FF680303688111009216"), 10.0, 1, 0)


def test_frames_of_another_address_are_no_presses() -> None:
    counters = Counters()
    kind, press = KeyPresses(shared_bus(), ADDRESS).take(pressed("satisfied", 10.0, address=0x82), counters)
    assert (kind, press, counters.other_address) == (FrameKind.OTHER_ADDRESS, None, 1)


def test_frames_that_mean_no_key_are_skipped() -> None:
    counters = Counters()
    heartbeat = frame_of(foreign_frame(shared_bus(), ADDRESS), 10.0)
    kind, press = KeyPresses(shared_bus(), ADDRESS).take(heartbeat, counters)
    assert (kind, press, counters.no_button) == (FrameKind.NO_BUTTON, None, 1)


def test_a_protocol_without_addresses_needs_none() -> None:
    presses = KeyPresses(ascii_keys(), None)
    assert numbers(take(presses, frame_of(b"5", 10.0, ascii_keys()))) == [(1, 0, 10.0)]


def test_a_protocol_with_addresses_needs_one() -> None:
    with pytest.raises(ValueError, match="needs an address"):
        KeyPresses(shared_bus(), None)


def same_both_ways() -> EvaluatorProtocol:
    """A protocol whose acknowledgement has the very bytes of a press."""
    text = SHARED_BUS.replace('layout      = ["68"', 'layout      = ["FF", "68"')
    return protocol_of(text.replace('{ command = "01", data = "" }', '{ command = "11", data = "03" }'))


def test_the_hosts_own_echo_is_no_press_even_where_it_equals_one() -> None:
    protocol = same_both_ways()
    raw = press_frame(protocol, "satisfied", ADDRESS)
    presses = KeyPresses(protocol, ADDRESS)
    counters = Counters()
    assert presses.take(frame_of(raw, 10.0, protocol), counters)[0] is FrameKind.PRESS
    presses.sent(raw, 10.1)
    assert presses.take(frame_of(raw, 10.11, protocol), counters)[0] is FrameKind.ECHO
    assert counters.echoes == 1


def test_each_sending_explains_one_echo_only() -> None:
    protocol = same_both_ways()
    raw = press_frame(protocol, "satisfied", ADDRESS)
    presses = KeyPresses(protocol, ADDRESS)
    presses.sent(raw, 10.0)
    kinds = [presses.take(frame_of(raw, at, protocol), Counters())[0] for at in (10.1, 10.2)]
    assert kinds == [FrameKind.ECHO, FrameKind.PRESS]


@pytest.mark.parametrize("at", [9.99, 10.51])
def test_a_frame_before_the_sending_or_long_after_it_is_no_echo(at: float) -> None:
    protocol = same_both_ways()
    raw = press_frame(protocol, "satisfied", ADDRESS)
    presses = KeyPresses(protocol, ADDRESS)
    presses.sent(raw, 10.0)
    assert presses.take(frame_of(raw, at, protocol), Counters())[0] is FrameKind.PRESS


def test_what_is_past_is_forgotten() -> None:
    presses = KeyPresses(shared_bus(), ADDRESS)
    for second in range(1000):
        presses.sent(b"never given back", float(second))
        take(presses, pressed("satisfied" if second % 2 else "dissatisfied", float(second)))
    assert len(presses._sent) == 1
    assert len(presses._runs) == 1
