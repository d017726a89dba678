"""`python -m tests.end_to_end.touched_app --config DIR …`: the real kiosk-app with a finger on its screen.

It is the app's own `main`, with its own screen; the commands on stdin become touch and key events of Qt, as those of a
touchscreen. Each command is answered by one JSON object on stdout:

    touch NAME      touch the control of that name, as soon as there is one that heeds touches
    keys TEXT       type on a keyboard; \\n is Enter
    wait PAGE       answer when that page is shown
    look            page, texts and controls

While the technician's screens are open, the page is theirs, as `technician:binding`. They are opened by seven touches
of `technician-corner`; a PIN is typed by `keys`, or by touches of `pin-1` and so on.
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem, QQuickView
from PySide6.QtTest import QTest

from kiosk_app.application import main
from kiosk_app.terminal.screen import create_application

LOOK_MS = 20
PATIENCE_SECONDS = 30


class Finger(QObject):
    """Does what it is told on Qt's thread."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._device = QTest.createTouchDevice()
        self.asked.connect(self._do, Qt.ConnectionType.QueuedConnection)

    @Slot(str)
    def _do(self, command: str) -> None:
        verb, _, word = command.partition(" ")
        actions: dict[str, Callable[[], bool]] = {
            "touch": lambda: self._touch(word),
            "keys": lambda: self._type(word.replace("\\n", "\n")),
            "wait": lambda: self._page() == word,
            "look": lambda: True,
        }
        self._until(actions[verb], time.monotonic() + PATIENCE_SECONDS)

    def _until(self, done: Callable[[], bool], end: float) -> None:
        """Try now and again: a page may just be on its way."""
        if done():
            self._answer(ok=True)
        elif time.monotonic() > end:
            self._answer(ok=False)
        else:
            QTimer.singleShot(LOOK_MS, lambda: self._until(done, end))

    def _touch(self, name: str) -> bool:
        window = _window()
        found = [item for item in _seen(window) if item.objectName() == name and _is_touchable(item)]
        view = _view(window)
        if window is None or view is None or not found or not found[0].isEnabled() or view.is_guarded:
            return False
        item = found[0]
        point = item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()
        QTest.touchEvent(window, self._device).press(0, point, window).commit()
        QTest.touchEvent(window, self._device).release(0, point, window).commit()
        return True

    def _type(self, text: str) -> bool:
        window = _window()
        if window is None:
            return False
        for character in text:
            QTest.keyClick(window, Qt.Key.Key_Return if character == "\n" else ord(character))
        return True

    def _page(self) -> str:
        window = _window()
        view = _view(window)
        if view is None:
            return ""
        page = str(view.property("page"))
        return page if view is _citizens(window) else f"technician:{page}"

    def _answer(self, *, ok: bool) -> None:
        items = list(_seen(_window()))
        controls = [item for item in items if item.inherits("QQuickAbstractButton")]
        told: dict[str, Any] = {
            "ok": ok,
            "page": self._page(),
            "texts": [t for t in (str(i.property("text") or "") for i in items if i.inherits("QQuickText")) if t],
            "controls": [item.objectName() for item in controls],
            "enabled": [item.objectName() for item in controls if item.isEnabled()],
        }
        print(json.dumps(told, ensure_ascii=False), flush=True)


def _window() -> QQuickView | None:
    windows = (window for window in QGuiApplication.allWindows() if isinstance(window, QQuickView))
    return next((window for window in windows if window.rootObject()), None)


def _citizens(window: QQuickView | None) -> Any:
    """The view model of the citizens' screen."""
    return window.rootObject().property("view") if window else None


def _view(window: QQuickView | None) -> Any:
    """The view model of what is on the screen: the technician's while it covers the citizens'."""
    technician = window.rootObject().property("technician") if window else None
    return technician if technician is not None and technician.property("open") else _citizens(window)


def _is_touchable(item: QQuickItem) -> bool:
    return item.inherits("QQuickAbstractButton") or item.objectName() == "technician-corner"


def _seen(window: QQuickView | None) -> Iterator[QQuickItem]:
    """Every item that is visible, and on the screen, the tree in order."""
    if window is None:
        return
    screen = QRectF(0, 0, window.width(), window.height())
    waiting = [window.rootObject()]
    while waiting:
        item = waiting.pop(0)
        if item.isVisible() and item.opacity() > 0:
            if screen.intersects(item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))):
                yield item
            waiting = [*item.childItems(), *waiting]


def _listen(finger: Finger) -> None:
    for line in sys.stdin:
        if line.strip():
            finger.asked.emit(line.rstrip("\n"))


if __name__ == "__main__":
    create_application()
    _finger = Finger()
    threading.Thread(target=_listen, args=(_finger,), daemon=True).start()
    sys.exit(main())
