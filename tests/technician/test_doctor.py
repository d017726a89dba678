"""`doctor`: what is wrong, since when and what to do, whatever is wrong (issue 4; R20, R26-R29).

The terminal's platform is a name that nobody knows, unless a test gives it a real one on loopback.
"""

import fcntl
import json
import os
import pwd
import re
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from device_drivers.evaluator.protocol_file import find_protocol
from device_drivers.simulated.evaluator import SimulatedEvaluator
from device_drivers.simulated.printer import SimulatedPrinter
from kiosk_app.app_socket import AppDoor
from kiosk_app.domain.health import Area, Health
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.health.book import BOOK_FILE
from kiosk_app.journal.database import AGENT_LOCK_FILE, APP_LOCK_FILE, DELIVERY_FILE, HALL_FILE, JOURNAL_FILE
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.signing_key import SIGNING_KEY_FILE
from kiosk_app.technician.examination.timed import all_looks
from sync_agent.simulated.faults import error
from sync_agent.simulated.platform import SimulatedPlatform
from tests.journal import drafts
from tests.journal.storage import settle
from tests.manual_clock import ManualClock
from tests.self_signed import write_certificate
from tests.technician.terminal import SETTINGS, Terminal

SECRET = b"a secret of the hall"
"""What the terminal's file holds."""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may act as another user, or mount a file system")

Rows = list[dict[str, Any]]


def doctor(terminal: Terminal) -> Rows:
    """What it prints; it has always looked, so it is done, whatever it found."""
    rows = terminal.done("doctor", "--json").rows
    for row in rows:
        assert set(row) == {"state", "area", "code", "text", "since", "action"}
        assert row["area"] in list(Area)
        assert row["state"] in ("ok", "warning", "problem")
        is_ok = row["state"] == "ok"
        assert (row["code"] is None) == is_ok == (row["action"] is None) == (row["since"] is None)
        assert "\n" not in row["text"]
    return rows


def by_code(rows: Rows) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in rows if row["code"]}


def fact(rows: Rows, area: Area) -> str:
    (text,) = [row["text"] for row in rows if row["area"] == area and row["state"] == "ok"]
    return str(text)


def point_at(terminal: Terminal, url: str, more: str = "") -> None:
    settings = SETTINGS.replace("https://platform.intra/evaluation", url)
    (terminal.config / "terminal.toml").write_text(settings + more, encoding="utf-8")


