"""One slip on its way to the paper: sent in pieces while the printer is watched, then proved, or given up."""

from collections.abc import Callable
from dataclasses import dataclass

from device_drivers.printer.conditions import PrintState
from device_drivers.printer.link import PortLostError, PrinterLink, StoppedError
from device_drivers.printer.patience import Patience
from device_drivers.serial_line import boottime

CHUNK_BYTES = 128
"""So much is sent at once: little enough to stop soon where a printer without flow control runs out of paper."""

ASK_SECONDS = 0.5
"""How often the printer is asked how it is meanwhile."""

LOOK = "look whether the slip came out before printing it again"


@dataclass(frozen=True)
class Outcome:
    """What became of a slip."""

    state: PrintState
    detail: str
    leaves_remains: bool = False
    """Whether a part of it may be left, in the printer's buffer or hanging out of it."""


class _GaveUpError(Exception):
    """It did not come to an end in time; says what the printer did not do."""


class Attempt:
    """Sends one slip, once."""

    def __init__(self, link: PrinterLink, data: bytes, seconds_per_byte: float, patience: Patience) -> None:
        """Prepare to send these bytes over a link whose printer was found able to print."""
        self._link = link
        self._heard = link.heard
        self._data = data
        self._seconds_per_byte = seconds_per_byte
        self._patience = patience
        self._sent = 0
        self._person_until: float | None = None
        self._identifier = b""

    def run(self) -> Outcome:
        """Send it and say what became of it, in a bounded time."""
        self._heard.was_unable = False
        try:
            for start in range(0, len(self._data), CHUNK_BYTES):
                self._send(self._data[start : start + CHUNK_BYTES])
            return self._prove()
        except _GaveUpError as gave_up:
            return self._give_up(str(gave_up))
        except PortLostError:
            return self._cut_short("the printer's port was lost while the slip was printed; check its cable")
        except StoppedError:
            if self._sent:
                self._link.clear_unheard()
            return self._cut_short("the program ended while the slip was printed")

    def _send(self, chunk: bytes) -> None:
        self._watch(lambda: self._link.condition.can_print, "answer")
        goal = self._link.taken_bytes + len(chunk)
        self._link.send(chunk)
        self._sent += len(chunk)
        self._watch(lambda: self._link.taken_bytes >= goal, "take the slip's bytes")
        # The operating system takes bytes faster than the wire does, and what it holds is on its way.
        self._link.wait(lambda: not self._link.condition.can_print, len(chunk) * self._seconds_per_byte)

    def _prove(self) -> Outcome:
        heard = self._heard
        while not heard.answers and not heard.is_mute:  # a new connection: the first answer may still come
            self._link.ask_status(ASK_SECONDS)
        if not heard.answers or (heard.tells_ids is False and heard.tells_paper is False):
            return Outcome(PrintState.UNCONFIRMED, f"this printer cannot tell whether it printed; {LOOK}")
        if heard.tells_ids is not False:
            self._identifier = self._link.next_id()
            self._link.ask_when_done(self._identifier)
        needs_paper = heard.tells_ids is not True
        if needs_paper:
            self._link.ask_when_processed()
        self._watch(lambda: self._is_done or (needs_paper and heard.is_processed), "say that it has printed")
        if self._is_done or (heard.tells_ids is None and self._link.wait(lambda: self._is_done, ASK_SECONDS)):
            return Outcome(PrintState.CONFIRMED, self._link.detail)
        return self._look_at_the_paper()

    @property
    def _is_done(self) -> bool:
        return bool(self._identifier) and self._heard.finished_id == self._identifier

    def _look_at_the_paper(self) -> Outcome:
        """Processed is not printed: it is a proof only where nothing kept the paper from coming out, then or since."""
        self._link.ask_status(self._patience.answer)
        self._link.wait(lambda: self._heard.was_unable, ASK_SECONDS)
        is_told = self._link.ask_status(self._patience.answer)
        if is_told and not self._heard.was_unable:
            return Outcome(PrintState.CONFIRMED, self._link.detail)
        why = self._link.detail or "the printer was stopped while it printed"
        return Outcome(PrintState.UNCONFIRMED, f"{why}; {LOOK}")

    def _watch(self, wanted: Callable[[], bool], what: str) -> None:
        """Wait for it, longer where a person has to do something. Raises _GaveUpError."""
        limit = boottime() + self._patience.answer
        waits_for_person = False
        while not self._link.wait(wanted, ASK_SECONDS):
            self._link.ask_status(0)
            now = boottime()
            if not self._link.condition.can_print and not self._heard.is_mute:
                self._person_until = self._person_until or now + self._patience.person
                limit, waits_for_person = self._person_until, True
            elif waits_for_person:
                limit, waits_for_person = min(now, limit) + self._patience.answer, False
            if now > limit:
                raise _GaveUpError(f"the printer did not {what} in time")

    def _give_up(self, what: str) -> Outcome:
        """Nothing of a slip may come out later, for another citizen to take."""
        why = self._link.detail or what
        self._link.discard()
        if not self._sent:
            return Outcome(PrintState.FAILED, f"{why}; nothing of the slip was sent")
        cleared = self._clear()
        if self._is_done:  # it said so in the last moment
            return Outcome(PrintState.CONFIRMED, self._link.detail)
        self._heard.is_probed = False  # an answer that is still due must not pass for the next slip's
        is_whole = self._sent == len(self._data)
        if cleared and (self._heard.was_unable or not is_whole):
            return Outcome(PrintState.FAILED, f"{why}; the slip was broken off and its rest deleted", True)
        may_be_left = not is_whole or (self._heard.answers and self._heard.tells_cleared is not False)
        return Outcome(PrintState.UNCONFIRMED, f"{why}; {LOOK}", may_be_left)

    def _clear(self) -> bool:
        try:
            return self._link.clear()
        except (PortLostError, StoppedError):
            return False

    def _cut_short(self, why: str) -> Outcome:
        if not self._sent:
            return Outcome(PrintState.FAILED, f"{why}; nothing of the slip was sent")
        return Outcome(PrintState.UNCONFIRMED, f"{why}; {LOOK}", True)
