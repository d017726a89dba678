"""Which serial port is meant, and what to tell a person when it cannot be used."""

import errno
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from serial.tools.list_ports import comports
from serial.tools.list_ports_linux import SysFS

from device_drivers.port_holders import holders_of

AUTO = "auto"
"""The port's name in the configuration that means: find it among the USB serial ports."""

USB = "usb:"
"""How a name by USB ids begins: `usb:VID:PID` or `usb:VID:PID:SERIAL`, numbers in hex."""

_USB_NAME = re.compile(r"usb:(?P<vid>[0-9a-f]{4}):(?P<pid>[0-9a-f]{4})(?::(?P<serial>.+))?", re.IGNORECASE)
_USB_DEVICE = re.compile(r"tty(USB|ACM|CH|WCH|XRUSB)")
_VENDORS_OWN = ("ttyCH*", "ttyWCH*")
"""Devices of the chip maker's own drivers, which pyserial does not list."""


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
    def pid(self) -> int | None:
        """The USB product's number."""
        ...

    @property
    def serial_number(self) -> str | None:
        """What the adapter gives as its serial number; many give none, or all the same."""
        ...

    @property
    def description(self) -> str | None:
        """What the device calls itself."""
        ...


PortLister = Callable[[], Iterable[ListedPort]]


@dataclass(frozen=True)
class UsbIds:
    """What a USB adapter says of itself: equal ids do not mean the same adapter."""

    vid: int
    pid: int
    serial: str | None = None

    def __str__(self) -> str:
        """As it may stand in terminal.toml."""
        return f"{USB}{self.vid:04x}:{self.pid:04x}" + (f":{self.serial}" if self.serial else "")


class PortNotFoundError(OSError):
    """No port, or no single one, answers to a name that is not a path."""


def present_ports() -> list[ListedPort]:
    """All serial ports of this machine, those of chip makers' own drivers too."""
    own = (SysFS(str(path)) for pattern in _VENDORS_OWN for path in sorted(Path("/dev").glob(pattern)))
    return [*comports(), *own]


def usb_ids(port: ListedPort) -> UsbIds | None:
    """The ids of a port on USB; None where they are not known."""
    if port.vid is None or port.pid is None:
        return None
    return UsbIds(port.vid, port.pid, port.serial_number or None)


def is_on_usb(port: ListedPort) -> bool:
    """Whether a device that comes and goes may be behind it: by its ids, or by its name where there are none."""
    return port.vid is not None or _USB_DEVICE.match(Path(port.device).name) is not None


def is_usb_name(port: str) -> bool:
    """Whether a configured port is a name by USB ids."""
    return port.lower().startswith(USB)


def ports_named(name: str, ports: Iterable[ListedPort]) -> list[str]:
    """The devices to which a name by USB ids fits. Raises `PortNotFoundError` for a name that is written wrong."""
    wanted = _USB_NAME.fullmatch(name)
    if wanted is None:
        raise PortNotFoundError(f'port "{name}": write usb:VID:PID or usb:VID:PID:SERIAL, as kiosk-admin ports does')
    vid, pid, serial = int(wanted["vid"], 16), int(wanted["pid"], 16), wanted["serial"]
    return sorted(
        port.device
        for port in ports
        if (port.vid, port.pid) == (vid, pid) and (serial is None or serial == port.serial_number)
    )


def resolve_port(port: str, list_ports: PortLister = present_ports) -> str:
    """The path to open for a configured port; asked anew for each opening, as a replugged device may be renumbered.

    Raises `PortNotFoundError` where "auto" or a name by USB ids does not mean exactly one port.
    """
    if is_usb_name(port):
        return _only(port, ports_named(port, list_ports()))
    if port != AUTO:
        return port
    found = sorted(listed.device for listed in list_ports() if is_on_usb(listed))
    if not found:
        raise PortNotFoundError('port "auto": no USB serial port is present; plug the device in, or name its port')
    if len(found) > 1:
        names = ", ".join(found)
        raise PortNotFoundError(f'port "auto": {len(found)} USB serial ports are present ({names}); name one of them')
    return found[0]


def _only(name: str, found: list[str]) -> str:
    if not found:
        raise PortNotFoundError(f'port "{name}" is not there; plug the device in, or correct the port\'s name')
    if len(found) > 1:
        raise PortNotFoundError(
            f'port "{name}": {len(found)} ports have these ids ({", ".join(found)}); '
            "name the port by its path: kiosk-admin ports lists them"
        )
    return found[0]


def explain(port: str, error: Exception) -> str:
    """One line for a person: why `port` cannot be used, and what to do."""
    if isinstance(error, PortNotFoundError):
        return str(error)
    number = getattr(error, "errno", None)
    if number in {errno.EBUSY, errno.EAGAIN}:
        holders = ", ".join(map(str, holders_of(port)))
        if holders:
            return f"another program holds {port}: {holders}; end it"
        return f"another program holds {port}; end it (fuser {port} names it)"
    if number in {errno.ENOENT, errno.ENODEV, errno.ENXIO}:
        return f"{port} is not there; plug the device in, or correct the port's name"
    if number in {errno.EACCES, errno.EPERM}:
        return f"no permission to open {port}; add this program's user to the group that owns it"
    words = " ".join(str(error).split())
    return f"{port} failed: {words}; check the cable and the device's power"
