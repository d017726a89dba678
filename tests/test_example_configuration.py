"""The examples in `config/` are right as they stand, once their secrets are there."""

import shutil
from pathlib import Path

import pytest

from device_drivers.evaluator.protocol_file import find_protocol
from kiosk_app.configuration import Settings, load_settings

CONFIG = Path(__file__).parents[1] / "config"
SECRETS = {"platform.secret": "only for this test", "window-api.token": "only for this test", "hall.key": "ab" * 32}


def load(example: Path, tmp_path: Path) -> Settings:
    shutil.copy(example, tmp_path)
    for name, text in SECRETS.items():
        (tmp_path / name).touch(mode=0o600)
        (tmp_path / name).write_text(text)
    return load_settings(tmp_path)


def test_the_window_is_accepted_and_its_protocol_is_built_in(tmp_path: Path) -> None:
    settings = load(CONFIG / "terminal.toml", tmp_path)
    assert settings.terminal.profile == "window"
    assert settings.evaluator is not None
    assert find_protocol(settings.evaluator.protocol, tmp_path).has_address


def test_the_kiosk_is_accepted_with_printer_and_codes(tmp_path: Path) -> None:
    settings = load(CONFIG / "kiosk" / "terminal.toml", tmp_path)
    assert settings.terminal.profile == "kiosk"
    assert settings.kiosk is not None
    assert settings.printer is not None
    assert settings.rating_code is not None


@pytest.mark.parametrize("example", ["terminal.toml", "kiosk/terminal.toml"])
def test_what_is_commented_out_could_be_used(example: str, tmp_path: Path) -> None:
    """Whoever takes a `#` away gets a key that exists."""
    text = (CONFIG / example).read_text(encoding="utf-8")
    lines = [line.removeprefix("# ") if line.startswith("# ") and ("=" in line or "[" in line) else line
             for line in text.splitlines()]  # fmt: skip
    settings = tmp_path / "all" / "terminal.toml"
    settings.parent.mkdir()
    for name, secret in {**SECRETS, "device.key": "cd" * 32}.items():
        (settings.parent / name).touch(mode=0o600)
        (settings.parent / name).write_text(secret)
    for name in ("hall-ca.pem", "platform.pem"):
        (settings.parent / name).write_text("")
    settings.write_text("\n".join(lines), encoding="utf-8")
    assert load_settings(settings.parent).platform.public_url
