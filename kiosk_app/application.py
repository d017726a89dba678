"""kiosk-app: starts the terminal that the configuration describes, and keeps its screen.

The core starts before the screen, and goes on without it: if nothing can be shown, evaluator, window API and journal
still work (R20).
"""

import argparse
import fcntl
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from device_drivers.evaluator.protocol_file import ProtocolFileError
from kiosk_app.configuration import ConfigurationError, Settings, load_settings
from kiosk_app.journal.database import APP_LOCK_FILE, UnsafeSqliteError, refuse_unsafe_sqlite
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.sealing import SealKeyError
from kiosk_app.journal.system_clock import SystemClock
from kiosk_app.journal.wakeup import WakeUp
from kiosk_app.kiosk_terminal import KioskTerminal
from kiosk_app.liveness import Pulse, Watchdog, storage_answers
from kiosk_app.logs import configure_logging
from kiosk_app.technician_services import Served, TechnicianServices
from kiosk_app.terminal.pictures import Pictures
from kiosk_app.terminal.shared_problems import Display
from kiosk_app.window.window_api.listening import CannotListenError
from kiosk_app.window_terminal import WindowTerminal

if TYPE_CHECKING:
    from kiosk_app.technician_screen.view_model import TechnicianViewModel
    from kiosk_app.terminal.screen import Screen

DISTRIBUTION = "hall-kiosk"
EXIT_REFUSED = 2
_SCREEN_RETRY_SECONDS = 30
_REFRESH_SECONDS = 30
_STATION_PATIENCE_SECONDS = 10.0
_BUSY_MS = 3_000
"""How long a rating waits for another program's write; then the screen says so, and it is tried again."""

_log = structlog.get_logger()


class StartRefusedError(RuntimeError):
    """The app cannot start here; the message is the one line to show."""


def main() -> int:
    """Run the app until SIGTERM, SIGINT or the closing of its window; 2 if it is refused."""
    arguments = _arguments()
    os.umask(0o027)
    configure_logging()
    try:
        refuse_unsafe_sqlite()
        settings = load_settings(arguments.config)
        with ExitStack() as parts:
            _only_one(settings, parts)
            stop = _Stop()
            open_journal = _journal_opener(settings)
            terminal = _terminal(settings, arguments.config, open_journal)
            terminal.start(parts)
            technician = TechnicianServices(settings, arguments.config, terminal, open_journal, stop.restart)
            technician.start(parts)
            screen_beats = _watched(terminal, settings, stop, parts)
            _listen_for_changes(terminal, settings.storage.directory)
            _show_screen(_Shown(terminal, technician, screen_beats, arguments), stop)
    except (
        ConfigurationError, ProtocolFileError, SealKeyError, CannotListenError, StartRefusedError, UnsafeSqliteError
    ) as error:  # fmt: skip
        print(str(error), file=sys.stderr)
        return EXIT_REFUSED
    if stop.begin_anew:
        # The same process with the same arguments: systemd, or whoever else started it, sees no end.
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - our own arguments
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="kiosk-app", description="The touchscreen app of a window terminal or a kiosk."
    )
    parser.add_argument("--config", type=Path, required=True, metavar="DIR", help="directory with terminal.toml")
    parser.add_argument("--windowed", action="store_true", help="in a window instead of full screen")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="save a picture of every page as it is shown")
    return parser.parse_args()


