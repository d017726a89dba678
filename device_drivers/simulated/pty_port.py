"""A serial port made of a pseudo-terminal, which can be unplugged and plugged in again."""

import contextlib
import fcntl
import os
import select
import termios
import tty
from pathlib import Path

WRITE_SECONDS = 1.0
"""A full line that nobody reads loses what is sent, as a real one does."""

_SPEEDS = {
    getattr(termios, f"B{speed}"): speed
    for speed in (300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600)
}


class PtyPort:
    """The device's end of a line. Not for several threads at once; use as a context, or call `unplug` in the end."""

    def __init__(self, link: Path | None = None) -> None:
        """Plug in; `link` is made to point to each new pty, so that one configured port stays right."""
        self._link = link
        self._master = self._slave = -1
        self._pty = ""
        self.plug()

    @property
    def path(self) -> str:
        """What the app has to open: the link, or the pty's own path, which changes with each plugging."""
        return str(self._link) if self._link else self._pty

    @property
    def plugged(self) -> bool:
        """Whether there is a pty now."""
        return self._master >= 0

    @property
    def speed(self) -> int:
        """Bits a second that the other end has set; only while plugged."""
        return _SPEEDS.get(termios.tcgetattr(self._slave)[5], 0)

    def fileno(self) -> int:
        """For `select`; only while plugged."""
        return self._master

    def plug(self) -> None:
        """Make a new pty, unless there is one."""
        if self.plugged:
            return
        # The slave stays open here: when the last one closes, as a killed app's does, the master would fail with EIO.
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._pty = os.ttyname(self._slave)
        if self._link:
            fresh = self._link.with_name(self._link.name + ".new")
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(self._pty)
            fresh.replace(self._link)

    def unplug(self) -> None:
        """Take the pty away, if there is one: who has it open gets errors, and the link is gone."""
        if not self.plugged:
            return
        if self._link:
            self._link.unlink(missing_ok=True)
        os.close(self._master)
        os.close(self._slave)
        self._master = self._slave = -1

    def read(self, most: int = 4096) -> bytes:
        """What waits, at most so many bytes; empty if nothing does."""
        with contextlib.suppress(BlockingIOError):
            return os.read(self._master, most)
        return b""

    def write(self, data: bytes) -> None:
        """Send, and drop what the line does not take."""
        while data and select.select([], [self._master], [], WRITE_SECONDS)[1]:
            with contextlib.suppress(BlockingIOError):
                data = data[os.write(self._master, data) :]

    def forget_exclusive_use(self) -> None:
        """Allow the next program in: unlike a real port, a pty keeps a killed program's TIOCEXCL."""
        if self.plugged:
            fcntl.ioctl(self._slave, termios.TIOCNXCL)
