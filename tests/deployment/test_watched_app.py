"""The real kiosk-app under a watchdog: what hangs is noticed, a missing screen and bad news are not called hanging."""

import fcntl
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk_app.app_socket import running_app
from tests.deployment.stage import SETTINGS
from tests.deployment.systemd_socket import SystemdSocket
from tests.end_to_end.program import Program
from tests.end_to_end.terminal import wait_until

NO_SCREEN = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": "", "WAYLAND_DISPLAY": ""}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    directory = tmp_path / "config"
    directory.mkdir()
    (directory / "terminal.toml").write_text(SETTINGS.replace("../../var/lib/hall-kiosk", "../data"))
    (directory / "platform.secret").touch(mode=0o600)
    (directory / "platform.secret").write_text("a-secret-only-for-tests")
    (tmp_path / "data").mkdir()
    return directory


@pytest.fixture
def data(config: Path) -> Path:
    return config.parent / "data"


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[SystemdSocket]:
    with SystemdSocket(str(tmp_path / "notify"), watchdog_seconds=4.0) as heard:
        yield heard


@pytest.fixture
def start(config: Path, systemd: SystemdSocket) -> Iterator[Callable[..., Program]]:
    started: list[Program] = []

    def app(**environment: str) -> Program:
        told = systemd.environment(PYTHONFAULTHANDLER="1", **environment)
        started.append(Program("kiosk-app", "--config", str(config), "--windowed", environment=told))
        return started[-1]

    yield app
    for program in started:
        if program.is_running:
            os.kill(program.pid, signal.SIGCONT)
            program.kill()
        program.wait()


class Held:
    """A lock file held by somebody who does not let go."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def release(self) -> None:
        os.close(self._descriptor)


def test_it_is_alive_with_a_screen_and_silent_while_it_is_stopped(
    start: Callable[..., Program], systemd: SystemdSocket
) -> None:
    app = start()
    app.wait_for_log("screen is shown")
    systemd.wait_for("READY=1")
    assert systemd.comes_in_time(4)
    os.kill(app.pid, signal.SIGSTOP)
    assert systemd.goes_silent()
    os.kill(app.pid, signal.SIGCONT)
    systemd.wait_for("WATCHDOG=1")
    assert app.stop() == 0
    systemd.wait_for("STOPPING=1")


def test_where_no_screen_can_be_shown_none_is_missed(start: Callable[..., Program], systemd: SystemdSocket) -> None:
    app = start(**NO_SCREEN)
    app.wait_for_log("no screen")
    systemd.wait_for("READY=1")
    assert systemd.comes_in_time(4)


def test_it_is_not_ready_before_the_journal_was_opened(
    start: Callable[..., Program], systemd: SystemdSocket, data: Path
) -> None:
    held = Held(data / "start.lock")
    start()
    systemd.wait_for("STATUS=starting: waiting for")
    assert systemd.goes_silent("READY=1")
    assert "READY=1" not in systemd.heard
    held.release()
    systemd.wait_for("READY=1")


def test_a_journal_that_never_opens_silences_it_and_shows_where_it_hung(
    start: Callable[..., Program], systemd: SystemdSocket, data: Path
) -> None:
    app = start(**NO_SCREEN)
    systemd.wait_for("READY=1")
    held = Held(data / "start.lock")
    (data / "journal.sqlite3").rename(data / "gone")  # the station opens it anew, and waits for the lock
    systemd.wait_for("STATUS=no answer from: ")
    assert "station" in systemd.heard[-1]
    assert systemd.goes_silent()
    os.kill(app.pid, signal.SIGABRT)  # as systemd does then
    assert app.wait() == -signal.SIGABRT
    held.release()
    assert any("exclusively" in line for line in app.lines), "the log tells where each thread stood"


def test_a_journal_that_cannot_be_opened_is_an_answer(
    start: Callable[..., Program], systemd: SystemdSocket, data: Path
) -> None:
    """Health tells it, and it heals by itself; a restart would only take the screen away (R20)."""
    (data / "journal.sqlite3").write_bytes(b"no database" * 1000)
    app = start()
    app.wait_for_log("cannot record")
    systemd.wait_for("READY=1")
    assert systemd.comes_in_time(4)


def test_beginning_anew_is_no_end(start: Callable[..., Program], systemd: SystemdSocket, data: Path) -> None:
    app = start()
    app.wait_for_log("screen is shown")
    systemd.wait_for("READY=1")
    wait_until(lambda: running_app(data) is not None, "the app's socket")
    asked = running_app(data)
    assert asked is not None
    asked.restart()
    systemd.wait_for("STATUS=begins anew")
    systemd.wait_for("READY=1")
    assert systemd.comes_in_time(2)
    assert "STOPPING=1" not in systemd.heard
    assert app.is_running
