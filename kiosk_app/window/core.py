"""The window's core: what happened becomes records, and the records become what is seen and said.

Everything here runs on one thread (`station.py` sees to it). A new state is taken only once its records are on the
disk; only then is the evaluator acknowledged, the business system answered and the citizen thanked.
"""

from collections.abc import Callable

import structlog

from kiosk_app.domain.moments import Clock, Moment
from kiosk_app.domain.rating_details import details_draft
from kiosk_app.domain.records import Draft, Kind, MissedReason, Record
from kiosk_app.domain.recovery import recover
from kiosk_app.domain.visits import WindowName
from kiosk_app.domain.window import REMEMBERED_OPENINGS, Event, Expire, Limits, Step, WindowState, step
from kiosk_app.journal.journal import AlreadyRecordedError, Journal, JournalUnavailableError
from kiosk_app.terminal.recorder import Recorder
from kiosk_app.window.details import detail_draft, detail_page
from kiosk_app.window.later import later_page
from kiosk_app.window.pages import LaterPage, Pages
from kiosk_app.window.screen_state import Page
from kiosk_app.window.surroundings import Surroundings

SETTLE_MS = 500
"""How long after a deadline an input that arrived before it may still be on its way: a finger takes time to lift."""
_SOMEONE_ELSE = frozenset({Kind.VISIT_OPENED, Kind.RATING_INVITED, Kind.WINDOW_PAUSED})
"""Records after which the last citizen's code is gone from the screen (R24)."""

_log = structlog.get_logger()


def _nothing(_: Record | None) -> None:
    """Nobody wants to know."""


def _nothing_cut_off(_: Journal) -> list[Draft]:
    """Nothing but the visit can be cut off by a stop."""
    return []


