"""The window itself: opened, run, stopped, pictured, and refused where there is no screen."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QWindow
from pytestqt.qtbot import QtBot

from kiosk_app.resources import assets_directory
from kiosk_app.terminal import screen as screen_module
from kiosk_app.terminal.screen import Screen, ScreenError, screen_available
from kiosk_app.window.screen import MAIN, open_screen
from kiosk_app.window.screen_state import Page
from tests.screens import examples
from tests.screens.terminal import RecordedActions, Terminal

OpenTerminal = Callable[..., Terminal]
pytestmark = pytest.mark.qt_log_ignore("PulseAudioService", extend=True)


@pytest.fixture
def opened(qapp: QGuiApplication) -> Iterator[Screen]:
    screen = open_screen(RecordedActions(), examples.state(Page.SIGN), assets=assets_directory(), windowed=True)
    yield screen
    screen.close()


def run_with(screen: Screen, work: Callable[[], None]) -> int:
    """Run the screen while `work` is done on another thread."""
    thread = threading.Thread(target=work)
    QTimer.singleShot(0, thread.start)
    ended = screen.run()
    thread.join()
    return ended


def test_opened_as_the_app_opens_it(opened: Screen) -> None:
    assert (opened.window.width(), opened.window.height()) == screen_module.WINDOWED_SIZE
    assert opened.window.visibility() is QWindow.Visibility.Windowed
    assert isinstance(opened.sound_problem, str)


def test_characters_are_drawn_in_their_mainland_shapes(opened: Screen) -> None:
    families = QGuiApplication.font().families()
    assert families[0] in {"Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC"} or "WenQuanYi" in families[0]


def test_runs_until_stopped_from_another_thread(opened: Screen) -> None:
    assert run_with(opened, opened.stop) == 0


def test_python_signals_come_through(opened: Screen) -> None:
    """SIGTERM's handler runs while Qt's loop has the main thread, and nothing else wakes it."""
    received: list[int] = []

    def stop(number: int, _frame: object) -> None:
        received.append(number)
        opened.stop()

    before = signal.signal(signal.SIGUSR1, stop)
    try:
        run_with(opened, lambda: os.kill(os.getpid(), signal.SIGUSR1))
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert received == [signal.SIGUSR1]


def test_shows_and_pictures_from_another_thread(opened: Screen, tmp_path: Path) -> None:
    sign, choices = tmp_path / "sign.png", tmp_path / "choices.png"

    def work() -> None:
        opened.save_picture(sign)
        opened.show(examples.state(Page.CHOICES))
        opened.save_picture(choices)
        opened.stop()

    run_with(opened, work)
    assert QImage(str(sign)).size() == QImage(str(choices)).size()
    assert QImage(str(sign)) != QImage(str(choices))
    assert opened.view_model.property("page") == "choices"


def test_picture_that_cannot_be_written(opened: Screen, tmp_path: Path) -> None:
    with pytest.raises(ScreenError, match="nowhere"):
        opened.save_picture(tmp_path / "nowhere" / "picture.png")


def test_full_screen_hides_the_cursor(open_terminal: OpenTerminal, qtbot: QtBot) -> None:
    terminal = open_terminal(examples.state(Page.SIGN))
    full = Screen(terminal.view_model, MAIN)
    assert full.window.visibility() is QWindow.Visibility.FullScreen
    assert full.window.cursor().shape() is Qt.CursorShape.BlankCursor
    full.close()


@pytest.mark.qt_log_ignore("broken.qml", extend=True)
@pytest.mark.parametrize("content", [None, "Item {", "import QtQuick\nItem { required property int missing }"])
def test_screens_that_cannot_be_loaded(open_terminal: OpenTerminal, tmp_path: Path, content: str | None) -> None:
    """A clear error, so that the app goes on without its screen (R20)."""
    terminal = open_terminal(examples.state(Page.SIGN))
    broken = tmp_path / "broken.qml"
    if content is not None:
        broken.write_text(content)
    with pytest.raises(ScreenError, match=r"broken\.qml"):
        Screen(terminal.view_model, broken, windowed=True)


def test_language_without_a_translation(qapp: QGuiApplication) -> None:
    state = examples.state(Page.SIGN)
    with pytest.raises(ScreenError, match=r"translation.*xx\.json"):
        open_screen(RecordedActions(), state, assets=assets_directory(), languages=("zh-CN", "xx"))


def test_screen_is_available_off_screen() -> None:
    assert screen_available() is None


def test_no_screen_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Qt aborts the process where there is no display; ours goes on and says why (R20)."""
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.delenv("DISPLAY", raising=False)
    reason = screen_available()
    assert reason
    assert "\n" not in reason


@pytest.mark.parametrize(
    ("platform", "chosen", "expected"),
    [
        ("offscreen", None, "software"),
        ("offscreen:size=800x600", None, "software"),
        ("offscreen", "rhi", "rhi"),
        ("eglfs", None, None),
        (None, None, None),
    ],
)
def test_renderer(
    monkeypatch: pytest.MonkeyPatch, platform: str | None, chosen: str | None, expected: str | None
) -> None:
    """The software renderer only off screen, and only where the environment says nothing else."""
    for name, value in (("QT_QPA_PLATFORM", platform), ("QT_QUICK_BACKEND", chosen)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    screen_module._choose_renderer()
    assert os.environ.get("QT_QUICK_BACKEND") == expected
