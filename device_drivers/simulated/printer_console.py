"""A simulated ticket printer worked by lines on standard input; what it prints comes out as JSON lines.

The first line of output is the path of the port to open. It ends at the end of its input or on SIGTERM.
"""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

from device_drivers.printer.paper import PAPERS
from device_drivers.simulated.printer import SimulatedPrinter
from device_drivers.simulated.printer_model import PROFILES
from device_drivers.simulated.printer_paper import Paper

USAGE = {
    "paper-out": "paper-out",
    "paper-out-after": "paper-out-after BYTES",
    "paper-out-after-lines": "paper-out-after-lines LINES",
    "near-end": "near-end",
    "load-paper": "load-paper",
    "cover": "cover open|close",
    "cutter": "cutter jam|mend",
    "unplug": "unplug",
    "unplug-after": "unplug-after BYTES",
    "plug": "plug",
    "reading": "reading on|off",
    "printing": "printing on|off",
    "silent": "silent on|off",
    "late": "late SECONDS",
    "lose": "lose BYTES",
    "baud": "baud RATE",
    "papers": "papers",
    "violations": "violations",
    "help": "help",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the sub-command `printer` understands."""
    parser.add_argument("--link", type=Path, metavar="PATH", help="a path that stays the same after unplug and plug")
    parser.add_argument("--width", type=int, choices=list(PAPERS), default=80, help="the paper's width in millimetres")
    parser.add_argument("--profile", choices=list(PROFILES), default="epson-h", help="what it can tell")
    parser.add_argument("--papers", type=Path, metavar="DIR", help="where a picture of each paper is kept")


def run(arguments: argparse.Namespace) -> int:
    """Serve one simulated printer; returns the exit code, 2 for a port or a directory that cannot be made."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        if arguments.papers is not None:
            arguments.papers.mkdir(parents=True, exist_ok=True)
        printer = SimulatedPrinter(arguments.profile, arguments.width, arguments.link, _Papers(arguments.papers).take)
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    with printer:
        print(printer.port, flush=True)
        obey(printer, sys.stdin)
    return 0


def obey(printer: SimulatedPrinter, lines: Iterable[str]) -> None:
    """Do what each line says, and print for each that it was done or what is wrong with it."""
    for line in lines:
        words = line.split()
        if not words:
            continue
        try:
            _obey_one(printer, words[0], words[1:])
        except (ValueError, OSError) as error:
            _print(event="error", command=line.strip(), detail=str(error))
        else:
            _print(event="done", command=line.strip(), port=printer.port)


class _Papers:
    """Tells of each paper that is cut off, and keeps its picture."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory

    def take(self, number: int, paper: Paper) -> None:
        """Called by the device's thread."""
        picture = None
        if self._directory is not None:
            picture = self._directory / f"paper-{number:03}.png"
            paper.picture().save(picture)
        _print(event="paper", number=number, **_told(paper), picture=picture and str(picture))


def _told(paper: Paper) -> dict[str, object]:
    return {"text": paper.text, "qr_codes": paper.qr_codes, "rasters": paper.rasters, "cut": paper.cut}


def _obey_one(printer: SimulatedPrinter, verb: str, words: list[str]) -> None:
    actions: dict[str, Callable[[], None]] = {
        "paper-out": printer.end_paper,
        "paper-out-after": lambda: printer.end_paper_after(_count(words)),
        "paper-out-after-lines": lambda: printer.end_paper_after_lines(_count(words)),
        "near-end": printer.near_end,
        "load-paper": printer.load_paper,
        "cover": lambda: _one_of(words[0], open=printer.open_cover, close=printer.close_cover),
        "cutter": lambda: _one_of(words[0], jam=printer.jam_cutter, mend=printer.mend_cutter),
        "unplug": printer.unplug,
        "unplug-after": lambda: printer.unplug_after(_count(words)),
        "plug": printer.plug,
        "reading": lambda: setattr(printer, "is_reading", _is_on(words[0])),
        "printing": lambda: setattr(printer, "is_printing", _is_on(words[0])),
        "silent": lambda: setattr(printer, "is_silent", _is_on(words[0])),
        "late": lambda: setattr(printer, "answers_late", float(words[0])),
        "lose": lambda: printer.lose(_count(words)),
        "baud": lambda: setattr(printer, "baud", _count(words)),
        "papers": lambda: _print(event="papers", papers=[_told(paper) for paper in printer.papers]),
        "violations": lambda: _print(event="violations", violations=printer.violations),
        "help": lambda: _print(event="help", commands=list(USAGE.values())),
    }
    if verb not in actions:
        raise ValueError(f"no such command; allowed: {', '.join(USAGE.values())}")
    try:
        actions[verb]()
    except (KeyError, IndexError) as error:
        raise ValueError(f"wrong words; allowed: {USAGE[verb]}") from error


def _one_of(word: str, **actions: Callable[[], None]) -> None:
    actions[word]()


def _count(words: list[str]) -> int:
    count = int(words[0])
    if count < 0:
        raise ValueError(f"a count is 0 or more, not {count}")
    return count


def _is_on(word: str) -> bool:
    return {"on": True, "off": False}[word]


_printing = threading.Lock()


def _print(**fields: object) -> None:
    with _printing:
        print(json.dumps(fields, ensure_ascii=False), flush=True)


def _terminate(_signal: int, _frame: object) -> NoReturn:
    """End as the end of the input does: the link is taken away."""
    sys.exit(0)
