"""The window profile put together: station, evaluator, printer and window API."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from device_drivers.evaluator.driver import EvaluatorDriver
from device_drivers.evaluator.frame_reader import Counters
from device_drivers.printer.driver import PrinterDriver
from kiosk_app.configuration import Settings, Window, WindowApi
from kiosk_app.domain.catalogue import parse_catalogue
from kiosk_app.domain.health import Health
from kiosk_app.domain.window import Limits
from kiosk_app.health import TerminalHealth
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.sealing import Sealer
from kiosk_app.journal.system_clock import SystemClock
from kiosk_app.protocol_in_use import protocol_in_use
from kiosk_app.resources import assets_directory, read_json
from kiosk_app.terminal.device_facts import device_facts
from kiosk_app.terminal.device_ports import port_book
from kiosk_app.terminal.evaluator_problems import Heard
from kiosk_app.terminal.lending import Device, Lending
from kiosk_app.terminal.rating_codes import RatingCodes
from kiosk_app.terminal.recorder import Recorder
from kiosk_app.terminal.shared_problems import Display
from kiosk_app.terminal.wording import Wording
from kiosk_app.window.screen_state import Page, ScreenState, WindowSign
from kiosk_app.window.station import Station, StationSetup
from kiosk_app.window.surroundings import EvaluatorProfile
from kiosk_app.window.window_api.from_settings import window_api_server

if TYPE_CHECKING:
    from kiosk_app.technician_screen.view_model import TechnicianViewModel
    from kiosk_app.terminal.screen import Screen

_log = structlog.get_logger()


class WindowTerminal:
    """One window. `start` first; a screen is attached when there is one."""

    def __init__(self, settings: Settings, window: Window, config: Path, open_journal: Callable[[], Journal]) -> None:
        """Raises `ConfigurationError`, `ProtocolFileError`, `SealKeyError`."""
        self._settings = settings
        self._window = window
        self._config = config
        self._health = TerminalHealth(settings, SystemClock())
        protocol = protocol_in_use(settings, config)
        profile = EvaluatorProfile(protocol.name, protocol.sha256) if protocol else None
        self.station = self._station(open_journal, profile)
        self.ports = port_book(settings)
        self.evaluator: EvaluatorDriver | None = None
        if (evaluator := settings.evaluator) and protocol and profile:
            driver = EvaluatorDriver(protocol, evaluator.port, evaluator.address, self.station, ports=self.ports)
            self.station.attach_evaluator(profile, driver, lambda: _heard(driver.counters))
            self.evaluator = driver
        self.printer: PrinterDriver | None = None
        if printer := settings.printer:
            self.printer = PrinterDriver(
                printer.port,
                printer.baud,
                printer.width_mm,
                self.station,
                flow_control=printer.flow_control,
                ports=self.ports,
            )
            wording = Wording(assets_directory(), settings.terminal.languages, "slips")
            self.station.attach_printer(self.printer, wording)
        drivers = {Device.EVALUATOR: self.evaluator, Device.PRINTER: self.printer}
        there = {device: driver for device, driver in drivers.items() if driver}
        self.lending = Lending(there, self.station)
        self.station.attach_lending(self.lending, lambda: [device.value for device in there if there[device].asks])
        self._sound_fault: str | None = None
        self._display: Display | None = None

    def _station(self, open_journal: Callable[[], Journal], profile: EvaluatorProfile | None) -> Station:
        settings, window, clock = self._settings, self._window, SystemClock()
        seal_key, directory, code = settings.platform.seal_key_file, settings.storage.directory, settings.rating_code
        return Station(
            StationSetup(
                hall=settings.terminal.hall,
                number=window.number,
                limits=Limits(
                    invite_ms=window.invite_seconds * 1000,
                    short_service_ms=settings.rules.short_service_seconds * 1000,
                    visit_max_ms=window.visit_max_minutes * 60_000,
                ),
                detail_ms=window.detail_seconds * 1000,
                catalogue=parse_catalogue(read_json("options.json")),
                evaluator=profile,
                rating_codes=RatingCodes(code.hall_id, settings.terminal.short_id, code.key) if code else None,
                public_url=settings.platform.public_url,
                supplementary_days=settings.rules.supplementary_working_days,
            ),
            clock,
            Recorder(open_journal, clock),
            lambda: HallStore.open(directory),
            Sealer(seal_key) if seal_key else None,
            self._health.problems,
            self._health.noted,
        )

    def start(self, parts: ExitStack) -> None:
        """Journal, evaluator and window API: all that works without a screen. Raises `CannotListenError`."""
        self.station.start()
        parts.callback(self.station.close)
        for driver in (self.evaluator, self.printer):
            if driver is not None:
                driver.start()
                parts.callback(driver.close)
        if self._settings.window_api:
            self._serve(self._settings.window_api, parts)

    def _serve(self, api: WindowApi, parts: ExitStack) -> None:
        terminal, storage = self._settings.terminal, self._settings.storage
        server = window_api_server(self.station, api, hall=terminal.hall, directory=storage.directory)
        server.start()
        parts.callback(server.close)
        _log.info("window api listens", address=server.address)

    def refresh(self) -> None:
        """Another process wrote something."""
        self.station.refresh()

    def open_screen(self, *, windowed: bool, technician: "TechnicianViewModel") -> "Screen":
        """The screen, beginning with the sign; only here is anything of Qt imported. Raises `ScreenError`."""
        from kiosk_app.window.screen import open_screen

        terminal = self._settings.terminal
        return open_screen(
            self.station,
            ScreenState(Page.SIGN, WindowSign(terminal.hall, self._window.number)),
            assets=assets_directory(),
            languages=terminal.languages,
            own_sounds=self._config / "sounds",
            windowed=windowed,
            technician=technician,
        )

    def attach_screen(
        self, show: Callable[[ScreenState], None], sound_fault: str | None, display: Display | None
    ) -> None:
        """Show every state from now on."""
        self._sound_fault, self._display = sound_fault, display
        self.station.attach_screen(show, sound_fault, display)

    def detach_screen(self) -> None:
        """Show nothing any more."""
        self._display = None
        self.station.detach_screen()

    def answers(self, seconds: float) -> bool:
        """Whether the window's thread does what it is given within so many seconds."""
        return self.station.answers(seconds)

    def citizen_is_asked(self) -> bool:
        """Whether a citizen is asked for a rating or its reasons; never waits."""
        return self.station.is_asking

    def citizen_is_invited(self) -> bool:
        """Whether an invitation is open; never waits."""
        return self.station.is_inviting

    def health(self) -> Health:
        """How the terminal is. Never raises, never waits for the network."""
        evaluator = self._settings.evaluator
        facts = device_facts(
            evaluator=(evaluator.protocol, self.evaluator) if evaluator and self.evaluator else None,
            printer=self.printer,
            display=self._display,
            sound_fault=self._sound_fault,
        )
        return Health(self.station.problems(), {**self._health.facts(), **facts})


def _heard(counters: Counters) -> Heard:
    bad = counters.bad_checksum + counters.bad_length + counters.bad_trailer
    return Heard(counters.good, bad, counters.noise_bytes)
