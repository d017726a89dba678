"""`staff pin`: who may sign in to the clerk's page, and with what."""

import time
from contextlib import closing

from kiosk_app.journal.pins import CLERKS, PinStore
from kiosk_app.technician.context import CommandError, Commands, Context
from kiosk_app.technician.pin_entry import asked_pin


def add_command(staff: Commands) -> None:
    """Add the command to those of the staff list."""
    pin = staff.add_parser("pin", help="set a person's PIN for the clerk's page; asked for, or one line of stdin")
    pin.add_argument("staff_no", metavar="STAFF_NO")
    pin.add_argument("--remove", action="store_true", help="take the PIN away; the person cannot sign in any more")
    pin.set_defaults(run=_set_pin)


def _set_pin(context: Context) -> int:
    staff_no: str = context.arguments.staff_no.strip()
    if context.arguments.remove:
        return _remove(context, staff_no)
    with context.hall() as hall:
        if hall.entry("staff", staff_no) is None:
            raise CommandError(f"{staff_no} is not in the staff list; see: kiosk-admin staff list")
    pin = asked_pin(CLERKS)
    with closing(_pins(context)) as pins, context.journal() as journal:
        pins.set(staff_no, pin)
        context.note_action(journal, "staff_pin_set", staff_no, "done")
    print(f"{staff_no} signs in to the clerk's page with the new PIN; who was signed in must sign in again")
    return 0


def _remove(context: Context, staff_no: str) -> int:
    with closing(_pins(context)) as pins, context.journal() as journal:
        if not pins.remove(staff_no):
            raise CommandError(f"{staff_no} has no PIN")
        context.note_action(journal, "staff_pin_set", staff_no, "removed")
    print(f"{staff_no} cannot sign in to the clerk's page any more")
    return 0


def _pins(context: Context) -> PinStore:
    return PinStore.open(context.directory, lambda: time.time_ns() // 1_000_000)
