"""What `make install` lays where, and what it never touches."""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config.install.layout import CHECKOUT, COMMANDS, InstallError, Layout
from tests.deployment.stage import Stage

UNITS = "usr/local/lib/systemd/system"
EXPOSED_AT_MOST = {"hall-kiosk-app": 26, "hall-kiosk-agent": 20, "hall-kiosk-screen": 60}
"""Tenths of what `systemd-analyze security` calls the exposure level; 100 is no hardening at all."""
SYSTEMD_ANALYZE = shutil.which("systemd-analyze")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    made = Stage(tmp_path_factory.mktemp("stage"))
    made.make_version("1")
    done = made.install("1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 is installed and current; next: edit /etc/hall-kiosk/terminal.toml")
    return made


def test_everything_is_where_the_text_says(stage: Stage) -> None:
    files = stage.files()
    for command in COMMANDS:
        assert f"usr/local/bin/{command}" in files
    for unit in ("target", "app.service", "agent.service", "screen.service", "again@.service"):
        assert f"{UNITS}/hall-kiosk{'.' if unit == 'target' else '-'}{unit}" in files
    assert (stage.root / "opt/hall-kiosk/current").readlink() == Path("versions/1")
    told = (CHECKOUT / "docs/deployment.md").read_text()
    for path in re.findall(r"`(/(?:usr|etc)/[^`{*]+)`", told):
        assert (stage.root / path.lstrip("/")).exists(), path
    rules = {path.name for path in (CHECKOUT / "config/udev").glob("*.rules")}
    assert {path.name for path in (stage.root / "etc/udev/rules.d").iterdir()} == rules != set()


def test_what_is_installed_starts_by_itself(stage: Stage) -> None:
    assert "enable --quiet hall-kiosk.target" in " ".join(stage.called)
    assert not any(call.startswith("start") for call in stage.called), "nothing starts before it is configured"


def test_a_stage_touches_no_service(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "stage")
    stage.make_version("1")
    staged = ["--destdir", str(stage.root), "--systemctl", str(stage.systemctl), "install", "--built", "1"]
    subprocess.run([sys.executable, "-m", "config.install", *staged], check=True, timeout=100, cwd=CHECKOUT)
    assert stage.called == []


def test_the_wrappers_take_another_configuration(stage: Stage, tmp_path: Path) -> None:
    wrapper = (stage.root / "usr/local/bin/kiosk-admin").read_text()
    assert "/opt/hall-kiosk/current/bin/kiosk-admin --config /etc/hall-kiosk" in wrapper
    here = tmp_path / "kiosk-admin"
    # The scripts name the terminal's Python, which is not there before the stage is copied.
    program = stage.root / "opt/hall-kiosk/current/bin"
    here.write_text(wrapper.replace("/opt/hall-kiosk/current/bin/", f"{program}/python {program}/"))
    here.chmod(0o755)
    for arguments, asked in (((), "/etc/hall-kiosk"), (("--config", str(tmp_path)), str(tmp_path))):
        done = subprocess.run(
            [str(here), *arguments, "config", "check"], capture_output=True, text=True, timeout=100, check=False
        )
        assert done.returncode == 2
        assert f"{asked}/terminal.toml" in done.stderr


