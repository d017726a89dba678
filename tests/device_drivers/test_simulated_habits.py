"""What a simulated evaluator does besides sending one frame a press: what learning has to cope with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from device_drivers.simulated.evaluator import SimulatedEvaluator
from device_drivers.simulated.evaluator_frames import foreign_frame, press_frame
from device_drivers.simulated.evaluator_habits import LED_STRIP, Routine, Schedule
from tests.device_drivers.protocols import ascii_keys, jt905, shared_bus
from tests.device_drivers.recorder import WAIT_SECONDS
from tests.device_drivers.test_simulated_console import Console
from tests.device_drivers.undocumented import counting, letters

ADDRESS = 0x81
PRESS = press_frame(shared_bus(), "satisfied", ADDRESS)


@pytest.fixture
def device(tmp_path: Path) -> Iterator[SimulatedEvaluator]:
    with SimulatedEvaluator(shared_bus(), ADDRESS, tmp_path / "evaluator") as device:
        yield device


@pytest.fixture
def app(device: SimulatedEvaluator) -> Iterator[serial.Serial]:
    with serial.Serial(device.port, timeout=WAIT_SECONDS) as app:
        yield app


def test_heartbeats_and_lights_go_on_until_they_are_ended(device: SimulatedEvaluator, app: serial.Serial) -> None:
    beat = foreign_frame(shared_bus(), ADDRESS)
    device.beat_every(0.05)
    assert app.read(3 * len(beat)) == 3 * beat
    device.end_routines()
    device.light_every(0.05)
    assert app.read_until(2 * LED_STRIP).endswith(2 * LED_STRIP)
    device.end_routines()
    device.send(b"end")
    assert set(app.read_until(b"end").removesuffix(b"end").split(LED_STRIP)) == {b""}


def test_a_neighbour_is_pressed_with_its_own_address(device: SimulatedEvaluator, app: serial.Serial) -> None:
    device.let_neighbour_press_every(0.02, 0x82)
    assert app.read(20) == press_frame(shared_bus(), "very_satisfied", 0x82) + press_frame(
        shared_bus(), "satisfied", 0x82
    )


def test_without_addresses_there_are_no_neighbours() -> None:
    with SimulatedEvaluator(ascii_keys()) as device, pytest.raises(ValueError, match="have no address"):
        device.let_neighbour_press_every(1.0, 0x82)


def test_a_press_may_be_sent_several_times(device: SimulatedEvaluator, app: serial.Serial) -> None:
    device.times = 3
    device.press("satisfied")
    assert app.read(30) == 3 * PRESS


def test_a_press_may_come_in_pieces_that_nothing_comes_between(device: SimulatedEvaluator, app: serial.Serial) -> None:
    device.piece_seconds = 0.02
    device.press("satisfied")
    device.light_every(0.03)
    assert PRESS in app.read(30)


def test_a_key_that_is_let_go_may_be_told(device: SimulatedEvaluator, app: serial.Serial) -> None:
    device.key_up = True
    device.press("satisfied")
    assert app.read(20) == PRESS + foreign_frame(shared_bus(), ADDRESS)


def test_presses_may_be_numbered() -> None:
    with SimulatedEvaluator(counting()) as device, serial.Serial(device.port, timeout=WAIT_SECONDS) as app:
        device.count_in("number")
        device.press("very_satisfied")
        device.press("very_satisfied")
        assert app.read(10) == bytes.fromhex("02 01 10 11 03  02 02 10 12 03")
        with pytest.raises(ValueError, match="allowed: number"):
            device.count_in("key")
        device.count_in(None)
        device.press("very_satisfied")
        assert app.read(5) == bytes.fromhex("02 00 10 10 03")


def test_a_counter_begins_again_after_its_last_number() -> None:
    assert press_frame(counting(), "satisfied", None, "number", 0x1FF)[1] == 0xFF
    with pytest.raises(ValueError, match="allowed: manufacturer"), SimulatedEvaluator(jt905()) as device:
        device.count_in("length")


def test_at_another_speed_garbage_is_heard() -> None:
    with SimulatedEvaluator(letters(4800)) as device, serial.Serial(device.port, 9600, timeout=WAIT_SECONDS) as app:
        device.own_speed_only = True
        device.press("very_satisfied")
        garbage = app.read(2)
        assert b"a" not in garbage
        app.baudrate = 4800
        device.press("very_satisfied")
        assert app.read(1) == b"a"


def test_the_console_takes_a_protocol_file_that_lies_anywhere(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(Path(ascii_keys().source).read_bytes().replace(b'"ascii-keys"', b'"mine"'))
    console = Console("--protocol-file", str(file))
    with serial.Serial(console.port, timeout=WAIT_SECONDS) as app:
        console.do("press very_dissatisfied")
        assert app.read(1) == b"1"
    assert console.end() == (0, "")


# The schedule, without a clock.


def test_what_is_due_comes_in_the_order_of_its_times() -> None:
    schedule = Schedule()
    schedule.once(2.0, b"second")
    schedule.once(1.0, b"first")
    assert schedule.wait(0.0, 60.0) == 1.0
    assert schedule.take(0.5) == []
    assert schedule.take(3.0) == [b"first", b"second"]
    schedule.once(4.0, b"never")
    schedule.forget()
    assert schedule.take(9.0) == []
    assert schedule.wait(0.0, 60.0) == 60.0


def test_a_routine_takes_its_frames_in_turn_and_does_not_catch_up() -> None:
    schedule = Schedule()
    schedule.again(Routine((b"a", b"b"), 1.0), 0.0)
    assert schedule.take(0.0) == [b"a"]
    assert schedule.take(0.9) == []
    assert schedule.take(5.0) == [b"b"]
    assert schedule.take(5.0) == [b"a"]
    assert schedule.take(5.5) == []


def test_a_routine_waits_for_a_frame_that_is_being_sent() -> None:
    schedule = Schedule()
    schedule.again(Routine((b"beat",), 1.0), 0.0)
    schedule.take(0.0)
    for at in (0.9, 1.0, 1.1):
        schedule.once(at, b"p")
    assert schedule.take(1.05) == [b"p", b"p"]
    assert schedule.take(1.2) == [b"p"]
    assert schedule.take(1.2) == [b"beat"]
