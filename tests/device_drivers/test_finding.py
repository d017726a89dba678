"""Drivers that find their devices among several ports: on real ptys, plugged and swapped while they run.

A strange byte at a printer is paper with rubbish on it, and at an evaluator a command that nobody meant: what a device
heard is compared byte by byte.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import serial

from device_drivers.evaluator.driver import EvaluatorDriver
from device_drivers.evaluator.protocol import EvaluatorProtocol
from device_drivers.port_book import PortBook
from device_drivers.printer.conditions import Condition, PrintState
from device_drivers.printer.driver import PrinterDriver
from device_drivers.scanner.driver import ScannerDriver
from device_drivers.serial_line import boottime
from device_drivers.simulated.evaluator import SimulatedEvaluator
from device_drivers.simulated.printer import SimulatedPrinter
from device_drivers.simulated.pty_port import PtyPort
from tests.device_drivers.printing import SHORT, Told, number_slip
from tests.device_drivers.protocols import ascii_keys, shared_bus
from tests.device_drivers.recorder import WAIT_SECONDS, Recorder
from tests.device_drivers.sockets import CH340, PROLIFIC, Sockets

ADDRESS = 129


class Scans:
    """What a scanner told."""

    def __init__(self) -> None:
        self.connected = threading.Event()
        self.texts: list[str] = []

    def scanned(self, text: str, at: float) -> None:
        self.texts.append(text)

    def connection_changed(self, connected: bool, detail: str) -> None:
        if connected:
            self.connected.set()


@dataclass
class Hall:
    """A machine with sockets, devices, and the drivers of one program."""

    sockets: Sockets
    stack: contextlib.ExitStack
    directory: Path
    evaluator_told: Recorder = field(default_factory=Recorder)
    printer_told: Told = field(default_factory=Told)

    def evaluator(
        self, socket: str, ids: tuple[int, int] = CH340, protocol: EvaluatorProtocol | None = None
    ) -> SimulatedEvaluator:
        device = SimulatedEvaluator(protocol or shared_bus(), ADDRESS, self.directory / f"evaluator-{socket}")
        self.stack.callback(device.close)
        self.sockets.plug(socket, device.port, ids)
        return device

    def printer(self, socket: str, ids: tuple[int, int] = CH340) -> SimulatedPrinter:
        device = SimulatedPrinter("epson-h", 80, self.directory / f"printer-{socket}")
        self.stack.callback(device.close)
        self.sockets.plug(socket, device.port, ids)
        return device

    def port(self, socket: str, ids: tuple[int, int] = CH340) -> PtyPort:
        """A device that says nothing by itself."""
        device = PtyPort()
        self.stack.callback(device.unplug)
        self.sockets.plug(socket, device.path, ids)
        return device

    def drive_evaluator(self, book: PortBook, protocol: EvaluatorProtocol | None = None) -> EvaluatorDriver:
        driver = EvaluatorDriver(protocol or shared_bus(), "auto", ADDRESS, self.evaluator_told, ports=book)
        driver.show_stars(3)  # what it says by itself as soon as it believes to have found its evaluator
        driver.start()
        self.stack.callback(driver.close)
        return driver

    def drive_printer(self, book: PortBook) -> PrinterDriver:
        driver = PrinterDriver("auto", 115200, 80, self.printer_told, patience=SHORT, ports=book)
        driver.start()
        self.stack.callback(driver.close)
        return driver

    def move(self, device: SimulatedEvaluator | SimulatedPrinter, socket: str, ids: tuple[int, int] = CH340) -> None:
        """Plug a device that is unplugged into this socket."""
        device.plug()
        self.sockets.plug(socket, device.port, ids)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with contextlib.ExitStack() as stack:
        yield Hall(Sockets(tmp_path), stack, tmp_path)


def is_asked(driver: EvaluatorDriver | PrinterDriver, *words: str) -> Callable[[], bool]:
    return lambda: driver.asks and all(word in driver.detail for word in words)


def wait(told: Recorder | Told, wanted: Callable[[], bool]) -> None:
    """Wait for what is not told but can be read; looks anew whenever a driver may have looked."""
    until = boottime() + WAIT_SECONDS
    tick = threading.Event()
    while not wanted():
        assert boottime() < until, vars(told)
        tick.wait(0.02)


def read_all(device: PtyPort) -> bytes:
    return device.read()


# Finding.


def test_the_only_port_is_the_only_devices(hall: Hall) -> None:
    device = hall.evaluator("left")
    driver = hall.drive_evaluator(hall.sockets.book(evaluator="auto"))
    hall.evaluator_told.wait_connection(True)
    device.wait_heard("stars")
    assert driver.port_name == str(Path(device.port).resolve())


def test_an_evaluator_is_found_by_a_press_which_counts_with_its_own_arrival(hall: Hall) -> None:
    device, other = hall.evaluator("left"), hall.port("right")
    driver = hall.drive_evaluator(hall.sockets.book(evaluator="auto"))
    wait(hall.evaluator_told, is_asked(driver, "press any key of the evaluator once", "[evaluator] port"))
    assert hall.sockets.path("left") in driver.detail
    assert hall.sockets.path("right") in driver.detail
    assert device.heard() == []
    before = boottime()
    device.press("dissatisfied")
    (press, *_) = hall.evaluator_told.wait_presses(1)
    assert (press.level, press.repeat) == ("dissatisfied", 0)
    assert before < press.at < boottime()
    hall.evaluator_told.wait_connection(True)
    device.wait_heard("stars")
    assert read_all(other) == b""
    assert not driver.asks
    assert driver.last_good_at is not None
    assert driver.last_good_at >= press.at
    assert driver.counters.good >= 1


def test_the_next_start_needs_no_press(hall: Hall) -> None:
    device, other = hall.evaluator("left"), hall.port("right")
    first = hall.drive_evaluator(hall.sockets.book(evaluator="auto"))
    wait(hall.evaluator_told, is_asked(first))
    device.press("satisfied")
    hall.evaluator_told.wait_connection(True)
    first.close()
    again = Recorder()
    hall.evaluator_told = again
    hall.drive_evaluator(hall.sockets.book(evaluator="auto"))
    again.wait_connection(True)
    assert read_all(other) == b""


def test_a_printer_gets_no_byte_before_the_evaluator_is_known_and_is_what_is_left_then(hall: Hall) -> None:
    evaluator, printer = hall.evaluator("left"), hall.printer("right")
    book = hall.sockets.book(evaluator="auto", printer="auto")
    evaluator_driver, printer_driver = hall.drive_evaluator(book), hall.drive_printer(book)
    wait(hall.printer_told, is_asked(printer_driver, "press any key of the evaluator once", "[printer] port"))
    wait(hall.evaluator_told, is_asked(evaluator_driver))
    assert printer.received == b""
    evaluator.press("satisfied")
    hall.printer_told.wait_condition(Condition.READY)
    printer_driver.print("A001", number_slip())
    assert hall.printer_told.wait_result("A001")[0] is PrintState.CONFIRMED
    assert printer.violations == []
    assert all(message.kind in {"stars", "acknowledge"} for message in evaluator.heard())


def test_a_slip_is_refused_with_the_reason_while_nobody_knows_which_port_is_the_printers(hall: Hall) -> None:
    hall.port("left"), hall.printer("right")
    driver = hall.drive_printer(hall.sockets.book(evaluator="auto", printer="auto"))
    wait(hall.printer_told, is_asked(driver))
    driver.print("A001", number_slip())
    state, detail = hall.printer_told.wait_result("A001")
    assert state is PrintState.FAILED
    assert "press any key of the evaluator once" in detail


def test_a_device_that_only_beats_is_found_by_its_heartbeat(hall: Hall) -> None:
    device, _ = hall.evaluator("left"), hall.port("right")
    driver = hall.drive_evaluator(hall.sockets.book(evaluator="auto"))
    wait(hall.evaluator_told, is_asked(driver))
    device.send(bytes.fromhex("FF 68 03 03 68 81 12 00 93 16"))
    hall.evaluator_told.wait_connection(True)
    assert hall.evaluator_told.presses == []


def test_an_evaluator_of_another_address_is_not_ours_and_no_printer_either(hall: Hall) -> None:
    foreign, ours, printer = hall.evaluator("left"), hall.evaluator("top"), hall.printer("right")
    book = hall.sockets.book(evaluator="auto", printer="auto")
    driver, _ = hall.drive_evaluator(book), hall.drive_printer(book)
    wait(hall.evaluator_told, is_asked(driver))
    foreign.press_at("satisfied", ADDRESS + 1)
    ours.press("dissatisfied")
    assert hall.evaluator_told.wait_presses(1)[0].level == "dissatisfied"
    hall.printer_told.wait_condition(Condition.READY)
    assert foreign.heard() == []
    assert printer.violations == []


def test_a_port_named_for_another_device_is_left_alone(hall: Hall) -> None:
    device, scanner = hall.evaluator("left"), hall.port("right")
    book = hall.sockets.book(evaluator="auto", scanner=hall.sockets.path("right"))
    scans = Scans()
    scanner_driver = ScannerDriver("", 9600, scans, ports=book)
    scanner_driver.start()
    hall.stack.callback(scanner_driver.close)
    assert scans.connected.wait(WAIT_SECONDS)
    hall.drive_evaluator(book)
    hall.evaluator_told.wait_connection(True)
    device.wait_heard("stars")
    assert read_all(scanner) == b""


def test_keys_without_a_checksum_are_believed_on_a_quiet_port_only(hall: Hall) -> None:
    keypad, modem = hall.evaluator("left", protocol=ascii_keys()), hall.port("right")
    driver = hall.drive_evaluator(hall.sockets.book(evaluator="auto"), ascii_keys())
    wait(hall.evaluator_told, is_asked(driver))
    for words in (b"RING\r\n", b"+CREG: 1,5\r\n"):
        modem.write(words)
    for _ in range(20):  # as a person does where the line was not silent yet
        keypad.press("satisfied")
        with contextlib.suppress(AssertionError):
            hall.evaluator_told.wait_presses(1, timeout=1.0)
            break
    assert set(hall.evaluator_told.levels) == {"satisfied"}
    assert driver.port_name == str(Path(keypad.port).resolve())
    assert read_all(modem) == b""


def test_a_port_that_another_program_holds_is_named_while_the_others_are_heard(hall: Hall) -> None:
    device, modem = hall.evaluator("left"), hall.port("right")
    with serial.Serial(modem.path, exclusive=True):
        driver = hall.drive_evaluator(hall.sockets.book(evaluator="auto"))
        wait(hall.evaluator_told, is_asked(driver, "another program holds", modem.path))
        device.press("satisfied")
        hall.evaluator_told.wait_presses(1)


def test_two_drivers_never_have_one_port(hall: Hall) -> None:
    device = hall.evaluator("left")
    book = hall.sockets.book(evaluator=hall.sockets.path("left"), printer=device.port)
    hall.drive_evaluator(book)
    hall.evaluator_told.wait_connection(True)
    driver = hall.drive_printer(book)
    hall.printer_told.wait_condition(Condition.DISCONNECTED)
    assert "is in use for the evaluator" in driver.detail
    device.wait_heard("stars")
    assert {message.kind for message in device.heard()} == {"stars"}


def test_the_ports_are_lent_while_nobody_knows_yet_which_is_which(hall: Hall) -> None:
    device, other = hall.evaluator("left"), hall.port("right")
    driver = hall.drive_evaluator(hall.sockets.book(evaluator="auto"))
    wait(hall.evaluator_told, is_asked(driver))
    driver.release("lent to the technician")
    for port in (device.port, other.path):
        serial.Serial(port, exclusive=True).close()
    assert driver.detail == "lent to the technician"
    driver.take_back()
    wait(hall.evaluator_told, is_asked(driver))
    device.press("satisfied")
    hall.evaluator_told.wait_presses(1)


# Plugging and swapping.


def found_both(hall: Hall, ids: tuple[int, int]) -> tuple[SimulatedEvaluator, SimulatedPrinter, EvaluatorDriver]:
    """Evaluator at the left and printer, with these ids, at the right, both found and remembered."""
    evaluator, printer = hall.evaluator("left"), hall.printer("right", ids)
    book = hall.sockets.book(evaluator="auto", printer="auto")
    driver, _ = hall.drive_evaluator(book), hall.drive_printer(book)
    wait(hall.evaluator_told, is_asked(driver))
    evaluator.press("satisfied")
    hall.evaluator_told.wait_connection(True)
    hall.printer_told.wait_condition(Condition.READY)
    return evaluator, printer, driver


def pull(hall: Hall, evaluator: SimulatedEvaluator, printer: SimulatedPrinter) -> None:
    """Both, and it is noticed."""
    evaluator.unplug()
    printer.unplug()
    hall.sockets.unplug("left", "right")
    hall.evaluator_told.wait_connection(False)
    hall.printer_told.wait_condition(Condition.DISCONNECTED)


def test_devices_of_different_make_are_found_in_each_others_sockets_within_5_seconds(hall: Hall) -> None:
    evaluator, printer, _ = found_both(hall, PROLIFIC)
    pull(hall, evaluator, printer)
    heard = len(evaluator.heard())
    plugged = boottime()
    hall.move(printer, "left", PROLIFIC)
    hall.move(evaluator, "right")
    hall.evaluator_told.wait_connection(True)
    hall.printer_told.wait_condition(Condition.READY)
    assert boottime() - plugged < 5
    assert printer.violations == []
    assert {message.kind for message in evaluator.heard()[heard:]} <= {"stars"}


@pytest.mark.parametrize("swapped", [True, False])
@pytest.mark.parametrize("first", ["evaluator", "printer"])
def test_devices_of_one_make_that_were_both_out_are_asked_for_and_get_no_strange_byte(
    hall: Hall, swapped: bool, first: str
) -> None:
    evaluator, printer, driver = found_both(hall, CH340)
    pull(hall, evaluator, printer)
    heard, received = len(evaluator.heard()), len(printer.received)
    moves: list[tuple[SimulatedEvaluator | SimulatedPrinter, str]] = [
        (evaluator, "right" if swapped else "left"),
        (printer, "left" if swapped else "right"),
    ]
    for device, socket in moves if first == "evaluator" else moves[::-1]:
        hall.move(device, socket)
    wait(hall.evaluator_told, is_asked(driver, "2 ports", "press any key of the evaluator once"))
    assert (len(evaluator.heard()), len(printer.received)) == (heard, received)
    told = len(hall.evaluator_told.presses)
    evaluator.press("basically_satisfied")
    hall.evaluator_told.wait_presses(told + 1)
    hall.printer_told.wait_condition(Condition.READY)
    assert printer.violations == []
    assert {message.kind for message in evaluator.heard()[heard:]} <= {"stars"}


def test_one_device_alone_is_found_again_in_its_own_socket_and_in_another(hall: Hall) -> None:
    evaluator, printer, _ = found_both(hall, CH340)
    for turn, socket in ((2, "left"), (4, "top"), (6, "left")):
        evaluator.unplug()
        hall.sockets.unplug("left" if turn < 6 else "top")
        hall.evaluator_told.wait_connection(False)
        plugged = boottime()
        hall.move(evaluator, socket)
        hall.evaluator_told.wait_connection(True)
        assert boottime() - plugged < 5
    assert printer.violations == []
