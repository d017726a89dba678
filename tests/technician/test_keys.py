"""`kiosk-admin keys derive`: a window's own key out of the hall's (interfaces §7)."""

import json
import subprocess
from datetime import date
from pathlib import Path

import pytest

from kiosk_app.domain.rating_code import make_code
from tests.technician.terminal import Terminal

HALL_KEY = "ab" * 32


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "hall.key"
    path.write_text(f" {HALL_KEY}\n", encoding="ascii")
    path.chmod(0o600)
    return path


def derive(terminal: Terminal, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Without `--config`: the key must be there before the settings that name its file."""
    command = [terminal.command()[0], "keys", "derive", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def complaint(ended: subprocess.CompletedProcess[str]) -> str:
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1
    assert HALL_KEY not in ended.stderr
    return ended.stderr


def test_a_devices_key_is_printed_with_which_it_makes_the_published_code(terminal: Terminal, key_file: Path) -> None:
    ended = derive(terminal, key_file, "12")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(ended.stdout) == 65
    assert make_code(bytes.fromhex(ended.stdout), 1, 12, date(2026, 11, 22), 5) == "8080-RGG0-0PFZ-R84R"


def test_as_json_it_names_the_device(terminal: Terminal, key_file: Path) -> None:
    ended = derive(terminal, key_file, "4095", "--json")
    told = json.loads(ended.stdout)
    assert told["short_id"] == 4095
    assert told["device_key"] != derive(terminal, key_file, "12").stdout.strip()
    assert len(bytes.fromhex(told["device_key"])) == 32


def test_a_configuration_makes_no_difference_right_or_wrong(terminal: Terminal, key_file: Path) -> None:
    terminal.configure("\n[rules]\nshort_service_seconds = 9999\n")
    ended = terminal.admin("keys", "derive", str(key_file), "12")
    assert ended.out == derive(terminal, key_file, "12").stdout
    assert not terminal.storage.exists()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_hall_key_that_others_can_read_is_refused(terminal: Terminal, key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    assert "chmod 600" in complaint(derive(terminal, key_file, "12"))


@pytest.mark.parametrize(
    "content", ["", "ab" * 31, "ab" * 33, "gh" * 32, f"{HALL_KEY}\n{HALL_KEY}", "key: " + HALL_KEY]
)
def test_a_hall_key_that_is_not_64_hex_digits_is_refused(terminal: Terminal, key_file: Path, content: str) -> None:
    key_file.write_text(content, encoding="ascii")
    assert "HALL_KEY_FILE" in complaint(derive(terminal, key_file, "12"))


def test_a_hall_key_that_is_no_text_is_refused(terminal: Terminal, key_file: Path) -> None:
    key_file.write_bytes(b"\xff" * 32)
    assert "UTF-8" in complaint(derive(terminal, key_file, "12"))


def test_a_hall_key_that_is_not_there_is_named(terminal: Terminal, tmp_path: Path) -> None:
    assert str(tmp_path / "none") in complaint(derive(terminal, tmp_path / "none", "12"))
    assert "cannot read" in complaint(derive(terminal, tmp_path, "12"))


@pytest.mark.parametrize("short_id", ["0", "4096", "99999", "-1", "1.5", "twelve", "１２", ""])
def test_a_number_that_no_device_has_is_refused(terminal: Terminal, key_file: Path, short_id: str) -> None:
    assert complaint(derive(terminal, key_file, short_id))


@pytest.mark.parametrize("arguments", [[], ["12"]])
def test_without_file_and_number_it_is_wrong_use(terminal: Terminal, arguments: list[str]) -> None:
    assert "--help" in complaint(derive(terminal, *arguments))
