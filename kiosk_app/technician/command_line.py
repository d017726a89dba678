"""kiosk-admin: the technician's command line; works with the app running and with it stopped (interfaces §1)."""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

import pysqlite3 as sqlite3

from device_drivers.evaluator.protocol_file import ProtocolFileError
from kiosk_app.configuration import ConfigurationError, load_settings
from kiosk_app.journal.database import UnsafeSqliteError
from kiosk_app.journal.journal import JournalUnavailableError
from kiosk_app.journal.sealing import SealKeyError
from kiosk_app.technician import (
    about,
    backups,
    bindings,
    configuration_check,
    deliveries,
    doctor,
    evaluator,
    exports,
    hall_data,
    keys,
    ports,
    printer,
    records,
    screen_trials,
    sign,
    statistics,
    technicians,
)
from kiosk_app.technician.context import CommandError, Context
from kiosk_app.technician.fault_words import fault_words
from kiosk_app.technician.owner import act_as_owner

EXIT_WRONG_USE = 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command. 0 done, 1 only for `verify` that found something, 2 wrong use or bad input."""
    os.umask(0o027)
    parsed = _parser().parse_args(_as_text(sys.argv[1:] if arguments is None else arguments))
    try:
        status = _run(parsed)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads us has seen enough; keep Python from complaining at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except (
        CommandError,
        ConfigurationError,
        JournalUnavailableError,
        ProtocolFileError,
        SealKeyError,
        UnsafeSqliteError,
        OSError,
        sqlite3.Error,
    ) as error:
        given = [value for name, value in vars(parsed).items() if isinstance(value, Path) and name != "config"]
        print(f"kiosk-admin: {fault_words(error, given)}", file=sys.stderr)
        return EXIT_WRONG_USE
    return status


def _run(parsed: argparse.Namespace) -> int:
    """Run a command with the settings, or `run_alone`, which is for what comes before there are any."""
    if "run_alone" in parsed:
        return int(parsed.run_alone(parsed))
    if parsed.config is None or "run" not in parsed:
        raise CommandError("--config DIR and COMMAND are required; see kiosk-admin --help")
    settings = load_settings(parsed.config)
    act_as_owner(settings.storage.directory)
    return int(parsed.run(Context(parsed.config, settings, parsed)))


def _as_text(arguments: list[str]) -> list[str]:
    """The arguments, if they are text: typed in a terminal of another encoding they could not be recorded."""
    try:
        " ".join(arguments).encode()
    except UnicodeEncodeError:
        print("kiosk-admin: the arguments are not UTF-8 text; set the terminal to UTF-8", file=sys.stderr)
        raise SystemExit(EXIT_WRONG_USE) from None
    return arguments


class _Parser(argparse.ArgumentParser):
    """Wrong use is one line, not a page."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}; see {self.prog} --help", file=sys.stderr)
        raise SystemExit(EXIT_WRONG_USE)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="kiosk-admin", description="The technician's commands for one terminal.")
    parser.add_argument("--config", type=Path, metavar="DIR", help="directory with terminal.toml")
    commands = parser.add_subparsers(metavar="COMMAND")
    hall = (about, backups, bindings, exports, hall_data, records, deliveries, statistics, technicians)
    devices = (evaluator, printer, screen_trials, sign, keys, configuration_check, ports, doctor)
    for part in (*hall, *devices):
        part.add_commands(commands)
    return parser
