"""Serial ports with names that stay the same when a device is plugged in again."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from device_drivers.serial_ports import PortLister, UsbIds, is_on_usb, present_ports, usb_ids

BY_PATH = Path("/dev/serial/by-path")


@dataclass(frozen=True)
class StablePort:
    """A port, and the names that may be written into terminal.toml."""

    device: str
    stable_name: str | None
    """Under /dev/serial/by-path: the socket it is plugged into; None where udev made no such name."""
    description: str
    ids: UsbIds | None = None
    is_on_usb: bool = False
    """Whether it can be what "auto" finds."""
    usb_name: str | None = None
    """By USB ids: follows the adapter into any socket; None where no such name means this port alone."""
    usb_note: str = ""
    """Why there is no name by USB ids."""

    @property
    def best_name(self) -> str:
        """The name to write into terminal.toml."""
        return self.stable_name or self.usb_name or self.device


def stable_ports(list_ports: PortLister = present_ports, by_path: Path = BY_PATH) -> list[StablePort]:
    """All serial ports of this machine, by device name.

    By path and not by id: adapters without a serial number share one id, and one of them would win.
    """
    links = sorted(by_path.iterdir()) if by_path.is_dir() else []
    names = {str(link.resolve()): str(link) for link in reversed(links)}
    listed = sorted(list_ports(), key=lambda port: port.device)
    found = [(port, usb_ids(port)) for port in listed]
    models = Counter((ids.vid, ids.pid) for _, ids in found if ids)
    same = Counter(ids for _, ids in found if ids)
    ports = []
    for port, ids in found:
        usb_name, note = _usb_name(ids, models, same)
        place = names.get(str(Path(port.device).resolve()))
        ports.append(StablePort(port.device, place, port.description or "", ids, is_on_usb(port), usb_name, note))
    return ports


def _usb_name(
    ids: UsbIds | None, models: "Counter[tuple[int, int]]", same: "Counter[UsbIds]"
) -> tuple[str | None, str]:
    """The name by ids, or why there is none. A serial number is named only where it is needed."""
    if ids is None:
        return None, "not a USB adapter"
    if (count := models[ids.vid, ids.pid]) == 1:
        return f"usb:{ids.vid:04x}:{ids.pid:04x}", ""
    if ids.serial and same[ids] == 1:
        return str(ids), ""
    why = "the same serial number" if ids.serial else "no serial number"
    return None, f"{count} adapters have these ids and {why}: name the port by its path"
