"""What the platform holds of this device beyond a record: asked before a copy of the journal is restored.

A comparison (interfaces §5) of a range behind the journal's head: what is not named as missing, the platform has. Its
answer may tell more, `"newest": {"sequence", "hash"}`, the newest record that it holds of the device; then the restored
journal can name the very record it goes on after.
"""

import json
import re
from typing import Any

from kiosk_app.configuration import Settings
from kiosk_app.domain.moments import Clock
from kiosk_app.journal.delivery import Head
from kiosk_app.journal.old_storage import Held
from kiosk_app.journal.restore import MOST_FREE, RestoreError
from sync_agent.clock_offset import CLOCK_CORRECTED_MS, ClockOffset
from sync_agent.outcomes import HttpAnswer, Unavailable, server_time
from sync_agent.platform_client import PlatformClient, Question
from sync_agent.session import client_for

WINDOW = 10_000
"""Sequences asked for at a time. Behind one of which nothing is held, all that follows is asked for at once."""
FARTHEST = 2 * MOST_FREE
"""So far behind a held record the next may lie: what was not delivered, then what an offline restore left free."""
_MOST_WINDOWS = 1_000
_SHA256 = re.compile(r"[0-9a-f]{64}")


def newest_held(settings: Settings, clock: Clock, head: Head) -> Held | None:
    """The newest record that the platform holds, or the newest sequence beyond `head`; None for neither.

    Raises `RestoreError` where it does not answer as it should: then nothing is known.
    """
    with client_for(settings, clock) as client:
        platform = _Platform(client, settings.terminal.device_id, head[1])
        newest: Held | None = None
        first = head[0] + 1
        for _ in range(_MOST_WINDOWS):
            last = first + WINDOW - 1
            answer = platform.compare(first, last)
            if (told := _newest_told(answer)) is not None:
                return told
            held = _greatest_held(answer, first, last)
            if held is None:
                last = first + FARTHEST - 1
                answer = platform.compare(first, last)
                held = _greatest_held(answer, first, last)
            if held is None:
                return newest
            newest, first = Held(held), held + 1
        raise RestoreError(_unknown(f"it holds something of each of {_MOST_WINDOWS} ranges, and no end is seen"))


class _Platform:
    """Asks, and once more if only the clock made the signature wrong (R28)."""

    def __init__(self, client: PlatformClient, device_id: str, head_hash: str) -> None:
        self._client = client
        self._target = f"/v1/devices/{device_id}/reconcile"
        self._head_hash = head_hash
        self._offset = ClockOffset(None)

    def compare(self, first: int, last: int) -> Any:
        """The answer's JSON. Raises `RestoreError`."""
        content = {"from": first, "to": last, "count": last - first + 1, "head_hash": self._head_hash}
        answer = self._ask(Question.posting(self._target, content))
        if isinstance(answer, Unavailable):
            raise RestoreError(_unknown(answer.cause))
        if answer.status != 200:
            raise RestoreError(_unknown(f"HTTP {answer.status}"))
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise RestoreError(_unknown("an answer that is no JSON")) from error

    def _ask(self, question: Question) -> HttpAnswer | Unavailable:
        exchange = self._client.ask(question, self._offset.milliseconds or 0)
        if isinstance(exchange.outcome, HttpAnswer) and exchange.outcome.status in (401, 403):
            change = self._offset.measure(server_time(exchange.outcome), exchange)
            if abs(change) > CLOCK_CORRECTED_MS:
                return self._client.ask(question, self._offset.milliseconds or 0).outcome
        return exchange.outcome


def _newest_told(answer: Any) -> Held | None:
    """The newest record that the platform names of itself; None where it names none."""
    told = answer.get("newest") if isinstance(answer, dict) else None
    if not isinstance(told, dict):
        return None
    sequence, record_hash = told.get("sequence"), told.get("hash")
    if type(sequence) is not int or not isinstance(record_hash, str) or not _SHA256.fullmatch(record_hash):
        return None
    return Held(sequence, record_hash)


def _greatest_held(answer: Any, first: int, last: int) -> int | None:
    """The greatest sequence of the range that is not missing. Raises `RestoreError`."""
    ranges = answer.get("missing") if isinstance(answer, dict) else None
    if not isinstance(ranges, list) or not all(_is_range(pair, first, last) for pair in ranges):
        raise RestoreError(_unknown("an answer that names no ranges of what was asked"))
    greatest = last
    for begin, end in sorted(ranges, key=lambda pair: -pair[1]):
        if end < greatest:
            break
        greatest = min(greatest, begin - 1)
    return greatest if greatest >= first else None


def _is_range(pair: Any, first: int, last: int) -> bool:
    is_pair = isinstance(pair, list) and len(pair) == 2 and all(type(number) is int for number in pair)
    return is_pair and first <= pair[0] <= pair[1] <= last


def _unknown(cause: str) -> str:
    return (
        f"the platform could not be asked what it holds beyond the copy ({cause}): bring the network up and try again, "
        "or go on without it: --offline"
    )
