"""A code for every visit, its own, however the app was stopped (R10, R20, interfaces §7)."""

from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest

from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.domain.rating_code import COUNTERS_A_DAY, RatingCode, check_code, device_key, make_code
from kiosk_app.domain.records import Record
from kiosk_app.domain.visits import VisitRequest
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.terminal.rating_codes import RatingCodes
from tests.manual_clock import ManualClock
from tests.window.window_rig import CODES, HALL_KEY, INVITE_SECONDS, WindowRig

TODAY = date(2026, 11, 23)


def code_of(record: Record) -> RatingCode:
    """The code that a record carries, checked as a kiosk of the hall checks it."""
    code = check_code(record.payload["rating_code"], HALL_KEY, CODES.hall_id)
    assert isinstance(code, RatingCode)
    return code


def missed_visit(rig: WindowRig, **request: object) -> str:
    """A visit that ended without an invitation."""
    visit = rig.open_visit(**request)
    rig.station.end(visit)
    return visit


def opened_codes(rig: WindowRig) -> list[RatingCode]:
    return [code_of(record) for record in rig.records("visit_opened")]


def test_every_visit_gets_the_next_code_of_its_day_which_a_kiosk_of_the_hall_accepts(coded: WindowRig) -> None:
    for _ in range(3):
        missed_visit(coded)
    codes = opened_codes(coded)
    assert [(code.short_id, code.day, code.counter) for code in codes] == [(12, TODAY, n) for n in range(3)]


def test_the_code_stands_in_opening_and_outcome_alike(coded: WindowRig) -> None:
    rated = coded.invited_visit()
    coded.key("satisfied")
    missed = missed_visit(coded)
    opened = {record.visit_id: record.payload["rating_code"] for record in coded.records("visit_opened")}
    for visit in (rated, missed):
        outcome = coded.outcome(visit)
        assert outcome is not None
        assert outcome.payload["rating_code"] == opened[visit]
    assert opened[rated] != opened[missed]


def test_codes_go_on_after_a_crash_and_a_reboot(coded: WindowRig) -> None:
    missed_visit(coded)
    coded.restart()
    visit = coded.open_visit()
    coded.restart(lambda: coded.clock.reboot())
    coded.station.end(visit)
    outcome = coded.outcome(visit)
    assert outcome is not None
    assert code_of(outcome).counter == 1
    missed_visit(coded)
    assert [code.counter for code in opened_codes(coded)] == [0, 1, 2]


def test_a_new_day_counts_from_0_and_a_clock_set_back_repeats_nothing(coded: WindowRig) -> None:
    missed_visit(coded)
    coded.clock.set_wall(24 * 3_600_000)
    missed_visit(coded)
    coded.clock.set_wall(-24 * 3_600_000)
    missed_visit(coded)
    codes = opened_codes(coded)
    assert [(code.day.day, code.counter) for code in codes] == [(23, 0), (24, 0), (23, 1)]
    assert len({code.text for code in codes}) == 3


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("8080-RGG0-0PFZ-R84R", "8080-RGG0-0PFZ-R84R"),
        (" 8o8o rggo opfz r84r", "8080-RGG0-0PFZ-R84R"),
        ("QUEUE/2026/17", "QUEUE/2026/17"),
        ("1234567890123456", "1234567890123456"),
    ],
)
def test_a_code_that_was_given_is_kept_in_its_one_spelling_or_as_it_is(coded: WindowRig, given: str, kept: str) -> None:
    missed_visit(coded, rating_code=given)
    missed_visit(coded)
    first, second = (record.payload["rating_code"] for record in coded.records("visit_opened"))
    assert first == kept
    assert second == make_code(CODES.key, 1, 12, TODAY, 0)


def test_a_given_code_of_this_very_window_is_never_made_a_second_time(coded: WindowRig) -> None:
    """Such as a number that is called again."""
    missed_visit(coded, rating_code=make_code(CODES.key, 1, 12, TODAY, 7))
    missed_visit(coded)
    assert [code.counter for code in opened_codes(coded)] == [7, 8]


