"""What goes wrong while an evaluator is learned: people, plugs, speeds. It is told, and what was right is kept."""

import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial

from device_drivers.evaluator import line_trials, listening_port
from device_drivers.evaluator.learner_events import Ask, Patience, TroubleKind
from device_drivers.evaluator.protocol import LEVELS, EvaluatorProtocol
from device_drivers.evaluator.protocol_file import load_protocol
from device_drivers.serial_line import LineSettings
from device_drivers.simulated import evaluator as simulated_evaluator
from device_drivers.simulated.evaluator import SimulatedEvaluator
from tests.device_drivers.learning_jig import Jig, device_of, hasten, later
from tests.device_drivers.test_learner import ALL_ASKED, assert_reads_every_key
from tests.device_drivers.undocumented import ascii_lines, checksummed, letters

Start = Callable[[EvaluatorProtocol], Jig]

BEST, SECOND, THIRD, FOURTH, WORST = LEVELS


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


@pytest.fixture
def jig(start: Start) -> Jig:
    return start(checksummed("sum8"))


def errs_once(jig: Jig, wrong: Ask, act: Callable[[], None]) -> None:
    """A technician who presses as asked, but for one asking, where this happens instead."""

    def answer(ask: Ask, before: int) -> None:
        if ask == wrong and before == 0:
            act()
        else:
            jig.device.press(ask.level)

    jig.answer = answer


# People.


@pytest.mark.parametrize("press", [1, 2, 3])
def test_a_wrong_key_among_three_presses_is_told_and_asked_again(jig: Jig, press: int) -> None:
    errs_once(jig, Ask(BEST, press), lambda: jig.device.press(WORST))
    file = jig.learn()
    assert jig.troubles == [TroubleKind.ODD]
    assert jig.asked == [*ALL_ASKED[:3], (BEST, press), *ALL_ASKED[3:]]
    assert_reads_every_key(file, jig.device)


def test_the_last_key_pressed_once_more_is_told_at_once(jig: Jig) -> None:
    errs_once(jig, Ask(SECOND, 1), lambda: jig.device.press(BEST))
    file = jig.learn()
    assert jig.troubles == [TroubleKind.OTHER_KEY]
    assert jig.asked == [*ALL_ASKED[:4], (SECOND, 1), *ALL_ASKED[4:]]
    assert_reads_every_key(file, jig.device)


def test_a_key_pressed_twice_is_pressed_once(jig: Jig) -> None:
    def twice() -> None:
        jig.device.press(THIRD)
        later(0.05, lambda: jig.device.press(THIRD))

    errs_once(jig, Ask(THIRD, 2), twice)
    file = jig.learn()
    assert jig.asked == ALL_ASKED
    assert_reads_every_key(file, jig.device)


def test_a_late_press_is_as_good(jig: Jig) -> None:
    errs_once(jig, Ask(BEST, 1), lambda: later(0.7, lambda: jig.device.press(BEST)))
    jig.learn()
    assert jig.troubles == []
    assert jig.asked == ALL_ASKED


def test_an_asking_that_nobody_answers_is_told_and_asked_again_and_nothing_is_lost(jig: Jig) -> None:
    errs_once(jig, Ask(SECOND, 2), lambda: None)
    file = jig.learn(patience=Patience(answer=0.5))
    assert jig.troubles == [TroubleKind.UNANSWERED]
    assert jig.asked == [*ALL_ASKED[:5], (SECOND, 2), *ALL_ASKED[5:]]
    assert_reads_every_key(file, jig.device)


def test_nobody_at_all_is_told_three_times_and_ends_it(jig: Jig) -> None:
    jig.answer = lambda _ask, _before: None
    failure = jig.failure(patience=Patience(answer=0.2))
    assert "3 times" in failure
    assert "power" in failure
    assert jig.asked == [(BEST, 1)] * 3
    assert list(jig.evaluators.iterdir()) == []


def test_a_wrong_key_in_the_proof_is_asked_for_once_more(jig: Jig) -> None:
    errs_once(jig, Ask(FOURTH, 4), lambda: jig.device.press(BEST))
    file = jig.learn()
    assert jig.troubles == [TroubleKind.MISREAD]
    assert jig.asked == [*ALL_ASKED[:19], (FOURTH, 4), (WORST, 4)]
    assert_reads_every_key(file, jig.device)


