"""A test slip: printed by whoever has borrowed the printer, and what became of it."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from device_drivers.port_book import PortBook
from device_drivers.printer.conditions import Condition, PrintState
from device_drivers.printer.driver import PrinterDriver
from device_drivers.printer.slip import Slip
from device_drivers.serial_line import boottime
from device_drivers.serial_ports import PortLister, present_ports
from kiosk_app.configuration import Printer, Settings
from kiosk_app.journal.identifiers import new_id
from kiosk_app.resources import assets_directory
from kiosk_app.terminal.slips import TrialValues, test_slip
from kiosk_app.terminal.wording import Wording

T = TypeVar("T")

CONDITION_SECONDS = 20.0
"""Longer than any printer needs to answer, or its port to be called away."""
_LOOK_SECONDS = 0.2
"""How often it is looked whether it is to be ended."""


@dataclass(frozen=True)
class Conditioned:
    """How the printer is now."""

    condition: Condition
    detail: str


@dataclass(frozen=True)
class Printed:
    """What became of the slip."""

    state: PrintState
    detail: str


class TrialStoppedError(RuntimeError):
    """Somebody ended it before the slip was printed."""


class PrinterTrial:
    """One slip at one printer. `tell` is called by the driver's own thread: pass on and return."""

    def __init__(
        self,
        printer: Printer,
        slip: Callable[[Condition], Slip],
        tell: Callable[[Conditioned], None],
        *,
        list_ports: PortLister = present_ports,
        ports: PortBook | None = None,
    ) -> None:
        """Prepare it; `slip` is asked for when the printer's condition is known.

        `ports` is what the drivers of this program share, so that "auto" is found.
        """
        self._slip = slip
        self._tell = tell
        self._conditions: queue.SimpleQueue[Conditioned] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[Printed] = queue.SimpleQueue()
        self._driver = PrinterDriver(
            printer.port,
            printer.baud,
            printer.width_mm,
            self,
            flow_control=printer.flow_control,
            list_ports=list_ports,
            ports=ports,
        )

    def run(self, stop: threading.Event) -> Printed:
        """Print it; returns when it is known what became of it. Raises `TrialStoppedError`."""
        self._driver.start()
        try:
            first = _awaited(self._conditions, stop, CONDITION_SECONDS)
            if first is None or first.condition is Condition.DISCONNECTED:
                return Printed(
                    PrintState.FAILED, first.detail if first is not None else "nothing was heard of its port"
                )
            self._driver.print(new_id(), self._slip(first.condition))
            while (printed := _awaited(self._results, stop, _LOOK_SECONDS)) is None:
                pass
            return printed
        finally:
            self._driver.close()

    def printed(self, _job_id: str, state: PrintState, detail: str) -> None:
        """By the driver."""
        self._results.put(Printed(state, detail))

    def condition_changed(self, condition: Condition, detail: str) -> None:
        """By the driver."""
        told = Conditioned(condition, detail)
        self._conditions.put(told)
        self._tell(told)


def sample_slip(settings: Settings, printer: Printer, condition: Condition, now: datetime) -> Slip:
    """Ruler, sizes, Chinese, QR code and cut, in the terminal's first language."""
    values = TrialValues(
        hall=settings.terminal.hall,
        condition=condition,
        width_mm=printer.width_mm,
        qr=settings.platform.public_url or settings.terminal.device_id,
        printed_at=now,
    )
    languages = settings.terminal.languages
    return test_slip(Wording(assets_directory(), languages, "slips"), languages[0], values)


def _awaited(told: queue.SimpleQueue[T], stop: threading.Event, seconds: float) -> T | None:
    """What is told next; None after so many seconds. Raises `TrialStoppedError`."""
    end = boottime() + seconds
    while not stop.is_set():
        try:
            return told.get(timeout=_LOOK_SECONDS)
        except queue.Empty:
            if boottime() >= end:
                return None
    raise TrialStoppedError("ended before the slip was printed")
