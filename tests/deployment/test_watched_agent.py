"""The real sync-agent under a watchdog: a dead network never silences it, a dead storage does."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_app.journal.journal import Journal
from kiosk_app.journal.system_clock import SystemClock
from tests.deployment.systemd_socket import SystemdSocket
from tests.end_to_end.program import Program

SETTINGS = """
[terminal]
device_id  = "test-a-w12"
short_id   = 12
profile    = "window"
hall       = "测试政务服务中心"
area_code  = "640181000000"

[storage]
directory  = "data"

[platform]
url          = "http://127.0.0.1:9"
secret_file  = "platform.secret"
push_seconds = 300

[window]
number = "12"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "terminal.toml").write_text(SETTINGS)
    (tmp_path / "platform.secret").touch(mode=0o600)
    (tmp_path / "platform.secret").write_text("a-secret-only-for-tests")
    Journal.open_or_start(tmp_path / "data", device_id="test-a-w12", clock=SystemClock(), software="test 1").close()
    return tmp_path


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[SystemdSocket]:
    with SystemdSocket(str(tmp_path / "notify"), watchdog_seconds=4.0) as heard:
        yield heard


@pytest.fixture
def agent(config: Path, systemd: SystemdSocket) -> Iterator[Program]:
    program = Program("sync-agent", "--config", str(config), environment=systemd.environment())
    yield program
    if program.is_running:
        os.kill(program.pid, signal.SIGCONT)
        program.kill()
    program.wait()


def test_it_is_alive_without_a_network_and_silent_while_it_is_stopped(agent: Program, systemd: SystemdSocket) -> None:
    systemd.wait_for("READY=1")
    assert systemd.comes_in_time(5)
    os.kill(agent.pid, signal.SIGSTOP)
    assert systemd.goes_silent()
    os.kill(agent.pid, signal.SIGCONT)
    systemd.wait_for("WATCHDOG=1")
    assert agent.stop() == 0
    systemd.wait_for("STOPPING=1")


def test_a_storage_that_never_returns_silences_it(agent: Program, systemd: SystemdSocket, config: Path) -> None:
    systemd.wait_for("READY=1")
    journal = config / "data" / "journal.sqlite3"
    journal.unlink()
    os.mkfifo(journal)  # opening it to read waits until somebody writes
    systemd.wait_for("STATUS=no answer from: storage")
    assert systemd.goes_silent()
    # Not stopped by SIGTERM but killed, as systemd does: what hangs is not waited for.
    agent.kill()
