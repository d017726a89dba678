"""What the window's records carry: exactly the payloads of interfaces §4."""

from dataclasses import asdict, replace
from datetime import datetime

import pytest

from kiosk_app.domain.levels import Level
from kiosk_app.domain.records import Draft, Kind
from kiosk_app.domain.visits import Case, OpenedBy
from kiosk_app.domain.window import (
    Decline,
    End,
    Event,
    Expire,
    Invite,
    Limits,
    OpenVisit,
    Press,
    Resume,
    WantPause,
    WindowState,
    step,
)
from tests.domain.window_states import AWAY, LIMITS, OPENED, STATES, after, play

CASES = (
    Case("C-1", "640101", "企业设立登记", "市场监督管理局", "办结", 1),
    Case("C-2", None, "社保参保登记", "人社局", None, 2),
)
OPENING = OpenVisit(
    OPENED,
    "v1",
    window="12",
    staff_no="0815",
    staff_no_called="0815",
    ticket_no="A001",
    rating_code="8080-RGG0-0PFZ-R84R",
    cases=CASES,
    opened_by=OpenedBy.QUEUE_CALL,
    sealed_user=b"sealed",
)
FRAME = {"protocol": "shared-bus-68", "protocol_sha256": "ab" * 32, "frame": "ff68"}


def draft_of(event: Event, state: WindowState, limits: Limits = LIMITS) -> Draft:
    (draft,) = step(state, event, limits).drafts
    return draft


def opened() -> WindowState:
    return step(WindowState(), OPENING, LIMITS).state


def invited() -> WindowState:
    return step(opened(), Invite(after(100), "v1", "both"), LIMITS).state


def test_visit_opened_names_window_person_ticket_and_every_case_r4_r17() -> None:
    draft = draft_of(OPENING, WindowState())
    assert (draft.kind, draft.visit_id, draft.at) == (Kind.VISIT_OPENED, "v1", OPENED)
    assert draft.payload == {
        "window": "12",
        "staff_no": "0815",
        "staff_no_called": "0815",
        "ticket_no": "A001",
        "cases": [asdict(case) for case in CASES],
        "user_commitment": None,
        "rating_code": "8080-RGG0-0PFZ-R84R",
        "opened_by": "queue_call",
    }
    assert list(draft.payload["cases"][0]) == [
        "case_no", "item_code", "item_name", "department", "stage", "assess_number",
    ]  # fmt: skip
    assert draft.sealed == {"user": b"sealed"}


def test_without_personal_data_nothing_is_sealed_r11() -> None:
    assert draft_of(replace(OPENING, sealed_user=None), WindowState()).sealed == {}


def test_rating_invited_tells_when_the_invitation_closes_r5() -> None:
    draft = draft_of(Invite(after(100), "v1", "both"), opened())
    assert draft.payload == {"prompt": "both", "expires_at": after(130).stamp}
    closes = datetime.fromisoformat(draft.payload["expires_at"])
    assert (closes - after(100).wall).total_seconds() == 30


def test_rating_carries_all_that_it_is_about_r4_r17() -> None:
    draft = draft_of(Press(after(112.5), Level.BASICALLY_SATISFIED, "evaluator", FRAME), invited())
    assert (draft.kind, draft.visit_id, draft.at) == (Kind.RATING, "v1", after(112.5))
    assert draft.payload == {
        "level": "basically_satisfied",
        "score": 3,
        "source": "evaluator",
        "channel": "window",
        "window": "12",
        "staff_no": "0815",
        "ticket_no": "A001",
        "cases": [asdict(case) for case in CASES],
        "rating_code": "8080-RGG0-0PFZ-R84R",
        "response_ms": 12_500,
        "flags": [],
        "evaluator": FRAME,
    }
    assert draft.sealed == {}


def test_with_no_case_known_the_rating_is_tied_to_the_ticket_r4() -> None:
    state = play([replace(OPENING, cases=()), Invite(after(100), "v1", "both")])
    payload = draft_of(Press(after(110), Level.SATISFIED, "touchscreen"), state).payload
    assert (payload["cases"], payload["ticket_no"]) == ([], "A001")


