"""What can be wrong at a window, in words for those who can mend it (R20)."""

from collections.abc import Collection, Mapping

from device_drivers.printer.conditions import Condition
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.terminal.evaluator_problems import Heard, evaluator_problems
from kiosk_app.terminal.printer_problems import printer_problems
from kiosk_app.terminal.shared_problems import Display, display_problems, lent_problems, sound_problems

_NOTHING_HEARD = Heard()
_NOTHING_LENT: Mapping[str, str] = {}


def station_problems(
    *,
    recording_fault: str | None,
    since: str | None,
    window: str,
    staff_no: str | None,
    evaluator_fault: str | None,
    keys_confirmed: bool,
    hall_fault: str | None,
    rules_faults: tuple[str, ...],
    code_fault: str | None,
    printer: tuple[Condition, str] | None,
    screen_shown: bool,
    sound_fault: str | None,
    evaluator_heard: Heard = _NOTHING_HEARD,
    lent: Mapping[str, str] = _NOTHING_LENT,
    display: Display | None = None,
    asks: Collection[str] = (),
) -> tuple[Problem, ...]:
    """The window's problems, worst first. `lent` is who has borrowed which device; it then cannot be lost.

    `asks` are devices for which several ports may be the one, so that a person has to help.
    """
    found = [*_recording_problems(recording_fault, since), *_binding_problems(window, staff_no)]
    found += evaluator_problems(
        None if "evaluator" in lent else evaluator_fault,
        keys_confirmed=keys_confirmed,
        heard=evaluator_heard,
        asks="evaluator" in asks,
    )
    found += _hall_problems(hall_fault, code_fault)
    found += printer_problems(None if "printer" in lent else printer, asks="printer" in asks)
    found += [*lent_problems(lent), *_rules_problems(rules_faults), *sound_problems(sound_fault)]
    found += display_problems(display, screen_shown=screen_shown)
    if not screen_shown:
        found.append(
            Problem(
                "screen_not_shown",
                "no screen is shown; the evaluator and the window API work without it",
                "check the display and the app's log",
                Severity.WARNING,
            )
        )
    return tuple(found)


def _recording_problems(fault: str | None, since: str | None) -> list[Problem]:
    if fault is None:
        return []
    return [
        Problem(
            "cannot_record",
            f"nothing can be recorded: {fault}",
            "free space on the disk of [storage] directory, or restore the journal; ratings are refused until then",
            since=since,
        )
    ]


def _binding_problems(window: str, staff_no: str | None) -> list[Problem]:
    if staff_no is not None:
        return []
    return [
        Problem(
            "binding_missing",
            f"nobody is bound to window {window}, so ratings name no person",
            f"choose the person on the technician's page, or run: kiosk-admin bind {window} STAFF",
        )
    ]


def _hall_problems(hall_fault: str | None, code_fault: str | None) -> list[Problem]:
    found = []
    if hall_fault is not None:
        found.append(
            Problem(
                "hall_data_unreadable",
                f"staff and services cannot be read: {hall_fault}",
                "import them again: kiosk-admin staff import FILE",
            )
        )
    if code_fault is not None:
        found.append(
            Problem(
                "no_rating_code",
                f"visits open without a rating code: {code_fault}",
                "check the date of this machine and [rating_code]; visits are served and rated all the same",
            )
        )
    return found


def _rules_problems(faults: tuple[str, ...]) -> list[Problem]:
    return [
        Problem(
            "pulled_rules_unusable",
            f"what the platform sent cannot be used, and the built-in rules hold: {fault}",
            "tell the platform's administrator",
            Severity.WARNING,
        )
        for fault in faults
    ]
