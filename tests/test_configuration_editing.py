"""Values changed in terminal.toml: nothing else in the file, and nothing at all where the settings would refuse it."""

import os
import stat
from pathlib import Path

import pytest

from kiosk_app.configuration import ConfigurationError, load_settings
from kiosk_app.configuration_editing import set_values

TEXT = """# 窗口 12, see the handbook
[terminal]
device_id  = "lw-a-w12"   # unique on the platform
short_id   = 12
profile    = "window"
hall       = "灵武市政务服务中心"
area_code  = "640181000000"

[storage]
directory = "storage"

[platform]
url = "https://platform.intra/evaluation"
secret_file = "platform.secret"

[evaluator]                # the five keys
protocol = "shared-bus-68" # as learned
address  = 129

[window]
number = "12"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    secret = tmp_path / "platform.secret"
    secret.write_text("a secret of the hall", encoding="utf-8")
    secret.chmod(0o600)
    (tmp_path / "terminal.toml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def text_of(config: Path) -> str:
    return (config / "terminal.toml").read_text(encoding="utf-8")


def names_in(directory: Path) -> set[str]:
    return {entry.name for entry in directory.iterdir()}


def test_a_value_is_changed_and_every_other_byte_stays(config: Path) -> None:
    set_values(config, "evaluator", {"protocol": "learned-1"})
    assert text_of(config) == TEXT.replace('"shared-bus-68"', '"learned-1"')


def test_a_key_that_is_not_there_yet_is_added_to_its_section(config: Path) -> None:
    set_values(config, "evaluator", {"port": "/dev/serial/by-path/口", "address": 5})
    evaluator = load_settings(config).evaluator
    assert evaluator is not None
    assert (evaluator.port, evaluator.address, evaluator.protocol) == ("/dev/serial/by-path/口", 5, "shared-bus-68")
    assert [line for line in TEXT.splitlines() if line not in text_of(config).splitlines()] == ["address  = 129"]
    assert names_in(config) == {"terminal.toml", "platform.secret"}


@pytest.mark.parametrize("end", ["\n", "", "\n\n# the end"])
def test_a_missing_section_is_added_with_all_before_it_as_it_was(config: Path, end: str) -> None:
    before = TEXT.rstrip("\n") + end
    (config / "terminal.toml").write_text(before, encoding="utf-8")
    set_values(config, "printer", {"port": "/dev/ttyUSB1", "width_mm": 58})
    assert text_of(config).startswith(before)
    printer = load_settings(config).printer
    assert printer is not None
    assert (printer.port, printer.width_mm) == ("/dev/ttyUSB1", 58)


@pytest.mark.parametrize(
    ("section", "values", "words"),
    [
        ("evaluator", {"address": 256}, "evaluator.address = 256"),
        ("evaluator", {"address": 5, "protocol": "../elsewhere"}, 'evaluator.protocol = "../elsewhere"'),
        ("evaluator", {"nonsense": 1}, "evaluator.nonsense"),
        ("nonsense", {"port": "x"}, "nonsense"),
        ("kiosk", {"idle_seconds": 5}, "kiosk.idle_seconds"),
    ],
)
def test_a_value_that_the_settings_refuse_leaves_the_file_as_it_was(
    config: Path, section: str, values: dict[str, str | int], words: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        set_values(config, section, values)
    assert words in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert text_of(config) == TEXT
    assert names_in(config) == {"terminal.toml", "platform.secret"}


def test_its_mode_is_kept(config: Path) -> None:
    (config / "terminal.toml").chmod(0o640)
    before = (config / "terminal.toml").stat()
    set_values(config, "window", {"number": "13"})
    after = (config / "terminal.toml").stat()
    assert stat.S_IMODE(after.st_mode) == 0o640
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert after.st_ino != before.st_ino, "a new file in its place, so that a power cut leaves the old one or the new"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_its_owner_is_kept(config: Path) -> None:
    os.chown(config / "terminal.toml", 1234, 5678)
    set_values(config, "window", {"number": "13"})
    after = (config / "terminal.toml").stat()
    assert (after.st_uid, after.st_gid) == (1234, 5678)


def test_a_link_stays_one_and_the_file_behind_it_is_changed(config: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "kept"
    elsewhere.mkdir()
    (config / "terminal.toml").rename(elsewhere / "window-12.toml")
    (config / "terminal.toml").symlink_to("kept/window-12.toml")
    set_values(config, "window", {"number": "13"})
    assert (config / "terminal.toml").is_symlink()
    assert 'number = "13"' in (elsewhere / "window-12.toml").read_text(encoding="utf-8")
    assert names_in(elsewhere) == {"window-12.toml"}


def test_line_ends_of_another_system_are_kept(config: Path) -> None:
    (config / "terminal.toml").write_bytes(TEXT.replace("\n", "\r\n").encode())
    set_values(config, "window", {"number": "13"})
    assert (config / "terminal.toml").read_bytes() == TEXT.replace('"12"\n', '"13"\n').replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"[window\n", "not valid TOML"), (b"\xff", "not valid TOML"), (b"window = 3\n", "window is not a section")],
)
def test_a_file_that_is_broken_is_not_touched(config: Path, content: bytes, words: str) -> None:
    (config / "terminal.toml").write_bytes(content)
    with pytest.raises(ConfigurationError, match=words) as refused:
        set_values(config, "window", {"number": "13"})
    assert str(config / "terminal.toml") in str(refused.value)
    assert (config / "terminal.toml").read_bytes() == content


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        set_values(tmp_path, "window", {"number": "13"})


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_that_may_not_be_written_is_told(config: Path) -> None:
    config.chmod(0o500)
    try:
        with pytest.raises(ConfigurationError, match="cannot be written"):
            set_values(config, "window", {"number": "13"})
    finally:
        config.chmod(0o700)
    assert text_of(config) == TEXT
