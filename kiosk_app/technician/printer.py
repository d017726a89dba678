"""`printer status` and `printer test`: how the ticket printer is, and a slip that shows whether it prints right."""

import logging
import queue
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from device_drivers.printer.conditions import Condition, PrintState
from device_drivers.printer.driver import PrinterDriver
from device_drivers.printer.slip import Slip
from kiosk_app.configuration import Printer, RatingCode
from kiosk_app.domain import rating_code
from kiosk_app.journal.database import HALL_FILE
from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.system_clock import SystemClock
from kiosk_app.logs import configure_logging
from kiosk_app.official_calendar import official_working_days
from kiosk_app.resources import assets_directory
from kiosk_app.technician.context import CommandError, Commands, Context, add_json, print_json
from kiosk_app.technician.printer_trial import sample_slip
from kiosk_app.terminal.device_ports import port_book
from kiosk_app.terminal.lending import Device
from kiosk_app.terminal.rating_codes import RatingCodes
from kiosk_app.terminal.slips import RateLater, RatingValues, rating_slip
from kiosk_app.terminal.wording import Wording

PRINTER_TEST = "printer_test"
CONDITION_SECONDS = 20.0
"""Longer than any printer needs to answer, or its port to be called away."""
SAMPLE = "sample"


def add_commands(commands: Commands) -> None:
    """Add this file's commands."""
    printer = commands.add_parser("printer", help="the ticket printer").add_subparsers(required=True, metavar="COMMAND")
    status = printer.add_parser("status", help="how it is, and what to do")
    add_json(status)
    status.set_defaults(run=_status)
    test = printer.add_parser("test", help="print a sample, or the slip of a rating code")
    test.add_argument("--code", metavar="CODE", help="the rating code, as on slips")
    add_json(test)
    test.set_defaults(run=_test)


@dataclass(frozen=True)
class _Changed:
    condition: Condition
    detail: str

    def __str__(self) -> str:
        return f"{self.condition}: {self.detail}" if self.detail else self.condition.value


@dataclass(frozen=True)
class _Printed:
    state: PrintState
    detail: str

    def __str__(self) -> str:
        return f"{self.state}: {self.detail}" if self.detail else self.state.value


class _Events:
    """Brings what the driver's thread tells to the command's own."""

    def __init__(self) -> None:
        self.queue: queue.SimpleQueue[_Changed | _Printed] = queue.SimpleQueue()
        """Everything but the first condition."""
        self._first: Future[_Changed] = Future()

    def printed(self, _job_id: str, state: PrintState, detail: str) -> None:
        self.queue.put(_Printed(state, detail))

    def condition_changed(self, condition: Condition, detail: str) -> None:
        told = _Changed(condition, detail)
        if self._first.done():
            self.queue.put(told)
        else:
            self._first.set_result(told)

    def first_condition(self) -> _Changed:
        """How the printer is. Raises `CommandError` where there is none."""
        try:
            told = self._first.result(CONDITION_SECONDS)
        except TimeoutError:
            told = _Changed(Condition.DISCONNECTED, "nothing was heard of its port; see: kiosk-admin ports")
        if told.condition is Condition.DISCONNECTED:
            raise CommandError(f"no printer: {told.detail}")
        return told


@contextmanager
def _driver(context: Context, events: _Events) -> Iterator[PrinterDriver]:
    printer = _settings(context)
    configure_logging(logging.CRITICAL)  # what the driver would log, the command says in its own words
    with context.borrowed(Device.PRINTER):
        driver = PrinterDriver(
            printer.port,
            printer.baud,
            printer.width_mm,
            events,
            flow_control=printer.flow_control,
            ports=port_book(context.settings),
        )
        driver.start()
        try:
            yield driver
        finally:
            driver.close()


def _settings(context: Context) -> Printer:
    if context.settings.printer is None:
        raise CommandError("terminal.toml has no section [printer]; add one with port, baud and width_mm")
    return context.settings.printer


def _status(context: Context) -> int:
    events = _Events()
    with _driver(context, events):
        told = events.first_condition()
    if context.arguments.json:
        print_json({"condition": told.condition.value, "can_print": told.condition.can_print, "detail": told.detail})
    else:
        print(told)
    return 0


def _test(context: Context) -> int:
    code = _code(context)
    events, job_id = _Events(), new_id()
    with _driver(context, events) as driver:
        condition = events.first_condition().condition
        slip = (
            _rating_slip(context, code)
            if code
            else sample_slip(context.settings, _settings(context), condition, SystemClock().now().wall)
        )
        with context.journal() as journal:
            driver.print(job_id, slip)
            printed = _result(context, events)
            context.note_action(journal, PRINTER_TEST, code.text if code else SAMPLE, printed.state.value)
    if context.arguments.json:
        print_json({"state": printed.state.value, "detail": printed.detail, "job_id": job_id})
    elif printed.state is not PrintState.FAILED:
        print(printed)
    if printed.state is PrintState.FAILED:
        raise CommandError(f"failed: {printed.detail}")
    return 0


def _result(context: Context, events: _Events) -> _Printed:
    """What became of the slip; meanwhile, what the technician has to do for it."""
    while isinstance(told := events.queue.get(), _Changed):
        if not context.arguments.json:
            print(told, flush=True)
    return told


def _code(context: Context) -> rating_code.RatingCode | None:
    """The code to print. Raises `CommandError` for what is no code, and for one that this terminal knows is forged."""
    text: str | None = context.arguments.code
    if text is None:
        return None
    code = rating_code.read_code(rating_code.scanned_code(text))
    if code is None:
        raise CommandError(f"--code {text}: not a rating code; needed are its 16 characters, as 8080-RGG0-0PFZ-R84R")
    if context.settings.rating_code and _is_forged(code, context, context.settings.rating_code):
        raise CommandError(f"--code {code.text}: mistyped, or made with another key than key_file of [rating_code]")
    return code


def _is_forged(code: rating_code.RatingCode, context: Context, own: RatingCode) -> bool:
    """Whether the key at hand proves it: a kiosk's proves any code of its hall, a window's its own."""
    terminal = context.settings.terminal
    if terminal.profile == "kiosk":
        return rating_code.check_code(code.text, own.key, own.hall_id) is rating_code.CodeFault.FORGED
    return RatingCodes(own.hall_id, terminal.short_id, own.key).disowns(code.text)


def _rating_slip(context: Context, code: rating_code.RatingCode) -> Slip:
    settings = context.settings
    qr = rating_code.qr_text(settings.platform.public_url, code.text)
    window = settings.window.number if settings.window and code.short_id == settings.terminal.short_id else ""
    values = RatingValues(
        settings.terminal.hall, window, code.day, RateLater(code.text, qr, _last_day(context, code.day))
    )
    return rating_slip(_wording(context), settings.terminal.languages[0], values)


def _last_day(context: Context, day: date) -> date:
    """The last day to rate (R10)."""
    pushed = None
    if (context.directory / HALL_FILE).exists():
        with context.hall() as hall:
            pushed = hall.document("workdays")
    return official_working_days(pushed).last_day_to_rate(day, context.settings.rules.supplementary_working_days)


def _wording(context: Context) -> Wording:
    return Wording(assets_directory(), context.settings.terminal.languages, "slips")
