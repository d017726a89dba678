"""`technician pin`, `list`, `remove`: who may open the technician's screens."""

import io
import time
from contextlib import closing
from typing import Any

import pytest

from kiosk_app.journal.pins import CLERKS, TECHNICIANS, PinStore
from tests.technician.terminal import Said, Terminal

PIN = "271828"


def piped(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, text: str, *arguments: str) -> Said:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    return terminal.admin("technician", "pin", *arguments)


def opens(terminal: Terminal, pin: str, name: str = "technician") -> bool:
    with closing(PinStore.open(terminal.storage, lambda: 0, TECHNICIANS)) as pins:
        return pins.matching_mark(name, pin) is not None


def actions(terminal: Terminal) -> list[dict[str, Any]]:
    return [r["payload"] for r in terminal.records() if r["kind"] == "operator_action"]


def test_the_pin_of_the_usual_technician_is_set_and_is_a_record_without_it(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = piped(terminal, monkeypatch, f"{PIN}\n")
    assert said.status == 0
    assert opens(terminal, PIN)
    (action,) = actions(terminal)
    assert (action["action"], action["target"], action["outcome"]) == ("technician_pin_set", "technician", "done")
    assert PIN not in str(terminal.records()) + said.out + said.err


def test_several_technicians_have_pins_of_their_own(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    piped(terminal, monkeypatch, PIN, "张工")
    piped(terminal, monkeypatch, "161803", "li")
    assert [row["name"] for row in terminal.done("technician", "list", "--json").rows] == ["li", "张工"]
    assert opens(terminal, PIN, "张工")
    assert not opens(terminal, PIN, "li")
    terminal.done("technician", "remove", "li")
    assert not opens(terminal, "161803", "li")
    assert actions(terminal)[-1]["outcome"] == "removed"
    assert "kiosk-admin technician list" in terminal.admin("technician", "remove", "li").complaint


def test_the_list_tells_who_is_locked_out_and_a_new_pin_lets_in_again(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(terminal, monkeypatch, PIN)
    now = time.time_ns() // 1_000_000
    with closing(PinStore.open(terminal.storage, lambda: now, TECHNICIANS)) as pins:
        for _ in range(12):
            pins.count_wrong("technician")
    (row,) = terminal.done("technician", "list", "--json").rows
    assert row["locked_for_seconds"] > 600
    piped(terminal, monkeypatch, "161803")
    assert terminal.done("technician", "list", "--json").rows == [{"name": "technician", "locked_for_seconds": 0}]


@pytest.mark.parametrize("bad", ["", "\n", "12345", "1" * 13, "abcdef", f" {PIN}", "２７１８２８"])
def test_what_is_no_pin_is_refused_with_one_line(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    assert "6 to 12 digits" in piped(terminal, monkeypatch, bad).complaint
    assert terminal.done("technician", "list", "--json").rows == []


@pytest.mark.parametrize("weak", ["000000", "123456", "987654", "121212", "77777777"])
def test_a_pin_that_everybody_would_try_first_is_refused(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, weak: str
) -> None:
    assert "without a pattern" in piped(terminal, monkeypatch, weak).complaint
    assert terminal.done("technician", "list", "--json").rows == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 21, "a\tb", "0815"])
def test_a_name_must_fit_a_button_and_be_no_staff_number(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    terminal.done("staff", "import", terminal.file("staff.json", [{"staff_no": "0815"}]))
    assert "nothing was changed" in piped(terminal, monkeypatch, PIN, name).complaint


def test_a_clerks_pin_opens_no_technicians_screen_and_the_other_way_round(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(terminal, monkeypatch, PIN)
    with closing(PinStore.open(terminal.storage, lambda: 0, CLERKS)) as clerks:
        clerks.set("0815", "161803")
        assert clerks.matching_mark("technician", PIN) is None
    assert not opens(terminal, "161803", "0815")