def test_a_file_that_reads_a_key_wrongly_in_the_proof_is_not_left_behind(jig: Jig) -> None:
    """As if the keys had been pressed in the wrong order while it was learned."""
    jig.answer = lambda ask, _: jig.device.press(ask.level if ask.press < 4 else LEVELS[4 - LEVELS.index(ask.level)])
    failure = jig.failure()
    assert "very_satisfied was read as very_dissatisfied" in failure
    assert "learn again" in failure
    assert list(jig.evaluators.iterdir()) == []


def test_two_keys_that_send_the_same_cannot_be_learned(jig: Jig) -> None:
    jig.answer = lambda ask, _: jig.device.press(BEST if ask.level == SECOND else ask.level)
    jig.failure(patience=Patience(answer=0.5, askings=30))
    assert TroubleKind.OTHER_KEY in jig.troubles
    assert list(jig.evaluators.iterdir()) == []


def test_it_can_be_stopped_at_any_time(jig: Jig) -> None:
    def stop(ask: Ask, _before: int) -> None:
        assert jig.learner is not None
        if ask.press == 2:
            threading.Thread(target=jig.learner.stop).start()
        else:
            jig.device.press(ask.level)

    jig.answer = stop
    assert "ended" in jig.failure(patience=Patience())
    assert list(jig.evaluators.iterdir()) == []
    assert jig.learner is not None
    jig.learner.stop()  # once more is no fault


# Plugs.


@pytest.mark.parametrize("asking", [Ask(BEST, 1), Ask(THIRD, 2), Ask(SECOND, 4)])
def test_a_pulled_plug_is_told_and_the_same_press_asked_for_again(jig: Jig, asking: Ask) -> None:
    def pull() -> None:
        jig.device.unplug()
        later(0.6, jig.device.plug)

    errs_once(jig, asking, pull)
    file = jig.learn()
    assert set(jig.troubles) == {TroubleKind.UNPLUGGED}
    place = ALL_ASKED.index((asking.level, asking.press))
    assert jig.asked == [*ALL_ASKED[: place + 1], *ALL_ASKED[place:]]
    assert_reads_every_key(file, jig.device)


def test_a_device_that_is_not_there_yet_is_waited_for(jig: Jig) -> None:
    jig.device.unplug()
    later(0.6, jig.device.plug)
    jig.learn()
    assert jig.troubles == [TroubleKind.UNPLUGGED]


def test_a_port_that_never_comes_ends_it_with_what_to_do(jig: Jig) -> None:
    jig.port = "/dev/nothing-like-it"
    assert "plug the device in" in jig.failure(patience=Patience(start=0.1))


def test_a_port_that_another_program_holds_is_told_as_such(jig: Jig) -> None:
    with serial.Serial(jig.device.port, exclusive=True):
        assert "another program holds" in jig.failure(patience=Patience(start=0.1))


# Files.


def test_the_file_can_be_read_by_the_app_and_nothing_else_is_left(jig: Jig) -> None:
    file = jig.learn("hall-7")
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert [entry.name for entry in jig.evaluators.iterdir()] == ["hall-7.toml"]
    assert load_protocol(file).name == "hall-7"


def test_names_are_numbered_where_none_is_given(jig: Jig) -> None:
    jig.evaluators.mkdir()
    (jig.evaluators / "learned-1.toml").write_text("a file of somebody's")
    assert jig.learn().name == "learned-2.toml"


@pytest.mark.parametrize(
    ("name", "words"), [("mine", "exists"), ("shared-bus-68", "built-in"), ("../mine", "allowed"), ("", "allowed")]
)
def test_no_other_file_is_overwritten_and_that_is_told_before_anything_is_asked(
    jig: Jig, name: str, words: str
) -> None:
    jig.evaluators.mkdir()
    (jig.evaluators / "mine.toml").write_text("a file of somebody's")
    assert words in jig.failure(name)
    assert jig.asked == []
    assert (jig.evaluators / "mine.toml").read_text() == "a file of somebody's"


def test_a_file_is_replaced_where_that_is_wished_and_only_by_one_that_is_proved(jig: Jig) -> None:
    jig.evaluators.mkdir()
    mine = jig.evaluators / "mine.toml"
    mine.write_text("a file of somebody's")
    right, jig.answer = jig.answer, lambda ask, _: jig.device.press(ask.level if ask.press < 4 else WORST)
    with pytest.raises(RuntimeError, match="was read as"):
        jig.learn("mine", replace=True)
    assert mine.read_text() == "a file of somebody's"
    jig.answer = right
    assert jig.learn("mine", replace=True) == mine
    assert_reads_every_key(mine, jig.device)


