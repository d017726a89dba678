"""Which record is sent, when, and how often (interfaces §5, R14, R25-R27).

Records go in the order of the journal, whatever they say: a bad rating takes the same path as a good one (R14). A batch
that fails as a whole is halved until the record at fault is alone, so that it never holds up the others.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kiosk_app.domain.moments import Clock
from kiosk_app.domain.records import Record
from kiosk_app.journal.delivery import DeliveryStore, RecordSource
from sync_agent.batches import halves
from sync_agent.clock_offset import CLOCK_CORRECTED_MS, ClockOffset
from sync_agent.intake import Intake
from sync_agent.outcomes import BatchProblem, Blame, Busy, Outcome, Results, TooLarge, Unauthorised, Unavailable
from sync_agent.platform_client import Exchange
from sync_agent.settling import Settler, Uniform, system_uniform
from sync_agent.wall_clock import now_ms

MOST_FAILURES_IN_A_ROW = 12
"""Tries in vain without a success between them, before the platform and not a record is held to be the cause: more
than halving 200 records down to the one at fault takes."""


class Pusher(Protocol):
    """The platform client, as far as deliveries use it."""

    def push(self, records: Sequence[Record], clock_offset_ms: int) -> Exchange[Outcome]:
        """Send one batch."""
        ...

    def abort(self) -> None:
        """End the push under way, from another thread."""
        ...


@dataclass
class _Round:
    """What one round has seen of the platform so far."""

    tries_all: bool
    """Whether every record must be tried, even if the platform seems to be down (`--once`)."""
    works: bool = False
    """Whether the platform has judged any batch."""
    failures: int = 0
    """Tries in vain since it last did."""
    gave_up: bool = False
    """Whether the platform itself is held to be the cause of the last failure."""
    raises_head: bool = True
    """Whether the confirmed head may rise; not over a gap where confirmed records were cut off (R12)."""

    def note(self, outcome: Outcome) -> None:
        """Learn from one more outcome."""
        if isinstance(outcome, Unavailable):
            self.failures += 1
            self.gave_up = outcome.blame is Blame.NO_RECORD or self.failures >= MOST_FAILURES_IN_A_ROW
        else:
            self.works, self.failures, self.gave_up = True, 0, False

    def is_worth_halving(self, outcome: Outcome) -> bool:
        """Whether a single record may be the cause of a failure, and finding it is worth the requests."""
        match outcome:
            case BatchProblem() | TooLarge():
                return True
            case Unavailable(blame=blame):
                # Silence costs a whole time-out for each half: only where the platform is known to work.
                return not self.gave_up and (self.works or blame is Blame.ANSWER)
        return False

    @property
    def is_over(self) -> bool:
        """A platform that is down is not asked about one batch after the other."""
        return not self.tries_all and (self.gave_up or (self.failures > 0 and not self.works))


class Deliveries:
    """Brings the journal's records to the platform, each once in effect (R25). One thread at a time."""

    def __init__(
        self,
        journal: RecordSource,
        store: DeliveryStore,
        client: Pusher,
        clock: Clock,
        uniform: Uniform = system_uniform,
    ) -> None:
        self._journal = journal
        self._store = store
        self._client = client
        self._clock = clock
        self._uniform = uniform
        self._intake = Intake(journal, store, clock)
        self._settler = Settler(store, clock, uniform)
        self._offset = ClockOffset(store.status().clock_offset_ms)
        self._stopping = threading.Event()

    def run_round(self) -> None:
        """Try what is due, new records among it; stop early where the platform is down."""
        self._store.release_elapsed(now_ms(self._clock))
        self._run(_Round(tries_all=False))

    def try_all(self) -> None:
        """Try every waiting record once, whatever its wait; only holds still hold (`--once`)."""
        self._store.release_all()
        self._run(_Round(tries_all=True))

    def something_waits(self) -> bool:
        """Whether any record still has to reach the platform."""
        return self._store.something_waits(self._journal)

    def seconds_to_next_try(self) -> float | None:
        """How long until the hold, or else the next record's wait, is over; None while nothing waits for its time."""
        until = self._settler.held_until() or self._store.next_try_at()
        return None if until is None else max(until - now_ms(self._clock), 0) / 1000

    def platform_is_down(self) -> bool:
        """Whether the last try found the platform unavailable."""
        return self._store.status().unavailable_since is not None

    def stop(self) -> None:
        """End the round under way, from another thread; the answer it waits for is given up."""
        self._stopping.set()
        self._client.abort()

    def _run(self, this_round: _Round) -> None:
        self._intake.follow_the_journal()
        this_round.raises_head = self._intake.holds_what_was_confirmed()
        if self.platform_is_down() and not self._must_end(this_round):
            self._probe(this_round)
        while not self._must_end(this_round) and (batch := self._intake.next_batch()):
            self._deliver(batch, this_round)

    def _must_end(self, this_round: _Round) -> bool:
        return self._stopping.is_set() or this_round.is_over or self._settler.held_until() is not None

    def _probe(self, this_round: _Round) -> None:
        """Ask a platform that was down with a single record; any, for the first may be why it was down."""
        if batch := self._intake.next_batch():
            chosen = min(int(self._uniform(0, len(batch))), len(batch) - 1)
            self._deliver([batch[chosen]], this_round)

    def _deliver(self, batch: list[Record], this_round: _Round) -> None:
        """Send a batch, in ever smaller parts where it fails as a whole, until each record is settled."""
        parts = [batch]
        while parts:
            part = parts.pop()
            outcome = self._send(part)
            if self._stopping.is_set():
                return
            this_round.note(outcome)
            if len(part) > 1 and this_round.is_worth_halving(outcome):
                parts += reversed(halves(part))
                continue
            self._settle(part, outcome, this_round)
            match outcome:
                case Busy() | Unauthorised():
                    return
                case Unavailable(cause) if this_round.gave_up:
                    self._settler.postpone([record for rest in parts for record in rest], cause)
                    return

    def _send(self, batch: Sequence[Record]) -> Outcome:
        """Push once; a second time if the answer shows that only the clock made the signature wrong (R28)."""
        exchange = self._client.push(batch, self._offset.milliseconds or 0)
        if isinstance(exchange.outcome, Unauthorised):
            change = self._offset.measure(exchange.outcome.server_time, exchange)
            if abs(change) > CLOCK_CORRECTED_MS and not self._stopping.is_set():
                exchange = self._client.push(batch, self._offset.milliseconds or 0)
        if isinstance(exchange.outcome, Results):
            self._offset.measure(exchange.outcome.server_time, exchange)
        return exchange.outcome

    def _settle(self, part: list[Record], outcome: Outcome, this_round: _Round) -> None:
        match outcome:
            case Results():
                self._settler.results(part, outcome, self._offset.milliseconds, raises_head=this_round.raises_head)
            case BatchProblem(reason):
                self._settler.refuse(part[0], reason)
            case TooLarge():
                self._settler.refuse(part[0], "too large")
            case Busy() | Unauthorised():
                self._settler.hold(part, outcome, self._offset.milliseconds)
            case Unavailable(cause):
                self._settler.postpone(part, cause)
