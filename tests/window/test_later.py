"""Who did not rate is told how to do so later, and nobody else ever sees that code (R10, R20, R24)."""

from datetime import date

import pytest

from device_drivers.printer.conditions import Condition, PrintState
from kiosk_app.domain.levels import Level
from kiosk_app.domain.rating_code import make_code
from kiosk_app.domain.records import Record
from kiosk_app.journal.hall import HallStore
from kiosk_app.window.pages import LATER_MS
from kiosk_app.window.screen_state import Page, Printing, RateLater
from tests.window.window_rig import CODES, DETAIL_SECONDS, INVITE_SECONDS, PUBLIC_URL, WindowRig

STAY = LATER_MS / 1000


def later(rig: WindowRig) -> RateLater:
    """What the page with the code says."""
    screen = rig.screen()
    assert screen.page is Page.LATER
    assert screen.later is not None
    return screen.later


def not_invited(rig: WindowRig, **request: object) -> Record:
    visit = rig.open_visit(**request)
    rig.station.end(visit)
    missed = rig.outcome(visit)
    assert missed is not None
    return missed


def timed_out(rig: WindowRig) -> Record:
    visit = rig.invited_visit()
    rig.pass_time(INVITE_SECONDS + 0.5)
    missed = rig.outcome(visit)
    assert missed is not None
    return missed


def declined(rig: WindowRig) -> Record:
    visit = rig.invited_visit()
    rig.station.decline(rig.clock.seconds)
    rig.settle()
    missed = rig.outcome(visit)
    assert missed is not None
    return missed


ENDINGS = [not_invited, timed_out, declined]


@pytest.mark.parametrize("end", ENDINGS)
def test_after_a_missed_rating_the_code_is_shown_with_its_last_day(coded: WindowRig, end: object) -> None:
    missed: Record = end(coded)  # type: ignore[operator]
    shown = later(coded)
    assert shown.code == missed.payload["rating_code"]
    assert shown.link == f"{PUBLIC_URL}/r/{shown.code}"
    assert shown.last_day == date(2026, 11, 30), "Monday 23 November and five working days"
    assert shown.declined is (end is declined)
    coded.pass_time(STAY)
    assert coded.screen().page is Page.SIGN
    assert coded.screen().later is None


def test_the_last_day_follows_the_platforms_calendar(coded: WindowRig) -> None:
    hall = HallStore.open(coded.directory)
    hall.replace_document("workdays", {"2026": {"holidays": ["2026-11-26", "2026-11-27"], "workdays": ["2026-11-28"]}})
    hall.close()
    coded.settle()
    not_invited(coded)
    assert later(coded).last_day == date(2026, 12, 1)


def test_a_tickets_code_of_an_earlier_day_counts_from_that_day(coded: WindowRig) -> None:
    not_invited(coded, rating_code=make_code(CODES.key, 1, 99, date(2026, 11, 20), 3))
    assert later(coded).last_day == date(2026, 11, 27)


@pytest.mark.parametrize("code", [make_code(CODES.key, 1, 99, date(2026, 11, 2), 3), "QUEUE/2026/17"])
def test_a_code_with_which_nobody_can_rate_any_more_or_here_is_not_shown(coded: WindowRig, code: str) -> None:
    not_invited(coded, rating_code=code)
    assert coded.screen().page is Page.SIGN


def test_a_visit_that_was_rated_shows_no_code(coded: WindowRig) -> None:
    coded.invited_visit()
    coded.key("satisfied")
    coded.pass_time(DETAIL_SECONDS + 0.1)
    assert coded.screen().page is Page.THANKS
    coded.pass_time(5)
    assert coded.screen().page is Page.SIGN


def test_without_codes_everything_is_as_before(rig: WindowRig) -> None:
    not_invited(rig, rating_code="8080-RGG0-0PFZ-R84R")
    assert rig.screen().page is Page.SIGN
    declined(rig)
    assert rig.screen().page is Page.NOT_NOW


def test_an_abandoned_visit_has_nobody_to_show_a_code_to(coded: WindowRig) -> None:
    coded.open_visit()
    coded.pass_time(24 * 3600)
    assert coded.screen().page is Page.SIGN


