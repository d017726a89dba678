"""Deliveries over real HTTP and real databases: every answer that interfaces §5 names, and what it makes of records."""

import random
from datetime import timedelta
from email.utils import format_datetime

import pytest

from kiosk_app.domain.records import Kind
from kiosk_app.journal.delivery import DeliveryStore, State
from kiosk_app.journal.journal import Journal
from sync_agent.deliveries import MOST_FAILURES_IN_A_ROW
from sync_agent.platform_client import TimeLimits
from sync_agent.signing import timestamp
from sync_agent.simulated.exchange import Fault, Manner
from sync_agent.simulated.faults import (
    NAMED,
    crash_on,
    error,
    half_results,
    processed,
    redirect,
    refuse_batch,
    refuse_records,
    replaced,
    silent_on,
    too_large,
    unauthorised,
    unprocessed,
)
from tests.sync_agent.support import Link, by_sequence, client_for

WAITING, REFUSED = State.WAITING, State.REFUSED


def quick(link: Link) -> None:
    """Let time-outs be short."""
    link.client.close()
    link.client = client_for(link.platform, link.terminal.clock, limits=TimeLimits(connect=1, read=0.2))
    link.restart()


def sizes(link: Link) -> list[int]:
    """How many records each request had."""
    return [len(request.records()) for request in link.platform.requests]


def test_records_are_sent_in_order_and_confirmed(link: Link) -> None:
    link.terminal.rate(250)
    link.deliveries.run_round()
    assert [record["sequence"] for record in link.platform.records] == list(range(1, 252))
    assert sizes(link) == [200, 51]
    assert link.platform.chain_problems() == []
    assert not link.deliveries.something_waits()
    assert link.terminal.store.confirmed_head() == link.terminal.journal.head()
    assert link.terminal.store.status().last_contact_at == link.terminal.clock.ms


def test_nothing_due_is_no_request(link: Link) -> None:
    link.deliveries.run_round()
    link.deliveries.run_round()
    assert sizes(link) == [1]


def test_bad_ratings_go_the_same_way_as_good_ones(link: Link) -> None:
    """R14."""
    levels = ["very_satisfied", "very_dissatisfied", "dissatisfied", "satisfied"]
    records = [link.terminal.rate(level=level)[0] for level in levels]
    link.deliveries.run_round()
    assert [rating["record_id"] for rating in link.platform.ratings()] == [record.record_id for record in records]
    assert sizes(link) == [5]


# Verdicts


def test_duplicate_means_delivered(link: Link) -> None:
    """R25: what arrived before a time-out is confirmed by the next try."""
    quick(link)
    link.terminal.rate(3)
    link.platform.inject(processed(Manner.NEVER), 1)
    link.deliveries.try_all()
    assert link.terminal.states() == dict.fromkeys(range(1, 5), WAITING)
    assert set(link.terminal.errors().values()) == {"no answer in time; it may have arrived"}
    link.deliveries.try_all()
    assert not link.deliveries.something_waits()
    assert link.platform.count() == 4
    assert set(link.platform.arrivals.values()) == {2}


def test_a_superseded_record_is_kept_and_final(link: Link) -> None:
    link.terminal.rate(2, rating_code="8080-RGG0-0PFZ-R84R")
    link.deliveries.run_round()
    assert link.terminal.states() == {}
    assert link.terminal.store.resend_all() == 0
    assert len(link.platform.ratings()) == 1


def test_a_rejected_record_is_kept_shown_and_not_retried_by_itself(link: Link) -> None:
    """R26."""
    link.terminal.rate(2)
    link.platform.reject(lambda record: "level unknown" if record["sequence"] == 2 else None)
    link.deliveries.run_round()
    link.pass_seconds(3600)
    link.deliveries.run_round()
    link.deliveries.try_all()
    assert link.terminal.states() == {2: REFUSED}
    assert link.terminal.errors() == {2: "level unknown"}
    assert sizes(link) == [3]
    link.platform.reject(None)
    link.terminal.store.resend(link.terminal.records()[1].record_id, link.terminal.journal)
    link.deliveries.run_round()
    assert link.terminal.states() == {}
    assert sizes(link) == [3, 1]


