"""Each question costs the same with a thousand records and with a million: no walk through the records, no sorting.

Two proofs without a watch: SQLite's own plan of every statement that really runs, and the number of steps its virtual
machine takes in a small and in a large journal.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from kiosk_app.domain.levels import Level
from kiosk_app.domain.rating_code import make_code
from kiosk_app.domain.records import Draft, Kind
from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.tallies import PERIODS, SUBJECTS, evaluator_availability, tallies
from tests.journal import drafts
from tests.journal.storage import open_journal
from tests.manual_clock import ManualClock

SMALL, LARGE = 30, 600
"""Visits; each makes three records, half of them a fourth, and beside each there is a task at the kiosk."""
DAY = date(2026, 11, 23)

_KINDS = (Kind.WINDOW_PAUSED, Kind.WINDOW_RESUMED)

QUESTIONS: dict[str, Callable[[Journal], object]] = {
    "head": lambda j: j.head(),
    "one record after": lambda j: j.records_after(20, limit=1),
    "a page after": lambda j: j.records_after(20, limit=10),
    "the newest page": lambda j: j.records_after((j.head() or (0, ""))[0] - 10),
    "by sequence": lambda j: j.records_by_sequence([3, 17, 21]),
    "by id": lambda j: j.record_by_id(j.records_after(16, limit=1)[0].record_id),
    "an unknown id": lambda j: j.record_by_id(new_id()),
    "of a visit": lambda j: j.of_visit(str(j.latest(Kind.VISIT_OPENED)[0].visit_id)),
    "of an unknown visit": lambda j: j.of_visit(new_id()),
    "the latest opening": lambda j: j.latest(Kind.VISIT_OPENED, limit=6),
    "the latest pause or its end": lambda j: j.latest(*_KINDS),
    "the latest of a kind there is none of": lambda j: j.latest(Kind.OPERATOR_ACTION),
    "what awaits a detail": lambda j: j.awaiting_detail(),
    "bindings": lambda j: j.bindings(),
    "who is bound": lambda j: j.bound_to("12"),
    "the last action": lambda j: j.last_action("resend"),
    "the last counter": lambda j: j.last_code_counter(12, DAY),
    "the last serial": lambda j: j.last_serial("n-1", DAY),
    "the ticket of a code": lambda j: j.ticket_by_code(code(3)),
    "the rating of a code": lambda j: j.rating_by_code(code(3)),
    "an unknown code": lambda j: j.rating_by_code(code(4095)),
    "the numbers of a group": lambda j: j.open_tickets(DAY, "社保"),
    "the prints of a ticket": lambda j: j.print_results(j.latest(Kind.TICKET_ISSUED)[0].record_id),
    "the places of a lease": lambda j: j.places_taken("s-3"),
    "a booking": lambda j: j.appointment("3"),
    "availability": lambda j: evaluator_availability(j, DAY, DAY),
    **{f"statistics by {by}": partial(tallies, by=by, first=DAY, last=DAY) for by in (*SUBJECTS, *PERIODS)},
}


def code(counter: int) -> str:
    return make_code(b"a key of one device", 1, 12, DAY, counter)


def a_task_at_the_kiosk(clock: ManualClock, number: int) -> list[Draft]:
    """A ticket, its print, a booking that is cancelled, and a rating by code."""
    now, name = clock.now(), str(number)
    return [
        drafts.ticket(now, f"A{number:03d}", rating_code=code(number)),
        drafts.print_result(now, new_id()),
        drafts.appointment(Kind.APPOINTMENT_BOOKED, now, name, lease_id=f"s-{number}"),
        drafts.appointment(Kind.APPOINTMENT_CANCELLED, now, name, lease_id=f"s-{number}"),
        drafts.rating_by_code(now, code(number)),
    ]


def a_whole_day(clock: ManualClock) -> list[Draft]:
    """A record of every kind that changes something derived, and one that does not."""
    visit, now = new_id(), clock.now()
    return [
        drafts.bound(now, "12", "0999"),
        drafts.opened(now, visit),
        drafts.invited(now, visit),
        drafts.rating(now, visit, Level.DISSATISFIED, source="evaluator"),
        drafts.detail(now, new_id(), visit),
        Draft(Kind.DEVICE_EVENT, {"device": "clock"}, now),
        *a_task_at_the_kiosk(clock, 4_000),
        drafts.appointment(Kind.APPOINTMENT_CHECKED_IN, now, "elsewhere"),
    ]


def fill(directory: Path, visits: int) -> Journal:
    clock = ManualClock()
    journal = open_journal(directory, clock)
    journal.append(
        drafts.bound(clock.now(), "12", "0815"),
        *(Draft(kind, {"reason": "开会", "back_at": None}, clock.now()) for kind in _KINDS),
    )
    for number in range(visits):
        level = Level.DISSATISFIED if number % 2 else Level.SATISFIED
        records = journal.append(*drafts.whole_visit(clock.now(), level))
        if level.is_bad:
            journal.append(drafts.detail(clock.now(), records[-1].record_id, records[-1].visit_id))
        journal.append(*a_task_at_the_kiosk(clock, number))
    journal.append(*(drafts.ticket(clock.now(), f"B{n:03d}", lease_id="n-2", item_group="社保") for n in range(5)))
    return journal


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    with closing(fill(tmp_path_factory.mktemp("small"), SMALL)) as journal:
        yield journal


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    with closing(fill(tmp_path_factory.mktemp("large"), LARGE)) as journal:
        yield journal


def statements(journal: Journal, work: Callable[[], object]) -> list[str]:
    """The SQL that really runs."""
    seen: list[str] = []
    journal.connection.set_trace_callback(seen.append)
    try:
        work()
    finally:
        journal.connection.set_trace_callback(None)
    return seen


def steps(journal: Journal, work: Callable[[], object]) -> int:
    """How many instructions SQLite's virtual machine takes, triggers included."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    journal.connection.set_progress_handler(count, 1)
    try:
        work()
    finally:
        journal.connection.set_progress_handler(None, 1)
    return taken


