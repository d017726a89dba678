import re
import uuid
from pathlib import Path

import pytest

from kiosk_app.journal import delivery
from kiosk_app.journal.database import DELIVERY_FILE, connect
from kiosk_app.journal.delivery import (
    BEFORE_ALL,
    LONGEST_WAIT_MS,
    DeliveryStore,
    NotResendableError,
    PlatformStatus,
    Settlement,
    State,
)
from tests.sync_agent.support import Terminal

NOW = 1_800_000_000_000


def settle(terminal: Terminal, sequence: int, state: State, error: str | None = None, at: int | None = None) -> None:
    record = terminal.journal.records_by_sequence([sequence])[0]
    terminal.store.settle([Settlement(record.record_id, state, error, at)])


def due(terminal: Terminal) -> list[int]:
    return [outstanding.sequence for outstanding in terminal.store.due(1000)]


@pytest.fixture
def admitted(terminal: Terminal) -> Terminal:
    """Five records, all taken in."""
    terminal.rate(4)
    terminal.store.admit(terminal.records())
    return terminal


def test_a_new_store_has_taken_nothing_in(terminal: Terminal) -> None:
    assert terminal.store.admitted_head() == BEFORE_ALL
    assert terminal.store.confirmed_head() is None
    assert terminal.store.status() == PlatformStatus()
    assert terminal.store.something_waits(terminal.journal)


def test_admitted_records_are_due_in_order(admitted: Terminal) -> None:
    assert due(admitted) == [1, 2, 3, 4, 5]
    assert admitted.store.admitted_head() == admitted.journal.head()
    assert [o.sequence for o in admitted.store.due(2)] == [1, 2]


def test_admitting_again_never_brings_a_confirmed_record_back(admitted: Terminal) -> None:
    settle(admitted, 3, State.CONFIRMED)
    admitted.store.admit(admitted.records())
    assert due(admitted) == [1, 2, 4, 5]


def test_a_crash_while_admitting_leaves_every_record_to_be_taken_in(terminal: Terminal) -> None:
    records = terminal.records() + terminal.rate(2)
    with pytest.raises(Exception, match="NOT NULL"):
        terminal.store.admit([*records[:2], type(records[2])(**{**vars(records[2]), "record_id": None})])
    assert terminal.store.admitted_head() == BEFORE_ALL
    assert due(terminal) == []


def test_what_every_state_leaves_behind(admitted: Terminal) -> None:
    settle(admitted, 1, State.CONFIRMED)
    settle(admitted, 2, State.SUPERSEDED, "another holds the visit")
    settle(admitted, 3, State.REFUSED, "level unknown")
    settle(admitted, 4, State.WAITING, "HTTP 500", NOW)
    assert due(admitted) == [5]
    assert [pending.to_json() for pending in admitted.store.pending(admitted.journal)] == [
        {
            "record_id": admitted.records()[2].record_id,
            "sequence": 3,
            "state": "refused",
            "attempts": 1,
            "last_error": "level unknown",
            "next_try_at": None,
        },
        {
            "record_id": admitted.records()[3].record_id,
            "sequence": 4,
            "state": "waiting",
            "attempts": 1,
            "last_error": "HTTP 500",
            "next_try_at": "2027-01-15T16:00:00.000+08:00",
        },
        {
            "record_id": admitted.records()[4].record_id,
            "sequence": 5,
            "state": "waiting",
            "attempts": 0,
            "last_error": None,
            "next_try_at": None,
        },
    ]


def test_pending_and_counts_know_records_never_tried(admitted: Terminal) -> None:
    settle(admitted, 1, State.REFUSED, "no")
    admitted.rate(600)
    assert list(admitted.states()) == list(range(1, 606))
    assert admitted.store.counts(admitted.journal) == {State.WAITING: 604, State.REFUSED: 1}


def test_pending_tells_each_record_once_after_the_journal_was_set_back(admitted: Terminal) -> None:
    settle(admitted, 2, State.REFUSED, "no")
    admitted.store.set_back(BEFORE_ALL, NOW)
    told = [pending.sequence for pending in admitted.store.pending(admitted.journal)]
    assert sorted(told) == [1, 2, 3, 4, 5]
    assert admitted.store.status().journal_set_back_at == NOW


def test_a_wait_ends_at_its_time(admitted: Terminal) -> None:
    for sequence in range(1, 6):
        settle(admitted, sequence, State.WAITING, "HTTP 500", NOW + sequence)
    admitted.store.release_elapsed(NOW)
    assert due(admitted) == []
    assert admitted.store.next_try_at() == NOW + 1
    admitted.store.release_elapsed(NOW + 3)
    assert due(admitted) == [1, 2, 3]
    assert admitted.store.next_try_at() == NOW + 4
    admitted.store.release_all()
    assert due(admitted) == [1, 2, 3, 4, 5]
    assert admitted.store.next_try_at() is None


def test_a_clock_set_back_by_hours_makes_nobody_wait_for_hours(admitted: Terminal) -> None:
    settle(admitted, 2, State.WAITING, "HTTP 500", NOW + LONGEST_WAIT_MS)
    for sequence in (1, 3, 4, 5):
        settle(admitted, sequence, State.CONFIRMED)
    admitted.store.release_elapsed(NOW)
    assert due(admitted) == []
    admitted.store.release_elapsed(NOW - 3 * 3_600_000)
    assert due(admitted) == [2]


