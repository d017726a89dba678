"""`pending` and `resend`: what has not reached the platform yet, and why (R26, R27)."""

from kiosk_app.journal.delivery import NotResendableError
from kiosk_app.technician.context import CommandError, Commands, Context, add_json
from kiosk_app.technician.hand import hand_of
from kiosk_app.technician.resending import resend, resend_all


def add_commands(commands: Commands) -> None:
    """Add this file's commands."""
    pending = commands.add_parser("pending", help="records that wait or were refused, with the last error")
    add_json(pending)
    pending.set_defaults(run=_pending)
    resend = commands.add_parser("resend", help="try a waiting or refused record now")
    which = resend.add_mutually_exclusive_group(required=True)
    which.add_argument("record_id", nargs="?", metavar="RECORD_ID")
    which.add_argument("--all", action="store_true")
    resend.set_defaults(run=_resend)


def _pending(context: Context) -> int:
    with context.reader() as reader, context.delivery() as store:
        rows = (record.to_json() for record in store.pending(reader))
        context.print_rows(rows, ("sequence", "record_id", "state", "attempts", "next_try_at", "last_error"))
    return 0


def _resend(context: Context) -> int:
    with hand_of(context) as hand:
        if context.arguments.all:
            resend_all(hand)
        else:
            try:
                resend(hand, context.arguments.record_id)
            except NotResendableError as error:
                raise CommandError(str(error)) from error
    print("due now; the agent sends it with its next push")
    return 0
