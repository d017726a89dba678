"""`python -m device_drivers.simulated evaluator`, as a developer or the demonstration runs it."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import serial

from device_drivers.simulated.evaluator_console import USAGE
from tests.device_drivers.protocols import CHECKOUT, SHARED_BUS, shared_bus, write_protocol
from tests.device_drivers.recorder import WAIT_SECONDS

GOOD = bytes.fromhex("FF 68 03 03 68 81 11 03 95 16")


class Console:
    """The command, with its lines in and out."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "device_drivers.simulated", "evaluator", *arguments],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = self.process.stdout.readline().strip()

    def say(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def do(self, line: str) -> dict[str, Any]:
        self.say(line)
        return self.hear()

    def end(self) -> tuple[int, str]:
        _, errors = self.process.communicate(timeout=WAIT_SECONDS)
        return self.process.returncode, errors


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    console = Console("--protocol", "shared-bus-68", "--address", "129", "--link", str(tmp_path / "evaluator"))
    yield console
    console.end()


def test_its_first_line_is_the_port_and_then_it_does_as_told(console: Console, tmp_path: Path) -> None:
    assert console.port == str(tmp_path / "evaluator")
    with serial.Serial(console.port, timeout=WAIT_SECONDS) as app:
        assert console.do("press satisfied") == {"event": "done", "command": "press satisfied", "port": console.port}
        assert app.read(10) == GOOD
        app.write(bytes.fromhex("68 02 02 68 81 01 82 16"))
        heard = {"event": "heard", "kind": "acknowledge", "stars": None, "raw": "6802026881018216"}
        assert console.hear() == heard


def test_every_command_is_known(console: Console) -> None:
    arguments = {
        "joined": "satisfied dissatisfied",
        "times": "1",
        "pieces": "0",
        "key-up": "off",
        "counter": "off",
        "own-speed": "off",
        "heartbeat": "60",
        "light": "60",
        "neighbour": "60 130",
        "every": "60 01 02ff",
        "other-address": "satisfied 130",
        "noise": "20",
        "raw": "01 02ff",
        "silent": "off",
        "echo": "on",
        "repeat": "off",
    }
    with_level = {"press", "split", "wrong-checksum", "wrong-length"}
    for verb in USAGE:
        line = f"{verb} {arguments.get(verb, 'satisfied' if verb in with_level else '')}".strip()
        answer = console.do(line)
        if verb == "help":
            assert answer["commands"] == list(USAGE.values())
            answer = console.hear()
        assert answer == {"event": "done", "command": line, "port": console.port}


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ("dance", "no such command; allowed: press LEVEL"),
        ("press", "wrong words; allowed: press LEVEL"),
        ("press great", "where LEVEL is one of very_satisfied"),
        ("echo maybe", "wrong words; allowed: echo on|off"),
        ("noise some", "invalid literal"),
        ("raw 0", "hexadecimal"),
        ("other-address satisfied 999", "needs an address from 0 to 255"),
    ],
)
def test_what_cannot_be_done_is_answered_and_the_next_line_is_done(console: Console, line: str, detail: str) -> None:
    answer = console.do(line)
    assert answer["event"] == "error"
    assert detail in answer["detail"]
    console.say("")
    assert console.do("press satisfied")["event"] == "done"


def test_it_ends_with_its_input(console: Console) -> None:
    assert console.end() == (0, "")
    assert not Path(console.port).is_symlink()


def test_it_ends_on_sigterm(console: Console) -> None:
    console.process.send_signal(signal.SIGTERM)
    assert console.end() == (0, "")
    assert not Path(console.port).is_symlink()


def test_it_speaks_a_protocol_of_the_configurations_directory(tmp_path: Path) -> None:
    write_protocol(tmp_path, SHARED_BUS, "own")
    console = Console("--protocol", "own", "--directory", str(tmp_path), "--address", "129")
    with serial.Serial(console.port, timeout=WAIT_SECONDS) as app:
        console.do("press satisfied")
        assert app.read(10) == GOOD
    assert console.end() == (0, "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--protocol", "nope"], 'evaluator protocol "nope" is not known'),
        (["--protocol", "jt905"], "fill in from the device's manual"),
        (["--protocol", shared_bus().name], "needs an address from 0 to 255"),
    ],
)
def test_what_cannot_be_used_ends_it_with_one_line(arguments: list[str], words: str) -> None:
    code, errors = Console(*arguments).end()
    assert code == 2
    assert words in errors
    assert len(errors.splitlines()) == 1
