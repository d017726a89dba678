"""One slip on its way to the paper: sent in pieces while the printer is watched, then proved, or given up."""

from collections.abc import Callable
from dataclasses import dataclass

from device_drivers.printer.conditions import PrintState
from device_drivers.printer.link import ASK_SECONDS, PortLostError, PrinterLink, StoppedError
from device_drivers.printer.patience import Patience
from device_drivers.serial_line import boottime

CHUNK_BYTES = 128
"""About so much is sent at once: little enough to stop soon where a printer without flow control has no paper."""

LOOK = "look whether the slip came out before printing it again"


@dataclass(frozen=True)
class Outcome:
    """What became of a slip."""

    state: PrintState
    detail: str
    remains: int = 0
    """How many bytes the printer may still wait for, if a part of it may be left there or hang out of it; 0 if not."""
    unproven: int = 0
    """The same, if the port is lost soon; where nobody can tell how much of it has arrived."""


class _GaveUpError(Exception):
    """It did not come to an end in time; says what the printer did not do."""


class Attempt:
    """Sends one slip, once."""

    def __init__(self, link: PrinterLink, pieces: list[bytes], seconds_per_byte: float, patience: Patience) -> None:
        """Prepare to send these pieces, of whole commands, over a link whose printer was found able to print."""
        self._link = link
        self._heard = link.heard
        self._chunks = _chunks(pieces)
        self._bytes = sum(map(len, pieces))
        self._seconds_per_byte = seconds_per_byte
        self._patience = patience
        self._sent = 0
        self._person_until: float | None = None
        self._identifier = b""

    def run(self) -> Outcome:
        """Send it and say what became of it, in a bounded time."""
        self._heard.was_unable = False
        try:
            for chunk in self._chunks:
                self._send(chunk)
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
            return Outcome(
                PrintState.UNCONFIRMED, f"this printer cannot tell whether it printed; {LOOK}", unproven=self._bytes
            )
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
        self._link.wait(lambda: self._heard.was_unable, ASK_SECONDS)
        if self._link.ask_anew() and not self._heard.was_unable:
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
        is_whole = self._sent == self._bytes
        cleared = self._clear(is_whole)
        if self._is_done:  # it said so in the last moment
            return Outcome(PrintState.CONFIRMED, self._link.detail)
        self._heard.is_probed = False  # an answer that is still due must not pass for the next slip's
        if cleared and (self._heard.was_unable or not is_whole):
            return Outcome(PrintState.FAILED, f"{why}; the slip was broken off and its rest deleted", self._bytes)
        # What was not cleared cuts itself off when it comes out. Else a part of it may hang in the printer.
        may_be_cleared = self._heard.answers and self._heard.tells_cleared is not False
        may_be_left = not is_whole or may_be_cleared or self._link.is_jammed
        return Outcome(PrintState.UNCONFIRMED, f"{why}; {LOOK}", self._bytes if may_be_left else 0)

    def _clear(self, is_whole: bool) -> bool:
        try:
            if not is_whole:
                self._link.fill_up(self._bytes)
            return self._link.clear()
        except (PortLostError, StoppedError):
            return False

    def _cut_short(self, why: str) -> Outcome:
        if not self._sent:
            return Outcome(PrintState.FAILED, f"{why}; nothing of the slip was sent")
        return Outcome(PrintState.UNCONFIRMED, f"{why}; {LOOK}", self._bytes)


def _chunks(pieces: list[bytes]) -> list[bytes]:
    """The pieces, small ones joined."""
    chunks = [b""]
    for piece in pieces:
        if len(chunks[-1]) >= CHUNK_BYTES:
            chunks.append(b"")
        chunks[-1] += piece
    return chunks
