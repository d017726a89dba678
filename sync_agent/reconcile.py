"""Comparing with the platform what it should hold, so that what it lost is sent again (interfaces §5)."""

import json
from enum import Enum
from typing import Any

import structlog

from kiosk_app.domain.moments import Clock
from kiosk_app.journal.agent_questions import count_between
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.reader import JournalReader
from sync_agent.asking import Asking, HeldBackError, NoAnswerError
from sync_agent.outcomes import HttpAnswer
from sync_agent.platform_client import Question
from sync_agent.troubles import Trouble
from sync_agent.wall_clock import now_ms

RECONCILE_SECONDS = 3600
_PAGE = 500

Range = tuple[int, int]
"""A closed range of sequences."""

_log = structlog.get_logger(__name__)


class Compared(Enum):
    """What came of a comparison."""

    NOT_NOW = "not now"
    """Something waits still: only a range that was delivered can be compared."""
    DONE = "done"
    SENT_AGAIN = "sent again"
    """Records are due again that the platform has lost."""


class Reconciliation:
    """Compares everything that was delivered from this journal."""

    def __init__(
        self, asking: Asking, journal: JournalReader, store: DeliveryStore, clock: Clock, device_id: str
    ) -> None:
        self._asking = asking
        self._journal = journal
        self._store = store
        self._clock = clock
        self._target = f"/v1/devices/{device_id}/reconcile"
        self._failing = Trouble(store, clock, cause="reconcile_error", since="reconcile_failing_since")

    def run(self) -> Compared:
        """Compare once. Raises `sqlite3.Error`, `OSError`."""
        last, head_hash = head = self._store.admitted_head()
        if self._journal.head() != head or self._store.something_waits(self._journal):
            return Compared.NOT_NOW
        missing: list[Range] = []
        try:
            for first, end in self._runs(last):
                missing += self._missing_of(first, end, head_hash if end == last else None)
        except HeldBackError:
            return Compared.DONE
        except NoAnswerError as error:
            self._failing.note(str(error))
            return Compared.DONE
        self._failing.note(None)
        self._store.note(last_reconciled_at=now_ms(self._clock))
        return self._send_again(missing)

    def _runs(self, last: int) -> list[Range]:
        """The ranges of which this journal holds every record: a restored one goes on behind a gap."""
        first = self._journal.records_after(0, 1)[0].sequence
        gaps = self._journal.gaps()
        return list(zip([first, *(end + 1 for _, end in gaps)], [*(begin - 1 for begin, _ in gaps), last], strict=True))

    def _missing_of(self, first: int, last: int, head_hash: str | None) -> list[Range]:
        """What the platform misses of one run. Raises `NoAnswerError`, `HeldBackError`."""
        content = {
            "from": first,
            "to": last,
            "count": count_between(self._journal, first, last),
            "head_hash": head_hash or self._journal.records_by_sequence([last])[0].hash,
        }
        return _missing(self._asking.ask(Question.posting(self._target, content)), first, last)

    def _send_again(self, missing: list[Range]) -> Compared:
        """What the platform refused is missing there, too, and is not lost (R26)."""
        count = 0
        for first, last in missing:
            after = first - 1
            while not self._asking.is_stopping and (page := self._page(after, last)):
                count += self._store.send_again(page)
                after = page[-1].sequence
        if not count:
            return Compared.DONE
        _log.warning("platform-lost-records", records=count)
        return Compared.SENT_AGAIN

    def _page(self, after: int, last: int) -> list[Any]:
        return [r for r in self._journal.records_after(after, min(_PAGE, last - after)) if r.sequence <= last]


def _missing(answer: HttpAnswer, first: int, last: int) -> list[Range]:
    """The ranges that the platform misses. Raises `NoAnswerError` for an answer that is none: nothing is concluded."""
    try:
        content = json.loads(answer.body) if answer.media_type == "application/json" else None
        pairs = content["missing"] if isinstance(content, dict) else None
    except (ValueError, KeyError, RecursionError):
        pairs = None
    if not isinstance(pairs, list) or not all(_is_range(pair, first, last) for pair in pairs):
        raise NoAnswerError("an answer that names no ranges of what was compared", is_down=False)
    return [(pair[0], pair[1]) for pair in pairs]


def _is_range(pair: Any, first: int, last: int) -> bool:
    is_pair = isinstance(pair, list) and len(pair) == 2 and all(type(number) is int for number in pair)
    return is_pair and first <= pair[0] <= pair[1] <= last
