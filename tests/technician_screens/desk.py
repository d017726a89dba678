"""A terminal with the technician's screens, in a test: a real window; clock, sounds and core are the test's own."""

from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk_app.kiosk import screen as kiosk_screen
from kiosk_app.kiosk.screen_state import Page as KioskPage
from kiosk_app.kiosk.view_model import KioskViewModel
from kiosk_app.resources import assets_directory
from kiosk_app.technician_screen.state import Page, TechnicianState
from kiosk_app.technician_screen.view_model import TechnicianViewModel
from kiosk_app.terminal.view_model import ScreenViewModel
from kiosk_app.window import screen as window_screen
from kiosk_app.window.screen_state import Page as WindowPage
from kiosk_app.window.view_model import WindowViewModel
from tests.kiosk_screens.kiosk import RecordedActions as KioskRecordedActions
from tests.screens import examples as window_examples
from tests.screens.terminal import TEN_INCH, Call, Glass, RecordedActions, RecordedSounds, Size


@dataclass
class RecordedTechnician:
    """The core's side of the technician's touches, as they came; that somebody is there is counted apart."""

    calls: list[Call] = field(default_factory=list)
    touches: list[float] = field(default_factory=list)

    def opened(self, at: float) -> None:
        self.calls.append(("opened", at))

    def leave(self) -> None:
        self.calls.append(("leave",))

    def sign_in(self, name: str, pin: str, at: float) -> None:
        self.calls.append(("sign_in", name, pin, at))

    def go(self, page: Page) -> None:
        self.calls.append(("go", page))

    def go_back(self) -> None:
        self.calls.append(("go_back",))

    def act(self, action: str, value: str, at: float) -> None:
        self.calls.append(("act", action, value, at))

    def touched(self, at: float) -> None:
        self.touches.append(at)

    def target_touched(self, index: int, off_mm: float, at: float) -> None:
        self.calls.append(("target_touched", index, off_mm, at))

    def acts(self) -> list[tuple[object, ...]]:
        """What was asked, without its moment."""
        return [call[:3] for call in self.calls if call[0] == "act"]


class Desk(Glass):
    """A window's or kiosk's screen with the technician's screens over it."""

    def __init__(
        self,
        qtbot: QtBot,
        state: TechnicianState | None = None,
        size: Size = TEN_INCH,
        language: str = "zh-CN",
        below: object = None,
        languages: tuple[str, ...] = ("zh-CN", "en"),
    ) -> None:
        """`below` is the state of the citizens' screen: a window's, or a kiosk's."""
        self.actions = RecordedTechnician()
        self.citizens = RecordedActions()
        self.kiosk_citizens = KioskRecordedActions()
        self.sounds = RecordedSounds()
        self.below = self._below(below or window_examples.state(WindowPage.SIGN))
        self.technician = TechnicianViewModel(
            self.actions,
            state,
            assets=assets_directory(),
            languages=languages,
            sounds=self.sounds,
            boot=lambda: self.boot,
            wall=lambda: self.wall,
        )
        if self.technician.property("language") != language:
            self.technician.switch_language()
        main = kiosk_screen.MAIN if isinstance(self.below, KioskViewModel) else window_screen.MAIN
        shown = "state_changed" if isinstance(self.below, KioskViewModel) else "visit_changed"
        super().__init__(qtbot, self.below, main, shown, size, technician=self.technician)

    def _below(self, state: object) -> ScreenViewModel:
        common = {"assets": assets_directory(), "languages": ("zh-CN", "en"), "sounds": self.sounds}
        clocks = {"boot": lambda: self.boot, "wall": lambda: self.wall}
        if isinstance(getattr(state, "page", None), KioskPage):
            return KioskViewModel(self.kiosk_citizens, state, **common, **clocks)  # type: ignore[arg-type]
        return WindowViewModel(self.citizens, state, **common, **clocks)  # type: ignore[arg-type]

    def tell(self, state: TechnicianState) -> None:
        """The technician's core shows this; returns when it is on the screen."""
        with self._qtbot.waitSignal(self.technician.state_changed):
            self.technician.show(state)
        self.picture()

    def picture(self) -> QImage:
        """What is on the screen, after everything has found its place."""
        self.window.grabWindow()
        QCoreApplication.processEvents()
        return self.window.grabWindow()

    def tap_corner(self, times: int, seconds: float = 0.3) -> None:
        for _ in range(times):
            self.boot += seconds
            self.touch_at(QPoint(20, 20))

    def keys(self, text: str) -> None:
        """Typed on a keyboard, or by a scanner that types."""
        for character in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                key = QKeyEvent(kind, ord(character.upper()), Qt.KeyboardModifier.NoModifier, character)
                QCoreApplication.sendEvent(self.window, key)

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.window, key)
