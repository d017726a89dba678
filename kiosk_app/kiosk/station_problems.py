"""What can be wrong at a kiosk, in words for those who can mend it."""

import datetime as dt
from collections.abc import Collection, Mapping

from device_drivers.printer.conditions import Condition
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.kiosk.hall_data import HallData
from kiosk_app.official_calendar import calendar_problems
from kiosk_app.terminal.printer_problems import printer_problems
from kiosk_app.terminal.shared_problems import Display, display_problems, lent_problems, sound_problems

_NOTHING_LENT: Mapping[str, str] = {}


def station_problems(
    *,
    recording_fault: str | None,
    since: str | None,
    printer: tuple[Condition, str] | None,
    scanner_fault: str | None,
    hall_fault: str | None,
    hall: HallData,
    today: dt.date,
    screen_shown: bool,
    sound_fault: str | None,
    lent: Mapping[str, str] = _NOTHING_LENT,
    display: Display | None = None,
    asks: Collection[str] = (),
) -> tuple[Problem, ...]:
    """The kiosk's problems, worst first. `lent` is who has borrowed which device; it then cannot be lost.

    `asks` are devices for which several ports may be the one, so that a person has to help.
    """
    found = []
    if recording_fault is not None:
        found.append(
            Problem(
                "cannot_record",
                f"nothing can be recorded: {recording_fault}",
                "free space on the disk of [storage] directory, or restore the journal; nothing is given until then",
                since=since,
            )
        )
    found += printer_problems(None if "printer" in lent else printer, asks="printer" in asks)
    if scanner_fault is not None and "scanner" not in lent:
        found.append(
            Problem(
                "scanner_lost",
                f"scanner: {scanner_fault}",
                "check its cable and [scanner] port; codes can be typed on the screen meanwhile",
            )
        )
    found += _hall_problems(hall_fault, hall, today)
    found += calendar_problems(hall.calendar, today)
    found += [*lent_problems(lent), *sound_problems(sound_fault), *display_problems(display, screen_shown=screen_shown)]
    if not screen_shown:
        found.append(Problem("screen_not_shown", "no screen is shown", "check the display and the app's log"))
    return tuple(found)


def _hall_problems(fault: str | None, hall: HallData, today: dt.date) -> list[Problem]:
    if fault is not None:
        words = f"the hall's data cannot be read: {fault}"
        return [Problem("hall_data_unreadable", words, "let the agent pull it again, and look at the disk")]
    found = []
    if hall.faults:
        words = f"{len(hall.faults)} entries of the hall's data are left out; the first: {hall.faults[0]}"
        found.append(Problem("hall_data_odd", words, "tell the platform's administrator", Severity.WARNING))
    is_closed = hall.hours.spans(today) == ()  # then nobody needs a number
    groups = {item.group for item in hall.items if item.has_queue and not is_closed}
    if without := sorted(group for group in groups if not hall.leases_of(group, today)):
        words = f"no numbers are leased to this kiosk today for: {', '.join(without)}"
        action = "check that sync-agent runs and that the platform leases numbers to this device"
        found.append(Problem("numbers_missing", words, action))
    return found
