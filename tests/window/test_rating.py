"""From the press to the thanks: recorded first, counted once, never invented (R3, R5, R6)."""

import pytest

from kiosk_app.domain.levels import Level
from kiosk_app.domain.visits import Refusal, Refused, VisitName, WindowName
from kiosk_app.window.screen_state import Page
from tests.window.window_rig import INVITE_SECONDS, PROFILE, WindowRig

HOUR_MS = 3_600_000


@pytest.mark.parametrize("level", list(Level))
def test_a_press_is_on_the_disk_before_the_evaluator_is_acknowledged(rig: WindowRig, level: Level) -> None:
    visit = rig.invited_visit(ticket_no="A001")
    press = rig.key(level.value)

    rating = rig.outcome(visit)
    assert rating is not None
    assert rating.payload["level"] == level.value
    assert rating.payload["score"] == level.score
    assert rating.payload["ticket_no"] == "A001"
    assert rating.payload["evaluator"] == {**vars(PROFILE), "frame": press.frame.hex()}
    assert rig.keys.verbs == ["invite", "acknowledge", "thanks"]
    assert rig.keys.ratings_at_acknowledgement == [1]
    assert rig.screen().page is Page.DETAILS


def test_a_touch_is_a_rating_and_the_evaluator_is_not_acknowledged(rig: WindowRig) -> None:
    visit = rig.invited_visit()
    rig.station.press(Level.SATISFIED, rig.clock.seconds)
    rig.settle()
    rating = rig.outcome(visit)
    assert rating is not None
    assert (rating.payload["source"], rating.payload["evaluator"]) == ("touchscreen", None)
    assert rig.keys.verbs == ["invite"]


def test_the_first_press_counts_and_a_second_different_one_is_not_acknowledged(rig: WindowRig) -> None:
    visit = rig.invited_visit()
    rig.key("satisfied")
    rig.key("very_dissatisfied")
    rating = rig.outcome(visit)
    assert rating is not None
    assert rating.payload["level"] == "satisfied"
    assert rig.keys.verbs.count("acknowledge") == 1


def test_a_press_repeated_until_acknowledged_counts_once_and_is_acknowledged_each_time(rig: WindowRig) -> None:
    rig.invited_visit()
    press = rig.key("satisfied")
    rig.repeat(press, 1)
    rig.repeat(press, 2)
    assert rig.keys.verbs.count("acknowledge") == 3
    assert len(rig.records("rating")) == 1


def test_a_stray_press_is_counted_and_never_a_rating_nor_acknowledged(rig: WindowRig) -> None:
    rig.key("satisfied")
    visit = rig.open_visit()
    rig.key("dissatisfied")
    assert rig.outcome(visit) is None
    assert rig.keys.verbs == []
    (event,) = rig.records("device_event")
    assert (event.payload["device"], event.payload["state"]) == ("evaluator", "stray_press")
    rig.pass_time(61)
    rig.key("satisfied")
    assert rig.records("device_event")[-1].payload["detail"].startswith("2 ")


def test_a_stray_press_that_is_repeated_into_the_invitation_is_no_rating(rig: WindowRig) -> None:
    press = rig.key("satisfied")
    visit = rig.invited_visit()
    rig.repeat(press)
    assert rig.outcome(visit) is None


def test_silence_is_missed_never_satisfied(rig: WindowRig) -> None:
    visit = rig.invited_visit()
    opened = rig.clock.now()
    rig.pass_time(INVITE_SECONDS + 1)
    missed = rig.outcome(visit)
    assert missed is not None
    assert (missed.kind, missed.payload["reason"]) == ("rating_missed", "timeout")
    assert missed.occurred_at == opened.later(INVITE_SECONDS * 1000).stamp
    assert rig.screen().page is Page.SIGN


def test_a_press_that_arrived_before_the_deadline_counts_though_it_is_handled_after_it(rig: WindowRig) -> None:
    visit = rig.invited_visit()
    arrived = rig.clock.seconds + INVITE_SECONDS - 0.001
    rig.pass_time(INVITE_SECONDS + 0.1)
    assert rig.station.visit(visit) is VisitName.INVITING
    rig.key("satisfied", at=arrived)
    rating = rig.outcome(visit)
    assert rating is not None
    assert (rating.kind, rating.payload["response_ms"]) == ("rating", INVITE_SECONDS * 1000 - 1)


