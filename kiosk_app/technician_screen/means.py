"""What the app puts into the hands of the technician's screens."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from device_drivers.evaluator.frame_reader import Counters
from device_drivers.port_book import PortBook
from device_drivers.printer.conditions import Condition
from device_drivers.serial_ports import PortLister, present_ports
from kiosk_app.configuration import Settings
from kiosk_app.domain.health import Health
from kiosk_app.technician.mounted import MOUNT_ROOTS, MOUNTS_FILE
from kiosk_app.terminal.lending import Lender


class EvaluatorNow(Protocol):
    """How the evaluator is; `device_drivers.evaluator.driver.EvaluatorDriver` tells it. From any thread."""

    @property
    def connected(self) -> bool:
        """Whether its port is in use."""
        ...

    @property
    def detail(self) -> str:
        """Why it is away, and what to do; empty while it works."""
        ...

    @property
    def port_name(self) -> str | None:
        """The port that is open at this moment."""
        ...

    @property
    def counters(self) -> Counters:
        """What came since the port was opened last."""
        ...


class PrinterNow(Protocol):
    """How the printer is; `device_drivers.printer.driver.PrinterDriver` tells it. From any thread."""

    @property
    def port_name(self) -> str | None:
        """The port that is open at this moment."""
        ...

    @property
    def condition(self) -> Condition:
        """How it is."""
        ...

    @property
    def detail(self) -> str:
        """Why, and what to do; empty while all is well."""
        ...


def _nobody() -> bool:
    return False


@dataclass(frozen=True)
class Means:
    """All of it; each function may be called from any thread."""

    settings: Settings
    config: Path
    """The directory with terminal.toml."""
    lender: Lender
    health: Callable[[], Health]
    """Never raises; may take a moment."""
    restart: Callable[[], None]
    """Let the app begin anew with the present configuration; returns at once. Raises `RuntimeError` if it could not."""
    play_sound: Callable[[str], str | None]
    """Start a sound by its name; why nothing can be heard, None if it plays."""
    citizen_is_asked: Callable[[], bool] = _nobody
    """Whether a citizen is asked to rate at this moment: nothing may then cover the screen (R6). Never waits."""
    evaluator: EvaluatorNow | None = None
    printer: PrinterNow | None = None
    ports: PortBook | None = None
    """What all drivers of the app share."""
    list_ports: PortLister = present_ports
    mounts_file: Path = MOUNTS_FILE
    mount_roots: tuple[Path, ...] = MOUNT_ROOTS

    @property
    def directory(self) -> Path:
        """The storage directory."""
        return self.settings.storage.directory

    @property
    def window(self) -> str | None:
        """The window's number; None on a kiosk, which is no window."""
        terminal, window = self.settings.terminal, self.settings.window
        return window.number if terminal.profile == "window" and window is not None else None
