"""A terminal in a test: a real window whose clock, sounds and core are the test's own."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPoint, QRectF
from PySide6.QtGui import QAccessible, QAccessibleInterface, QColor, QFont, QFontMetricsF, QImage
from PySide6.QtQml import QQmlExpression, qmlContext
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk_app.domain.levels import Level
from kiosk_app.resources import assets_directory
from kiosk_app.terminal.screen import Screen
from kiosk_app.terminal.view_model import GUARD_SECONDS, ScreenViewModel
from kiosk_app.window.screen import MAIN
from kiosk_app.window.screen_state import ScreenState
from kiosk_app.window.view_model import WindowViewModel
from tests.screens import examples

Call = tuple[object, ...]


@dataclass
class RecordedActions:
    """The core's side of the touches, as they came."""

    calls: list[Call] = field(default_factory=list)

    def press(self, level: Level, at: float) -> None:
        self.calls.append(("press", level, at))

    def decline(self, at: float) -> None:
        self.calls.append(("decline", at))

    def give_reasons(self, rating_id: str, codes: tuple[str, ...], comment: str) -> None:
        self.calls.append(("give_reasons", rating_id, codes, comment))

    def choose_reasons(self, rating_id: str, codes: tuple[str, ...]) -> None:
        self.calls.append(("choose_reasons", rating_id, codes))

    def show_invitation(self) -> None:
        self.calls.append(("show_invitation",))

    def keep_code(self, missed_id: str) -> None:
        self.calls.append(("keep_code", missed_id))

    def print_code(self, missed_id: str, language: str) -> None:
        self.calls.append(("print_code", missed_id, language))

    def close_code(self, missed_id: str) -> None:
        self.calls.append(("close_code", missed_id))


@dataclass
class RecordedSounds:
    """What would have been heard."""

    played: list[tuple[str, str]] = field(default_factory=list)

    def play(self, name: str, language: str) -> None:
        self.played.append((name, language))


@dataclass(frozen=True)
class Size:
    """A screen: pixels, and how many of them are a millimetre."""

    width: int
    height: int
    density: float

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


SEVEN_INCH = Size(1024, 600, 6.7)
TEN_INCH = Size(1280, 800, 5.9)
PORTRAIT = Size(1080, 1920, 4.0)
LARGE = Size(1920, 1080, 4.0)
SIZES = (SEVEN_INCH, TEN_INCH, PORTRAIT, LARGE)


class Glass:
    """A profile's screen on an invented piece of glass, touched as a finger touches it; its clock is the test's own."""

    boot = examples.BOOT
    wall: datetime = examples.NOW
    sounds: RecordedSounds

    def __init__(
        self,
        qtbot: QtBot,
        view_model: ScreenViewModel,
        main: Path,
        shown: str,
        size: Size = TEN_INCH,
        language: str = "zh-CN",
        large_type: bool = False,
        technician: ScreenViewModel | None = None,
    ) -> None:
        """`shown` names the signal of the view model that tells that a state was taken over."""
        self.size = size
        self.screen_model = view_model
        self._shown = shown
        self._qtbot = qtbot
        self.set_look(language, large_type)
        self._finger = QTest.createTouchDevice()
        self.screen = Screen(
            view_model,
            main,
            windowed=True,
            size=(size.width, size.height),
            density=size.density,
            technician=technician,
        )
        self.window = self.screen.window
        qtbot.waitUntil(self._is_up)
        self.picture()

    @property
    def language(self) -> str:
        return str(self.screen_model.property("language"))

    @property
    def large_type(self) -> bool:
        return bool(self.screen_model.property("large_type"))

    def set_look(self, language: str, large_type: bool) -> None:
        """The citizen has chosen this language and type, before the test begins."""
        self.pass_guard()
        if self.language != language:
            self.screen_model.switch_language()
        if self.large_type != large_type:
            self.screen_model.toggle_large_type()
        self.sounds.played.clear()

    def _is_up(self) -> bool:
        root = self.window.rootObject()
        return self.window.isExposed() and (root.width(), root.height()) == (self.size.width, self.size.height)

    def close(self) -> None:
        self.screen.close()

    def picture(self) -> QImage:
        """What is on the screen, after everything has found its place."""
        return self.window.grabWindow()

    def show(self, state: object) -> None:
        """The core shows this; returns when it is on the screen."""
        with self._qtbot.waitSignal(getattr(self.screen_model, self._shown)):
            self.screen_model.show(state)
        self.picture()

    def pass_guard(self) -> None:
        """Time goes by until touches count again."""
        self.boot += GUARD_SECONDS

    # --- what is there -------------------------------------------------------------------------------------------

    def items(self, kind: str) -> list[QQuickItem]:
        """Everything visible of a class, in the order of the tree."""
        return [item for item in _tree(self.window.rootObject()) if _is(item, kind) and _is_seen(item)]

    def controls(self) -> list[QQuickItem]:
        return self.items("QQuickAbstractButton")

    def texts(self) -> list[QQuickItem]:
        return [item for item in self.items("QQuickText") if text_of(item)]

    def words(self) -> list[str]:
        return [text_of(item) for item in self.texts()]

    def control(self, name: str) -> QQuickItem:
        return next(item for item in self.controls() if item.objectName() == name)

    def place(self, name: str) -> QRectF:
        """Where a control is."""
        return rect_of(self.control(name))

    def has(self, name: str) -> bool:
        return any(item.objectName() == name for item in self.controls())

    # --- what a finger does --------------------------------------------------------------------------------------

    def touch(self, name: str) -> None:
        """Touch the middle of a control and let go."""
        point = rect_of(self.control(name)).center().toPoint()
        self.touch_at(point)

    def touch_at(self, point: QPoint) -> None:
        QTest.touchEvent(self.window, self._finger).press(0, point, self.window).commit()
        QTest.touchEvent(self.window, self._finger).release(0, point, self.window).commit()

    def hold(self, name: str, seconds: float) -> None:
        """Touch the middle of a control and let go after a while."""
        point = rect_of(self.control(name)).center().toPoint()
        QTest.touchEvent(self.window, self._finger).press(0, point, self.window).commit()
        self.boot += seconds
        QTest.touchEvent(self.window, self._finger).release(0, point, self.window).commit()

    def drag(self, start: QPoint, end: QPoint) -> None:
        """Touch one place and let go at another."""
        QTest.touchEvent(self.window, self._finger).press(0, start, self.window).commit()
        QTest.touchEvent(self.window, self._finger).move(0, end, self.window).commit()
        QTest.touchEvent(self.window, self._finger).release(0, end, self.window).commit()


