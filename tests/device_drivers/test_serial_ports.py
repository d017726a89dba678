"""Which port "auto" means, and the words for each trouble."""

import errno
import os
from dataclasses import dataclass

import pytest
import serial

from device_drivers.serial_ports import PortNotFoundError, explain, resolve_port


@dataclass
class Listed:
    device: str
    vid: int | None
    description: str | None = None


ON_BOARD = Listed("/dev/ttyS0", None)


def test_a_named_port_is_taken_as_it_is() -> None:
    assert resolve_port("/dev/ttyUSB7", list) == "/dev/ttyUSB7"


def test_auto_is_the_only_usb_serial_port() -> None:
    assert resolve_port("auto", lambda: [ON_BOARD, Listed("/dev/ttyUSB0", 0x1A86)]) == "/dev/ttyUSB0"


def test_auto_without_a_usb_serial_port_says_what_to_do() -> None:
    with pytest.raises(PortNotFoundError, match="no USB serial port is present; plug the device in, or name its port"):
        resolve_port("auto", lambda: [ON_BOARD])


def test_auto_with_several_usb_serial_ports_names_them() -> None:
    ports = [Listed("/dev/ttyUSB1", 0x1A86), Listed("/dev/ttyUSB0", 0x067B)]
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
