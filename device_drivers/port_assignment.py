"""Which device is at which port, judged by what is known: pure, no port is opened and nothing is listened to.

The rule above all others (docs/decisions/0013): a port is given to a device only where it cannot be another's. A
printer would print what is meant for an evaluator, and an evaluator misread what is meant for a printer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from device_drivers.serial_ports import AUTO, UsbIds
from device_drivers.stable_ports import StablePort


class Role(StrEnum):
    """What a port can be used for; the names of the sections in terminal.toml."""

    EVALUATOR = "evaluator"
    PRINTER = "printer"
    SCANNER = "scanner"


@dataclass(frozen=True)
class Remembered:
    """Where a device was when it proved that it is the one."""

    place: str | None
    """The name by path; None where the port had none."""
    ids: UsbIds | None

    def is_at(self, port: StablePort) -> bool:
        """Whether the same adapter, as far as anyone can tell, is at the same place."""
        return self.place is not None and self.place == port.stable_name and self.ids == port.ids


@dataclass(frozen=True)
class Situation:
    """All that is known at one moment."""

    wanted: Mapping[Role, str]
    """What the configuration says of each device's port: a name, or "auto"."""
    present: Sequence[StablePort] = ()
    named: Mapping[Role, str] = field(default_factory=dict)
    """The devices of those named ports that are there now."""
    held: Mapping[Role, str] = field(default_factory=dict)
    """The devices that are in use, or proved what they are."""
    remembered: Mapping[Role, Remembered] = field(default_factory=dict)
    doubted: frozenset[Role] = frozenset()
    """Those of whom memory says nothing any more: adapters that look the same were moved meanwhile."""
    foreign: frozenset[str] = frozenset()
    """Devices that were heard to be another evaluator than ours."""

    @property
    def candidates(self) -> list[StablePort]:
        """The ports that "auto" may mean: on USB, and not named for one of the devices."""
        named = set(self.named.values())
        return [port for port in self.present if port.is_on_usb and port.device not in named]


def assign(situation: Situation) -> dict[Role, str]:
    """The device of each role whose port is known; never one for two."""
    assigned = {role: device for role, device in situation.named.items() if role in situation.wanted}
    autos = [role for role, port in situation.wanted.items() if port == AUTO]
    present = {port.device for port in situation.present}
    for role in autos:
        if (device := situation.held.get(role)) in present and device not in assigned.values():
            assigned[role] = device
    for recall in (_at_its_place, _by_its_ids):
        for role in autos:
            if role not in assigned and role not in situation.doubted:
                found = recall(situation, assigned, role)
                assigned |= {role: found} if found else {}
    if remaining := _by_elimination(situation, assigned, autos):
        assigned |= remaining
    return assigned


def open_candidates(situation: Situation, assigned: Mapping[Role, str], role: Role) -> list[StablePort]:
    """The ports that may still be the device of this role."""
    taken = {*assigned.values(), *situation.held.values()}
    unsuitable = situation.foreign if role is Role.PRINTER else frozenset()
    return [port for port in situation.candidates if port.device not in taken | unsuitable]


def _at_its_place(situation: Situation, assigned: Mapping[Role, str], role: Role) -> str | None:
    remembered = situation.remembered.get(role)
    for port in open_candidates(situation, assigned, role):
        if remembered is not None and remembered.is_at(port):
            return port.device
    return None


def _by_its_ids(situation: Situation, assigned: Mapping[Role, str], role: Role) -> str | None:
    """The adapter in another socket, where it is the only one that looks like it and nobody else's can be it."""
    remembered = situation.remembered.get(role)
    if remembered is None or remembered.ids is None:
        return None
    alike = [port for port in open_candidates(situation, assigned, role) if port.ids == remembered.ids]
    others = [other for other in situation.wanted if other is not role and other not in assigned]
    if len(alike) != 1 or any(_may_look_like(situation, other, remembered.ids) for other in others):
        return None
    return alike[0].device


def _may_look_like(situation: Situation, role: Role, ids: UsbIds) -> bool:
    """Whether the missing device of another role may have these ids; of one never seen, only a serial number tells."""
    other = situation.remembered.get(role)
    return ids.serial is None if other is None or other.ids is None else other.ids == ids


def _by_elimination(situation: Situation, assigned: Mapping[Role, str], autos: Sequence[Role]) -> dict[Role, str]:
    """What is left for the last device, once all others are known to be elsewhere."""
    missing = [role for role in situation.wanted if role not in assigned]
    if len(missing) != 1 or missing[0] not in autos:
        return {}
    role = missing[0]
    if role is Role.EVALUATOR and role in situation.doubted:  # it proves itself by its next frame
        return {}
    left = open_candidates(situation, assigned, role)
    return {role: left[0].device} if len(left) == 1 else {}
