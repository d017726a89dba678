"""`staff list`, `staff import`, `hall import`: what the hall's administration says, until the platform says it."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kiosk_app.domain.records import Json
from kiosk_app.journal.hall import HallDataError
from kiosk_app.journal.hall_data import LARGEST_PHOTO, WORDS, HallData, parse_hall_data, photo_fault, read_hall_json
from kiosk_app.technician import staff_pins
from kiosk_app.technician.context import CommandError, Commands, Context, add_json

IMPORTED = tuple(word for word in WORDS if word != "bindings")
"""What a file may say: everything that the platform says but who sits where, which is bound by hand."""


def add_commands(commands: Commands) -> None:
    """Add this file's commands."""
    staff = commands.add_parser("staff", help="the staff list").add_subparsers(required=True, metavar="COMMAND")
    listing = staff.add_parser("list", help="everyone who can be bound")
    add_json(listing)
    listing.set_defaults(run=_list_staff)
    _add_import(staff, "replace the staff list by a JSON list of staff objects", _import_staff)
    staff_pins.add_command(staff)
    hall = commands.add_parser("hall", help="the hall's data").add_subparsers(required=True, metavar="COMMAND")
    _add_import(hall, f"replace any of {', '.join(IMPORTED)} by what a JSON object says", _import_hall)


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
    if isinstance(document, dict) and "bindings" in document:
        raise CommandError(f"{file}: bindings are not imported; bind with: kiosk-admin bind WINDOW STAFF")
    if not isinstance(document, dict) or not document or not set(document) <= set(IMPORTED):
        raise CommandError(f"{file}: needed is a JSON object with any of {', '.join(IMPORTED)}")
    _replace(context, file, document)
    return 0


def _read_json(file: Path) -> Any:
    try:
        return read_hall_json(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CommandError(f"{file}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise CommandError(f"{file}: not valid JSON: {error}") from error


def _replace(context: Context, file: Path, document: dict[str, Any]) -> None:
    """Check everything, then replace: a bad file changes nothing."""
    data = _checked(file, document)
    photos = dict(_photos(file, data.sections.get("staff", [])))
    with context.hall() as hall, context.journal() as journal:
        hall.replace_all(data.sections, data.documents)
        for digest, content in photos.items():
            hall.keep_photo(digest, content)
        context.note_action(journal, "hall_data_imported", data.counts(), "done")
    print(f"imported: {data.counts()}, {len(photos)} photos")


def _checked(file: Path, document: dict[str, Any]) -> HallData:
    try:
        return parse_hall_data(document)
    except HallDataError as error:
        raise CommandError(f"{file}: {error}") from error


def _photos(file: Path, staff: list[Json]) -> Iterator[tuple[str, bytes]]:
    """Digest and content of the photos that lie beside the file, each the one that its entry means."""
    for entry in staff:
        photo = entry.get("photo") or {}
        url = photo.get("url") or ""
        path = file.parent / url
        if not url or "://" in url or not path.is_file():
            continue
        if path.stat().st_size > LARGEST_PHOTO:
            raise CommandError(
                f"{path}: larger than {LARGEST_PHOTO // 1024} KiB; make the photo of {entry['staff_no']} smaller"
            )
        content = path.read_bytes()
        if photo_fault(content, photo["sha256"]) is not None:
            raise CommandError(f"{path}: not a PNG or JPEG with the sha256 that {entry['staff_no']} names")
        yield photo["sha256"], content
