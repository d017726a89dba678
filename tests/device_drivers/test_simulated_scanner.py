"""`python -m device_drivers.simulated scanner`, as a developer or the demonstration runs it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import serial

from device_drivers.scanner.driver import ScannerDriver
from device_drivers.simulated.scanner import SimulatedScanner
from tests.device_drivers.protocols import CHECKOUT
from tests.device_drivers.recorder import WAIT_SECONDS
from tests.device_drivers.test_scanner import Scans


@contextmanager
def console(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "device_drivers.simulated", "scanner", *map(str, arguments)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=CHECKOUT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        yield process
        process.kill()


def say(process: subprocess.Popen[str], *lines: str) -> None:
    assert process.stdin is not None
    process.stdin.writelines(f"{line}\n" for line in lines)
    process.stdin.flush()


def port_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.parametrize(("ending", "sent"), [("cr", b"\r"), ("lf", b"\n"), ("crlf", b"\r\n")])
def test_each_line_is_scanned(tmp_path: Path, ending: str, sent: bytes) -> None:
    with console("--link", tmp_path / "scanner", "--ending", ending) as process:
        with serial.Serial(port_of(process), timeout=WAIT_SECONDS) as port:
            say(process, "8080-RGG0-0PFZ-R84R", "", "预约")
            wanted = b"8080-RGG0-0PFZ-R84R" + sent + "预约".encode() + sent
            assert port.read(len(wanted)) == wanted
        _, errors = process.communicate(timeout=WAIT_SECONDS)
        assert (process.returncode, errors) == (0, "")
    assert not os.path.lexists(tmp_path / "scanner")


def test_the_plug_is_pulled_and_put_back(tmp_path: Path) -> None:
    link = tmp_path / "scanner"
    with console("--link", link) as process:
        assert port_of(process) == str(link)
        with serial.Serial(str(link), timeout=WAIT_SECONDS) as port:
            say(process, "unplug")
            with pytest.raises(serial.SerialException):
                port.read()
        say(process, "plug", "unplug", "plug", "unplug")
        process.communicate(timeout=WAIT_SECONDS)
        assert process.returncode == 0
    assert not os.path.lexists(link)


def test_it_ends_on_sigterm_and_takes_its_link_away(tmp_path: Path) -> None:
    with console("--link", tmp_path / "scanner") as process:
        port_of(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT_SECONDS) == 0
    assert not os.path.lexists(tmp_path / "scanner")


def test_where_no_link_can_be_made_it_says_so(tmp_path: Path) -> None:
    with console("--link", tmp_path / "missing" / "scanner") as process:
        _, errors = process.communicate(timeout=WAIT_SECONDS)
        assert process.returncode == 2
        assert len(errors.splitlines()) == 1


def test_a_killed_program_does_not_lock_the_next_one_out(tmp_path: Path) -> None:
    """Unlike a real port, a pty keeps the mark of exclusive use; the simulated device takes it away."""
    marking = (
        "import fcntl, os, sys, termios\n"
        "port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)\n"
        "fcntl.ioctl(port, termios.TIOCEXCL)\n"
        "os.abort()\n"
    )
    scans = Scans()
    with SimulatedScanner(tmp_path / "scanner") as scanner:
        subprocess.run([sys.executable, "-c", marking, scanner.port], check=False)
        driver = ScannerDriver(scanner.port, 9600, scans)
        driver.start()
        with closing(driver):
            scans.wait(lambda: driver.connected)
            scanner.scan("8080")
            scans.wait_texts("8080")
