"""`bind`, `unbind`, `bindings` (R17)."""

import subprocess

import pytest

from tests.technician.terminal import Terminal

STAFF = [
    {"staff_no": "0815", "name": "测试员甲", "department": "市场监督管理局"},
    {"staff_no": "0999", "name": "测试员乙", "department": "人社局"},
]


@pytest.fixture(autouse=True)
def staff(terminal: Terminal) -> None:
    terminal.done("staff", "import", terminal.file("staff.json", STAFF))


def kinds(terminal: Terminal) -> list[tuple[str, str, str]]:
    return [
        (record["kind"], record["payload"]["window"], record["payload"]["staff_no"])
        for record in terminal.records()
        if record["kind"].startswith("staff_")
    ]


def test_a_binding_is_a_record_that_says_who_when_and_why_r17(terminal: Terminal) -> None:
    said = terminal.done("bind", "12", "0815", "--reason", "轮岗")
    assert "0815" in said.out
    record = terminal.records()[-1]
    assert record["kind"] == "staff_bound"
    assert set(record["payload"]) == {"window", "staff_no", "by", "reason"}
    assert record["payload"]["reason"] == "轮岗"
    assert record["payload"]["by"]
    assert record["visit_id"] is None


def test_bindings_names_who_sits_where_since_when(terminal: Terminal) -> None:
    terminal.done("bind", "12", "0815")
    terminal.done("bind", "A3", "0999")
    rows = terminal.done("bindings", "--json").rows
    assert [(row["window"], row["staff_no"], row["name"]) for row in rows] == [
        ("12", "0815", "测试员甲"),
        ("A3", "0999", "测试员乙"),
    ]
    assert rows[0]["since"] == terminal.records()[-3]["occurred_at"], "each is noted before it"
    table = terminal.done("bindings").out.splitlines()
    assert table[0].split() == ["window", "staff_no", "name", "since"]
    assert len(table) == 3


def test_without_a_binding_there_is_nothing_to_list(terminal: Terminal) -> None:
    assert terminal.done("bindings", "--json").rows == []


def test_binding_the_same_again_says_so_and_records_nothing(terminal: Terminal) -> None:
    terminal.done("bind", "12", "0815")
    assert "already" in terminal.done("bind", "12", "0815").out
    assert kinds(terminal) == [("staff_bound", "12", "0815")]


def test_another_person_takes_the_window_over_r17(terminal: Terminal) -> None:
    terminal.done("bind", "12", "0815")
    terminal.done("bind", "12", "0999")
    assert [(r["window"], r["staff_no"]) for r in terminal.done("bindings", "--json").rows] == [("12", "0999")]


def test_a_person_who_sits_elsewhere_is_not_moved_by_accident_r17(terminal: Terminal) -> None:
    terminal.done("bind", "12", "0815")
    line = terminal.admin("bind", "13", "0815").complaint
    assert "12" in line
    assert "--move" in line
    assert kinds(terminal) == [("staff_bound", "12", "0815")]


def test_a_person_can_be_moved_on_purpose_and_both_changes_are_records_r17(terminal: Terminal) -> None:
    terminal.done("bind", "12", "0815")
    terminal.done("bind", "13", "0815", "--move")
    assert kinds(terminal)[1:] == [("staff_unbound", "12", "0815"), ("staff_bound", "13", "0815")]
    assert [r["window"] for r in terminal.done("bindings", "--json").rows] == ["13"]


def test_unbinding_leaves_the_window_empty_and_is_a_record_r17(terminal: Terminal) -> None:
    terminal.done("bind", "12", "0815")
    terminal.done("unbind", "12", "--reason", "下班")
    assert terminal.records()[-1]["payload"]["reason"] == "下班"
    assert kinds(terminal)[-1] == ("staff_unbound", "12", "0815")
    assert terminal.done("bindings", "--json").rows == []


def test_unbinding_nobody_is_refused_and_records_nothing(terminal: Terminal) -> None:
    before = len(terminal.records())
    assert "nobody" in terminal.admin("unbind", "12").complaint
    assert len(terminal.records()) == before


