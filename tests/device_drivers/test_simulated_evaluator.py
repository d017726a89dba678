"""The simulated evaluator itself: what other tests and the demonstration rely on."""

import fcntl
import os
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from device_drivers.evaluator.codec import FrameJudge, Verdict
from device_drivers.evaluator.protocol import LEVELS, EvaluatorProtocol
from device_drivers.simulated.evaluator import SimulatedEvaluator
from device_drivers.simulated.evaluator_frames import (
    HostMessages,
    foreign_frame,
    frame_with_wrong_checksum,
    frame_with_wrong_length,
    press_frame,
)
from device_drivers.simulated.pty_port import PtyPort
from tests.device_drivers.protocols import ASCII_KEYS, SHARED_BUS, ascii_keys, jt905, protocol_of, shared_bus
from tests.device_drivers.recorder import WAIT_SECONDS
from tests.device_drivers.terminals import is_marked_exclusive

ADDRESS = 0x81
ACKNOWLEDGE = bytes.fromhex("68 02 02 68 81 01 82 16")
STARS_3 = bytes.fromhex("68 03 03 68 81 02 03 86 16")


@pytest.fixture
def device(tmp_path: Path) -> Iterator[SimulatedEvaluator]:
    with SimulatedEvaluator(shared_bus(), ADDRESS, tmp_path / "evaluator") as device:
        yield device


@pytest.fixture
def app(device: SimulatedEvaluator) -> Iterator[serial.Serial]:
    with serial.Serial(device.port, timeout=WAIT_SECONDS) as app:
        yield app


def test_a_press_is_the_frame_of_its_level(device: SimulatedEvaluator, app: serial.Serial) -> None:
    for level in LEVELS:
        device.press(level)
        assert app.read(10) == press_frame(shared_bus(), level, ADDRESS)


def test_what_the_host_says_is_understood(device: SimulatedEvaluator, app: serial.Serial) -> None:
    app.write(ACKNOWLEDGE[:3])
    app.write(ACKNOWLEDGE[3:] + b"??" + STARS_3)
    device.wait_heard("stars")
    assert [(message.kind, message.stars, message.raw) for message in device.heard()] == [
        ("acknowledge", None, ACKNOWLEDGE),
        ("unknown", None, b"??"),
        ("stars", 3, STARS_3),
    ]


def test_waiting_for_what_is_never_said_ends(device: SimulatedEvaluator) -> None:
    with pytest.raises(TimeoutError, match="0 of 1 messages invite"):
        device.wait_heard("invite", timeout=0.01)


def test_a_press_is_repeated_until_it_is_acknowledged(device: SimulatedEvaluator, app: serial.Serial) -> None:
    device.repeat_until_acknowledged = True
    device.press("satisfied")
    assert app.read(30) == press_frame(shared_bus(), "satisfied", ADDRESS) * 3
    app.write(ACKNOWLEDGE)
    device.wait_heard("acknowledge")
    device.send(b"end")
    assert app.read_until(b"end").removesuffix(b"end") in (b"", press_frame(shared_bus(), "satisfied", ADDRESS))
    app.timeout = 0.7
    assert app.read(1) == b""


def test_the_line_can_give_back_what_the_host_sends(device: SimulatedEvaluator, app: serial.Serial) -> None:
    device.echo = True
    app.write(ACKNOWLEDGE)
    assert app.read(len(ACKNOWLEDGE)) == ACKNOWLEDGE


def test_a_silent_device_neither_sends_nor_hears(device: SimulatedEvaluator, app: serial.Serial) -> None:
    device.silent = True
    device.press("satisfied")
    device.silent = False
    device.press("dissatisfied")
    assert app.read(10) == press_frame(shared_bus(), "dissatisfied", ADDRESS)


