"""A cheap wake-up between the processes of one terminal: "there is something new in the journal".

A datagram to a socket in Linux's abstract name space: nothing to clean up after a crash, nothing to wait for, nothing
secret in it. Losing one costs at most `push_seconds`, as every listener also looks by itself.
"""

import contextlib
import hashlib
import select
import socket
from pathlib import Path
from typing import Self

ROLES = ("app", "agent")


def _address(directory: Path, role: str) -> str:
    name = hashlib.sha256(str(directory.resolve()).encode()).hexdigest()[:24]
    return f"\0hall-kiosk-{name}-{role}"


def notify(directory: Path) -> None:
    """Wake every process that listens for the storage directory; never blocks, never fails."""
    for role in ROLES:
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender,
        ):
            sender.sendto(b"\n", _address(directory, role))


class WakeUp:
    """One process's ear. A second listener of the same role gets no datagrams and only looks by itself."""

    def __init__(self, directory: Path, role: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        with contextlib.suppress(OSError):
            self._socket.bind(_address(directory, role))

    def fileno(self) -> int:
        """For select(2) and Qt's notifiers."""
        return self._socket.fileno()

    def wait(self, timeout: float | None) -> bool:
        """Wait up to `timeout` seconds; True if something is new. All pending datagrams count as one."""
        if not select.select([self._socket], [], [], timeout)[0]:
            return False
        with contextlib.suppress(BlockingIOError):
            while True:
                self._socket.recv(16)
        return True

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
