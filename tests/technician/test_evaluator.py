"""`evaluator listen`, `evaluator confirm`, `config check`, `ports`: real bytes through a pty, as from a serial line."""

import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from device_drivers.evaluator.protocol_file import find_protocol
from kiosk_app.journal.database import APP_LOCK_FILE
from tests.technician.terminal import Said, Terminal

CODES = {
    "very_satisfied": 4, "satisfied": 3, "basically_satisfied": 2, "dissatisfied": 1, "very_dissatisfied": 0,
}  # fmt: skip


def frame(level: str, address: int = 0x81) -> bytes:
    """What the key of this level sends, written down from the protocol's description."""
    body = bytes([address, 0x11, CODES[level]])
    return b"\xff\x68\x03\x03\x68" + body + bytes([sum(body) & 0xFF]) + b"\x16"


class Device:
    """The far end of a serial line; a program opens `port`."""

    def __init__(self) -> None:
        self._end, near = os.openpty()
        tty.setraw(near)
        self.port = os.ttyname(near)
        # Held open, so that the line lives from before the program comes until after it has gone.
        self._near = near

    def send(self, content: bytes) -> None:
        os.write(self._end, content)

    def close(self) -> None:
        os.close(self._near)
        os.close(self._end)


class Running:
    """kiosk-admin in a process of its own, read line by line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def says_something(self, within_seconds: float) -> bool:
        ends = [end for end in (self.process.stdout, self.process.stderr) if end is not None]
        return bool(select.select(ends, [], [], within_seconds)[0])

    def end(self) -> Said:
        out, err = self.process.communicate(timeout=60)
        return Said(self.process.returncode, out, err)


@pytest.fixture
def device() -> Iterator[Device]:
    device = Device()
    yield device
    device.close()


@pytest.fixture
def evaluator(terminal: Terminal, device: Device) -> Terminal:
    terminal.configure(f'\n[evaluator]\nprotocol = "shared-bus-68"\nport = "{device.port}"\naddress = 129\n')
    return terminal


@contextmanager
def running(terminal: Terminal, *arguments: str) -> Iterator[Running]:
    with subprocess.Popen(
        terminal.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        bufsize=1,
    ) as process:  # fmt: skip
        try:
            yield Running(process)
        finally:
            process.kill()


def press_until_it_goes_on(program: Running, device: Device, level: str) -> None:
    """As a device does: the frame again and again, until somebody reacts."""
    while True:
        device.send(frame(level))
        if program.says_something(0.2):
            return


@pytest.mark.parametrize("command", [["listen"], ["confirm"], ["test"], ["listen", "--json"]])
def test_without_an_evaluator_in_the_configuration_it_says_so(terminal: Terminal, command: list[str]) -> None:
    assert "[evaluator]" in terminal.admin("evaluator", *command).complaint


def test_listen_prints_decoded_frames_as_they_come_until_it_is_stopped(evaluator: Terminal, device: Device) -> None:
    with running(evaluator, "evaluator", "listen", "--json") as program:
        assert json.loads(program.line())["connected"] is True
        device.send(frame("dissatisfied"))
        heard = json.loads(program.line())
        assert heard["frame"] == frame("dissatisfied").hex()
        assert heard["level"] == "dissatisfied"
        assert heard["fields"]["data"] == "01"
        program.process.send_signal(signal.SIGINT)
        ended = program.end()
    assert (ended.status, ended.err) == (130, "")


def test_listen_shows_the_word_on_the_key(evaluator: Terminal, device: Device) -> None:
    with running(evaluator, "evaluator", "listen") as program:
        assert program.line().startswith("listening at /dev/")
        device.send(frame("very_satisfied"))
        assert "非常满意" in program.line()


def test_a_test_begins_with_where_it_listens_not_as_if_somebody_else_held_the_port(evaluator: Terminal) -> None:
    said = evaluator.done("evaluator", "test", "--seconds", "0.3")
    assert said.out.startswith("listening at /dev/")


def test_listen_ends_by_itself_when_told_how_long(evaluator: Terminal) -> None:
    said = evaluator.process("evaluator", "listen", "--seconds", "0.01", "--json")
    assert (said.status, said.err) == (0, "")


@pytest.mark.parametrize("command", ["listen", "test"])
@pytest.mark.parametrize("seconds", ["0", "-5", "nan", "inf", "1e300", "soon"])
def test_no_time_at_all_and_no_end_are_refused(terminal: Terminal, command: str, seconds: str) -> None:
    complaint = terminal.admin("evaluator", command, f"--seconds={seconds}").complaint
    assert "--seconds" in complaint


def test_confirm_asks_for_each_key_and_records_that_all_were_right(evaluator: Terminal, device: Device) -> None:
    with running(evaluator, "evaluator", "confirm", "--json") as program:
        for level in CODES:
            assert json.loads(program.line()) == {"ask": level}
            press_until_it_goes_on(program, device, level)
        assert json.loads(program.line()) == {"confirmed": "shared-bus-68"}
        assert program.end().status == 0
    note = evaluator.records()[-1]
    assert note["kind"] == "operator_action"
    assert note["payload"]["action"] == "evaluator_confirmed"
    assert note["payload"]["target"] == find_protocol("shared-bus-68", evaluator.config).sha256


def test_confirm_refuses_a_key_that_means_something_else_and_records_nothing(
    evaluator: Terminal, device: Device
) -> None:
    with running(evaluator, "evaluator", "confirm") as program:
        assert "非常满意" in program.line()
        press_until_it_goes_on(program, device, "very_dissatisfied")
        line = program.end().complaint
    assert "非常满意" in line
    assert "非常不满意" in line
    assert "shared-bus-68" in line
    assert not evaluator.storage.exists()


def test_a_test_tells_each_key_with_its_delay_and_counts_the_frames_and_is_no_rating(
    evaluator: Terminal, device: Device
) -> None:
    with running(evaluator, "evaluator", "test", "--json") as program:
        assert json.loads(program.line())["connected"] is True
        device.send(frame("dissatisfied"))
        pressed = json.loads(program.line())
        assert (pressed["key"], pressed["repeat"]) == ("dissatisfied", 0)
        assert 0 <= pressed["latency_ms"] < 5_000
        device.send(frame("dissatisfied"))
        assert json.loads(program.line()) == {"key": "dissatisfied", "latency_ms": None, "repeat": 1}
        device.send(b"?")
        assert json.loads(program.line()) == {"noise_bytes": 1}
        program.process.send_signal(signal.SIGINT)
        ended = program.end()
    assert (ended.status, ended.err) == (0, "")
    counters = ended.rows[-1]["counters"]
    assert (counters["good"], counters["noise_bytes"]) == (2, 1)
    notes = [record["payload"] for record in evaluator.records() if record["kind"] != "journal_started"]
    assert [(note["action"], note["target"], note["outcome"]) for note in notes] == [
        ("evaluator_test", "shared-bus-68", "dissatisfied 1")
    ]


def test_a_test_ends_by_itself_when_told_how_long(evaluator: Terminal) -> None:
    said = evaluator.done("evaluator", "test", "--seconds", "0.3")
    assert said.out.splitlines()[-1].startswith("frames: good 0")
    assert evaluator.records()[-1]["payload"]["outcome"] == "no key came"


def test_listen_gives_the_port_free_where_the_app_ends_that_had_lent_it(evaluator: Terminal) -> None:
    """The app that is started next need not wait for it."""
    evaluator.storage.mkdir()
    door = (
        "import sys; from contextlib import nullcontext; from pathlib import Path\n"
        "from kiosk_app.app_socket import AppDoor\n"
        "AppDoor(Path(sys.argv[1]), {}, lambda *_: nullcontext()).start(); print('open', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", door, str(evaluator.storage)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as app:
        assert app.stdout is not None
        assert app.stdout.readline() == "open\n"
        with running(evaluator, "evaluator", "listen", "--json") as program:
            assert json.loads(program.line())["connected"] is True
            app.terminate()
            said = program.end()
    assert said.status == 130
    assert said.err == "kiosk-admin: kiosk-app, which had lent the device, has ended; try again\n"


# config check and ports


def test_config_check_takes_no_file_for_the_storage_directory(terminal: Terminal) -> None:
    terminal.storage.touch()
    assert f"{terminal.storage} is a file, not a directory" in terminal.admin("config", "check").complaint


def test_config_check_says_what_is_right(terminal: Terminal) -> None:
    assert terminal.done("config", "check").out == "lw-a-w12: the configuration is right\n"
    assert not terminal.storage.exists()


def test_config_check_checks_the_protocol_in_use(terminal: Terminal) -> None:
    terminal.configure("\n[evaluator]\n")
    assert "shared-bus-68" in terminal.done("config", "check").out
    terminal.configure('\n[evaluator]\nprotocol = "nothing-like-it"\n')
    assert "nothing-like-it" in terminal.admin("config", "check").complaint
    terminal.configure('\n[evaluator]\nprotocol = "jt905"\n')
    assert terminal.admin("config", "check").complaint


def test_config_check_reads_the_halls_own_protocol_first(terminal: Terminal) -> None:
    own = terminal.config / "evaluators" / "ascii-keys.toml"
    own.parent.mkdir()
    own.write_text('name = "ascii-keys"\nnonsense = 1\n', encoding="utf-8")
    terminal.configure('\n[evaluator]\nprotocol = "ascii-keys"\n')
    assert "ascii-keys.toml" in terminal.admin("config", "check").complaint


def test_config_check_tries_the_seal_key_r11(terminal: Terminal) -> None:
    private = X25519PrivateKey.generate()
    key: Path = terminal.config / "platform.pem"
    key.write_bytes(private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    text = (terminal.config / "terminal.toml").read_text(encoding="utf-8")
    sealed = text.replace(
        'secret_file = "platform.secret"', 'secret_file = "platform.secret"\nseal_key_file = "platform.pem"'
    )
    (terminal.config / "terminal.toml").write_text(sealed, encoding="utf-8")
    terminal.done("config", "check")
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    assert "private key" in terminal.admin("config", "check").complaint


def test_a_line_that_another_program_holds_is_told_not_taken(evaluator: Terminal, device: Device) -> None:
    """Two listeners on one line would each lose what the other reads."""
    with running(evaluator, "evaluator", "listen", "--json") as first:
        assert json.loads(first.line())["connected"] is True
        with running(evaluator, "evaluator", "listen", "--json") as second:
            told = json.loads(second.line())
    assert told["connected"] is False
    assert told["detail"]


@pytest.mark.parametrize("command", ["listen", "confirm", "test", "learn"])
def test_a_command_that_needs_the_port_ends_at_once_while_an_app_holds_it_that_does_not_answer(
    terminal: Terminal, command: str
) -> None:
    terminal.configure("\n[evaluator]\n")
    terminal.storage.mkdir()
    with (terminal.storage / APP_LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "kiosk-app owns the port" in terminal.admin("evaluator", command).complaint
