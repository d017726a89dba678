"""The socket on which systemd hears its services, heard by a test."""

import socket
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.end_to_end.program import PATIENCE


class SystemdSocket:
    """Bound like systemd's: a path, or an abstract name."""

    def __init__(self, name: str, *, watchdog_seconds: float = 2.0) -> None:
        """`name` is as it stands in NOTIFY_SOCKET: a path, or `@` and an abstract name."""
        self._watchdog_seconds = watchdog_seconds
        self.name = name
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + name[1:] if name.startswith("@") else name)
        self.heard: list[str] = []
        """Every word so far, in order."""

    def environment(self, **more: str) -> dict[str, str]:
        """What systemd gives a service that it watches."""
        return {"NOTIFY_SOCKET": self.name, "WATCHDOG_USEC": str(int(self._watchdog_seconds * 1_000_000)), **more}

    def wait_for(self, word: str) -> None:
        """Hear until this word comes, or one that begins with it."""
        end = time.monotonic() + PATIENCE
        while not any(heard.startswith(word) for heard in self._hear(end - time.monotonic())):
            assert time.monotonic() < end, f"never heard {word!r}, but {self.heard[-10:]}"

    def goes_silent(self, word: str = "WATCHDOG=1") -> bool:
        """Hear until the word has not come for as long as systemd waits before it restarts a service."""
        end = time.monotonic() + PATIENCE
        last = time.monotonic()
        while time.monotonic() < end:
            if word in self._hear(self._watchdog_seconds):
                last = time.monotonic()
            elif time.monotonic() - last >= self._watchdog_seconds:
                return True
        return False

    def comes_in_time(self, times: int, word: str = "WATCHDOG=1") -> bool:
        """Whether the word comes so many times, never later than systemd waits."""
        for _ in range(times):
            end = time.monotonic() + self._watchdog_seconds
            while word not in self._hear(end - time.monotonic()):
                if time.monotonic() >= end:
                    return False
        return True

    def _hear(self, seconds: float) -> list[str]:
        """The words of the next message; none if none comes within so many seconds."""
        self._socket.settimeout(max(seconds, 0.001))
        try:
            words = self._socket.recv(4096).decode().splitlines()
        except TimeoutError:
            return []
        self.heard += words
        return words

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()
        if not self.name.startswith("@"):
            Path(self.name).unlink()
