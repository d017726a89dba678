"""`python -m device_drivers.simulated printer`, as a developer or the demonstration runs it."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import serial
import zxingcpp
from PIL import Image

from device_drivers.printer.escpos import encode
from device_drivers.printer.paper import PAPERS
from device_drivers.simulated.printer_console import USAGE
from tests.device_drivers.printing import CODE, number_slip
from tests.device_drivers.protocols import CHECKOUT
from tests.device_drivers.recorder import WAIT_SECONDS


class Console:
    """The command, with its lines in and out."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "device_drivers.simulated", "printer", *arguments],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = self.process.stdout.readline().strip()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def do(self, line: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.hear()

    def end(self) -> tuple[int, str]:
        _, errors = self.process.communicate(timeout=WAIT_SECONDS)
        return self.process.returncode, errors


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    console = Console("--link", str(tmp_path / "printer"), "--papers", str(tmp_path / "papers"))
    yield console
    console.end()


def test_its_first_line_is_the_port_and_a_paper_comes_out_as_text_and_picture(console: Console, tmp_path: Path) -> None:
    assert console.port == str(tmp_path / "printer")
    with serial.Serial(console.port, timeout=WAIT_SECONDS) as app:
        app.write(encode(number_slip("A007"), PAPERS[80]))
        told = console.hear()
    assert told["event"] == "paper"
    assert told["text"].splitlines()[:2] == ["测试区政务服务中心", "A007"]
    assert told["qr_codes"] == [CODE]
    assert [code.text for code in zxingcpp.read_barcodes(Image.open(told["picture"]))] == [CODE]
    papers = console.do("papers")
    assert [paper["text"] for paper in papers["papers"]] == [told["text"]]
    assert console.hear()["event"] == "done"


def test_every_command_is_known(console: Console) -> None:
    arguments = {
        "paper-out-after": "500",
        "paper-out-after-lines": "5",
        "cover": "close",
        "cutter": "mend",
        "unplug-after": "1000",
        "reading": "on",
        "printing": "on",
        "silent": "off",
        "late": "0.5",
        "lose": "2",
        "baud": "9600",
    }
    for verb in USAGE:
        line = f"{verb} {arguments.get(verb, '')}".strip()
        answer = console.do(line)
        if verb in {"papers", "violations", "help"}:
            assert answer["event"] == verb
            answer = console.hear()
        assert answer == {"event": "done", "command": line, "port": console.port}


def test_a_fault_is_seen_on_the_line(console: Console) -> None:
    with serial.Serial(console.port, timeout=WAIT_SECONDS) as app:
        for line, answer in (("paper-out", "7e"), ("load-paper", "12"), ("near-end", "1e")):
            console.do(line)
            app.write(b"\x10\x04\x04")
            assert app.read(1).hex() == answer
        console.do("cover open")
        app.write(b"\x10\x04\x02")
        assert app.read(1).hex() == "16"


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ("dance", "no such command; allowed: paper-out"),
        ("cover", "wrong words; allowed: cover open|close"),
        ("cover off", "wrong words; allowed: cover open|close"),
        ("silent maybe", "wrong words; allowed: silent on|off"),
        ("late soon", "could not convert"),
        ("lose some", "invalid literal"),
        ("lose -1", "a count is 0 or more"),
    ],
)
def test_what_cannot_be_done_is_answered_and_the_next_line_is_done(console: Console, line: str, detail: str) -> None:
    answer = console.do(line)
    assert answer["event"] == "error"
    assert detail in answer["detail"]
    assert console.do("near-end")["event"] == "done"


def test_it_ends_with_its_input(console: Console) -> None:
    assert console.end() == (0, "")
    assert not Path(console.port).is_symlink()


def test_it_ends_on_sigterm(console: Console) -> None:
    console.process.send_signal(signal.SIGTERM)
    assert console.end() == (0, "")
    assert not Path(console.port).is_symlink()


def test_what_cannot_be_made_ends_it_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, errors = Console("--papers", str(tmp_path / "file")).end()
    assert code == 2
    assert len(errors.splitlines()) == 1


def test_paper_and_model_can_be_chosen(tmp_path: Path) -> None:
    console = Console("--width", "58", "--profile", "silent")
    with serial.Serial(console.port, timeout=0.1) as app:
        app.write(b"\x10\x04\x01" + encode(number_slip(), PAPERS[58]))
        assert console.hear()["event"] == "paper"
        assert app.read(1) == b""
    assert console.do("violations") == {"event": "violations", "violations": []}
    console.end()