@pytest.mark.parametrize("end", ENDINGS)
@pytest.mark.parametrize("invite", [False, True])
def test_the_code_goes_for_good_when_the_next_visit_opens_r24(coded: WindowRig, end: object, invite: bool) -> None:
    end(coded)  # type: ignore[operator]
    first = later(coded).code
    visit = coded.open_visit(invite=invite)
    assert coded.screen().page is (Page.CHOICES if invite else Page.SERVING)
    if invite:
        coded.station.press(Level.SATISFIED, coded.clock.seconds)
        coded.station.give_reasons(coded.screen().rating_id, (), "")
        assert coded.screen().page is Page.THANKS
        coded.pass_time(5)
        assert coded.screen().page is Page.SIGN
    else:
        coded.station.end(visit)
        assert later(coded).code != first


def test_a_pause_takes_the_code_away(coded: WindowRig) -> None:
    not_invited(coded)
    coded.station.pause("午休", None)
    assert coded.screen().page is Page.AWAY
    coded.station.resume()
    assert coded.screen().page is Page.SIGN


def test_a_pause_that_waited_for_this_visit_waits_for_its_code_too(coded: WindowRig) -> None:
    """Otherwise a citizen whose clerk is about to leave would be the only one without a way to rate (R20)."""
    visit = coded.open_visit()
    coded.station.pause("午休", None)
    coded.station.end(visit)
    later(coded)
    coded.pass_time(STAY)
    assert coded.screen().page is Page.AWAY


def test_after_a_restart_nobody_knows_who_stands_there(coded: WindowRig) -> None:
    not_invited(coded)
    later(coded)
    coded.restart()
    assert coded.screen().page is Page.SIGN


def test_a_touch_gives_30_seconds_more_and_only_once(coded: WindowRig) -> None:
    missed = not_invited(coded)
    coded.pass_time(STAY - 1)
    coded.station.keep_code(missed.record_id)
    assert later(coded).kept
    coded.pass_time(STAY - 1)
    coded.station.keep_code(missed.record_id)
    assert later(coded).kept
    coded.pass_time(1)
    assert coded.screen().page is Page.SIGN


def test_the_citizen_can_send_the_code_away(coded: WindowRig) -> None:
    missed = not_invited(coded)
    later(coded)
    coded.station.close_code(missed.record_id)
    assert coded.screen().page is Page.SIGN


def test_a_touch_that_was_meant_for_another_code_does_nothing(coded: WindowRig) -> None:
    first = not_invited(coded)
    not_invited(coded)
    for touch in (coded.station.keep_code, coded.station.close_code):
        touch(first.record_id)
    coded.station.print_code(first.record_id, "zh-CN")
    assert not later(coded).kept
    assert coded.paper is not None
    assert coded.paper.jobs == []


def test_the_page_of_the_one_before_who_gives_reasons_is_not_cut_short_r7(coded: WindowRig) -> None:
    coded.invited_visit()
    coded.key("dissatisfied")
    rating_id = coded.screen().rating_id
    not_invited(coded)
    assert coded.screen().page is Page.DETAILS
    coded.station.give_reasons(rating_id, (), "")
    assert coded.screen().page is Page.THANKS
    coded.pass_time(5)
    later(coded)


def test_when_it_could_only_be_recorded_long_afterwards_nobody_is_shown_a_code(coded: WindowRig) -> None:
    visit = coded.invited_visit()
    coded.broken = "disk full"
    coded.pass_time(INVITE_SECONDS + 1)
    assert coded.screen().page is Page.CANNOT_RECORD
    coded.broken = None
    coded.pass_time(60)
    missed = coded.outcome(visit)
    assert missed is not None
    assert missed.payload["reason"] in ("timeout", "interrupted")
    assert coded.screen().page is Page.SIGN


# --- on paper ----------------------------------------------------------------------------------------------------


def asked(rig: WindowRig, language: str = "zh-CN") -> Record:
    missed = not_invited(rig)
    rig.station.print_code(missed.record_id, language)
    rig.settle()
    return missed


def results(rig: WindowRig) -> list[tuple[str, int, str]]:
    return [(r.payload["of"], r.payload["copy"], r.payload["state"]) for r in rig.records("print_result")]


def test_the_slip_is_printed_only_on_request(coded: WindowRig) -> None:
    missed = not_invited(coded)
    assert (later(coded).printing, later(coded).may_print) == (Printing.READY, True)
    assert coded.paper is not None
    assert coded.paper.jobs == []
    coded.station.print_code(missed.record_id, "zh-CN")
    assert (later(coded).printing, later(coded).may_print) == (Printing.PRINTING, False)
    said = "".join(coded.paper.words())
    for part in (later(coded).link, "测试政务服务中心", "11月30日", "12 号窗口"):
        assert part in said
    coded.printed(PrintState.CONFIRMED)
    assert (later(coded).printing, later(coded).may_print) == (Printing.PRINTED, False)
    assert results(coded) == [(missed.record_id, 1, "confirmed")]


