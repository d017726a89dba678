"""Which device is at which port, judged by what is known: pure, no port is opened and nothing is listened to.

The rule above all others (docs/decisions/0013-finding-devices.md): a port is given to a device only where it cannot be
another's. A printer would print what is meant for an evaluator, and an evaluator misread what is meant for a printer.
"""

from collections.abc import Callable, Mapping, Sequence
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
    used: Mapping[Role, UsbIds | None] = field(default_factory=dict)
    """What was used since the program began, also what has not proved itself, and is away now or about to be opened."""
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
        while found := _recalled(recall, situation, assigned, autos):
            assigned |= found
    if remaining := _by_elimination(situation, assigned, autos):
        assigned |= remaining
    return assigned


def open_candidates(situation: Situation, assigned: Mapping[Role, str], role: Role) -> list[StablePort]:
    """The ports that may still be the device of this role."""
    taken = {*assigned.values(), *situation.held.values()}
    unsuitable = situation.foreign if role is Role.PRINTER else frozenset()
    return [port for port in situation.candidates if port.device not in taken | unsuitable]


Recall = Callable[[Situation, Mapping[Role, str], Role], str | None]


def _recalled(
    recall: Recall, situation: Situation, assigned: Mapping[Role, str], autos: Sequence[Role]
) -> dict[Role, str]:
    """One more that memory tells of; where it tells of one port for two devices, it is wrong about both."""
    missing = [role for role in autos if role not in assigned and role not in situation.doubted]
    found = {role: device for role in missing if (device := recall(situation, assigned, role))}
    return {role: device for role, device in found.items() if list(found.values()).count(device) == 1}


def _at_its_place(situation: Situation, assigned: Mapping[Role, str], role: Role) -> str | None:
    """The adapter where it was. While nobody has pulled it, it stays there; after that another may have its place."""
    remembered = situation.remembered.get(role)
    if remembered is None or (role in situation.used and _may_be_another(situation, assigned, role, remembered)):
        return None
    return next((p.device for p in open_candidates(situation, assigned, role) if remembered.is_at(p)), None)


def _by_its_ids(situation: Situation, assigned: Mapping[Role, str], role: Role) -> str | None:
    """The adapter in another socket, where it is the only one that looks like it and nobody else's can be it."""
    remembered = situation.remembered.get(role)
    if remembered is None or remembered.ids is None:
        return None
    alike = [port for port in open_candidates(situation, assigned, role) if port.ids == remembered.ids]
    if len(alike) != 1 or _may_be_another(situation, assigned, role, remembered):
        return None
    return alike[0].device


def _may_be_another(situation: Situation, assigned: Mapping[Role, str], role: Role, remembered: Remembered) -> bool:
    """Whether a device that is missing, too, may have the same ids: serial numbers, too, are often all the same."""
    for other in situation.wanted:
        if other is role or other in assigned:
            continue
        known = situation.remembered.get(other)
        ids = known.ids if known else situation.used.get(other)
        if ids is None or ids == remembered.ids:
            return True
    return False


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
