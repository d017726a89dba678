"""What is derived equals a naive recount over the records themselves, whatever happened (R12, R15, R17)."""

from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_app.domain.levels import Level
from kiosk_app.domain.records import Draft, Kind, Record
from kiosk_app.domain.statistics import Tally, period_of
from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.tallies import evaluator_availability, tallies
from kiosk_app.journal.verification import verify
from tests.journal import drafts
from tests.journal.storage import open_journal
from tests.manual_clock import ManualClock

WINDOWS = ("12", "13")
STAFF = ("0815", "0999", None)
CASES = tuple(
    {**drafts.CASE, "department": department, "item_code": item}
    for department, item in (("市场监督管理局", "640101"), ("人社局", "640102"), (None, None), ("人社局", None))
)
REASONS = ("timeout", "declined", "not_invited", "interrupted", "abandoned")

visits = st.fixed_dictionaries(
    {
        "window": st.sampled_from(WINDOWS),
        "staff_no": st.sampled_from(STAFF),
        "cases": st.lists(st.sampled_from(CASES), max_size=3).map(tuple),
        "outcome": st.sampled_from([*Level, *REASONS, None]),
        "source": st.sampled_from(["evaluator", "touchscreen"]),
        "prompt": st.sampled_from(["both", "evaluator", "touchscreen"]),
        "detail": st.booleans(),
        "hours": st.integers(0, 60),
    }
)
bindings = st.tuples(st.sampled_from(["bound", "unbound"]), st.sampled_from(WINDOWS), st.sampled_from(STAFF[:2]))
actions = st.tuples(st.just("action"), st.sampled_from(["resend", "confirm"]), st.text("ab", max_size=2))
codes = st.tuples(st.just("by code"), st.sampled_from(Level), st.sampled_from(WINDOWS))


def play(journal: Journal, clock: ManualClock, happening: Any) -> None:
    if isinstance(happening, dict):
        _play_visit(journal, clock, happening)
    elif happening[0] == "action":
        journal.append(drafts.action(clock.now(), happening[1], happening[2]))
    elif happening[0] == "by code":
        journal.append(drafts.rating(clock.now(), None, happening[1], window=happening[2]))
    else:
        make = drafts.bound if happening[0] == "bound" else drafts.unbound
        journal.append(make(clock.now(), happening[1], happening[2]))


def _play_visit(journal: Journal, clock: ManualClock, visit: dict[str, Any]) -> None:
    visit_id, outcome = new_id(), visit["outcome"]
    about = {key: visit[key] for key in ("window", "staff_no", "cases")}
    clock.pass_ms(visit["hours"] * 3_600_000)
    now = clock.now()
    steps: list[Draft] = [drafts.opened(now, visit_id, **about)]
    if outcome not in ("not_invited", "abandoned"):
        steps.append(drafts.invited(now, visit_id, visit["prompt"]))
    if isinstance(outcome, Level):
        steps.append(drafts.rating(now, visit_id, outcome, source=visit["source"], **about))
    elif outcome is not None:
        steps.append(drafts.missed(now, visit_id, outcome))
    records = journal.append(*steps)
    if isinstance(outcome, Level) and visit["detail"]:
        journal.append(drafts.detail(now, records[-1].record_id, visit_id))


def recount(records: list[Record], by: str, first: date, last: date, *, december: bool) -> dict[str, Tally]:
    """By the words of R15, from the records alone."""
    opened = {record.visit_id: record.payload for record in records if record.kind == Kind.VISIT_OPENED}
    invited = {record.visit_id for record in records if record.kind == Kind.RATING_INVITED}
    counts: dict[str, Counter[str]] = {}
    for record in records:
        day = date.fromisoformat(record.occurred_at[:10])
        if record.kind not in (Kind.RATING, Kind.RATING_MISSED) or not first <= day <= last:
            continue
        about = opened.get(record.visit_id, record.payload)
        for unit in _units(by, about, day, december):
            count = counts.setdefault(unit, Counter())
            count["visits"] += record.visit_id is not None
            count["invitations"] += record.visit_id in invited
            if record.kind == Kind.RATING:
                count[record.payload["level"]] += 1
    return {
        unit: Tally(count["visits"], count["invitations"], {level: count[level.value] for level in Level})
        for unit, count in counts.items()
    }


def _units(by: str, about: dict[str, Any], day: date, december: bool) -> list[str]:
    cases = about["cases"] or [{}]
    match by:
        case "window":
            return [about["window"]]
        case "staff":
            return [about["staff_no"] or ""]
        case "department":
            return [case.get("department") or "" for case in cases]
        case "item":
            return [case.get("item_code") or "" for case in cases]
    return [period_of(day, by, year_starts_in_december=december)]


