"""This terminal's serial ports, with all that is known of them, and how one is given to a device."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from device_drivers.port_assignment import Role
from device_drivers.port_holders import Holder, holders_of
from device_drivers.port_memory import PortMemory
from device_drivers.serial_ports import AUTO, PortNotFoundError, is_usb_name, present_ports, resolve_port
from device_drivers.stable_ports import StablePort, stable_ports
from kiosk_app.configuration import Settings
from kiosk_app.configuration_editing import set_values
from kiosk_app.terminal.device_ports import wanted_ports

APP = "kiosk-app"


class NoSuchPortError(ValueError):
    """The port cannot be given to the device; the message is one line that says what to do."""


@dataclass(frozen=True)
class PortRow:
    """One port."""

    port: StablePort
    holders: tuple[Holder, ...]
    """The programs that have it open, as far as this user may see."""
    roles: tuple[Role, ...]
    """What the configuration uses it for, or, where that says "auto", what was found at it last."""

    @property
    def held_by(self) -> str | None:
        """Who has it open, for a person; our app with the device that it is to it."""
        roles = " and ".join(self.roles)
        names = [f"{holder}, {roles}" if holder.name == APP and roles else str(holder) for holder in self.holders]
        return "; ".join(names) or None


def port_rows(settings: Settings) -> list[PortRow]:
    """All serial ports that are there now."""
    used = _used(settings)
    return [
        PortRow(port, tuple(holders_of(port.device)), tuple(used.get(os.path.realpath(port.device), ())))
        for port in stable_ports()
    ]


def use_ports(config: Path, settings: Settings, chosen: Mapping[Role, str]) -> dict[Role, str]:
    """Write ports for these devices into terminal.toml, by the names that last; returns those names.

    A port may be named as it is listed, by path, by USB ids, or be "auto". Raises `NoSuchPortError` and
    `ConfigurationError`, and then nothing of this device and the ones after it was written.
    """
    present = stable_ports()
    names = {role: _lasting_name(port, present) for role, port in chosen.items()}
    _refuse_one_port_for_two(wanted_ports(settings) | names)
    for role, name in names.items():
        set_values(config, role.value, {"port": name})
    return names


def _used(settings: Settings) -> dict[str, list[Role]]:
    """The devices' roles by real path."""
    remembered = PortMemory(settings.storage.directory).read()
    used: dict[str, list[Role]] = {}
    for role, name in wanted_ports(settings).items():
        known = remembered.get(role)
        path = _real_path(name if name != AUTO else known.place if known and known.place else "")
        if path:
            used.setdefault(path, []).append(role)
    return used


def _real_path(name: str) -> str:
    """Where a name leads now; empty if nowhere."""
    try:
        path = Path(resolve_port(name)) if name else None
        return str(path.resolve(strict=True)) if path else ""
    except OSError:
        return ""


def _lasting_name(port: str, present: list[StablePort]) -> str:
    if port == AUTO:
        return port
    if is_usb_name(port):
        try:
            resolve_port(port, present_ports)
        except PortNotFoundError as error:
            raise NoSuchPortError(str(error)) from error
        return port
    for each in present:
        if port in (each.device, each.stable_name):
            return each.best_name
    if os.path.exists(port):  # noqa: PTH110 - a name that udev or a technician made is kept as it is written
        return port
    there = ", ".join(each.best_name for each in present) or "none"
    raise NoSuchPortError(f"{port} is not there; present: {there}")


def _refuse_one_port_for_two(wanted: Mapping[Role, str]) -> None:
    by_path: dict[str, Role] = {}
    for role, name in wanted.items():
        if name == AUTO or not (path := _real_path(name)):
            continue
        if other := by_path.get(path):
            raise NoSuchPortError(f"{name} is the port of the {other} and of the {role}; give both ports at once")
        by_path[path] = role
