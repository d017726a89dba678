"""The states a window can be in, reached as a real window reaches them, and words for what a step did."""

from collections.abc import Iterable

from kiosk_app.domain.moments import Moment
from kiosk_app.domain.visits import Accepted, Answer, Refused
from kiosk_app.domain.window import Event, Invite, Limits, OpenVisit, Pause, Step, WantPause, WindowState, step
from tests.manual_clock import ManualClock

LIMITS = Limits(invite_ms=30_000, short_service_ms=20_000, visit_max_ms=240 * 60_000)
OPENED = ManualClock().now()
"""When the visit of every state that has one was opened."""

AWAY = Pause("开会", "2026-11-23T10:00:00+08:00")
LUNCH = Pause("午休", None)


def after(seconds: float) -> Moment:
    """So many seconds after the visit was opened."""
    return OPENED.later(round(seconds * 1000))


INVITED = after(100)
DEADLINE = after(130)

_OPEN = OpenVisit(OPENED, "v1", window="12", staff_no="0815")
_INVITE = Invite(INVITED, "v1", "both")
_WANT = WantPause(after(50), AWAY)

_REACHED: dict[str, tuple[Event, ...]] = {
    "idle": (),
    "paused": (WantPause(OPENED, AWAY),),
    "serving": (_OPEN,),
    "serving, pause wanted": (_OPEN, _WANT),
    "inviting": (_OPEN, _INVITE),
    "inviting, pause wanted": (_OPEN, _WANT, _INVITE),
}
STATE_NAMES = tuple(_REACHED)


def play(events: Iterable[Event], state: WindowState | None = None, limits: Limits = LIMITS) -> WindowState:
    """The state after these events."""
    state = state or WindowState()
    for event in events:
        state = step(state, event, limits).state
    return state


STATES = {name: play(events) for name, events in _REACHED.items()}


def name_of(state: WindowState) -> str:
    """The state in the words of `STATE_NAMES`; anything else is told in full and is in no table."""
    pause = state.pause is not None
    wanted = state.pause_wanted is not None
    phase = state.visit.name.value if state.visit else None
    match phase, pause, wanted:
        case None, False, False:
            return "idle"
        case None, True, False:
            return "paused"
        case str(), False, False:
            return phase
        case str(), False, True:
            return f"{phase}, pause wanted"
    return f"impossible: {state}"


def say(answer: Answer | None) -> str:
    """An answer in one line."""
    if answer is None:
        return "nothing"
    if isinstance(answer, Refused):
        words = ["no", answer.why.value, answer.visit_id]
        words.append(f"retry {answer.retry_after_seconds}" if answer.retry_after_seconds is not None else None)
    else:
        assert isinstance(answer, Accepted)
        words = ["yes", answer.window.value, answer.visit_id, answer.visit.value if answer.visit else None]
        words.append("later" if answer.deferred else None)
    return " ".join(word for word in words if word)


def recorded(result: Step) -> tuple[str, ...]:
    """What a step records: kind, reason or level, and the moment in seconds after the opening."""
    told = []
    for draft in result.drafts:
        what = draft.payload.get("level") or draft.payload.get("reason") or draft.payload.get("action")
        seconds = (draft.at.boot_ms - OPENED.boot_ms) / 1000
        told.append(" ".join([draft.kind.value, *([str(what)] if what else []), f"@{seconds:g}"]))
    return tuple(told)
