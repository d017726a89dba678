"""What is remembered of the devices' ports from one start to the next: a small file in the storage directory."""

import contextlib
import json
from pathlib import Path
from typing import Any

import structlog

from device_drivers.port_assignment import Remembered, Role
from device_drivers.serial_ports import UsbIds

log = structlog.get_logger()

PORTS_FILE = "ports.json"


class PortMemory:
    """Reads and writes the file. Without a directory, or where it cannot be used, nothing outlives the program."""

    def __init__(self, directory: Path | None) -> None:
        self._file = directory / PORTS_FILE if directory else None
        self._known: dict[Role, Remembered] = {}

    def read(self) -> dict[Role, Remembered]:
        """What is known now; another program, such as kiosk-admin, may have learned more."""
        if self._file is not None:
            with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
                self._known |= _parse(json.loads(self._file.read_text(encoding="utf-8")))
        return dict(self._known)

    def write(self, role: Role, remembered: Remembered) -> None:
        """Keep it, if it is news."""
        if self.read().get(role) == remembered:
            return
        self._known[role] = remembered
        if self._file is None:
            return
        text = json.dumps({str(role): _as_json(known) for role, known in self._known.items()}, indent=1)
        try:
            fresh = self._file.with_suffix(".new")
            fresh.write_text(text + "\n", encoding="utf-8")
            fresh.replace(self._file)
        except OSError as error:
            log.warning("ports not remembered", file=str(self._file), cause=str(error))


def _as_json(remembered: Remembered) -> dict[str, Any]:
    ids = remembered.ids
    return {"port": remembered.place, "vid": ids and ids.vid, "pid": ids and ids.pid, "serial": ids and ids.serial}


def _parse(document: dict[str, dict[str, Any]]) -> dict[Role, Remembered]:
    known = {}
    for name, entry in document.items():
        ids = UsbIds(entry["vid"], entry["pid"], entry["serial"]) if isinstance(entry["vid"], int) else None
        known[Role(name)] = Remembered(entry["port"], ids)
    return known
