"""`export` and `import-check`: records that travel in a file instead of over the network (R12, R26)."""

import argparse
import sys
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.journal.export import Exported, ExportError, export_records
from kiosk_app.journal.export_check import ExportVerdict, check_export
from kiosk_app.technician.context import CommandError, Commands, Context, add_json, print_json


def add_commands(commands: Commands) -> None:
    """Add this file's commands."""
    export: argparse.ArgumentParser = commands.add_parser(
        "export", help="write the records not yet confirmed into one signed file, to be carried to the platform"
    )
    export.add_argument("file", type=Path, metavar="FILE")
    export.add_argument("--all", action="store_true", help="all records, confirmed ones too")
    export.add_argument(
        "--storage",
        type=Path,
        metavar="DIR",
        help="the storage directory of a dead terminal's disk; it may be read-only",
    )
    add_json(export)
    export.set_defaults(run=_export)
    check: argparse.ArgumentParser = commands.add_parser("import-check", help="is an export file whole and genuine?")
    check.add_argument("file", type=Path, metavar="FILE")
    check.add_argument("--public-key", metavar="BASE64", help="the device's key as the platform knows it")
    add_json(check)
    # No settings: it is run wherever the file has come to.
    check.set_defaults(run_alone=_check)


def _export(context: Context) -> int:
    arguments = context.arguments
    foreign: Path | None = arguments.storage
    try:
        exported = export_records(
            foreign or context.directory, arguments.file, everything=arguments.all, as_it_lies=foreign is None
        )
    except ExportError as error:
        raise CommandError(str(error)) from error
    if foreign is None:
        _note(context, exported)
    if arguments.json:
        print_json({**vars(exported), "path": str(exported.path)})
    else:
        _tell(exported)
    return 0


def _note(context: Context, exported: Exported) -> None:
    """Record it, and keep how far records were handed out: a restore must not give their sequences again.

    A journal that is broken cannot record it; the file is there all the same.
    """
    try:
        if exported.last is not None:
            with context.delivery() as store:
                store.note_exported(exported.last, exported.last_hash)
        with context.journal() as journal:
            context.note_action(journal, "export", str(exported.path), f"{exported.count} records")
    except (RuntimeError, sqlite3.Error, OSError) as error:
        print(f"kiosk-admin: the export could not be recorded: {' '.join(str(error).split())}", file=sys.stderr)


def _tell(exported: Exported) -> None:
    span = f", sequences {exported.first} to {exported.last}" if exported.count else ""
    print(f"{exported.count} records{span}: {exported.path}")
    if not exported.delivery_known:
        print("nobody knows here what the platform has confirmed: all records are in the file; it sorts them out")
    if exported.unreadable:
        ranges = ", ".join(f"{first} to {last}" for first, last in exported.unreadable)
        print(f"NOT in the file, as they cannot be read: sequences {ranges}; keep this disk")
    if not exported.is_signed:
        print("the device's signing key cannot be read: each record is signed, the file as a whole is not")


def _check(arguments: argparse.Namespace) -> int:
    try:
        verdict = check_export(arguments.file, arguments.public_key)
    except OSError as error:
        raise CommandError(f"{arguments.file}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise CommandError(f"--public-key: {error}") from error
    if arguments.json:
        print_json({"ok": verdict.holds, **vars(verdict)})
    else:
        _tell_verdict(verdict, is_known_key=arguments.public_key is not None)
    return 0 if verdict.holds else 1


def _tell_verdict(verdict: ExportVerdict, *, is_known_key: bool) -> None:
    if not verdict.holds:
        print(f"NOT OK: line {verdict.line}: {verdict.problem} ({verdict.count} records before it hold)")
        return
    span = f", sequences {verdict.first} to {verdict.last}" if verdict.count else ""
    print(f"ok: {verdict.count} records of {verdict.device_id}{span} ({verdict.scope})")
    if verdict.unreadable:
        ranges = ", ".join(f"{first} to {last}" for first, last in verdict.unreadable)
        print(f"the terminal could not read sequences {ranges}")
    if not is_known_key:
        print(f"signed by {verdict.public_key}: compare it with the key that the platform knows of this device")
