"""`doctor --bundle FILE`: all that somebody far away needs to find a fault, and nothing of anybody's (R6, R11)."""

import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pysqlite3 as sqlite3

from kiosk_app.configuration import SETTINGS_FILE
from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.health.versions import versions
from kiosk_app.technician.bundling import journal_parts, system_parts
from kiosk_app.technician.bundling.archive import refuse_taken, write_archive
from kiosk_app.technician.bundling.masking import Mask, mask_for
from kiosk_app.technician.context import CommandError
from kiosk_app.technician.examination.examine import Examination
from kiosk_app.technician.owner import acting_as_owner

SUFFIX = ".tar.gz"
PROTOCOLS = "evaluators"
_READ_ME = """\
What is in here, and what is not: health, configuration, evaluator protocols, versions, ports, logs, the state of
delivery, and the last records as far as they say nothing of anybody. No secret, key or PIN; no name, telephone or
identity number; no rating's level, and nothing it could be told from. `sha256sum -c MANIFEST` checks the files.
"""


def refuse_target(target: Path) -> None:
    """Raise `CommandError` where a bundle cannot be written: asked before anything is looked at."""
    if not target.name.endswith(SUFFIX) or target.name == SUFFIX:
        raise CommandError(f"{target}: a bundle's name ends in {SUFFIX}")
    refuse_taken(target)


def write_bundle(target: Path, config: Path, found: Examination, lines: list[str]) -> int:
    """Write the bundle; its size in bytes. Raises `CommandError`, `OSError`."""
    now = time.time()
    device_id = found.settings.terminal.device_id if found.settings else "terminal"
    stamp = datetime.fromtimestamp(now, CHINA_TIME).strftime("%Y%m%d-%H%M%S")
    return write_archive(target, f"{device_id}-{stamp}", bundle_parts(config, found, lines), now)


def bundle_parts(config: Path, found: Examination, lines: list[str]) -> dict[str, bytes]:
    """Every file of it by name."""
    directory = found.directory
    mask = mask_for(config, directory)
    second = found.settings.storage.backup_directory if found.settings else None
    texts = {
        "README": _READ_ME,
        "health.txt": mask.text("\n".join(lines) + "\n"),
        SETTINGS_FILE: _file(mask, config / SETTINGS_FILE),
        "logs/units.log": mask.text(system_parts.unit_log()),
        "logs/kernel.log": mask.text(system_parts.kernel_log()),
        **{f"logs/{name}": mask.text(text) for name, text in system_parts.log_files().items()},
        **{f"{PROTOCOLS}/{path.name}": _file(mask, path, levels=False) for path in _protocols(config)},
    }
    values = {
        "health.json": found.health.to_json(),
        "versions.json": versions(),
        "machine.json": system_parts.machine(),
        "ports.json": system_parts.ports(),
        "disks.json": system_parts.disk_usage(directory, second),
        "config-files.json": system_parts.files_of(config),
    }
    with acting_as_owner(directory):  # what reads a database may have to make files beside it
        if directory is not None:
            values["storage-files.json"] = system_parts.files_of(directory)
            values["records.json"] = _or_why_not(lambda: journal_parts.last_records(directory))
            values["delivery.json"] = _or_why_not(lambda: journal_parts.delivery_state(directory))
    masked = {name: json.dumps(mask.value(value), ensure_ascii=False, indent=1) for name, value in values.items()}
    return {name: text.encode("utf-8", "replace") for name, text in {**texts, **masked}.items()}


def _or_why_not(ask: Callable[[], Any]) -> Any:
    """What is asked for, or why it cannot be had: a damaged journal is what the bundle is for."""
    try:
        return ask()
    except (sqlite3.Error, OSError, ValueError, TypeError, KeyError) as error:
        return {"fault": str(error)}


def _protocols(config: Path) -> list[Path]:
    directory = config / PROTOCOLS
    return sorted(directory.glob("*.toml")) if directory.is_dir() else []


def _file(mask: Mask, path: Path, *, levels: bool = True) -> str:
    try:
        return mask.text(path.read_text(encoding="utf-8", errors="replace"), levels=levels)
    except OSError as error:
        return f"cannot be read: {error.strerror}\n"
