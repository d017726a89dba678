"""`keys derive`: a device's own key out of the hall's, before that device has a configuration (interfaces §7)."""

import argparse
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from kiosk_app.configuration import KeyFile
from kiosk_app.domain.rating_code import LARGEST_SHORT_ID, device_key
from kiosk_app.technician.context import CommandError, Commands, add_json, print_json


def add_commands(commands: Commands) -> None:
    """Add this file's commands; they need no settings, as a key must be there before the settings that name it."""
    keys = commands.add_parser("keys", help="keys of rating codes").add_subparsers(required=True, metavar="COMMAND")
    derive = keys.add_parser("derive", help="print the key of one device: its key file's content")
    derive.add_argument("hall_key_file", metavar="HALL_KEY_FILE", help="the hall's key: 64 hex digits, mode 0600")
    derive.add_argument("short_id", metavar="SHORT_ID", help=f"the device's number, 1 to {LARGEST_SHORT_ID}")
    add_json(derive)
    derive.set_defaults(run_alone=_derive)


def _derive(arguments: argparse.Namespace) -> int:
    short_id = _short_id(arguments.short_id)
    key = device_key(_hall_key(arguments.hall_key_file), short_id).hex()
    if arguments.json:
        print_json({"short_id": short_id, "device_key": key})
    else:
        print(key)
    return 0


def _hall_key(file: str) -> bytes:
    """Checked as the configuration checks its own key file."""
    try:
        key: bytes = TypeAdapter(KeyFile).validate_python(file, context={"directory": Path.cwd()})
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise CommandError(f"HALL_KEY_FILE: {fault}") from error
    return key


def _short_id(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= LARGEST_SHORT_ID):
        raise CommandError(f"SHORT_ID {text}: needed is the device's short_id, 1 to {LARGEST_SHORT_ID}")
    return int(text)
