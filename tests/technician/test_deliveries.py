"""`pending` and `resend`: what has not reached the platform, and trying again (R26, R27)."""

import pytest

from kiosk_app.domain.records import Record
from kiosk_app.journal.delivery import Settlement, State
from tests.journal import drafts
from tests.manual_clock import ManualClock
from tests.technician.terminal import Terminal

KEYS = ["record_id", "sequence", "state", "attempts", "last_error", "next_try_at"]
LATER = 4_000_000_000_000
"""Milliseconds since 1970, far from now."""


@pytest.fixture
def records(terminal: Terminal, clock: ManualClock) -> list[Record]:
    """Confirmed, waiting after a failure, refused, superseded; and one that was never tried."""
    with terminal.journal(clock) as journal, terminal.delivery() as store:
        journal.append(*(drafts.action(clock.now()) for _ in range(4)))
        records = list(journal.all_records())
        store.admit(records[:4])
        confirmed, waiting, refused, superseded, _never = records
        store.settle(
            [
                Settlement(confirmed.record_id, State.CONFIRMED),
                Settlement(waiting.record_id, State.WAITING, "timed out", LATER),
                Settlement(refused.record_id, State.REFUSED, "rejected: unknown item_code"),
                Settlement(superseded.record_id, State.SUPERSEDED),
            ],
            confirmed=(confirmed.sequence, confirmed.hash),
        )
    return records


def states(terminal: Terminal) -> dict[int, str]:
    return {row["sequence"]: row["state"] for row in terminal.done("pending", "--json").rows}


def test_pending_prints_one_object_a_line_with_the_platforms_reason_r26(
    terminal: Terminal, records: list[Record]
) -> None:
    rows = terminal.done("pending", "--json").rows
    assert [list(row) for row in rows] == [KEYS] * 3
    assert rows == [
        {
            "record_id": records[1].record_id,
            "sequence": 2,
            "state": "waiting",
            "attempts": 1,
            "last_error": "timed out",
            "next_try_at": "2096-10-02T15:06:40.000+08:00",
        },
        {
            "record_id": records[2].record_id,
            "sequence": 3,
            "state": "refused",
            "attempts": 1,
            "last_error": "rejected: unknown item_code",
            "next_try_at": None,
        },
        {
            "record_id": records[4].record_id,
            "sequence": 5,
            "state": "waiting",
            "attempts": 0,
            "last_error": None,
            "next_try_at": None,
        },
    ]


def test_a_reason_of_several_lines_stays_in_its_row(terminal: Terminal, records: list[Record]) -> None:
    with terminal.delivery() as store:
        store.settle([Settlement(records[1].record_id, State.REFUSED, "rejected: wrong\n\tin  two\r\nplaces")])
    table = terminal.done("pending").out.splitlines()
    assert len(table) == 4
    assert table[1].endswith("rejected: wrong in two places")


def test_pending_never_calls_a_time_out_a_failure_r27(terminal: Terminal, records: list[Record]) -> None:
    table = terminal.done("pending").out
    assert table.splitlines()[0].split() == [
        "sequence", "record_id", "state", "attempts", "next_try_at", "last_error",
    ]  # fmt: skip
    assert "failed" not in table
    assert len(table.splitlines()) == 4


def test_where_nothing_was_ever_sent_everything_is_pending(terminal: Terminal, clock: ManualClock) -> None:
    with terminal.journal(clock) as journal:
        journal.append(*drafts.whole_visit(clock.now()))
    assert states(terminal) == dict.fromkeys(range(1, 5), "waiting")


def test_resend_makes_a_refused_record_due_now_and_is_a_record_r26(terminal: Terminal, records: list[Record]) -> None:
    terminal.done("resend", records[2].record_id)
    assert states(terminal)[3] == "waiting"
    row = terminal.done("pending", "--json").rows[1]
    assert (row["next_try_at"], row["last_error"]) == (None, "rejected: unknown item_code")
    note = terminal.records()[-1]
    assert (note["kind"], note["payload"]["action"]) == ("operator_action", "resend")
    assert note["payload"]["target"] == records[2].record_id


def test_resend_makes_a_waiting_record_due_now(terminal: Terminal, records: list[Record]) -> None:
    terminal.done("resend", records[1].record_id)
    assert terminal.done("pending", "--json").rows[0]["next_try_at"] is None


def test_resend_of_a_record_never_tried_is_no_fault(terminal: Terminal, records: list[Record]) -> None:
    terminal.done("resend", records[4].record_id)


def test_resend_all_makes_waiting_and_refused_due_now_and_leaves_the_rest(
    terminal: Terminal, records: list[Record]
) -> None:
    terminal.done("resend", "--all")
    rows = terminal.done("pending", "--json").rows
    assert {row["sequence"]: row["state"] for row in rows} == dict.fromkeys([2, 3, 5, 6], "waiting")
    assert {row["next_try_at"] for row in rows} == {None}
    assert terminal.records()[-1]["payload"]["target"] == "all"


@pytest.mark.parametrize("number", [0, 3])
def test_what_the_platform_has_is_not_sent_again(terminal: Terminal, records: list[Record], number: int) -> None:
    assert "has it already" in terminal.admin("resend", records[number].record_id).complaint
    assert len(terminal.records()) == len(records)


@pytest.mark.parametrize("record_id", ["", "unknown", "01939b5c-0000-7000-8000-000000000000", "3", "%"])
def test_resend_of_an_unknown_record_is_refused_and_changes_nothing(
    terminal: Terminal, records: list[Record], record_id: str
) -> None:
    """An empty one above all: an unset variable in a script must not mean "all"."""
    before = terminal.done("pending", "--json").rows
    assert "no such record" in terminal.admin("resend", record_id).complaint
    assert terminal.done("pending", "--json").rows == before
    assert len(terminal.records()) == len(records)
