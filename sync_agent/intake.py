"""From the journal into a batch: which records are next."""

import structlog

from kiosk_app.domain.moments import Clock
from kiosk_app.domain.records import Record
from kiosk_app.journal.delivery import BEFORE_ALL, DeliveryStore, Head, RecordSource, Settlement, State
from sync_agent.batches import MOST_RECORDS, fitting
from sync_agent.wall_clock import now_ms

_log = structlog.get_logger(__name__)


class Intake:
    """Takes new records in from the journal and gives out those that are due, in the journal's order."""

    def __init__(self, journal: RecordSource, store: DeliveryStore, clock: Clock) -> None:
        self._journal = journal
        self._store = store
        self._clock = clock

    def next_batch(self) -> list[Record]:
        """The next records to try, as many as one request may carry; empty when nothing is due."""
        due = self._store.due(MOST_RECORDS)
        if len(due) < MOST_RECORDS:
            after, _ = self._store.admitted_head()
            self._store.admit(self._journal.records_after(after, MOST_RECORDS - len(due)))
            due = self._store.due(MOST_RECORDS)
        found = {record.record_id: record for record in self._journal.records_by_sequence([d.sequence for d in due])}
        lost = [d.record_id for d in due if d.record_id not in found]
        if lost:
            self._settle_lost(lost)
            return self.next_batch()
        return fitting([found[d.record_id] for d in due])

    def follow_the_journal(self) -> None:
        """Notice a journal that was replaced or restored: what it says now must reach the platform, too.

        Sending again what the platform knows costs nothing (R25); believing that it was confirmed would lose records.
        """
        admitted = self._store.admitted_head()
        if admitted == BEFORE_ALL or self._continues(admitted):
            return
        confirmed = self._store.confirmed_head()
        back_to = confirmed if confirmed and confirmed < admitted and self._continues(confirmed) else BEFORE_ALL
        _log.error("journal-set-back", was=admitted[0], now=back_to[0])
        self._store.set_back(back_to, now_ms(self._clock))

    def holds_what_was_confirmed(self) -> bool:
        """Whether the newest record that the platform confirmed is still in the journal, or right before it."""
        confirmed = self._store.confirmed_head()
        return confirmed is None or self._continues(confirmed)

    def _continues(self, head: Head) -> bool:
        """Whether the journal holds this record, or begins right after it. The chain vouches for all before."""
        sequence, record_hash = head
        return any(
            record.hash == record_hash if record.sequence == sequence else record.previous_hash == record_hash
            for record in self._journal.records_after(sequence - 1, 1)
        )

    def _settle_lost(self, record_ids: list[str]) -> None:
        """What the journal no longer has cannot be sent; the technician must know (R26)."""
        _log.error("records-missing-from-journal", count=len(record_ids))
        self._store.settle(Settlement(i, State.REFUSED, "no longer in the journal") for i in record_ids)
