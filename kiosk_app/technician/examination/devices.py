"""Evaluator, printer and scanner, looked at while no app owns their ports; only a printer is asked anything."""

import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

from device_drivers.evaluator.driver import EvaluatorDriver
from device_drivers.evaluator.key_presses import KeyPress
from device_drivers.evaluator.protocol import EvaluatorProtocol
from device_drivers.port_book import PortBook
from device_drivers.printer.conditions import Condition, PrintState
from device_drivers.printer.driver import PrinterDriver
from device_drivers.scanner.driver import ScannerDriver
from kiosk_app.configuration import Evaluator, Printer, Scanner, Settings
from kiosk_app.domain.health import Area, Health
from kiosk_app.domain.problems import Problem
from kiosk_app.protocol_in_use import protocol_in_use
from kiosk_app.technician.examination.timed import Look
from kiosk_app.terminal.device_ports import port_book
from kiosk_app.terminal.evaluator_problems import Heard, evaluator_problems
from kiosk_app.terminal.printer_problems import printer_problems
from kiosk_app.terminal.shared_problems import ambiguous_port

FIND_SECONDS = 6.0
LISTEN_SECONDS = 2.0
"""A line with a fault babbles; an evaluator at rest is silent, or beats."""


def device_looks(settings: Settings, config: Path, *, keys_confirmed: bool) -> Mapping[Area, Look]:
    """A look for each device that is configured."""
    looks: dict[Area, Look] = {}
    ports = port_book(settings)  # one for all: what is one device's port is no other's
    if evaluator := settings.evaluator:
        looks[Area.EVALUATOR] = lambda: _evaluator(settings, evaluator, config, ports, keys_confirmed=keys_confirmed)
    if printer := settings.printer:
        looks[Area.PRINTER] = lambda: _printer(printer, ports)
    if scanner := settings.scanner:
        looks[Area.SCANNER] = lambda: _scanner(scanner, ports)
    return looks


@dataclass(frozen=True)
class _Told:
    connected: bool
    detail: str
    asks: bool = False
    """Whether a person has to say which port it is."""


class _Port:
    """Waits for the first word on a port, and hears nothing else of it."""

    def __init__(self) -> None:
        self._first: Future[_Told] = Future()
        self._guard = threading.Lock()

    def connection_changed(self, connected: bool, detail: str) -> None:
        with self._guard:
            if not self._first.done():
                self._first.set_result(_Told(connected, detail))

    def key_pressed(self, _press: KeyPress) -> None:
        """A stray press: nobody is invited."""

    def scanned(self, _text: str, _at: float) -> None:
        """What is scanned now is for nobody."""

    def first(self) -> _Told:
        try:
            return self._first.result(FIND_SECONDS)
        except TimeoutError:
            return _Told(False, f"nothing is known of its port after {FIND_SECONDS:g} s; see: kiosk-admin ports")


def _evaluator(
    settings: Settings, evaluator: Evaluator, config: Path, ports: PortBook, *, keys_confirmed: bool
) -> Health:
    try:
        protocol = protocol_in_use(settings, config)
    except ValueError:
        return Health()  # a protocol that is refused is the configuration's problem
    if protocol is None:
        return Health()
    told, heard = _listened(protocol, evaluator, ports)
    fault = None if told.connected else told.detail
    problems = tuple(evaluator_problems(fault, keys_confirmed=keys_confirmed, heard=heard, asks=told.asks))
    fact = f"{evaluator.port} opens; protocol {protocol.name}; {heard.good} good frames in {LISTEN_SECONDS:g} s"
    return Health(problems, {Area.EVALUATOR: fact} if told.connected else {})


def _listened(protocol: EvaluatorProtocol, evaluator: Evaluator, ports: PortBook) -> tuple[_Told, Heard]:
    """Open the port and listen for a moment: the driver sends nothing by itself."""
    port = _Port()
    driver = EvaluatorDriver(protocol, evaluator.port, evaluator.address, port, ports=ports)
    driver.start()
    try:
        told = replace(port.first(), asks=driver.asks)
        if told.connected:
            threading.Event().wait(LISTEN_SECONDS)
        counters = driver.counters
    finally:
        driver.close()
    bad = counters.bad_checksum + counters.bad_length + counters.bad_trailer
    return told, Heard(counters.good, bad, counters.noise_bytes)


class _Paper:
    """Waits for the first condition that a printer tells."""

    def __init__(self) -> None:
        self._first: Future[tuple[Condition, str]] = Future()
        self._guard = threading.Lock()

    def printed(self, job_id: str, state: PrintState, detail: str) -> None:
        """Nothing is printed here."""

    def condition_changed(self, condition: Condition, detail: str) -> None:
        with self._guard:
            if not self._first.done():
                self._first.set_result((condition, detail))

    def first(self) -> tuple[Condition, str]:
        try:
            return self._first.result(FIND_SECONDS)
        except TimeoutError:
            return Condition.DISCONNECTED, "nothing was heard of its port; see: kiosk-admin ports"


def _printer(printer: Printer, ports: PortBook) -> Health:
    paper = _Paper()
    driver = PrinterDriver(
        printer.port, printer.baud, printer.width_mm, paper, flow_control=printer.flow_control, ports=ports
    )
    driver.start()
    try:
        condition, detail = paper.first()
        asks = driver.asks
    finally:
        driver.close()
    words = f"{printer.port}: {condition.value}" + (f" ({detail})" if detail else "")
    return Health(tuple(printer_problems((condition, detail), asks=asks)), {Area.PRINTER: words})


def _scanner(scanner: Scanner, ports: PortBook) -> Health:
    port = _Port()
    driver = ScannerDriver(scanner.port, scanner.baud, port, ports=ports)
    driver.start()
    try:
        told = replace(port.first(), asks=driver.asks)
    finally:
        driver.close()
    if told.asks:
        return Health((ambiguous_port("scanner", told.detail),))
    if told.connected:
        return Health((), {Area.SCANNER: f"{scanner.port} opens"})
    problem = Problem(
        "scanner_lost",
        f"scanner: {told.detail}",
        "check its cable and [scanner] port; codes can be typed on the screen meanwhile",
    )
    return Health((problem,))