def test_a_record_without_a_result_stays_waiting(link: Link) -> None:
    link.terminal.rate(3)
    link.platform.inject(half_results(), 1)
    link.deliveries.run_round()
    assert link.terminal.states() == {2: WAITING, 4: WAITING}
    assert set(link.terminal.errors().values()) == {"no result from the platform"}
    link.pass_seconds(2)
    link.deliveries.run_round()
    assert link.terminal.states() == {}


# Only 400 and 422 with a problem document speak about the records


@pytest.mark.parametrize("status", [400, 422])
def test_a_guilty_record_is_found_and_refused_and_the_others_arrive(link: Link, status: int) -> None:
    link.terminal.rate(49)
    link.platform.inject(refuse_records(by_sequence(17, 18, 50), status, "case_no too long"))
    link.deliveries.run_round()
    assert link.terminal.states() == dict.fromkeys((17, 18, 50), REFUSED)
    assert set(link.terminal.errors().values()) == {"case_no too long"}
    assert link.platform.count() == 47


@pytest.mark.parametrize("status", [400, 422])
def test_without_a_problem_document_it_says_nothing_about_records(link: Link, status: int) -> None:
    link.terminal.rate(3)
    link.platform.inject(error(status))
    link.deliveries.run_round()
    assert set(link.terminal.states().values()) == {WAITING}
    link.platform.clear_faults()
    link.deliveries.try_all()
    assert link.terminal.states() == {}


# 413


def test_413_halves_the_batch(link: Link) -> None:
    link.terminal.rate(20)
    link.platform.inject(too_large(5))
    link.deliveries.run_round()
    assert not link.deliveries.something_waits()
    assert link.platform.count() == 21


def test_413_for_a_single_record_refuses_it(link: Link) -> None:
    link.platform.inject(error(413))
    link.deliveries.run_round()
    assert link.terminal.errors() == {1: "too large"}
    assert link.terminal.states() == {1: REFUSED}


# 401 and 403


@pytest.mark.parametrize("status", [401, 403])
def test_unauthorised_holds_every_push_for_five_minutes(link: Link, status: int) -> None:
    server_time = timestamp(link.terminal.clock.wall)
    link.platform.inject(unauthorised(status, server_time))
    link.deliveries.run_round()
    assert link.terminal.store.status().unauthorised_since == link.terminal.clock.ms
    link.terminal.rate()
    link.pass_seconds(299)
    link.restart()
    link.deliveries.run_round()
    link.deliveries.try_all()
    assert sizes(link) == [1]
    assert link.terminal.states() == {1: WAITING, 2: WAITING}
    assert link.deliveries.seconds_to_next_try() == pytest.approx(1)
    link.platform.clear_faults()
    link.pass_seconds(1)
    link.deliveries.run_round()
    assert link.terminal.states() == {}
    assert link.terminal.store.status().unauthorised_since is None


@pytest.mark.parametrize("hours", [-30_000, -2, 2, 30_000])
def test_a_wrong_clock_is_corrected_and_tried_once_more_at_once(link: Link, hours: int) -> None:
    """R28: a dead clock battery does not stop delivery, and no record is touched."""
    link.terminal.clock.wall -= timedelta(hours=hours)
    [record] = link.terminal.rate()
    link.deliveries.run_round()
    assert sizes(link) == [2, 2]
    assert link.terminal.states() == {}
    assert link.platform.records[1]["occurred_at"] == record.occurred_at
    offset = link.terminal.store.status().clock_offset_ms
    assert offset == pytest.approx(hours * 3_600_000, abs=60_000)
    link.restart()
    link.terminal.rate()
    link.deliveries.run_round()
    assert sizes(link) == [2, 2, 1]


