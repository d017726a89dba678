"""Names that survive replugging: by path, as adapters without a serial number share one id."""

from pathlib import Path

from device_drivers.stable_ports import StablePort, stable_ports
from tests.device_drivers.sockets import CH340, PROLIFIC, Listed


def test_each_port_is_told_with_its_name_by_path(tmp_path: Path) -> None:
    devices, by_path = tmp_path / "dev", tmp_path / "by-path"
    devices.mkdir()
    by_path.mkdir()
    first, second = devices / "ttyUSB0", devices / "ttyS0"
    first.touch()
    second.touch()
    (by_path / "pci-0:usb-1").symlink_to(first)
    listed = [Listed(str(first), *CH340, description="an adapter"), Listed(str(second))]
    found = stable_ports(lambda: listed, by_path)
    assert [(port.device, port.stable_name, port.description) for port in found] == [
        (str(second), None, ""),
        (str(first), str(by_path / "pci-0:usb-1"), "an adapter"),
    ]


def test_without_udev_there_are_no_stable_names(tmp_path: Path) -> None:
    on_board = StablePort("/dev/ttyS0", None, "", usb_note="not a USB adapter")
    assert stable_ports(lambda: [Listed("/dev/ttyS0")], tmp_path / "none") == [on_board]


def names_of(tmp_path: Path, *listed: Listed) -> list[tuple[str | None, str]]:
    return [(port.usb_name, port.usb_note) for port in stable_ports(lambda: listed, tmp_path / "none")]


def test_an_adapter_that_is_the_only_one_of_its_kind_has_a_name_by_its_ids(tmp_path: Path) -> None:
    assert names_of(tmp_path, Listed("/dev/ttyUSB0", *CH340), Listed("/dev/ttyUSB1", *PROLIFIC, "A7")) == [
        ("usb:1a86:7523", ""),
        ("usb:067b:2303", ""),
    ]


def test_adapters_of_one_kind_are_told_apart_by_their_serial_numbers(tmp_path: Path) -> None:
    assert names_of(tmp_path, Listed("/dev/ttyUSB0", *PROLIFIC, "A7"), Listed("/dev/ttyUSB1", *PROLIFIC, "B8")) == [
        ("usb:067b:2303:A7", ""),
        ("usb:067b:2303:B8", ""),
    ]


def test_why_an_adapter_has_no_name_by_its_ids_is_said(tmp_path: Path) -> None:
    none = "2 adapters have these ids and no serial number: name the port by its path"
    assert names_of(tmp_path, Listed("/dev/ttyUSB0", *CH340), Listed("/dev/ttyUSB1", *CH340)) == [(None, none)] * 2
    same = "2 adapters have these ids and the same serial number: name the port by its path"
    twins = Listed("/dev/ttyUSB0", *PROLIFIC, "0001"), Listed("/dev/ttyUSB1", *PROLIFIC, "0001")
    assert names_of(tmp_path, *twins) == [(None, same)] * 2


def test_the_best_name_is_the_socket_then_the_adapter_then_the_device(tmp_path: Path) -> None:
    by_ids, by_device = stable_ports(lambda: [Listed("/dev/ttyUSB0", *CH340), Listed("/dev/ttyXR0")], tmp_path / "none")
    assert (by_ids.best_name, by_device.best_name) == ("usb:1a86:7523", "/dev/ttyXR0")