@pytest.mark.parametrize("event", [Decline(after(110)), Expire(after(130)), Expire(after(500))])
def test_rating_missed_carries_reason_and_code_only_r6(event: Event) -> None:
    assert set(draft_of(event, invited()).payload) == {"reason", "rating_code"}
    assert draft_of(event, invited()).payload["rating_code"] == "8080-RGG0-0PFZ-R84R"


def test_a_timeout_is_dated_at_the_deadline_however_late_it_is_noticed_r28() -> None:
    assert draft_of(Expire(after(3600)), invited()).at == after(130)


def test_not_invited_carries_the_code_too_so_that_a_later_rating_can_follow_r20() -> None:
    payload = draft_of(End(after(110), "v1"), opened()).payload
    assert payload == {"reason": "not_invited", "rating_code": "8080-RGG0-0PFZ-R84R"}


def test_pause_and_resume_carry_reason_and_return_time_r19() -> None:
    told = {"reason": AWAY.reason, "back_at": AWAY.back_at}
    paused = draft_of(WantPause(OPENED, AWAY), WindowState())
    resumed = draft_of(Resume(after(5)), STATES["paused"])
    assert (paused.kind, paused.payload, paused.visit_id) == (Kind.WINDOW_PAUSED, told, None)
    assert (resumed.kind, resumed.payload, resumed.visit_id) == (Kind.WINDOW_RESUMED, told, None)


@pytest.mark.parametrize(("pressed", "flags"), [(100, ["instant"]), (100.999, ["instant"]), (101, [])])
def test_an_answer_within_a_second_is_flagged_instant_r13(pressed: float, flags: list[str]) -> None:
    assert draft_of(Press(after(pressed), Level.SATISFIED, "touchscreen"), invited()).payload["flags"] == flags


@pytest.mark.parametrize(("invited_at", "flags"), [(0, ["short_service"]), (19.999, ["short_service"]), (20, [])])
def test_a_visit_shorter_than_configured_is_flagged_r13(invited_at: float, flags: list[str]) -> None:
    state = play([Invite(after(invited_at), "v1", "both")], opened())
    payload = draft_of(Press(after(invited_at + 5), Level.SATISFIED, "touchscreen"), state).payload
    assert payload["flags"] == flags


def test_flags_never_block_a_rating_r13() -> None:
    claimed = replace(OPENING, staff_no_called="0999", invite_with="both")
    payload = draft_of(Press(after(0.2), Level.VERY_DISSATISFIED, "touchscreen"), play([claimed])).payload
    assert payload["flags"] == ["instant", "short_service", "staff_mismatch"]
    assert payload["level"] == "very_dissatisfied"


def test_the_sixth_visit_within_a_minute_and_those_after_it_are_a_burst_r13() -> None:
    state, flagged = WindowState(), []
    for number in range(8):
        at = after(number * 8)
        visit = f"v{number}"
        state = play([replace(OPENING, at=at, visit_id=visit, invite_with="both")], state)
        rated = step(state, Press(at.later(2000), Level.SATISFIED, "touchscreen"), LIMITS)
        flagged.append("burst" in rated.drafts[0].payload["flags"])
        state = rated.state
    assert flagged == [False] * 5 + [True] * 3


def test_limits_of_the_configuration_are_obeyed() -> None:
    limits = Limits(invite_ms=1_000, short_service_ms=0, visit_max_ms=60_000)
    state = step(opened(), Invite(after(0), "v1", "both"), limits).state
    assert step(state, Press(after(1), Level.SATISFIED, "touchscreen"), limits).stray
    rating = draft_of(Press(after(0.999), Level.SATISFIED, "touchscreen"), state, limits)
    assert rating.payload["flags"] == ["instant"]
    assert draft_of(Expire(after(60)), opened(), limits).payload["reason"] == "abandoned"
