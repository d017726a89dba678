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
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from device_drivers.evaluator.protocol_file import ProtocolFileError
from kiosk_app.app_socket import AppDoor, Json
from kiosk_app.configuration import ConfigurationError, Settings, load_settings
from kiosk_app.domain.health import Health
from kiosk_app.journal.database import APP_LOCK_FILE, UnsafeSqliteError, refuse_unsafe_sqlite
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.sealing import SealKeyError
from kiosk_app.journal.system_clock import SystemClock
from kiosk_app.journal.wakeup import WakeUp
from kiosk_app.kiosk_terminal import KioskTerminal
from kiosk_app.logs import configure_logging
from kiosk_app.protocol_in_use import protocol_in_use
from kiosk_app.terminal.lending import Device, Lending, NotLentError
from kiosk_app.terminal.pictures import Pictures
from kiosk_app.terminal.shared_problems import Display
from kiosk_app.window.window_api.listening import CannotListenError
from kiosk_app.window_terminal import WindowTerminal

if TYPE_CHECKING:
    from kiosk_app.terminal.screen import Screen

DISTRIBUTION = "hall-kiosk"
EXIT_REFUSED = 2
_SCREEN_RETRY_SECONDS = 30
_REFRESH_SECONDS = 30
_ANSWER_FIRST_SECONDS = 0.2
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
            terminal = _terminal(settings, arguments.config)
            terminal.start(parts)
            _open_door(terminal, settings.storage.directory, lambda: _restart(arguments.config, stop), parts)
            _listen_for_changes(terminal, settings.storage.directory)
            _show_screen(terminal, arguments, stop)
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


class Terminal(Protocol):
    """One profile, put together by a file of its own."""

    def start(self, parts: ExitStack) -> None:
        """Start all that works without a screen; what is to be ended is pushed on `parts`."""
        ...

    def refresh(self) -> None:
        """Another process wrote something."""
        ...

    def open_screen(self, *, windowed: bool) -> "Screen":
        """Open the screen. Raises `ScreenError`."""
        ...

    @property
    def lending(self) -> Lending:
        """Who lends its devices."""
        ...

    def health(self) -> Health:
        """How it is. Never raises, never waits for the network."""
        ...

    def attach_screen(self, show: Callable[[Any], None], sound_fault: str | None, display: Display | None) -> None:
        """Show every state from now on, the present one first."""
        ...

    def detach_screen(self) -> None:
        """Show nothing any more."""
        ...


def _terminal(settings: Settings, config: Path) -> Terminal:
    clock, directory, device_id = SystemClock(), settings.storage.directory, settings.terminal.device_id
    software = f"{DISTRIBUTION} {version(DISTRIBUTION)}"

    def open_journal() -> Journal:
        return Journal.open_or_start(directory, device_id=device_id, clock=clock, software=software, busy_ms=_BUSY_MS)

    if settings.terminal.profile == "window" and settings.window is not None:
        return WindowTerminal(settings, settings.window, config, open_journal)
    if settings.kiosk is not None:
        return KioskTerminal(settings, settings.kiosk, config, open_journal)
    raise StartRefusedError(f"terminal.profile = {settings.terminal.profile!r} has no section of its own")


def _open_door(terminal: Terminal, directory: Path, restart: Callable[[], None], parts: ExitStack) -> None:
    """Let this machine's own programs ask; without the door everything else still works."""

    def begin_anew(_: Json) -> Json:
        restart()
        return {}

    answers = {"health": lambda _: terminal.health().to_json(), "restart": begin_anew}
    door = AppDoor(directory, answers, lambda device, borrower: terminal.lending.borrow(_device(device), borrower))
    try:
        door.start()
    except OSError as error:
        _log.error("no door for kiosk-admin", cause=str(error))
        return
    parts.callback(door.close)


def _restart(config: Path, stop: "_Stop") -> None:
    """Begin anew in a moment. Raises `RuntimeError` where the configuration would be refused: then all goes on."""
    try:
        protocol_in_use(load_settings(config), config)
    except (ConfigurationError, ProtocolFileError) as error:
        raise RuntimeError(f"not started again: {error}") from error
    # Who asked is answered first.
    threading.Timer(_ANSWER_FIRST_SECONDS, stop.restart).start()


def _device(name: str) -> Device:
    try:
        return Device(name)
    except ValueError:
        raise NotLentError(f"there is no device {name!r}; there are: {', '.join(Device)}") from None


def _listen_for_changes(terminal: Terminal, directory: Path) -> None:
    """Tell the terminal when another process wrote something, and look by itself now and then."""
    ear = WakeUp(directory, "app")

    def listen() -> None:
        while True:
            ear.wait(_REFRESH_SECONDS)
            terminal.refresh()

    threading.Thread(target=listen, name="changes", daemon=True).start()


def _show_screen(terminal: Terminal, arguments: argparse.Namespace, stop: "_Stop") -> None:
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
                _run_screen(terminal, arguments, stop)
                return
            except (screens.ScreenError, OSError, ValueError) as error:
                cause = str(error)
        _log.error("no screen", cause=cause, next_try_seconds=_SCREEN_RETRY_SECONDS)
        stop.asked.wait(_SCREEN_RETRY_SECONDS)


class _Stop:
    """SIGTERM, SIGINT and a wish to begin anew end whatever the main thread does: waiting, or Qt's loop."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.begin_anew = False
        """Whether the app is to start again once it has ended, with the configuration as it is then."""
        self.end_loop: Callable[[], None] = self.asked.set
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def restart(self) -> None:
        """Begin anew; from any thread, never waits."""
        _log.info("beginning anew")
        self.begin_anew = True
        self._stop()

    def _on_signal(self, number: int, _: object) -> None:
        _log.info("stopping", signal=number)
        self.begin_anew = False
        self._stop()

    def _stop(self) -> None:
        self.asked.set()
        self.end_loop()


def _run_screen(terminal: Terminal, arguments: argparse.Namespace, stop: _Stop) -> None:
    """Qt's loop on the main thread. Raises `ScreenError` where the screens cannot be loaded."""
    screen = terminal.open_screen(windowed=arguments.windowed)
    pictures = Pictures(arguments.pictures, screen.save_picture) if arguments.pictures else None

    def show(state: Any) -> None:
        screen.show(state)
        if pictures is not None:
            pictures.shown(state.page.value)

    stop.end_loop = screen.stop
    if stop.asked.is_set():
        return
    terminal.attach_screen(show, screen.sound_problem or None, screen.display())
    _log.info("screen is shown")
    screen.run()
    terminal.detach_screen()
    screen.close()
