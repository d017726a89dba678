"""`doctor`: how the terminal is, one line an area or problem, with what to do (R20, R26-R29).

It works whatever is wrong: without a storage, on a full disk, with a damaged journal or a refused configuration, with
the app running, hanging or stopped. It changes nothing.
"""

import argparse
import logging
from pathlib import Path

from kiosk_app.domain.health import Area, Health, area_of
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.domain.records import Json
from kiosk_app.health.words import size
from kiosk_app.journal.system_clock import SystemClock
from kiosk_app.logs import configure_logging
from kiosk_app.technician.bundling.bundle import refuse_target, write_bundle
from kiosk_app.technician.context import CommandError, Commands, add_json, print_json
from kiosk_app.technician.examination.configuration import storage_directory
from kiosk_app.technician.examination.examine import Examination, examine
from kiosk_app.technician.owner import acting_as_owner


def add_commands(commands: Commands) -> None:
    """Add this file's command."""
    doctor = commands.add_parser("doctor", help="every health check, one line each: ok, warning or problem")
    add_json(doctor)
    doctor.add_argument(
        "--bundle",
        type=Path,
        metavar="FILE",
        help="write all that helps to find a fault into FILE (.tar.gz), to send it",
    )
    # It reads the settings itself, because it is to work where they are refused.
    doctor.set_defaults(run_alone=_run)


def _run(arguments: argparse.Namespace) -> int:
    config: Path | None = arguments.config
    if config is None:
        raise CommandError("--config DIR is required; see kiosk-admin --help")
    configure_logging(logging.CRITICAL)  # what the drivers would log, the lines say in their own words
    if arguments.bundle is not None:
        refuse_target(arguments.bundle)
    found = examined(config)
    told = rows(found.health)
    for row in told:
        if arguments.json:
            print_json(row)
        else:
            print(line(row))
    if arguments.bundle is not None:
        written = write_bundle(arguments.bundle, config, found, [line(row) for row in told])
        if arguments.json:
            print_json({"bundle": str(arguments.bundle), "bytes": written})
        else:
            print(f"{arguments.bundle}: {size(written)}, without secrets, personal data and levels; send this file")
    return 0


def examined(config: Path) -> Examination:
    """Look at everything, as root in the shoes of the app's user."""
    clock = SystemClock()
    with acting_as_owner(storage_directory(config)):
        return examine(config, clock)


def rows(health: Health) -> list[Json]:
    """One object a problem, and one an area of which something good is known and that has no problem."""
    told: list[Json] = []
    for area in Area:
        problems = [problem for problem in health.problems if area_of(problem.code) is area]
        told += [{"state": p.severity.value, "area": area.value, **_told(p)} for p in problems]
        if area in health.facts and not any(problem.severity is Severity.PROBLEM for problem in problems):
            nothing = {"since": None, "action": None}
            told.append({"state": "ok", "area": area.value, "code": None, "text": health.facts[area], **nothing})
    return told


def _told(problem: Problem) -> Json:
    return {"code": problem.code, "text": problem.text, "since": problem.since, "action": problem.action}


def line(row: Json) -> str:
    """One line: state, area, words, the code under which the handbook tells more, since when, what to do."""
    code = f" [{row['code']}]" if row["code"] else ""
    words = [f"{row['state']:<8} {row['area']:<14} {' '.join(str(row['text']).split())}{code}"]
    if row.get("since"):
        words.append(f"since {row['since']}")
    if row.get("action"):
        words.append(f"do: {row['action']}")
    return "; ".join(words)