@contextmanager
def held(path: Path) -> Iterator[None]:
    """A lock as a running program holds it."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture
def platform(terminal: Terminal) -> Iterator[SimulatedPlatform]:
    with SimulatedPlatform(SECRET) as platform:
        point_at(terminal, platform.url)
        yield platform


# Nothing is there yet


def test_before_anything_was_set_up_it_says_what_is_missing(terminal: Terminal) -> None:
    rows = doctor(terminal)
    found = by_code(rows)
    assert {"storage_missing", "binding_missing", "app_not_running", "agent_not_running"} <= set(found)
    assert not terminal.storage.exists(), "looking makes nothing"
    assert fact(rows, Area.CONFIGURATION).endswith("terminal.toml is right")
    assert found["app_not_running"]["state"] == "problem"


def test_the_lines_are_in_the_order_of_the_areas_and_name_what_to_do(terminal: Terminal) -> None:
    lines = terminal.done("doctor").out.splitlines()
    states, areas = zip(*(line.split()[:2] for line in lines), strict=True)
    assert set(states) <= {"ok", "warning", "problem"}
    assert list(areas) == sorted(areas, key=list(Area).index)
    bound = next(line for line in lines if "nobody is bound" in line)
    assert " [binding_missing]; since 20" in bound, "the handbook's table is searched by the code"
    assert bound.endswith("or run: kiosk-admin bind 12 STAFF")


def test_each_line_bears_the_code_that_json_gives(terminal: Terminal) -> None:
    lines, rows = terminal.done("doctor").out.splitlines(), doctor(terminal)
    told = [found[1] if (found := re.search(r" \[([a-z_]+)\]", line)) else None for line in lines]
    assert told == [row["code"] for row in rows]


@pytest.mark.parametrize("arguments", [["doctor", "extra"], ["doctor", "--bundle"]])
def test_wrong_use(terminal: Terminal, arguments: list[str]) -> None:
    assert "see kiosk-admin" in terminal.admin(*arguments).complaint


# The configuration is refused


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("[platform]", "[platform"), "not valid TOML"),
        (("short_id = 12", "short_id = 0"), "terminal.short_id = 0"),
        (('secret_file = "platform.secret"', 'secret_file = "gone"'), "cannot read"),
    ],
)
def test_a_configuration_that_is_refused_is_one_line_and_the_rest_is_looked_at(
    terminal: Terminal, clock: ManualClock, change: tuple[str, str], told: str
) -> None:
    with terminal.journal(clock):
        pass
    (terminal.config / "terminal.toml").write_text(SETTINGS.replace(*change), encoding="utf-8")
    rows = doctor(terminal)
    assert told in by_code(rows)["configuration_refused"]["text"]
    if "TOML" not in told:
        assert "journal of 1 records" in fact(rows, Area.STORAGE)


def test_a_directory_without_a_configuration(terminal: Terminal) -> None:
    (terminal.config / "terminal.toml").unlink()
    assert "cannot be read" in by_code(doctor(terminal))["configuration_refused"]["text"]


def test_a_protocol_that_is_refused(terminal: Terminal) -> None:
    terminal.configure('\n[evaluator]\nprotocol = "jt905"\nport = "/dev/nothing"\n')
    found = by_code(doctor(terminal))
    assert "jt905" in found["protocol_refused"]["text"]
    assert "evaluator_lost" not in found, "nothing can be said of an evaluator without a protocol"
    terminal.configure('\n[evaluator]\nprotocol = "no-such"\n')
    assert "no-such" in by_code(doctor(terminal))["protocol_refused"]["text"]


# The storage


def test_a_damaged_journal(terminal: Terminal, clock: ManualClock) -> None:
    with terminal.journal(clock) as journal:
        journal.append(*(drafts.action(clock.now()) for _ in range(200)))
    settle(terminal.storage)
    file = terminal.storage / JOURNAL_FILE
    content = bytearray(file.read_bytes())
    content[8 * 4096 : 12 * 4096] = b"\xa5" * (4 * 4096)
    file.write_bytes(content)
    found = by_code(doctor(terminal))
    assert found["journal_damaged"]["action"].endswith("then restore the last backup")


@pytest.mark.parametrize("file", [JOURNAL_FILE, DELIVERY_FILE, HALL_FILE])
def test_a_file_that_is_no_database(terminal: Terminal, clock: ManualClock, file: str) -> None:
    with terminal.journal(clock), terminal.delivery():
        pass
    (terminal.storage / file).write_bytes(b"not a database" * 1000)
    told = " ".join(row["text"] for row in by_code(doctor(terminal)).values())
    assert "not a database" in told


def test_a_key_that_is_not_the_journals(terminal: Terminal, clock: ManualClock) -> None:
    with terminal.journal(clock):
        pass
    assert "cannot_record" not in by_code(doctor(terminal))
    (terminal.storage / SIGNING_KEY_FILE).unlink()
    assert "signing key is missing" in by_code(doctor(terminal))["cannot_record"]["text"]


@as_root
def test_a_full_disk(terminal: Terminal, clock: ManualClock) -> None:
    terminal.storage.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(terminal.storage)], check=True)
    try:
        with terminal.journal(clock):
            pass
        with suppress_full(), (terminal.storage / "filler").open("wb", buffering=0) as filler:
            while filler.write(bytes(4096)):
                pass
        found = by_code(doctor(terminal))
        assert "No space left on device" in found["cannot_record"]["text"]
        assert found["disk_full"]["text"].startswith("0 bytes are free")
        (terminal.storage / "filler").unlink()
        assert "cannot_record" not in by_code(doctor(terminal))
    finally:
        subprocess.run(["umount", str(terminal.storage)], check=True)


@contextmanager
def suppress_full() -> Iterator[None]:
    with pytest.raises(OSError, match="No space left"):
        yield


@as_root
def test_as_root_it_sees_what_the_apps_user_sees_and_leaves_no_file_of_roots(
    capsys: pytest.CaptureFixture[str], clock: ManualClock
) -> None:
    nobody = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        terminal = Terminal(Path(name), capsys)
        with terminal.journal(clock), terminal.delivery(), closing(HallStore.open(terminal.storage)):
            pass
        for path in (terminal.storage, *terminal.storage.iterdir()):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        terminal.config.chmod(0o755)
        (terminal.config / "terminal.toml").chmod(0o644)
        said = terminal.process("doctor", "--json")
        assert said.err == ""
        refused = by_code(said.rows)["configuration_refused"]["text"]
        assert "Permission denied" in refused, "the secret is root's, so that the app could not read it"
        os.chown(terminal.config / "platform.secret", nobody.pw_uid, nobody.pw_gid)
        found = by_code(terminal.process("doctor", "--json").rows)
        assert not {"configuration_refused", "storage_foreign_files"} & set(found)
        bundled = terminal.process("doctor", "--bundle", f"{name}/b.tar.gz")
        assert (bundled.status, bundled.err) == (0, "")
        assert {path.stat().st_uid for path in terminal.storage.iterdir()} == {nobody.pw_uid}


# The app


def test_a_running_app_is_asked_and_its_times_stand(terminal: Terminal, clock: ManualClock) -> None:
    began = "2026-11-25T08:00:00.000+08:00"
    lost = Problem("evaluator_lost", "evaluator: pulled out", "plug it in", Severity.PROBLEM, began)
    word = Health((lost,), {Area.PRINTER: "ready", Area.STORAGE: "12 GB free"})
    with terminal.journal(clock), ExitStack() as parts:
        parts.enter_context(held(terminal.storage / APP_LOCK_FILE))
        door = AppDoor(terminal.storage, {"health": lambda _: word.to_json()}, lambda *_: nullcontext())
        door.start()
        parts.callback(door.close)
        rows = doctor(terminal)
    assert by_code(rows)["evaluator_lost"] == {
        "state": "problem", "area": "evaluator", "code": "evaluator_lost",
        "text": lost.text, "since": began, "action": lost.action,
    }  # fmt: skip
    assert fact(rows, Area.PRINTER) == "ready"
    assert not {"app_not_running", "app_silent", "binding_missing"} & set(by_code(rows))


@pytest.mark.parametrize("kind", ["hung", "no door", "nonsense"])
def test_an_app_that_does_not_answer_is_told_in_time(terminal: Terminal, clock: ManualClock, kind: str) -> None:
    terminal.configure(f'\n[scanner]\nport = "{terminal.config}/nothing"\n')
    with terminal.journal(clock), ExitStack() as parts:
        parts.enter_context(held(terminal.storage / APP_LOCK_FILE))
        if kind == "hung":
            door = parts.enter_context(closing(socket.socket(socket.AF_UNIX)))
            os.chdir(terminal.storage)
            door.bind("app.sock")
            door.listen()
        elif kind == "nonsense":
            answering = AppDoor(terminal.storage, {"health": lambda _: {"problems": 7}}, lambda *_: nullcontext())
            answering.start()
            parts.callback(answering.close)
        began = time.monotonic()
        found = by_code(doctor(terminal))
        assert time.monotonic() - began < 20
    assert "does not answer" in found["app_silent"]["text"]
    assert "scanner_lost" not in found, "what hangs still owns its ports"


def test_an_agent_that_runs_is_seen(terminal: Terminal, clock: ManualClock) -> None:
    with terminal.journal(clock):
        assert by_code(doctor(terminal))["agent_not_running"]["state"] == "problem"
        with held(terminal.storage / AGENT_LOCK_FILE):
            assert "agent_not_running" not in by_code(doctor(terminal))


# Since when


def test_what_the_app_noted_and_what_an_examination_found_is_remembered(terminal: Terminal, clock: ManualClock) -> None:
    with terminal.journal(clock):
        pass
    noted = {"binding_missing": {"since": "2026-11-20T08:00:00.000+08:00", "text": "nobody is bound"}}
    (terminal.storage / BOOK_FILE).write_text(json.dumps(noted))
    first, second = by_code(doctor(terminal)), by_code(doctor(terminal))
    assert first["binding_missing"]["since"] == "2026-11-20T08:00:00.000+08:00"
    assert first["app_not_running"]["since"] == second["app_not_running"]["since"]


# Network and platform


def test_a_platform_that_accepts_this_device(terminal: Terminal, platform: SimulatedPlatform) -> None:
    rows = doctor(terminal)
    assert "answers at 127.0.0.1 port" in fact(rows, Area.NETWORK)
    assert "it accepts this device" in [
        row["text"] for row in rows if row["area"] == "platform" and row["state"] == "ok"
    ]


def test_a_secret_that_is_not_the_platforms(terminal: Terminal, platform: SimulatedPlatform) -> None:
    (terminal.config / "platform.secret").write_text("another")
    assert "401" in by_code(doctor(terminal))["platform_refuses_device"]["text"]


def test_a_wrong_clock_is_told_as_the_offset_and_is_not_why_a_device_is_refused(
    terminal: Terminal, platform: SimulatedPlatform
) -> None:
    platform.clock_offset = timedelta(days=3)
    found = by_code(doctor(terminal))
    assert "s off the platform's" in found["clock_wrong"]["text"]
    assert "platform_refuses_device" not in found


def test_nothing_listens_there(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    point_at(terminal, f"http://127.0.0.1:{port}/x")
    found = by_code(doctor(terminal))
    assert "Connection refused" in found["network_unreachable"]["text"]
    assert "platform_unavailable" not in found, "one cause is told once"


def test_something_else_answers_there(terminal: Terminal, platform: SimulatedPlatform) -> None:
    point_at(terminal, platform.url + "/elsewhere")
    assert "HTTP 404" in by_code(doctor(terminal))["platform_unavailable"]["text"]


def test_a_platform_that_asks_for_time_is_busy_and_nothing_is_lost(
    terminal: Terminal, platform: SimulatedPlatform
) -> None:
    platform.inject(error(503, retry_after="120"), on="config")
    found = by_code(doctor(terminal))["platform_unavailable"]
    assert found["text"] == "the platform is busy (HTTP 503): it asks to be left alone for 120 s"
    assert "nothing is lost" in found["action"]
    assert "url" not in found["action"]


def test_a_platform_that_does_not_answer_in_time_is_slow_and_nothing_is_lost_r27(terminal: Terminal) -> None:
    """What times out has not failed: the agent sends it again."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        point_at(terminal, f"http://127.0.0.1:{silent.getsockname()[1]}/x")
        found = by_code(doctor(terminal))["platform_unavailable"]
    assert found["text"] == "the platform does not answer in time"
    assert "nothing is lost" in found["action"]
    assert "url" not in found["action"]


