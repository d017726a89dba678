"""Where each device's port is: one book for all drivers of a process, so that no two ever use one port.

Ports that the configuration names are found by their names, "auto" by what is known of the ports (`port_assignment`).
Where that is not enough, the evaluator's driver listens until the device proves itself, and everybody else waits.
"""

import contextlib
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from device_drivers.port_assignment import Remembered, Role, Situation, assign, open_candidates
from device_drivers.port_memory import PortMemory
from device_drivers.port_peers import Claim, PeerWatch, node_of
from device_drivers.serial_ports import AUTO, PortLister, PortNotFoundError, UsbIds, present_ports, resolve_port
from device_drivers.stable_ports import BY_PATH, StablePort, stable_ports


class PortsAmbiguousError(PortNotFoundError):
    """Several ports may be the device, or one port several devices; a person is asked."""

    def __init__(self, message: str, candidates: list[str]) -> None:
        super().__init__(message)
        self.candidates = candidates
        """The devices that may be it."""


class PortAccess(Protocol):
    """One driver's way to its port. For the line's own thread."""

    @property
    def name(self) -> str:
        """The port as it is configured."""
        ...

    def claim(self) -> str:
        """The path to open now; the port is this driver's until `release`. Raises `PortNotFoundError`."""
        ...

    def release(self) -> None:
        """The port was closed."""
        ...

    def recognised(self, device: str) -> bool:
        """The device at this port proved that it is the one; False if the port is another driver's by now."""
        ...

    def heard_another(self, device: str) -> None:
        """The device at this port proved that it is another of its kind."""
        ...

    def confirm(self) -> None:
        """The device at the claimed port proved that it is the one."""
        ...

    def stands(self) -> bool:
        """Whether the claim is still the best guess; always where the device proved itself."""
        ...


class NamedPort:
    """The way to a port for a driver that is alone."""

    def __init__(self, port: str, list_ports: PortLister) -> None:
        self.name = port
        self._list_ports = list_ports

    def claim(self) -> str:
        """Resolve the name."""
        return resolve_port(self.name, self._list_ports)

    def release(self) -> None:
        """Nobody else is there to be told."""

    def recognised(self, _device: str) -> bool:
        """Nothing is ever in doubt."""
        return True

    def heard_another(self, device: str) -> None:
        """Nobody else is there to be told."""

    def confirm(self) -> None:
        """Nothing is remembered."""

    def stands(self) -> bool:
        """There is no other guess."""
        return True


