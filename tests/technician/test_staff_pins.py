"""`staff pin`: who may sign in to the clerk's page, and with what."""

import io
import os
import pty
import select
import subprocess
import time
from contextlib import closing
from typing import Any

import pytest

from kiosk_app.journal.pins import PinStore
from tests.technician.terminal import Said, Terminal

PIN = "24681357"


@pytest.fixture
def staffed(terminal: Terminal) -> Terminal:
    terminal.done("staff", "import", terminal.file("staff.json", [{"staff_no": "0815", "name": "测试员一"}]))
    return terminal


def piped(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, text: str, *arguments: str) -> Said:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    return terminal.admin("staff", "pin", "0815", *arguments)


def opens(terminal: Terminal, pin: str) -> bool:
    with closing(PinStore.open(terminal.storage, lambda: 0)) as pins:
        return pins.matching_mark("0815", pin) is not None


def actions(terminal: Terminal) -> list[dict[str, Any]]:
    records = [record["payload"] for record in terminal.records() if record["kind"] == "operator_action"]
    return [payload for payload in records if payload["action"] == "staff_pin_set"]


@pytest.mark.parametrize("line", [PIN, f"{PIN}\n", f"{PIN}\r\n", f"{PIN}\nmore\n"])
def test_a_pin_is_read_from_a_pipe(staffed: Terminal, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    assert piped(staffed, monkeypatch, line).status == 0
    assert opens(staffed, PIN)
    assert not opens(staffed, PIN[:-1])


def test_setting_it_is_a_record_without_the_pin(staffed: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    said = piped(staffed, monkeypatch, PIN)
    assert "0815" in said.out
    ((action),) = actions(staffed)
    assert (action["target"], action["outcome"]) == ("0815", "done")
    assert PIN not in str(staffed.records()) + said.out + said.err


def test_a_new_pin_replaces_the_old_one_and_forgives_wrong_tries(
    staffed: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(staffed, monkeypatch, PIN)
    with closing(PinStore.open(staffed.storage, lambda: 0)) as pins:
        for _ in range(9):
            pins.count_wrong("0815")
        piped(staffed, monkeypatch, "1470")
        assert pins.wait_seconds("0815") == 0
    assert opens(staffed, "1470")
    assert not opens(staffed, PIN)


def test_a_pin_is_removed(staffed: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    piped(staffed, monkeypatch, PIN)
    staffed.done("staff", "pin", "0815", "--remove")
    assert not opens(staffed, PIN)
    assert [action["outcome"] for action in actions(staffed)] == ["done", "removed"]
    assert "has no PIN" in staffed.admin("staff", "pin", "0815", "--remove").complaint
    assert len(actions(staffed)) == 2


@pytest.mark.parametrize("bad", ["", "\n", "123", "1" * 13, "12 34", "１２３４", "abcd", "-1234", f" {PIN}"])
def test_what_is_no_pin_is_refused_and_changes_nothing(
    staffed: Terminal, monkeypatch: pytest.MonkeyPatch, bad: str
) -> None:
    piped(staffed, monkeypatch, PIN)
    complaint = piped(staffed, monkeypatch, bad).complaint
    assert "4 to 12 digits" in complaint
    assert opens(staffed, PIN)
    assert len(actions(staffed)) == 1


def test_only_who_is_in_the_staff_list_gets_one(staffed: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PIN))
    assert "0816 is not in the staff list" in staffed.admin("staff", "pin", "0816").complaint
    assert actions(staffed) == []


def test_an_import_of_the_staff_leaves_the_pins(staffed: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    piped(staffed, monkeypatch, PIN)
    staffed.done("staff", "import", staffed.file("staff.json", [{"staff_no": "0815"}]))
    assert opens(staffed, PIN)


def at_a_terminal(terminal: Terminal, *lines: str) -> tuple[int, str]:
    """Run it on a pty and type a line at each prompt; what was to be seen, echo included."""
    master, slave = pty.openpty()
    command = terminal.command("staff", "pin", "0815")
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
    os.close(slave)
    seen = b""
    waiting = list(lines)
    deadline = time.monotonic() + 60
    try:
        while time.monotonic() < deadline and select.select([master], [], [], 60)[0]:
            try:
                seen += os.read(master, 4096)
            except OSError:  # the other side has closed
                break
            if seen.endswith(b": ") and waiting:
                os.write(master, waiting.pop(0).encode() + b"\n")
        status = process.wait(60)
    finally:
        process.kill()
        process.wait()
        os.close(master)
    assert waiting == []
    return status, seen.decode()


def test_at_a_terminal_it_is_asked_twice_and_not_shown(staffed: Terminal) -> None:
    status, seen = at_a_terminal(staffed, PIN, PIN)
    assert status == 0, seen
    assert seen.count(": ") >= 2
    assert PIN not in seen
    assert opens(staffed, PIN)


def test_at_a_terminal_two_that_differ_change_nothing(staffed: Terminal) -> None:
    status, seen = at_a_terminal(staffed, PIN, "1470")
    assert status == 2
    assert "differ" in seen
    assert not opens(staffed, PIN)
    assert actions(staffed) == []
