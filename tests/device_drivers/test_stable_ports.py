"""Names that survive replugging: by path, as adapters without a serial number share one id."""

from dataclasses import dataclass
from pathlib import Path

from device_drivers.stable_ports import StablePort, stable_ports


@dataclass(frozen=True)
class Listed:
    device: str
    description: str | None = None
    vid: int | None = None


def test_each_port_is_told_with_its_name_by_path(tmp_path: Path) -> None:
    devices, by_path = tmp_path / "dev", tmp_path / "by-path"
    devices.mkdir()
    by_path.mkdir()
    first, second = devices / "ttyUSB0", devices / "ttyS0"
    first.touch()
    second.touch()
    (by_path / "pci-0:usb-1").symlink_to(first)
    listed = [Listed(str(first), "an adapter", 0x1A86), Listed(str(second))]
    assert stable_ports(lambda: listed, by_path) == [
        StablePort(str(second), None, ""),
        StablePort(str(first), str(by_path / "pci-0:usb-1"), "an adapter"),
    ]


def test_without_udev_there_are_no_stable_names(tmp_path: Path) -> None:
    assert stable_ports(lambda: [Listed("/dev/ttyS0")], tmp_path / "none") == [StablePort("/dev/ttyS0", None, "")]
