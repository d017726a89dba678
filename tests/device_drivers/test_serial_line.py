"""The serial line on real ptys."""

import select
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import serial
from structlog.testing import capture_logs

from device_drivers.serial_line import LineSettings, SerialLine, boottime
from device_drivers.serial_ports import PortLister, present_ports
from device_drivers.simulated.pty_port import PtyPort
from tests.device_drivers.recorder import WAIT_SECONDS
from tests.device_drivers.sockets import CH340, Listed
from tests.device_drivers.terminals import is_marked_exclusive


@dataclass
class Events:
    """What a line tells, in its order; a test waits until it is enough."""

    told: list[tuple[object, ...]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    line: SerialLine = field(init=False)
    on_received: Callable[[bytes], None] = lambda data: None

    def connection_began(self, at: float) -> None:
        self.tell("began", at)

    def received(self, data: bytes, at: float) -> None:
        self.tell("received", data, at)
        self.on_received(data)

    def silent(self, until: float) -> None:
        self.tell("silent", until)

    def written(self, data: bytes, at: float) -> None:
        self.tell("written", data, at)

    def connection_changed(self, connected: bool, detail: str) -> None:
        self.tell("connected" if connected else "gone", detail)

    def tell(self, *event: object) -> None:
        with self.changed:
            self.told.append(event)
            self.changed.notify_all()

    def of(self, kind: str) -> list[tuple[object, ...]]:
        return [event for event in self.told if event[0] == kind]

    @property
    def data(self) -> bytes:
        return b"".join(event[1] for event in self.of("received") if isinstance(event[1], bytes))

    def wait(self, wanted: Callable[[], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(wanted, WAIT_SECONDS), self.told

    def wait_for(self, kind: str, count: int = 1) -> tuple[object, ...]:
        self.wait(lambda: len(self.of(kind)) >= count)
        return self.of(kind)[count - 1]


@pytest.fixture
def device(tmp_path: Path) -> Iterator[PtyPort]:
    device = PtyPort(tmp_path / "port")
    yield device
    device.unplug()


class Start:
    """Starts lines, to the device if no other port is named; closes them in the end."""

    def __init__(self, port: str) -> None:
        self._port = port
        self._lines: list[SerialLine] = []

    def __call__(
        self, port: str | None = None, settings: LineSettings | None = None, list_ports: PortLister = present_ports
    ) -> Events:
        events = Events()
        events.line = SerialLine(
            port or self._port, settings or LineSettings(), events, poll_seconds=0.02, list_ports=list_ports
        )
        self._lines.append(events.line)
        events.line.start()
        return events

    def close(self) -> None:
        for line in self._lines:
            line.close()


@pytest.fixture
def start(device: PtyPort) -> Iterator[Start]:
    start = Start(device.path)
    yield start
    start.close()


def open_descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def read_from(device: PtyPort, size: int) -> bytes:
    data = b""
    while len(data) < size:
        assert select.select([device], [], [], WAIT_SECONDS)[0], f"only {data!r} came"
        data += device.read()
    return data


def test_bytes_arrive_with_the_moment_of_their_arrival(device: PtyPort, start: Start) -> None:
    events = start()
    events.wait_for("connected")
    before = boottime()
    device.write(bytes(range(256)))
    events.wait(lambda: len(events.data) == 256)
    assert events.data == bytes(range(256)), "XON, XOFF and the like are bytes as any other"
    assert all(before < event[2] < boottime() for event in events.of("received"))  # type: ignore[operator]


def test_bytes_are_written_in_order_and_told(device: PtyPort, start: Start) -> None:
    events = start()
    events.wait_for("connected")
    events.line.write(b"one")
    events.line.write(b"\x11\x13two")
    assert read_from(device, 8) == b"one\x11\x13two"
    assert events.wait_for("written", 2)[1] == b"\x11\x13two"


def test_bytes_that_waited_before_opening_are_discarded(device: PtyPort, start: Start) -> None:
    device.write(b"old")
    events = start()
    events.wait_for("connected")
    device.write(b"new")
    events.wait(lambda: events.data.endswith(b"new"))
    assert events.data == b"new"


def test_silence_is_told_up_to_a_moment_at_which_the_port_was_empty(device: PtyPort, start: Start) -> None:
    events = start()
    until = events.wait_for("silent", 2)[1]
    assert isinstance(until, float)
    assert until <= boottime()


def test_the_port_is_opened_exclusively_in_both_ways(device: PtyPort, start: Start) -> None:
    events = start()
    events.wait_for("connected")
    with pytest.raises(serial.SerialException, match="exclusively lock"):
        serial.Serial(device.path, exclusive=True)
    assert is_marked_exclusive(device._slave)
    events.line.close()
    assert not is_marked_exclusive(device._slave), "the mark would lock out the next start"


def test_that_another_program_holds_the_port_is_told_in_its_own_words(device: PtyPort, start: Start) -> None:
    with serial.Serial(device.path, exclusive=True):
        events = start()
        assert "another program holds" in str(events.wait_for("gone")[1])
    events.wait_for("connected")


def test_a_port_may_be_missing_at_the_start(device: PtyPort, start: Start) -> None:
    device.unplug()
    events = start()
    assert "is not there; plug the device in" in str(events.wait_for("gone")[1])
    device.plug()
    events.wait_for("connected")
    device.write(b"hello")
    events.wait(lambda: events.data == b"hello")


def test_a_lost_port_is_told_with_its_first_cause_and_found_again(device: PtyPort, start: Start) -> None:
    events = start()
    events.wait_for("connected")
    for turn in (1, 2):
        device.unplug()
        cause = str(events.wait_for("gone", turn)[1])
        assert "failed: " in cause
        assert "now: " in cause
        replugged = boottime()
        device.plug()
        began = events.wait_for("began", turn + 1)[1]
        assert isinstance(began, float)
        assert began - replugged < 5
        events.wait_for("connected", turn + 1)


def test_a_glitch_is_logged_but_not_told(device: PtyPort, start: Start) -> None:
    with capture_logs() as logs:
        events = start()
        events.wait_for("connected")
        device.unplug()
        device.plug()
        events.wait_for("began", 2)
        device.write(b"here")
        events.wait(lambda: events.data == b"here")
    assert not events.of("gone")
    assert len(events.of("connected")) == 1
    assert [log["event"] for log in logs] == ["serial port opened", "serial port missed", "serial port opened"]


def test_a_port_that_is_away_for_long_is_one_line_in_the_log(device: PtyPort, start: Start) -> None:
    device.unplug()
    with capture_logs() as logs:
        start().wait_for("gone")
    assert [log["event"] for log in logs] == ["serial port missed"]


def test_what_was_to_be_written_is_not_written_to_the_next_connection(device: PtyPort, start: Start) -> None:
    device.unplug()
    events = start()
    events.wait_for("gone")
    events.line.write(b"late")
    device.plug()
    events.wait_for("began")
    events.line.write(b"now")
    assert read_from(device, 3) == b"now"


def test_a_lost_port_is_closed_at_once(device: PtyPort, start: Start) -> None:
    events = start()
    events.wait_for("connected")
    used = open_descriptors()
    device.unplug()  # two descriptors are the device's own
    events.wait_for("gone")
    assert used - 2 > open_descriptors(), "an open descriptor keeps the number of the USB port"


def test_auto_is_found_again_under_another_name(device: PtyPort, start: Start, tmp_path: Path) -> None:
    present = [Listed(device.path, *CH340)]
    events = start("auto", list_ports=lambda: present)
    events.wait_for("connected")
    present.clear()
    device.unplug()
    assert 'now: port "auto": no USB serial port is present' in str(events.wait_for("gone")[1])
    renumbered = PtyPort(tmp_path / "another")
    present.append(Listed(renumbered.path, *CH340))
    events.wait_for("connected", 2)
    renumbered.unplug()


def test_a_speed_that_the_port_refuses_is_a_cause_not_an_end(
    device: PtyPort, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("Failed to set custom baud rate (12345): [Errno 22] Invalid argument")

    monkeypatch.setattr(serial.Serial, "_set_special_baudrate", refuse)
    events = start(settings=LineSettings(baud=12345))
    assert "Failed to set custom baud rate" in str(events.wait_for("gone")[1])


def test_a_port_that_takes_no_bytes_is_lost(device: PtyPort, start: Start) -> None:
    events = start()
    events.wait_for("connected")
    events.line.write(bytes(100_000))
    events.wait_for("began", 2)
    assert not events.of("written")


@pytest.mark.parametrize("fault", [OSError("disk full"), TypeError("a bug")])
def test_a_listeners_fault_is_logged_and_is_not_taken_for_a_lost_port(
    device: PtyPort, start: Start, fault: Exception
) -> None:
    def fail(_: bytes) -> None:
        raise fault

    with capture_logs() as logs:
        events = start()
        events.wait_for("connected")
        events.on_received = fail
        device.write(b"1")
        events.wait(lambda: events.data == b"1")
        device.write(b"2")
        events.wait(lambda: events.data == b"12")
        events.line.close()
    assert [log["event"] for log in logs[1:]] == ["a listener of the serial line failed"] * 2
    assert not events.of("gone")


def test_closing_writes_what_waits_and_leaves_nothing_behind(device: PtyPort) -> None:
    threads, descriptors = threading.active_count(), open_descriptors()
    events = Events()
    line = SerialLine(device.path, LineSettings(), events)
    line.start()
    events.wait_for("connected")
    line.write(b"last words")
    line.close()
    line.close()
    assert read_from(device, 10) == b"last words"
    assert threading.active_count() == threads
    assert open_descriptors() == descriptors
    line.write(b"nobody is there")
    assert not line.connected


def test_closing_does_not_wait_for_a_port_that_is_away(tmp_path: Path) -> None:
    line = SerialLine(str(tmp_path / "nothing"), LineSettings(), Events())
    line.start()
    started = boottime()
    line.close()
    assert boottime() - started < 0.3


def test_a_line_that_was_never_started_can_be_closed() -> None:
    line = SerialLine("/nowhere", LineSettings(), Events())
    line.close()
    assert not line.connected


def test_a_listener_may_close_the_line(device: PtyPort, start: Start) -> None:
    events = start()
    events.wait_for("connected")
    events.on_received = lambda _: events.line.close()
    device.write(b"x")
    events.line._thread.join(WAIT_SECONDS)
    assert not events.line._thread.is_alive()


@pytest.mark.parametrize(
    ("settings", "milliseconds"),
    [(LineSettings(9600, 8, "N", 1), 1.0417), (LineSettings(1200, 7, "E", 2), 9.1667)],
)
def test_a_byte_takes_its_start_parity_and_stop_bits(settings: LineSettings, milliseconds: float) -> None:
    assert settings.seconds_per_byte * 1000 == pytest.approx(milliseconds, rel=1e-4)
