"""`statistics`: by every unit and period, from the records alone (R15, R16)."""

from contextlib import closing
from datetime import datetime
from typing import Any

import pytest

from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.tallies import PERIODS, SUBJECTS
from tests.journal import drafts
from tests.manual_clock import ManualClock
from tests.technician.terminal import Terminal

KEYS = [
    "visits_ended", "invitations", "ratings", "levels", "invited_rate", "rating_rate", "unrated_rate",
    "satisfaction_rate", "mean_score", "mean_of_100", "mean_is_assumed", "evaluator_availability",
]  # fmt: skip


def visit(journal: Journal, day: str, outcome: Level | str, staff_no: str = "0815", **case: str) -> None:
    at = ManualClock(wall=datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=CHINA_TIME)).now()
    cases = ({**drafts.CASE, **case},)
    visit_id = new_id()
    journal.append(drafts.opened(at, visit_id, staff_no=staff_no, cases=cases))
    if outcome != "not_invited":
        journal.append(drafts.invited(at, visit_id))
    if isinstance(outcome, Level):
        journal.append(drafts.rating(at, visit_id, outcome, staff_no=staff_no, cases=cases))
    else:
        journal.append(drafts.missed(at, visit_id, outcome))


@pytest.fixture
def year(terminal: Terminal) -> None:
    with terminal.journal() as journal:
        visit(journal, "2026-11-23", Level.VERY_SATISFIED)
        visit(journal, "2026-11-23", Level.DISSATISFIED, department="人社局", item_code="640102")
        visit(journal, "2026-11-24", "not_invited", staff_no="0999")
        visit(journal, "2026-12-01", "timeout")
        visit(journal, "2027-02-01", Level.SATISFIED)


def ask(terminal: Terminal, *arguments: str) -> dict[Any, dict[str, Any]]:
    """Rows by the name of their unit, which is the first key."""
    rows = terminal.done("statistics", "--json", *arguments).rows
    return {next(iter(row.values())): row for row in rows}


@pytest.mark.usefixtures("year")
def test_every_row_carries_unit_counts_rates_and_scores_r15(terminal: Terminal) -> None:
    rows = terminal.done("statistics", "--json").rows
    assert [list(row) for row in rows] == [["window", *KEYS]]
    (row,) = rows
    assert row["window"] == "12"
    assert (row["visits_ended"], row["invitations"], row["ratings"]) == (5, 4, 3)
    assert row["levels"] == {
        "very_satisfied": 1, "satisfied": 1, "basically_satisfied": 0, "dissatisfied": 1, "very_dissatisfied": 0,
    }  # fmt: skip
    assert (row["invited_rate"], row["rating_rate"], row["unrated_rate"]) == (0.8, 0.6, 0.4)
    assert (row["satisfaction_rate"], row["mean_score"], row["mean_of_100"]) == (0.6667, 3.6667, 73.334)
    assert row["mean_is_assumed"] is False
    assert row["evaluator_availability"] is None, "no evaluator is configured"


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    ("by", "visits"),
    [
        ("window", {"12": 5}),
        ("staff", {"0815": 4, "0999": 1}),
        ("department", {"人社局": 1, "市场监督管理局": 4}),
        ("item", {"640101": 4, "640102": 1}),
        ("day", {"2026-11-23": 2, "2026-11-24": 1, "2026-12-01": 1, "2027-02-01": 1}),
        ("month", {"2026-11": 3, "2026-12": 1, "2027-02": 1}),
        ("quarter", {"2026-Q4": 4, "2027-Q1": 1}),
        ("year", {"2026": 4, "2027": 1}),
    ],
)
def test_by_every_unit_and_period_r15(terminal: Terminal, by: str, visits: dict[str, int]) -> None:
    found = ask(terminal, "--by", by)
    assert {unit: row["visits_ended"] for unit, row in found.items()} == visits
    assert list(found) == sorted(found)
    assert all(next(iter(row)) == by for row in found.values())


def test_every_unit_and_period_of_the_interface_is_tested() -> None:
    assert {*SUBJECTS, *PERIODS} == {"window", "staff", "department", "item", "day", "month", "quarter", "year"}


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    ("by", "visits"), [("quarter", {"2026-Q4": 3, "2027-Q1": 2}), ("year", {"2026": 3, "2027": 2})]
)
def test_where_the_year_starts_in_december_that_month_belongs_to_the_next_r15(
    terminal: Terminal, by: str, visits: dict[str, int]
) -> None:
    terminal.configure("\n[rules]\nyear_starts_in_december = true\n")
    assert {unit: row["visits_ended"] for unit, row in ask(terminal, "--by", by).items()} == visits


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    ("span", "visits"),
    [
        (["--from", "2026-11-24"], 3),
        (["--to", "2026-11-24"], 3),
        (["--from", "2026-11-24", "--to", "2026-11-24"], 1),
        (["--from", "2026-11-25", "--to", "2026-11-30"], 0),
        (["--from", "2027-03-01"], 0),
    ],
)
def test_first_and_last_day_are_included(terminal: Terminal, span: list[str], visits: int) -> None:
    assert ask(terminal, *span)["12"]["visits_ended"] == visits


