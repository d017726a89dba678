"""The platform's bindings against those made here: the later one wins, and both are records (R17, interfaces §5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from kiosk_app.configuration import Settings
from kiosk_app.domain.moments import Clock, Moment
from kiosk_app.domain.records import Draft, Json, Kind
from kiosk_app.journal.agent_questions import last_binding_change
from kiosk_app.journal.binding_changes import changing_bindings
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.hall_data import moment_of
from kiosk_app.journal.journal import AlreadyRecordedError, Journal, JournalUnavailableError
from kiosk_app.journal.reader import JournalReader

BY = "platform"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class PlatformBinding:
    """The platform's word: who sits at a window from when on."""

    window: str
    staff_no: str
    since: datetime

    @classmethod
    def parse(cls, entry: Json) -> "PlatformBinding":
        """From a checked entry of `bindings`."""
        return cls(entry["window"], entry["staff_no"], moment_of(entry["from"]))


@dataclass(frozen=True)
class Change:
    """Somebody is to be bound to a window, or unbound from it."""

    kind: Kind
    window: str
    staff_no: str
    reason: str = ""

    def draft(self, at: Moment) -> Draft:
        """The record of it."""
        payload = {"window": self.window, "staff_no": self.staff_no, "by": BY, "reason": self.reason}
        return Draft(self.kind, payload, at)


def changes(
    window: str, said: Iterable[PlatformBinding], now: datetime, bound: dict[str, str], by_hand_at: datetime | None
) -> list[Change]:
    """What the platform's bindings change at a window now; nothing where they say what is so already.

    `bound` is who is bound here, by window; `by_hand_at` when this window's binding was last changed here by hand. When
    the platform's own word was applied here does not count: it may correct itself.
    """
    due = sorted((b for b in said if b.since <= now), key=lambda binding: binding.since)
    seats = {binding.staff_no: binding for binding in due}
    """Where everyone sits by their latest binding: one person, one window."""
    newest = {binding.window: binding for binding in due}.get(window)
    current = bound.get(window)

    def is_later(binding: PlatformBinding | None) -> bool:
        return binding is not None and (by_hand_at is None or binding.since > by_hand_at)

    if newest is not None and is_later(newest) and seats[newest.staff_no].window == window:
        return [] if current == newest.staff_no else _seat(newest, bound)
    left = seats.get(current) if current is not None else None
    has_left = left is not None and left.window != window and is_later(left)
    if current is not None and (has_left or (is_later(newest) and newest is not None and newest.staff_no != current)):
        reason = f"bound to window {left.window} now" if has_left and left is not None else "another took over"
        return [Change(Kind.STAFF_UNBOUND, window, current, reason)]
    return []


def _seat(binding: PlatformBinding, bound: dict[str, str]) -> list[Change]:
    leaving = [
        Change(Kind.STAFF_UNBOUND, window, staff_no)
        for window, staff_no in bound.items()
        if window == binding.window or staff_no == binding.staff_no
    ]
    return [*leaving, Change(Kind.STAFF_BOUND, binding.window, binding.staff_no)]


class Bindings:
    """Applies what was pulled to this terminal's window; a kiosk has none."""

    def __init__(
        self, settings: Settings, journal: JournalReader, hall: HallStore, store: DeliveryStore, clock: Clock
    ) -> None:
        self._directory: Path = settings.storage.directory
        self._device_id = settings.terminal.device_id
        self._window = settings.window.number if settings.terminal.profile == "window" and settings.window else None
        self._journal = journal
        self._hall = hall
        self._store = store
        self._clock = clock

    def apply(self) -> int:
        """Record what is due and not so yet; how many records. Raises `sqlite3.Error`, `OSError`."""
        if self._window is None:
            return 0
        now = self._clock.now()
        if not self._changes(self._window, now.wall):
            return 0
        try:
            with changing_bindings(self._directory):
                due = self._changes(self._window, now.wall)  # somebody may have bound by hand at this very moment
                if due:
                    self._append([change.draft(now) for change in due])
        except (JournalUnavailableError, AlreadyRecordedError) as error:
            _log.error("bindings-not-recorded", cause=str(error))
            return 0
        if due:
            _log.info("bindings-applied", records=len(due))
        return len(due)

    def _changes(self, window: str, now: datetime) -> list[Change]:
        # Times of the platform are compared with times of this device as the platform would have seen them (R28).
        offset = timedelta(milliseconds=self._store.status().clock_offset_ms or 0)
        by_hand_at = last_binding_change(self._journal, window, besides=BY)
        return changes(
            window,
            [PlatformBinding.parse(entry) for entry in self._hall.entries("bindings")],
            now + offset,
            {binding["window"]: binding["staff_no"] for binding in self._journal.bindings()},
            datetime.fromisoformat(by_hand_at) + offset if by_hand_at else None,
        )

    def _append(self, drafts: list[Draft]) -> None:
        # The journal exists: it was read a moment ago. The agent never starts one.
        journal = Journal.open_or_start(
            self._directory, device_id=self._device_id, clock=self._clock, software="sync-agent"
        )
        try:
            journal.append(*drafts)
        finally:
            journal.close()
