"""The driver against a simulated printer, real bytes over a pty: a slip is proved, failed, or said to be uncertain."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial

from device_drivers.printer.attempt import LOOK
from device_drivers.printer.conditions import Condition, PrintState
from device_drivers.printer.driver import ENDED, PrinterDriver
from device_drivers.printer.escpos import encode
from device_drivers.printer.paper import PAPERS
from device_drivers.printer.patience import Patience
from device_drivers.printer.slip import Line, QrCode, Slip
from device_drivers.simulated.printer import SimulatedPrinter
from device_drivers.simulated.printer_commands import next_command
from tests.device_drivers.printing import CODE, SHORT, Desk, Told, decoded, number_slip

JAM = "cutter is jammed"
CLEAR = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")
NOTHING_SENT = "nothing of the slip was sent"
SLIP_BYTES = len(encode(number_slip(), PAPERS[80]))

Open = Callable[..., Desk]


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[Open]:
    """Sets up a desk whose driver has found the printer."""
    desks: list[Desk] = []

    def open_desk(profile: str = "epson-h", patience: Patience | None = None, baud: int = 115200) -> Desk:
        desks.append(Desk(profile, tmp_path / f"printer-{len(desks)}", patience, baud))
        return desks[-1].start()

    yield open_desk
    for desk in desks:
        desk.close()


# All is well.


@pytest.mark.parametrize("profile", ["epson-h", "tm88", "pos80"])
def test_a_slip_is_confirmed_by_a_printer_that_can_say_so(open_desk: Open, profile: str) -> None:
    desk = open_desk(profile)
    assert desk.print("A001") == (PrintState.CONFIRMED, "")
    [paper] = desk.printer.papers
    assert "A001" in paper.lines
    assert decoded(paper) == [CODE]
    assert desk.printer.violations == []


def test_a_printer_that_says_nothing_prints_and_is_not_believed(open_desk: Open) -> None:
    desk = open_desk("silent", SHORT)
    state, detail = desk.print("A001")
    assert (state, detail) == (PrintState.UNCONFIRMED, f"this printer cannot tell whether it printed; {LOOK}")
    assert desk.driver.condition is Condition.UNKNOWN
    assert desk.driver.condition.can_print
    assert desk.print("A002")[0] is PrintState.UNCONFIRMED
    desk.printer.wait_papers(2)
    assert len(desk.printer.papers) == 2, "nothing blank is cut off between them"
    assert [desk.copies("A001"), desk.copies("A002")] == [1, 1]
    assert desk.printer.violations == [], "it is asked nothing that would come out as text"


def test_slips_are_printed_in_their_order(open_desk: Open) -> None:
    desk = open_desk()
    numbers = [f"A{number:03}" for number in range(1, 9)]
    for number in numbers:
        desk.driver.print(number, number_slip(number))
    for number in numbers:
        assert desk.told.wait_result(number)[0] is PrintState.CONFIRMED
    assert [lines[1] for lines in desk.slips] == numbers
    assert [result[0] for result in desk.told.results] == numbers


def test_the_proof_is_asked_for_after_the_cut_with_ascending_ids(open_desk: Open) -> None:
    desk = open_desk()
    for number in ("A001", "A002"):
        desk.print(number)
    parts = desk.printer.received.split(b"\x1d(H\x06\x0000")
    assert parts[1].endswith(b"\x1dV\x42\x00"), "the probe's id, then the slip"
    ids = [part[:4] for part in parts[1:]]
    assert len(ids) == 3
    assert ids == sorted(set(ids))
    assert all(0x20 <= byte <= 0x7E for byte in b"".join(ids))


def test_chinese_is_on_after_every_initialising(open_desk: Open) -> None:
    desk = open_desk()
    desk.print("A001")
    desk.print("A002", reprint=True)
    assert desk.printer.received.count(b"\x1b@") == desk.printer.received.count(b"\x1b@\x1c&") == 2


def test_what_stands_in_a_slip_cannot_steer_the_printer(open_desk: Open) -> None:
    desk = open_desk()
    desk.driver.print("j", Slip((Line("一\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08\x1dV\x00二\x10\x04\x01"),)))
    assert desk.told.wait_result("j")[0] is PrintState.CONFIRMED
    assert desk.slips == [["一V二"]]


def test_a_slip_that_cannot_be_printed_on_this_paper_is_refused(open_desk: Open) -> None:
    desk = open_desk()
    desk.driver.print("j", Slip((QrCode("x" * 5000),)))
    state, detail = desk.told.wait_result("j")
    assert state is PrintState.FAILED
    assert detail == f"5000 bytes are too much for a QR code; {NOTHING_SENT}"


def test_a_printer_that_begins_to_answer_is_believed(open_desk: Open, tmp_path: Path) -> None:
    told = Told()
    with SimulatedPrinter() as printer:
        printer.is_silent = True
        driver = PrinterDriver(printer.port, 115200, 80, told, patience=SHORT)
        driver.start()
        told.wait_condition(Condition.UNKNOWN)
        driver.print("A001", number_slip())
        assert told.wait_result("A001")[0] is PrintState.UNCONFIRMED
        printer.is_silent = False
        told.wait_condition(Condition.READY)
        driver.print("A002", number_slip())
        assert told.wait_result("A002")[0] is PrintState.CONFIRMED
        driver.close()


# Looked at before anything is sent.

FAULTS = [
    (SimulatedPrinter.end_paper, SimulatedPrinter.load_paper, Condition.PAPER_OUT, "no paper"),
    (SimulatedPrinter.open_cover, SimulatedPrinter.close_cover, Condition.COVER_OPEN, "cover is open"),
    (SimulatedPrinter.jam_cutter, SimulatedPrinter.mend_cutter, Condition.CUTTER_ERROR, JAM),
]
Act = Callable[[SimulatedPrinter], None]


@pytest.mark.parametrize(
    ("profile", "fail", "mend", "condition", "words"),
    [
        *(("epson-h", *fault) for fault in FAULTS),
        *(("pos80", *fault) for fault in FAULTS[:2]),
        # This model cannot say which error it has.
        ("pos80", *FAULTS[2][:2], Condition.ERROR, "reports an error"),
    ],
)
def test_a_printer_that_cannot_print_is_sent_nothing(
    open_desk: Open, profile: str, fail: Act, mend: Act, condition: Condition, words: str
) -> None:
    desk = open_desk(profile)
    fail(desk.printer)
    assert words in desk.told.wait_condition(condition)
    assert words in desk.driver.detail
    assert not condition.can_print
    state, detail = desk.print("A001")
    assert state is PrintState.FAILED
    assert words in detail
    assert detail.endswith(NOTHING_SENT)
    assert b"A001" not in desk.printer.received
    mend(desk.printer)
    desk.told.wait_condition(Condition.READY)
    assert desk.driver.detail == ""
    assert desk.print("A002")[0] is PrintState.CONFIRMED
    assert desk.copies("A001") == 0


@pytest.mark.parametrize(("fail", "mend", "condition", "words"), FAULTS)
def test_a_fault_from_before_the_start_is_told(
    tmp_path: Path, fail: Act, mend: Act, condition: Condition, words: str
) -> None:
    told = Told()
    with SimulatedPrinter() as printer:
        fail(printer)
        driver = PrinterDriver(printer.port, 115200, 80, told)
        driver.start()
        told.wait_condition(condition)
        mend(printer)
        told.wait_condition(Condition.READY)
        driver.print("j", number_slip())
        assert told.wait_result("j")[0] is PrintState.CONFIRMED
        driver.close()
    assert [changed[0] for changed in told.conditions] == [condition, Condition.READY]


def test_paper_near_its_end_is_told_and_printed_on(open_desk: Open) -> None:
    desk = open_desk()
    desk.printer.near_end()
    desk.told.wait_condition(Condition.NEAR_END)
    state, detail = desk.print("A001")
    assert state is PrintState.CONFIRMED
    assert "near its end" in detail


def test_without_a_printer_a_slip_fails_and_the_port_is_named(tmp_path: Path) -> None:
    told = Told()
    driver = PrinterDriver(str(tmp_path / "none"), 9600, 58, told)
    driver.print("j", number_slip())
    driver.start()
    state, detail = told.wait_result("j")
    assert state is PrintState.FAILED
    assert "is not there; plug the device in" in detail
    assert detail.endswith(NOTHING_SENT)
    assert "is not there" in told.wait_condition(Condition.DISCONNECTED)
    driver.close()


def test_a_slip_given_before_the_printer_is_found_is_printed(tmp_path: Path) -> None:
    told = Told()
    with SimulatedPrinter() as printer:
        driver = PrinterDriver(printer.port, 115200, 80, told)
        driver.print("j", number_slip())
        driver.start()
        assert told.wait_result("j")[0] is PrintState.CONFIRMED
        driver.close()


# In the middle of a slip.


def test_a_new_roll_in_time_confirms_the_slip(open_desk: Open) -> None:
    desk = open_desk()
    desk.printer.end_paper_after_lines(3)
    desk.driver.print("A001", number_slip())
    desk.told.wait_condition(Condition.PAPER_OUT)
    assert desk.told.results == []
    desk.printer.load_paper()
    assert desk.told.wait_result("A001")[0] is PrintState.CONFIRMED
    assert desk.copies("A001") == len(desk.printer.papers) == 1


def test_a_printer_that_only_processes_proves_nothing_when_paper_ran_out_meanwhile(open_desk: Open) -> None:
    desk = open_desk("tm88")
    desk.printer.end_paper_after_lines(3)
    desk.driver.print("A001", number_slip())
    desk.told.wait_condition(Condition.PAPER_OUT)
    desk.printer.load_paper()
    state, detail = desk.told.wait_result("A001")
    assert state is PrintState.UNCONFIRMED
    assert detail == f"the printer was stopped while it printed; {LOOK}"
    assert desk.copies("A001") == len(desk.printer.papers) == 1


@pytest.mark.parametrize(("fail", "mend", "condition", "words"), FAULTS[:2])
def test_a_slip_that_nobody_rescues_is_broken_off_and_never_comes_out(
    open_desk: Open, fail: Act, mend: Act, condition: Condition, words: str
) -> None:
    desk = open_desk(patience=SHORT)
    desk.printer.baud = 9600
    desk.driver.print("A001", number_slip())
    desk.printer.wait(lambda: bool(desk.printer.hanging.lines), "first line")
    fail(desk.printer)
    state, detail = desk.told.wait_result("A001")
    assert state is PrintState.FAILED
    assert words in detail
    assert "its rest deleted" in detail
    desk.printer.baud = 0
    mend(desk.printer)
    begun = desk.printer.wait_papers(1)[0]
    assert "Please keep this slip until you were served." not in begun.lines, "cut off as far as it had come"
    assert desk.print("A002")[0] is PrintState.CONFIRMED
    assert [lines[1] for lines in desk.slips if len(lines) > 1][-1] == "A002"
    assert desk.slips[-1][0] == "测试区政务服务中心", "the next slip begins at its own beginning"
    assert len(desk.slips[-1]) == 7
    assert desk.copies("A001") <= 1


def test_what_cannot_be_cleared_comes_out_alone_and_is_not_called_failed(open_desk: Open) -> None:
    desk = open_desk("tm88", SHORT)
    desk.printer.end_paper_after_lines(3)
    state, detail = desk.print("A001")
    assert state is PrintState.UNCONFIRMED
    assert "no paper" in detail
    assert detail.endswith(LOOK)
    desk.printer.load_paper()
    desk.told.wait_condition(Condition.READY)
    assert desk.print("A002")[0] is PrintState.CONFIRMED
    assert [lines[1] for lines in desk.slips] == ["A001", "A002"]
    assert len(desk.printer.papers) == 2, "it was cut off by itself: nothing blank comes between"


def test_a_printer_that_stops_reading_leaves_the_slip_uncertain_and_is_called_mute(open_desk: Open) -> None:
    desk = open_desk(patience=SHORT)
    desk.printer.is_reading = False
    desk.driver.print("A001", number_slip())
    state, detail = desk.told.wait_result("A001")
    assert state is PrintState.FAILED, "it did not answer before the slip"
    assert "does not answer any more" in detail
    assert "does not answer any more" in desk.told.wait_condition(Condition.OFFLINE)
    desk.printer.is_reading = True
    desk.told.wait_condition(Condition.READY)
    assert desk.print("A002")[0] is PrintState.CONFIRMED
    assert desk.copies("A001") == 0


@pytest.mark.parametrize("baud", [9600, 115200])
def test_a_printer_that_stops_reading_in_the_middle_is_given_up(open_desk: Open, baud: int) -> None:
    desk = open_desk(patience=SHORT, baud=baud)
    desk.printer.baud = baud
    before = len(desk.printer.received)
    desk.driver.print("A001", number_slip())
    desk.printer.wait(lambda: len(desk.printer.received) > before + 40, "first bytes")
    desk.printer.is_reading = False
    state, detail = desk.told.wait_result("A001")
    assert state is PrintState.UNCONFIRMED
    assert detail.endswith(LOOK)
    desk.printer.baud = 0
    desk.printer.is_reading = True
    desk.told.wait_condition(Condition.READY)
    assert desk.print("A002")[0] is PrintState.CONFIRMED
    assert desk.copies("A001") <= 1
    assert desk.slips[-1][:2] == ["测试区政务服务中心", "A002"]
    assert len(desk.slips[-1]) == 7


@pytest.mark.parametrize("profile", ["epson-h", "tm88"])
def test_a_jam_in_the_middle_never_reaches_the_next_slip(open_desk: Open, profile: str) -> None:
    desk = open_desk(profile, SHORT)
    desk.printer.baud = 9600
    desk.driver.print("A001", number_slip())
    desk.printer.wait(lambda: bool(desk.printer.hanging.lines), "first line")
    desk.printer.jam_cutter()
    state, detail = desk.told.wait_result("A001")
    assert state is not PrintState.CONFIRMED
    assert JAM in detail
    desk.printer.wait(lambda: desk.printer.held_bytes == 0, "cleared buffer")
    desk.printer.baud = 0
    desk.printer.mend_cutter()
    desk.told.wait_condition(Condition.READY)
    assert desk.print("A002")[0] is PrintState.CONFIRMED
    assert desk.slips[-1][:2] == ["测试区政务服务中心", "A002"]
    assert len(desk.slips[-1]) == 7


def test_no_question_ever_stands_inside_a_command(open_desk: Open) -> None:
    """A printer would take it for a part of that command."""
    desk = open_desk(patience=Patience(answer=2.0, person=30.0, late=2.0))
    desk.printer.baud = 9600
    drawn = Slip((*number_slip().elements, *(Line("㐀" * 24) for _ in range(3)), QrCode(CODE * 4)))
    desk.driver.print("j", drawn)
    for _ in range(3):
        lines = len(desk.printer.hanging.marks)
        desk.printer.wait(lambda lines=lines: len(desk.printer.hanging.marks) > lines, "next line")  # type: ignore[misc]
        desk.printer.end_paper()
        desk.told.wait_condition(Condition.PAPER_OUT)
        asked = desk.printer.received.count(b"\x10\x04\x04")
        desk.printer.wait(lambda asked=asked: desk.printer.received.count(b"\x10\x04\x04") > asked, "question")  # type: ignore[misc]
        desk.printer.load_paper()
        desk.told.wait_condition(Condition.READY)
    desk.printer.baud = 0
    assert desk.told.wait_result("j")[0] is PrintState.CONFIRMED
    assert len(desk.printer.papers) == 1
    assert desk.printer.violations == []
    left = desk.printer.received
    while command := next_command(left, chinese=True):
        if command.name != "real time":
            assert not any(question in command.raw for question in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))
        left = left[len(command.raw) :]


@pytest.mark.parametrize("profile", ["epson-h", "tm88"])
def test_late_answers_still_count(open_desk: Open, profile: str) -> None:
    desk = open_desk(profile)
    desk.printer.answers_late = 0.4
    assert desk.print("A001")[0] is PrintState.CONFIRMED
    assert len(desk.printer.papers) == 1


@pytest.mark.parametrize("profile", ["epson-h", "tm88"])
def test_a_slip_that_is_taken_and_not_printed_is_not_confirmed(open_desk: Open, profile: str) -> None:
    desk = open_desk(profile, SHORT)
    assert desk.print("A000")[0] is PrintState.CONFIRMED
    desk.printer.is_printing = False
    state, detail = desk.print("A001")
    assert state is PrintState.UNCONFIRMED
    assert detail.startswith("the printer did not say that it has printed in time")
    assert desk.copies("A001") == 0


def test_an_answer_that_is_too_late_is_no_proof_of_the_next_slip(open_desk: Open) -> None:
    desk = open_desk("tm88", SHORT)
    assert desk.print("A000")[0] is PrintState.CONFIRMED
    desk.printer.is_printing = False
    assert desk.print("A001")[0] is PrintState.UNCONFIRMED
    desk.printer.is_printing = True
    desk.printer.wait_papers(2)
    desk.printer.end_paper_after_lines(2)
    assert desk.print("A002")[0] is PrintState.UNCONFIRMED, "the first one's answer has come, not its own"
    desk.printer.load_paper()
    desk.told.wait_condition(Condition.READY)
    assert desk.print("A003")[0] is PrintState.CONFIRMED
    assert [lines[1] for lines in desk.slips] == ["A000", "A001", "A002", "A003"]


def test_a_printer_that_is_late_from_the_start_is_believed_once_it_speaks(tmp_path: Path) -> None:
    told = Told()
    with SimulatedPrinter() as printer:
        printer.answers_late = 1.5
        driver = PrinterDriver(printer.port, 115200, 80, told)
        driver.print("j", number_slip())
        driver.start()
        assert told.wait_result("j")[0] is PrintState.CONFIRMED
        driver.close()
    assert len(printer.papers) == 1


def test_a_printer_that_falls_silent_in_the_middle_leaves_the_slip_uncertain(open_desk: Open) -> None:
    desk = open_desk(patience=SHORT)
    before = len(desk.printer.received)
    desk.driver.print("A001", number_slip())
    desk.printer.wait(lambda: len(desk.printer.received) > before + 100, "slip")
    desk.printer.is_silent = True
    state, detail = desk.told.wait_result("A001")
    assert state is PrintState.UNCONFIRMED
    assert detail.endswith(LOOK)
    assert desk.copies("A001") == 1


# Unplugged.


def test_unplugging_is_told_and_so_is_the_return(open_desk: Open) -> None:
    desk = open_desk()
    desk.printer.unplug()
    assert "is not there" in desk.told.wait_condition(Condition.DISCONNECTED)
    assert desk.print("A001")[0] is PrintState.FAILED
    desk.printer.plug()
    desk.told.wait_condition(Condition.READY)
    assert desk.print("A002")[0] is PrintState.CONFIRMED
    assert desk.copies("A001") == 0


@pytest.mark.parametrize("profile", ["epson-h", "tm88", "silent"])
@pytest.mark.parametrize("share", [0.02, 0.6, 0.8, 0.95])
def test_unplugged_at_any_byte_a_slip_is_never_confirmed_and_never_sent_again(
    open_desk: Open, profile: str, share: float
) -> None:
    desk = open_desk(profile, SHORT)
    if profile != "silent":
        desk.print("A000")
    questions = 12 if profile != "silent" else 24
    desk.printer.unplug_after(questions + int(share * SLIP_BYTES))
    state, detail = desk.print("A001")
    assert state is not PrintState.CONFIRMED
    assert detail
    desk.told.wait_condition(Condition.DISCONNECTED)
    at_loss = desk.printer.received
    desk.printer.plug()
    desk.told.wait_condition(Condition.UNKNOWN if profile == "silent" else Condition.READY)
    state, _ = desk.print("A002")
    assert state is (PrintState.UNCONFIRMED if profile == "silent" else PrintState.CONFIRMED)
    desk.printer.wait(lambda: bool(desk.slips) and desk.slips[-1][1:2] == ["A002"], "next slip")
    assert b"A001" not in desk.printer.received[len(at_loss) :], "nothing is sent again"
    last = desk.slips[-1]
    assert last[:2] == ["测试区政务服务中心", "A002"], "nothing of the first slip stands on the next one"
    assert len(last) == 7
    assert [result[0] for result in desk.told.results].count("A001") == 1


# Printed again, by a person's word.


def test_a_reprint_clears_what_the_printer_holds_first(open_desk: Open) -> None:
    desk = open_desk()
    desk.print("A001")
    before = len(desk.printer.received)
    assert desk.print("A002", reprint=True)[0] is PrintState.CONFIRMED
    sent = desk.printer.received[before:]
    assert 0 <= sent.find(CLEAR) < sent.find(b"\x1b@") < sent.find(b"A002")


def test_a_first_print_clears_nothing(open_desk: Open) -> None:
    desk = open_desk()
    desk.print("A001")
    before = len(desk.printer.received)
    desk.print("A002")
    assert CLEAR not in desk.printer.received[before:]


def test_what_an_earlier_program_left_in_the_printer_does_not_come_out(tmp_path: Path) -> None:
    told = Told()
    with SimulatedPrinter() as printer:
        printer.end_paper_after_lines(1)
        driver = PrinterDriver(printer.port, 115200, 80, told, patience=Patience(person=60))
        driver.start()
        driver.print("A001", number_slip("A001"))
        told.wait_condition(Condition.PAPER_OUT)
        printer.wait(lambda: printer.held_bytes > 0, "held bytes")
        driver.close()
        assert told.wait_result("A001")[0] is PrintState.UNCONFIRMED
        printer.wait(lambda: printer.held_bytes == 0, "cleared buffer")


@pytest.mark.parametrize("share", [0.1, 0.6, 0.8])
def test_what_a_killed_program_left_is_cut_off_before_the_next_slip(tmp_path: Path, share: float) -> None:
    told = Told()
    with SimulatedPrinter("tm88") as printer:
        with serial.Serial(printer.port) as killed:
            killed.write(encode(number_slip("A001"), PAPERS[80])[: int(share * SLIP_BYTES)])
            printer.wait(lambda: len(printer.received) == int(share * SLIP_BYTES), "half a slip")
        driver = PrinterDriver(printer.port, 115200, 80, told)
        driver.cut_off_remains()
        driver.print("A002", number_slip("A002"))
        driver.start()
        assert told.wait_result("A002")[0] is PrintState.CONFIRMED
        driver.close()
        assert [paper.lines[:2] for paper in printer.papers][-1] == ["测试区政务服务中心", "A002"]
        assert len(printer.papers[-1].lines) == 7


# Starting and ending.


def test_every_slip_is_told_before_the_driver_is_closed(open_desk: Open) -> None:
    desk = open_desk()
    desk.printer.baud = 9600
    for number in ("A001", "A002", "A003"):
        desk.driver.print(number, number_slip(number))
    desk.printer.wait(lambda: bool(desk.printer.hanging.lines), "first line")
    desk.driver.close()
    assert [result[0] for result in desk.told.results] == ["A001", "A002", "A003"]
    assert [result[1] for result in desk.told.results] == [
        PrintState.UNCONFIRMED,
        PrintState.FAILED,
        PrintState.FAILED,
    ]
    desk.driver.print("A004", number_slip("A004"))
    assert desk.told.results[-1] == ("A004", PrintState.FAILED, ENDED)


def test_a_driver_that_was_never_started_can_be_closed() -> None:
    told = Told()
    driver = PrinterDriver("/dev/none", 9600, 80, told)
    driver.print("j", number_slip())
    driver.close()
    assert told.results == [("j", PrintState.FAILED, ENDED)]


def test_a_listener_that_fails_stops_nothing(tmp_path: Path) -> None:
    class Failing(Told):
        def printed(self, job_id: str, state: PrintState, detail: str) -> None:
            super().printed(job_id, state, detail)
            raise RuntimeError("told")

        def condition_changed(self, condition: Condition, detail: str) -> None:
            super().condition_changed(condition, detail)
            raise RuntimeError("told")

    told = Failing()
    with SimulatedPrinter() as printer:
        driver = PrinterDriver(printer.port, 115200, 80, told)
        driver.start()
        for job in ("a", "b"):
            driver.print(job, number_slip())
            assert told.wait_result(job)[0] is PrintState.CONFIRMED
        driver.close()


def test_only_paper_of_a_known_width_is_printed_on() -> None:
    with pytest.raises(ValueError, match="58 or 80 mm wide, not 57"):
        PrinterDriver("/dev/none", 9600, 57, Told())
