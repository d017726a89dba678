"""What tests of the printer share: slips, an interpreter without a port, and a desk with a driver and a printer."""

import threading
from collections.abc import Callable
from pathlib import Path

import zxingcpp

from device_drivers.printer.conditions import Condition, PrintState
from device_drivers.printer.driver import PrinterDriver
from device_drivers.printer.escpos import encode
from device_drivers.printer.paper import PAPERS
from device_drivers.printer.patience import Patience
from device_drivers.printer.slip import Align, Columns, Element, Gap, Line, QrCode, Rule, Slip
from device_drivers.simulated.printer import SimulatedPrinter
from device_drivers.simulated.printer_commands import next_command
from device_drivers.simulated.printer_interpreter import Interpreter
from device_drivers.simulated.printer_paper import Paper
from tests.device_drivers.recorder import WAIT_SECONDS

CODE = "https://hall.example/r/8080-RGG0-0PFZ-R84R"

SHORT = Patience(answer=1.0, person=1.5, late=1.0)
"""For tests in which a printer is waited for in vain."""


def number_slip(number: str = "A001") -> Slip:
    """As a citizen gets it."""
    return Slip(
        (
            Line("测试区政务服务中心", size=2, bold=True, align=Align.CENTRE),
            Line(number, size=4, bold=True, align=Align.CENTRE),
            Columns("办理事项", "社会保障卡补领"),
            Columns("取号时间", "2026-03-02 09:15"),
            Rule(),
            Line("过号请重新取号。扫码评价本次服务：", align=Align.CENTRE),
            QrCode(CODE),
            Gap(),
            Line("Please keep this slip until you were served."),
        )
    )


def interpret(data: bytes, width_mm: int = 80) -> Interpreter:
    """Have a strict interpreter print it."""
    interpreter = Interpreter(PAPERS[width_mm].dots)
    while command := next_command(data, interpreter.chinese):
        interpreter.execute(command)
        data = data[len(command.raw) :]
    assert not data, f"half a command is left: {data.hex(' ')}"
    return interpreter


def printed(*elements: Element, width_mm: int = 80) -> Paper:
    """The one paper that these elements come to; a strict printer finds nothing wrong."""
    interpreter = interpret(encode(Slip(elements), PAPERS[width_mm]), width_mm)
    assert interpreter.violations == []
    [paper] = interpreter.papers
    assert interpreter.hanging.is_blank
    return paper


def decoded(paper: Paper) -> list[str]:
    """What an independent decoder reads from the paper's picture."""
    return [code.text for code in zxingcpp.read_barcodes(paper.picture())]


class Told:
    """Keeps what a driver tells, and lets a test wait for it."""

    def __init__(self) -> None:
        self.results: list[tuple[str, PrintState, str]] = []
        self.conditions: list[tuple[Condition, str]] = []
        self._changed = threading.Condition()

    def printed(self, job_id: str, state: PrintState, detail: str) -> None:
        with self._changed:
            self.results.append((job_id, state, detail))
            self._changed.notify_all()

    def condition_changed(self, condition: Condition, detail: str) -> None:
        with self._changed:
            self.conditions.append((condition, detail))
            self._changed.notify_all()

    def wait(self, wanted: Callable[[], bool], timeout: float = 2 * WAIT_SECONDS) -> None:
        with self._changed:
            assert self._changed.wait_for(wanted, timeout), f"{self.results} {self.conditions}"

    def wait_result(self, job_id: str) -> tuple[PrintState, str]:
        """Wait for what became of a slip; it must be told once."""
        self.wait(lambda: job_id in [result[0] for result in self.results])
        [(_, state, detail)] = [result for result in self.results if result[0] == job_id]
        return state, detail

    def wait_condition(self, condition: Condition) -> str:
        """Wait until this is the last that was told; returns its words."""
        self.wait(lambda: bool(self.conditions) and self.conditions[-1][0] is condition)
        return self.conditions[-1][1]


class Desk:
    """A simulated printer, a driver on its port, and what the driver tells."""

    def __init__(self, profile: str, link: Path, patience: Patience | None = None, baud: int = 115200) -> None:
        self.told = Told()
        self.printer = SimulatedPrinter(profile, 80, link)
        self.driver = PrinterDriver(str(link), baud, 80, self.told, patience=patience)

    def start(self) -> "Desk":
        self.driver.start()
        self.told.wait_condition(Condition.UNKNOWN if self.printer.profile == "silent" else Condition.READY)
        return self

    def close(self) -> None:
        self.driver.close()
        self.printer.close()

    def print(self, number: str = "A001", *, reprint: bool = False) -> tuple[PrintState, str]:
        """Print the slip of this number and wait for what became of it."""
        self.driver.print(number, number_slip(number), reprint=reprint)
        return self.told.wait_result(number)

    @property
    def slips(self) -> list[list[str]]:
        """The lines of each paper on which something stands."""
        return [paper.lines for paper in self.printer.papers if not paper.is_blank]

    def copies(self, number: str) -> int:
        """On how many papers, cut off or hanging, this number stands."""
        return sum(number in paper.lines for paper in [*self.printer.papers, self.printer.hanging])
