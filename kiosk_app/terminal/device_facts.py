"""What is known of the devices of a running terminal, in one line an area, for the technician."""

from collections.abc import Mapping
from typing import Protocol

from device_drivers.evaluator.frame_reader import Counters
from device_drivers.printer.conditions import Condition
from kiosk_app.domain.health import Area
from kiosk_app.terminal.shared_problems import Display


class AnyDriver(Protocol):
    """What every driver tells of its port."""

    @property
    def connected(self) -> bool:
        """Whether the port is in use."""
        ...


class EvaluatorFacts(AnyDriver, Protocol):
    """What an evaluator's driver tells besides."""

    @property
    def port_name(self) -> str | None:
        """The port that is open; None while none is."""
        ...

    @property
    def counters(self) -> Counters:
        """What came since it was opened."""
        ...


class PrinterFacts(Protocol):
    """What a printer's driver tells."""

    @property
    def condition(self) -> Condition:
        """How it is."""
        ...


def device_facts(
    *,
    evaluator: tuple[str, EvaluatorFacts] | None = None,
    printer: PrinterFacts | None = None,
    scanner: AnyDriver | None = None,
    display: Display | None,
    sound_fault: str | None,
) -> Mapping[Area, str]:
    """The good news; what is wrong stands in the problems. `evaluator` is its protocol's name and its driver."""
    facts: dict[Area, str] = {}
    if evaluator is not None and evaluator[1].connected:
        facts[Area.EVALUATOR] = _evaluator(*evaluator)
    if printer is not None and printer.condition.can_print:
        facts[Area.PRINTER] = _PRINTER.get(printer.condition, printer.condition.value)
    if scanner is not None and scanner.connected:
        facts[Area.SCANNER] = "connected"
    if display is not None:
        facts[Area.DISPLAY] = str(display)
        if not sound_fault:
            facts[Area.SOUND] = "an audio output is there"
    return facts


_PRINTER = {
    Condition.READY: "ready",
    Condition.UNKNOWN: "connected; it does not tell its condition, so that slips stay unconfirmed",
}


def _evaluator(protocol: str, driver: EvaluatorFacts) -> str:
    counters = driver.counters
    bad = counters.bad_checksum + counters.bad_length + counters.bad_trailer
    return (
        f"connected at {driver.port_name}, protocol {protocol}; since it was opened {counters.good} good frames, "
        f"{bad} damaged, {counters.noise_bytes} bytes of no frame"
    )
