"""The terminal's services, by systemctl; a stage has none."""

import shutil
import subprocess
import time

from .layout import InstallError, Layout

TARGET = "hall-kiosk.target"
ENABLED = (TARGET, "hall-kiosk-screen.service", "hall-kiosk-app.service", "hall-kiosk-agent.service")
_WATCHED = ("hall-kiosk-app.service", "hall-kiosk-agent.service")
_PATIENCE_S = 330
"""The units' own TimeoutStartSec, and a little more."""


class Services:
    """Stops, starts and asks."""

    def __init__(self, layout: Layout, systemctl: str) -> None:
        """Without `systemctl` nothing is called."""
        self._systemctl = "" if layout.is_staged else systemctl
        if self._systemctl and shutil.which(self._systemctl) is None:
            self._systemctl = ""
        self._is_this_machine = layout.destination is None

    def set_up(self) -> None:
        """Make user, directories and units known, and let them start with the machine."""
        if not self._systemctl:
            return
        if self._is_this_machine:
            self._make_known()
        self._call("daemon-reload")
        self._call("enable", "--quiet", *ENABLED)

    def _make_known(self) -> None:
        for command in (
            ("systemd-sysusers", "hall-kiosk.conf"),
            ("systemd-tmpfiles", "--create", "hall-kiosk.conf"),
            ("udevadm", "control", "--reload"),
            ("udevadm", "trigger", "--subsystem-match=tty"),
        ):
            if shutil.which(command[0]) is not None:
                subprocess.run(command, check=False)

    def take_down(self) -> None:
        """Stop all, and let nothing start any more."""
        self._call("disable", "--quiet", "--now", *ENABLED)

    def forget(self) -> None:
        """After the units' files were removed."""
        self._call("daemon-reload")

    def running(self) -> bool:
        """Whether the terminal is in use."""
        return any(self._ask("is-active", "--quiet", unit) for unit in _WATCHED)

    def stop(self) -> None:
        """Stop app and agent, and wait until they have ended. Raises `InstallError`."""
        if not self._call("stop", TARGET, *_WATCHED):
            raise InstallError("systemctl could not stop hall-kiosk; nothing was changed")

    def start(self) -> bool:
        """Start all; whether app and agent became ready."""
        self._call("daemon-reload")
        self._call("reset-failed", *_WATCHED)
        self._call("start", TARGET, *_WATCHED)
        end = time.monotonic() + _PATIENCE_S
        while time.monotonic() < end:
            if all(self._ask("is-active", "--quiet", unit) for unit in _WATCHED):
                return True
            if any(self._ask("is-failed", "--quiet", unit) for unit in _WATCHED):
                return False
            time.sleep(1)
        return False

    def _call(self, *arguments: str) -> bool:
        return self._ask(*arguments) or not self._systemctl

    def _ask(self, *arguments: str) -> bool:
        if not self._systemctl:
            return False
        return subprocess.run([self._systemctl, *arguments], check=False).returncode == 0
