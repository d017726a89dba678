"""How long an address must wait after wrong PINs from it, whosever they were meant to be."""

from collections import OrderedDict
from collections.abc import Callable

from kiosk_app.journal.pins import wait_seconds

FORGOTTEN_AFTER_SECONDS = 3600
ADDRESSES = 1024
"""How many addresses are remembered; beyond it the one that was wrong least recently is forgotten."""


class AddressWaits:
    """Counts wrong PINs by address, in memory: a restart forgets them, and the count of the staff number does not.

    A right PIN changes nothing here, or one who knows a single PIN could try the others as fast as he likes.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait_seconds(self, address: str) -> float:
        """How long this address must still wait; 0 if it need not."""
        tries, since = self._counted(address)
        return max(0.0, wait_seconds(tries) - since)

    def count_wrong(self, address: str) -> None:
        """Count a wrong PIN."""
        tries, _ = self._counted(address)
        self._wrong[address] = (tries + 1, self._monotonic())
        self._wrong.move_to_end(address)
        if len(self._wrong) > ADDRESSES:
            self._wrong.popitem(last=False)

    def _counted(self, address: str) -> tuple[int, float]:
        tries, last = self._wrong.get(address, (0, 0.0))
        since = self._monotonic() - last
        return (0, 0.0) if since >= FORGOTTEN_AFTER_SECONDS else (tries, since)
