"""`kiosk-admin ports`: which serial ports there are, who has them, and which device is to be at which."""

import argparse

from device_drivers.port_assignment import Role
from kiosk_app.technician.config_owner import as_owner_of
from kiosk_app.technician.context import CommandError, Commands, Context, add_json, print_json
from kiosk_app.technician.port_rows import NoSuchPortError, PortRow, port_rows, use_ports


def add_commands(commands: Commands) -> None:
    """Add this file's command."""
    ports = commands.add_parser("ports", help="serial ports with names that stay the same, and who uses them")
    ports.add_argument(
        "--use",
        action="append",
        type=_choice,
        metavar="DEVICE=PORT",
        help='write the port of evaluator, printer or scanner into terminal.toml; PORT as listed, or "auto"',
    )
    add_json(ports)
    ports.set_defaults(run=_run)


def _choice(text: str) -> tuple[Role, str]:
    name, _, port = text.partition("=")
    if name not in set(Role) or not port:
        raise argparse.ArgumentTypeError(f"{text!r}: write evaluator=PORT, printer=PORT or scanner=PORT")
    return Role(name), port


def _run(context: Context) -> int:
    if context.arguments.use:
        return _use(context)
    rows = port_rows(context.settings)
    context.print_rows(map(_row, rows), ("port", "stable_name", "usb_name", "used_for", "held_by", "description"))
    if not context.arguments.json:
        for row in rows:
            if row.port.is_on_usb and row.port.usb_note:
                print(f"{row.port.device}: {row.port.usb_note}")
    return 0


def _row(row: PortRow) -> dict[str, object]:
    return {
        "port": row.port.device,
        "stable_name": row.port.stable_name,
        "description": row.port.description,
        "usb_name": row.port.usb_name,
        "usb_note": row.port.usb_note or None,
        "used_for": ", ".join(row.roles) or None,
        "held_by": row.held_by,
        "holders": [vars(holder) for holder in row.holders],
    }


def _use(context: Context) -> int:
    chosen = dict(context.arguments.use)
    if len(chosen) < len(context.arguments.use):
        raise CommandError("--use: each device once")
    target = ", ".join(f"{role}={port}" for role, port in chosen.items())
    try:
        with as_owner_of(context.config):
            names = use_ports(context.config, context.settings, chosen)
    except (NoSuchPortError, ValueError) as error:
        _note(context, target, f"failed: {error}")
        raise CommandError(str(error)) from error
    _note(context, target, "set")
    for role, name in names.items():
        if context.arguments.json:
            print_json({"device": role.value, "port": name})
        else:
            print(f"[{role}] port = {name}; kiosk-app uses it when it is restarted")
    return 0


def _note(context: Context, target: str, outcome: str) -> None:
    with context.journal() as journal:
        context.note_action(journal, "ports_used", target, outcome)
