"""A driver lets go of its port for somebody else, and takes it back: on real ptys."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from device_drivers.evaluator.driver import EvaluatorDriver
from device_drivers.printer.conditions import Condition, PrintState
from device_drivers.scanner.driver import ScannerDriver
from device_drivers.serial_line import LineSettings, NotReleasedError, SerialLine
from device_drivers.simulated.evaluator import SimulatedEvaluator
from device_drivers.simulated.pty_port import PtyPort
from tests.device_drivers.printing import SHORT, Desk, number_slip
from tests.device_drivers.protocols import shared_bus
from tests.device_drivers.recorder import WAIT_SECONDS, Recorder
from tests.device_drivers.test_serial_line import Events

LENT = "lent to the technician"


@pytest.fixture
def device(tmp_path: Path) -> Iterator[PtyPort]:
    device = PtyPort(tmp_path / "port")
    yield device
    device.unplug()


@pytest.fixture
def events(device: PtyPort) -> Iterator[Events]:
    events = Events()
    events.line = SerialLine(device.path, LineSettings(), events, poll_seconds=0.02)
    events.line.start()
    events.wait_for("connected")
    yield events
    events.line.close()


def use(port: str) -> None:
    """As another program does, that wants it for itself."""
    serial.Serial(port, exclusive=True).close()


def test_a_released_port_is_free_at_once_and_is_told_as_lent(device: PtyPort, events: Events) -> None:
    events.line.release(LENT)
    use(device.path)
    assert not events.line.connected
    assert events.line.detail == LENT
    assert events.wait_for("gone") == ("gone", LENT)


def test_a_port_is_in_use_again_once_it_is_taken_back(device: PtyPort, events: Events) -> None:
    for turn in (2, 3, 4):
        events.line.release(LENT)
        events.line.take_back()
        events.wait_for("connected", turn)
        assert events.line.detail == ""
    device.write(b"here")
    events.wait(lambda: events.data == b"here")


def test_what_was_to_be_said_is_said_before_the_port_is_lent(device: PtyPort, events: Events) -> None:
    events.line.write(b"thanks")
    events.line.release(LENT)
    assert device.read() == b"thanks"


def test_nothing_is_written_to_a_lent_port(device: PtyPort, events: Events) -> None:
    events.line.release(LENT)
    assert not events.line.write(b"not yours")
    events.line.take_back()
    events.wait_for("connected", 2)
    assert device.read() == b""


def test_releasing_twice_is_told_once_and_taking_back_once_is_enough(events: Events) -> None:
    events.line.release(LENT)
    events.line.release(LENT)
    events.line.take_back()
    events.line.take_back()
    events.wait_for("connected", 2)
    assert len(events.of("gone")) == 1


def test_a_port_that_is_away_can_be_lent_and_is_called_gone_again_when_it_stays_away(
    device: PtyPort, events: Events
) -> None:
    device.unplug()
    events.wait_for("gone")
    events.line.release(LENT)
    assert events.line.detail == LENT
    assert len(events.of("gone")) == 1, "it was told as gone before"
    events.line.take_back()
    assert "is not there" in str(events.wait_for("gone", 2)[1])


def test_a_lent_line_can_be_closed_and_a_closed_one_needs_no_releasing(events: Events) -> None:
    events.line.release(LENT)
    events.line.close()
    events.line.release(LENT)
    events.line.take_back()
    assert not events.line._thread.is_alive()


def test_a_line_that_is_lent_before_it_starts_leaves_the_port_alone(device: PtyPort) -> None:
    events = Events()
    events.line = SerialLine(device.path, LineSettings(), events)
    events.line.release(LENT)
    events.line.start()
    assert events.wait_for("gone") == ("gone", LENT)
    use(device.path)
    events.line.take_back()
    events.wait_for("connected")
    events.line.close()


def test_a_listener_may_release_the_port_that_it_listens_to(device: PtyPort, events: Events) -> None:
    events.on_received = lambda _: events.line.release(LENT)
    device.write(b"x")
    events.wait_for("gone")
    use(device.path)


def test_a_port_is_released_while_its_listener_waits_for_the_caller(device: PtyPort, events: Events) -> None:
    """Whoever releases may hold a lock that the listener needs to take the news in."""
    lock = threading.Lock()
    told = threading.Event()

    def tell(connected: bool, detail: str) -> None:
        with lock:
            Events.connection_changed(events, connected, detail)
            told.set()

    events.connection_changed = tell  # type: ignore[method-assign]
    with lock:
        events.line.release(LENT)
        use(device.path)
        assert not told.is_set()
    assert told.wait(WAIT_SECONDS)


def test_a_port_whose_listener_does_not_come_back_is_not_lent(
    device: PtyPort, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("device_drivers.serial_line.RELEASE_SECONDS", 0.05)
    go_on = threading.Event()

    def hold_up(_: bytes) -> None:
        go_on.wait(WAIT_SECONDS)

    events.on_received = hold_up
    device.write(b"x")
    events.wait_for("received")
    with pytest.raises(NotReleasedError, match="still in use; try again"):
        events.line.release(LENT)
    go_on.set()
    device.write(b"y")
    events.wait(lambda: events.data == b"xy")
    assert events.line.connected


def test_many_threads_may_release_and_take_back_at_once(device: PtyPort, events: Events) -> None:
    def borrow() -> None:
        for _ in range(10):
            with contextlib.suppress(NotReleasedError):  # another one took it back meanwhile
                events.line.release(LENT)
            events.line.take_back()

    threads = [threading.Thread(target=borrow) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_SECONDS)
        assert not thread.is_alive()
    events.wait(lambda: events.line.connected)
    device.write(b"!")
    events.wait(lambda: events.data == b"!")


def test_an_evaluator_shows_its_stars_again_when_it_comes_back(tmp_path: Path) -> None:
    told = Recorder()
    with SimulatedEvaluator(shared_bus(), 129, tmp_path / "evaluator") as device:
        driver = EvaluatorDriver(shared_bus(), device.port, 129, told)
        driver.show_stars(3)
        driver.start()
        told.wait_connection(True)
        driver.release(LENT)
        use(device.port)
        assert told.wait_connection(False, 2) == LENT
        assert not driver.connected
        driver.take_back()
        told.wait_connection(True, 3)
        device.wait_heard("stars", 2)
        driver.close()


def test_a_scanner_is_lent_like_any_other(device: PtyPort) -> None:
    class Scans(Recorder):
        def scanned(self, text: str, at: float) -> None:
            raise AssertionError(text, at)

    told = Scans()
    driver = ScannerDriver(device.path, 9600, told)
    driver.start()
    told.wait_connection(True)
    driver.release(LENT)
    use(device.path)
    driver.take_back()
    told.wait_connection(True, 3)
    driver.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk("epson-h", tmp_path / "printer", SHORT)
    yield desk.start()
    desk.close()


def test_a_slip_for_a_lent_printer_fails_at_once_and_nothing_of_it_comes_out_later(desk: Desk) -> None:
    desk.driver.release(LENT)
    use(desk.printer.port)
    assert desk.told.wait_condition(Condition.DISCONNECTED) == LENT
    state, detail = desk.print("A001")
    assert (state, detail) == (PrintState.FAILED, f"{LENT}; nothing of the slip was sent")
    desk.driver.take_back()
    desk.told.wait_condition(Condition.READY)
    assert desk.print("A002")[0] is PrintState.CONFIRMED
    assert desk.copies("A001") == 0


def test_a_printer_is_not_lent_while_a_citizen_waits_for_a_slip(desk: Desk) -> None:
    desk.printer.end_paper()
    desk.driver.print("A001", number_slip())
    with pytest.raises(NotReleasedError, match="is printing a slip; try again when it is done"):
        desk.driver.release(LENT)
    desk.told.wait_result("A001")
    desk.driver.release(LENT)
    use(desk.printer.port)
