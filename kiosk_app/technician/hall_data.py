"""`staff list`, `staff import`, `hall import`: what the hall's administration says, until the platform says it."""

import argparse
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kiosk_app.journal.hall import SECTIONS, HallDataError, duplicates
from kiosk_app.technician import staff_pins
from kiosk_app.technician.context import CommandError, Commands, Context, add_json

MOST_STARS = 5
LARGEST_PHOTO = 512 * 1024
_IMAGE_BEGINS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def add_commands(commands: Commands) -> None:
    """Add this file's commands."""
    staff = commands.add_parser("staff", help="the staff list").add_subparsers(required=True, metavar="COMMAND")
    listing = staff.add_parser("list", help="everyone who can be bound")
    add_json(listing)
    listing.set_defaults(run=_list_staff)
    _add_import(staff, "replace the staff list by a JSON list of staff objects", _import_staff)
    staff_pins.add_command(staff)
    hall = commands.add_parser("hall", help="the hall's data").add_subparsers(required=True, metavar="COMMAND")
    _add_import(hall, f"replace any of {', '.join(SECTIONS)} by a JSON object of such lists", _import_hall)


def _add_import(commands: Commands, text: str, run: Any) -> None:
    parser: argparse.ArgumentParser = commands.add_parser("import", help=text)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.set_defaults(run=run)


def _list_staff(context: Context) -> int:
    with context.hall() as hall:
        context.print_rows(hall.entries("staff"), ("staff_no", "name", "department", "title", "badge_no", "stars"))
    return 0


def _import_staff(context: Context) -> int:
    file: Path = context.arguments.file
    _replace(context, file, {"staff": _read_json(file)})
    return 0


def _import_hall(context: Context) -> int:
    file: Path = context.arguments.file
    document = _read_json(file)
    if not isinstance(document, dict) or not document or not set(document) <= set(SECTIONS):
        raise CommandError(f"{file}: needed is a JSON object with any of {', '.join(SECTIONS)}, each a list")
    _replace(context, file, document)
    return 0


def _read_json(file: Path) -> Any:
    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
        # Python reads more than JSON allows: what could not be written again is refused now.
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
    except OSError as error:
        raise CommandError(f"{file}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{file}: not valid JSON: {error}") from error
    return document


def _replace(context: Context, file: Path, document: dict[str, Any]) -> None:
    """Check everything, then replace: a bad file changes nothing."""
    for section, entries in document.items():
        if not isinstance(entries, list):
            raise CommandError(f"{file}: {section} must be a JSON list of objects")
        if section != "notices" and (twice := duplicates(entries, SECTIONS[section])):
            raise CommandError(f"{file}: {SECTIONS[section]} stands more than once: {', '.join(twice)}")
    for entry in document.get("staff", []):
        stars = entry.get("stars") if isinstance(entry, dict) else None
        if stars is not None and (type(stars) is not int or not 0 <= stars <= MOST_STARS):
            raise CommandError(f"{file}: stars of {entry.get('staff_no')} is {stars!r}; needed is a number from 0 to 5")
    photos = dict(_photos(file, document.get("staff", [])))
    with context.hall() as hall, context.journal() as journal:
        try:
            hall.replace_all(document)
        except HallDataError as error:
            raise CommandError(f"{file}: {error}") from error
        for digest, content in photos.items():
            hall.keep_photo(digest, content)
        counts = ", ".join(f"{len(entries)} {section}" for section, entries in document.items())
        context.note_action(journal, "hall_data_imported", counts, "done")
    print(f"imported: {counts}, {len(photos)} photos")


def _photos(file: Path, staff: list[Any]) -> Iterator[tuple[str, bytes]]:
    """Digest and content of the photos that lie beside the file, each the one that its entry means."""
    for entry in staff:
        photo = entry.get("photo") if isinstance(entry, dict) else None
        if photo is not None and not isinstance(photo, dict):
            raise CommandError(f"{file}: the photo of {entry.get('staff_no')} must be an object with sha256 and url")
        url = str(photo.get("url") or "") if photo else ""
        path = file.parent / url
        if not photo or not url or "://" in url or not path.is_file() or path.stat().st_size > LARGEST_PHOTO:
            continue
        content = path.read_bytes()
        if not content.startswith(_IMAGE_BEGINS) or hashlib.sha256(content).hexdigest() != photo.get("sha256"):
            raise CommandError(f"{path}: not a PNG or JPEG with the sha256 that {entry.get('staff_no')} names")
        yield photo["sha256"], content