@contextmanager
def tls_server(directory: Path, days: int) -> Iterator[int]:
    """Shakes hands, and hangs up."""
    certificate, key = write_certificate(directory, days=days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                try:
                    with context.wrap_socket(connection, server_side=True):
                        pass
                except OSError:
                    connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize(("days", "code"), [(20, "platform_certificate_expiring"), (-1, "platform_unavailable")])
def test_the_platforms_certificate(terminal: Terminal, days: int, code: str) -> None:
    with tls_server(terminal.config, days) as port:
        settings = SETTINGS.replace("https://platform.intra/evaluation", f"https://127.0.0.1:{port}/x")
        trusting = settings.replace('"platform.secret"', '"platform.secret"\nca_file = "tls.pem"')
        (terminal.config / "terminal.toml").write_text(trusting, encoding="utf-8")
        told = by_code(doctor(terminal))[code]["text"]
    assert "certificate" in told


# The devices of a stopped terminal


@pytest.fixture
def evaluator(terminal: Terminal, tmp_path: Path) -> Iterator[SimulatedEvaluator]:
    protocol = find_protocol("shared-bus-68")
    with SimulatedEvaluator(protocol, 129, tmp_path / "evaluator") as evaluator:
        terminal.configure(f'\n[evaluator]\nprotocol = "shared-bus-68"\nport = "{tmp_path}/evaluator"\n')
        yield evaluator


def test_an_evaluator_is_opened_and_nothing_is_sent_to_it(terminal: Terminal, evaluator: SimulatedEvaluator) -> None:
    rows = doctor(terminal)
    assert "opens; protocol shared-bus-68" in fact(rows, Area.EVALUATOR)
    assert by_code(rows)["evaluator_not_confirmed"]["state"] == "warning"
    assert evaluator.heard() == []


def test_an_evaluator_that_babbles(terminal: Terminal, evaluator: SimulatedEvaluator) -> None:
    evaluator.send_every(0.05, bytes(50))
    assert "not one frame" in by_code(doctor(terminal))["evaluator_noisy"]["text"]


def test_an_evaluator_that_is_not_there(terminal: Terminal, evaluator: SimulatedEvaluator) -> None:
    evaluator.unplug()
    assert "is not there" in by_code(doctor(terminal))["evaluator_lost"]["text"]


@pytest.mark.parametrize(("fault", "code"), [(False, None), (True, "printer_paper_out")])
def test_a_printer_tells_how_it_is(terminal: Terminal, tmp_path: Path, *, fault: bool, code: str | None) -> None:
    with closing(SimulatedPrinter("epson-h", 80, tmp_path / "printer")) as printer:
        if fault:
            printer.end_paper()
        terminal.configure(f'\n[printer]\nport = "{tmp_path}/printer"\n')
        rows = doctor(terminal)
    assert [row["code"] for row in rows if row["area"] == "printer"] == [code]


def test_a_second_place_that_is_not_plugged_in(terminal: Terminal) -> None:
    settings = SETTINGS.replace('directory = "storage"', 'directory = "storage"\nbackup_directory = "stick"')
    (terminal.config / "terminal.toml").write_text(settings, encoding="utf-8")
    found = by_code(doctor(terminal))
    assert "stick, cannot be used: it is not there" in found["backup_missing"]["text"]
    (terminal.config / "stick").mkdir()
    assert "backup_missing" not in by_code(doctor(terminal))


def test_the_display_is_asked_in_a_process_of_its_own(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert "800x800 pixels" in by_code(doctor(terminal))["display_small"]["text"]
    monkeypatch.setenv("QT_QPA_PLATFORM", "no-such-platform")
    assert "no screen can be shown" in by_code(doctor(terminal))["screen_not_shown"]["text"]


# A look that hangs, or fails


def test_a_look_that_hangs_is_given_up_and_the_others_are_told() -> None:
    over = threading.Event()

    def hang() -> Health:
        over.wait()
        return Health()

    def fail() -> Health:
        raise KeyError("what")

    looks: dict[Area, Callable[[], Health]] = {
        Area.BACKUP: hang,
        Area.SOUND: fail,
        Area.DISPLAY: lambda: Health((), {Area.DISPLAY: "there"}),
    }
    backup, sound, display = all_looks(looks, 0.2)
    over.set()
    assert [(p.code, "did not end" in p.text) for p in backup.problems] == [("backup_not_examined", True)]
    assert [p.code for p in sound.problems] == ["sound_not_examined"]
    assert display.facts == {Area.DISPLAY: "there"}
