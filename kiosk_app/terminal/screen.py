"""The touchscreen: Qt's application, the QML and the loop, on the main thread.

A screen that cannot be shown raises `ScreenError`; all that needs none goes on without it (R20).
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QObject, QSize, QSocketNotifier, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QInputDevice
from PySide6.QtQuick import QQuickView

from kiosk_app.terminal.shared_problems import Display
from kiosk_app.terminal.view_model import ScreenViewModel

WINDOWED_SIZE = (1280, 800)
SCREENS = Path(__file__).parent.parent / "screens"
"""Where the QML lies; each profile has a main file there."""

BEAT_MS = 1_000

# The SC faces by name: a plain "sans-serif" may draw Japanese or Traditional shapes of the same characters.
_FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei")


class ScreenError(Exception):
    """The screen cannot be shown; the message says why."""


def screen_available() -> str | None:
    """Why no screen can be opened here, in one line; None if one can.

    Asked in a process of its own, because Qt aborts the whole process where there is no display.
    """
    probe = [sys.executable, "-c", "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"]
    try:
        done = subprocess.run(probe, capture_output=True, text=True, timeout=30, check=False)
    except subprocess.TimeoutExpired:
        return "Qt did not answer within 30 s"
    if done.returncode == 0:
        return None
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return lines[0] if lines else f"Qt ended with {done.returncode}"


def create_application() -> QGuiApplication:
    """Qt's application with a font that has Chinese; the one that exists already, if any."""
    _choose_renderer()
    application = QGuiApplication.instance() or QGuiApplication([sys.argv[0]])
    if not isinstance(application, QGuiApplication):
        raise ScreenError("Qt runs without a screen in this process")
    application.setApplicationName("kiosk-app")
    application.setFont(QFont(_font_families()))
    return application


def _choose_renderer() -> None:
    """Off screen there is no graphics card to ask; everywhere else Qt and the environment decide."""
    if os.environ.get("QT_QPA_PLATFORM", "").startswith("offscreen"):
        os.environ.setdefault("QT_QUICK_BACKEND", "software")


def _font_families() -> list[str]:
    chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    return [family for family in _FONTS if family in chinese] or chinese[:1] or [QFont().family()]


class Screen(QObject):
    """The one window of a profile. Create and `run` it on the main thread; the rest may be called from any."""

    _stop_asked = Signal()
    _picture_asked = Signal(object, object)
    _sound_asked = Signal(str)

    def __init__(
        self,
        view_model: ScreenViewModel,
        main: Path,
        *,
        windowed: bool = False,
        size: tuple[int, int] = WINDOWED_SIZE,
        density: float = 0.0,
        sound_problem: str = "",
        technician: ScreenViewModel | None = None,
    ) -> None:
        """Show what the file `main` describes; `density` (pixels per mm) replaces what the screen says of itself.

        `technician` is the view model of the screens that a technician can open over them; there are none without it.
        """
        self._application = create_application()
        super().__init__()
        self.view_model = view_model
        self.technician = technician
        self.sound_problem = sound_problem
        """Why nothing is heard, for health; empty if sounds play."""
        self.window = _load(view_model, technician, main, density)
        self._place(windowed, size)
        self._stop_asked.connect(self._stop, Qt.ConnectionType.QueuedConnection)
        self._picture_asked.connect(self._save_picture)
        self._sound_asked.connect(view_model.sound, Qt.ConnectionType.QueuedConnection)

    def _place(self, windowed: bool, size: tuple[int, int]) -> None:
        if windowed:
            self.window.resize(QSize(*size))
            self.window.show()
        else:
            self.window.setCursor(Qt.CursorShape.BlankCursor)
            self.window.showFullScreen()

    def show(self, state: object) -> None:
        """Show this from now on; never waits."""
        self.view_model.show(state)

    def run(self, beat: Callable[[], None] = lambda: None) -> int:
        """Run until `stop` or a closed window, and close; Python's signal handlers are called meanwhile.

        `beat` is called by the loop again and again, as a sign that it runs.
        """
        self._application.setQuitOnLastWindowClosed(True)
        beating = QTimer(self, interval=BEAT_MS)
        beating.timeout.connect(beat)
        beat()
        beating.start()
        with _python_signals():
            ended = self._application.exec()
        beating.stop()
        self.close()
        return ended

    def stop(self) -> None:
        """End `run`; never waits."""
        self._stop_asked.emit()

    @Slot()
    def _stop(self) -> None:
        # Not quit(): it would close the window first and then end every later loop of this process too.
        self._application.exit()

    def save_picture(self, path: Path) -> None:
        """Save what is on the screen as a PNG; waits until it is written."""
        saved: Future[bool] = Future()
        self._picture_asked.emit(path, saved)
        if not saved.result(timeout=30):
            raise ScreenError(f"the picture cannot be written: {path}")

    @Slot(object, object)
    def _save_picture(self, path: Path, saved: "Future[bool]") -> None:
        saved.set_result(self.window.grabWindow().save(str(path)))

    def play(self, sound: str) -> str:
        """Let a sound be heard; why nothing can be, empty if it is. Never waits."""
        if not self.sound_problem:
            self._sound_asked.emit(sound)
        return self.sound_problem

    def facts(self) -> dict[str, str]:
        """What the screen and its touch layer tell of themselves, for a technician; on Qt's thread."""
        display, screen = self.display(), self.window.screen()
        size = display.size_mm
        touching = [d.name() or "?" for d in QInputDevice.devices() if d.type() is QInputDevice.DeviceType.TouchScreen]
        return {
            "size": f"{size[0]} x {size[1]} mm" if size else "?",
            "pixels": f"{display.width_px} x {display.height_px}",
            "density": f"{display.density:.2f} / mm",
            "touch_devices": ", ".join(touching) or "-",
            "platform": f"{self._application.platformName()} ({screen.name()})",
        }

    def display(self) -> Display:
        """The screen as it describes itself, and the part of it that is used; on Qt's thread."""
        density = self.window.screen().physicalDotsPerInch() / 25.4
        return Display(self.window.width(), self.window.height(), density)

    def close(self) -> None:
        """Take the window down, QML before the objects it reads."""
        # Else Qt takes the last window's going for a wish to end every later loop of this process too.
        self._application.setQuitOnLastWindowClosed(False)
        self.window.close()
        self.window.setSource(QUrl())


def _load(view_model: ScreenViewModel, technician: ScreenViewModel | None, main: Path, density: float) -> QQuickView:
    view = QQuickView()
    view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
    known = {} if technician is None else {"technician": technician}
    view.setInitialProperties({"view": view_model, "fixedDensity": density, **known})
    view.setSource(QUrl.fromLocalFile(str(main)))
    if view.status() is not QQuickView.Status.Ready:
        raise ScreenError("; ".join(error.toString() for error in view.errors()) or f"{main} cannot be loaded")
    return view


@contextmanager
def _python_signals() -> Iterator[None]:
    """Let Python's signal handlers run while Qt's loop holds the main thread: a byte on a socket wakes it."""
    reading, writing = socket.socketpair()
    with reading, writing:
        reading.setblocking(False)
        writing.setblocking(False)
        notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read)
        notifier.activated.connect(lambda *_: reading.recv(64))
        before = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            notifier.setEnabled(False)
