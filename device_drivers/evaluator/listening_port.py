"""A serial port that is only listened to, at one line setting after the other: opened exclusively, errors marked.

`SerialLine` serves a device that is known; here the settings are what is sought, and damaged bytes say that they are
wrong. One thread does everything, so there is none of its own.
"""

import contextlib
import errno
import fcntl
import os
import select
import termios
from dataclasses import dataclass

import serial

from device_drivers.evaluator.line_marks import MarkReader
from device_drivers.serial_line import LineSettings, boottime
from device_drivers.serial_ports import PortLister, explain, present_ports, resolve_port

_LOST = (serial.SerialException, OSError, termios.error, TypeError)
_MOST_BYTES = 4096


class PortLostError(RuntimeError):
    """The port cannot be used; the message says in one line why and what to do."""


@dataclass(frozen=True)
class Received:
    """Bytes as they came in one go."""

    data: bytes
    damaged: int
    """How many of them came with a framing or parity error."""
    at: float
    """CLOCK_BOOTTIME in seconds."""


class ListeningPort:
    """One port. For one thread, but for `wake`."""

    def __init__(self, port: str, list_ports: PortLister = present_ports) -> None:
        """`port` is a path or "auto"."""
        self._port = port
        self._list_ports = list_ports
        self._serial: serial.Serial | None = None
        self._marks = MarkReader()
        self._wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)

    @property
    def is_open(self) -> bool:
        """Whether it was opened and not lost since."""
        return self._serial is not None

    def open(self, settings: LineSettings) -> None:
        """Open it; what waited in it before is discarded. Raises `PortLostError`."""
        path = self._port
        try:
            path = resolve_port(self._port, self._list_ports)
            self._serial = serial.Serial(path, timeout=0, exclusive=True)
            fcntl.ioctl(self._serial.fileno(), termios.TIOCEXCL)  # see SerialLine: the lock alone is a convention
        except (*_LOST, ValueError) as error:
            self.let_go()
            raise PortLostError(explain(path, error)) from error
        self.use(settings)

    def use(self, settings: LineSettings) -> None:
        """Listen at these settings from now on, without closing: some devices start anew then.

        Raises `PortLostError`.
        """
        port = self._opened()
        try:
            _apply(port, settings)
            _mark_errors(port.fileno())
            port.reset_input_buffer()
        except (*_LOST, ValueError) as error:
            raise self._lost(error) from error
        self._marks = MarkReader()

    def read(self, seconds: float) -> Received | None:
        """What comes within so many seconds; None when nothing did, or somebody woke it. Raises `PortLostError`."""
        port = self._opened()
        try:
            readable, _, _ = select.select([port.fileno(), self._wake], [], [], max(0.0, seconds))
            at = boottime()
            if port.fileno() not in readable:
                return None
            data = os.read(port.fileno(), _MOST_BYTES)
        except _LOST as error:
            raise self._lost(error) from error
        if not data:
            raise self._lost(serial.SerialException("the device is gone"))
        unmarked = self._marks.feed(data)
        return Received(unmarked.data, unmarked.damaged, at) if unmarked.data else None

    def wait(self, seconds: float) -> None:
        """Wait without a port, or until somebody wakes it."""
        select.select([self._wake], [], [], seconds)

    def wake(self) -> None:
        """End all waiting, now and later; from any thread, until `close`."""
        os.eventfd_write(self._wake, 1)

    def let_go(self) -> None:
        """Close the port, if it is open."""
        port, self._serial = self._serial, None
        if port is None:
            return
        with contextlib.suppress(*_LOST):
            # Where another program has the port open too, the mark would outlive us and lock out the app.
            fcntl.ioctl(port.fileno(), termios.TIOCNXCL)
        with contextlib.suppress(*_LOST):
            port.close()

    def close(self) -> None:
        """Close the port for good."""
        self.let_go()
        os.close(self._wake)

    def _opened(self) -> serial.Serial:
        if self._serial is None:
            raise PortLostError(f"{self._port} is not open")
        return self._serial

    def _lost(self, error: Exception) -> PortLostError:
        name = (self._serial.name if self._serial is not None else None) or self._port
        self.let_go()
        return PortLostError(explain(name, error))


def _apply(port: serial.Serial, settings: LineSettings) -> None:
    """As far as the adapter can: one that knows no parity listens without, and what it hears tells the rest."""
    wanted = {"baudrate": settings.baud, "bytesize": settings.bytesize, "parity": settings.parity}
    for name, value in (wanted | {"stopbits": settings.stopbits}).items():
        try:
            setattr(port, name, value)
        except termios.error as error:
            if error.args[0] != errno.EINVAL:
                raise


def _mark_errors(descriptor: int) -> None:
    attributes = termios.tcgetattr(descriptor)
    attributes[0] |= termios.INPCK | termios.PARMRK
    attributes[0] &= ~(termios.IGNPAR | termios.IGNBRK | termios.BRKINT)
    termios.tcsetattr(descriptor, termios.TCSANOW, attributes)