def test_the_date_header_corrects_the_clock_too(link: Link) -> None:
    link.terminal.clock.wall -= timedelta(hours=3)
    link.platform.inject(error(403, date=format_datetime(link.platform.now(), usegmt=True)), 1)
    link.deliveries.run_round()
    assert sizes(link) == [1, 1]
    assert link.terminal.states() == {}


def test_a_refusal_with_the_corrected_time_too_holds_like_any(link: Link) -> None:
    link.platform.inject(unauthorised(401, timestamp(link.terminal.clock.wall + timedelta(hours=1))))
    link.deliveries.run_round()
    link.deliveries.run_round()
    assert sizes(link) == [1, 1]
    assert link.deliveries.seconds_to_next_try() == 300


# 429 and 503


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_holds_every_push_new_records_too(link: Link, status: int) -> None:
    link.platform.inject(error(status, retry_after="60"), 1)
    link.deliveries.run_round()
    link.terminal.rate()
    link.pass_seconds(59)
    link.restart()
    link.deliveries.run_round()
    link.deliveries.try_all()
    assert sizes(link) == [1]
    link.pass_seconds(1)
    link.deliveries.run_round()
    assert sizes(link) == [1, 2]
    assert link.terminal.states() == {}


def test_retry_after_may_be_a_date(link: Link) -> None:
    later = format_datetime(link.platform.now() + timedelta(seconds=120), usegmt=True)
    link.platform.inject(error(503, retry_after=later), 1)
    link.deliveries.run_round()
    assert link.deliveries.seconds_to_next_try() == pytest.approx(120, abs=3)


def test_a_hold_that_begins_in_the_future_is_a_clock_set_back(link: Link) -> None:
    link.platform.inject(error(503, retry_after="60"), 1)
    link.deliveries.run_round()
    link.terminal.clock.wall -= timedelta(hours=5)
    link.deliveries.run_round()
    assert link.terminal.states() == {}


@pytest.mark.parametrize("status", [429, 503])
def test_without_retry_after_they_are_unavailable(link: Link, status: int) -> None:
    link.terminal.rate(3)
    link.platform.inject(error(status))
    link.deliveries.run_round()
    assert sizes(link) == [4]
    assert set(link.terminal.errors().values()) == {f"HTTP {status}"}


# Everything else: unavailable, nothing concluded

NOTHING_CONCLUDED: dict[str, Fault] = {
    **{f"HTTP {status}": error(status) for status in (302, 400, 404, 405, 409, 418, 422, 500, 501, 502, 504)},
    "redirect": redirect("/elsewhere"),
    "a 201 with results": replaced(b'{"results": []}', status=201),
    "time-out": unprocessed(Manner.NEVER),
    **{
        name: NAMED[name]() for name in NAMED if name not in ("drip", "half", "problem-400", "problem-422", "too-large")
    },
}


@pytest.mark.parametrize("name", NOTHING_CONCLUDED)
def test_everything_else_concludes_nothing_about_any_record(link: Link, name: str) -> None:
    quick(link)
    link.terminal.rate(3)
    link.platform.inject(NOTHING_CONCLUDED[name])
    link.deliveries.try_all()
    link.deliveries.run_round()
    assert link.terminal.states() == dict.fromkeys(range(1, 5), WAITING)
    assert link.terminal.store.status().unavailable_since == link.terminal.clock.ms
    assert link.terminal.store.confirmed_head() is None
    link.platform.clear_faults()
    link.deliveries.try_all()
    assert link.terminal.states() == {}
    assert link.terminal.store.status().unavailable_since is None
    assert link.platform.count() == 4
    assert link.platform.chain_problems() == []


def test_a_platform_that_does_not_listen(link: Link) -> None:
    link.terminal.rate(300)
    link.platform.stop()
    link.deliveries.run_round()
    assert link.platform.requests == []
    assert set(link.terminal.errors().values()) == {"no connection", None}
    link.platform.start()
    link.deliveries.try_all()
    assert link.terminal.states() == {}


