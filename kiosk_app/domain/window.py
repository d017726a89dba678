"""The window: one visit at a time, from its opening to its one outcome (R3, R5, R6, R19).

A pure function of state and event. It decides what is to be recorded and what is answered; the caller records first and
takes the new state only once the records are on the disk.
"""

from dataclasses import asdict, dataclass, field, replace
from typing import assert_never

from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import Moment
from kiosk_app.domain.records import Draft, Json, Kind, MissedReason
from kiosk_app.domain.suspicion import rating_flags, visit_flags
from kiosk_app.domain.visits import Accepted, Answer, Case, OpenedBy, Refusal, Refused, VisitName, WindowName

PAUSE_WANTED, PAUSE_WITHDRAWN = "pause_wanted", "pause_withdrawn"
"""Operator actions of a visit: the away sign is to follow it (`target`: reason, `outcome`: return time, if told)."""
REMEMBERED_OPENINGS = 5
"""How many openings are kept to recognise a burst (R13)."""


@dataclass(frozen=True)
class Limits:
    """The numbers of the configuration that the window obeys."""

    invite_ms: int = 30_000
    short_service_ms: int = 20_000
    visit_max_ms: int = 240 * 60_000


@dataclass(frozen=True)
class Visit:
    """A visit that has no outcome yet."""

    visit_id: str
    opened: Moment
    window: str
    staff_no: str | None = None
    staff_no_called: str | None = None
    ticket_no: str | None = None
    rating_code: str | None = None
    cases: tuple[Case, ...] = ()
    flags: tuple[str, ...] = ()
    """Suspicions that stand since its opening (R13)."""
    invited: Moment | None = None
    deadline: Moment | None = None
    """When the invitation closes; an input that arrived at this moment or later is too late (R5)."""

    @property
    def name(self) -> VisitName:
        """Its state, as the window API names it."""
        return VisitName.SERVING if self.invited is None else VisitName.INVITING

    def seconds_left(self, at: Moment) -> int | None:
        """While inviting: whole seconds until the invitation closes by itself, at least one."""
        if self.deadline is None:
            return None
        return max(1, -(-(self.deadline.boot_ms - at.boot_ms) // 1000))

    def takes(self, at: Moment) -> bool:
        """Whether an input that arrived at this moment came into the open invitation (R5)."""
        if self.invited is None or self.deadline is None:
            return False
        return self.invited.boot_ms <= at.boot_ms < self.deadline.boot_ms


@dataclass(frozen=True)
class Pause:
    """The away sign (R19)."""

    reason: str
    back_at: str | None
    """RFC 3339."""


@dataclass(frozen=True)
class WindowState:
    """All that the window has to remember between two events."""

    visit: Visit | None = None
    pause: Pause | None = None
    pause_wanted: Pause | None = None
    """Asked for while a visit was in progress: takes effect after it."""
    openings: tuple[int, ...] = ()
    """`boot_ms` of the last visits' openings."""

    @property
    def name(self) -> WindowName:
        """Its name in the window API."""
        if self.visit is not None:
            return WindowName.SERVING if self.visit.name is VisitName.SERVING else WindowName.INVITING
        return WindowName.PAUSED if self.pause else WindowName.IDLE


@dataclass(frozen=True)
class OpenVisit:
    """A citizen's service begins."""

    at: Moment
    visit_id: str
    window: str
    staff_no: str | None
    """The binding in force, else the claim, else None (R17)."""
    staff_no_called: str | None = None
    ticket_no: str | None = None
    rating_code: str | None = None
    cases: tuple[Case, ...] = ()
    opened_by: OpenedBy = OpenedBy.WINDOW_API
    sealed_user: bytes | None = None
    invite_with: str | None = None
    """The prompt, where the citizen is invited at once."""


@dataclass(frozen=True)
class Invite:
    """The service side asks for an invitation."""

    at: Moment
    visit_id: str
    prompt: str
    """touchscreen, evaluator or both."""


@dataclass(frozen=True)
class End:
    """The service side ends a visit without an invitation."""

    at: Moment
    visit_id: str


@dataclass(frozen=True)
class Press:
    """The citizen chose a level, at the moment the input arrived."""

    at: Moment
    level: Level
    source: str
    """evaluator or touchscreen."""
    evaluator: Json | None = None
    outside_hours: bool = False
    """Whether the hall was closed then; False also where its opening hours are not known (R13)."""


@dataclass(frozen=True)
class Decline:
    """The citizen chose 不评价."""

    at: Moment


@dataclass(frozen=True)
class WantPause:
    """The staff member wants the away sign."""

    at: Moment
    pause: Pause


@dataclass(frozen=True)
class Resume:
    """The staff member is back."""

    at: Moment


@dataclass(frozen=True)
class Expire:
    """Time has passed: close what is due."""

    at: Moment


Event = OpenVisit | Invite | End | Press | Decline | WantPause | Resume | Expire


@dataclass(frozen=True)
class Step:
    """What an event does: records to append, all or none, and the state that follows once they are."""

    state: WindowState
    drafts: tuple[Draft, ...] = ()
    answer: Answer | None = None
    """For events of the service side."""
    stray: bool = field(default=False, kw_only=True)
    """An input without an open invitation: counted for diagnosis, never as a rating (R5)."""


def step(state: WindowState, event: Event, limits: Limits) -> Step:
    """The window's one rule book: every event in every state has exactly one defined outcome."""
    match event:
        case OpenVisit():
            return _open(state, event, limits)
        case Invite():
            return _invite(state, event, limits)
        case End():
            return _end(state, event)
        case Press():
            return _press(state, event, limits)
        case Decline():
            return _decline(state, event)
        case WantPause():
            return _pause(state, event)
        case Resume():
            return _resume(state, event)
        case Expire():
            return _expire(state, event, limits)
        case _:
            assert_never(event)


def _open(state: WindowState, event: OpenVisit, limits: Limits) -> Step:
    if state.visit is not None:
        return _refused(state, event.at, Refusal.VISIT_OPEN)
    if state.pause is not None:
        return Step(state, answer=Refused(Refusal.PAUSED))
    visit = Visit(
        visit_id=event.visit_id,
        opened=event.at,
        window=event.window,
        staff_no=event.staff_no,
        staff_no_called=event.staff_no_called,
        ticket_no=event.ticket_no,
        rating_code=event.rating_code,
        cases=event.cases,
        flags=visit_flags(event.at.boot_ms, state.openings, event.staff_no, event.staff_no_called),
    )
    draft = Draft(
        Kind.VISIT_OPENED,
        {
            **_subject(visit),
            "staff_no_called": visit.staff_no_called,
            "user_commitment": None,
            "opened_by": event.opened_by.value,
        },
        event.at,
        visit.visit_id,
        {"user": event.sealed_user} if event.sealed_user is not None else {},
    )
    openings = (*state.openings, event.at.boot_ms)[-REMEMBERED_OPENINGS:]
    opened = _stay(replace(state, visit=visit, openings=openings), draft)
    if event.invite_with is None:
        return opened
    invited = _invite(opened.state, Invite(event.at, visit.visit_id, event.invite_with), limits)
    return replace(invited, drafts=opened.drafts + invited.drafts)


def _invite(state: WindowState, event: Invite, limits: Limits) -> Step:
    visit = state.visit
    if visit is None or visit.visit_id != event.visit_id:
        return Step(state, answer=Refused(Refusal.UNKNOWN_VISIT))
    if visit.invited is not None:
        return _stay(state)
    deadline = event.at.later(limits.invite_ms)
    payload = {"prompt": event.prompt, "expires_at": deadline.stamp}
    draft = Draft(Kind.RATING_INVITED, payload, event.at, visit.visit_id)
    return _stay(replace(state, visit=replace(visit, invited=event.at, deadline=deadline)), draft)


def _end(state: WindowState, event: End) -> Step:
    visit = state.visit
    if visit is None or visit.visit_id != event.visit_id:
        return Step(state, answer=Refused(Refusal.UNKNOWN_VISIT))
    if visit.invited is not None:
        return _refused(state, event.at, Refusal.INVITING)
    return _missed(state, visit, MissedReason.NOT_INVITED, event.at)


def _press(state: WindowState, event: Press, limits: Limits) -> Step:
    visit = state.visit
    if visit is None or visit.invited is None or not visit.takes(event.at):
        return Step(state, stray=True)
    response_ms = event.at.boot_ms - visit.invited.boot_ms
    payload: Json = {
        **_subject(visit),
        "level": event.level.value,
        "score": event.level.score,
        "source": event.source,
        "channel": "window",
        "response_ms": response_ms,
        "flags": [
            *rating_flags(
                response_ms,
                visit.invited.boot_ms - visit.opened.boot_ms,
                limits.short_service_ms,
                outside_hours=event.outside_hours,
            ),
            *visit.flags,
        ],
        "evaluator": event.evaluator,
    }
    return finished(state, Draft(Kind.RATING, payload, event.at, visit.visit_id), VisitName.RATED)


def _decline(state: WindowState, event: Decline) -> Step:
    visit = state.visit
    if visit is None or not visit.takes(event.at):
        return Step(state, stray=True)
    return _missed(state, visit, MissedReason.DECLINED, event.at)


def _pause(state: WindowState, event: WantPause) -> Step:
    if state.visit is None:
        return _stay(replace(state, pause=event.pause), _pause_draft(event.pause, event.at))
    if state.visit.invited is not None:
        return _refused(state, event.at, Refusal.INVITING)
    waiting = replace(state, pause_wanted=event.pause)
    wish = _wish_draft(PAUSE_WANTED, event.pause, state.visit.visit_id, event.at)
    return Step(waiting, (wish,), Accepted(waiting.name, deferred=True))


def _resume(state: WindowState, event: Resume) -> Step:
    back = replace(state, pause=None, pause_wanted=None)
    if state.visit is not None and state.pause_wanted is not None:
        return _stay(back, _wish_draft(PAUSE_WITHDRAWN, state.pause_wanted, state.visit.visit_id, event.at))
    if state.pause is None:
        return _stay(back)
    return _stay(back, Draft(Kind.WINDOW_RESUMED, asdict(state.pause), event.at))


def _expire(state: WindowState, event: Expire, limits: Limits) -> Step:
    visit = state.visit
    if visit is None:
        return Step(state)
    if visit.deadline is not None:
        if event.at.boot_ms < visit.deadline.boot_ms:
            return Step(state)
        return _missed(state, visit, MissedReason.TIMEOUT, visit.deadline)
    if event.at.boot_ms - visit.opened.boot_ms < limits.visit_max_ms:
        return Step(state)
    return _missed(state, visit, MissedReason.ABANDONED, event.at)


def _missed(state: WindowState, visit: Visit, reason: MissedReason, at: Moment) -> Step:
    return finished(state, missed_draft(visit, reason, at), VisitName.MISSED)


def missed_draft(visit: Visit, reason: MissedReason, at: Moment) -> Draft:
    """The record of a visit that ended without a rating; silence is `missed`, never "satisfied" (R6)."""
    payload = {"reason": reason.value, "rating_code": visit.rating_code}
    return Draft(Kind.RATING_MISSED, payload, at, visit.visit_id)


def finished(state: WindowState, outcome: Draft, name: VisitName) -> Step:
    """The visit's one outcome, and the pause that waited for it."""
    after = replace(state, visit=None, pause=state.pause_wanted or state.pause, pause_wanted=None)
    drafts = (outcome, _pause_draft(state.pause_wanted, outcome.at)) if state.pause_wanted else (outcome,)
    return Step(after, drafts, Accepted(after.name, outcome.visit_id, name))


def _wish_draft(action: str, pause: Pause, visit_id: str, at: Moment) -> Draft:
    """A pause that waits for the end of a visit must survive a restart as well as one in force."""
    payload = {"operator": "staff", "action": action, "target": pause.reason, "outcome": pause.back_at or ""}
    return Draft(Kind.OPERATOR_ACTION, payload, at, visit_id)


def _pause_draft(pause: Pause, at: Moment) -> Draft:
    return Draft(Kind.WINDOW_PAUSED, asdict(pause), at)


def _stay(state: WindowState, *drafts: Draft) -> Step:
    visit = state.visit
    answer = Accepted(state.name, visit.visit_id, visit.name) if visit else Accepted(state.name)
    return Step(state, drafts, answer)


def _refused(state: WindowState, at: Moment, serving: Refusal) -> Step:
    """No, because of the visit that is open; while it is inviting, with the seconds until its deadline."""
    visit = state.visit
    if visit is None or visit.deadline is None:
        return Step(state, answer=Refused(serving, visit.visit_id if visit else None))
    return Step(state, answer=Refused(Refusal.INVITING, visit.visit_id, visit.seconds_left(at)))


def _subject(visit: Visit) -> Json:
    """Whom and what a visit was about, as several records carry it (R4, R17)."""
    return {
        "window": visit.window,
        "staff_no": visit.staff_no,
        "ticket_no": visit.ticket_no,
        "cases": [asdict(case) for case in visit.cases],
        "rating_code": visit.rating_code,
    }
