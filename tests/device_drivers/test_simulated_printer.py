"""The simulated printer, as a driver that is not ours would meet it: real bytes over a pty."""

from collections.abc import Callable, Iterator

import pytest
import serial
from escpos.printer import Dummy

from device_drivers.printer.escpos import encode
from device_drivers.printer.paper import PAPERS
from device_drivers.printer.slip import Line, Slip
from device_drivers.serial_line import boottime
from device_drivers.simulated.printer import SimulatedPrinter
from tests.device_drivers.printing import CODE, decoded, interpret, number_slip
from tests.device_drivers.recorder import WAIT_SECONDS

STATUS = [b"\x10\x04" + bytes([kind]) for kind in (1, 2, 3, 4)]
AUTOMATIC = b"\x1da\x0e"
DONE = b"\x1d(H\x06\x0000"
CLEAR = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")


class Bench:
    """A printer and an open port to it."""

    def __init__(self, profile: str) -> None:
        self.printer = SimulatedPrinter(profile)
        self.port = serial.Serial(self.printer.port, timeout=WAIT_SECONDS)

    def close(self) -> None:
        self.port.close()
        self.printer.close()

    def ask(self, question: bytes, count: int) -> str:
        self.port.write(question)
        return self.port.read(count).hex(" ").upper()

    def states(self) -> str:
        return " ".join(self.ask(question, 1) for question in STATUS)


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench("epson-h")
    yield bench
    bench.close()


@pytest.fixture
def tm88() -> Iterator[Bench]:
    bench = Bench("tm88")
    yield bench
    bench.close()


FAULTS: list[tuple[Callable[[SimulatedPrinter], None], str, str]] = [
    (lambda printer: None, "12 12 12 12", "10 00 00 00"),
    (SimulatedPrinter.near_end, "12 12 12 1E", "10 00 03 00"),
    (SimulatedPrinter.end_paper, "1A 32 12 7E", "18 00 0F 00"),
    (SimulatedPrinter.open_cover, "1A 16 12 12", "38 00 00 00"),
    (SimulatedPrinter.jam_cutter, "1A 52 1A 12", "18 08 00 00"),
]


@pytest.mark.parametrize(("fail", "states", "automatic"), FAULTS)
def test_it_tells_its_state_as_the_models_do(
    bench: Bench, fail: Callable[[SimulatedPrinter], None], states: str, automatic: str
) -> None:
    assert bench.ask(AUTOMATIC, 4) == "10 00 00 00"
    fail(bench.printer)
    if automatic != "10 00 00 00":
        assert bench.port.read(4).hex(" ").upper() == automatic, "it says each change by itself"
    assert bench.states() == states


def test_initialising_ends_the_automatic_status(bench: Bench) -> None:
    assert bench.ask(AUTOMATIC, 4) == "10 00 00 00"
    assert bench.ask(b"\x1b@" + STATUS[0], 1) == "12"
    assert bench.ask(b"\x1dr\x01", 1) == "00"
    bench.printer.near_end()
    assert bench.ask(b"\x1dr\x01", 1) == "03", "and nothing before it"


def test_it_says_when_everything_before_is_printed(bench: Bench) -> None:
    assert bench.ask(encode(number_slip(), PAPERS[80]) + DONE + b"!!!~", 7) == "37 22 21 21 21 7E 00"
    assert len(bench.printer.papers) == 1


def test_another_model_skips_what_it_does_not_know(tm88: Bench) -> None:
    assert tm88.ask(DONE + b"!!!!" + CLEAR + b"\x1dr\x01", 1) == "00"
    assert tm88.printer.violations == []


def test_it_tells_its_model(bench: Bench) -> None:
    assert bench.ask(b"\x1dI\x01", 1) == "20"
    assert bench.ask(b"\x1dI\x43", 11) == (b"\x5fTM-T82III\0").hex(" ").upper()


def test_a_silent_model_prints_and_says_nothing() -> None:
    bench = Bench("silent")
    bench.port.timeout = 0.2
    bench.port.write(b"".join(STATUS) + encode(number_slip(), PAPERS[80]))
    bench.printer.wait_papers(1)
    assert bench.port.read(1) == b""
    assert bench.printer.violations == []
    bench.port.write(b"\x1dr\x01")
    bench.printer.wait(lambda: bool(bench.printer.violations), "violation")
    bench.close()


