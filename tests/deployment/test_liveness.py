"""systemd hears that a program is alive as long as all of it is, and nothing else (R20, R29)."""

import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk_app.journal.journal import Journal
from kiosk_app.journal.system_clock import SystemClock
from kiosk_app.liveness import Notifier, Pulse, Watchdog, storage_answers
from kiosk_app.terminal.mailbox import Mailbox
from tests.deployment.systemd_socket import SystemdSocket


@pytest.fixture
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SystemdSocket]:
    is_abstract = getattr(request, "param", "path") == "abstract"
    with SystemdSocket(f"@hall-kiosk-{uuid.uuid4()}" if is_abstract else str(tmp_path / "notify")) as heard:
        yield heard


@pytest.fixture
def watched(systemd: SystemdSocket) -> Iterator[Callable[..., Watchdog]]:
    started: list[Watchdog] = []

    def watch(**checks: Callable[[], bool]) -> Watchdog:
        watchdog = Watchdog(checks, notifier=Notifier.from_environment(systemd.environment()), patience=1.0)
        started.append(watchdog)
        watchdog.start()
        return watchdog

    yield watch
    for watchdog in started:
        watchdog.stop()


def yes() -> bool:
    return True


@pytest.mark.parametrize("systemd", ["path", "abstract"], indirect=True)
def test_ready_is_told_once_and_the_watchdog_again_and_again(
    systemd: SystemdSocket, watched: Callable[..., Watchdog]
) -> None:
    watchdog = watched(journal=yes, station=yes)
    systemd.wait_for("READY=1")
    assert systemd.comes_in_time(3)
    watchdog.stop()
    systemd.wait_for("STOPPING=1")
    assert systemd.heard.count("READY=1") == 1
    assert systemd.heard[:2] == ["STATUS=starting: waiting for journal, station", "READY=1"] or (
        systemd.heard[0] == "READY=1"
    )


def test_ready_waits_for_the_last_part(systemd: SystemdSocket, watched: Callable[..., Watchdog]) -> None:
    opened = threading.Event()
    watched(core=yes, journal=opened.wait)
    systemd.wait_for("STATUS=starting: waiting for journal")
    assert systemd.goes_silent("READY=1")
    assert "READY=1" not in systemd.heard
    opened.set()
    systemd.wait_for("READY=1")


@pytest.mark.parametrize("answer", ["never", "no", "raises"])
def test_a_part_that_hangs_silences_the_watchdog_and_one_that_comes_back_ends_that(
    systemd: SystemdSocket, watched: Callable[..., Watchdog], answer: str
) -> None:
    well, hangs = threading.Event(), threading.Event()
    well.set()

    def part() -> bool:
        if well.is_set():
            return True
        if answer == "never":
            return hangs.wait()
        if answer == "raises":
            raise OSError("gone")
        return False

    watched(core=yes, journal=part)
    systemd.wait_for("WATCHDOG=1")
    well.clear()
    assert systemd.goes_silent()
    assert systemd.heard[-1] == "STATUS=no answer from: journal"
    well.set()
    hangs.set()
    systemd.wait_for("WATCHDOG=1")
    assert systemd.comes_in_time(3)


def test_a_program_that_begins_anew_does_not_tell_that_it_stops(
    systemd: SystemdSocket, watched: Callable[..., Watchdog]
) -> None:
    watchdog = watched(core=yes)
    systemd.wait_for("READY=1")
    watchdog.stop(begins_anew=True)
    systemd.wait_for("STATUS=begins anew")
    assert systemd.heard[-2:] == ["WATCHDOG=1", "STATUS=begins anew"], "all of the time is left for it"
    assert systemd.goes_silent()
    assert "STOPPING=1" not in systemd.heard


