"""`visits`: the last visits as a technician may see them."""

import pytest

from kiosk_app.domain.levels import Level
from tests.journal import drafts
from tests.manual_clock import ManualClock
from tests.technician.terminal import Terminal


@pytest.mark.parametrize("level", list(Level))
def test_a_visit_tells_when_and_that_it_was_rated_never_how_nor_by_whom_r6(
    terminal: Terminal, clock: ManualClock, level: Level
) -> None:
    with terminal.journal(clock) as journal:
        journal.append(*drafts.whole_visit(clock.now(), level))
    (visit,) = terminal.done("visits", "--json").rows
    del visit["record_id"]
    assert visit == {
        "at": "2026-11-23T09:00:00.123+08:00",
        "opened_by": "window_api",
        "ticket_no": "A001",
        "cases": 1,
        "outcome": "rated",
    }


def test_the_newest_come_first_and_only_so_many(terminal: Terminal, clock: ManualClock) -> None:
    with terminal.journal(clock) as journal:
        for reason in ("declined", "timeout", "not_invited"):
            journal.append(drafts.opened(clock.now(), reason), drafts.missed(clock.now(), reason, reason))
    rows = terminal.done("visits", "--last", "2", "--json").rows
    assert [row["outcome"] for row in rows] == ["not_invited", "timeout"]
    assert len(terminal.done("visits", "--last", "99999999999999999999", "--json").rows) == 3
    assert terminal.done("visits").out.splitlines()[0].split() == ["at", "opened_by", "ticket_no", "cases", "outcome"]


@pytest.mark.parametrize("number", ["0", "-3", "many"])
def test_a_number_that_is_none_is_refused(terminal: Terminal, clock: ManualClock, number: str) -> None:
    with terminal.journal(clock):
        pass
    assert terminal.admin("visits", "--last", number).complaint
