"""`kiosk-admin ports`: which serial ports there are, who has them, and giving one to a device."""

import functools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from device_drivers.port_assignment import Role
from device_drivers.serial_ports import resolve_port
from device_drivers.simulated.pty_port import PtyPort
from device_drivers.stable_ports import stable_ports
from kiosk_app.technician import port_rows
from tests.device_drivers.sockets import CH340, PROLIFIC, Sockets
from tests.technician.terminal import Terminal


@pytest.fixture
def sockets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sockets:
    directory = tmp_path / "machine"
    directory.mkdir()
    sockets = Sockets(directory)
    monkeypatch.setattr(port_rows, "stable_ports", functools.partial(stable_ports, sockets.list, sockets.by_path))
    monkeypatch.setattr(port_rows, "resolve_port", lambda port, _=None: resolve_port(port, sockets.list))
    return sockets


@pytest.fixture
def plugged(sockets: Sockets) -> Iterator[list[PtyPort]]:
    """An evaluator's adapter and a printer's, of different makes."""
    devices = [PtyPort(), PtyPort()]
    sockets.plug("left", devices[0].path, CH340)
    sockets.plug("right", devices[1].path, PROLIFIC)
    yield devices
    for device in devices:
        device.unplug()


def settings_of(terminal: Terminal) -> str:
    return (terminal.config / "terminal.toml").read_text(encoding="utf-8")


def test_each_port_is_listed_with_the_names_that_last(
    terminal: Terminal, sockets: Sockets, plugged: list[PtyPort]
) -> None:
    rows = {row["port"]: row for row in terminal.done("ports", "--json").rows}
    row = rows[plugged[0].path]
    assert (row["stable_name"], row["usb_name"]) == (sockets.path("left"), "usb:1a86:7523")
    assert (row["description"], row["used_for"], row["held_by"]) == ("an adapter", None, None)


def test_what_a_port_is_used_for_is_told_whatever_its_name_in_the_configuration(
    terminal: Terminal, sockets: Sockets, plugged: list[PtyPort]
) -> None:
    terminal.configure(f'\n[evaluator]\nport = "usb:1a86:7523"\n\n[printer]\nport = "{sockets.path("right")}"\n')
    rows = {row["port"]: row["used_for"] for row in terminal.done("ports", "--json").rows}
    assert rows == {plugged[0].path: "evaluator", plugged[1].path: "printer"}


def test_where_auto_found_a_device_last_is_told(terminal: Terminal, sockets: Sockets, plugged: list[PtyPort]) -> None:
    terminal.configure('\n[evaluator]\nport = "auto"\n')
    terminal.storage.mkdir()
    sockets.storage = terminal.storage
    sockets.book(evaluator="auto").recognised(Role.EVALUATOR, plugged[1].path)
    rows = {row["port"]: row["used_for"] for row in terminal.done("ports", "--json").rows}
    assert rows == {plugged[0].path: None, plugged[1].path: "evaluator"}


@pytest.mark.usefixtures("sockets")
def test_who_holds_a_port_is_told_and_what_it_is_to_our_app(
    terminal: Terminal, plugged: list[PtyPort], tmp_path: Path
) -> None:
    terminal.configure('\n[printer]\nport = "usb:067b:2303"\n')
    app = tmp_path / "kiosk-app"
    app.write_text("import sys\nport = open(sys.argv[1])\nprint(flush=True)\nsys.stdin.read()\n")
    command = [sys.executable, str(app), plugged[1].path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        rows = {row["port"]: row for row in terminal.done("ports", "--json").rows}
        running.communicate()
    row = rows[plugged[1].path]
    assert row["held_by"] == f"kiosk-app (pid {running.pid}), printer"
    assert row["holders"] == [{"pid": running.pid, "name": "kiosk-app"}]


def test_why_a_port_has_no_name_by_ids_stands_below_the_table(
    terminal: Terminal, sockets: Sockets, plugged: list[PtyPort]
) -> None:
    third = PtyPort()
    sockets.plug("top", third.path, CH340)
    told = terminal.done("ports").out.splitlines()
    assert told[0].split() == ["port", "stable_name", "usb_name", "used_for", "held_by", "description"]
    assert f"{plugged[0].path}: 2 adapters have these ids and no serial number: name the port by its path" in told
    third.unplug()


def test_a_port_is_given_to_a_device_by_the_name_that_lasts_and_it_is_on_record(
    terminal: Terminal, sockets: Sockets, plugged: list[PtyPort]
) -> None:
    terminal.configure('\n[evaluator]\nport = "auto"   # at the left\n')
    said = terminal.done("ports", "--use", f"evaluator={plugged[0].path}", "--use", "printer=usb:067b:2303")
    assert f"[evaluator] port = {sockets.path('left')}" in said.out
    assert "when it is restarted" in said.out
    assert f'port = "{sockets.path("left")}"   # at the left' in settings_of(terminal), "comments are kept"
    assert 'port = "usb:067b:2303"' in settings_of(terminal)
    payload = terminal.records()[-1]["payload"]
    assert (payload["action"], payload["outcome"]) == ("ports_used", "set")
    assert payload["target"] == f"evaluator={plugged[0].path}, printer=usb:067b:2303"


def test_two_devices_may_change_ports_at_once_but_never_share_one(
    terminal: Terminal, sockets: Sockets, plugged: list[PtyPort]
) -> None:
    left, right = (device.path for device in plugged)
    terminal.configure(f'\n[evaluator]\nport = "{left}"\n\n[printer]\nport = "{right}"\n')
    before = settings_of(terminal)
    assert "is the port of the" in terminal.admin("ports", "--use", f"evaluator={right}").complaint
    assert settings_of(terminal) == before
    assert terminal.records()[-1]["payload"]["outcome"].startswith("failed: ")
    terminal.done("ports", "--use", f"evaluator={right}", "--use", f"printer={left}")
    assert settings_of(terminal).index(sockets.path("right")) < settings_of(terminal).index(sockets.path("left"))


@pytest.mark.usefixtures("plugged")
@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ("evaluator", "write evaluator=PORT"),
        ("keyboard=/dev/ttyUSB0", "write evaluator=PORT"),
        ("evaluator=", "write evaluator=PORT"),
        ("evaluator=/dev/ttyUSB77", "is not there; present: "),
        ("evaluator=usb:ffff:0001", "is not there; plug the device in"),
        ("evaluator=usb:CH340", "write usb:VID:PID"),
    ],
)
def test_a_port_that_is_not_there_or_written_wrong_is_refused_in_one_line(
    terminal: Terminal, choice: str, words: str
) -> None:
    before = settings_of(terminal)
    assert words in terminal.admin("ports", "--use", choice).complaint
    assert settings_of(terminal) == before


def test_a_device_may_be_found_by_itself_again(terminal: Terminal) -> None:
    terminal.configure('\n[printer]\nport = "/dev/ttyUSB3"\n')
    assert terminal.done("ports", "--use", "printer=auto", "--json").rows == [{"device": "printer", "port": "auto"}]
    assert 'port = "auto"' in settings_of(terminal)
