"""After a crash, a reboot, or with a full disk: nothing lost, nothing invented, no false thanks."""

import pytest

from kiosk_app.domain.visits import Refusal, Refused, VisitName, VisitRequest, WindowName
from kiosk_app.window.screen_state import Page
from tests.window.window_rig import INVITE_SECONDS, WindowRig


def test_after_a_crash_of_the_app_an_open_invitation_goes_on(rig: WindowRig) -> None:
    visit = rig.invited_visit()
    rig.restart(lambda: rig.clock.advance(5))
    assert rig.screen().page is Page.CHOICES
    countdown = rig.screen().countdown
    assert countdown is not None
    assert countdown.ends_at == pytest.approx(rig.clock.seconds + INVITE_SECONDS - 5)
    rig.key("satisfied")
    rating = rig.outcome(visit)
    assert rating is not None
    assert rating.payload["response_ms"] == 5000


def test_after_a_reboot_an_open_invitation_is_missed_interrupted(rig: WindowRig) -> None:
    visit = rig.invited_visit()
    rig.restart(lambda: rig.clock.reboot(down_ms=6_000))
    missed = rig.outcome(visit)
    assert missed is not None
    assert missed.payload["reason"] == "interrupted"
    assert rig.screen().page is Page.SIGN


def test_an_invitation_whose_time_ran_out_while_nobody_listened_is_interrupted(rig: WindowRig) -> None:
    visit = rig.invited_visit()
    rig.restart(lambda: rig.clock.advance(INVITE_SECONDS + 1))
    missed = rig.outcome(visit)
    assert missed is not None
    assert missed.payload["reason"] == "interrupted"


def test_a_visit_being_served_survives_a_crash(rig: WindowRig) -> None:
    visit = rig.open_visit(ticket_no="A007")
    rig.restart()
    assert rig.station.window().visit_id == visit
    assert rig.screen().ticket_no == "A007"
    rig.station.invite(visit)
    rig.key("satisfied")
    rating = rig.outcome(visit)
    assert rating is not None
    assert rating.payload["ticket_no"] == "A007"


def test_a_bad_rating_whose_reasons_were_cut_off_stands_with_not_given(rig: WindowRig) -> None:
    visit = rig.invited_visit()
    rig.key("very_dissatisfied")
    rig.restart()
    (given,) = rig.records("rating_detail")
    assert (given.visit_id, given.payload["reason"], given.payload["options"]) == (visit, "not_given", [])
    rig.restart()
    assert len(rig.records("rating_detail")) == 1


def test_the_away_sign_and_finished_visits_survive_a_crash(rig: WindowRig) -> None:
    visit = rig.open_visit()
    rig.station.end(visit)
    rig.station.pause("开会", None)
    rig.restart()
    assert (rig.screen().page, rig.screen().away_reason) == (Page.AWAY, "开会")
    assert rig.station.visit(visit) is VisitName.MISSED


def test_a_pause_that_waits_for_the_visit_survives_a_crash_and_can_still_be_taken_back(rig: WindowRig) -> None:
    visit = rig.open_visit()
    rig.station.pause("开会", None)
    rig.restart()
    rig.station.end(visit)
    assert (rig.screen().page, rig.screen().away_reason) == (Page.AWAY, "开会")
    rig.station.resume()
    visit = rig.open_visit()
    rig.station.pause("开会", None)
    rig.station.resume()
    rig.restart()
    rig.station.end(visit)
    assert rig.screen().page is Page.SIGN


def test_a_press_whose_acknowledgement_the_crash_cut_off_is_acknowledged_when_repeated(rig: WindowRig) -> None:
    visit = rig.invited_visit()
    rig.key("satisfied")
    rig.restart(lambda: rig.clock.advance(3))
    rig.key("satisfied")
    assert rig.keys.verbs == ["acknowledge"]
    rating = rig.outcome(visit)
    assert rating is not None
    assert rig.records("device_event") == []


def test_after_a_crash_a_press_in_an_open_invitation_is_never_taken_for_the_last_visits_repeat(rig: WindowRig) -> None:
    rig.invited_visit()
    rig.key("satisfied")
    visit = rig.invited_visit()
    rig.restart(lambda: rig.clock.advance(2))
    rig.key("satisfied")
    rating = rig.outcome(visit)
    assert rating is not None
    assert rating.kind == "rating"


def test_while_nothing_can_be_recorded_nobody_is_thanked(rig: WindowRig) -> None:
    visit = rig.invited_visit()
    rig.broken = "No space left on device"
    press = rig.key("satisfied")
    assert rig.screen().page is Page.CANNOT_RECORD
    assert rig.keys.verbs == ["invite"]
    assert rig.outcome(visit) is None
    assert rig.station.problems()[0].code == "cannot_record"
    assert "No space left on device" in rig.station.problems()[0].text

    rig.broken = None
    rig.repeat(press)
    rating = rig.outcome(visit)
    assert rating is not None
    assert rating.kind == "rating"
    assert rig.keys.verbs == ["invite", "acknowledge", "thanks"]
    assert rig.screen().page is Page.DETAILS


def test_while_nothing_can_be_recorded_nothing_is_accepted(rig: WindowRig) -> None:
    rig.broken = "No space left on device"
    answer = rig.station.open_visit(VisitRequest())
    assert isinstance(answer, Refused)
    assert (answer.why, answer.retry_after_seconds) == (Refusal.CANNOT_RECORD, 5)
    assert rig.station.window().state is WindowName.IDLE


def test_it_heals_by_itself_and_the_journal_tells_that_it_was_so(rig: WindowRig) -> None:
    visit = rig.invited_visit()
    rig.broken = "No space left on device"
    rig.pass_time(INVITE_SECONDS + 1)
    assert rig.screen().page is Page.CANNOT_RECORD
    rig.broken = None
    rig.pass_time(6)
    assert rig.screen().page is Page.SIGN
    missed = rig.outcome(visit)
    assert missed is not None
    assert missed.payload["reason"] == "timeout"
    (event,) = rig.records("device_event")
    assert (event.payload["device"], event.payload["state"]) == ("storage", "recovered")
    assert "No space left on device" in event.payload["detail"]


def test_a_journal_that_cannot_be_opened_at_the_start_is_taken_up_later(rig: WindowRig) -> None:
    visit = rig.invited_visit()

    def breaks() -> None:
        rig.broken = "disk I/O error"

    rig.restart(breaks)
    assert rig.screen().page is Page.CANNOT_RECORD
    rig.broken = None
    rig.pass_time(6)
    assert rig.screen().page is Page.CHOICES
    assert rig.station.visit(visit) is VisitName.INVITING


def test_a_journal_that_was_replaced_under_the_app_is_taken_up_and_gets_the_next_rating(rig: WindowRig) -> None:
    rig.open_visit()
    files = list(rig.directory.glob("journal.sqlite3*"))

    backup = rig.directory / "backup"
    backup.mkdir()
    for file in files:
        file.rename(backup / file.name)
    visit = rig.invited_visit()
    rig.key("satisfied")
    rating = rig.outcome(visit)
    assert rating is not None
    assert rating.kind == "rating"
    assert rig.records()[0].kind == "journal_started"