def _only_one(settings: Settings, parts: ExitStack) -> None:
    """One app a storage directory: two would each believe to be the window."""
    directory = settings.storage.directory
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o750)
        lock = os.open(directory / APP_LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        # The journal will say the same, and the screen will show it; it may heal.
        _log.error("no lock on the storage", cause=str(error))
        return
    parts.callback(os.close, lock)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StartRefusedError(f"{directory}: another kiosk-app runs on this storage; stop it first") from None


class Terminal(Served, Protocol):
    """One profile, put together by a file of its own."""

    def start(self, parts: ExitStack) -> None:
        """Start all that works without a screen; what is to be ended is pushed on `parts`."""
        ...

    def refresh(self) -> None:
        """Another process wrote something."""
        ...

    def open_screen(self, *, windowed: bool, technician: "TechnicianViewModel") -> "Screen":
        """Open the screen. Raises `ScreenError`."""
        ...

    def answers(self, seconds: float) -> bool:
        """Whether its own thread, which also appends to the journal, does what it is given within so many seconds."""
        ...

    def attach_screen(self, show: Callable[[Any], None], sound_fault: str | None, display: Display | None) -> None:
        """Show every state from now on, the present one first."""
        ...

    def detach_screen(self) -> None:
        """Show nothing any more."""
        ...


def _journal_opener(settings: Settings) -> Callable[[], Journal]:
    clock, directory, device_id = SystemClock(), settings.storage.directory, settings.terminal.device_id
    software = f"{DISTRIBUTION} {version(DISTRIBUTION)}"
    return lambda: Journal.open_or_start(
        directory, device_id=device_id, clock=clock, software=software, busy_ms=_BUSY_MS
    )


def _terminal(settings: Settings, config: Path, open_journal: Callable[[], Journal]) -> Terminal:
    if settings.terminal.profile == "window" and settings.window is not None:
        return WindowTerminal(settings, settings.window, config, open_journal)
    if settings.kiosk is not None:
        return KioskTerminal(settings, settings.kiosk, config, open_journal)
    raise StartRefusedError(f"terminal.profile = {settings.terminal.profile!r} has no section of its own")


def _listen_for_changes(terminal: Terminal, directory: Path) -> None:
    """Tell the terminal when another process wrote something, and look by itself now and then."""
    ear = WakeUp(directory, "app")

    def listen() -> None:
        while True:
            ear.wait(_REFRESH_SECONDS)
            terminal.refresh()

    threading.Thread(target=listen, name="changes", daemon=True).start()


def _watched(terminal: Terminal, settings: Settings, stop: "_Stop", parts: ExitStack) -> Pulse:
    """Tell systemd that all of this answers; returns what the screen's loop is to beat."""
    pulse = Pulse()
    watchdog = Watchdog(
        {
            "station": lambda: terminal.answers(_STATION_PATIENCE_SECONDS),
            "storage": lambda: storage_answers(settings.storage.directory),
            "screen": pulse,
        }
    )
    watchdog.start()
    parts.callback(lambda: watchdog.stop(begins_anew=stop.begin_anew))
    return pulse


@dataclass(frozen=True)
class _Shown:
    """What a screen is opened for."""

    terminal: Terminal
    technician: TechnicianServices
    pulse: Pulse
    arguments: argparse.Namespace


def _show_screen(shown: _Shown, stop: "_Stop") -> None:
    """Show the screen until it is closed; where it cannot be shown, wait for one, and for the signal to end."""
    try:
        from kiosk_app.terminal import screen as screens
    except ImportError as error:
        _log.error("no screen", cause=str(error))
        stop.asked.wait()
        return
    while not stop.asked.is_set():
        cause = screens.screen_available()
        if cause is None and not stop.asked.is_set():
            try:
                _run_screen(shown, stop)
                return
            except (screens.ScreenError, OSError, ValueError) as error:
                cause = str(error)
        _log.error("no screen", cause=cause, next_try_seconds=_SCREEN_RETRY_SECONDS)
        stop.asked.wait(_SCREEN_RETRY_SECONDS)


class _Stop:
    """SIGTERM, SIGINT and a wish to begin anew end whatever the main thread does: waiting, or Qt's loop."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self._wants_anew = self._must_end = False
        self.end_loop: Callable[[], None] = self.asked.set
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    @property
    def begin_anew(self) -> bool:
        """Whether the app is to start again once it has ended, with the configuration as it is then.

        Never after a signal, whichever came first: who ends the app must not find another one.
        """
        return self._wants_anew and not self._must_end

    def restart(self) -> None:
        """Begin anew; from any thread, never waits."""
        _log.info("beginning anew")
        self._wants_anew = True
        self._stop()

    def _on_signal(self, number: int, _: object) -> None:
        _log.info("stopping", signal=number)
        self._must_end = True
        self._stop()

    def _stop(self) -> None:
        self.asked.set()
        self.end_loop()


def _run_screen(shown: _Shown, stop: _Stop) -> None:
    """Qt's loop on the main thread. Raises `ScreenError` where the screens cannot be loaded."""
    terminal, technician, arguments = shown.terminal, shown.technician, shown.arguments
    over = technician.view_model()
    screen = terminal.open_screen(windowed=arguments.windowed, technician=over)
    pictures = Pictures(arguments.pictures, screen.save_picture) if arguments.pictures else None

    def show(state: Any) -> None:
        is_asked = terminal.citizen_is_asked()
        if is_asked:
            technician.station.put_out("a citizen is asked to rate")
        screen.show(state)
        if pictures is not None and (is_asked or not technician.is_open):
            pictures.shown(state.page.value)

    stop.end_loop = screen.stop
    if stop.asked.is_set():
        return
    terminal.attach_screen(show, screen.sound_problem or None, screen.display())
    technician.attach_screen(screen, over, pictures.shown if pictures else None)
    _log.info("screen is shown")
    screen.run(shown.pulse.beat)
    shown.pulse.stop()
    technician.detach_screen()
    terminal.detach_screen()
    screen.close()
