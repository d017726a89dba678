"""What the system refuses is told in one line that says who may not, and what to do (issue 4)."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk_app.technician.fault_words import fault_words
from tests.technician.terminal import SETTINGS, Said, Terminal

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root goes on as somebody else")
OWNER = 54_321
SHUT = (
    "the user 54321, as whom this runs, may not read or write there; give a place that it may, such as /tmp or a stick"
)

PROGRAM = "import sys; from kiosk_app.technician.command_line import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture
def bound(terminal: Terminal) -> Terminal:
    """A terminal that has a journal, and all that a sign needs."""
    settings = SETTINGS.replace("secret_file", 'public_url = "https://pj.example.gov.cn"\nsecret_file')
    (terminal.config / "terminal.toml").write_text(settings, encoding="utf-8")
    assert terminal.admin("bind", "12", "0815").status == 0
    return terminal


@pytest.fixture
def owned(bound: Terminal) -> Terminal:
    """Its storage belongs to the app's user, and is reached through directories that are open."""
    for path in (bound.storage, *bound.storage.iterdir()):
        os.chown(path, OWNER, OWNER)
    for directory in (bound.config, *bound.config.parents):
        if not directory.stat().st_mode & 0o001:
            directory.chmod(0o755)
    return bound


@pytest.fixture
def shut(owned: Terminal) -> Path:
    """A directory that only root may enter, as /root."""
    directory = owned.config.parent / "shut"
    directory.mkdir(mode=0o700)
    (directory / "staff.json").write_text("[]", encoding="utf-8")
    return directory


def as_root(terminal: Terminal, *arguments: str, cwd: Path | None = None) -> Said:
    """A process of its own goes on as the owner of the storage, and stays that."""
    command = [sys.executable, "-c", PROGRAM, "--config", str(terminal.config), *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=cwd)
    return Said(ended.returncode, ended.stdout, ended.stderr)


@only_root
@pytest.mark.parametrize(
    "arguments",
    [
        ["sign", "--output", "{}/sign.html"],
        ["sign", "--output", "{}/sign.png"],
        ["export", "{}/records.json"],
        ["backup", "--to", "{}/copies"],
        ["staff", "import", "{}/staff.json"],
        ["hall", "import", "{}/staff.json"],
    ],
    ids=" ".join,
)
def test_a_place_of_roots_is_told_to_be_shut_to_the_apps_user(
    owned: Terminal, shut: Path, arguments: list[str]
) -> None:
    said = as_root(owned, *(argument.format(shut) for argument in arguments))
    assert said.complaint == f"kiosk-admin: {shut}: {SHUT}"


@only_root
def test_so_is_the_directory_in_which_root_stands(owned: Terminal, shut: Path) -> None:
    assert as_root(owned, "sign", cwd=shut).complaint == f"kiosk-admin: {shut}: {SHUT}"


@only_root
def test_a_file_that_is_roots_alone_is_named_itself(owned: Terminal) -> None:
    file = Path(owned.file("staff.json", []))
    file.chmod(0o600)
    assert as_root(owned, "staff", "import", str(file)).complaint.startswith(
        f"kiosk-admin: {file}: the user 54321, as whom this runs, may not read or write it; give"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["sign", "--output", "{}/nowhere/sign.html"],
        ["export", "{}/nowhere/records.json"],
        ["backup", "--to", "{}/nowhere/copies"],
    ],
    ids=" ".join,
)
def test_a_directory_that_is_not_there_is_named(bound: Terminal, tmp_path: Path, arguments: list[str]) -> None:
    said = bound.admin(*(argument.format(tmp_path) for argument in arguments))
    assert said.status == 2
    told = f"{tmp_path}/nowhere: there is no such directory; make it, or give another place"
    assert said.err == f"kiosk-admin: {told}\n"


def test_no_number_of_the_systems_is_shown(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "x"))
    assert fault_words(full, []) == f"{tmp_path}/x: No space left on device"


def test_an_error_that_was_raised_from_itself_is_told() -> None:
    """`raise error from error` keeps its own place as its cause."""
    error = ValueError("no stick")
    error.__cause__ = error
    assert fault_words(error, []) == "no stick"


def test_what_is_no_fault_of_the_systems_stays_as_it_is() -> None:
    assert fault_words(ValueError("one\n  line"), []) == "one line"