def test_a_program_that_has_begun_anew_is_known_to_be_alive_as_soon_as_it_is_ready(
    systemd: SystemdSocket, watched: Callable[..., Watchdog]
) -> None:
    """To systemd it was ready all the time, and `READY=1` is no sign of life."""
    watched(core=yes)
    systemd.wait_for("READY=1")
    ready = systemd.heard.index("READY=1")
    assert systemd.heard[ready + 1] == "WATCHDOG=1", "in the same message"


def test_without_systemd_nothing_is_done() -> None:
    asked = threading.Event()

    def ask() -> bool:
        asked.set()
        return True

    before = threading.active_count()
    watchdog = Watchdog({"core": ask}, notifier=Notifier.from_environment({}))
    watchdog.start()
    assert threading.active_count() == before
    watchdog.stop()
    assert not asked.is_set()


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, 2.0),
        ({"WATCHDOG_PID": str(os.getpid())}, 2.0),
        ({"WATCHDOG_PID": str(os.getppid())}, 2.0),
        ({"WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
    ids=["no process named", "this one", "what started this one", "another one", "no watchdog", "no number"],
)
def test_a_watchdog_meant_for_another_process_is_not_ours(
    systemd: SystemdSocket, environment: dict[str, str], seconds: float | None
) -> None:
    notifier = Notifier.from_environment(systemd.environment() | environment)
    assert notifier is not None
    assert notifier.watchdog_seconds == seconds


def test_a_socket_that_is_gone_harms_nobody(tmp_path: Path) -> None:
    Notifier(str(tmp_path / "gone")).tell("READY=1")


def test_a_loop_that_does_not_run_cannot_hang() -> None:
    pulse = Pulse(0.0)
    assert pulse()
    pulse.beat()
    assert not pulse()
    pulse.stop()
    assert pulse()


def test_a_mailbox_answers_while_its_thread_does() -> None:
    mailbox, hangs, hanging = Mailbox("tried", lambda: None), threading.Event(), threading.Event()
    mailbox.start()
    assert mailbox.answers(10)

    def hang() -> None:
        hanging.set()
        hangs.wait()

    mailbox.post(hang)
    assert hanging.wait(10)
    assert not mailbox.answers(0.2)
    hangs.set()
    assert mailbox.answers(10)
    mailbox.close()


def test_storage_answers_also_with_bad_news(tmp_path: Path) -> None:
    assert storage_answers(tmp_path / "missing")
    (tmp_path / "journal.sqlite3").write_bytes(b"no database" * 1000)
    assert storage_answers(tmp_path)


def test_storage_that_never_returns_does_not_answer(tmp_path: Path) -> None:
    Journal.open_or_start(tmp_path, device_id="test-a-w12", clock=SystemClock(), software="test").close()
    assert storage_answers(tmp_path)
    (tmp_path / "journal.sqlite3").unlink()
    os.mkfifo(tmp_path / "journal.sqlite3")  # opening it to read waits until somebody writes
    answered = threading.Event()

    def ask() -> None:
        storage_answers(tmp_path)
        answered.set()

    threading.Thread(target=ask, daemon=True).start()
    assert not answered.wait(1.0)
    os.close(os.open(tmp_path / "journal.sqlite3", os.O_WRONLY))
    assert answered.wait(30)


def test_a_screen_whose_loop_hangs_silences_the_watchdog(systemd: SystemdSocket) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.deployment.watched_loop"],
        stdin=subprocess.PIPE,
        text=True,
        bufsize=1,
        env={**os.environ, **systemd.environment(), "QT_QPA_PLATFORM": "offscreen"},
    ) as program:
        assert program.stdin is not None
        systemd.wait_for("READY=1")
        assert systemd.comes_in_time(2)
        program.stdin.write("block\n")
        assert systemd.goes_silent()
        assert systemd.heard[-1] == "STATUS=no answer from: screen"
        program.stdin.write("release\n")
        systemd.wait_for("WATCHDOG=1")
        program.stdin.close()
        systemd.wait_for("STOPPING=1")
    assert program.returncode == 0
