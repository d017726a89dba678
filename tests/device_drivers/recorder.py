"""A listener that tests can wait on."""

import threading
from collections.abc import Callable

from device_drivers.evaluator.codec import Frame
from device_drivers.evaluator.key_presses import FrameKind, KeyPress

WAIT_SECONDS = 10.0
"""Far more than anything takes; only a fault makes a test wait so long."""


class Recorder:
    """Keeps what a driver tells, and lets a test wait for it. Also an observer of frames and noise."""

    def __init__(self) -> None:
        self.presses: list[KeyPress] = []
        self.connections: list[tuple[bool, str]] = []
        self.frames: list[tuple[FrameKind, str | None]] = []
        self.noise_bytes = 0
        self.on_press: Callable[[KeyPress], None] = lambda press: None
        self._changed = threading.Condition()

    def key_pressed(self, press: KeyPress) -> None:
        with self._changed:
            self.presses.append(press)
            self._changed.notify_all()
        self.on_press(press)

    def connection_changed(self, connected: bool, detail: str) -> None:
        with self._changed:
            self.connections.append((connected, detail))
            self._changed.notify_all()

    def frame_seen(self, frame: Frame, kind: FrameKind, level: str | None) -> None:
        with self._changed:
            self.frames.append((kind, level))
            self._changed.notify_all()

    def noise_seen(self, count: int) -> None:
        with self._changed:
            self.noise_bytes += count
            self._changed.notify_all()

    @property
    def levels(self) -> list[str]:
        """The levels of all presses and repeats."""
        return [press.level for press in self.presses]

    def wait(self, wanted: Callable[[], bool], what: str, timeout: float = WAIT_SECONDS) -> None:
        with self._changed:
            if not self._changed.wait_for(wanted, timeout):
                raise AssertionError(f"no {what} within {timeout} s: {self.presses}, {self.connections}, {self.frames}")

    def wait_presses(self, count: int, timeout: float = WAIT_SECONDS) -> list[KeyPress]:
        """Wait for so many presses and repeats in all."""
        self.wait(lambda: len(self.presses) >= count, f"{count} presses", timeout)
        return self.presses

    def wait_connection(self, connected: bool, changes: int = 1, timeout: float = WAIT_SECONDS) -> str:
        """Wait until the last of at least so many changes is this one; returns its words."""
        self.wait(
            lambda: len(self.connections) >= changes and self.connections[-1][0] is connected,
            f"connected={connected}",
            timeout,
        )
        return self.connections[-1][1]
