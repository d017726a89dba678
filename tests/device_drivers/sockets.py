"""The USB sockets of an invented machine: real ptys, listed and linked by path as udev does."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from device_drivers.port_assignment import Role
from device_drivers.port_book import PortBook
from device_drivers.serial_ports import ListedPort

CH340 = (0x1A86, 0x7523)
PROLIFIC = (0x067B, 0x2303)


@dataclass(frozen=True)
class Listed:
    """As pyserial lists a port."""

    device: str
    vid: int | None = None
    pid: int | None = None
    serial_number: str | None = None
    description: str | None = None


class Sockets:
    """Devices are plugged in by their pty's path; a book for them is made by `book`."""

    def __init__(self, directory: Path) -> None:
        self.by_path = directory / "by-path"
        self.by_path.mkdir()
        self.storage = directory / "storage"
        self.storage.mkdir()
        self._plugged: dict[str, Listed] = {}

    def plug(self, socket: str, device: str, ids: tuple[int, int] | None = CH340, serial: str | None = None) -> None:
        """Put a device into a socket: `device` is the path of its pty."""
        real = str(Path(device).resolve())
        vid, pid = ids or (None, None)
        self._plugged[socket] = Listed(real, vid, pid, serial, "an adapter")
        (self.by_path / socket).symlink_to(real)

    def unplug(self, *sockets: str) -> None:
        """Take devices out."""
        for socket in sockets:
            del self._plugged[socket]
            (self.by_path / socket).unlink()

    def path(self, socket: str) -> str:
        """The stable name."""
        return str(self.by_path / socket)

    def list(self) -> Iterable[ListedPort]:
        """As pyserial's `comports`."""
        return list(self._plugged.values())

    def book(self, **wanted: str) -> PortBook:
        """For devices with these ports in the configuration."""
        roles = {Role(role): port for role, port in wanted.items()}
        return PortBook(roles, self.storage, list_ports=self.list, by_path=self.by_path)