def test_a_given_code_that_calls_itself_this_windows_and_is_not_gets_another_and_uses_none_up(coded: WindowRig) -> None:
    """Nobody could rate with it, and its counter would leave none for the day's other visits."""
    forged = make_code(device_key(b"\x01" * 32, 12), 1, 12, TODAY, COUNTERS_A_DAY - 1)
    missed_visit(coded, rating_code=forged)
    missed_visit(coded)
    assert [code.counter for code in opened_codes(coded)] == [0, 1]


def test_a_refused_visit_uses_no_code_up(coded: WindowRig) -> None:
    visit = coded.open_visit()
    for _ in range(3):
        coded.station.open_visit(VisitRequest())
    coded.station.end(visit)
    missed_visit(coded)
    assert [code.counter for code in opened_codes(coded)] == [0, 1]


def test_once_a_days_codes_are_used_up_visits_go_on_without_and_health_says_so(coded: WindowRig) -> None:
    missed_visit(coded, rating_code=make_code(CODES.key, 1, 12, TODAY, COUNTERS_A_DAY - 2))
    missed_visit(coded)
    assert "no_rating_code" not in [problem.code for problem in coded.station.problems()]
    missed_visit(coded)
    assert [record.payload["rating_code"] is None for record in coded.records("rating_missed")] == [False, False, True]
    assert "no_rating_code" in [problem.code for problem in coded.station.problems()]
    coded.pass_time(24 * 3600)
    missed_visit(coded)
    assert "no_rating_code" not in [problem.code for problem in coded.station.problems()]


def test_a_dead_clock_turns_no_citizen_away(tmp_path: Path) -> None:
    rig = WindowRig(tmp_path, clock=ManualClock(wall=datetime(1970, 1, 1, 8, 0, tzinfo=CHINA_TIME)), codes=CODES)
    missed_visit(rig)
    (missed,) = rig.records("rating_missed")
    assert missed.payload["rating_code"] is None
    assert "no_rating_code" in [problem.code for problem in rig.station.problems()]
    rig.close()


def test_without_a_key_no_code_is_made_and_a_given_one_is_kept(rig: WindowRig) -> None:
    missed_visit(rig)
    missed_visit(rig, rating_code="8080-RGG0-0PFZ-R84R")
    codes = [record.payload["rating_code"] for record in rig.records("visit_opened")]
    assert codes == [None, "8080-RGG0-0PFZ-R84R"]


def test_no_log_and_no_description_of_the_setup_tells_the_key() -> None:
    assert CODES.key.hex() not in repr(CODES)
    assert repr(CODES.key) not in repr(CODES)


def test_two_windows_of_a_hall_never_share_a_code(tmp_path: Path) -> None:
    made: list[str] = []
    for short_id in (12, 13):
        rig = WindowRig(tmp_path / str(short_id), codes=RatingCodes(1, short_id, device_key(HALL_KEY, short_id)))
        made += [code_of(rig.records("visit_opened")[-1]).text for _ in range(3) if missed_visit(rig)]
        rig.close()
    assert len(set(made)) == 6


def test_a_journal_that_took_the_place_of_a_lost_one_repeats_none_of_its_codes(coded: WindowRig) -> None:
    """It cannot know them: it begins where a window that opens a visit every 21 s since midnight would be."""
    for _ in range(3):
        missed_visit(coded)
    lost = {code.text for code in opened_codes(coded)}
    head = coded.records()[-1]
    with closing(DeliveryStore.open(coded.directory)) as delivery:
        delivery.admit(coded.records())

    def lose_the_journal() -> None:
        for file in coded.directory.glob("journal.sqlite3*"):
            file.unlink()

    coded.restart(lose_the_journal)
    assert coded.records()[0].payload["previous_journal"]["sequence"] == head.sequence
    missed_visit(coded)
    missed_visit(coded)
    codes = opened_codes(coded)
    assert [code.counter for code in codes] == [9 * 4096 // 24 + 1, 9 * 4096 // 24 + 2]
    assert not lost & {code.text for code in codes}
    coded.clock.set_wall(24 * 3_600_000)
    missed_visit(coded)
    assert opened_codes(coded)[-1].counter == 0


def test_a_timeout_keeps_the_code_too(coded: WindowRig) -> None:
    visit = coded.invited_visit()
    coded.pass_time(INVITE_SECONDS + 1)
    outcome = coded.outcome(visit)
    assert outcome is not None
    assert code_of(outcome).counter == 0