@pytest.mark.parametrize("staff_no", ["0816", "815", "测试员甲"])
def test_a_mistyped_number_is_not_bound(terminal: Terminal, staff_no: str) -> None:
    assert "staff list" in terminal.admin("bind", "12", staff_no).complaint
    assert kinds(terminal) == []


@pytest.mark.parametrize("arguments", [["", "0815"], ["12", ""], ["  ", "0815"], ["12", " "]])
def test_an_empty_name_binds_nothing(terminal: Terminal, arguments: list[str]) -> None:
    assert terminal.admin("bind", *arguments).complaint
    assert kinds(terminal) == []


def test_blanks_around_a_number_do_not_make_another_window(terminal: Terminal) -> None:
    terminal.done("bind", " 12 ", " 0815 ")
    assert "already" in terminal.done("bind", "12", "0815").out


def test_without_any_staff_list_a_number_is_believed_with_a_warning(terminal: Terminal) -> None:
    terminal.done("staff", "import", terminal.file("none.json", []))
    said = terminal.admin("bind", "12", "4711")
    assert said.status == 0
    assert said.err.startswith("warning: no staff list")
    assert terminal.done("bindings", "--json").rows[0]["name"] is None


# Who sat there


def test_history_tells_who_sat_there_from_when_until_when_by_whom_and_why_r17(terminal: Terminal) -> None:
    terminal.done("bind", "12", "0815", "--reason", "上班")
    terminal.done("bind", "12", "0999", "--reason", "顶岗")
    terminal.done("bind", "13", "0999", "--move")
    rows = terminal.done("bindings", "--history", "12", "--json").rows
    assert [(row["staff_no"], row["name"], row["reason"]) for row in rows] == [
        ("0999", "测试员乙", "顶岗"),
        ("0815", "测试员甲", "上班"),
    ]
    assert rows[1]["until"] == rows[0]["since"]
    assert rows[0]["until"] is not None
    assert all(row["by"] for row in rows)
    assert terminal.done("bindings", "--history", "--json").rows == rows, "without a number, of this window"
    assert terminal.done("bindings", "--history", "13", "--json").rows[0]["until"] is None
    assert terminal.done("bindings", "--history", "99", "--json").rows == []


def test_what_was_done_by_hand_is_an_operators_action_too(terminal: Terminal) -> None:
    terminal.done("bind", "12", "0815")
    terminal.done("bind", "13", "0815", "--move")
    terminal.done("unbind", "13")
    actions = [r["payload"] for r in terminal.records() if r["kind"] == "operator_action"]
    assert [(a["action"], a["target"], a["outcome"]) for a in actions if "bind" in a["action"]] == [
        ("bind", "12 0815", "bound"),
        ("bind", "13 0815", "moved from 12"),
        ("unbind", "13 0815", "unbound"),
    ]


def test_many_who_bind_the_same_at_the_same_instant_make_one_record_r17(terminal: Terminal) -> None:
    """Each in a process of its own, as the technician's command and the agent's pull are."""
    running = [subprocess.Popen(terminal.command("bind", "12", "0815"), stdout=subprocess.PIPE) for _ in range(6)]
    said = [process.communicate(timeout=60)[0].decode() for process in running]
    assert [process.returncode for process in running] == [0] * 6
    assert sum("already" in words for words in said) == 5
    assert kinds(terminal) == [("staff_bound", "12", "0815")]


def test_a_person_bound_to_two_windows_at_the_same_instant_gets_one_r17(terminal: Terminal) -> None:
    windows = ("12", "13", "14")
    running = [subprocess.Popen(terminal.command("bind", window, "0815"), stderr=subprocess.PIPE) for window in windows]
    complaints = [process.communicate(timeout=60)[1].decode() for process in running]
    assert sorted(process.returncode for process in running) == [0, 2, 2]
    assert sum("--move" in words for words in complaints) == 2
    assert len(kinds(terminal)) == 1