def test_settings_are_laid_once_and_secrets_are_the_owners(stage: Stage) -> None:
    settings, secret = stage.configuration / "terminal.toml", stage.configuration / "platform.secret"
    token = (stage.configuration / "window-api.token").read_text()
    assert len(token) > 30
    settings.write_text("# mine\n")
    secret.write_text("mine")
    secret.chmod(0o644)
    assert stage.run("install", "--built", "1", "--profile", "kiosk").returncode == 0
    assert settings.read_text() == "# mine\n"
    assert secret.read_text() == "mine"
    assert (stage.configuration / "window-api.token").read_text() == token
    for path in (secret, stage.configuration / "window-api.token"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(stage.configuration.stat().st_mode) == 0o750


def test_installing_again_changes_nothing(stage: Stage) -> None:
    before = {name: (stage.root / name).read_bytes() for name in stage.files() if (stage.root / name).is_file()}
    assert stage.install("1").returncode == 0
    assert before == {name: (stage.root / name).read_bytes() for name in stage.files() if (stage.root / name).is_file()}


def test_uninstalling_leaves_settings_and_records_and_nothing_else(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "stage")
    stage.make_version("1")
    stage.install("1")
    stage.storage.mkdir(parents=True)
    (stage.storage / "journal.sqlite3").write_text("records")
    done = stage.run("uninstall")
    assert done.returncode == 0, done.stderr
    assert "/etc/hall-kiosk" in done.stdout
    assert "/var/lib/hall-kiosk" in done.stdout
    left = {name for name in stage.files() if (stage.root / name).is_file()}
    assert left == {
        "etc/hall-kiosk/terminal.toml",
        "etc/hall-kiosk/window-api.token",
        "var/lib/hall-kiosk/journal.sqlite3",
    }
    assert not [name for name in stage.files() if "kiosk" in name and "etc/hall-kiosk" not in name and name not in left]
    assert stage.called[-2:] == [stage.called[-2], "daemon-reload"]
    assert stage.called[-2].startswith("disable --quiet --now hall-kiosk.target")
    assert stage.run("uninstall").returncode == 0, "again does no harm"


@pytest.mark.parametrize("path", ["opt/hall", "/opt/hall kiosk", "/opt/$(id)"])
def test_a_prefix_that_no_unit_could_name_is_refused(path: str) -> None:
    with pytest.raises(InstallError, match="must be an absolute path"):
        Layout(prefix=Path(path))


def test_no_version_to_go_back_to_is_told(stage: Stage) -> None:
    done = stage.run("rollback")
    assert done.returncode == 2
    assert done.stderr == "hall-kiosk: there is no version before this one; nothing was changed\n"


@pytest.mark.skipif(SYSTEMD_ANALYZE is None, reason="systemd-analyze is not here")
def test_systemd_understands_the_units(stage: Stage, tmp_path: Path) -> None:
    """Where systemd-analyze finds the programs: it looks for them on this machine."""
    for source in (stage.root / UNITS).iterdir():
        text = source.read_text().replace("/opt/hall-kiosk", str(stage.root / "opt/hall-kiosk"))
        # Packages of the terminal, not of every machine that tests.
        (tmp_path / source.name).write_text(
            text.replace("/usr/bin/cage", "/bin/true").replace("/usr/bin/chvt", "/bin/true")
        )
    units = [str(path) for path in tmp_path.iterdir() if "@" not in path.name]
    assert SYSTEMD_ANALYZE is not None
    done = subprocess.run(
        [SYSTEMD_ANALYZE, "verify", "--man=no", "--recursive-errors=no", *units],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", ["hall-kiosk-app", "hall-kiosk-agent"])
def test_hardening_leaves_the_clock_to_be_read(stage: Stage, unit: str) -> None:
    """Each record tells whether the clock was synchronised (R28); ProtectClock= would let all of them say no."""
    lines = (stage.root / UNITS / f"{unit}.service").read_text().splitlines()
    assert "ProtectClock=yes" not in lines
    allowed = [line for line in lines if line.startswith("SystemCallFilter=")]
    assert "clock_adjtime" in allowed[-1], "after what takes calls away"


@pytest.mark.skipif(SYSTEMD_ANALYZE is None, reason="systemd-analyze is not here")
@pytest.mark.parametrize("unit", EXPOSED_AT_MOST)
def test_the_units_are_hardened(stage: Stage, unit: str) -> None:
    assert SYSTEMD_ANALYZE is not None
    threshold = f"--threshold={EXPOSED_AT_MOST[unit]}"
    done = subprocess.run(
        [
            SYSTEMD_ANALYZE,
            "security",
            "--offline=true",
            "--no-pager",
            threshold,
            str(stage.root / UNITS / f"{unit}.service"),
        ],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
