"""`statistics`: counted from the records, never entered (R15, R16)."""

import argparse
from datetime import date
from typing import Any

from kiosk_app.domain.levels import Level
from kiosk_app.domain.opening_hours import OpeningHours
from kiosk_app.domain.statistics import Tally
from kiosk_app.journal.tallies import PERIODS, SUBJECTS, evaluator_availability, tallies
from kiosk_app.technician.context import CommandError, Commands, Context, add_json


def add_commands(commands: Commands) -> None:
    """Add this file's command."""
    parser = commands.add_parser("statistics", help="rates and scores, with their targets' definitions in the handbook")
    parser.add_argument("--from", dest="first", type=_day, metavar="D", help="first day, YYYY-MM-DD")
    parser.add_argument("--to", dest="last", type=_day, metavar="D", help="last day")
    parser.add_argument("--by", choices=(*SUBJECTS, *PERIODS), default="window")
    add_json(parser)
    parser.set_defaults(run=_statistics)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day like 2026-11-22") from None


def _statistics(context: Context) -> int:
    arguments = context.arguments
    first, last, by = arguments.first, arguments.last, arguments.by
    if first and last and first > last:
        raise CommandError(f"--from {first} is after --to {last}")
    with context.reader() as reader:
        found = tallies(reader, by, first, last, year_starts_in_december=context.settings.rules.year_starts_in_december)
        for unit in _units_without_ratings(context, by):
            found.setdefault(unit, Tally(0, 0, {}))
        availability = None
        if context.settings.evaluator:
            availability = evaluator_availability(reader, first, last, _opening_hours(context))
    rows = [_row(by, key, tally, availability) for key, tally in sorted(found.items())]
    columns = ("visits_ended", "invited_rate", "rating_rate", "satisfaction_rate", "mean_score", "mean_is_assumed")
    context.print_rows(rows, (by, "ratings", *columns))
    return 0


def _opening_hours(context: Context) -> OpeningHours | None:
    """The hall's, if the platform has sent any that can be read."""
    with context.hall() as hall:
        try:
            return OpeningHours.parse(hall.document("hours"))
        except ValueError:
            return None


def _units_without_ratings(context: Context, by: str) -> list[str]:
    """Units that are known though nothing was counted for them (R16)."""
    if by == "window" and context.settings.window:
        return [context.settings.window.number]
    if by == "staff":
        with context.hall() as hall:
            return [entry["staff_no"] for entry in hall.entries("staff")]
    return []


def _row(by: str, key: str, tally: Tally, availability: float | None) -> dict[str, Any]:
    return {
        by: key or None,
        "visits_ended": tally.visits_ended,
        "invitations": tally.invitations,
        "ratings": tally.rated,
        "levels": {level.value: tally.ratings.get(level, 0) for level in Level},
        "invited_rate": tally.invited_rate,
        "rating_rate": tally.rating_rate,
        "unrated_rate": tally.unrated_rate,
        "satisfaction_rate": tally.satisfaction_rate,
        "mean_score": tally.mean_score,
        "mean_of_100": tally.mean_of_100,
        "mean_is_assumed": tally.mean_is_assumed,
        "evaluator_availability": availability,
    }
