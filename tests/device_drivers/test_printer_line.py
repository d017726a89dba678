"""The serial line as a printer needs it: it waits for a port that takes nothing, and tells the port of it."""

import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from device_drivers.serial_line import WRITE_TIMEOUT_SECONDS, FlowControl, LineSettings, SerialLine, boottime
from device_drivers.simulated.pty_port import PtyPort
from tests.device_drivers.test_serial_line import Events, read_from

MORE_THAN_THE_SYSTEM_HOLDS = 100_000

Start = Callable[..., Events]


@pytest.fixture
def device(tmp_path: Path) -> Iterator[PtyPort]:
    device = PtyPort(tmp_path / "port")
    yield device
    device.unplug()


@pytest.fixture
def start(device: PtyPort) -> Iterator[Start]:
    lines: list[SerialLine] = []

    def start(flow_control: FlowControl = "none") -> Events:
        events = Events()
        settings = LineSettings(flow_control=flow_control)
        events.line = SerialLine(device.path, settings, events, poll_seconds=0.02, write_timeout=None)
        lines.append(events.line)
        events.line.start()
        events.wait_for("connected")
        return events

    yield start
    for line in lines:
        line.close()


def written(events: Events) -> int:
    return sum(len(event[1]) for event in events.of("written") if isinstance(event[1], bytes))


def test_a_port_that_takes_nothing_is_read_meanwhile_and_not_lost(device: PtyPort, start: Start) -> None:
    events = start()
    sent = bytes(range(256)) * (MORE_THAN_THE_SYSTEM_HOLDS // 256)
    assert events.line.write(sent)
    events.wait(lambda: 0 < written(events) < len(sent))
    device.write(b"no paper")
    events.wait(lambda: events.data == b"no paper")
    since = boottime()
    events.wait(lambda: events.told[-1][0] == "silent" and events.told[-1][1] > since + WRITE_TIMEOUT_SECONDS)  # type: ignore[operator]
    assert events.of("gone") == []
    assert len(events.of("began")) == 1
    assert read_from(device, len(sent)) == sent
    events.wait(lambda: written(events) == len(sent))


def test_what_is_discarded_never_arrives_and_what_follows_does(device: PtyPort, start: Start) -> None:
    events = start()
    events.line.write(b"x" * MORE_THAN_THE_SYSTEM_HOLDS)
    events.wait(lambda: events.told[-1][0] == "silent" and written(events) > 0)
    held = written(events)
    events.line.discard()
    events.line.write(b"next")
    events.wait(lambda: events.of("written")[-1][1] == b"next")
    arrived = b""
    while not arrived.endswith(b"next"):
        arrived += read_from(device, 1)
    assert len(arrived) < held, "only what had left the system; a pty's other end had received a part"


def test_who_writes_learns_whether_there_is_a_port(device: PtyPort, start: Start) -> None:
    events = start()
    assert events.line.write(b"1")
    device.unplug()
    events.wait_for("gone")
    assert not events.line.write(b"2")
    events.line.discard()
    device.plug()
    events.wait_for("connected", 2)
    assert events.line.write(b"3")
    assert read_from(device, 1) == b"3"


def test_xoff_stops_the_line_and_xon_lets_it_go_on(device: PtyPort, start: Start) -> None:
    events = start("xonxoff")
    device.write(b"\x13a")
    events.wait(lambda: events.data == b"a")
    events.line.write(b"slip")
    device.write(b"b")
    events.wait(lambda: events.data == b"ab")
    assert written(events) == 0
    assert device.read() == b""
    device.write(b"\x11")
    assert read_from(device, 4) == b"slip"
    assert events.data == b"ab", "neither is taken for an answer"


@pytest.mark.parametrize(
    ("flow_control", "rtscts", "xonxoff"), [("none", False, False), ("rtscts", True, False), ("xonxoff", False, True)]
)
def test_the_system_is_told_which_flow_control_holds(
    device: PtyPort, start: Start, flow_control: FlowControl, rtscts: bool, xonxoff: bool
) -> None:
    start(flow_control)
    input_flags, _, control_flags, *_ = termios.tcgetattr(device.fileno())
    assert bool(control_flags & termios.CRTSCTS) is rtscts
    assert bool(input_flags & termios.IXON) is xonxoff
