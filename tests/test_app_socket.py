"""The running app's door for `kiosk-admin` and the agent."""

import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from kiosk_app import app_socket
from kiosk_app.app_socket import MOST_CALLS, SOCKET_FILE, AppDoor, AppSocketError, Json, RunningApp, running_app


class Devices:
    """What the app lends, and since when it has it back."""

    def __init__(self) -> None:
        self.lent = threading.Event()
        self.back = threading.Event()
        self.borrower = ""
        self.is_wanted = False

    @contextmanager
    def borrow(self, device: str, borrower: str) -> Iterator[None]:
        if device != "evaluator":
            raise RuntimeError(f"there is no {device}; add one")
        self.borrower = borrower
        self.lent.set()
        try:
            yield
        finally:
            self.back.set()


@pytest.fixture
def devices() -> Devices:
    return Devices()


@pytest.fixture
def app(tmp_path: Path, devices: Devices) -> Iterator[RunningApp]:
    def broken(_: Json) -> Json:
        raise KeyError("a mistake of ours")

    def silent(_: Json) -> Json:
        raise RuntimeError("no loudspeaker is connected; connect one")

    answers: dict[str, Callable[[Json], Json]] = {
        "health": lambda _: {"status": "ok", "problems": []},
        "restart": broken,
        "play": silent,
    }
    door = AppDoor(tmp_path, answers, devices.borrow, lambda _: devices.is_wanted)
    door.start()
    found = running_app(tmp_path)
    assert found is not None
    yield found
    door.close()


def test_the_app_tells_its_health(app: RunningApp) -> None:
    assert app.health() == {"status": "ok", "problems": []}


def test_only_the_owner_may_ask(app: RunningApp, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / SOCKET_FILE).stat().st_mode) == 0o600


def test_a_refusal_is_the_apps_own_line(app: RunningApp) -> None:
    with pytest.raises(AppSocketError, match=r"^no loudspeaker is connected; connect one$"):
        app.play("thanks")


def test_a_fault_of_the_app_is_told_and_the_next_question_is_answered(app: RunningApp) -> None:
    with pytest.raises(AppSocketError, match="see its log"):
        app.restart()
    assert app.health()["status"] == "ok"


def test_a_question_of_another_version_is_refused_in_one_line(app: RunningApp) -> None:
    with pytest.raises(AppSocketError, match="install app and kiosk-admin together"):
        app.open_page("binding", "technician")


def test_what_is_borrowed_is_free_until_it_is_given_back(app: RunningApp, devices: Devices) -> None:
    with app.borrow("evaluator", "somebody"):
        assert devices.lent.is_set()
        assert devices.borrower == "somebody"
        assert not devices.back.is_set()
    assert devices.back.is_set(), "when the borrower is done, the app has its device already"


def test_who_has_borrowed_hears_of_a_citizen_who_comes(app: RunningApp, devices: Devices) -> None:
    wanted = threading.Event()
    with app.borrow("evaluator", "a technician", wanted.set):
        assert not wanted.wait(0.5)
        devices.is_wanted = True
        assert wanted.wait(20)
        assert not devices.back.is_set(), "it is the borrower's to end"
    assert devices.back.is_set()


def test_a_citizen_who_was_there_before_is_not_told_again(app: RunningApp, devices: Devices) -> None:
    devices.is_wanted = True
    wanted = threading.Event()
    with app.borrow("evaluator", "a technician", wanted.set):
        assert not wanted.wait(0.5)


def test_a_borrower_who_does_not_care_gives_back_as_ever(app: RunningApp, devices: Devices) -> None:
    with app.borrow("evaluator", "a technician"):
        devices.is_wanted = True
        assert not devices.back.wait(0.5)
    assert devices.back.is_set()


def test_what_is_not_there_is_not_lent(app: RunningApp) -> None:
    with pytest.raises(AppSocketError, match="there is no printer; add one"), app.borrow("printer", "somebody"):
        pytest.fail("it was lent")


def test_a_killed_borrower_gives_back(app: RunningApp, devices: Devices, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from kiosk_app.app_socket import running_app\n"
        "with running_app(Path(sys.argv[1])).borrow('evaluator', 'killed'): print('has it', flush=True); input()"
    )
    borrower = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with borrower:
        assert borrower.stdout is not None
        assert borrower.stdout.readline() == "has it\n"
        assert not devices.back.is_set()
        borrower.kill()
    assert devices.back.wait(30)