class WindowCore:
    """State, pages and journal of one window."""

    def __init__(
        self,
        recorder: Recorder,
        clock: Clock,
        limits: Limits,
        detail_ms: int,
        around: Surroundings,
        supplementary_days: int | None = None,
    ) -> None:
        """Who did not rate may do so for `supplementary_days` working days (R10); None: no codes are shown."""
        self.recorder = recorder
        self.clock = clock
        self.limits = limits
        self.state = WindowState()
        self.pages = Pages()
        self.settle_ms = SETTLE_MS
        self.on_recovered: Callable[[Record | None], None] = _nothing
        """Told the journal's newest rating once the state was taken up."""
        self.cut_off: Callable[[Journal], list[Draft]] = _nothing_cut_off
        """What else the stop cut off, and is settled with the visit."""
        self._detail_ms = detail_ms
        self._around = around
        self._supplementary_days = supplementary_days
        self._recovered_from: Journal | None = None

    def recover(self) -> None:
        """Take up what the journal tells; nothing is done before. Raises `JournalUnavailableError`."""
        drafts = self.recorder.read(self._take_up)
        self.recorder.append(*drafts)
        self._recovered_from = self.recorder.journal
        self.on_recovered(self.recorder.read(lambda journal: next(iter(journal.latest(Kind.RATING)), None)))
        _log.info("window recovered", state=self.state.name.value, settled=len(drafts))

    def heal(self) -> None:
        """While nothing can be recorded: try again. Raises `JournalUnavailableError` as long as it cannot."""
        if not self._is_recovered():
            self.recover()
        if self.recorder.fault is not None:
            self.recorder.probe()

    def _is_recovered(self) -> bool:
        """Whether the state was taken from the journal that is there now; a restored one tells another."""
        return self._recovered_from is self.recorder.journal

    def _take_up(self, journal: Journal) -> list[Draft]:
        """Take the state from the journal; the records that settle what the stop cut off."""
        now = self.clock.now()
        opened = journal.latest(Kind.VISIT_OPENED, limit=REMEMBERED_OPENINGS + 1)
        last_visit = journal.of_visit(str(opened[0].visit_id)) if opened else []
        last_pause = next(iter(journal.latest(Kind.WINDOW_PAUSED, Kind.WINDOW_RESUMED)), None)
        state, drafts = recover(last_visit, last_pause, opened, now, self.limits)
        on_screen = {page.rating_id for page in self.pages.details}
        version = self._around.rules.catalogue.version
        # A bad rating whose page was cut off stands without a reason (R7).
        unsaid = [
            details_draft(rating_id, visit_id, version, now)
            for rating_id, visit_id in journal.awaiting_detail()
            if rating_id not in on_screen
        ]
        self.state = state
        self.pages = self.pages.without_later()
        return [*drafts, *unsaid, *self.cut_off(journal)]

    def take(self, event: Event) -> Step:
        """Let an event happen: record first, then take the new state.

        Raises `JournalUnavailableError`; then nothing has happened.
        """
        if not self._is_recovered():
            self.recover()
        result = step(self.state, event, self.limits)
        try:
            records = self.recorder.append(*result.drafts)
        except AlreadyRecordedError as error:
            # The journal knows better than this process: believe it, and judge the event anew.
            _log.error("journal and state differ", cause=str(error))
            self.recover()
            result = step(self.state, event, self.limits)
            records = self.recorder.append(*result.drafts)
        self.state = result.state
        if any(record.kind in _SOMEONE_ELSE for record in records):
            self.pages = self.pages.without_later()
        for record in records:
            self._show(record)
        return result

    def outside_hours(self, at: Moment) -> bool:
        """Whether the hall was closed then; False where its hours are not known (R13)."""
        return self._around.rules.hours.is_open(at.wall) is False

    def close_pages(self) -> None:
        """An orderly stop: what was ticked until now was chosen. Raises `JournalUnavailableError`."""
        for page in self.pages.details:
            self.close_page(page.rating_id, page.chosen)

    def record(self, draft: Draft) -> None:
        """Record something beside the visit; if that is impossible it is only logged."""
        try:
            self.recorder.append(draft)
        except JournalUnavailableError:
            _log.warning("not recorded", kind=draft.kind.value, payload=draft.payload)

    def close_page(self, rating_id: str, codes: tuple[str, ...], comment: str = "") -> None:
        """The page after a press is done. Raises `JournalUnavailableError`; the page then stays open."""
        self.pages = self.pages.with_chosen(rating_id, codes)
        page = self.pages.find(rating_id)
        if page is None:
            return
        now = self.clock.now()
        draft = detail_draft(page, comment, now)
        if draft is not None:
            self._record_detail(draft)
        self.pages = self.pages.closed(rating_id)
        if not page.covered and self.state.name is not WindowName.INVITING:
            self.pages = self.pages.flashed(Page.THANKS, now.boot_ms)

    def on_time(self, now: Moment) -> None:
        """Do what is due. Raises `JournalUnavailableError`; it is then due again."""
        for page in self.pages.expired(now.boot_ms):
            self.close_page(page.rating_id, page.chosen)
        self.pages = self.pages.without_old_flash(now.boot_ms).without_old_later(now.boot_ms)
        # An input that arrived before the deadline may still be on its way (R5).
        self.take(Expire(now.later(-self.settle_ms)))

    def next_ms(self) -> int | None:
        """When something is due next, on CLOCK_BOOTTIME."""
        times = [time for time in (self._visit_due_ms(), self.pages.next_change_ms()) if time is not None]
        return min(times, default=None)

    def _visit_due_ms(self) -> int | None:
        visit = self.state.visit
        if visit is None:
            return None
        due = visit.deadline.boot_ms if visit.deadline else visit.opened.boot_ms + self.limits.visit_max_ms
        return due + self.settle_ms

    def _record_detail(self, draft: Draft) -> None:
        try:
            self.recorder.append(draft)
        except AlreadyRecordedError:
            _log.warning("the rating has its detail already", rating_id=draft.payload["rating_id"])

    def _show(self, record: Record) -> None:
        """What a record that is on the disk changes on the screen."""
        now = self.clock.now()
        if record.kind == Kind.RATING:
            page = detail_page(record, self._around.rules.catalogue, self._detail_ms, now.boot_ms)
            self.pages = self.pages.opened(page)
        elif record.kind == Kind.RATING_MISSED:
            self._show_missed(record, now)
        elif record.kind == Kind.RATING_INVITED:
            self.pages = self.pages.invited()

    def _show_missed(self, record: Record, now: Moment) -> None:
        later = self._later_page(record, now)
        if later is not None:
            self.pages = self.pages.with_later(later)
        elif record.payload["reason"] == MissedReason.DECLINED:
            self.pages = self.pages.flashed(Page.NOT_NOW, now.boot_ms)

    def _later_page(self, missed: Record, now: Moment) -> LaterPage | None:
        days = self._supplementary_days
        if days is None:
            return None
        return later_page(missed, lambda day: self._around.rules.calendar.last_day_to_rate(day, days), now)
