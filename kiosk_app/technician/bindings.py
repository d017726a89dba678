"""Who sits at which window: `bind`, `unbind`, `bindings` (R17)."""

import sys

from kiosk_app.domain.records import Draft, Kind
from kiosk_app.journal.system_clock import SystemClock
from kiosk_app.technician.context import CommandError, Commands, Context, add_json


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
    add_json(listing)
    listing.set_defaults(run=_bindings)


def _bind(context: Context) -> int:
    window, staff_no = context.arguments.window.strip(), context.arguments.staff_no.strip()
    if not window or not staff_no:
        raise CommandError("bind needs a window's number and a staff number")
    is_known = _is_known(context, staff_no)
    with context.journal() as journal:
        bound = {binding["window"]: binding["staff_no"] for binding in journal.bindings()}
        if bound.get(window) == staff_no:
            print(f"{staff_no} is bound to window {window} already")
            return 0
        elsewhere = next((w for w, who in bound.items() if who == staff_no), None)
        if elsewhere is not None and not context.arguments.move:
            raise CommandError(f"{staff_no} is bound to window {elsewhere}; unbind it first, or add --move")
        leave = [_draft(context, Kind.STAFF_UNBOUND, elsewhere, staff_no)] if elsewhere is not None else []
        journal.append(*leave, _draft(context, Kind.STAFF_BOUND, window, staff_no))
    print(f"{staff_no} is bound to window {window} from the next visit on")
    if not is_known:
        print(f"warning: no staff list is imported, so {staff_no} has no name or photo yet", file=sys.stderr)
    return 0


def _unbind(context: Context) -> int:
    window = context.arguments.window.strip()
    with context.journal() as journal:
        staff_no = journal.bound_to(window)
        if staff_no is None:
            raise CommandError(f"nobody is bound to window {window}; see: kiosk-admin bindings")
        journal.append(_draft(context, Kind.STAFF_UNBOUND, window, staff_no))
    print(f"{staff_no} is not bound to window {window} any more")
    return 0


def _bindings(context: Context) -> int:
    with context.reader() as reader, context.hall() as hall:
        rows = [
            {**binding, "name": (hall.entry("staff", binding["staff_no"]) or {}).get("name")}
            for binding in reader.bindings()
        ]
    context.print_rows(rows, ("window", "staff_no", "name", "since"))
    return 0


def _is_known(context: Context, staff_no: str) -> bool:
    """A typing error must not be bound; without any staff list nothing can be checked."""
    with context.hall() as hall:
        known = [entry["staff_no"] for entry in hall.entries("staff")]
    if known and staff_no not in known:
        raise CommandError(f"{staff_no} is not in the staff list; see: kiosk-admin staff list")
    return bool(known)


def _draft(context: Context, kind: Kind, window: str, staff_no: str) -> Draft:
    payload = {"window": window, "staff_no": staff_no, "by": context.operator, "reason": context.arguments.reason}
    return Draft(kind, payload, SystemClock().now())
