"""Drafts as the records that a journal would make of them, as far as the domain reads them."""

from collections.abc import Iterable

from kiosk_app.domain.moments import Moment
from kiosk_app.domain.records import Draft, Kind, Record
from kiosk_app.domain.recovery import recover
from kiosk_app.domain.window import Event, Limits, WindowState, step

REMEMBERED = 6
"""How many openings the caller of `recover` hands over."""


class RecordedWindow:
    """A window whose every draft is kept, so that it can be started again from nothing but its records."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.state = WindowState()
        self.records: list[Record] = []

    def play(self, *events: Event) -> None:
        for event in events:
            result = step(self.state, event, self.limits)
            self.keep(result.drafts)
            self.state = result.state

    def start_again(self, now: Moment) -> tuple[Draft, ...]:
        """What a restart makes of the records, and what it adds to them."""
        openings = [r for r in reversed(self.records) if r.kind == Kind.VISIT_OPENED][:REMEMBERED]
        pauses = [r for r in self.records if r.kind in (Kind.WINDOW_PAUSED, Kind.WINDOW_RESUMED)]
        visit = [r for r in self.records if openings and r.visit_id == openings[0].visit_id]
        last_pause = pauses[-1] if pauses else None
        self.state, drafts = recover(visit, last_pause, openings, now, self.limits)
        self.keep(drafts)
        return drafts

    def keep(self, drafts: Iterable[Draft]) -> None:
        self.records += [record_of(draft, len(self.records) + number) for number, draft in enumerate(drafts, start=1)]

    def of_kind(self, *kinds: Kind) -> list[Record]:
        return [record for record in self.records if record.kind in kinds]


def record_of(draft: Draft, sequence: int) -> Record:
    at = draft.at
    return Record(
        record_id=f"r{sequence}",
        device_id="lw-a-w12",
        sequence=sequence,
        kind=draft.kind.value,
        visit_id=draft.visit_id,
        occurred_at=at.stamp,
        clock={"boot_id": at.boot_id, "monotonic_ms": at.boot_ms, "synchronised": at.synchronised},
        payload=draft.payload,
        previous_hash="",
        hash="",
        signature="",
    )
