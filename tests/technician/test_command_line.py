"""kiosk-admin as a whole: wrong use, wrong input, other processes, and the ends of pipes (interfaces §1)."""

import os
import pwd
import subprocess
import sys
from functools import partial

import pytest

from kiosk_app.journal.database import HALL_FILE, JOURNAL_FILE
from tests.journal import drafts
from tests.manual_clock import ManualClock
from tests.technician.terminal import Terminal

WRONG_USE = [
    [],
    ["frobnicate"],
    ["bind"],
    ["bind", "12"],
    ["bind", "12", "0815", "more"],
    ["bind", "12", "0815", "--colour"],
    ["unbind"],
    ["bindings", "extra"],
    ["staff"],
    ["staff", "remove"],
    ["staff", "import"],
    ["hall"],
    ["hall", "import"],
    ["records", "--after"],
    ["records", "--after", "x"],
    ["records", "--after", "1.5"],
    ["records", "--kind", "ratings"],
    ["resend"],
    ["resend", "--all", "an-id"],
    ["statistics", "--by", "colour"],
    ["statistics", "--from", "yesterday"],
    ["statistics", "--to", "2026-13-01"],
    ["statistics", "--from", "2026-11-31"],
    ["evaluator"],
    ["evaluator", "listen", "--seconds", "x"],
    ["config"],
    ["ports", "--all"],
]


@pytest.mark.parametrize("arguments", WRONG_USE, ids=" ".join)
def test_wrong_use_is_told_in_one_line_and_changes_nothing(terminal: Terminal, arguments: list[str]) -> None:
    assert "--help" in terminal.admin(*arguments).complaint
    assert not terminal.storage.exists()


