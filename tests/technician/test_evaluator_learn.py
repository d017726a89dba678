"""`evaluator learn` as a technician and as a test jig run it: the real command, a real line, a device on it."""

import json
import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from device_drivers.evaluator.learner import Learner
from device_drivers.evaluator.learner_events import Ask, Patience
from device_drivers.evaluator.protocol import LEVELS
from device_drivers.evaluator.protocol_file import load_protocol
from device_drivers.port_book import PortBook
from device_drivers.simulated.evaluator import SimulatedEvaluator
from kiosk_app.app_socket import AppDoor
from kiosk_app.configuration import load_settings
from kiosk_app.technician import evaluator_learning
from kiosk_app.technician.config_owner import as_owner_of
from tests.device_drivers.learning_jig import hasten
from tests.device_drivers.undocumented import checksummed
from tests.technician.terminal import Terminal

ASKED = [(level, press) for level in LEVELS for press in (1, 2, 3)] + [(level, 4) for level in LEVELS]


@pytest.fixture
def device(tmp_path: Path) -> Iterator[SimulatedEvaluator]:
    with SimulatedEvaluator(checksummed("crc16-modbus"), link=tmp_path / "line") as device:
        yield device


@contextmanager
def learning(terminal: Terminal, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    command = terminal.command("evaluator", "learn", *arguments)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", bufsize=1
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def press_as_asked(process: "subprocess.Popen[str]", device: SimulatedEvaluator) -> list[dict[str, Any]]:
    """A jig: reads one object a line and presses what is asked for, until the command ends."""
    rows = []
    assert process.stdout is not None
    for line in process.stdout:
        rows.append(json.loads(line))
        if "ask" in rows[-1]:
            device.press(rows[-1]["ask"])
    return rows


@contextmanager
def running_app(terminal: Terminal, refusal: str = "") -> Iterator[list[str]]:
    """An app's door, as far as a command needs it; what happened at it."""
    happened: list[str] = []

    @contextmanager
    def lend(device: str, _borrower: str) -> Iterator[None]:
        if refusal:
            raise RuntimeError(refusal)
        happened.append(f"lent {device}")
        yield
        happened.append("taken back")

    def restart(_question: dict[str, Any]) -> dict[str, Any]:
        happened.append("restart")
        return {}

    terminal.storage.mkdir(exist_ok=True)
    door = AppDoor(terminal.storage, {"restart": restart}, lend)
    door.start()
    try:
        yield happened
    finally:
        door.close()


def actions(terminal: Terminal) -> list[tuple[str, str, str]]:
    payloads = [record["payload"] for record in terminal.records() if record["kind"] == "operator_action"]
    return [(payload["action"], payload["target"], payload["outcome"]) for payload in payloads]


def test_a_jig_that_reads_one_object_a_line_gets_a_proved_file_and_a_confirmed_protocol(
    terminal: Terminal, device: SimulatedEvaluator
) -> None:
    """Whatever protocol is configured: here one whose file does not exist."""
    terminal.configure(f'\n[evaluator]\nprotocol = "not-written-yet"\nport = "{device.port}"\n')
    with learning(terminal, "--json", "--name", "unknown-5") as process:
        rows = press_as_asked(process, device)
        assert process.wait() == 0
    file = terminal.config / "evaluators" / "unknown-5.toml"
    assert rows[-1] == {"result": str(file)}
    assert [(row["ask"], row["press"]) for row in rows if "ask" in row] == ASKED
    assert {key for row in rows for key in row} == {"ask", "press", "heard", "note", "result"}
    assert sum(len(bytes.fromhex(row["heard"])) for row in rows if "heard" in row) == 20 * 7
    protocol = load_protocol(file)
    assert actions(terminal) == [
        ("evaluator_learn", "unknown-5", "done"),
        ("evaluator_confirmed", protocol.sha256, "done"),
    ]


# In this process, where a machine's presses need no waiting.


@pytest.fixture
def jig(terminal: Terminal, device: SimulatedEvaluator, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Whoever reads the command's lines presses what they ask for."""
    hasten(monkeypatch)
    tell = evaluator_learning._tell

    def press(context: Any, told: Any) -> None:
        tell(context, told)
        if isinstance(told, Ask):
            device.press(told.level)

    monkeypatch.setattr(evaluator_learning, "_tell", press)
    return terminal


def test_a_person_is_asked_in_chinese_and_in_english(jig: Terminal, device: SimulatedEvaluator) -> None:
    said = jig.done("evaluator", "learn", "--port", device.port)
    assert "请按 非常满意（第 1 次，共 3 次）  press very_satisfied, 1 of 3" in said.out
    assert "核对：请再按一次 非常不满意  press very_dissatisfied, to prove the file" in said.out
    assert said.out.splitlines()[-1].endswith("learned-1.toml")
    note = next(n for n, line in enumerate(said.out.splitlines()) if line.startswith("Bytes that were the same"))
    assert said.out.splitlines()[note + 1] == "每次都相同的字节里可能有评价器的地址；地址不同的评价器要重新学。"


def test_what_could_not_be_inferred_is_told(jig: Terminal, device: SimulatedEvaluator) -> None:
    rows = jig.done("evaluator", "learn", "--port", device.port, "--json").rows
    assert any("address" in row.get("note", "") for row in rows)
    assert "result" in rows[-1]


def test_why_it_was_not_learned_is_told_in_chinese_and_in_english(
    terminal: Terminal, device: SimulatedEvaluator, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasten(monkeypatch)
    monkeypatch.setattr(evaluator_learning, "Learner", partial(Learner, patience=Patience(answer=0.1)))
    said = terminal.admin("evaluator", "learn", "--port", device.port)
    assert said.status == 1
    assert said.err.startswith("kiosk-admin: no key came, though 3 times")
    assert said.out.splitlines()[-1] == "问了 3 次都没有按键；请检查电源、线缆和端口，再学一次。"


def test_it_is_entered_in_the_configuration_where_that_is_wished(jig: Terminal, device: SimulatedEvaluator) -> None:
    before = (jig.config / "terminal.toml").read_text(encoding="utf-8")
    jig.done("evaluator", "learn", "--port", device.port, "--use", "--name", "ours")
    assert (jig.config / "terminal.toml").read_text(encoding="utf-8").startswith(before)
    evaluator = load_settings(jig.config).evaluator
    assert evaluator is not None
    assert (evaluator.protocol, evaluator.port) == ("ours", device.port)
    assert "ours" in jig.done("config", "check").out


def test_without_that_the_configuration_stays_as_it_is(jig: Terminal, device: SimulatedEvaluator) -> None:
    before = (jig.config / "terminal.toml").read_bytes()
    jig.done("evaluator", "learn", "--port", device.port)
    assert (jig.config / "terminal.toml").read_bytes() == before


def test_a_file_that_exists_is_kept_unless_it_may_be_replaced(jig: Terminal, device: SimulatedEvaluator) -> None:
    (jig.config / "evaluators").mkdir()
    file = jig.config / "evaluators" / "mine.toml"
    file.write_text("somebody's", encoding="utf-8")
    said = jig.admin("evaluator", "learn", "--port", device.port, "--name", "mine", "--json")
    assert said.status == 2
    assert "--replace" in said.err
    assert len(said.err.splitlines()) == 1
    assert "--replace" in json.loads(said.out.splitlines()[-1])["problem"]
    assert file.read_text(encoding="utf-8") == "somebody's"
    assert actions(jig)[-1][:2] == ("evaluator_learn", "mine")
    jig.done("evaluator", "learn", "--port", device.port, "--name", "mine", "--replace")
    assert load_protocol(file).name == "mine"


def test_a_name_that_no_file_can_have_is_refused_before_a_key_is_pressed(
    jig: Terminal, device: SimulatedEvaluator
) -> None:
    said = jig.admin("evaluator", "learn", "--port", device.port, "--name", "../mine")
    assert said.status == 2
    assert said.err.startswith("kiosk-admin: the name '../mine' is not possible; allowed: ")


def test_the_running_app_lends_the_evaluator_and_begins_anew_with_what_was_learned(
    jig: Terminal, device: SimulatedEvaluator
) -> None:
    jig.configure(f'\n[evaluator]\nprotocol = "jt905"\nport = "{device.port}"  # behind the counter\n')
    with running_app(jig) as happened:
        jig.done("evaluator", "learn", "--use")
    assert happened == ["lent evaluator", "taken back", "restart"]
    settings = (jig.config / "terminal.toml").read_text(encoding="utf-8")
    assert f'protocol = "learned-1"\nport = "{device.port}"  # behind the counter' in settings


def test_an_app_that_does_not_lend_now_says_why(jig: Terminal, device: SimulatedEvaluator) -> None:
    jig.configure(f'\n[evaluator]\nport = "{device.port}"\n')
    with running_app(jig, refusal="a citizen is being asked to rate; try again in a minute") as happened:
        assert "a citizen is being asked" in jig.admin("evaluator", "learn").complaint
    assert happened == []


def test_without_any_port_it_says_what_to_do(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk_app.technician.evaluator_learning.PortBook", partial(PortBook, list_ports=list))
    assert "plug the evaluator in" in terminal.admin("evaluator", "learn").complaint


def test_wrong_use_is_one_line(terminal: Terminal) -> None:
    assert "unrecognized" in terminal.admin("evaluator", "learn", "--nonsense").complaint


def test_it_is_recorded_that_it_was_ended(terminal: Terminal, device: SimulatedEvaluator) -> None:
    terminal.configure(f'\n[evaluator]\nport = "{device.port}"\n')
    with learning(terminal, "--json") as process:
        assert process.stdout is not None
        while "ask" not in json.loads(process.stdout.readline()):
            pass
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
    assert actions(terminal) == [("evaluator_learn", "a free name", "ended before it was done")]


def test_what_is_written_can_be_read_by_the_app_whoever_wrote_it(jig: Terminal, device: SimulatedEvaluator) -> None:
    """kiosk-admin's own umask keeps others out of what it writes elsewhere."""
    jig.done("evaluator", "learn", "--port", device.port)
    file = jig.config / "evaluators" / "learned-1.toml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o755


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_run_by_root_the_configuration_is_written_as_its_owner_and_all_else_as_the_storages(tmp_path: Path) -> None:
    os.chown(tmp_path, 1234, 5678)
    os.setegid(65534)
    os.seteuid(65534)
    try:
        with as_owner_of(tmp_path):
            assert (os.geteuid(), os.getegid()) == (1234, 5678)
        assert (os.geteuid(), os.getegid()) == (65534, 65534)
    finally:
        os.seteuid(0)
        os.setegid(0)
