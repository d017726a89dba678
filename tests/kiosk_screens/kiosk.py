"""A kiosk in a test: a real window whose clock, sounds and core are the test's own."""

from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QImage, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk_app.domain.levels import Level
from kiosk_app.kiosk.screen import MAIN
from kiosk_app.kiosk.screen_state import ScreenState
from kiosk_app.kiosk.service import Action
from kiosk_app.kiosk.view_model import KioskViewModel
from kiosk_app.resources import assets_directory
from tests.screens.terminal import PORTRAIT, Call, Glass, RecordedSounds, Size


@dataclass
class RecordedActions:
    """The core's side of the touches, as they came; that somebody is there is counted apart."""

    calls: list[Call] = field(default_factory=list)
    touches: list[float] = field(default_factory=list)

    def touched(self, at: float) -> None:
        self.touches.append(at)

    def act(self, action: Action, value: str, at: float) -> None:
        self.calls.append((action, value, at))

    def press(self, level: Level, at: float) -> None:
        self.calls.append(("press", level, at))

    def decline(self, at: float) -> None:
        self.calls.append(("decline", at))

    def choose_reasons(self, codes: tuple[str, ...]) -> None:
        self.calls.append(("choose_reasons", codes))

    def give_reasons(self, codes: tuple[str, ...]) -> None:
        self.calls.append(("give_reasons", codes))

    def answer(self, question: str, answer: str) -> None:
        self.calls.append(("answer", question, answer))

    def scanned(self, text: str, at: float) -> None:
        self.calls.append(("scanned", text, at))

    def acts(self) -> list[tuple[object, object]]:
        """The buttons touched: what each asks, and its value."""
        return [(call[0], call[1]) for call in self.calls if isinstance(call[0], Action)]

    def typed(self) -> str:
        return "".join(str(value) for action, value in self.acts() if action is Action.TYPE)


class Kiosk(Glass):
    """A kiosk's screen, with the core's side recorded."""

    def __init__(
        self,
        qtbot: QtBot,
        state: ScreenState,
        size: Size = PORTRAIT,
        language: str = "zh-CN",
        large_type: bool = False,
    ) -> None:
        self.actions = RecordedActions()
        self.sounds = RecordedSounds()
        self.view_model = KioskViewModel(
            self.actions,
            state,
            assets=assets_directory(),
            languages=("zh-CN", "en"),
            sounds=self.sounds,
            boot=lambda: self.boot,
            wall=lambda: self.wall,
        )
        super().__init__(qtbot, self.view_model, MAIN, "state_changed", size, language, large_type)

    def picture(self) -> QImage:
        """What is on the screen, after everything has found its place."""
        self.window.grabWindow()
        QCoreApplication.processEvents()
        return self.window.grabWindow()

    def keys(self, text: str) -> None:
        """Typed on a keyboard, or by a scanner that types."""
        for character in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                key = QKeyEvent(kind, ord(character.upper()), Qt.KeyboardModifier.NoModifier, character)
                QCoreApplication.sendEvent(self.window, key)

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.window, key)

    def input_method(self, written: str) -> None:
        """Characters that an input method has made of letters."""
        event = QInputMethodEvent()
        event.setCommitString(written)
        QCoreApplication.sendEvent(self.window.activeFocusItem(), event)
