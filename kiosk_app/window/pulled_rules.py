"""What the platform says about ratings: the options, the opening hours, the working days (R8, R10, R13)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from kiosk_app.domain.catalogue import Catalogue, parse_catalogue
from kiosk_app.domain.opening_hours import OpeningHours
from kiosk_app.domain.working_days import WorkingDays
from kiosk_app.journal.hall import HallStore
from kiosk_app.official_calendar import official_working_days

T = TypeVar("T")


@dataclass(frozen=True)
class PulledRules:
    """What holds now; what the platform does not say, or says so that nobody can read it, is as built in."""

    catalogue: Catalogue
    hours: OpeningHours = field(default_factory=OpeningHours)
    calendar: WorkingDays = field(default_factory=lambda: official_working_days(None))
    faults: tuple[str, ...] = ()
    """What cannot be used, and why."""


def pulled_rules(hall: HallStore, built_in: Catalogue) -> PulledRules:
    """The rules as the hall's data tells them. Raises `sqlite3.Error` if it cannot be read."""
    faults: list[str] = []

    def read(name: str, parse: Callable[[Any], T], otherwise: T) -> T:
        document = hall.document(name)
        try:
            return otherwise if document is None else parse(document)
        except ValueError as error:
            faults.append(str(error))
            return otherwise

    catalogue = read("options", parse_catalogue, built_in)
    hours = read("hours", OpeningHours.parse, OpeningHours())
    return PulledRules(catalogue, hours, official_working_days(hall.document("workdays")), tuple(faults))
