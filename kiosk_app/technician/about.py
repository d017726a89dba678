"""`about`: which terminal this is, and what runs on it."""

import base64
import hashlib
import platform
from contextlib import closing
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.configuration import Settings
from kiosk_app.domain.records import Json
from kiosk_app.health.versions import versions
from kiosk_app.journal.database import JOURNAL_FILE
from kiosk_app.journal.reader import JournalReader
from kiosk_app.technician.context import Commands, Context, add_json, print_json

LICENCE = "Apache-2.0"


def add_commands(commands: Commands) -> None:
    """Add this file's command."""
    parser = commands.add_parser("about", help="which terminal this is, and what runs on it")
    add_json(parser)
    parser.set_defaults(run=_about)


def about(settings: Settings, config: Path) -> Json:
    """What there is to know, by name; a `public_key_sha256` of null where no journal was started yet."""
    terminal = settings.terminal
    return {
        "device_id": terminal.device_id,
        "short_id": terminal.short_id,
        "profile": terminal.profile,
        "hall": terminal.hall,
        "area_code": terminal.area_code,
        **versions(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "public_key_sha256": _fingerprint(settings.storage.directory),
        "storage": str(settings.storage.directory),
        "configuration": str(config.absolute()),
        "licence": LICENCE,
    }


def _fingerprint(directory: Path) -> str | None:
    """SHA-256 of the key with which this journal's records are verified, as an auditor compares it by eye."""
    if not (directory / JOURNAL_FILE).exists():
        return None
    try:
        with closing(JournalReader.open(directory)) as journal:
            first = next(iter(journal.records_after(0, 1)), None) if journal.is_started else None
        if first is None:
            return None
        key = base64.b64decode(str(first.payload.get("public_key")), validate=True)
    except (sqlite3.Error, OSError, ValueError):
        return None
    digest = hashlib.sha256(key).hexdigest()
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def _about(context: Context) -> int:
    told = about(context.settings, context.config)
    if context.arguments.json:
        print_json(told)
        return 0
    width = max(map(len, told))
    for name, value in told.items():
        print(f"{name.ljust(width)}  {value if value is not None else '-'}")
    return 0
