"""Whichever records are at fault: they end refused, all others confirmed, and it costs a bounded number of requests."""

import math
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_app.domain.records import Record
from kiosk_app.journal.delivery import DeliveryStore, State
from sync_agent.deliveries import Deliveries
from sync_agent.outcomes import BatchProblem, Blame, Outcome, Results, Status, TooLarge, Unavailable, Verdict
from sync_agent.platform_client import Exchange
from tests.sync_agent.support import DEVICE, StillClock, longest_wait


def chain(count: int) -> list[Record]:
    hashes = [f"{n:064x}" for n in range(count + 1)]
    return [
        Record(f"id-{n}", DEVICE, n, "rating", None, "t", {}, {}, hashes[n - 1], hashes[n], "s")
        for n in range(1, count + 1)
    ]


class ListedRecords:
    """A journal in memory."""

    def __init__(self, records: list[Record]) -> None:
        self.records = records

    def head(self) -> tuple[int, str] | None:
        return (self.records[-1].sequence, self.records[-1].hash) if self.records else None

    def records_after(self, sequence: int, limit: int = 500) -> list[Record]:
        return self.records[sequence : sequence + limit]

    def count_after(self, sequence: int) -> int:
        return len(self.records[sequence:])

    def records_by_sequence(self, sequences: Sequence[int]) -> list[Record]:
        return [self.records[sequence - 1] for sequence in sequences]

    def record_by_id(self, record_id: str) -> Record | None:
        return next((record for record in self.records if record.record_id == record_id), None)


class JudgingPlatform:
    """Answers a whole batch by what is in it."""

    def __init__(self, guilty: dict[int, Outcome], clock: StillClock) -> None:
        self.guilty = guilty
        self.clock = clock
        self.batches: list[list[int]] = []

    def push(self, records: Sequence[Record], clock_offset_ms: int) -> Exchange[Outcome]:
        batch = [record.sequence for record in records]
        self.batches.append(batch)
        outcome = next(
            (self.guilty[sequence] for sequence in batch if sequence in self.guilty),
            Results({record.record_id: Verdict(Status.ACCEPTED) for record in records}, None),
        )
        return Exchange(outcome, self.clock.wall, timedelta())

    def abort(self) -> None:
        raise AssertionError("nobody stops here")


@settings(max_examples=30, deadline=None)
@given(
    count=st.integers(1, 450),
    problems=st.sets(st.integers(1, 450), max_size=12),
    large=st.sets(st.integers(1, 450), max_size=4),
)
def test_the_guilty_end_refused_and_all_others_confirmed(count: int, problems: set[int], large: set[int]) -> None:
    guilty: dict[int, Outcome] = {
        **{n: BatchProblem("at fault") for n in problems if n <= count},
        **{n: TooLarge() for n in large if n <= count},
    }
    states, platform = _deliver(count, guilty, rounds=1)
    assert states == dict.fromkeys(sorted(guilty), State.REFUSED)
    assert sorted({sequence for batch in platform.batches for sequence in batch}) == list(range(1, count + 1))
    batches = math.ceil(count / 200)
    assert len(platform.batches) <= batches + 2 * len(guilty) * math.ceil(math.log2(200))


@settings(max_examples=30, deadline=None)
@given(count=st.integers(1, 300), upsetting=st.sets(st.integers(1, 300), max_size=4))
def test_records_that_upset_the_platform_never_hold_up_the_others(count: int, upsetting: set[int]) -> None:
    guilty: dict[int, Outcome] = {n: Unavailable("HTTP 500", Blame.ANSWER) for n in upsetting if n <= count}
    states, _ = _deliver(count, guilty, rounds=4 + len(guilty))
    assert states == dict.fromkeys(sorted(guilty), State.WAITING)


def _deliver(count: int, guilty: dict[int, Outcome], rounds: int) -> tuple[dict[int, State], JudgingPlatform]:
    journal, clock = ListedRecords(chain(count)), StillClock()
    platform = JudgingPlatform(guilty, clock)
    with tempfile.TemporaryDirectory() as directory:
        store = DeliveryStore.open(Path(directory))
        deliveries = Deliveries(journal, store, platform, clock, longest_wait)
        for _ in range(rounds):
            deliveries.run_round()
            clock.pass_seconds(300)
        states = {pending.sequence: pending.state for pending in store.pending(journal)}
        store.close()
    return states, platform