def test_what_it_holds_is_printed_after_the_new_roll_unless_it_is_cleared(bench: Bench) -> None:
    bench.printer.end_paper_after_lines(2)
    bench.port.write(encode(number_slip(), PAPERS[80]))
    bench.printer.wait(lambda: bench.printer.held_bytes > 50, "held bytes")
    assert bench.printer.hanging.lines == ["测试区政务服务中心", "A001"]
    bench.printer.load_paper()
    assert len(bench.printer.wait_papers(1)[0].lines) == 7

    bench.printer.end_paper_after_lines(2)
    bench.port.write(encode(number_slip("A002"), PAPERS[80]))
    bench.printer.wait(lambda: bench.printer.held_bytes > 50, "held bytes")
    assert bench.ask(CLEAR, 3) == "37 25 00"
    bench.printer.load_paper()
    bench.port.write(encode(Slip((Line("后"),)), PAPERS[80]))
    assert bench.printer.wait_papers(2)[1].lines == ["测试区政务服务中心", "A002", "后"]


def test_a_jam_is_cleared_with_what_it_holds(tm88: Bench) -> None:
    tm88.printer.jam_cutter()
    tm88.port.write(encode(number_slip(), PAPERS[80]))
    tm88.printer.wait(lambda: tm88.printer.held_bytes > 50, "held bytes")
    tm88.port.write(b"\x10\x05\x02")
    tm88.printer.wait(lambda: tm88.printer.held_bytes == 0, "empty buffer")


def test_a_printer_that_takes_no_more_lets_the_line_fill_up(bench: Bench) -> None:
    bench.printer.is_reading = False
    bench.port.write_timeout = 0.5
    with pytest.raises(serial.SerialTimeoutException):
        bench.port.write(b"x" * 100_000)


def test_bytes_are_lost_on_demand(bench: Bench) -> None:
    bench.printer.lose(3)
    bench.port.write(b"123456\n\x1dV\x00")
    assert bench.printer.wait_papers(1)[0].lines == ["456"]


def test_the_line_has_a_speed_on_demand(bench: Bench) -> None:
    bench.printer.baud = 9600
    began = boottime()
    bench.port.write(b"x" * 40 + b"\n" + b"y" * 40 + b"\n\x1dV\x00")
    bench.printer.wait_papers(1)
    assert boottime() - began >= 85 * 10 / 9600


def test_real_time_questions_are_answered_in_the_middle_of_a_picture_and_told_as_a_fault(bench: Bench) -> None:
    assert bench.ask(b"\x1dv0\x00\x03\x00\x01\x00\x10\x04\x01", 1) == "12"
    bench.printer.wait(lambda: bool(bench.printer.violations), "violation")
    assert bench.printer.violations == ["a real-time command inside a picture"]


@pytest.mark.parametrize(
    ("data", "violation"),
    [
        (b"\x1bZ", "unknown command 1b 5a"),
        (b"\x1d(Q\x00\x00", "unknown command 1d 28 51"),
        (b"\x07", "unknown command 07"),
        ("中".encode("gb18030"), "no character in this mode: d6"),
        (b"\x1c&" + "㐀".encode("gb18030"), "no character in this mode: 81 39 ee 39"),
        (b"x" * 49, f"the line does not fit the paper: {'x' * 49}"),
        (b"\x1d!\x08", "no such size: 08"),
        (b"x\x1ba\x01", "alignment in the middle of a line"),
        (b"\x1ba\x03", "no such alignment: 3"),
        (b"\x1d(k\x03\x001Q0", "no such QR command"),
        (b"\x1dv0\x00\x49\x00\x01\x00" + bytes(73), "the picture is wider than the paper: 584 dots"),
        (b"\x1d(k\x03\x001C\x10\x1d(k\xc8\x001P0" + b"x" * 197 + b"\x1d(k\x03\x001Q0", "the QR code is wider"),
    ],
)
def test_what_a_real_printer_would_garble_is_told(data: bytes, violation: str) -> None:
    found = interpret(data + b"\x1dV\x00").violations
    assert found
    assert found[0].startswith(violation)


def test_it_prints_what_another_library_sends() -> None:
    other = Dummy()
    other.set(align="center")
    other.text("Ticket A001\n")
    other.qr(CODE, native=False, size=6)
    other.qr(CODE, native=True, size=6)
    other.cut()
    interpreter = interpret(other.output)
    assert interpreter.violations == []
    [paper] = interpreter.papers
    assert paper.lines == ["Ticket A001"]
    assert paper.rasters == 1
    assert decoded(paper) == [CODE, CODE]
