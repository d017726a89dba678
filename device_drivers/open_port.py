"""Opening a serial port, and what pyserial and the kernel make of one that goes away."""

import contextlib
import fcntl
import termios
import time
from dataclasses import dataclass
from typing import Literal

import serial

LOST = (serial.SerialException, OSError, termios.error, TypeError)
"""What an unplugged device raises, depending on the call it is noticed in."""

_READ_SECONDS = 0.2

FlowControl = Literal["none", "rtscts", "xonxoff"]
"""How a device says that it can take no more; "xonxoff" swallows 11h and 13h, so it is for no binary frames."""


@dataclass(frozen=True)
class LineSettings:
    """How bytes stand on the wire."""

    baud: int = 9600
    bytesize: int = 8
    parity: str = "N"
    """N, E, O, M or S."""
    stopbits: float = 1
    """1, 1.5 or 2."""
    flow_control: FlowControl = "none"

    @property
    def seconds_per_byte(self) -> float:
        """Time that one byte takes on the wire, with its start, parity and stop bits."""
        return (1 + self.bytesize + (self.parity != "N") + self.stopbits) / self.baud


def boottime() -> float:
    """CLOCK_BOOTTIME in seconds: the clock of every stamp and deadline; no operator can move it (R5, R28)."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def open_exclusively(path: str, settings: LineSettings, write_timeout: float | None) -> serial.Serial:
    """Open for this program alone; pyserial discards what waited in the port before.

    Raises one of `LOST`, or ValueError where the port's driver refuses the settings.
    """
    port = serial.Serial(
        path,
        baudrate=settings.baud,
        bytesize=settings.bytesize,
        parity=settings.parity,
        stopbits=settings.stopbits,
        timeout=_READ_SECONDS,
        write_timeout=write_timeout,
        xonxoff=settings.flow_control == "xonxoff",
        rtscts=settings.flow_control == "rtscts",
        exclusive=True,
    )
    try:
        # The lock is only a convention (ModemManager ignores it), and the kernel's mark alone lets root in: both.
        fcntl.ioctl(port.fileno(), termios.TIOCEXCL)
    except OSError:
        port.close()
        raise
    return port


def close_exclusive(port: serial.Serial) -> None:
    """Let others have the port."""
    with contextlib.suppress(*LOST):
        # Where another program has the port open too, the mark would outlive us and lock out our next start.
        fcntl.ioctl(port.fileno(), termios.TIOCNXCL)
    port.close()
