"""Asking for a new PIN on the command line: typed twice unseen at a terminal, else one line of stdin."""

import getpass
import sys

from kiosk_app.journal.pins import PinKind, is_weak
from kiosk_app.technician.context import CommandError


def asked_pin(kind: PinKind) -> str:
    """The PIN. Raises `CommandError` for what is none, and for one that everybody would try first."""
    at_terminal = sys.stdin.isatty()
    prompt = f"PIN ({kind.shortest} to {kind.longest} digits): "
    try:
        pin = getpass.getpass(prompt) if at_terminal else sys.stdin.readline().rstrip("\r\n")
        if not kind.is_pin(pin):
            raise CommandError(f"{kind.rule} and nothing else; nothing was changed")
        if is_weak(pin):
            raise CommandError("everybody would try this PIN first; take one without a pattern; nothing was changed")
        if at_terminal and getpass.getpass("the same again: ") != pin:
            raise CommandError("the two PINs differ; nothing was changed")
    except (EOFError, UnicodeDecodeError) as error:
        raise CommandError("no PIN was given; nothing was changed") from error
    return pin
