"""Whether adapters that look the same may have changed places: most have no serial number to tell them apart.

While a device is away, what is remembered of its place is worth something only as long as the others of its looks stand
still. A technician who pulls two and puts them back may have put each into the other's socket.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from device_drivers.port_assignment import Remembered, Role
from device_drivers.stable_ports import StablePort


@dataclass(frozen=True)
class Claim:
    """A port in use."""

    device: str
    """Its path, links resolved."""
    is_proved: bool = False
    """Whether the device showed what it is, by its frames or its answers."""


@dataclass(frozen=True)
class _Peer:
    """A port that looks the same; its node's number is new with each plugging."""

    device: str
    place: str | None
    node: int


class PeerWatch:
    """Told of every look at the ports, in the order of the looks."""

    def __init__(self, claims: Mapping[Role, Claim]) -> None:
        """`claims` is looked at, not changed."""
        self._claims = claims
        self._known: dict[Role, Remembered] = {}
        self._peers: dict[Role, set[_Peer]] = {}
        """For each device that was ever in use: those of its looks when it was last seen in use."""
        self._most: dict[Role, int] = {}
        """How many they were at most while it was in use."""
        self.doubted: set[Role] = set()
        """Those of whom it is not known any more where they are."""

    def saw(self, present: Sequence[StablePort], remembered: Mapping[Role, Remembered]) -> None:
        """These ports are there now."""
        for role, known in remembered.items():
            if self._known.get(role) != known:  # proved anew, perhaps to another program
                self._known[role] = known
                self.trust(role)
            claim = self._claims.get(role)
            if claim is not None:
                self._peers[role] = {peer for peer in _alike(known, present) if peer.device != claim.device}
                self._most[role] = max(self._most.get(role, 0), len(self._peers[role]))
            elif role in self._peers:
                peers = {peer for peer in _alike(known, present) if peer.place is None or peer.place != known.place}
                if not self._peers[role] <= peers or len(self._peers[role]) < self._most[role]:
                    self.doubted.add(role)

    def trust(self, role: Role) -> None:
        """The device proved where it is."""
        self.doubted.discard(role)
        self._peers.pop(role, None)
        self._most.pop(role, None)


def _alike(known: Remembered, present: Sequence[StablePort]) -> list[_Peer]:
    alike = [port for port in present if port.ids is not None and port.ids == known.ids]
    devices = [(port, os.path.realpath(port.device)) for port in alike]
    return [_Peer(device, port.stable_name, node_of(device)) for port, device in devices]


def node_of(device: str) -> int:
    """The device node's own number: it changes when the device is plugged in anew; 0 while it is away."""
    try:
        return os.stat(device).st_ino  # noqa: PTH116 - once for every port in every look
    except OSError:
        return 0
