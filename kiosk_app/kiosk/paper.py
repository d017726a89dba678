"""One slip on its way to the paper: what became of it, and whether another copy can be asked for (补打)."""

from collections.abc import Callable

from device_drivers.printer.conditions import PrintState
from device_drivers.printer.slip import Slip
from kiosk_app.kiosk.counter import Counter
from kiosk_app.kiosk.screen_state import Printing, Say, say

MOST_COPIES = 3
_MEANS = {
    PrintState.CONFIRMED: Printing.PRINTED,
    PrintState.UNCONFIRMED: Printing.UNCONFIRMED,
    PrintState.FAILED: Printing.FAILED,
}


class Paper:
    """Never prints a second time by itself: nobody but the citizen can see whether paper came out."""

    def __init__(self, counter: Counter, make: Callable[[int], Slip], of: str | None) -> None:
        """`make(copy)` lays the slip out; `of` is the record that it belongs to."""
        self.printing = Printing.NONE
        self.printed_ms: int | None = None
        """When it surely came out, on CLOCK_BOOTTIME."""
        self.copies = 0
        self._printer = counter.printer
        self._can_print = counter.can_print
        self._clock = counter.clock
        self._make = make
        self._of = of

    @property
    def exists(self) -> bool:
        """Whether there is a printer at all."""
        return self._printer is not None

    @property
    def may_print_again(self) -> bool:
        """Whether a copy can be asked for: only where the last one did not surely come out."""
        return self.printing in (Printing.FAILED, Printing.UNCONFIRMED) and self.copies < MOST_COPIES

    def print(self) -> None:
        """Send the next copy; returns at once."""
        if self._printer is None:
            return
        self.copies += 1
        self.printing = Printing.PRINTING
        self._printer.print(self._make(self.copies), of=self._of, copy=self.copies, told=self._told)

    def line(self) -> Say | None:
        """What to do about the paper of something that stands on the screen as well."""
        if not self.exists:
            return say("printing.none")
        match self.printing:
            case Printing.PRINTING:
                # The printer waits a while for a new roll or a closed cover; the citizen need not wait unknowing.
                return say("printing.printing") if self._can_print() else say("printing.held")
            case Printing.PRINTED:
                return say("printing.take")
            case Printing.UNCONFIRMED:
                return say("printing.unconfirmed")
            case Printing.FAILED:
                return say("printing.failed") if self.may_print_again else say("printing.failed.photo")
            case _:
                return None

    def _told(self, state: PrintState, detail: str) -> None:  # noqa: ARG002 - the printer desk has recorded it
        self.printing = _MEANS[state]
        if state is PrintState.CONFIRMED:
            self.printed_ms = self._clock.now().boot_ms
