"""`config check`: is this terminal set up right, before the app is started?"""

from kiosk_app.journal.sealing import Sealer
from kiosk_app.protocol_in_use import protocol_in_use
from kiosk_app.technician.context import CommandError, Commands, Context


def add_commands(commands: Commands) -> None:
    """Add this file's commands."""
    config = commands.add_parser("config", help="the configuration").add_subparsers(required=True, metavar="COMMAND")
    check = config.add_parser("check", help="check terminal.toml, its files and the evaluator protocol in use")
    check.set_defaults(run=_check)


def _check(context: Context) -> int:
    """The settings have been checked by the time a command runs; what they point to is checked here."""
    settings = context.settings
    if context.directory.exists() and not context.directory.is_dir():
        raise CommandError(f"{context.directory} is a file, not a directory; correct [storage] directory")
    if settings.platform.seal_key_file:
        Sealer(settings.platform.seal_key_file)
    protocol = protocol_in_use(settings, context.config)
    if protocol:
        print(f"evaluator protocol {protocol.name}: {protocol.source} is right")
    print(f"{settings.terminal.device_id}: the configuration is right")
    return 0
