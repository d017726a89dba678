"""The kiosk's window, opened as the app opens it."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from kiosk_app.kiosk.screen import open_kiosk_screen
from kiosk_app.kiosk.screen_state import Page
from kiosk_app.resources import assets_directory
from kiosk_app.terminal import screen as screen_module
from kiosk_app.terminal.screen import Screen, ScreenError
from tests.kiosk_screens import examples
from tests.kiosk_screens.kiosk import RecordedActions

pytestmark = pytest.mark.qt_log_ignore("PulseAudioService", extend=True)


@pytest.fixture
def opened(qapp: QGuiApplication) -> Iterator[Screen]:
    state = examples.state(Page.HOME)
    screen = open_kiosk_screen(RecordedActions(), state, assets=assets_directory(), windowed=True)
    yield screen
    screen.close()


def test_opened_as_the_app_opens_it(opened: Screen) -> None:
    assert (opened.window.width(), opened.window.height()) == screen_module.WINDOWED_SIZE
    assert opened.view_model.property("page") == "home"


def test_shows_what_the_core_tells(opened: Screen, qtbot: QtBot) -> None:
    opened.show(examples.state(Page.GUIDE))
    qtbot.waitUntil(lambda: opened.view_model.property("page") == "guide")


def test_language_without_a_translation(qapp: QGuiApplication) -> None:
    with pytest.raises(ScreenError, match=r"translation.*xx\.json"):
        open_kiosk_screen(
            RecordedActions(), examples.state(Page.HOME), assets=assets_directory(), languages=("zh-CN", "xx")
        )


def test_a_state_of_another_profile_is_refused(opened: Screen) -> None:
    with pytest.raises(TypeError, match="kiosk's screen"):
        opened.view_model._apply("no state")
