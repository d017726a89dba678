"""Serial ports with names that stay the same when a device is plugged in again."""

from dataclasses import dataclass
from pathlib import Path

from serial.tools.list_ports import comports

from device_drivers.serial_ports import PortLister

BY_PATH = Path("/dev/serial/by-path")


@dataclass(frozen=True)
class StablePort:
    """A port, and the name to write into terminal.toml."""

    device: str
    stable_name: str | None
    """Under /dev/serial/by-path: the socket it is plugged into; None where udev made no such name."""
    description: str


def stable_ports(list_ports: PortLister = comports, by_path: Path = BY_PATH) -> list[StablePort]:
    """All serial ports of this machine, by device name.

    By path and not by id: adapters without a serial number share one id, and one of them would win.
    """
    links = sorted(by_path.iterdir()) if by_path.is_dir() else []
    names = {str(link.resolve()): str(link) for link in reversed(links)}
    return [
        StablePort(port.device, names.get(port.device), port.description or "")
        for port in sorted(list_ports(), key=lambda port: port.device)
    ]
