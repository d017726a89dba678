"""Evaluators that no file describes, learned at a real line: real bytes, a jig that presses as it is asked."""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from device_drivers.evaluator.driver import EvaluatorDriver
from device_drivers.evaluator.learner_events import TroubleKind
from device_drivers.evaluator.protocol import LEVELS, EvaluatorProtocol
from device_drivers.evaluator.protocol_file import load_protocol
from device_drivers.simulated.evaluator import SimulatedEvaluator
from tests.device_drivers.learning_jig import Jig, device_of, hasten
from tests.device_drivers.recorder import Recorder
from tests.device_drivers.undocumented import (
    ascii_lines,
    checksummed,
    counting,
    letters,
    on_a_bus,
    two_bytes,
    with_heartbeat,
)

Start = Callable[[EvaluatorProtocol], Jig]

ALL_ASKED = [(level, press) for level in LEVELS for press in (1, 2, 3)] + [(level, 4) for level in LEVELS]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    hasten(monkeypatch)
    devices: list[SimulatedEvaluator] = []

    def begin(protocol: EvaluatorProtocol) -> Jig:
        devices.append(device_of(protocol, tmp_path / "evaluator"))
        return Jig(devices[-1], tmp_path / "evaluators")

    yield begin
    for device in devices:
        device.close()


def assert_reads_every_key(file: Path, device: SimulatedEvaluator) -> None:
    """By the driver that the app uses."""
    told = Recorder()
    with closing(EvaluatorDriver(load_protocol(file), device.port, None, told, observer=told)) as driver:
        driver.start()
        told.wait_connection(True)
        for level in LEVELS:
            press_until_told(device, level, told)
        assert distinct(told) == list(LEVELS)


def press_until_told(device: SimulatedEvaluator, level: str, told: Recorder) -> None:
    """The first press of all may come before the silence that some frames need."""
    before = len(distinct(told))
    while len(distinct(told)) == before:
        seen = len(told.frames) + told.noise_bytes
        device.press(level)
        told.wait(partial(more_than, told, seen), "frame")


def more_than(told: Recorder, seen: int) -> bool:
    return len(told.frames) + told.noise_bytes > seen


def distinct(told: Recorder) -> list[str]:
    return [press.level for press in told.presses if press.repeat == 0]


PLAIN = {
    "sum8": checksummed("sum8"),
    "xor8": checksummed("xor8"),
    "twos8": checksummed("twos8"),
    "crc16-modbus": checksummed("crc16-modbus", little=True),
    "crc16-ccitt": checksummed("crc16-ccitt"),
    "ascii": ascii_lines(),
    "two bytes": two_bytes(),
}


@pytest.mark.parametrize("kind", PLAIN)
def test_a_device_is_learned_from_three_presses_a_key_and_proved_by_a_fourth(start: Start, kind: str) -> None:
    jig = start(PLAIN[kind])
    file = jig.learn()
    assert file == jig.evaluators / "learned-1.toml"
    assert jig.asked == ALL_ASKED
    assert jig.troubles == []
    learned = load_protocol(file).frames
    assert (learned.rules.checksum.kind if learned.rules.checksum else None) == (
        kind if "8" in kind or "crc" in kind else None
    )
    assert learned.size == PLAIN[kind].frames.size
    assert_reads_every_key(file, jig.device)


def test_what_arrives_is_shown_message_by_message(start: Start) -> None:
    jig = start(ascii_lines())
    jig.learn()
    assert jig.heard == b"".join(b"KEY=%c\r\n" % letter for letter in b"AAABBBCCCDDDEEE" + b"ABCDE")


def test_one_letter_a_key(start: Start) -> None:
    jig = start(letters())
    file = jig.learn("keypad")
    assert file.name == "keypad.toml"
    assert load_protocol(file).frames.quiet_ms
    assert_reads_every_key(file, jig.device)


def test_heartbeats_of_the_same_form_go_on_all_the_time_and_are_no_keys(start: Start) -> None:
    jig = start(with_heartbeat())
    jig.device.beat_every(0.15)
    file = jig.learn()
    assert jig.troubles == []
    assert_reads_every_key(file, jig.device)


def test_a_heartbeat_too_slow_to_be_heard_beforehand_is_not_taken_for_a_key(start: Start) -> None:
    jig = start(with_heartbeat())
    jig.device.send_every(1.7, b"", bytes.fromhex("AA 55 99 00 99 0D"))
    file = jig.learn()
    assert_reads_every_key(file, jig.device)
    jig.device.end_routines()


def test_other_devices_on_the_line_are_skipped(start: Start) -> None:
    jig = start(on_a_bus())
    jig.device.light_every(0.23)
    file = jig.learn()
    assert jig.troubles == []
    assert_reads_every_key(file, jig.device)


def test_another_address_on_the_line_is_another_device(start: Start) -> None:
    jig = start(on_a_bus())
    jig.device.let_neighbour_press_every(0.11, 0x82)
    file = jig.learn()
    jig.device.end_routines()
    assert_reads_every_key(file, jig.device)


def test_a_running_number_is_not_compared_and_shows_in_the_proof_which_checksum_it_is(start: Start) -> None:
    """With numbers up to 15 a sum and an exclusive or are the same here; the sixteenth press tells."""
    jig = start(counting())
    jig.device.count_in("number")
    file = jig.learn()
    assert jig.troubles == [TroubleKind.UNREAD]
    assert jig.asked[:15] == ALL_ASKED[:15]
    assert jig.asked[-5:] == ALL_ASKED[-5:]
    assert any("counter" in note for note in jig.notes)
    checksum = load_protocol(file).frames.rules.checksum
    assert checksum is not None
    assert checksum.kind == "xor8"
    assert_reads_every_key(file, jig.device)


def test_a_press_sent_several_times_is_one_press(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    hasten(monkeypatch, settled=0.4)
    jig = start(checksummed("xor8"))
    jig.device.times = 3
    file = jig.learn()
    assert jig.asked == ALL_ASKED
    assert any("3 times" in note and "acknowledgement" in note for note in jig.notes)
    assert_reads_every_key(file, jig.device)


def test_a_device_that_repeats_until_it_is_acknowledged_is_learned_and_that_is_told(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasten(monkeypatch, settled=0.4, endless=0.9)
    jig = start(checksummed("sum8"))
    jig.device.repeat_until_acknowledged = True
    file = jig.learn()
    assert any("acknowledgement" in note for note in jig.notes)
    jig.device.repeat_until_acknowledged = False
    assert_reads_every_key(file, jig.device)


def test_frames_in_pieces_are_put_together(start: Start) -> None:
    jig = start(checksummed("crc16-modbus"))
    jig.device.piece_seconds = 0.015
    file = jig.learn()
    assert jig.troubles == []
    assert_reads_every_key(file, jig.device)


def test_a_frame_for_the_key_that_is_let_go_means_nothing(start: Start) -> None:
    jig = start(with_heartbeat())
    jig.device.key_up = True
    file = jig.learn()
    assert_reads_every_key(file, jig.device)