class PortBook:
    """Shared by the drivers of a process; for any thread."""

    def __init__(
        self,
        wanted: Mapping[Role, str],
        directory: Path | None = None,
        *,
        list_ports: PortLister = present_ports,
        by_path: Path = BY_PATH,
    ) -> None:
        """`wanted`: the configured port of every serial device; `directory`: where what was found is remembered."""
        self._wanted = dict(wanted)
        self._list_ports = list_ports
        self._by_path = by_path
        self._memory = PortMemory(directory)
        self._guard = threading.Lock()
        self._claims: dict[Role, Claim] = {}
        self._used: dict[Role, UsbIds | None] = {}
        self._watch = PeerWatch(self._claims)
        self._foreign: dict[str, int] = {}
        """Ports of another evaluator than ours, with the device node's own number."""

    def access(self, role: Role) -> PortAccess:
        """One driver's way to its port."""
        if role not in self._wanted:
            raise ValueError(f"the configuration has no section [{role}]")
        return _Access(self, role, self._wanted[role])

    def find(self, role: Role) -> str:
        """The path of a device's port at this moment, without using it. Raises `PortNotFoundError`."""
        with self._guard:
            return self._found(role)

    def claim(self, role: Role) -> str:
        """The path to open for this role, which is its own until `release`. Raises `PortNotFoundError`."""
        with self._guard:
            path = self._found(role)
            self._take(role, os.path.realpath(path))
            return path

    def release(self, role: Role) -> None:
        """The port of this role was closed."""
        with self._guard:
            if role in self._claims:
                self._look()
                del self._claims[role]

    def recognised(self, role: Role, device: str) -> bool:
        """This device proved to be that of this role: whether the port is its own now."""
        with self._guard:
            device = os.path.realpath(device)
            if any(claim.device == device for other, claim in self._claims.items() if other is not role):
                return False
            self._take(role, device)
            self._prove(role)
            return True

    def heard_another(self, device: str) -> None:
        """An evaluator that is not ours is at this port: no printer, then."""
        with self._guard:
            self._foreign[device] = node_of(device)

    def confirm(self, role: Role) -> None:
        """The device at this role's port proved what it is: remember it."""
        with self._guard:
            claim = self._claims.get(role)
            if claim is not None and not claim.is_proved:
                self._prove(role)

    def stands(self, role: Role) -> bool:
        """Whether the role's port is still what it would be given now; always if its device proved itself."""
        with self._guard:
            claim = self._claims.get(role)
            if claim is None or claim.is_proved or self._wanted[role] != AUTO:
                return True
            situation = self._situation(besides=role)
            found = assign(situation).get(role)
            return found is not None and os.path.realpath(found) == claim.device

    # With the guard held.

    def _look(self) -> list[StablePort]:
        present = stable_ports(self._list_ports, self._by_path)
        self._watch.saw(present, self._memory.read())
        return present

    def _found(self, role: Role) -> str:
        situation = self._situation(besides=role)
        assigned = assign(situation)
        name = self._wanted[role]
        if name != AUTO:
            path = resolve_port(name, self._list_ports)
            _refuse_a_number_that_changed_hands(situation, role)
        elif role in assigned:
            path = assigned[role]
        else:
            raise _not_found(situation, assigned, role)
        device = os.path.realpath(path)
        for other, claim in self._claims.items():
            if other is not role and claim.device == device:
                raise PortNotFoundError(
                    f"{path} is in use for the {other}; name another port for [{role}] or [{other}] in terminal.toml"
                )
        return path

    def _situation(self, besides: Role) -> Situation:
        """What is known, without what this role claims for itself."""
        present = self._look()
        self._foreign = {device: node for device, node in self._foreign.items() if node_of(device) == node}
        listed = {os.path.realpath(port.device): port.device for port in present}
        return Situation(
            wanted=self._wanted,
            present=present,
            named={role: listed.get(device, device) for role, device in self._named().items()},
            held={
                role: listed.get(claim.device, claim.device)
                for role, claim in self._claims.items()
                if role is not besides
            },
            remembered=self._memory.read(),
            doubted=frozenset(self._watch.doubted),
            used=dict(self._used),
            foreign=frozenset(self._foreign),
        )

    def _named(self) -> dict[Role, str]:
        """The devices of the ports that are named in the configuration and are there, links resolved."""
        named = {}
        for role, name in self._wanted.items():
            if name != AUTO:
                with contextlib.suppress(OSError):
                    named[role] = str(Path(resolve_port(name, self._list_ports)).resolve(strict=True))
        return named

    def _take(self, role: Role, device: str) -> None:
        self._claims[role] = Claim(device)
        ids = [port.ids for port in self._look() if os.path.realpath(port.device) == device]
        self._used[role] = ids[0] if ids else None

    def _prove(self, role: Role) -> None:
        claim = self._claims[role] = replace(self._claims[role], is_proved=True)
        self._watch.trust(role)
        for port in self._look():
            if os.path.realpath(port.device) == claim.device:
                self._memory.write(role, Remembered(port.stable_name, port.ids))
        self._look()


@dataclass(frozen=True)
class _Access:
    """One driver's page of the book."""

    book: PortBook
    role: Role
    name: str

    def claim(self) -> str:
        """As the book says."""
        return self.book.claim(self.role)

    def release(self) -> None:
        """The port was closed."""
        self.book.release(self.role)

    def recognised(self, device: str) -> bool:
        """The device at this port is ours."""
        return self.book.recognised(self.role, device)

    def heard_another(self, device: str) -> None:
        """The device at this port is not ours."""
        self.book.heard_another(device)

    def confirm(self) -> None:
        """The device at our port is the one."""
        self.book.confirm(self.role)

    def stands(self) -> bool:
        """Whether our port is still the best guess."""
        return self.book.stands(self.role)


def _refuse_a_number_that_changed_hands(situation: Situation, role: Role) -> None:
    """A name such as /dev/ttyUSB0 goes to whatever is plugged in first; the device's own adapter has another one now.

    Raises `PortNotFoundError`.
    """
    name, remembered = situation.wanted[role], situation.remembered.get(role)
    here = [port for port in situation.present if port.device == name]
    own = [port for port in situation.present if remembered and remembered.ids and port.ids == remembered.ids]
    if here and own and here[0] not in own:
        raise PortNotFoundError(
            f"{name} is another adapter now ({here[0].ids or 'not on USB'}), the {role}'s is at {own[0].best_name}; "
            f"name that in [{role}] port: it does not change when devices are plugged in anew"
        )


def _not_found(situation: Situation, assigned: Mapping[Role, str], role: Role) -> PortNotFoundError:
    """What to tell where "auto" means no port, or nobody knows which."""
    left = open_candidates(situation, assigned, role)
    if not left:
        others = " beside those of the other devices" if situation.candidates else ""
        return PortNotFoundError(
            f'port "auto": no USB serial port is present{others}; plug the {role} in, or name its port'
        )
    missing = [str(other) for other in situation.wanted if other not in assigned]
    names = ", ".join(port.best_name for port in left)
    what = f"1 port may be the {' or the '.join(missing)}" if len(left) == 1 else f"{len(left)} ports may be the {role}"
    ask = f"name [{role}] port in terminal.toml: kiosk-admin ports lists them"
    if Role.EVALUATOR in missing:
        ask = f"press any key of the evaluator once, or {ask}"
    return PortsAmbiguousError(f'port "auto": {what} ({names}); {ask}', [port.device for port in left])
