"""`technician pin`, `list`, `remove`: who may open the technician's screens on this terminal, and with what."""

import time
from contextlib import closing

from kiosk_app.journal.pins import TECHNICIANS, PinStore
from kiosk_app.technician.context import CommandError, Commands, Context, add_json
from kiosk_app.technician.pin_entry import asked_pin

USUAL_NAME = "technician"
LONGEST_NAME = 20
"""So much of a name fits on a button."""


def add_commands(commands: Commands) -> None:
    """Add this file's commands."""
    technician = commands.add_parser("technician", help="who may open the technician's screens")
    doings = technician.add_subparsers(required=True, metavar="COMMAND")
    pin = doings.add_parser("pin", help="set a technician's PIN; asked for, or one line of stdin")
    pin.add_argument("name", nargs="?", default=USUAL_NAME, metavar="NAME")
    pin.set_defaults(run=_set_pin)
    listing = doings.add_parser("list", help="everyone who has a PIN")
    add_json(listing)
    listing.set_defaults(run=_list)
    remove = doings.add_parser("remove", help="take a technician's PIN away")
    remove.add_argument("name", nargs="?", default=USUAL_NAME, metavar="NAME")
    remove.set_defaults(run=_remove)


def _set_pin(context: Context) -> int:
    name = _name(context)
    pin = asked_pin(TECHNICIANS)
    with closing(_pins(context)) as pins, context.journal() as journal:
        pins.set(name, pin)
        context.note_action(journal, "technician_pin_set", name, "done")
    print(f"{name} opens the technician's screens with the new PIN: touch the upper left corner seven times")
    return 0


def _list(context: Context) -> int:
    with closing(_pins(context)) as pins:
        waits = ((name, pins.wait_seconds(name)) for name in pins.names())
        context.print_rows(
            [{"name": name, "locked_for_seconds": round(wait)} for name, wait in waits], ("name", "locked_for_seconds")
        )
    return 0


def _remove(context: Context) -> int:
    name: str = context.arguments.name.strip()
    with closing(_pins(context)) as pins, context.journal() as journal:
        if not pins.remove(name):
            raise CommandError(f"{name} has no technician's PIN; see: kiosk-admin technician list")
        context.note_action(journal, "technician_pin_set", name, "removed")
    print(f"{name} cannot open the technician's screens any more")
    return 0


def _name(context: Context) -> str:
    """A name that fits on a button and is not a clerk's number. Raises `CommandError`."""
    name: str = context.arguments.name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise CommandError(f"a technician's name has 1 to {LONGEST_NAME} characters; nothing was changed")
    with context.hall() as hall:
        if hall.entry("staff", name) is not None:
            raise CommandError(f"{name} is a staff member's number; give the technician's name; nothing was changed")
    return name


def _pins(context: Context) -> PinStore:
    return PinStore.open(context.directory, lambda: time.time_ns() // 1_000_000, TECHNICIANS)
