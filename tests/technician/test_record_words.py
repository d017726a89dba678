"""What `records` tells people of each record: what was done, but no level and nobody's data (R6, R11)."""

from typing import Any

import pytest

from kiosk_app.domain.levels import Level
from kiosk_app.domain.records import Draft, Kind
from kiosk_app.journal.identifiers import new_id
from tests.journal import drafts
from tests.manual_clock import ManualClock
from tests.technician.terminal import Terminal

ACTION = {"operator": "zhang", "action": "bind", "target": "12", "outcome": "done"}
BINDING = {"window": "12", "staff_no": "0815", "by": "root", "reason": "轮岗"}
EVENT = {"device": "evaluator", "state": "disconnected", "detail": "no port"}


def line_of(terminal: Terminal, clock: ManualClock, kind: Kind, payload: dict[str, Any]) -> str:
    """The one line of `records` for such a record."""
    with terminal.journal(clock) as journal:
        journal.append(Draft(kind, payload, clock.now()))
    (line,) = terminal.done("records", "--kind", kind.value).out.splitlines()
    return f"{line} "


@pytest.mark.parametrize(
    ("kind", "payload", "words"),
    [
        (Kind.OPERATOR_ACTION, ACTION, "operator=zhang action=bind target=12 outcome=done"),
        (Kind.OPERATOR_ACTION, {**ACTION, "outcome": "12 records"}, 'outcome="12 records"'),
        (Kind.OPERATOR_ACTION, {**ACTION, "target": "a" * 64}, f"target={'a' * 59}… "),
        (Kind.OPERATOR_ACTION, {**ACTION, "outcome": "one\nline"}, 'outcome="one line"'),
        (Kind.STAFF_BOUND, BINDING, "window=12 staff_no=0815 by=root reason=轮岗"),
        (Kind.STAFF_UNBOUND, {**BINDING, "reason": ""}, "window=12 staff_no=0815 by=root"),
        (Kind.DEVICE_EVENT, EVENT, "device=evaluator state=disconnected"),
        (Kind.WINDOW_PAUSED, {"reason": "会议", "back_at": "10:30"}, "reason=会议 back_at=10:30"),
    ],
)
def test_what_was_done_stands_in_the_line(
    terminal: Terminal, clock: ManualClock, kind: Kind, payload: dict[str, Any], words: str
) -> None:
    assert words in line_of(terminal, clock, kind, payload)


@pytest.mark.parametrize("level", Level)
def test_not_even_a_trial_press_tells_a_level_r6(terminal: Terminal, clock: ManualClock, level: Level) -> None:
    payload = {**ACTION, "action": "evaluator_test", "outcome": f"{level} 3, {Level.SATISFIED} 1"}
    line = line_of(terminal, clock, Kind.OPERATOR_ACTION, payload)
    assert "action=evaluator_test" in line
    assert "satisfied" not in line


def test_a_slip_printed_again_does_not_tell_the_code_to_rate_with(terminal: Terminal, clock: ManualClock) -> None:
    payload = {**ACTION, "action": "printer_test", "target": "8080-RGG0-0PFZ-R84R"}
    line = line_of(terminal, clock, Kind.OPERATOR_ACTION, payload)
    assert "action=printer_test" in line
    assert "8080" not in line


def test_nothing_of_a_citizen_is_told(terminal: Terminal, clock: ManualClock) -> None:
    """Neither who they are nor what they said, of any kind of record."""
    visit = new_id()
    with terminal.journal(clock) as journal:
        journal.append(drafts.opened(clock.now(), visit, user=b"sealed"), drafts.invited(clock.now(), visit))
        rated = drafts.rating(clock.now(), visit, Level.DISSATISFIED)
        (rating,) = journal.append(rated)
        journal.append(drafts.detail(clock.now(), rating.record_id, visit, contact=b"sealed"))
        journal.append(drafts.appointment(Kind.APPOINTMENT_BOOKED, clock.now(), contact=b"sealed"))
    out = terminal.done("records").out
    hidden = {"001200000017", "commitment", "not_given", "satisfied", "C-1", "企业"}
    assert [word for word in hidden if word in out] == []
    assert "ticket_no=A001" in out
