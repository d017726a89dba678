"""`backup` and `restore`: a second place for the journal, and the way back (R29)."""

import argparse
import sys
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pysqlite3 as sqlite3

from kiosk_app.journal.backup import BackedUp, BackupError, Copy, back_up, copies_in, read_copy, status_after
from kiosk_app.journal.database import JOURNAL_FILE
from kiosk_app.journal.restore import Ask, Circumstances, Restored, RestoreError, restore
from kiosk_app.journal.switch import is_pending
from kiosk_app.journal.system_clock import SystemClock
from kiosk_app.journal.wakeup import notify
from kiosk_app.technician.context import DISTRIBUTION, CommandError, Commands, Context, add_json, print_json
from sync_agent.held import newest_held
from sync_agent.wall_clock import now_ms


def add_commands(commands: Commands) -> None:
    """Add this file's commands."""
    backup = commands.add_parser("backup", help="copy the storage to a second place now; the agent does it every hour")
    backup.add_argument("--to", type=Path, metavar="DIR", help="else [storage] backup_directory")
    add_json(backup)
    backup.set_defaults(run=_backup)
    back: argparse.ArgumentParser = commands.add_parser(
        "restore", help="bring a copy back into an empty or broken storage; app and agent must be stopped"
    )
    back.add_argument("--from", dest="source", type=Path, metavar="DIR", help="a place of copies, or one copy")
    back.add_argument(
        "--no-copy", action="store_true", help="nothing is left: begin a new journal behind what the platform holds"
    )
    back.add_argument("--offline", action="store_true", help="the platform cannot be asked what it holds")
    back.add_argument(
        "--set-aside", action="store_true", help="put readable records aside that the copy lacks: they were exported"
    )
    add_json(back)
    back.set_defaults(run=_restore)


def _backup(context: Context) -> int:
    target = context.arguments.to or context.settings.storage.backup_directory
    if target is None:
        raise CommandError('give --to DIR, or set [storage] backup_directory = "DIR"')
    try:
        if context.arguments.to is not None:
            target.mkdir(exist_ok=True)
        made = back_up(context.directory, target, context.config)
    except BackupError as error:
        _note_backup(context, str(target), str(error))
        raise CommandError(str(error)) from error
    _note_backup(context, str(target), made)
    if context.arguments.json:
        print_json({"path": str(made.path), "sequence": made.sequence, "at": made.at, "same_disk": made.same_disk})
    else:
        print(f"copied up to record {made.sequence}: {made.path}")
        if made.same_disk:
            print("it lies on the disk that the storage is on: when that disk dies, both are gone")
    return 0


def _note_backup(context: Context, target: str, result: BackedUp | str) -> None:
    """Record it; and tell health, where it is the place that health looks after.

    A full disk cannot record it; the copy is there all the same, and is needed more than ever.
    """
    outcome = result if isinstance(result, str) else f"copied up to record {result.sequence}"
    if not (context.directory / JOURNAL_FILE).exists():
        return
    try:
        with context.journal() as journal:
            context.note_action(journal, "backup", target, outcome)
        if context.arguments.to in (None, context.settings.storage.backup_directory):
            with context.delivery() as store:
                since = store.status().backup_failing_since
                store.note(**status_after(result, now_ms(SystemClock()), since))
    except (RuntimeError, sqlite3.Error, OSError) as error:
        if not isinstance(result, str):
            print(f"kiosk-admin: the backup could not be recorded: {' '.join(str(error).split())}", file=sys.stderr)


def _restore(context: Context) -> int:
    arguments = context.arguments
    copy = None if arguments.no_copy or is_pending(context.directory) else _chosen(context)
    ask: Ask | None = None if arguments.offline else partial(newest_held, context.settings, SystemClock())
    by = Circumstances(
        device_id=context.settings.terminal.device_id,
        operator=context.operator,
        software=f"{DISTRIBUTION} {version(DISTRIBUTION)}",
        clock=SystemClock(),
        ask=ask,
        set_aside=arguments.set_aside,
    )
    try:
        restored = restore(context.directory, copy, by)
    except RestoreError as error:
        raise CommandError(str(error)) from error
    notify(context.directory)
    if arguments.json:
        print_json({**vars(restored), "copy": str(restored.copy) if restored.copy else None})
    else:
        print("\n".join(_told(restored)))
    return 0


def _chosen(context: Context) -> Copy:
    """The newest copy of this device at the place, or the very one that was given."""
    place = context.arguments.source or context.settings.storage.backup_directory
    if place is None:
        raise CommandError('give --from DIR, or set [storage] backup_directory = "DIR"')
    if (copy := read_copy(place)) is not None:
        return copy
    device_id = context.settings.terminal.device_id
    try:
        found = [copy for where in (place / device_id, place) if where.is_dir() for copy in copies_in(where)]
    except OSError as error:
        raise CommandError(f"{place}: {error.strerror}") from error
    if not found:
        raise CommandError(f"{place}: no copy of {device_id} is here; give the directory that backup_directory named")
    return found[0]


def _told(restored: Restored) -> list[str]:
    if restored.finished:
        return ["the restore that was cut off is finished now", *_aside(restored)]
    if restored.key_only:
        return ["the journal was whole; its signing key was brought back", *_aside(restored)]
    lines = ["a new journal was begun"]
    if restored.copy is not None:
        lines = [f"restored from {restored.copy}: records up to {restored.copied_to}"]
    if restored.rescued:
        lines.append(f"{restored.rescued} more records could be read in the damaged journal and are here, too")
    if restored.missing is not None:
        first, last = restored.missing
        lines.append(f"sequences {first} to {last} are not here: what was recorded with them, the platform may have")
    lines.append(f"the journal goes on at sequence {restored.goes_on_at}")
    return [*lines, *_aside(restored)]


def _aside(restored: Restored) -> list[str]:
    return [f"kept aside: {', '.join(restored.set_aside)}"] if restored.set_aside else []
