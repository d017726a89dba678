"""`make install` as it is typed: real pip, the locks' hashes, and a program that runs from where it was staged."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.install.layout import CHECKOUT, COMMANDS

pytestmark = pytest.mark.timeout(400)
"""Some hundred megabytes are fetched, or taken from pip's cache, and unpacked."""
RUNS = """
import importlib.metadata as metadata, importlib.util as util
from kiosk_app.application import main
from kiosk_app.resources import assets_directory
assert (assets_directory() / "options.json").exists()
for tool in ("pytest", "mypy", "selenium", "hatchling"):
    assert util.find_spec(tool) is None, tool
print(metadata.version("hall-kiosk"))
"""


NOT_PART_OF_IT = (".venv", ".git", "build", "__pycache__", ".*_cache", ".hypothesis")


def make_install(checkout: Path, stage: Path) -> str:
    done = subprocess.run(
        ["make", "--no-print-directory", "install", f"DESTDIR={stage}"],
        capture_output=True,
        text=True,
        timeout=350,
        check=False,
        cwd=checkout,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, so that nobody changes it meanwhile; as an unpacked archive, without git."""
    copy = tmp_path_factory.mktemp("archive") / "hall-kiosk"
    return Path(shutil.copytree(CHECKOUT, copy, ignore=shutil.ignore_patterns(*NOT_PART_OF_IT)))


@pytest.fixture(scope="module")
def stage(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = tmp_path_factory.mktemp("made")
    make_install(checkout, made)
    yield made
    shutil.rmtree(made)


def test_the_staged_program_runs_with_nothing_of_the_tests(stage: Path, tmp_path: Path) -> None:
    program = stage / "opt/hall-kiosk/current/bin"
    done = subprocess.run(
        [str(program / "python"), "-c", RUNS], capture_output=True, text=True, timeout=100, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    version = (stage / "opt/hall-kiosk/current").readlink().name
    assert version.startswith(f"{done.stdout.strip()}-")


def test_nothing_in_it_names_the_stage(stage: Path) -> None:
    program = stage / "opt/hall-kiosk/current"
    version = program.readlink().name
    for command in COMMANDS:
        first = (program / "bin" / command).read_text().splitlines()[0]
        assert first == f"#!/opt/hall-kiosk/versions/{version}/bin/python"
    for path in (program / "bin").iterdir():
        if path.is_file() and not path.is_symlink():
            assert os.fsencode(stage) not in path.read_bytes(), path


def test_the_same_checkout_is_the_same_version(checkout: Path, stage: Path) -> None:
    versions = stage / "opt/hall-kiosk/versions"
    before = {path.name: path.stat().st_mtime_ns for path in versions.iterdir()}
    assert make_install(checkout, stage).endswith(" is installed and current\n")
    assert {path.name: path.stat().st_mtime_ns for path in versions.iterdir()} == before
