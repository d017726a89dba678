"""What can be wrong at a window, in words for those who can mend it (R20)."""

from device_drivers.printer.conditions import Condition
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.terminal.printer_problems import printer_problems


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
) -> tuple[Problem, ...]:
    """The window's problems, worst first."""
    found = []
    if recording_fault is not None:
        found.append(
            Problem(
                "cannot_record",
                f"nothing can be recorded: {recording_fault}",
                "free space on the disk of [storage] directory, or restore the journal; ratings are refused until then",
                since=since,
            )
        )
    if staff_no is None:
        found.append(
            Problem(
                "binding_missing",
                f"nobody is bound to window {window}, so ratings name no person",
                f"run: kiosk-admin bind {window} STAFF",
            )
        )
    if evaluator_fault is not None:
        found.append(
            Problem(
                "evaluator_lost",
                f"evaluator: {evaluator_fault}",
                "check its cable and [evaluator] port; citizens can rate on the screen meanwhile",
            )
        )
    if not keys_confirmed:
        found.append(
            Problem(
                "evaluator_not_confirmed",
                "nobody has confirmed yet which word each key of the evaluator bears",
                "stop the app and run: kiosk-admin evaluator confirm",
                Severity.WARNING,
            )
        )
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
    found += [*printer_problems(printer), *_rules_problems(rules_faults)]
    if sound_fault is not None:
        found.append(
            Problem("sound_silent", f"nothing is heard: {sound_fault}", "connect a loudspeaker", Severity.WARNING)
        )
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
