"""The driver against a simulated evaluator, real bytes over a pty, in the words of interfaces §3."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial

from device_drivers.evaluator.driver import EvaluatorDriver
from device_drivers.evaluator.frame_reader import Counters
from device_drivers.evaluator.key_presses import FrameKind
from device_drivers.evaluator.protocol import LEVELS, EvaluatorProtocol
from device_drivers.serial_line import boottime
from device_drivers.simulated.evaluator import SimulatedEvaluator
from device_drivers.simulated.evaluator_frames import foreign_frame, press_frame
from tests.device_drivers.protocols import SHARED_BUS, ascii_keys, jt905, protocol_of, shared_bus
from tests.device_drivers.recorder import Recorder

ADDRESS = 0x81
OTHER_ADDRESS = 0x82


class Window:
    """A simulated evaluator, a driver on its port, and what the driver tells."""

    def __init__(self, protocol: EvaluatorProtocol, link: Path) -> None:
        self.protocol = protocol
        self.told = Recorder()
        self.device = SimulatedEvaluator(protocol, ADDRESS, link)
        self.driver = EvaluatorDriver(protocol, self.device.port, ADDRESS, self.told, observer=self.told)

    def start(self) -> "Window":
        self.driver.start()
        self.told.wait_connection(True)
        return self

    def close(self) -> None:
        self.driver.close()
        self.device.close()

    def press_again_until_told(self, level: str) -> None:
        """As a person does where the line was not silent yet; from then on the line is known to be silent."""
        told = len(self.told.presses)
        for _ in range(20):
            self.device.press(level)
            with contextlib.suppress(AssertionError):
                self.told.wait_presses(told + 1, timeout=1.0)
                return
        raise AssertionError("the key was never told")


Open = Callable[[EvaluatorProtocol], Window]


@pytest.fixture
def prepare(tmp_path: Path) -> Iterator[Open]:
    """Sets up a window whose driver is not started yet."""
    windows: list[Window] = []

    def prepare(protocol: EvaluatorProtocol) -> Window:
        windows.append(Window(protocol, tmp_path / f"evaluator-{len(windows)}"))
        return windows[-1]

    yield prepare
    for window in windows:
        window.close()


@pytest.fixture
def window(prepare: Open) -> Window:
    return prepare(shared_bus()).start()


# Presses.


@pytest.mark.parametrize("protocol", [shared_bus(), jt905()], ids=lambda protocol: protocol.name)
def test_each_key_is_told_with_its_level_bytes_and_moment(prepare: Open, protocol: EvaluatorProtocol) -> None:
    window = prepare(protocol).start()
    for count, level in enumerate(LEVELS, start=1):
        before = boottime()
        window.device.press(level)
        press = window.told.wait_presses(count)[-1]
        assert (press.level, press.press_id, press.repeat) == (level, count, 0)
        assert press.frame == press_frame(protocol, level, ADDRESS)
        assert before <= press.at <= boottime()


def test_a_frame_may_arrive_in_pieces(window: Window) -> None:
    before = boottime()
    window.device.press_split("dissatisfied", pause_seconds=0.02)
    finished = boottime()
    [press] = window.told.wait_presses(1)
    assert press.level == "dissatisfied"
    assert before <= press.at < finished - 0.15, "judged by its first byte"


def test_frames_without_a_pause_between_them_are_all_told(window: Window) -> None:
    window.device.press_joined("satisfied", "dissatisfied", "satisfied")
    window.told.wait_presses(3)
    assert [(press.level, press.press_id, press.repeat) for press in window.told.presses] == [
        ("satisfied", 1, 0),
        ("dissatisfied", 2, 0),
        ("satisfied", 1, 1),
    ]


def test_the_same_press_repeated_until_it_is_acknowledged_is_one_press(window: Window) -> None:
    window.device.repeat_until_acknowledged = True
    window.device.press("satisfied")
    presses = window.told.wait_presses(3)
    assert {(press.press_id, press.at) for press in presses} == {(1, presses[0].at)}
    assert [press.repeat for press in presses[:3]] == [0, 1, 2]
    window.driver.acknowledge()
    window.device.wait_heard("acknowledge")
    count = len(window.told.presses)
    window.device.repeat_until_acknowledged = False
    window.device.press("dissatisfied")
    assert window.told.wait_presses(count + 1)[count].level == "dissatisfied"


def test_nothing_is_acknowledged_by_the_driver_itself(window: Window) -> None:
    window.device.press("satisfied")
    window.told.wait_presses(1)
    window.driver.show_stars(1)
    window.device.wait_heard("stars")
    assert [message.kind for message in window.device.heard()] == ["stars"]


# Faults on the line. A good press after the fault proves that the fault itself told nothing.


def assert_only(window: Window, level: str) -> Counters:
    window.device.press(level)
    assert [press.level for press in window.told.wait_presses(1)] == [level]
    return window.driver.counters


def test_a_frame_with_a_wrong_checksum_is_dropped_and_counted(window: Window) -> None:
    window.device.press_with_wrong_checksum("satisfied")
    counters = assert_only(window, "dissatisfied")
    assert (counters.good, counters.bad_checksum) == (1, 1)


def test_a_frame_with_a_wrong_length_is_dropped_and_counted(window: Window) -> None:
    window.device.press_with_wrong_length("satisfied")
    counters = assert_only(window, "dissatisfied")
    assert (counters.good, counters.bad_length) == (1, 1)


def test_a_frame_with_a_wrong_trailer_is_dropped_and_counted(window: Window) -> None:
    window.device.send(press_frame(shared_bus(), "satisfied", ADDRESS)[:-1] + b"\x00")
    counters = assert_only(window, "dissatisfied")
    assert (counters.good, counters.bad_trailer) == (1, 1)


def test_noise_is_skipped_and_the_next_good_frame_is_found(window: Window) -> None:
    window.device.noise(5000, seed=1)
    counters = assert_only(window, "dissatisfied")
    assert counters.noise_bytes == window.told.noise_bytes == 5000


def test_frames_of_another_address_are_neither_told_nor_counted_as_presses(window: Window) -> None:
    window.device.press_at("satisfied", OTHER_ADDRESS)
    assert assert_only(window, "dissatisfied").other_address == 1
    assert window.told.frames == [(FrameKind.OTHER_ADDRESS, None), (FrameKind.PRESS, "dissatisfied")]


def test_heartbeats_and_frames_of_other_devices_are_skipped(window: Window) -> None:
    window.device.send_foreign()
    window.device.send(bytes.fromhex("FF 68 03 03 68 01 0B 00 0C 16"))  # an operator's keypad: "wait"
    window.device.send(bytes.fromhex("A0 90 81 01 02 A5 AA"))  # a light
    counters = assert_only(window, "dissatisfied")
    assert (counters.no_button, counters.other_address, counters.noise_bytes) == (1, 1, 7)


def test_the_hosts_own_echo_is_skipped(window: Window) -> None:
    window.device.echo = True
    window.driver.acknowledge()
    window.driver.show_stars(3)
    window.device.wait_heard("stars")
    assert assert_only(window, "dissatisfied").good == 1


def test_an_echo_that_equals_a_press_is_none(prepare: Open) -> None:
    text = SHARED_BUS.replace('layout      = ["68"', 'layout      = ["FF", "68"')
    text = text.replace('{ command = "01", data = "" }', '{ command = "11", data = "03" }')
    window = prepare(protocol_of(text)).start()
    window.device.echo = True
    window.driver.acknowledge()
    window.told.wait(lambda: (FrameKind.ECHO, None) in window.told.frames, "echo")
    assert assert_only(window, "satisfied").echoes == 1


# What the host says.


def test_the_device_hears_what_the_host_says(window: Window) -> None:
    window.driver.acknowledge()
    window.driver.show_stars(4)
    [stars] = window.device.wait_heard("stars")
    assert stars.stars == 4
    assert [message.raw.hex(" ") for message in window.device.heard()] == [
        "68 02 02 68 81 01 82 16",
        "68 03 03 68 81 02 04 87 16",
    ]


def test_invite_and_thanks_are_sent_where_the_protocol_has_them(prepare: Open) -> None:
    more = '\ninvite = { command = "05", data = "1E" }\nthanks = { command = "06", data = "" }\n'
    window = prepare(protocol_of(SHARED_BUS + more)).start()
    window.driver.invite()
    window.driver.thanks()
    window.device.wait_heard("thanks")
    assert [message.kind for message in window.device.heard()] == ["invite", "thanks"]


def test_what_the_protocol_does_not_know_is_not_sent(window: Window) -> None:
    window.driver.invite()
    window.driver.thanks()
    window.driver.acknowledge()
    window.device.wait_heard("acknowledge")
    assert [message.kind for message in window.device.heard()] == ["acknowledge"]


@pytest.mark.parametrize("stars", [-1, 6])
def test_a_star_level_is_0_to_5(window: Window, stars: int) -> None:
    with pytest.raises(ValueError, match="0 to 5"):
        window.driver.show_stars(stars)


# Connections.


def test_a_device_that_is_missing_at_the_start_is_used_once_it_comes(prepare: Open) -> None:
    window = prepare(shared_bus())
    window.device.unplug()
    window.driver.show_stars(2)
    window.driver.start()
    detail = window.told.wait_connection(False)
    assert "is not there; plug the device in" in detail == window.driver.detail
    assert not window.driver.connected
    window.device.plug()
    window.told.wait_connection(True)
    window.device.press("satisfied")
    window.told.wait_presses(1)
    assert [message.stars for message in window.device.wait_heard("stars")] == [2]


def test_a_replugged_device_is_in_use_within_5_seconds(window: Window) -> None:
    window.device.unplug()
    window.told.wait_connection(False)
    window.device.plug()
    window.told.wait_connection(True, changes=3, timeout=5.0)
    window.device.press("satisfied")
    window.told.wait_presses(1)


@pytest.mark.parametrize("cut", range(11))
def test_the_plug_may_be_pulled_at_any_moment(window: Window, cut: int) -> None:
    frame = press_frame(shared_bus(), "satisfied", ADDRESS)
    window.driver.show_stars(5)
    window.device.wait_heard("stars")
    window.device.send(frame[:cut])
    window.device.unplug()
    window.device.plug()
    window.device.wait_heard("stars", 2)  # the new connection has begun, and the device knows its stars again
    window.device.send(frame[cut:])
    window.device.press("dissatisfied")
    window.told.wait(lambda: "dissatisfied" in window.told.levels, "press")
    whole_frame_on_one_connection = cut in {0, len(frame)}
    assert whole_frame_on_one_connection or window.told.levels == ["dissatisfied"]


def test_a_new_connection_counts_anew(window: Window) -> None:
    window.device.noise(50, seed=1)
    assert assert_only(window, "satisfied").noise_bytes == 50
    window.device.unplug()
    window.told.wait_connection(False)
    window.device.plug()
    window.told.wait_connection(True, changes=3)
    assert window.driver.counters == Counters()


def test_that_another_program_holds_the_port_is_told_as_such(prepare: Open) -> None:
    window = prepare(shared_bus())
    with serial.Serial(window.device.port, exclusive=True):
        window.driver.start()
        assert "another program holds" in window.told.wait_connection(False)
    window.told.wait_connection(True)


def test_a_program_that_was_killed_does_not_keep_the_port_from_the_next(prepare: Open) -> None:
    window = prepare(shared_bus())
    code = (
        "import fcntl, serial, sys, termios, time\n"
        "port = serial.Serial(sys.argv[1], exclusive=True)\n"
        "fcntl.ioctl(port.fileno(), termios.TIOCEXCL)\n"
        "print('open', flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, window.device.port], stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "open\n"
        os.kill(program.pid, signal.SIGKILL)
    window.start()
    window.device.press("satisfied")
    window.told.wait_presses(1)


def test_a_silent_device_is_connected_but_says_nothing(window: Window) -> None:
    window.device.silent = True
    window.device.press("satisfied")
    window.driver.show_stars(1)
    window.device.silent = False
    assert assert_only(window, "dissatisfied").good == 1


def test_closing_is_prompt_and_leaves_no_thread(prepare: Open) -> None:
    window = prepare(shared_bus())
    threads = threading.active_count()
    window.start()
    started = boottime()
    window.driver.close()
    assert boottime() - started < 0.5
    assert threading.active_count() == threads
    assert not window.driver.connected


def test_a_needed_address_is_asked_for_at_once() -> None:
    with pytest.raises(ValueError, match="needs an address from 0 to 255"):
        EvaluatorDriver(shared_bus(), "/dev/null", None, Recorder())


# Protocols that prove a frame by the silence around it.


def test_a_key_that_stands_alone_is_told_within_the_settle_time(prepare: Open) -> None:
    window = prepare(ascii_keys()).start()
    window.press_again_until_told("very_satisfied")
    for level in ("satisfied", "very_dissatisfied"):
        count = len(window.told.presses)
        window.device.press(level)
        press = window.told.wait_presses(count + 1)[-1]
        assert press.level == level
    assert window.driver.settle_seconds == pytest.approx(0.05 + 10 / 9600 + 0.3)


def test_keys_without_silence_between_them_are_none(prepare: Open) -> None:
    window = prepare(ascii_keys()).start()
    window.press_again_until_told("very_satisfied")
    told = len(window.told.presses)
    window.device.press_joined("satisfied", "satisfied")
    window.told.wait(lambda: window.told.noise_bytes >= 2, "noise")
    window.device.press("dissatisfied")
    assert [press.level for press in window.told.wait_presses(told + 1)[told:]] == ["dissatisfied"]


def test_verbs_of_a_device_that_understands_nothing_do_nothing(prepare: Open) -> None:
    window = prepare(ascii_keys()).start()
    window.driver.invite()
    window.driver.acknowledge()
    window.driver.thanks()
    window.driver.show_stars(3)
    window.press_again_until_told("satisfied")
    assert window.device.heard() == []


@pytest.mark.parametrize(
    ("protocol", "seconds"), [(shared_bus(), 10 * 10 / 9600 + 0.3), (ascii_keys(), 10 / 9600 + 0.35)]
)
def test_the_settle_time_is_that_of_the_wire_and_the_silence(
    prepare: Open, protocol: EvaluatorProtocol, seconds: float
) -> None:
    assert prepare(protocol).driver.settle_seconds == pytest.approx(seconds)


def test_a_frame_that_is_foreign_is_good(window: Window) -> None:
    assert foreign_frame(shared_bus(), ADDRESS) != press_frame(shared_bus(), "satisfied", ADDRESS)
    window.device.send_foreign()
    window.told.wait(lambda: window.told.frames == [(FrameKind.NO_BUTTON, None)], "foreign frame")
    assert window.driver.counters.noise_bytes == 0
