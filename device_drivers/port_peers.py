"""Whether adapters that look the same may have changed places: most have no serial number to tell them apart.

While a device is away, what is remembered of its place is worth something only as long as the others of its looks stand
still. A technician who pulls two and puts them back may have put each into the other's socket.
"""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from device_drivers.port_assignment import Remembered, Role
from device_drivers.stable_ports import StablePort

RECENT_SECONDS = 60.0
"""Others that were pulled so long before a device was pulled itself are of its time."""


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
        self._seen: dict[Role, dict[_Peer, float | None]] = {}
        """For each device that was ever in use: those of its looks, and since when they are missed."""
        self._known: dict[Role, Remembered] = {}
        self.doubted: set[Role] = set()
        """Those of whom it is not known any more where they are."""

    def saw(self, present: Sequence[StablePort], remembered: Mapping[Role, Remembered]) -> None:
        """These ports are there now."""
        now = time.monotonic()
        for role, known in remembered.items():
            if self._known.get(role) != known:  # proved anew, perhaps to another program
                self._known[role] = known
                self.trust(role)
            is_away = role not in self._claims
            if is_away and role not in self._seen:  # not in use yet since the start: nothing can have been moved
                continue
            seen = self._seen.setdefault(role, {})
            peers = self._peers(role, known, present)
            seen.update(dict.fromkeys(peers))
            for peer in seen.keys() - peers:
                seen[peer] = seen[peer] or now
            missed = {peer: since for peer, since in seen.items() if since is not None}
            if is_away and missed:
                self.doubted.add(role)
            for peer, since in missed.items():
                if not is_away and now - since > RECENT_SECONDS:
                    del seen[peer]

    def trust(self, role: Role) -> None:
        """The device proved where it is."""
        self.doubted.discard(role)
        self._seen.pop(role, None)

    def _peers(self, role: Role, known: Remembered, present: Sequence[StablePort]) -> set[_Peer]:
        claim = self._claims.get(role)
        own = claim.device if claim else None
        return {
            _Peer(port.device, port.stable_name, node_of(port.device))
            for port in present
            if port.ids is not None
            and port.ids == known.ids
            and os.path.realpath(port.device) != own
            and (port.stable_name is None or port.stable_name != known.place)
        }


def node_of(device: str) -> int:
    """The device node's own number: it changes when the device is plugged in anew; 0 while it is away."""
    try:
        return os.stat(device).st_ino  # noqa: PTH116 - once for every port in every look
    except OSError:
        return 0
