"""Who sits at which window: `bind`, `unbind`, `bindings` (R17)."""

import sys

from kiosk_app.technician import seats
from kiosk_app.technician.context import CommandError, Commands, Context, add_json
from kiosk_app.technician.hand import hand_of


def add_commands(commands: Commands) -> None:
    """Add this file's commands."""
    bind = commands.add_parser("bind", help="bind a staff member to a window, from the next visit on")
    bind.add_argument("window", metavar="WINDOW")
    bind.add_argument("staff_no", metavar="STAFF")
    bind.add_argument("--reason", default="", metavar="TEXT")
    bind.add_argument("--move", action="store_true", help="even if the person sits at another window now")
    bind.set_defaults(run=_bind)
    unbind = commands.add_parser("unbind", help="nobody sits at the window")
    unbind.add_argument("window", metavar="WINDOW")
    unbind.add_argument("--reason", default="", metavar="TEXT")
    unbind.set_defaults(run=_unbind)
    listing = commands.add_parser("bindings", help="who sits where")
    listing.add_argument(
        "--history", nargs="?", const="", metavar="WINDOW", help="who sat at this window, or at WINDOW, newest first"
    )
    add_json(listing)
    listing.set_defaults(run=_bindings)


def _bind(context: Context) -> int:
    window, staff_no = context.arguments.window.strip(), context.arguments.staff_no.strip()
    if not window or not staff_no:
        raise CommandError("bind needs a window's number and a staff number")
    is_known = _is_known(context, staff_no)
    with hand_of(context) as hand:
        try:
            seated = seats.bind(hand, window, staff_no, context.arguments.reason, move=context.arguments.move)
        except seats.SitsElsewhereError as error:
            raise CommandError(str(error)) from error
    if seated.already:
        print(f"{staff_no} is bound to window {window} already")
        return 0
    print(f"{staff_no} is bound to window {window} from the next visit on")
    if not is_known:
        print(f"warning: no staff list is imported, so {staff_no} has no name or photo yet", file=sys.stderr)
    return 0


def _unbind(context: Context) -> int:
    window = context.arguments.window.strip()
    with hand_of(context) as hand:
        staff_no = seats.unbind(hand, window, context.arguments.reason)
    if staff_no is None:
        raise CommandError(f"nobody is bound to window {window}; see: kiosk-admin bindings")
    print(f"{staff_no} is not bound to window {window} any more")
    return 0


def _bindings(context: Context) -> int:
    with context.reader() as reader, context.hall() as hall:

        def name(staff_no: str) -> str | None:
            return (hall.entry("staff", staff_no) or {}).get("name")

        window = context.arguments.history
        if window is None:
            rows = [{**binding, "name": name(binding["staff_no"])} for binding in reader.bindings()]
            context.print_rows(rows, ("window", "staff_no", "name", "since"))
            return 0
        sittings = seats.history(reader, window or _own_window(context))
        rows = [sitting.to_json(window or _own_window(context), name(sitting.staff_no)) for sitting in sittings]
    context.print_rows(rows, ("since", "until", "staff_no", "name", "by", "reason"))
    return 0


def _own_window(context: Context) -> str:
    """The window of this terminal. Raises `CommandError` on a kiosk, which has none."""
    if context.settings.window is None:
        raise CommandError("this terminal is no window; give one: kiosk-admin bindings --history WINDOW")
    return context.settings.window.number


def _is_known(context: Context, staff_no: str) -> bool:
    """A typing error must not be bound; without any staff list nothing can be checked."""
    with context.hall() as hall:
        known = [entry["staff_no"] for entry in hall.entries("staff")]
    if known and staff_no not in known:
        raise CommandError(f"{staff_no} is not in the staff list; see: kiosk-admin staff list")
    return bool(known)
