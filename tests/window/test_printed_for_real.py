"""The slip with the code through the real driver: real bytes to a simulated printer, read back from its paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from device_drivers.printer.conditions import Condition
from device_drivers.printer.driver import PrinterDriver
from device_drivers.simulated.printer import SimulatedPrinter
from kiosk_app.resources import assets_directory
from kiosk_app.terminal.wording import Wording
from kiosk_app.window.screen_state import Page, Printing, ScreenState
from tests.window.window_rig import CODES, WindowRig

PATIENCE = 20


class PrintingRig(WindowRig):
    """A window whose printer is a driver of its own, on a pty."""

    def __init__(self, directory: Path, printer: SimulatedPrinter) -> None:
        self._port = printer.port
        self.driver: PrinterDriver | None = None
        super().__init__(directory, codes=CODES)

    def _before_start(self) -> None:
        self.driver = PrinterDriver(self._port, 115200, 80, self.station)
        self.station.attach_printer(self.driver, Wording(assets_directory(), ("zh-CN", "en"), "slips"))
        self.driver.start()

    def wait_until_shown(self, printing: Printing) -> ScreenState:
        return self.wait_for(lambda state: state.later is not None and state.later.printing is printing, PATIENCE)

    def close(self) -> None:
        if self.driver is not None:
            self.driver.close()
        super().close()


@pytest.fixture
def printer() -> Iterator[SimulatedPrinter]:
    with SimulatedPrinter() as printer:
        yield printer


@pytest.fixture
def printing(tmp_path: Path, printer: SimulatedPrinter) -> Iterator[PrintingRig]:
    rig = PrintingRig(tmp_path, printer)
    yield rig
    rig.close()


def missed(rig: WindowRig) -> ScreenState:
    visit = rig.open_visit()
    rig.station.end(visit)
    return rig.wait_for_page(Page.LATER)


def test_the_code_on_paper_is_the_one_on_the_screen_and_its_printing_is_proved(
    printing: PrintingRig, printer: SimulatedPrinter
) -> None:
    missed(printing)
    later = printing.wait_until_shown(Printing.READY).later
    assert later is not None
    printing.station.print_code(later.missed_id, "zh-CN")
    (paper,) = printer.wait_papers(1)
    assert paper.qr_codes == [later.link]
    for group in later.code.split("-"):
        assert group in paper.text
    assert "11月30日" in paper.text
    printing.wait_until_shown(Printing.PRINTED)
    (result,) = printing.records("print_result")
    assert (result.payload["of"], result.payload["state"]) == (later.missed_id, "confirmed")


def test_paper_that_is_used_up_disables_the_button_and_a_new_roll_enables_it(
    printing: PrintingRig, printer: SimulatedPrinter
) -> None:
    missed(printing)
    printing.wait_until_shown(Printing.READY)
    printer.end_paper()
    state = printing.wait_until_shown(Printing.CANNOT)
    assert state.later is not None
    assert not state.later.may_print
    assert "printer_paper_out" in [problem.code for problem in printing.station.problems()]
    printer.load_paper()
    printing.wait_until_shown(Printing.READY)
    assert printing.driver is not None
    assert printing.driver.condition is Condition.READY
