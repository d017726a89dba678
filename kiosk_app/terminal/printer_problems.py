"""What can be wrong with a ticket printer, in words for those who can mend it."""

from device_drivers.printer.conditions import Condition
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.terminal.shared_problems import ambiguous_port

_PRINTER = {
    Condition.NEAR_END: ("printer_paper_low", "the paper is nearly used up", "have a new roll at hand"),
    Condition.PAPER_OUT: ("printer_paper_out", "there is no paper", "put in a new roll"),
    Condition.COVER_OPEN: ("printer_cover_open", "the cover is open", "close the cover"),
    Condition.CUTTER_ERROR: ("printer_cutter_error", "the cutter is stuck", "switch off, free the cutter, switch on"),
    Condition.ERROR: ("printer_error", "the printer reports a fault", "switch it off and on; see its own lamp"),
    Condition.OFFLINE: ("printer_offline", "the printer does not take anything", "press its feed or online button"),
    Condition.DISCONNECTED: ("printer_lost", "the printer is not there", "check its cable, power and [printer] port"),
}
"""Code, text and action of every condition that is a problem; a printer that tells nothing is none."""


def printer_problems(printer: tuple[Condition, str] | None, *, asks: bool = False) -> list[Problem]:
    """The problem of a printer in this condition, with the driver's own words for it; none without a printer.

    `asks`: several ports may be its own, and a person has to help.
    """
    condition, detail = printer or (Condition.READY, "")
    if condition not in _PRINTER:
        return []
    if condition is Condition.DISCONNECTED and asks:
        return [ambiguous_port("printer", detail)]
    code, text, action = _PRINTER[condition]
    cause, _, advice = detail.partition("; ")
    if condition is Condition.DISCONNECTED:
        cause = detail  # names the port, and what is in its way
    elif condition in (Condition.ERROR, Condition.OFFLINE):
        action = advice or action  # there are several causes, each with what helps against it
    cause = cause or text
    severity = Severity.WARNING if condition.can_print else Severity.PROBLEM
    return [Problem(code, cause if cause.startswith("the printer") else f"printer: {cause}", action, severity)]
