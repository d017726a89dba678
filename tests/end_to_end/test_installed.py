"""`pip install CHECKOUT` gives the commands complete: QML, assets, translations, catalogue, built-in protocols."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
SHOW_EVERYTHING = """
from pathlib import Path
import kiosk_app
from device_drivers.evaluator.protocol_file import find_protocol
from kiosk_app.domain.catalogue import parse_catalogue
from kiosk_app.resources import assets_directory, read_json
from kiosk_app.window.screen import open_screen
from kiosk_app.window.screen_state import Page, ScreenState, WindowSign
from kiosk_app.window.clerk_page import static_files
from kiosk_app.window.window_api import server

screen = open_screen(None, ScreenState(Page.CHOICES, WindowSign("h", "12")), assets=assets_directory(), windowed=True)
assert screen.window.grabWindow().width() == 1280
screen.close()
assert len(parse_catalogue(read_json("options.json")).levels) == 5
print(Path(kiosk_app.__file__).parent)
print(assets_directory())
print(find_protocol("ascii-keys").source)
print(find_protocol("shared-bus-68").source)
print(Path(server.__file__).with_name("openapi.yaml").resolve(strict=True))
assert static_files.StaticFiles()
for name in ("index.html", "page.css", "page.js", "texts.json", "icon.svg"):
    print((Path(static_files.__file__).parent / "files" / name).resolve(strict=True))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    options = ["--no-deps", "--no-build-isolation", "--target", str(target)]
    subprocess.run([*pip, *options, str(CHECKOUT)], check=True, timeout=110)
    return target


def test_what_is_installed_needs_nothing_of_the_checkout(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHOW_EVERYTHING],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed), "QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        assert Path(line).is_relative_to(installed), line


def test_the_three_commands_are_there(installed: Path) -> None:
    assert {path.name for path in (installed / "bin").iterdir()} >= {"kiosk-app", "kiosk-admin", "sync-agent"}