def plan(journal: Journal, statement: str) -> list[str]:
    return [row[3] for row in journal.connection.execute(f"EXPLAIN QUERY PLAN {statement}")]


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_walks_through_the_records(large: Journal, question: str) -> None:
    asked = [s for s in statements(large, lambda: QUESTIONS[question](large)) if s.startswith("SELECT")]
    assert asked
    for statement in asked:
        touching = [line for line in plan(large, statement) if re.search(r"\brecords\b", line)]
        searched = [line for line in touching if line.startswith("SEARCH records USING")]
        # The newest record is the one end of the table: one step along its primary key.
        at_the_end = "ORDER BY sequence DESC LIMIT 1" in statement
        assert touching == searched or (touching == ["SCAN records"] and at_the_end), (statement, touching)
        if touching:
            assert not [line for line in plan(large, statement) if "TEMP B-TREE" in line], statement


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_takes_as_many_steps_in_a_large_journal(small: Journal, large: Journal, question: str) -> None:
    ask = QUESTIONS[question]
    ask(small), ask(large)
    assert steps(small, lambda: ask(small)) == steps(large, lambda: ask(large)) > 0


def test_every_append_takes_as_many_steps_in_a_large_journal(
    small: Journal, large: Journal, clock: ManualClock
) -> None:
    """Guards and derived tables included."""
    for draft in a_whole_day(clock):
        taken = [steps(journal, partial(journal.append, draft)) for journal in (small, large)]
        assert taken[0] == taken[1], draft.kind


def test_the_records_of_a_kind_are_read_along_an_index(large: Journal) -> None:
    read = statements(large, lambda: list(large.all_records(kind="rating")))
    for statement in read:
        assert [line for line in plan(large, statement) if line.startswith("SEARCH records USING")], statement


def test_all_records_are_read_page_by_page_in_order(large: Journal) -> None:
    sequences = [record.sequence for record in large.all_records(after=1_000)]
    head = large.head()
    assert head is not None
    assert sequences == list(range(1_001, head[0] + 1))
    assert len(statements(large, lambda: list(large.all_records()))) > 2
