"""A scanner that sends real bytes on a pty, and can be unplugged."""

import threading
from pathlib import Path

from device_drivers.simulated.pty_port import PtyPort

_TURN_SECONDS = 0.1


class SimulatedScanner:
    """One device; the methods may be called from any thread."""

    def __init__(self, link: Path | None = None) -> None:
        """Plug the device in; `link` is a path that stays the same."""
        self._guard = threading.Lock()
        self._port = PtyPort(link)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulated-scanner", daemon=True)
        self._thread.start()

    def __enter__(self) -> "SimulatedScanner":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def port(self) -> str:
        """What the app has to open."""
        return self._port.path

    def scan(self, text: str, ending: str = "\r") -> None:
        """Hold a code before the glass; `ending` is what the scanner is set to send after it."""
        self.send(f"{text}{ending}".encode())

    def send(self, data: bytes) -> None:
        """Send any bytes; unplugged, they go nowhere."""
        with self._guard:
            if self._port.plugged:
                self._port.write(data)

    def plug(self) -> None:
        """Plug in again, as a new pty."""
        with self._guard:
            self._port.plug()

    def unplug(self) -> None:
        """Pull the plug: who has the port open gets errors."""
        with self._guard:
            self._port.unplug()

    def close(self) -> None:
        """Unplug for good."""
        self._closing.set()
        self._thread.join()
        self.unplug()

    def _run(self) -> None:
        while not self._closing.wait(_TURN_SECONDS):
            with self._guard:
                self._port.forget_exclusive_use()
