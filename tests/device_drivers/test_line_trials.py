"""Which line setting comes next, and what bytes alone tell of a wrong speed."""

import random

import pytest

from device_drivers.evaluator.line_trials import USUAL_LINES, LineTrials, WrongLine, slower_by, words_of
from device_drivers.evaluator.protocol import LEVELS
from device_drivers.serial_line import LineSettings
from device_drivers.simulated.evaluator_frames import press_frame
from device_drivers.simulated.wire import heard_at
from tests.device_drivers.protocols import ascii_keys, jt905, shared_bus
from tests.device_drivers.undocumented import ascii_lines, checksummed, counting, letters, on_a_bus, two_bytes


def all_after(reason: WrongLine) -> list[str]:
    trials, found = LineTrials(), []
    while trials.go_on_after(reason):
        found.append(words_of(trials.current))
    return found


def test_the_most_usual_setting_is_first_and_damage_leads_through_all_of_them_once() -> None:
    assert words_of(LineTrials().current) == "9600 8N1"
    found = all_after(WrongLine.DAMAGE)
    assert found[:8] == [
        "19200 8N1", "38400 8N1", "57600 8N1", "115200 8N1", "4800 8N1", "2400 8N1", "1200 8N1", "9600 8E1",
    ]  # fmt: skip
    assert len(found) == len(set(found)) == len(USUAL_LINES) - 1
    assert "9600 7E1" in found


def test_silence_leads_to_the_fastest_and_then_back_as_it_proves_nothing() -> None:
    trials = LineTrials()
    assert trials.go_on_after(WrongLine.SILENCE)
    assert trials.current.baud == 115200
    assert trials.go_on_after(WrongLine.DAMAGE)
    assert words_of(trials.current) == "9600 8N1"
    assert not trials.is_last_chance


def test_what_was_given_up_on_doubts_comes_again_in_the_end_and_then_doubts_do_not_count() -> None:
    found = all_after(WrongLine.DOUBTS)
    assert found[0] == "115200 8N1"
    assert set(found) == {words_of(line) for line in USUAL_LINES}
    assert len(found) == 2 * len(USUAL_LINES) - 1


@pytest.mark.parametrize(("times", "speed"), [(2, 57600), (3, 38400), (6, 19200), (8, 9600)])
def test_a_device_that_sounds_slower_is_listened_to_at_its_speed(times: int, speed: int) -> None:
    trials = LineTrials()
    trials.go_on_after(WrongLine.DOUBTS)
    assert trials.current.baud == 115200
    assert trials.go_on_after(WrongLine.DOUBTS, times)
    assert trials.current.baud == speed
    assert trials.is_last_chance is (speed == 9600)


def test_slower_than_the_slowest_is_simply_the_next() -> None:
    trials = LineTrials((LineSettings(1200), LineSettings(9600)))
    assert trials.go_on_after(WrongLine.DOUBTS, 4)
    assert trials.current.baud == 9600


PROTOCOLS = [
    ascii_keys(), shared_bus(), jt905(), ascii_lines(), letters(), two_bytes(), on_a_bus(), counting(),
    *map(checksummed, ("sum8", "xor8", "twos8", "crc16-modbus", "crc16-ccitt")),
]  # fmt: skip


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.name)
def test_no_devices_frames_sound_slower_than_they_are(protocol) -> None:  # type: ignore[no-untyped-def]
    frames = [press_frame(protocol, level, 0x81) for level in LEVELS]
    assert all(slower_by(frames[: count + 1]) == 1 for count in range(len(frames)))


@pytest.mark.parametrize("times", [2, 3, 4, 6, 8])
def test_frames_of_a_slower_device_tell_how_much_slower_it_is(times: int) -> None:
    dice = random.Random(times)
    for _ in range(50):
        frames = [b"\x5a" + dice.randbytes(7) for _ in range(3)]
        heard = [
            heard_at(frame, LineSettings(1200), LineSettings(1200 * times), dice.uniform(0.35, 0.65))
            for frame in frames
        ]
        assert slower_by(heard) == times


def test_a_few_bytes_prove_nothing() -> None:
    assert slower_by([b"0"]) == 1
    assert slower_by([b"0"], is_sure=False) == 2