UNITS = ("window", "staff", "department", "item", "day", "month", "quarter", "year")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(visits, visits, bindings, actions, codes), max_size=25), st.booleans(), st.data())
def test_everything_derived_equals_a_recount_of_the_records(
    history: list[Any], december: bool, data: st.DataObject
) -> None:
    clock = ManualClock()
    with TemporaryDirectory() as directory, closing(open_journal(Path(directory), clock)) as journal:
        for happening in history:
            play(journal, clock, happening)
        records = list(journal.all_records())

        begin = clock.wall.date() - timedelta(days=70)
        first = data.draw(st.dates(begin, clock.wall.date()))
        last = data.draw(st.dates(first, clock.wall.date()))
        for span in ((first, last), (date(2000, 1, 1), date(2100, 1, 1))):
            for by in UNITS:
                found = tallies(journal, by, *span, year_starts_in_december=december)
                assert found == recount(records, by, *span, december=december), by
        assert dict(bound_by_recount(records)) == {b["window"]: b["staff_no"] for b in journal.bindings()}
        assert {rating_id for rating_id, _ in journal.awaiting_detail()} == awaiting_by_recount(records)
        for action, target in actions_by_recount(records).items():
            found_action = journal.last_action(action)
            assert found_action is not None
            assert found_action["target"] == target
        assert verify(Path(directory)).holds


def bound_by_recount(records: list[Record]) -> list[tuple[str, str]]:
    """One person a window, one window a person; the last change counts (R17)."""
    bound: list[tuple[str, str]] = []
    for record in records:
        if record.kind in (Kind.STAFF_BOUND, Kind.STAFF_UNBOUND):
            window, staff_no = record.payload["window"], record.payload["staff_no"]
            bound = [(w, s) for w, s in bound if w != window and s != staff_no]
            bound += [(window, staff_no)] * (record.kind == Kind.STAFF_BOUND)
    return bound


def awaiting_by_recount(records: list[Record]) -> set[str]:
    ratings = {r.record_id for r in records if r.kind == Kind.RATING and Level(r.payload["level"]).is_bad}
    return ratings - {r.payload["rating_id"] for r in records if r.kind == Kind.RATING_DETAIL}


def actions_by_recount(records: list[Record]) -> dict[str, str]:
    return {r.payload["action"]: r.payload["target"] for r in records if r.kind == Kind.OPERATOR_ACTION}


def test_a_person_has_one_window_and_a_window_one_person_r17(journal: Journal, clock: ManualClock) -> None:
    journal.append(drafts.bound(clock.now(), "12", "0815"), drafts.bound(clock.now(), "13", "0999"))
    journal.append(drafts.bound(clock.now(), "13", "0815"))
    assert [(b["window"], b["staff_no"]) for b in journal.bindings()] == [("13", "0815")]
    assert (journal.bound_to("12"), journal.bound_to("13")) == (None, "0815")


def test_a_visit_of_two_matters_counts_once_for_its_window_and_once_for_each_matter_r4(
    journal: Journal, clock: ManualClock
) -> None:
    visit = new_id()
    journal.append(
        drafts.opened(clock.now(), visit, cases=(CASES[0], CASES[1])),
        drafts.rating(clock.now(), visit, cases=(CASES[0], CASES[1])),
    )
    assert {unit: t.rated for unit, t in tallies(journal, "window", None, None).items()} == {"12": 1}
    by_department = tallies(journal, "department", None, None)
    assert {unit: t.rated for unit, t in by_department.items()} == {"市场监督管理局": 1, "人社局": 1}


def test_a_visit_counts_for_the_chinese_day_it_ended_on_r15(journal: Journal) -> None:
    clock = ManualClock()
    clock.set_wall(-9 * 3_600_000 - 123)
    visit = new_id()
    journal.append(drafts.opened(clock.ago(1), visit), drafts.missed(clock.now(), visit))
    assert list(tallies(journal, "day", None, None)) == ["2026-11-23"]
    earlier = new_id()
    journal.append(drafts.opened(clock.ago(2), earlier), drafts.missed(clock.ago(1), earlier))
    assert list(tallies(journal, "day", None, None)) == ["2026-11-22", "2026-11-23"]


def invite_in_hour(journal: Journal, clock: ManualClock, prompt: str, source: str | None = None) -> None:
    visit = new_id()
    drafted = [drafts.opened(clock.now(), visit), drafts.invited(clock.now(), visit, prompt)]
    outcome = drafts.rating(clock.now(), visit, source=source) if source else drafts.missed(clock.now(), visit)
    journal.append(*drafted, outcome)
    clock.pass_ms(3_600_000)


@pytest.mark.parametrize(
    ("hours", "availability"),
    [
        ([], None),
        ([("both", "evaluator")], 1.0),
        ([("both", None)], 1.0),
        ([("touchscreen", "touchscreen")], 0.0),
        ([("both", "touchscreen"), ("touchscreen", None)], 0.5),
        ([("evaluator", "evaluator"), ("both", None), ("touchscreen", None)], 0.6667),
    ],
)
def test_the_evaluator_is_available_in_hours_in_which_it_answered_or_was_not_missed_r15(
    journal: Journal, clock: ManualClock, hours: list[tuple[str, str | None]], availability: float | None
) -> None:
    for prompt, source in hours:
        invite_in_hour(journal, clock, prompt, source)
    assert evaluator_availability(journal, None, None) == availability


def test_an_hour_in_which_it_was_missed_and_answered_later_counts_as_available_r15(
    journal: Journal, clock: ManualClock
) -> None:
    invite_in_hour(journal, clock, "touchscreen")
    clock.pass_ms(-3_600_000)
    invite_in_hour(journal, clock, "both", "evaluator")
    assert evaluator_availability(journal, None, None) == 1.0
