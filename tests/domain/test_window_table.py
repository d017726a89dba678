"""Every event in every state has exactly one defined outcome: the whole table, written out.

Times are seconds after the visit was opened; it was invited at 100, so that the invitation closes at 130.
"""

from typing import NamedTuple, get_args

import pytest

from kiosk_app.domain.levels import Level
from kiosk_app.domain.visits import Refusal, Refused
from kiosk_app.domain.window import (
    Decline,
    End,
    Event,
    Expire,
    Invite,
    OpenVisit,
    Press,
    Resume,
    WantPause,
    WindowState,
    step,
)
from tests.domain.window_states import LIMITS, LUNCH, STATE_NAMES, STATES, after, name_of, play, recorded, say


def _opening(invite_with: str | None = None) -> OpenVisit:
    return OpenVisit(after(110), "v2", window="12", staff_no="0815", invite_with=invite_with)


def _press(seconds: float, *, outside_hours: bool = False) -> Press:
    return Press(after(seconds), Level.SATISFIED, "touchscreen", outside_hours=outside_hours)


_MAX = 240 * 60

EVENTS: dict[str, Event] = {
    "open": _opening(),
    "open and invite": _opening("touchscreen"),
    "invite": Invite(after(110), "v1", "both"),
    "invite late": Invite(after(130), "v1", "both"),
    "invite another": Invite(after(110), "v9", "both"),
    "end": End(after(110), "v1"),
    "end late": End(after(130), "v1"),
    "end another": End(after(110), "v9"),
    "press before the invitation": _press(99.999),
    "press with the invitation": _press(100),
    "press in time": _press(110),
    "press while the hall is closed": _press(111, outside_hours=True),
    "press at the last moment": _press(129.999),
    "press at the deadline": _press(130),
    "press after": _press(140),
    "decline before the invitation": Decline(after(99.999)),
    "decline in time": Decline(after(110)),
    "decline at the deadline": Decline(after(130)),
    "want a pause": WantPause(after(110), LUNCH),
    "want a pause late": WantPause(after(130.5), LUNCH),
    "resume": Resume(after(110)),
    "expire early": Expire(after(129.999)),
    "expire at the deadline": Expire(after(130)),
    "expire after": Expire(after(131)),
    "expire before the longest visit": Expire(after(_MAX - 0.001)),
    "expire at the longest visit": Expire(after(_MAX)),
}


class Outcome(NamedTuple):
    """What one event does in one state."""

    state: str
    records: tuple[str, ...] = ()
    answer: str = "nothing"
    stray: bool = False


def _stray(state: str) -> Outcome:
    return Outcome(state, stray=True)


def _inputs(outcome: Outcome) -> dict[str, Outcome]:
    """The same for every input of the citizen."""
    return {name: outcome for name in EVENTS if name.startswith(("press", "decline"))}


def _expiries(outcome: Outcome) -> dict[str, Outcome]:
    return {name: outcome for name in EVENTS if name.startswith("expire")}


def _inviting(state: str, after_it: str, then: str, *pause: str) -> dict[str, Outcome]:
    """An open invitation: the citizen's answer or the deadline ends it, nothing else (R5, R6)."""

    def finished(record: str, at: str, visit: str) -> Outcome:
        return Outcome(after_it, (f"{record} @{at}", *(f"{p} @{at}" for p in pause)), f"yes {then} v1 {visit}")

    timeout = finished("rating_missed timeout", "130", "missed")
    closed = Outcome(state, answer="no inviting v1 retry 20")
    last_second = Outcome(state, answer="no inviting v1 retry 1")
    return {
        "open": closed,
        "open and invite": closed,
        "invite": Outcome(state, answer="yes inviting v1 inviting"),
        "invite late": Outcome(state, answer="yes inviting v1 inviting"),
        "invite another": Outcome(state, answer="no unknown_visit"),
        "end": closed,
        "end late": last_second,
        "end another": Outcome(state, answer="no unknown_visit"),
        "press before the invitation": _stray(state),
        "press with the invitation": finished("rating satisfied", "100", "rated"),
        "press in time": finished("rating satisfied", "110", "rated"),
        # Flagged, and as good as any other (R13).
        "press while the hall is closed": finished("rating satisfied", "111", "rated"),
        "press at the last moment": finished("rating satisfied", "129.999", "rated"),
        "press at the deadline": _stray(state),
        "press after": _stray(state),
        "decline before the invitation": _stray(state),
        "decline in time": finished("rating_missed declined", "110", "missed"),
        "decline at the deadline": _stray(state),
        "want a pause": closed,
        "want a pause late": last_second,
        "expire early": Outcome(state),
        "expire at the deadline": timeout,
        "expire after": timeout,
        "expire before the longest visit": timeout,
        "expire at the longest visit": timeout,
    }