# Waits


def test_the_wait_doubles_up_to_five_minutes_and_survives_restarts(link: Link) -> None:
    link.platform.inject(error(500))
    waits = []
    for _ in range(11):
        link.deliveries.run_round()
        waits.append(link.deliveries.seconds_to_next_try())
        link.terminal.store.close()
        link.terminal.store = DeliveryStore.open(link.terminal.directory)
        link.restart()
        link.pass_seconds(waits[-1] or 0)
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_a_wait_is_random_from_one_second_on(link: Link) -> None:
    asked: list[tuple[float, float]] = []

    def note(shortest: float, longest: float) -> float:
        asked.append((shortest, longest))
        return random.Random(1).uniform(shortest, longest)

    link.deliveries._settler._uniform = note
    link.platform.inject(error(500))
    link.deliveries.run_round()
    assert asked == [(1.0, 2.0)]
    assert 1 <= (link.deliveries.seconds_to_next_try() or 0) <= 2


def test_a_waiting_record_is_not_tried_before_its_time(link: Link) -> None:
    link.platform.inject(error(500), 1)
    link.deliveries.run_round()
    link.pass_seconds(1.9)
    link.deliveries.run_round()
    assert sizes(link) == [1]
    link.pass_seconds(0.1)
    link.deliveries.run_round()
    assert sizes(link) == [1, 1]


def test_a_new_record_does_not_wait_for_the_old_ones(link: Link) -> None:
    link.platform.inject(error(500), 1)
    link.deliveries.run_round()
    link.terminal.rate()
    link.deliveries.run_round()
    assert link.terminal.states() == {1: WAITING}
    assert link.platform.count() == 1


@pytest.mark.parametrize("hours", [-7, 7])
def test_a_clock_that_jumps_keeps_nobody_waiting(link: Link, hours: int) -> None:
    link.platform.inject(error(500), 1)
    link.deliveries.run_round()
    link.terminal.clock.wall += timedelta(hours=hours)
    link.deliveries.run_round()
    assert link.terminal.states() == {}


def test_once_tries_every_record_whatever_its_wait_and_each_only_once(link: Link) -> None:
    link.terminal.rate(500)
    link.platform.inject(error(503))
    link.deliveries.try_all()
    assert sizes(link) == [200, 200, 101]
    link.deliveries.try_all()
    assert sizes(link)[3:] == [1, 200, 200, 100]
    assert {pending.attempts for pending in link.terminal.store.pending(link.terminal.journal)} == {2}
    assert link.deliveries.something_waits()


# One bad record never holds up the others


@pytest.mark.parametrize("guilty", [(1,), (30,), (61,), (1, 2), (5, 33, 60)])
@pytest.mark.parametrize("once", [True, False])
def test_a_record_that_upsets_the_platform_each_time_stays_alone(
    link: Link, guilty: tuple[int, ...], once: bool
) -> None:
    link.terminal.rate(60)
    link.platform.inject(crash_on(by_sequence(*guilty)))
    for _ in range(3):
        link.deliveries.try_all() if once else link.deliveries.run_round()
        link.pass_seconds(2)
    assert link.terminal.states() == dict.fromkeys(guilty, WAITING)
    link.platform.clear_faults()
    link.deliveries.try_all()
    assert link.terminal.states() == {}


@pytest.mark.parametrize("once", [True, False])
def test_a_record_to_which_the_platform_is_silent_stays_alone(link: Link, once: bool) -> None:
    link.terminal.rate(30)
    link.platform.inject(silent_on(by_sequence(9)))
    for _ in range(4):
        link.deliveries.try_all() if once else link.deliveries.run_round()
        link.pass_seconds(2)
    assert link.terminal.states() == {9: WAITING}


