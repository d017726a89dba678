"""The self-service profile put together: station, printer and scanner."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import pysqlite3 as sqlite3
import structlog

from device_drivers.printer.driver import PrinterDriver
from device_drivers.scanner.driver import ScannerDriver
from kiosk_app.configuration import Kiosk, Settings
from kiosk_app.domain.catalogue import parse_catalogue
from kiosk_app.domain.health import Health
from kiosk_app.domain.questionnaire import parse_questionnaire
from kiosk_app.domain.records import Record
from kiosk_app.health import TerminalHealth
from kiosk_app.journal.database import DELIVERY_FILE, connect
from kiosk_app.journal.delivery import DeliveryStore, State
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.sealing import Sealer
from kiosk_app.journal.system_clock import SystemClock
from kiosk_app.kiosk.counter import KioskSetup, RatingKey
from kiosk_app.kiosk.screen_state import ScreenState
from kiosk_app.kiosk.station import KioskStation
from kiosk_app.resources import assets_directory, read_json
from kiosk_app.terminal.device_facts import device_facts
from kiosk_app.terminal.device_ports import port_book
from kiosk_app.terminal.lending import Device, Lending
from kiosk_app.terminal.recorder import Recorder
from kiosk_app.terminal.shared_problems import Display
from kiosk_app.terminal.wording import Wording

if TYPE_CHECKING:
    from kiosk_app.technician_screen.view_model import TechnicianViewModel
    from kiosk_app.terminal.screen import Screen

_log = structlog.get_logger()


class KioskTerminal:
    """One kiosk. `start` first; a screen is attached when there is one."""

    def __init__(self, settings: Settings, kiosk: Kiosk, config: Path, open_journal: Callable[[], Journal]) -> None:
        """Raises `SealKeyError`."""
        self._settings = settings
        self._config = config
        self._health = TerminalHealth(settings, SystemClock())
        self.station = self._station(kiosk, open_journal)
        self.evaluator = None
        """Kiosks have none."""
        self.ports = port_book(settings)
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
            self.station.attach_printer(self.printer)
        self._told: set[str] = set()
        """Codes of the problems that stand in the log."""
        self._scanner: ScannerDriver | None = None
        if scanner := settings.scanner:
            self._scanner = ScannerDriver(scanner.port, scanner.baud, self.station, ports=self.ports)
        drivers = {Device.PRINTER: self.printer, Device.SCANNER: self._scanner}
        there = {device: driver for device, driver in drivers.items() if driver}
        self.lending = Lending(there, self.station)
        self.station.attach_lending(self.lending, lambda: [device.value for device in there if there[device].asks])
        self._sound_fault: str | None = None
        self._display: Display | None = None

    def _station(self, kiosk: Kiosk, open_journal: Callable[[], Journal]) -> KioskStation:
        settings, clock = self._settings, SystemClock()
        seal_key, directory, code = settings.platform.seal_key_file, settings.storage.directory, settings.rating_code
        return KioskStation(
            KioskSetup(
                hall=settings.terminal.hall,
                short_id=settings.terminal.short_id,
                wording=Wording(assets_directory(), settings.terminal.languages, "slips"),
                catalogue=parse_catalogue(read_json("options.json")),
                questionnaire=parse_questionnaire(read_json("questionnaire.json")),
                public_url=settings.platform.public_url,
                idle_ms=kiosk.idle_seconds * 1000,
                booking_days=kiosk.booking_days,
                supplementary_days=settings.rules.supplementary_working_days,
                rating_key=RatingKey(code.hall_id, code.key) if code else None,
            ),
            clock,
            Recorder(open_journal, clock),
            lambda: HallStore.open(directory),
            Sealer(seal_key) if seal_key else None,
            self._health.problems,
            lambda record: _delivery_state(directory, record),
            self._health.noted,
        )

    def start(self, parts: ExitStack) -> None:
        """Journal, printer and scanner: all that works without a screen."""
        self.station.start()
        parts.callback(self.station.close)
        for driver in (self.printer, self._scanner):
            if driver is not None:
                driver.start()
                parts.callback(driver.close)

    def refresh(self) -> None:
        """Another process wrote something, or some time has passed."""
        self.station.refresh()
        self._tell_problems()

    def _tell_problems(self) -> None:
        """A kiosk has no API that could be asked for its health: what is new, and what is over, stands in its log."""
        found = {problem.code: problem for problem in self.station.problems()}
        for code in found.keys() - self._told:
            problem = found[code]
            _log.warning("problem", code=code, text=problem.text, action=problem.action)
        for code in self._told - found.keys():
            _log.info("problem is over", code=code)
        self._told = set(found)

    def open_screen(self, *, windowed: bool, technician: "TechnicianViewModel") -> "Screen":
        """The screen, beginning with what the station shows; only here is anything of Qt imported.

        Raises `ScreenError`.
        """
        from kiosk_app.kiosk.screen import open_kiosk_screen

        return open_kiosk_screen(
            self.station,
            self.station.state(),
            assets=assets_directory(),
            languages=self._settings.terminal.languages,
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
        """Whether the kiosk's thread does what it is given within so many seconds."""
        return self.station.answers(seconds)

    def citizen_is_asked(self) -> bool:
        """Nobody asks a citizen at a kiosk to rate: who is there came by themselves."""
        return False

    def citizen_is_invited(self) -> bool:
        """A kiosk has no evaluator that would be needed."""
        return False

    def health(self) -> Health:
        """How the terminal is. Never raises, never waits for the network."""
        facts = device_facts(
            printer=self.printer, scanner=self._scanner, display=self._display, sound_fault=self._sound_fault
        )
        return Health(self.station.problems(), {**self._health.facts(), **facts})


def _delivery_state(directory: Path, record: Record) -> State:
    """What has become of a record at the platform; waiting where delivery's bookkeeping cannot say (R27)."""
    if not (directory / DELIVERY_FILE).exists():
        return State.WAITING
    try:
        with closing(connect(directory / DELIVERY_FILE, read_only=True)) as connection:
            return DeliveryStore(connection).state_of(record)
    except (sqlite3.Error, OSError) as error:
        _log.warning("delivery not looked up", cause=str(error))
        return State.WAITING