class Terminal(Glass):
    """A window's screen, with the core's side recorded."""

    def __init__(
        self,
        qtbot: QtBot,
        state: ScreenState,
        size: Size = TEN_INCH,
        language: str = "zh-CN",
        large_type: bool = False,
    ) -> None:
        self.actions = RecordedActions()
        self.sounds = RecordedSounds()
        self.view_model = WindowViewModel(
            self.actions,
            state,
            assets=assets_directory(),
            languages=("zh-CN", "en"),
            sounds=self.sounds,
            boot=lambda: self.boot,
            wall=lambda: self.wall,
        )
        super().__init__(qtbot, self.view_model, MAIN, "visit_changed", size, language, large_type)


def _tree(item: QQuickItem) -> Iterator[QQuickItem]:
    yield item
    for child in item.childItems():
        yield from _tree(child)


def _is(item: QObject, kind: str) -> bool:
    return item.inherits(kind)


def _is_seen(item: QQuickItem) -> bool:
    return item.isVisible() and item.opacity() > 0


def rect_of(item: QQuickItem) -> QRectF:
    """Where an item is in the window."""
    return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))


def text_of(item: QQuickItem) -> str:
    return str(item.property("text") or "")


def font_of(item: QQuickItem) -> QFont:
    font = item.property("font")
    assert isinstance(font, QFont)
    return font


def number(item: QObject, name: str) -> float:
    return float(item.property(name))


def has_han(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def glyph_height(item: QQuickItem) -> float:
    """The pixels that a Han character is high, or a capital where the text has no Han."""
    ruler = "国" if has_han(text_of(item)) else "H"
    return QFontMetricsF(font_of(item)).tightBoundingRect(ruler).height()


def painted_rect(item: QQuickItem) -> QRectF:
    """Where a text's characters are in the window: its lines without the leading above and below them."""
    width, height = number(item, "contentWidth"), number(item, "contentHeight")
    free_x = item.width() - number(item, "leftPadding") - number(item, "rightPadding") - width
    left = {2: free_x, 4: free_x / 2}.get(_enum(item, "horizontalAlignment"), 0.0) + number(item, "leftPadding")
    padding = number(item, "topPadding")
    free_y = item.height() - padding - height
    top = {64: free_y, 128: free_y / 2}.get(_enum(item, "verticalAlignment"), 0.0) + padding
    above, below = font_of(item).pixelSize() * 0.3, font_of(item).pixelSize() * 0.08
    return item.mapRectToScene(QRectF(left, top + above, width, height - above - below))


def _enum(item: QQuickItem, name: str) -> int:
    """The number of an enumeration that PySide does not know, such as Qt.AlignRight = 2."""
    context = qmlContext(item)
    assert context is not None
    value, undefined = QQmlExpression(context, item, f"Number({name})").evaluate()
    assert not undefined
    return int(value)


def accessible(item: QQuickItem) -> QAccessibleInterface:
    """What a screen reader is told about an item."""
    found = QAccessible.queryAccessibleInterface(item)
    assert found is not None
    return found


def is_disabled(item: QQuickItem) -> bool:
    """Whether a screen reader is told that this cannot be used now."""
    state: Any = accessible(item).state()
    return bool(state.disabled)


def is_ticked(item: QQuickItem) -> bool:
    """Whether a screen reader is told that this is ticked."""
    state: Any = accessible(item).state()
    return bool(state.checked)


def distance(a: QRectF, b: QRectF) -> float:
    """Pixels between two rectangles; negative where they overlap."""
    across = max(a.left() - b.right(), b.left() - a.right())
    down = max(a.top() - b.bottom(), b.top() - a.bottom())
    return max(across, down)


def ground_colour(picture: QImage, rect: QRectF) -> QColor:
    """The commonest colour of a place in a picture."""
    part = picture.copy(rect.toRect()).convertToFormat(QImage.Format.Format_RGB32)
    pixels = memoryview(part.constBits()).cast("B").cast("I")
    return QColor.fromRgb(Counter(pixels[::3]).most_common(1)[0][0])


def contrast(a: QColor, b: QColor) -> float:
    """WCAG's contrast ratio of two colours."""
    lighter, darker = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    red, green, blue = linear(colour.redF()), linear(colour.greenF()), linear(colour.blueF())
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
