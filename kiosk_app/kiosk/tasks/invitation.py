"""The rating of the kiosk's own service, once a task is done (R21): the five choices, open for a while (R5, R6)."""

from dataclasses import asdict

import structlog

from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import Moment
from kiosk_app.domain.records import Draft, MissedReason
from kiosk_app.journal.journal import AlreadyRecordedError
from kiosk_app.kiosk.counter import Counter
from kiosk_app.kiosk.pages import KioskPage, Move, Onward, Turn
from kiosk_app.kiosk.recording import KioskVisit, Subject, invited_draft, missed_draft, rating_draft
from kiosk_app.kiosk.screen_state import Choices, Name, Page, Row, say
from kiosk_app.kiosk.settling import SETTLE_MS
from kiosk_app.kiosk.tasks.after_press import DetailsPage
from kiosk_app.terminal.countdown import Countdown

_log = structlog.get_logger()


def invitation(counter: Counter) -> Move:
    """Ask for the rating of the task that was just done. Raises `JournalUnavailableError`."""
    visit = counter.citizen.visit
    if visit is None:
        return Turn.HOME
    invited = visit.invite(counter.clock.now(), counter.setup.idle_ms)
    counter.recorder.append(invited_draft(invited))
    counter.citizen.visit = invited
    return Onward(VisitChoicesPage(counter, invited))


class VisitChoicesPage(KioskPage):
    """The five levels; 不评价 is the way out, and leaving for home means the same."""

    name = Page.CHOICES
    can_go_back = False

    def __init__(self, counter: Counter, visit: KioskVisit) -> None:
        self._counter = counter
        self._visit = visit

    def content(self) -> Choices:
        """What was done here."""
        rows = tuple(Row(say("rate.item"), Name(case.item_name)) for case in self._visit.cases if case.item_name)
        return Choices(say("rate.task"), rows)

    def countdown(self) -> Countdown | None:
        """How long the invitation is open."""
        deadline = self._visit.deadline
        return Countdown(deadline.boot_ms / 1000, self._counter.setup.idle_ms / 1000) if deadline else None

    def press(self, level: Level, at: Moment) -> Move:
        """The first press that arrived in time counts (R3, R5)."""
        asked = self._visit.invited
        if asked is None or not self._visit.takes(at):
            return Turn.STAY
        subject = Subject(self._visit.visit_id, tuple(asdict(case) for case in self._visit.cases))
        closed = self._counter.hall.hours.is_open(at.wall) is False
        try:
            (rating,) = self._counter.recorder.append(rating_draft(subject, level, asked, at, outside_hours=closed))
        except AlreadyRecordedError:
            return self._settled_elsewhere()
        self._counter.citizen.visit = None
        return Onward(DetailsPage(self._counter, rating))

    def decline(self, at: Moment) -> Move:
        """不评价, if it arrived in time."""
        return self._missed(MissedReason.DECLINED, at) if self._visit.takes(at) else Turn.STAY

    def _home(self, at: Moment) -> Move:
        return self.decline(at)

    def due_ms(self) -> int | None:
        """The deadline, and the time for what arrived before it."""
        return self._visit.deadline.boot_ms + SETTLE_MS if self._visit.deadline else None

    def on_time(self, now: Moment) -> Move:
        """Silence is `missed`, at the deadline itself (R6)."""
        return self._missed(MissedReason.TIMEOUT, self._visit.deadline or now)

    def _missed(self, reason: MissedReason, at: Moment) -> Move:
        self._append(missed_draft(self._visit.visit_id, reason, at))
        return Turn.HOME

    def _append(self, draft: Draft) -> None:
        try:
            self._counter.recorder.append(draft)
        except AlreadyRecordedError as error:
            _log.error("journal and screen differ", cause=str(error))
        self._counter.citizen.visit = None

    def _settled_elsewhere(self) -> Move:
        _log.error("the visit has its outcome already", visit_id=self._visit.visit_id)
        self._counter.citizen.visit = None
        return Turn.HOME