@pytest.mark.parametrize("arguments", [[], ["bindings"]], ids=" ".join)
def test_without_a_configuration_directory_it_is_wrong_use(terminal: Terminal, arguments: list[str]) -> None:
    ended = subprocess.run([terminal.command()[0], *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1
    assert "--config" in ended.stderr


READING = [
    ["bindings"],
    ["records"],
    ["pending"],
    ["statistics"],
    ["verify"],
]


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_a_question_to_a_journal_that_is_not_there_is_answered_in_one_line(
    terminal: Terminal, arguments: list[str]
) -> None:
    for asked in (arguments, [*arguments, "--json"]):
        line = terminal.admin(*asked).complaint
        assert JOURNAL_FILE in line
        assert "no journal yet" in line
    assert not terminal.storage.exists()


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
@pytest.mark.parametrize("content", [b"", b"not a database but long enough to be the header of one" * 20])
def test_a_journal_that_is_none_is_told_in_one_line_that_names_the_file(
    terminal: Terminal, arguments: list[str], content: bytes
) -> None:
    with terminal.journal():
        pass
    (terminal.storage / JOURNAL_FILE).write_bytes(content)
    said = terminal.admin(*arguments)
    if arguments == ["verify"]:
        assert said.status == 1
        assert JOURNAL_FILE in said.out
    else:
        assert JOURNAL_FILE in said.complaint


def test_a_damaged_record_ends_no_command_in_a_traceback(terminal: Terminal, clock: ManualClock) -> None:
    with terminal.journal(clock) as journal:
        journal.append(*drafts.whole_visit(clock.now()))
        journal.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = terminal.storage / JOURNAL_FILE
    path.write_bytes(path.read_bytes().replace(b'{"clock":{"boot_id"', b'{"clock":{"boot_id#'))
    assert "kiosk-admin verify" in terminal.admin("records").complaint
    assert JOURNAL_FILE in terminal.admin("bind", "12", "0815").complaint
    assert terminal.admin("verify").status == 1


@pytest.mark.parametrize(
    "arguments", [["bindings"], ["bind", "12", "0815"], ["verify"], ["config", "check"]], ids=" ".join
)
def test_a_refused_configuration_is_one_line_with_file_key_value_and_what_is_allowed(
    terminal: Terminal, arguments: list[str]
) -> None:
    terminal.configure("\n[rules]\nshort_service_seconds = 9999\n")
    line = terminal.admin(*arguments).complaint
    for part in ("terminal.toml", "rules.short_service_seconds", "9999", "3600"):
        assert part in line


def test_a_journal_of_another_device_is_refused(terminal: Terminal) -> None:
    with terminal.journal():
        pass
    text = (terminal.config / "terminal.toml").read_text(encoding="utf-8")
    (terminal.config / "terminal.toml").write_text(text.replace("lw-a-w12", "lw-b-w01"), encoding="utf-8")
    line = terminal.admin("bind", "12", "0815").complaint
    assert "lw-a-w12" in line
    assert "lw-b-w01" in line


def test_it_works_while_the_app_holds_the_journal_open(terminal: Terminal, clock: ManualClock) -> None:
    with terminal.journal(clock) as journal:
        terminal.admin("bind", "12", "0815")
        assert journal.bound_to("12") == "0815"
        journal.append(drafts.action(clock.now()))
    assert terminal.done("verify").out.startswith("ok: 4 records")


# As a process of its own


def test_the_installed_command_does_what_it_does_in_process(terminal: Terminal) -> None:
    bound = terminal.process("bind", "12", "0815", "--reason", "轮岗")
    assert bound.status == 0
    assert terminal.process("bindings", "--json").rows[0]["staff_no"] == "0815"
    assert terminal.process("records", "--json").out == terminal.done("records", "--json").out
    assert terminal.process("verify").status == 0
    assert terminal.process("unbind", "99").complaint


def test_nothing_of_qt_and_nothing_of_the_window_is_imported(terminal: Terminal) -> None:
    """A technician's command must work where no screen can, and start at once."""
    terminal.admin("bind", "12", "0815")
    commands = (["records"], ["verify"], ["statistics"], ["pending"], ["config", "check"], ["ports"], ["bindings"])
    program = (
        "import sys\n"
        "from kiosk_app.technician.command_line import main\n"
        f"for arguments in {commands!r}:\n"
        f"    assert main(['--config', {str(terminal.config)!r}, *arguments]) == 0, arguments\n"
        "roots = ('PySide6', 'shiboken6', 'uvicorn', 'starlette', 'kiosk_app.window', 'kiosk_app.application')\n"
        "found = [name for name in sys.modules if name.startswith(roots)]\n"
        "sys.exit(f'imported: {found}' if found else 0)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("arguments", [["records"], ["records", "--json"], ["bindings"]], ids=" ".join)
def test_a_reader_that_has_seen_enough_ends_it_without_a_word(
    terminal: Terminal, clock: ManualClock, arguments: list[str]
) -> None:
    with terminal.journal(clock) as journal:
        for _ in range(150):
            journal.append(*drafts.whole_visit(clock.now()))
    readable, writable = os.pipe()
    os.close(readable)
    ended = subprocess.run(
        terminal.command(*arguments), stdout=writable, stderr=subprocess.PIPE, text=True, timeout=60, check=False
    )
    os.close(writable)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_chinese_comes_out_as_utf_8_even_without_a_locale(terminal: Terminal, clock: ManualClock) -> None:
    with terminal.journal(clock) as journal:
        journal.append(drafts.bound(clock.now(), "12", "张"))
    said = terminal.process("bindings", "--json", env={"PATH": os.environ["PATH"], "LC_ALL": "C"})
    assert said.rows[0]["staff_no"] == "张"


def test_an_argument_that_is_no_text_is_refused_in_one_line(terminal: Terminal) -> None:
    """A reason typed into a terminal of another encoding."""
    command = [part.encode() for part in terminal.command("bind", "12", "0815", "--reason")]
    ended = subprocess.run([*command, "轮岗".encode("gb18030")], capture_output=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert ended.stdout == b""
    assert ended.stderr.count(b"\n") == 1
    assert b"UTF-8" in ended.stderr


def test_a_user_whom_the_system_has_no_name_for_can_be_an_operator(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a container that runs under a number of its own."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 54_321)
    terminal.admin("bind", "12", "0815")
    assert terminal.records()[-1]["payload"]["by"] == "uid 54321"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root goes on as somebody else")
@pytest.mark.parametrize("name_is_known", [True, False])
def test_root_goes_on_as_the_owner_of_the_storage_even_if_that_has_no_name(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, name_is_known: bool
) -> None:
    """Files of root's would lock the app out; an owner without a name is a service's or a container's."""
    terminal.admin("bind", "12", "0815")
    owner = pwd.getpwnam("nobody").pw_uid if name_is_known else 54_321
    os.chown(terminal.storage, owner, 54_322)
    became: dict[str, tuple[object, ...]] = {}
    for call in ("initgroups", "setgroups", "setegid", "seteuid"):
        monkeypatch.setattr(os, call, partial(lambda call, *to: became.update({call: to}), call))
    terminal.done("bindings")
    groups = {"initgroups": ("nobody", 54_322)} if name_is_known else {"setgroups": ([54_322],)}
    assert became == {**groups, "setegid": (54_322,), "seteuid": (owner,)}


def test_the_hall_database_being_none_is_told_in_one_line(terminal: Terminal) -> None:
    terminal.storage.mkdir()
    (terminal.storage / HALL_FILE).write_bytes(b"nothing that SQLite knows" * 100)
    assert terminal.admin("staff", "list").complaint