def test_a_platform_that_is_down_is_not_hammered(link: Link) -> None:
    link.terminal.rate(1000)
    link.platform.inject(error(500))
    link.deliveries.run_round()
    assert len(link.platform.requests) <= MOST_FAILURES_IN_A_ROW
    for _ in range(5):
        before = len(link.platform.requests)
        link.pass_seconds(300)
        link.deliveries.run_round()
        assert sizes(link)[before:] == [1]
    link.platform.clear_faults()
    link.pass_seconds(300)
    link.deliveries.run_round()
    assert link.terminal.states() == {}


def test_a_platform_that_goes_down_in_the_middle_ends_the_round(link: Link) -> None:
    link.terminal.rate(1000)
    link.platform.inject(refuse_batch(), 1)
    link.platform.inject(error(500))
    link.deliveries.run_round()
    assert len(link.platform.requests) <= 1 + MOST_FAILURES_IN_A_ROW
    assert set(link.terminal.states().values()) == {WAITING}


# The journal


def test_records_of_every_kind_are_sent(link: Link) -> None:
    link.terminal.rate()
    link.deliveries.run_round()
    assert {record["kind"] for record in link.platform.records} == {Kind.JOURNAL_STARTED, Kind.RATING}


def test_a_journal_that_begins_anew_is_sent_from_its_beginning(link: Link) -> None:
    """Its sequences go on after the confirmed head, over records that were taken in and never confirmed."""
    link.terminal.rate(3)
    link.deliveries.run_round()
    link.terminal.rate(3)
    link.platform.inject(error(500))
    link.deliveries.run_round()
    link.platform.clear_faults()
    link.terminal.journal.close()
    for file in link.terminal.directory.glob("journal.sqlite3*"):
        file.unlink()
    link.terminal.journal = Journal.open_or_start(
        link.terminal.directory, device_id="lw-a-w12", clock=link.terminal.clock, software="test 2"
    )
    link.terminal.rate(5)
    link.restart()
    link.deliveries.try_all()
    held = {record["record_id"] for record in link.platform.records}
    assert {record.record_id for record in link.terminal.records()} <= held
    # It goes on after all that was sent, so nothing was set back; what is gone is told for each record.
    assert link.terminal.store.status().journal_set_back_at is None
    assert set(link.terminal.errors().values()) <= {"no longer in the journal"}


def test_an_older_journal_brought_back_is_sent_again_where_it_goes_its_own_way(link: Link) -> None:
    link.terminal.rate(3)
    backup = (link.terminal.directory / "journal.sqlite3", link.terminal.directory / "backup.sqlite3")
    link.terminal.journal.connection.execute("VACUUM INTO ?", (str(backup[1]),))
    link.terminal.rate(3)
    link.deliveries.run_round()
    cut_at = link.terminal.store.confirmed_head()
    link.terminal.journal.close()
    for file in link.terminal.directory.glob("journal.sqlite3*"):
        file.unlink()
    backup[1].rename(backup[0])
    link.terminal.journal = Journal.open_or_start(
        link.terminal.directory, device_id="lw-a-w12", clock=link.terminal.clock, software="test 2"
    )
    link.restart()
    link.deliveries.run_round()
    assert link.terminal.store.confirmed_head() == cut_at
    new = link.terminal.rate()
    link.deliveries.run_round()
    assert new[0].record_id in link.platform.arrivals
    assert link.terminal.errors() == {5: "the sequence holds another record"}
    link.terminal.rate(5)
    link.deliveries.run_round()
    assert link.platform.count() == 10
    assert link.terminal.store.confirmed_head() == cut_at, "the evidence of the cut must stay (R12)"


# Ending


def test_stop_gives_the_answer_up_and_concludes_nothing(link: Link) -> None:
    link.terminal.rate(3)
    link.deliveries.stop()
    link.deliveries.run_round()
    assert link.platform.requests == []
    assert link.terminal.states() == dict.fromkeys(range(1, 5), WAITING)
    assert link.terminal.store.status().unavailable_since is None