# Speeds. A receiver at another speed hears what the wire's levels make of it.


@pytest.mark.parametrize("baud", [19200, 115200, 4800, 1200])
def test_another_speed_is_found(start: Start, baud: int) -> None:
    jig = start(checksummed("sum8", baud=baud))
    jig.device.own_speed_only = True
    file = jig.learn()
    assert set(jig.troubles) >= {TroubleKind.GARBLED}
    assert load_protocol(file).line.baud == baud
    assert_reads_every_key(file, jig.device)


@pytest.mark.parametrize("baud", [38400, 2400])
def test_another_speed_of_a_device_that_sends_one_letter_a_key_is_found(start: Start, baud: int) -> None:
    jig = start(letters(baud))
    jig.device.own_speed_only = True
    file = jig.learn()
    assert load_protocol(file).line.baud == baud
    assert_reads_every_key(file, jig.device)


def test_a_device_too_fast_to_be_heard_at_all_is_found(start: Start) -> None:
    jig = start(letters(115200))
    jig.device.own_speed_only = True
    file = jig.learn(patience=Patience(answer=0.5))
    assert load_protocol(file).line.baud == 115200


def test_an_adapter_that_cannot_do_a_setting_is_not_taken_for_unplugged(
    jig: Jig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pseudo-terminal knows no parity, as some adapters; and a device on USB sends the same at any speed."""
    lines = (LineSettings(9600, 8, "N"), LineSettings(115200, 8, "E"), LineSettings(4800, 7, "O"))
    monkeypatch.setattr(line_trials.LineTrials.__init__, "__defaults__", (lines,))
    jig.answer = lambda _ask, _before: jig.device.press(BEST)
    assert "the same as another key" in jig.failure(patience=Patience(answer=0.5))
    assert set(jig.troubles) == {TroubleKind.OTHER_KEY, TroubleKind.GARBLED}


@pytest.fixture
def adapter_reports_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pseudo-terminal marks nothing, so the far end marks what is heard at a wrong speed, as the kernel would."""
    monkeypatch.setattr(listening_port, "_mark_errors", lambda _descriptor: None)
    monkeypatch.setattr(
        simulated_evaluator, "heard_at", lambda data, *_: b"".join(b"\xff\x00" + bytes([byte]) for byte in data)
    )


@pytest.mark.usefixtures("adapter_reports_damage")
def test_damaged_bytes_tell_a_wrong_speed_at_the_first_press(start: Start) -> None:
    jig = start(ascii_lines(38400))
    jig.device.own_speed_only = True
    file = jig.learn()
    assert jig.asked == [(BEST, 1)] * 2 + ALL_ASKED
    assert jig.troubles == [TroubleKind.GARBLED] * 2
    assert load_protocol(file).line.baud == 38400


@pytest.mark.usefixtures("adapter_reports_damage")
def test_a_damaged_heartbeat_tells_a_wrong_speed_before_anything_is_pressed(start: Start) -> None:
    jig = start(checksummed("sum8", baud=38400))
    jig.device.own_speed_only = True
    jig.device.send_every(0.25, b"still here\r\n")
    file = jig.learn()
    assert jig.asked == ALL_ASKED
    assert load_protocol(file).line.baud == 38400


@pytest.mark.usefixtures("adapter_reports_damage")
def test_a_press_damaged_at_a_setting_that_is_right_is_asked_for_again(jig: Jig) -> None:
    errs_once(jig, Ask(SECOND, 1), lambda: jig.device.send(b"\x7e\x03\xff\x00\x3c\x07\xa2"))
    file = jig.learn()
    assert jig.troubles == [TroubleKind.NOISE]
    assert load_protocol(file).line.baud == 9600
    assert_reads_every_key(file, jig.device)


@pytest.mark.usefixtures("adapter_reports_damage")
def test_a_line_that_is_damaged_at_every_setting_is_told_and_ends_it(start: Start) -> None:
    jig = start(ascii_lines())
    jig.device.send_every(0.05, b"\xff\x00\x13\xff\x00\x37")
    assert "damaged" in jig.failure()
    assert jig.asked == []