TABLE: dict[str, dict[str, Outcome]] = {
    "idle": {
        "open": Outcome("serving", ("visit_opened @110",), "yes serving v2 serving"),
        "open and invite": Outcome(
            "inviting", ("visit_opened @110", "rating_invited @110"), "yes inviting v2 inviting"
        ),
        "invite": Outcome("idle", answer="no unknown_visit"),
        "invite late": Outcome("idle", answer="no unknown_visit"),
        "invite another": Outcome("idle", answer="no unknown_visit"),
        "end": Outcome("idle", answer="no unknown_visit"),
        "end late": Outcome("idle", answer="no unknown_visit"),
        "end another": Outcome("idle", answer="no unknown_visit"),
        **_inputs(_stray("idle")),
        "want a pause": Outcome("paused", ("window_paused 午休 @110",), "yes paused"),
        "want a pause late": Outcome("paused", ("window_paused 午休 @130.5",), "yes paused"),
        "resume": Outcome("idle", answer="yes idle"),
        **_expiries(Outcome("idle")),
    },
    "paused": {
        "open": Outcome("paused", answer="no paused"),
        "open and invite": Outcome("paused", answer="no paused"),
        "invite": Outcome("paused", answer="no unknown_visit"),
        "invite late": Outcome("paused", answer="no unknown_visit"),
        "invite another": Outcome("paused", answer="no unknown_visit"),
        "end": Outcome("paused", answer="no unknown_visit"),
        "end late": Outcome("paused", answer="no unknown_visit"),
        "end another": Outcome("paused", answer="no unknown_visit"),
        **_inputs(_stray("paused")),
        # Another reason or return time is another away sign.
        "want a pause": Outcome("paused", ("window_paused 午休 @110",), "yes paused"),
        "want a pause late": Outcome("paused", ("window_paused 午休 @130.5",), "yes paused"),
        "resume": Outcome("idle", ("window_resumed 开会 @110",), "yes idle"),
        **_expiries(Outcome("paused")),
    },
    "serving": {
        "open": Outcome("serving", answer="no visit_open v1"),
        "open and invite": Outcome("serving", answer="no visit_open v1"),
        "invite": Outcome("inviting", ("rating_invited @110",), "yes inviting v1 inviting"),
        "invite late": Outcome("inviting", ("rating_invited @130",), "yes inviting v1 inviting"),
        "invite another": Outcome("serving", answer="no unknown_visit"),
        "end": Outcome("idle", ("rating_missed not_invited @110",), "yes idle v1 missed"),
        "end late": Outcome("idle", ("rating_missed not_invited @130",), "yes idle v1 missed"),
        "end another": Outcome("serving", answer="no unknown_visit"),
        **_inputs(_stray("serving")),
        "want a pause": Outcome("serving, pause wanted", ("operator_action pause_wanted @110",), "yes serving later"),
        "want a pause late": Outcome(
            "serving, pause wanted", ("operator_action pause_wanted @130.5",), "yes serving later"
        ),
        "resume": Outcome("serving", answer="yes serving v1 serving"),
        **_expiries(Outcome("serving")),
        "expire at the longest visit": Outcome("idle", ("rating_missed abandoned @14400",), "yes idle v1 missed"),
    },
    "serving, pause wanted": {
        "open": Outcome("serving, pause wanted", answer="no visit_open v1"),
        "open and invite": Outcome("serving, pause wanted", answer="no visit_open v1"),
        "invite": Outcome("inviting, pause wanted", ("rating_invited @110",), "yes inviting v1 inviting"),
        "invite late": Outcome("inviting, pause wanted", ("rating_invited @130",), "yes inviting v1 inviting"),
        "invite another": Outcome("serving, pause wanted", answer="no unknown_visit"),
        "end": Outcome("paused", ("rating_missed not_invited @110", "window_paused 开会 @110"), "yes paused v1 missed"),
        "end late": Outcome(
            "paused", ("rating_missed not_invited @130", "window_paused 开会 @130"), "yes paused v1 missed"
        ),
        "end another": Outcome("serving, pause wanted", answer="no unknown_visit"),
        **_inputs(_stray("serving, pause wanted")),
        "want a pause": Outcome("serving, pause wanted", ("operator_action pause_wanted @110",), "yes serving later"),
        "want a pause late": Outcome(
            "serving, pause wanted", ("operator_action pause_wanted @130.5",), "yes serving later"
        ),
        "resume": Outcome("serving", ("operator_action pause_withdrawn @110",), "yes serving v1 serving"),
        **_expiries(Outcome("serving, pause wanted")),
        "expire at the longest visit": Outcome(
            "paused", ("rating_missed abandoned @14400", "window_paused 开会 @14400"), "yes paused v1 missed"
        ),
    },
    "inviting": {
        **_inviting("inviting", "idle", "idle"),
        "resume": Outcome("inviting", answer="yes inviting v1 inviting"),
    },
    "inviting, pause wanted": {
        **_inviting("inviting, pause wanted", "paused", "paused", "window_paused 开会"),
        # Taking back the wish for a pause touches the invitation in nothing.
        "resume": Outcome("inviting", ("operator_action pause_withdrawn @110",), "yes inviting v1 inviting"),
    },
}


