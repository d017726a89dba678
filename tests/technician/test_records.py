"""`records` and `verify`: what the journal holds, and whether it holds (R12, interfaces §4)."""

import json
from typing import Any

import pytest

from kiosk_app.domain.levels import Level
from kiosk_app.domain.records import Kind
from kiosk_app.journal.database import DELIVERY_FILE, JOURNAL_FILE
from kiosk_app.journal.identifiers import new_id
from tests.journal import drafts
from tests.journal.storage import unguarded
from tests.journal.test_append import append_life, check_chain
from tests.manual_clock import ManualClock
from tests.technician.terminal import Terminal


@pytest.fixture
def life(terminal: Terminal, clock: ManualClock) -> list[dict[str, Any]]:
    """A journal with a record of every kind."""
    with terminal.journal(clock) as journal:
        append_life(journal, clock)
    return terminal.records()


def test_records_json_prints_one_record_a_line_exactly_as_interfaces_section_4(
    terminal: Terminal, life: list[dict[str, Any]]
) -> None:
    printed = terminal.done("records", "--json").rows
    assert printed == life
    check_chain(printed)


def test_chinese_is_printed_as_it_is(terminal: Terminal, life: list[dict[str, Any]]) -> None:
    out = terminal.done("records", "--json").out
    assert "企业设立登记" in out
    assert "\\u" not in out


@pytest.mark.parametrize("kind", Kind)
def test_records_of_one_kind(terminal: Terminal, life: list[dict[str, Any]], kind: Kind) -> None:
    printed = terminal.done("records", "--kind", kind.value, "--json").rows
    assert printed == [record for record in life if record["kind"] == kind]
    assert printed


@pytest.mark.parametrize("after", ["0", "1", "5", "13", "14", "1000000", "-1", "99999999999999999999"])
def test_records_after_a_sequence(terminal: Terminal, life: list[dict[str, Any]], after: str) -> None:
    printed = terminal.done("records", "--after", after, "--json").rows
    assert printed == [record for record in life if record["sequence"] > int(after)]


def test_kind_and_after_together(terminal: Terminal, life: list[dict[str, Any]]) -> None:
    printed = terminal.done("records", "--kind", "visit_opened", "--after", "3", "--json").rows
    assert [record["sequence"] for record in printed] == [7]


def test_more_records_than_a_page_are_all_printed_in_order(terminal: Terminal, clock: ManualClock) -> None:
    with terminal.journal(clock) as journal:
        journal.append(*(drafts.action(clock.now()) for _ in range(1_200)))
    assert [row["sequence"] for row in terminal.done("records", "--json").rows] == list(range(1, 1_202))


def test_without_json_a_record_is_a_line_and_no_level_is_shown_r6(
    terminal: Terminal, life: list[dict[str, Any]]
) -> None:
    """A technician's screen is no place for what a citizen pressed."""
    lines = terminal.done("records").out.splitlines()
    assert len(lines) == len(life)
    for line, record in zip(lines, life, strict=True):
        assert str(record["sequence"]) in line
        assert record["kind"] in line
    assert not any(level.value in "\n".join(lines).split() for level in Level)
    assert "not_given" not in "\n".join(lines)


# verify


def test_verify_prints_count_and_head_of_a_good_journal(terminal: Terminal, life: list[dict[str, Any]]) -> None:
    head = life[-1]
    assert terminal.done("verify").out == f"ok: {len(life)} records, head {head['sequence']} {head['hash']}\n"
    assert terminal.done("verify", "--json").rows == [
        {
            "ok": True,
            "count": len(life),
            "head": {"sequence": head["sequence"], "hash": head["hash"]},
            "sequence": None,
            "problem": None,
        }
    ]


def test_verify_ends_with_1_and_the_sequence_after_a_changed_byte(
    terminal: Terminal, life: list[dict[str, Any]]
) -> None:
    with terminal.journal() as journal:
        journal.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = terminal.storage / JOURNAL_FILE
    content = path.read_bytes()
    assert b'"level":"dissatisfied"' in content
    path.write_bytes(content.replace(b'"level":"dissatisfied"', b'"level":"dissatisfiee"'))
    sequence = next(record["sequence"] for record in life if record["kind"] == "rating")

    said = terminal.admin("verify")
    assert (said.status, said.err) == (1, "")
    assert said.out.startswith(f"NOT OK: sequence {sequence}: ")
    assert len(said.out.splitlines()) == 1
    (row,) = terminal.admin("verify", "--json").rows
    assert (row["ok"], row["sequence"], row["count"]) == (False, sequence, sequence - 1)
    assert terminal.process("verify").status == 1


def test_verify_names_a_missing_record_by_its_own_sequence(terminal: Terminal, life: list[dict[str, Any]]) -> None:
    with unguarded(terminal.storage) as connection:
        connection.execute("DELETE FROM records WHERE sequence = 4")
    said = terminal.admin("verify")
    assert said.status == 1
    assert "sequence 4: the record is missing" in said.out


def test_verify_finds_a_journal_that_is_gone_though_the_platform_confirmed_it(
    terminal: Terminal, life: list[dict[str, Any]]
) -> None:
    with terminal.delivery() as store:
        store.settle([], confirmed=(life[-1]["sequence"], life[-1]["hash"]))
    for path in terminal.storage.glob(f"{JOURNAL_FILE}*"):
        path.unlink()
    said = terminal.admin("verify")
    assert (said.status, said.err) == (1, "")


def test_verify_of_a_damaged_delivery_database_names_it(terminal: Terminal, life: list[dict[str, Any]]) -> None:
    (terminal.storage / DELIVERY_FILE).write_bytes(b"nothing that SQLite knows" * 100)
    said = terminal.admin("verify")
    assert (said.status, said.err) == (1, "")
    assert DELIVERY_FILE in said.out
    (terminal.storage / JOURNAL_FILE).unlink()
    assert DELIVERY_FILE in terminal.admin("verify").complaint


def test_verify_writes_nothing_into_the_journal(terminal: Terminal, clock: ManualClock) -> None:
    with terminal.journal(clock) as journal:
        journal.append(*drafts.whole_visit(clock.now()), drafts.opened(clock.now(), new_id()))
    before = terminal.records()
    terminal.done("verify")
    assert terminal.records() == before
    assert json.loads(terminal.done("verify", "--json").out)["count"] == len(before)
