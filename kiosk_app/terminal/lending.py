"""Lends a device of the running app to a technician's test, and takes it back whatever becomes of the test.

A port has one owner. So that nothing has to be stopped to try a device, the app lets go of it for a while: its driver
closes the port, the borrower opens it, and at the end the app has it again. No citizen waits for a technician: nothing
is lent while somebody is asked to rate.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from typing import Protocol

import structlog

_log = structlog.get_logger()


class Device(StrEnum):
    """What can be lent."""

    EVALUATOR = "evaluator"
    PRINTER = "printer"
    SCANNER = "scanner"


class NotLentError(RuntimeError):
    """The device cannot be lent now; the message is one line that says what to do."""


class Lendable(Protocol):
    """A device's driver."""

    def release(self, detail: str) -> None:
        """Let go of the port, which is free when this returns; `detail` says why.

        Raises `RuntimeError` where it cannot now.
        """
        ...

    def take_back(self) -> None:
        """Look for the port again."""
        ...


class Lender(Protocol):
    """Who lends."""

    def borrow(self, device: Device, borrower: str) -> AbstractContextManager[None]:
        """Have the device's port free as long as the context lasts. Raises `NotLentError`."""
        ...


class Host(Protocol):
    """The station whose devices are lent."""

    def lend(self, device: Device, borrower: str, release: Callable[[], None]) -> None:
        """Have the port released at a moment that disturbs no citizen. Raises `NotLentError` if this is none."""
        ...

    def returned(self, device: Device) -> None:
        """The device is the station's again."""
        ...


class Lending:
    """The devices of one app; from any thread."""

    def __init__(self, devices: Mapping[Device, Lendable], host: Host) -> None:
        self._devices = devices
        self._host = host
        self._guard = threading.Lock()
        self._lent: dict[Device, str] = {}

    @property
    def borrowers(self) -> Mapping[str, str]:
        """Who has which device now."""
        with self._guard:
            return {device.value: borrower for device, borrower in self._lent.items()}

    @contextmanager
    def borrow(self, device: Device, borrower: str) -> Iterator[None]:
        """Have the device's port free as long as the context lasts. Raises `NotLentError`."""
        driver = self._devices.get(device)
        if driver is None:
            raise NotLentError(f"terminal.toml has no section [{device}]; add one, then start kiosk-app again")
        with self._guard:
            if device in self._lent:
                raise NotLentError(f"the {device} is lent to {self._lent[device]} already; end that first")
            self._lent[device] = borrower
        try:
            try:
                self._host.lend(device, borrower, lambda: driver.release(f"lent to {borrower}"))
            except NotLentError:
                raise
            except RuntimeError as error:
                raise NotLentError(f"the {device} cannot be lent: {error}") from error
            _log.info("device lent", device=device.value, borrower=borrower)
            try:
                yield
            finally:
                driver.take_back()
                self._host.returned(device)
                _log.info("device taken back", device=device.value, borrower=borrower)
        finally:
            with self._guard:
                del self._lent[device]