ROWS = [(state, event) for state in TABLE for event in TABLE[state]]


@pytest.mark.parametrize(("state", "event"), ROWS)
def test_every_event_in_every_state_has_one_defined_outcome(state: str, event: str) -> None:
    result = step(STATES[state], EVENTS[event], LIMITS)
    found = Outcome(name_of(result.state), recorded(result), say(result.answer), result.stray)
    assert found == TABLE[state][event]


def test_the_table_is_complete() -> None:
    assert set(TABLE) == set(STATE_NAMES)
    assert [state for state, row in TABLE.items() if set(row) != set(EVENTS)] == []
    assert {type(event) for event in EVENTS.values()} == set(get_args(Event))


def test_no_other_state_can_be_reached() -> None:
    """Whatever happens in any order, the window stands in a state of the table."""
    found: dict[str, WindowState] = {}
    ahead = [WindowState()]
    while ahead:
        state = ahead.pop()
        if name_of(state) not in found:
            found[name_of(state)] = state
            own = (Invite(after(110), "v2", "both"), End(after(110), "v2"))
            ahead += [step(state, event, LIMITS).state for event in (*EVENTS.values(), *own)]
    assert set(found) == set(TABLE)


@pytest.mark.parametrize(("state", "event"), ROWS)
def test_a_refusal_changes_and_records_nothing(state: str, event: str) -> None:
    result = step(STATES[state], EVENTS[event], LIMITS)
    if isinstance(result.answer, Refused) or result.stray:
        assert (result.state, result.drafts) == (STATES[state], ())


@pytest.mark.parametrize("event", [name for name in EVENTS if not name.startswith(("press", "decline", "expire"))])
@pytest.mark.parametrize("state", ["inviting", "inviting, pause wanted"])
def test_the_service_side_can_neither_shorten_nor_cancel_an_invitation_r6(state: str, event: str) -> None:
    before = STATES[state].visit
    assert step(STATES[state], EVENTS[event], LIMITS).state.visit == before


@pytest.mark.parametrize(("state", "event"), ROWS)
def test_only_a_press_makes_a_rating_r6(state: str, event: str) -> None:
    result = step(STATES[state], EVENTS[event], LIMITS)
    if not isinstance(EVENTS[event], Press):
        assert not any(draft.kind == "rating" for draft in result.drafts)


def test_the_first_press_is_final_r3() -> None:
    state = play([Press(after(110), Level.DISSATISFIED, "evaluator")], STATES["inviting"])
    second = step(state, Press(after(111), Level.VERY_SATISFIED, "touchscreen"), LIMITS)
    assert (second.stray, second.drafts) == (True, ())


def test_the_last_wish_for_a_pause_counts_r19() -> None:
    state = play([WantPause(after(110), LUNCH)], STATES["serving, pause wanted"])
    assert state.pause_wanted == LUNCH
    assert play([End(after(120), "v1")], state).pause == LUNCH


@pytest.mark.parametrize(("asked_at", "seconds"), [(100, 30), (100.001, 30), (128.999, 2), (129, 1), (129.999, 1)])
def test_retry_after_reaches_the_deadline_and_is_never_zero_r6(asked_at: float, seconds: int) -> None:
    answer = step(STATES["inviting"], End(after(asked_at), "v1"), LIMITS).answer
    assert answer == Refused(Refusal.INVITING, "v1", seconds)