@pytest.mark.usefixtures("year")
def test_a_first_day_after_the_last_is_bad_input(terminal: Terminal) -> None:
    assert "2026-12-02" in terminal.admin("statistics", "--from", "2026-12-02", "--to", "2026-12-01").complaint


def test_a_unit_with_no_ratings_counts_as_3_and_is_shown_as_such_r16(terminal: Terminal) -> None:
    with terminal.journal():
        pass
    row = ask(terminal)["12"]
    assert (row["ratings"], row["mean_score"], row["mean_of_100"], row["mean_is_assumed"]) == (0, 3, 60, True)
    assert (row["rating_rate"], row["satisfaction_rate"]) == (None, None)


@pytest.mark.usefixtures("year")
def test_a_staff_member_of_the_list_without_any_visit_is_shown_too_r16(terminal: Terminal) -> None:
    terminal.done("staff", "import", terminal.file("staff.json", [{"staff_no": "0001"}, {"staff_no": "0815"}]))
    found = ask(terminal, "--by", "staff")
    assert list(found) == ["0001", "0815", "0999"]
    assert found["0001"]["mean_is_assumed"] is True


def test_what_was_not_known_has_no_name(terminal: Terminal, clock: ManualClock) -> None:
    with terminal.journal(clock) as journal:
        visit_id = new_id()
        journal.append(
            drafts.opened(clock.now(), visit_id, staff_no=None, cases=()), drafts.missed(clock.now(), visit_id)
        )
    for by in ("staff", "department", "item"):
        (row,) = terminal.done("statistics", "--json", "--by", by).rows
        assert row[by] is None


def test_the_evaluators_availability_is_told_where_one_is_configured_r15(
    terminal: Terminal, clock: ManualClock
) -> None:
    terminal.configure("\n[evaluator]\n")
    with terminal.journal(clock) as journal:
        for prompt in ("touchscreen", "both"):
            visit_id = new_id()
            journal.append(
                drafts.opened(clock.now(), visit_id),
                drafts.invited(clock.now(), visit_id, prompt),
                drafts.missed(clock.pass_ms(3_600_000), visit_id),
            )
    assert ask(terminal)["12"]["evaluator_availability"] == 0.5


def invitation(terminal: Terminal, moment: str, prompt: str) -> None:
    """Somebody was invited, on the screen alone or by the evaluator too."""
    clock = ManualClock(wall=datetime.fromisoformat(moment).replace(tzinfo=CHINA_TIME))
    with terminal.journal(clock) as journal:
        visit_id = new_id()
        journal.append(
            drafts.opened(clock.now(), visit_id),
            drafts.invited(clock.now(), visit_id, prompt),
            drafts.missed(clock.now(), visit_id),
        )


def hours_are_pulled(terminal: Terminal, hours: list[dict[str, Any]]) -> None:
    with closing(HallStore.open(terminal.storage)) as hall:
        hall.replace_document("hours", hours)


WEEK = [{"weekday": day, "from": "08:30", "to": "12:00"} for day in range(1, 6)]
"""Four of the clock's hours a working day."""


@pytest.mark.parametrize(
    ("hours", "available"),
    [
        (None, 0.3333),  # one of the three hours with invitations
        (WEEK, 0.8),  # Monday from 9: 3 hours, Tuesday 4, Wednesday until 10: 3; two of these ten were missed
        ([{"weekday": 1, "from": "09:00", "to": "10:00"}], 0.0),
        ([*WEEK, {"date": "2026-11-24"}], 0.6667),  # closed on Tuesday
        ([{"date": "2026-11-23", "from": "09:00", "to": "11:00"}], 0.5),  # for the other days nobody says anything
        ([{"weekday": 7, "from": "09:00", "to": "11:00"}], None),
        ([{"weekday": 99}], 0.3333),
    ],
)
def test_the_evaluator_is_available_in_every_open_hour_in_which_it_was_not_missed_r15(
    terminal: Terminal, hours: list[dict[str, Any]] | None, available: float | None
) -> None:
    terminal.configure("\n[evaluator]\n")
    invitation(terminal, "2026-11-23T09:10:00", "touchscreen")
    invitation(terminal, "2026-11-24T11:59:00", "both")
    invitation(terminal, "2026-11-25T10:00:00", "touchscreen")
    if hours is not None:
        hours_are_pulled(terminal, hours)
    assert ask(terminal)["12"]["evaluator_availability"] == available


def test_an_hour_after_closing_does_not_count_r15(terminal: Terminal) -> None:
    terminal.configure("\n[evaluator]\n")
    for moment, prompt in [("2026-11-23T09:10:00", "both"), ("2026-11-23T20:00:00", "touchscreen")]:
        invitation(terminal, moment, prompt)
    hours_are_pulled(terminal, WEEK)
    assert ask(terminal)["12"]["evaluator_availability"] == 1.0


@pytest.mark.usefixtures("year")
def test_the_table_has_a_line_for_each_unit(terminal: Terminal) -> None:
    header, *lines = terminal.done("statistics", "--by", "department").out.splitlines()
    assert header.split() == [
        "department", "ratings", "visits_ended", "invited_rate", "rating_rate", "satisfaction_rate", "mean_score",
        "mean_is_assumed",
    ]  # fmt: skip
    assert [line.split()[:2] for line in lines] == [["人社局", "1"], ["市场监督管理局", "2"]]
