"""A terminal in a directory: installed by the real command, with versions made from this checkout without a network."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from config.install import program
from config.install.layout import CHECKOUT, COMMANDS, Layout

SITE = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
ENTRY = {
    "kiosk-app": "kiosk_app.application",
    "kiosk-admin": "kiosk_app.technician.command_line",
    "sync-agent": "sync_agent.command_line",
}
SETTINGS = """
[terminal]
device_id  = "test-a-w12"
short_id   = 12
profile    = "window"
hall       = "测试政务服务中心"
area_code  = "640181000000"

[storage]
directory  = "../../var/lib/hall-kiosk"

[platform]
url          = "http://127.0.0.1:9"
secret_file  = "platform.secret"

[window]
number = "12"
"""
FAKE_SYSTEMCTL = """#!/bin/sh
# Writes down what it is asked; what is-active and is-failed answer stands in files beside it.
here=$(dirname "$0")
echo "$*" >> "$here/called"
case "$1" in
is-active) grep -q . "$here/running" ;;
is-failed) ! grep -q . "$here/running" ;;
stop) : > "$here/running" ;;
start) cat "$here/starts" > "$here/running" ;;
esac
"""


class Stage:
    """Everything below one directory."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.layout = Layout(root, stage_is_terminal=True)
        self.configuration = root / "etc/hall-kiosk"
        self.storage = root / "var/lib/hall-kiosk"
        self.tools = root.parent / f"{root.name}-tools"
        self.tools.mkdir()
        self.systemctl = self.tools / "systemctl"
        self.systemctl.write_text(FAKE_SYSTEMCTL)
        self.systemctl.chmod(0o755)
        self.services(running=False, start=True)

    def services(self, *, running: bool, start: bool) -> None:
        """Whether they run now, and whether they will when they are started."""
        (self.tools / "running").write_text("yes\n" if running else "")
        (self.tools / "starts").write_text("yes\n" if start else "")
        (self.tools / "called").write_text("")

    @property
    def called(self) -> list[str]:
        """What systemctl was asked, besides questions."""
        return [line for line in (self.tools / "called").read_text().splitlines() if not line.startswith("is-")]

    def make_version(self, name: str, **changes: str) -> str:
        """A version like a built one, but with the packages of the tests' own environment, and these files changed.

        A change is named by the file with `__` for `/`; its text is added at the end.
        """
        home = self.layout.versions / name
        site = home / SITE
        site.mkdir(parents=True)
        (home / "bin").mkdir()
        (home / "bin/python").symlink_to(Path(sys.executable).resolve())
        (home / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).resolve().parent}\n")
        (site / "packages.pth").write_text(f"{Path(sys.prefix) / SITE}\n")
        for package in ("kiosk_app", "device_drivers", "sync_agent"):
            shutil.copytree(CHECKOUT / package, site / package)
        shutil.copytree(CHECKOUT / "assets", site / "kiosk_app/assets")
        shutil.copytree(CHECKOUT / "config/evaluators", site / "device_drivers/evaluator/protocols")
        for command in COMMANDS:
            script = f"#!{home}/bin/python\nimport sys\nfrom {ENTRY[command]} import main\nsys.exit(main())\n"
            (home / "bin" / command).write_text(script)
            (home / "bin" / command).chmod(0o755)
        for file, text in changes.items():
            with (site / f"{file.replace('__', '/')}.py").open("a") as changed:
                changed.write(text)
        program.finish(self.layout, name)
        return name

    def settle(self) -> None:
        """Write settings and secret, as a technician does."""
        self.configuration.mkdir(parents=True, exist_ok=True)
        (self.configuration / "terminal.toml").write_text(SETTINGS)
        (self.configuration / "platform.secret").touch(mode=0o600)
        (self.configuration / "platform.secret").write_text("a-secret-only-for-tests")

    def run(self, what: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """The installer, as `make` calls it."""
        common = ("--destdir", str(self.root), "--stage-is-terminal", "--systemctl", str(self.systemctl))
        return _run([sys.executable, "-m", "config.install", *common, what, *arguments], CHECKOUT)

    def install(self, version: str) -> "subprocess.CompletedProcess[str]":
        """Install a version that was made before."""
        return self.run("install", "--built", version)

    def admin(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """kiosk-admin of the current version."""
        current = self.root / "opt/hall-kiosk/current/bin"
        command = [str(current / "python"), str(current / "kiosk-admin"), "--config", str(self.configuration)]
        return _run([*command, *arguments], self.root)

    def files(self) -> set[str]:
        """Every file and link, and every empty directory, below the root."""
        return {
            str(path.relative_to(self.root))
            for path in self.root.rglob("*")
            if not path.is_dir() or path.is_symlink() or not any(path.iterdir())
        }


def _run(command: Sequence[str], directory: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, timeout=110, check=False, cwd=directory)
