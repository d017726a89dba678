"""Which port "auto" means, and the words for each trouble."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
import serial

from device_drivers.port_holders import Holder, holders_of
from device_drivers.serial_ports import PortNotFoundError, explain, resolve_port
from device_drivers.simulated.pty_port import PtyPort
from tests.device_drivers.sockets import CH340, PROLIFIC, Listed

ON_BOARD = Listed("/dev/ttyS0")


def test_a_named_port_is_taken_as_it_is() -> None:
    assert resolve_port("/dev/ttyUSB7", list) == "/dev/ttyUSB7"


def test_auto_is_the_only_usb_serial_port() -> None:
    assert resolve_port("auto", lambda: [ON_BOARD, Listed("/dev/ttyUSB0", *CH340)]) == "/dev/ttyUSB0"


def test_auto_without_a_usb_serial_port_says_what_to_do() -> None:
    with pytest.raises(PortNotFoundError, match="no USB serial port is present; plug the device in, or name its port"):
        resolve_port("auto", lambda: [ON_BOARD])


def test_auto_with_several_usb_serial_ports_names_them() -> None:
    ports = [Listed("/dev/ttyUSB1", *CH340), Listed("/dev/ttyUSB0", *PROLIFIC)]
    with pytest.raises(PortNotFoundError, match=r"2 .* \(/dev/ttyUSB0, /dev/ttyUSB1\); name one of them"):
        resolve_port("auto", lambda: ports)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            serial.SerialException(errno.EAGAIN, "Could not exclusively lock port"),
            "another program holds /dev/x; end it",
        ),
        (serial.SerialException(errno.EBUSY, "could not open port"), "another program holds /dev/x; end it"),
        (serial.SerialException(errno.ENOENT, "could not open port"), "/dev/x is not there; plug the device in"),
        (OSError(errno.ENXIO, os.strerror(errno.ENXIO)), "/dev/x is not there"),
        (serial.SerialException(errno.EACCES, "could not open port"), "no permission to open /dev/x; add"),
        (OSError(errno.EIO, "Input/output error"), "/dev/x failed: [Errno 5] Input/output error; check the cable"),
        (serial.SerialTimeoutException("Write\ntimeout"), "/dev/x failed: Write timeout; check"),
        (PortNotFoundError('port "auto": none'), 'port "auto": none'),
    ],
)
def test_each_trouble_has_its_own_words(error: Exception, words: str) -> None:
    assert explain("/dev/x", error).startswith(words)
    assert "\n" not in explain("/dev/x", error)


@pytest.mark.parametrize("name", ["usb:1a86:7523", "USB:1A86:7523", "usb:1a86:7523:A:7"])
def test_a_name_by_usb_ids_is_the_adapter_that_has_them_wherever_it_is(name: str) -> None:
    ports = [Listed("/dev/ttyUSB0", *PROLIFIC), Listed("/dev/ttyUSB3", *CH340, "A:7")]
    assert resolve_port(name, lambda: ports) == "/dev/ttyUSB3"


def test_a_name_by_usb_ids_that_fits_two_ports_is_refused_and_names_both() -> None:
    ports = [Listed("/dev/ttyUSB1", *CH340), Listed("/dev/ttyUSB0", *CH340)]
    with pytest.raises(
        PortNotFoundError, match=r"2 ports .* \(/dev/ttyUSB0, /dev/ttyUSB1\); name the port by its path"
    ):
        resolve_port("usb:1a86:7523", lambda: ports)


def test_a_name_by_usb_ids_of_an_absent_adapter_says_what_to_do() -> None:
    with pytest.raises(PortNotFoundError, match='"usb:1a86:7523:B8" is not there; plug the device in'):
        resolve_port("usb:1a86:7523:B8", lambda: [Listed("/dev/ttyUSB0", *CH340, "A7")])


@pytest.mark.parametrize("name", ["usb:", "usb:1a86", "usb:CH340:1", "usb:1a86:7523:"])
def test_a_name_by_usb_ids_that_is_written_wrong_says_how_it_is_written(name: str) -> None:
    with pytest.raises(PortNotFoundError, match="write usb:VID:PID or usb:VID:PID:SERIAL"):
        resolve_port(name, list)


def test_the_program_that_holds_a_port_is_named_with_its_pid(tmp_path: Path) -> None:
    """As a tool that was forgotten in another window."""
    program = tmp_path / "forgotten-tool"
    program.write_text("import sys\nport = open(sys.argv[1])\nprint(flush=True)\nsys.stdin.read()\n")
    device = PtyPort(tmp_path / "port")
    tool = subprocess.Popen([sys.executable, str(program), device.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert tool.stdout is not None
    try:
        tool.stdout.readline()
        assert holders_of(device.path) == [Holder(tool.pid, "forgotten-tool")]
        busy = serial.SerialException(errno.EBUSY, "could not open port")
        words = f"another program holds {device.path}: forgotten-tool (pid {tool.pid}); end it"
        assert explain(device.path, busy) == words
    finally:
        tool.communicate()
        device.unplug()


def test_nobody_holds_a_port_that_is_not_there() -> None:
    assert holders_of("/dev/none") == []