def test_the_slip_speaks_the_language_of_the_screen(coded: WindowRig) -> None:
    asked(coded, "en")
    assert coded.paper is not None
    assert "November" in "".join(coded.paper.words())


@pytest.mark.parametrize("state", [PrintState.FAILED, PrintState.UNCONFIRMED])
def test_a_slip_that_may_not_have_come_out_can_be_asked_for_again_and_says_so(
    coded: WindowRig, state: PrintState
) -> None:
    missed = asked(coded)
    coded.printed(state, "told by the printer")
    assert later(coded).printing.value == state.value
    assert later(coded).may_print
    assert coded.paper is not None
    assert len(coded.paper.jobs) == 1, "never a second time by itself"
    coded.station.print_code(missed.record_id, "zh-CN")
    coded.settle()
    assert coded.paper.jobs[-1][2] is True
    assert any("补打" in word for word in coded.paper.words())
    coded.printed(PrintState.CONFIRMED)
    assert results(coded) == [(missed.record_id, 1, state.value), (missed.record_id, 2, "confirmed")]


def test_a_slip_is_not_printed_twice_by_an_impatient_finger(coded: WindowRig) -> None:
    missed = asked(coded)
    coded.station.print_code(missed.record_id, "zh-CN")
    coded.settle()
    coded.printed(PrintState.CONFIRMED)
    coded.station.print_code(missed.record_id, "zh-CN")
    coded.settle()
    assert coded.paper is not None
    assert len(coded.paper.jobs) == 1


@pytest.mark.parametrize("condition", [c for c in Condition if not c.can_print])
def test_where_the_printer_cannot_print_the_page_says_so_and_nothing_is_sent(
    coded: WindowRig, condition: Condition
) -> None:
    coded.printer_is(condition)
    asked(coded)
    assert (later(coded).printing, later(coded).may_print) == (Printing.CANNOT, False)
    assert coded.paper is not None
    assert coded.paper.jobs == []
    coded.printer_is(Condition.READY)
    assert later(coded).may_print


def test_a_result_that_comes_when_the_next_citizen_is_there_is_recorded_and_not_shown(coded: WindowRig) -> None:
    missed = asked(coded)
    coded.open_visit()
    coded.printed(PrintState.CONFIRMED)
    assert coded.screen().page is Page.SERVING
    assert results(coded) == [(missed.record_id, 1, "confirmed")]


def test_without_a_printer_no_slip_is_offered(coded: WindowRig) -> None:
    coded.paper = None
    coded.restart()
    missed = not_invited(coded)
    coded.station.print_code(missed.record_id, "zh-CN")
    assert (later(coded).printing, later(coded).may_print) == (Printing.NO_PRINTER, False)


@pytest.mark.parametrize(
    ("condition", "code", "severity"),
    [
        (Condition.NEAR_END, "printer_paper_low", "warning"),
        (Condition.PAPER_OUT, "printer_paper_out", "problem"),
        (Condition.COVER_OPEN, "printer_cover_open", "problem"),
        (Condition.CUTTER_ERROR, "printer_cutter_error", "problem"),
        (Condition.ERROR, "printer_error", "problem"),
        (Condition.OFFLINE, "printer_offline", "problem"),
        (Condition.DISCONNECTED, "printer_lost", "problem"),
    ],
)
def test_health_tells_the_technician_what_ails_the_printer(
    coded: WindowRig, condition: Condition, code: str, severity: str
) -> None:
    coded.printer_is(condition, "as the printer words it")
    (problem,) = [p for p in coded.station.problems() if p.code.startswith("printer")]
    assert (problem.code, problem.severity) == (code, severity)
    assert "as the printer words it" in problem.text
    states = [r.payload["state"] for r in coded.records("device_event") if r.payload["device"] == "printer"]
    assert states == [condition.value]


@pytest.mark.parametrize("condition", [Condition.READY, Condition.UNKNOWN])
def test_a_printer_that_prints_or_tells_nothing_is_no_problem(coded: WindowRig, condition: Condition) -> None:
    coded.printer_is(condition)
    assert not [p for p in coded.station.problems() if p.code.startswith("printer")]
