"""A program with Qt's loop, watched as kiosk-app's is; `block` on stdin hangs the loop until `release`."""

import sys
import threading

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from kiosk_app.liveness import Pulse, Watchdog


class _Hanging(QObject):
    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()
        self.asked.connect(self._hang, Qt.ConnectionType.QueuedConnection)

    def _hang(self) -> None:
        self.released.clear()
        self.released.wait()


def main() -> None:
    """Run until stdin ends."""
    application = QGuiApplication(["watched_loop"])
    pulse, hanging, timer = Pulse(1.0), _Hanging(), QTimer()
    timer.timeout.connect(pulse.beat)
    timer.start(100)
    watchdog = Watchdog({"screen": pulse}, patience=1.0)
    watchdog.start()

    def obey() -> None:
        for line in sys.stdin:
            if line.strip() == "block":
                hanging.asked.emit()
            else:
                hanging.released.set()
        application.exit()

    threading.Thread(target=obey).start()
    application.exec()
    timer.stop()
    watchdog.stop()


if __name__ == "__main__":
    main()
