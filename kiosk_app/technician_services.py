"""What the running app offers its technician: the screens over its own, and the door for this machine's programs."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import structlog

from device_drivers.evaluator.protocol_file import ProtocolFileError
from device_drivers.port_book import PortBook
from kiosk_app.app_socket import AppDoor, Json
from kiosk_app.configuration import ConfigurationError, Settings, load_settings
from kiosk_app.domain.health import Health
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.system_clock import SystemClock
from kiosk_app.protocol_in_use import protocol_in_use
from kiosk_app.resources import assets_directory
from kiosk_app.technician_screen.means import EvaluatorNow, Means, PrinterNow
from kiosk_app.technician_screen.state import Page, TechnicianState
from kiosk_app.technician_screen.station import TechnicianStation
from kiosk_app.terminal.lending import Device, Lending, NotLentError
from kiosk_app.terminal.recorder import Recorder

if TYPE_CHECKING:
    from kiosk_app.technician_screen.view_model import TechnicianViewModel
    from kiosk_app.terminal.screen import Screen

_ANSWER_FIRST_SECONDS = 0.2

_log = structlog.get_logger()


class Served(Protocol):
    """The terminal whose technician is served."""

    @property
    def lending(self) -> Lending:
        """Who lends its devices."""
        ...

    @property
    def evaluator(self) -> EvaluatorNow | None:
        """Its evaluator's driver."""
        ...

    @property
    def printer(self) -> PrinterNow | None:
        """Its printer's driver."""
        ...

    @property
    def ports(self) -> PortBook:
        """What its drivers share."""
        ...

    def health(self) -> Health:
        """How it is."""
        ...

    def citizen_is_asked(self) -> bool:
        """Whether a citizen is asked to rate at this moment; never waits."""
        ...

    def citizen_is_invited(self) -> bool:
        """Whether the evaluator is needed at this moment; never waits."""
        ...


class TechnicianServices:
    """`start` first; a screen is attached when there is one."""

    def __init__(
        self,
        settings: Settings,
        config: Path,
        terminal: Served,
        open_journal: Callable[[], Journal],
        begin_anew: Callable[[], None],
    ) -> None:
        """`begin_anew` ends the app and starts it again; called from any thread."""
        self._settings = settings
        self._config = config
        self._terminal = terminal
        self._begin_anew = begin_anew
        self._screen: Screen | None = None
        self.is_open = False
        """Whether the technician's screens cover the citizens'."""
        means = Means(
            settings=settings,
            config=config,
            lender=terminal.lending,
            health=terminal.health,
            restart=self._restart,
            play_sound=self._play_sound,
            citizen_is_asked=terminal.citizen_is_asked,
            evaluator=terminal.evaluator,
            printer=terminal.printer,
            ports=terminal.ports,
        )
        clock = SystemClock()
        self.station = TechnicianStation(means, clock, Recorder(open_journal, clock))

    def start(self, parts: ExitStack) -> None:
        """The core of the screens, and the door; without the door everything else still works."""
        self.station.start()
        parts.callback(self.station.close)
        answers = {
            "health": lambda _: self._terminal.health().to_json(),
            "restart": self._answer_restart,
            "play": self._answer_play,
            "open_page": self._answer_open_page,
        }
        door = AppDoor(
            self._settings.storage.directory,
            answers,
            lambda device, borrower: self._terminal.lending.borrow(_known(device), borrower),
            lambda device: device == Device.EVALUATOR and self._terminal.citizen_is_invited(),
        )
        try:
            door.start()
        except OSError as error:
            _log.error("no door for kiosk-admin", cause=str(error))
            return
        parts.callback(door.close)

    # -- the screen, on Qt's thread -----------------------------------------------------------------------------------

    def view_model(self) -> "TechnicianViewModel":
        """What the screen takes as `technician`; only here is anything of Qt imported. Raises `ScreenError`."""
        from kiosk_app.technician_screen.screen import technician_view_model

        return technician_view_model(
            self.station,
            assets=assets_directory(),
            languages=self._settings.terminal.languages,
            own_sounds=self._config / "sounds",
        )

    def attach_screen(
        self, screen: "Screen", view_model: "TechnicianViewModel", pictured: Callable[[str], None] | None = None
    ) -> None:
        """Show every state from now on; `pictured` is told of each page."""
        self._screen = screen

        def show(state: TechnicianState) -> None:
            self.is_open = state.page is not Page.CLOSED
            view_model.show(state)
            if pictured is not None and state.page is not Page.CLOSED:
                pictured(f"technician-{state.page}")

        self.station.attach_screen(show, screen.facts())

    def detach_screen(self) -> None:
        """Show nothing any more."""
        self._screen = None
        self.station.detach_screen()

    # -- what others ask ----------------------------------------------------------------------------------------------

    def _restart(self) -> None:
        """Begin anew in a moment.

        Raises `RuntimeError`, and all goes on, where the configuration would be refused, or a citizen is asked: the
        screen would be gone for a part of the time that is theirs (R6).
        """
        if self._terminal.citizen_is_asked():
            raise RuntimeError("not started again: a citizen is just asked to rate; try again when the screen is free")
        try:
            protocol_in_use(load_settings(self._config), self._config)
        except (ConfigurationError, ProtocolFileError) as error:
            raise RuntimeError(f"not started again: {error}") from error
        # Who asked is answered first.
        threading.Timer(_ANSWER_FIRST_SECONDS, self._begin_anew).start()

    def _play_sound(self, name: str) -> str | None:
        screen = self._screen
        return "no screen is shown, and the sounds are the screen's" if screen is None else screen.play(name) or None

    def _answer_restart(self, _: Json) -> Json:
        self._restart()
        return {}

    def _answer_play(self, question: Json) -> Json:
        if fault := self._play_sound(str(question.get("sound"))):
            raise RuntimeError(f"nothing is heard: {fault}; connect a loudspeaker, or look at the system's sound")
        return {}

    def _answer_open_page(self, question: Json) -> Json:
        if self._screen is None:
            raise RuntimeError("no screen is shown; look at the display and the app's log")
        if self._terminal.citizen_is_asked():
            raise RuntimeError("a citizen is just asked to rate; try again when the screen is free")
        try:
            page = Page(str(question.get("page")))
        except ValueError:
            raise RuntimeError(f"there is no page {question.get('page')!r}") from None
        self.station.open_as(str(question.get("operator")), page)
        return {}


def _known(name: str) -> Device:
    try:
        return Device(name)
    except ValueError:
        raise NotLentError(f"there is no device {name!r}; there are: {', '.join(Device)}") from None
