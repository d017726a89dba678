"""Which serial port is meant, and what to tell a person when it cannot be used."""

import errno
from collections.abc import Callable, Iterable
from typing import Protocol

from serial.tools.list_ports import comports

AUTO = "auto"
"""The port's name in the configuration that means: the only USB serial port there is."""


class ListedPort(Protocol):
    """What is needed of an entry of `serial.tools.list_ports`."""

    @property
    def device(self) -> str:
        """The device's path."""
        ...

    @property
    def vid(self) -> int | None:
        """The USB vendor's number; None where the port is not on USB."""
        ...

    @property
    def description(self) -> str | None:
        """What the device calls itself."""
        ...


PortLister = Callable[[], Iterable[ListedPort]]


class PortNotFoundError(OSError):
    """No port, or no single one, answers to "auto"."""


def resolve_port(port: str, list_ports: PortLister = comports) -> str:
    """The path to open for a configured port; asked anew for each opening, as a replugged device may be renumbered.

    Raises `PortNotFoundError` where "auto" does not mean exactly one port.
    """
    if port != AUTO:
        return port
    found = sorted(listed.device for listed in list_ports() if listed.vid is not None)
    if not found:
        raise PortNotFoundError('port "auto": no USB serial port is present; plug the device in, or name its port')
    if len(found) > 1:
        names = ", ".join(found)
        raise PortNotFoundError(f'port "auto": {len(found)} USB serial ports are present ({names}); name one of them')
    return found[0]


def explain(port: str, error: Exception) -> str:
    """One line for a person: why `port` cannot be used, and what to do."""
    if isinstance(error, PortNotFoundError):
        return str(error)
    number = getattr(error, "errno", None)
    if number in {errno.EBUSY, errno.EAGAIN}:
        return f"another program holds {port}; end it (fuser {port} names it)"
    if number in {errno.ENOENT, errno.ENODEV, errno.ENXIO}:
        return f"{port} is not there; plug the device in, or correct the port's name"
    if number in {errno.EACCES, errno.EPERM}:
        return f"no permission to open {port}; add this program's user to the group that owns it"
    words = " ".join(str(error).split())
    return f"{port} failed: {words}; check the cable and the device's power"
