"""The page after the press: neutral, voluntary, and nobody's but its citizen's (R7, R8)."""

import pytest

from kiosk_app.domain.levels import Level
from kiosk_app.window.screen_state import Page
from tests.window.window_rig import DETAIL_SECONDS, WindowRig


def rated(rig: WindowRig, level: str) -> str:
    """A visit rated by a key; returns the id of its rating."""
    visit = rig.invited_visit()
    rig.key(level)
    rating = rig.outcome(visit)
    assert rating is not None
    return rating.record_id


def detail(rig: WindowRig, rating_id: str) -> dict[str, object] | None:
    found = [r.payload for r in rig.records("rating_detail") if r.payload["rating_id"] == rating_id]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize("level", list(Level))
def test_every_level_leads_to_the_same_page_with_its_own_options(rig: WindowRig, level: Level) -> None:
    rating_id = rated(rig, level.value)
    screen = rig.screen()
    assert (screen.page, screen.rating_id, len(screen.options)) == (Page.DETAILS, rating_id, 8)
    assert screen.countdown is not None
    assert screen.countdown.seconds == DETAIL_SECONDS


def test_chosen_reasons_are_recorded_with_code_text_and_catalogue_version(rig: WindowRig) -> None:
    rating_id = rated(rig, "dissatisfied")
    rig.station.give_reasons(rating_id, ("214", "209"), "")
    assert rig.screen().page is Page.THANKS
    given = detail(rig, rating_id)
    assert given is not None
    assert given["reason"] == "given"
    assert given["options"] == [{"code": "209", "text": "未在承诺时间内办结"}, {"code": "214", "text": "服务态度生硬"}]
    assert given["catalogue_version"] == "2020-05"


def test_an_option_that_was_not_offered_is_never_recorded(rig: WindowRig) -> None:
    rating_id = rated(rig, "dissatisfied")
    rig.station.give_reasons(rating_id, ("510", "no such"), "")
    rig.settle()
    given = detail(rig, rating_id)
    assert given is not None
    assert (given["reason"], given["options"]) == ("not_given", [])


def test_a_bad_rating_without_an_option_stands_with_not_given(rig: WindowRig) -> None:
    rating_id = rated(rig, "very_dissatisfied")
    rig.pass_time(DETAIL_SECONDS + 0.1)
    given = detail(rig, rating_id)
    assert given is not None
    assert (given["reason"], given["options"]) == ("not_given", [])
    assert rig.screen().page is Page.THANKS


def test_a_good_rating_without_an_option_needs_no_detail(rig: WindowRig) -> None:
    rating_id = rated(rig, "very_satisfied")
    rig.station.give_reasons(rating_id, (), "")
    assert rig.screen().page is Page.THANKS
    assert detail(rig, rating_id) is None


def test_what_was_ticked_when_the_time_ran_out_was_chosen(rig: WindowRig) -> None:
    rating_id = rated(rig, "dissatisfied")
    rig.station.choose_reasons(rating_id, ("213",))
    rig.pass_time(DETAIL_SECONDS + 0.1)
    given = detail(rig, rating_id)
    assert given is not None
    assert given["options"] == [{"code": "213", "text": "窗口人员业务不熟练"}]


def test_the_next_visit_does_not_close_the_page(rig: WindowRig) -> None:
    rating_id = rated(rig, "dissatisfied")
    visit = rig.open_visit()
    assert rig.screen().page is Page.DETAILS
    rig.station.invite(visit)
    assert rig.screen().page is Page.DETAILS
    assert rig.screen().next_invited
    rig.station.give_reasons(rating_id, ("207",), "")
    assert rig.screen().page is Page.CHOICES
    assert detail(rig, rating_id) is not None


def test_the_next_citizen_can_ask_for_the_choices_without_closing_the_page(rig: WindowRig) -> None:
    first = rated(rig, "dissatisfied")
    second_visit = rig.invited_visit()
    rig.station.show_invitation()
    assert rig.screen().page is Page.CHOICES
    rig.station.press(Level.VERY_DISSATISFIED, rig.clock.seconds)
    rig.settle()
    second = rig.outcome(second_visit)
    assert second is not None
    assert rig.screen().rating_id == second.record_id
    assert detail(rig, first) is None
    rig.pass_time(DETAIL_SECONDS + 0.1)
    assert detail(rig, first) is not None
    assert detail(rig, second.record_id) is not None


def test_a_page_that_another_covered_is_never_shown_again(rig: WindowRig) -> None:
    rated(rig, "dissatisfied")
    rig.pass_time(5)
    second = rated(rig, "satisfied")
    rig.station.give_reasons(second, (), "")
    assert rig.screen().page is Page.THANKS
    rig.pass_time(6)
    assert rig.screen().page is Page.SIGN


def test_a_detail_is_recorded_once_however_often_it_is_given(rig: WindowRig) -> None:
    rating_id = rated(rig, "dissatisfied")
    rig.station.give_reasons(rating_id, ("207",), "")
    rig.station.give_reasons(rating_id, ("208",), "")
    rig.settle()
    given = detail(rig, rating_id)
    assert given is not None
    assert given["options"] == [{"code": "207", "text": "没有提供材料样本"}]


def test_what_the_last_citizen_was_asked_is_never_shown_to_the_next(rig: WindowRig) -> None:
    rated(rig, "very_dissatisfied")
    rig.invited_visit()
    rig.station.show_invitation()
    rig.station.decline(rig.clock.seconds)
    assert rig.screen().page is Page.NOT_NOW
    rig.pass_time(5)
    assert rig.screen().page is Page.SIGN


def test_what_was_ticked_at_an_orderly_stop_was_chosen(rig: WindowRig) -> None:
    rating_id = rated(rig, "dissatisfied")
    rig.station.choose_reasons(rating_id, ("207",))
    rig.stop_and_start()
    given = detail(rig, rating_id)
    assert given is not None
    assert given["options"] == [{"code": "207", "text": "没有提供材料样本"}]


def test_nothing_is_due_any_more_once_the_thanks_were_shown(rig: WindowRig) -> None:
    rating_id = rated(rig, "satisfied")
    rig.station.give_reasons(rating_id, (), "")
    assert rig.screen().page is Page.THANKS
    rig.pass_time(5)
    assert rig.station._core.next_ms() is None