def test_unplugging_breaks_the_connection_and_takes_the_link_away(device: SimulatedEvaluator) -> None:
    app = serial.Serial(device.port, timeout=WAIT_SECONDS)
    device.unplug()
    with pytest.raises(OSError, match=r"read failed|returned no data|Input/output error"):
        app.read(1)
    app.close()
    assert not Path(device.port).is_symlink()
    device.press("satisfied")  # nobody can hear it
    device.plug()
    device.plug()
    with serial.Serial(device.port, timeout=WAIT_SECONDS) as again:
        device.press("satisfied")
        assert again.read(10) == press_frame(shared_bus(), "satisfied", ADDRESS)


def test_an_app_that_goes_away_does_not_end_the_device(device: SimulatedEvaluator) -> None:
    for _ in range(3):
        with serial.Serial(device.port, timeout=WAIT_SECONDS) as app:
            device.press("satisfied")
            assert app.read(10) == press_frame(shared_bus(), "satisfied", ADDRESS)
        device.noise(10)


def test_a_link_that_was_left_behind_is_replaced(tmp_path: Path) -> None:
    link = tmp_path / "evaluator"
    for name in (link, tmp_path / "evaluator.new"):
        name.symlink_to("/nowhere")
    port = PtyPort(link)
    assert link.resolve().is_char_device()
    port.unplug()


def test_without_a_link_the_port_is_the_ptys_own_path() -> None:
    with SimulatedEvaluator(ascii_keys()) as device:
        assert device.port.startswith("/dev/pts/")
    device.close()


def test_a_killed_programs_claim_on_the_port_is_forgotten() -> None:
    port = PtyPort()
    held = os.open(port.path, os.O_RDWR | os.O_NOCTTY)
    fcntl.ioctl(held, termios.TIOCEXCL)
    assert is_marked_exclusive(held)
    port.forget_exclusive_use()
    assert not is_marked_exclusive(held)
    os.close(held)
    port.unplug()


def test_a_line_that_nobody_reads_loses_what_is_sent() -> None:
    port = PtyPort()
    port.write(bytes(100_000))
    with serial.Serial(port.path, timeout=WAIT_SECONDS) as app:
        port.write(b"heard")
        assert app.read(5) == b"heard"
    port.unplug()


@pytest.mark.parametrize("protocol", [shared_bus(), jt905()], ids=["shared-bus-68", "jt905"])
def test_wrong_frames_are_wrong_in_one_thing_only(protocol: EvaluatorProtocol) -> None:
    judge = FrameJudge(protocol.frames)
    for level in LEVELS:
        assert judge.verdict(press_frame(protocol, level, ADDRESS)) is Verdict.GOOD
        assert judge.verdict(frame_with_wrong_checksum(protocol, level, ADDRESS)) is Verdict.BAD_CHECKSUM
        assert judge.verdict(frame_with_wrong_length(protocol, level, ADDRESS)) is Verdict.BAD_LENGTH
    foreign = foreign_frame(protocol, ADDRESS)
    assert judge.verdict(foreign) is Verdict.GOOD
    assert protocol.level_of(judge.fields(foreign)) is None


def test_a_frame_without_length_field_is_wrong_by_a_byte() -> None:
    text = SHARED_BUS.replace('"length", "length", ', "").replace('length   = ["address", "command", "data"]', "")
    protocol = protocol_of(text)
    assert frame_with_wrong_length(protocol, "satisfied", ADDRESS) == press_frame(protocol, "satisfied", ADDRESS)[:-1]


def test_a_frame_without_checksum_has_none_that_could_be_wrong() -> None:
    with pytest.raises(ValueError, match="have no checksum"):
        frame_with_wrong_checksum(ascii_keys(), "satisfied", None)


def test_of_two_messages_that_begin_alike_the_longer_one_is_heard() -> None:
    host = '[host]\nlayout = ["word"]\nacknowledge = { word = "41" }\ninvite = { word = "4142" }\n'
    protocol = protocol_of(ASCII_KEYS.replace("{ key = 1 }", "{ key = 1, word = 1 }") + host)
    messages = HostMessages(protocol, None)
    assert [message.kind for message in messages.feed(b"AABA")] == ["acknowledge", "invite", "acknowledge"]