def test_a_press_at_the_very_deadline_is_too_late(rig: WindowRig) -> None:
    visit = rig.invited_visit()
    deadline = rig.clock.seconds + INVITE_SECONDS
    rig.clock.advance(INVITE_SECONDS)
    rig.key("satisfied", at=deadline)
    rig.pass_time(1)
    missed = rig.outcome(visit)
    assert missed is not None
    assert missed.kind == "rating_missed"
    assert "acknowledge" not in rig.keys.verbs


def test_a_press_that_arrived_before_the_invitation_is_stray(rig: WindowRig) -> None:
    before = rig.clock.seconds
    rig.clock.advance(1)
    visit = rig.invited_visit()
    rig.key("satisfied", at=before)
    assert rig.outcome(visit) is None


def test_the_wall_clock_jumping_by_hours_neither_shortens_nor_lengthens_an_invitation(rig: WindowRig) -> None:
    visit = rig.invited_visit()
    rig.clock.set_wall(5 * HOUR_MS)
    rig.pass_time(INVITE_SECONDS - 1)
    assert rig.station.visit(visit) is VisitName.INVITING
    rig.clock.set_wall(-12 * HOUR_MS)
    rig.pass_time(2)
    assert rig.station.visit(visit) is VisitName.MISSED


def test_not_rating_is_offered_and_recorded_as_declined(rig: WindowRig) -> None:
    visit = rig.invited_visit()
    rig.station.decline(rig.clock.seconds)
    assert rig.screen().page is Page.NOT_NOW
    missed = rig.outcome(visit)
    assert missed is not None
    assert missed.payload["reason"] == "declined"


def test_the_service_side_can_neither_end_pause_call_nor_shorten_an_invitation(rig: WindowRig) -> None:
    visit = rig.invited_visit()
    rig.pass_time(10)
    left = INVITE_SECONDS - 10
    for answer in (rig.station.end(visit), rig.station.pause("午休", None)):
        assert answer == Refused(Refusal.INVITING, visit, left)
    assert rig.station.window().state is WindowName.INVITING
    rig.station.invite(visit)
    rig.pass_time(left + 1)
    missed = rig.outcome(visit)
    assert missed is not None
    assert missed.payload["reason"] == "timeout"
    assert len(rig.records("rating_invited")) == 1


def test_a_visit_ended_without_an_invitation_is_missed_not_invited(rig: WindowRig) -> None:
    visit = rig.open_visit()
    rig.station.end(visit)
    missed = rig.outcome(visit)
    assert missed is not None
    assert missed.payload["reason"] == "not_invited"
    assert rig.station.end(visit) == Refused(Refusal.FINISHED, visit)


def test_a_visit_forgotten_for_a_day_is_abandoned(rig: WindowRig) -> None:
    visit = rig.open_visit()
    rig.pass_time(24 * 3600)
    missed = rig.outcome(visit)
    assert missed is not None
    assert missed.payload["reason"] == "abandoned"
    assert rig.open_visit() != visit


def test_a_pause_takes_effect_after_the_visit(rig: WindowRig) -> None:
    visit = rig.invited_visit()
    rig.pass_time(INVITE_SECONDS + 1)
    visit = rig.open_visit()
    rig.station.pause("午休", None)
    assert rig.screen().page is Page.SERVING
    rig.station.end(visit)
    assert rig.screen().page is Page.AWAY
    assert rig.screen().away_reason == "午休"
    rig.station.resume()
    assert rig.screen().page is Page.SIGN
    assert [r.kind for r in rig.records()][-3:] == ["rating_missed", "window_paused", "window_resumed"]


def test_the_prompt_tells_what_the_citizen_could_use(rig: WindowRig) -> None:
    rig.invited_visit()
    rig.pass_time(INVITE_SECONDS + 1)
    rig.keys.connected = False
    rig.invited_visit()
    rig.pass_time(INVITE_SECONDS + 1)
    rig.keys.connected = True
    rig.station.detach_screen()
    rig.invited_visit()
    assert [r.payload["prompt"] for r in rig.records("rating_invited")] == ["both", "touchscreen", "evaluator"]
