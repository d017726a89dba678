"""How often an address may be wrong: ten times a minute, then 429 for a minute (interfaces §6)."""

import math
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

WRONG_ONES = 10
MINUTE = 60.0
ADDRESSES = 1024
"""How many addresses are remembered; beyond it the one that was wrong least recently is forgotten."""


@dataclass
class _Record:
    times: deque[float] = field(default_factory=lambda: deque(maxlen=WRONG_ONES))
    blocked_until: float = -math.inf


class WrongTokens:
    """Counts wrong tokens by address; a right one is never asked about here."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._records: OrderedDict[str, _Record] = OrderedDict()

    def count(self, address: str) -> int | None:
        """Count a wrong token; answer the seconds of the block if one is running, None if there is none yet."""
        now = self._monotonic()
        record = self._record(address)
        if now < record.blocked_until:
            return math.ceil(record.blocked_until - now)
        record.times.append(now)
        if len(record.times) == WRONG_ONES and now - record.times[0] < MINUTE:
            record.blocked_until = now + MINUTE
        return None

    def _record(self, address: str) -> _Record:
        record = self._records.setdefault(address, _Record())
        self._records.move_to_end(address)
        if len(self._records) > ADDRESSES:
            self._records.popitem(last=False)
        return record
