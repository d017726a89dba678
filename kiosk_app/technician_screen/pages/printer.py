"""The ticket printer: how it is, and a test slip with ruler, sizes, Chinese, QR code and cut."""

from dataclasses import dataclass

from device_drivers.printer.conditions import Condition, PrintState
from device_drivers.stable_ports import StablePort, stable_ports
from kiosk_app.configuration import Printer
from kiosk_app.technician.printer_trial import Conditioned, Printed, PrinterTrial, TrialStoppedError, sample_slip
from kiosk_app.technician_screen.desk import Desk, words_of
from kiosk_app.technician_screen.jobs import Job
from kiosk_app.technician_screen.pages.page import ReadingPage
from kiosk_app.technician_screen.pages.ports import PortChoice
from kiosk_app.technician_screen.state import Block, Button, Buttons, Fact, Facts, Light, Message, Page, Words
from kiosk_app.terminal.lending import Device, NotLentError

TEST, STOP = "test", "stop"
PRINTER_TEST, SAMPLE = "printer_test", "sample"

_WARNINGS = (Condition.NEAR_END, Condition.UNKNOWN)


@dataclass(frozen=True)
class PrinterFacts:
    """How it is."""

    condition: Condition
    detail: str
    port_name: str = ""
    ports: tuple[StablePort, ...] = ()
    """To choose from, where it is not connected."""


class PrinterPage(ReadingPage[PrinterFacts]):
    """Of a terminal with `[printer]`."""

    name = Page.PRINTER
    refresh_ms = 2_000

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._job: Job | None = None
        self._during: Conditioned | None = None
        self._port = PortChoice(desk, "printer")

    def read(self) -> PrinterFacts:
        """What its driver tells."""
        printer = self.desk.means.printer
        if printer is None:
            return PrinterFacts(Condition.DISCONNECTED, "")
        is_away = printer.condition is Condition.DISCONNECTED
        ports = tuple(stable_ports(self.desk.means.list_ports)) if is_away else ()
        return PrinterFacts(printer.condition, printer.detail, printer.port_name or "", ports)

    def content(self, data: PrinterFacts) -> tuple[Block, ...]:
        """Its condition, and the test."""
        printer = self.desk.means.settings.printer
        if printer is None:
            return ()
        now = self._during or Conditioned(data.condition, data.detail)
        detail = (Message("info", Words(f"printer.condition.{now.condition}"), now.detail),) if now.detail else ()
        test = Button(TEST, "", Words("printer.test"), primary=True)
        stop = Button(STOP, "", Words("common.stop"))
        question = (self._port.question,) if self._port.question is not None else ()
        return (
            *question,
            Facts(
                (
                    Fact(
                        Words("printer.condition"), Words(f"printer.condition.{now.condition}"), _light(now.condition)
                    ),
                    Fact(Words("printer.port"), data.port_name or printer.port),
                    Fact(Words("printer.width"), Words("printer.width.value", {"n": printer.width_mm})),
                )
            ),
            *detail,
            Message("info", Words("printer.test.look")),
            Buttons((test if self._job is None else stop,)),
            *(self._port.table(data.ports) if self._job is None else ()),
        )

    def act(self, action: str, value: str, /) -> Page | None:
        """Begin and end the test."""
        printer = self.desk.means.settings.printer
        if action == TEST and self._job is None and printer is not None:
            self._start(printer)
        elif action == STOP and self._job is not None:
            self._job.stop.set()
        else:
            self._port.act(action, value)
        return None

    def left(self) -> None:
        """The printer is the app's again; what became of the slip is recorded when that is known."""
        if self._job is not None:
            self._job.stop.set()

    def _start(self, printer: Printer) -> None:
        desk = self.desk
        desk.message, operator, settings = None, desk.operator, desk.means.settings

        def run(job: Job) -> Printed:
            with desk.means.lender.borrow(Device.PRINTER, operator):
                trial = PrinterTrial(
                    printer,
                    lambda condition: sample_slip(settings, printer, condition, desk.clock.now().wall),
                    lambda told: desk.post(lambda: self._told(told)),
                    list_ports=desk.means.list_ports,
                    ports=desk.means.ports,
                )
                return trial.run(job.stop)

        def record(outcome: Printed | Exception) -> None:
            desk.note(PRINTER_TEST, SAMPLE, _outcome(outcome), operator=operator)

        self._job = desk.work("printer test", run, self._printed, self._failed, quiet=True, whatever_page=record)

    def _told(self, told: Conditioned) -> None:
        if self._job is not None:
            self._during = told

    def _printed(self, printed: Printed) -> None:
        self._job = self._during = None
        if printed.state is PrintState.CONFIRMED:
            self.desk.say("good", "printer.test.confirmed", printed.detail)
        elif printed.state is PrintState.UNCONFIRMED:
            self.desk.say("info", "printer.test.unconfirmed", printed.detail)
        else:
            self.desk.say("bad", "printer.test.failed", printed.detail)
        self.look_again()

    def _failed(self, error: Exception) -> None:
        self._job = self._during = None
        if isinstance(error, TrialStoppedError):
            self.desk.say("info", "printer.test.stopped")
        elif isinstance(error, NotLentError):
            self.desk.say("bad", "common.not_lent", words_of(error))
        else:
            self.desk.failed(error)


def _light(condition: Condition) -> Light:
    if not condition.can_print:
        return "problem"
    return "warning" if condition in _WARNINGS else "ok"


def _outcome(outcome: Printed | Exception) -> str:
    if isinstance(outcome, Printed):
        return f"{outcome.state}: {outcome.detail}" if outcome.detail else outcome.state.value
    return "stopped" if isinstance(outcome, TrialStoppedError) else f"failed: {words_of(outcome)}"
