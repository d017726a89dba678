"""A simulated scanner: each line on standard input is scanned.

The first line of output is the path of the port to open. The lines `unplug` and `plug` pull the plug and put it back.
It ends at the end of its input or on SIGTERM.
"""

import argparse
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

from device_drivers.simulated.scanner import SimulatedScanner

ENDINGS = {"cr": "\r", "lf": "\n", "crlf": "\r\n", "none": ""}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the sub-command `scanner` understands."""
    parser.add_argument("--link", type=Path, metavar="PATH", help="a path that stays the same after unplug and plug")
    parser.add_argument("--ending", choices=ENDINGS, default="cr", help="what it sends after a code")


def run(arguments: argparse.Namespace) -> int:
    """Serve one simulated scanner; returns the exit code, 2 where the port cannot be made."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        scanner = SimulatedScanner(arguments.link)
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    with scanner:
        print(scanner.port, flush=True)
        obey(scanner, sys.stdin, ENDINGS[arguments.ending])
    return 0


def obey(scanner: SimulatedScanner, lines: Iterable[str], ending: str = "\r") -> None:
    """Do what each line says."""
    for line in lines:
        words = line.strip()
        if words == "unplug":
            scanner.unplug()
        elif words == "plug":
            scanner.plug()
        elif words:
            scanner.scan(words, ending)


def _terminate(_signal: int, _frame: object) -> NoReturn:
    """End as the end of the input does: the link is taken away."""
    sys.exit(0)