def test_waits_and_attempts_survive_a_restart(admitted: Terminal) -> None:
    settle(admitted, 2, State.WAITING, "HTTP 500", NOW)
    settle(admitted, 2, State.WAITING, "HTTP 502", NOW + 1000)
    admitted.store.close()
    admitted.store = DeliveryStore.open(admitted.directory)
    record_id = admitted.records()[1].record_id
    assert admitted.store.attempts(record_id) == 2
    assert admitted.store.next_try_at() == NOW + 1000
    assert admitted.errors()[2] == "HTTP 502"


def test_what_another_process_settled_for_good_stays(admitted: Terminal) -> None:
    settle(admitted, 1, State.CONFIRMED)
    settle(admitted, 2, State.REFUSED, "level unknown")
    settle(admitted, 3, State.SUPERSEDED)
    for sequence in (1, 2, 3):
        settle(admitted, sequence, State.WAITING, "no answer in time", NOW)
    assert due(admitted) == [4, 5]
    assert admitted.errors()[2] == "level unknown"


def test_the_confirmed_head_only_rises(admitted: Terminal) -> None:
    admitted.store.settle([], confirmed=(4, "d" * 64))
    admitted.store.settle([], confirmed=(2, "b" * 64))
    assert admitted.store.confirmed_head() == (4, "d" * 64)


def test_status_keeps_what_it_is_not_told(terminal: Terminal) -> None:
    terminal.store.settle([], status={"last_contact_at": NOW, "last_error": "HTTP 500"})
    terminal.store.settle([], status={"last_error": None, "clock_offset_ms": -5})
    assert terminal.store.status() == PlatformStatus(last_contact_at=NOW, clock_offset_ms=-5)


def test_resend_makes_waiting_and_refused_records_due(admitted: Terminal) -> None:
    settle(admitted, 2, State.REFUSED, "level unknown")
    settle(admitted, 3, State.WAITING, "HTTP 500", NOW)
    for sequence in (1, 4, 5):
        settle(admitted, sequence, State.CONFIRMED)
    for record in admitted.records()[1:3]:
        admitted.store.resend(record.record_id, admitted.journal)
    assert due(admitted) == [2, 3]
    assert admitted.errors() == {2: "level unknown", 3: "HTTP 500"}


def test_resend_all_leaves_what_is_final(admitted: Terminal) -> None:
    settle(admitted, 1, State.CONFIRMED)
    settle(admitted, 2, State.SUPERSEDED)
    settle(admitted, 3, State.REFUSED, "no")
    settle(admitted, 4, State.WAITING, "HTTP 500", NOW)
    assert admitted.store.resend_all() == 3
    assert due(admitted) == [3, 4, 5]


@pytest.mark.parametrize("state", [State.CONFIRMED, State.SUPERSEDED])
def test_resend_refuses_what_the_platform_has(admitted: Terminal, state: State) -> None:
    settle(admitted, 2, state)
    with pytest.raises(NotResendableError, match="the platform has it already"):
        admitted.store.resend(admitted.records()[1].record_id, admitted.journal)


def test_resend_refuses_what_nobody_knows(admitted: Terminal) -> None:
    with pytest.raises(NotResendableError, match="no such record"):
        admitted.store.resend("0193-unknown", admitted.journal)


def test_resend_of_a_record_never_tried_is_no_error(admitted: Terminal) -> None:
    [record] = admitted.rate()
    admitted.store.resend(record.record_id, admitted.journal)
    assert admitted.errors()[record.sequence] is None


def test_pending_tells_when_a_hold_lets_it_be_tried(admitted: Terminal) -> None:
    settle(admitted, 1, State.REFUSED, "no")
    settle(admitted, 2, State.WAITING, "HTTP 429", NOW + 9_000)
    admitted.store.settle([], status={"hold_until": NOW + 5_000})
    assert [pending.next_try_at for pending in admitted.store.pending(admitted.journal)] == [
        None,
        NOW + 9_000,
        *[NOW + 5_000] * 3,
    ]


@pytest.mark.parametrize(
    "query", [delivery.DUE, delivery.NEXT_TRY, delivery.RELEASE_PASSED, delivery.RELEASE_IMPOSSIBLE]
)
def test_what_is_due_is_found_by_index_and_never_sorted(terminal: Terminal, query: str) -> None:
    """So it costs the same with a thousand records and with a million."""
    connection = connect(terminal.directory / DELIVERY_FILE)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", (1,) * query.count("?"))]
    connection.close()
    assert re.fullmatch(r"SEARCH outstanding USING (COVERING )?INDEX waiting_by_time \(next_try_at[=<>]\?\)", *plan)


def test_the_tables_are_strict(tmp_path: Path) -> None:
    DeliveryStore.open(tmp_path).close()
    connection = connect(tmp_path / DELIVERY_FILE)
    strict = dict(connection.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").fetchall())
    with pytest.raises(Exception, match="CHECK"):
        connection.execute(
            "INSERT INTO outstanding (record_id, sequence, state) VALUES (?, 1, 'lost')", (str(uuid.uuid4()),)
        )
    connection.close()
    ours = {name: is_strict for name, is_strict in strict.items() if not name.startswith(("sqlite_", "_sqlite"))}
    assert set(ours) == {"outstanding", "admitted_head", "confirmed_head", "status"}
    assert all(ours.values())