def test_who_has_borrowed_hears_that_the_app_ended(tmp_path: Path) -> None:
    """The app that is started next finds the port free."""
    program = (
        "import sys; from contextlib import nullcontext; from pathlib import Path\n"
        "from kiosk_app.app_socket import AppDoor\n"
        "AppDoor(Path(sys.argv[1]), {}, lambda *_: nullcontext()).start(); print('open', flush=True); input()"
    )
    app = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    wanted, gone = threading.Event(), threading.Event()
    with app:
        assert app.stdout is not None
        assert app.stdout.readline() == "open\n"
        found = running_app(tmp_path)
        assert found is not None
        with suppress(AppSocketError), found.borrow("evaluator", "a technician", wanted.set, gone.set):
            assert not gone.wait(0.3)
            app.terminate()
            assert gone.wait(30)
    assert not wanted.is_set()


def test_who_gives_back_is_not_told_that_the_app_ended(app: RunningApp) -> None:
    gone = threading.Event()
    with app.borrow("evaluator", "a technician", threading.Event().set, gone.set):
        pass
    assert not gone.is_set()


def test_what_a_killed_app_left_there_is_no_running_app(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / SOCKET_FILE))
    assert running_app(tmp_path) is None
    door = AppDoor(tmp_path, {}, Devices().borrow)
    door.start()
    assert running_app(tmp_path) is not None
    door.close()
    assert running_app(tmp_path) is None


def test_a_storage_directory_with_a_long_name_has_a_door_too(tmp_path: Path) -> None:
    directory = tmp_path / ("d" * 120)
    directory.mkdir()
    door = AppDoor(directory, {"health": lambda _: {"status": "ok"}}, Devices().borrow)
    door.start()
    app = running_app(directory)
    assert app is not None
    assert app.health() == {"status": "ok"}
    door.close()


def test_an_app_that_is_gone_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(AppSocketError, match="does not answer"):
        RunningApp(tmp_path / SOCKET_FILE).health()


def call(directory: Path, monkeypatch: pytest.MonkeyPatch) -> socket.socket:
    """A caller that says nothing yet."""
    monkeypatch.chdir(directory)  # a name that fits into an address
    caller = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    caller.settimeout(20)
    caller.connect(SOCKET_FILE)
    return caller


def test_who_calls_and_asks_nothing_is_hung_up_on(
    app: RunningApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_socket, "PATIENCE_SECONDS", 0.1)
    with call(tmp_path, monkeypatch) as caller:
        assert caller.recv(1) == b""


def test_a_borrower_may_take_longer_than_a_caller(
    app: RunningApp, devices: Devices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_socket, "PATIENCE_SECONDS", 0.1)
    with call(tmp_path, monkeypatch) as borrower:
        borrower.sendall(b'{"ask": "borrow", "device": "evaluator", "borrower": "x"}\n')
        assert b"lent" in borrower.recv(100)
        assert not devices.back.wait(0.5)
    assert devices.back.wait(20)


def test_no_crowd_of_callers_takes_all_files_of_the_app(
    app: RunningApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    callers = []
    for _ in range(MOST_CALLS):
        callers.append(call(tmp_path, monkeypatch))
        callers[-1].sendall(b'{"ask": "health"}\n')
        assert callers[-1].recv(1) == b"{"
    with call(tmp_path, monkeypatch) as one_too_many:
        assert one_too_many.recv(1) == b""
    for caller in callers:
        caller.close()
    end = time.monotonic() + 20
    while time.monotonic() < end:  # their places are free as soon as the app has noticed
        with suppress(AppSocketError):
            assert app.health()["status"] == "ok"
            return
    pytest.fail("no place was given back")


WITHOUT_FILES = """
import os, resource, sys
from pathlib import Path
from kiosk_app.app_socket import AppDoor
AppDoor(Path(sys.argv[1]), {"health": lambda _: {"status": "ok"}}, None).start()
taken = []
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
try:
    while True:
        taken.append(os.dup(0))
except OSError:
    print("full", flush=True)
sys.stdin.readline()
for file in taken:
    os.close(file)
sys.stdin.readline()
"""
"""An app that is out of files until it is told to go on. What it logs comes on stdout too."""


def test_the_door_outlasts_a_moment_without_files(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_FILES, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stdout.readline() == "full\n"
        found = RunningApp(tmp_path / SOCKET_FILE)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
            caller.settimeout(20)
            caller.connect(str(tmp_path / SOCKET_FILE))
            assert "a call was not taken" in program.stdout.readline()
            program.stdin.write("go on\n")
            program.stdin.flush()
            caller.sendall(b'{"ask": "health"}\n')
            assert b"ok" in caller.recv(100)
        assert found.health() == {"status": "ok"}
        program.kill()
