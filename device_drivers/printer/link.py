"""The line to a printer: what it is asked, and how it is. For the driver's thread, except `wake` and `stop`."""

from collections.abc import Callable
from functools import partial

from device_drivers.port_book import PortAccess
from device_drivers.printer.conditions import Condition
from device_drivers.printer.ear import ALL_KINDS, Ear, Heard, Question
from device_drivers.printer.escpos import INITIALISE
from device_drivers.printer.status import condition_of, explain, real_time_status
from device_drivers.serial_line import LineSettings, SerialLine, boottime
from device_drivers.serial_ports import PortLister

ONE_ANSWER_SECONDS = 1.0
"""What a printer that is awake needs for one question, at most."""

ASK_SECONDS = 0.5
"""How often the printer is asked how it is while something else is waited for."""

CLEAR_SECONDS = 1.5

_STATUS = b"\x10\x04"
_CLEAR = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")
_RECOVER_AND_CLEAR = bytes.fromhex("10 05 02")
_SEND_BY_ITSELF = b"\x1da\x0e"
_PAPER = b"\x1dr\x01"
_PROCESS_ID = b"\x1d(H\x06\x0000"
_FIRST_DIGIT, _DIGITS = 0x20, 0x5F
"""The bytes of a process id run from 20h to 7Eh."""


class PortLostError(Exception):
    """The port went away since the connection began."""


class StoppedError(Exception):
    """The driver is to end."""


class PrinterLink:
    """Speaks with one printer. No question is asked while an older one may still be answered."""

    def __init__(
        self,
        port: str | PortAccess,
        settings: LineSettings,
        list_ports: PortLister,
        late_seconds: float,
        before_waiting: Callable[[], None],
    ) -> None:
        """Prepare the line; `before_waiting` is called whenever something may have changed."""
        self._late_seconds = late_seconds
        self._before_waiting = before_waiting
        self._ear = Ear(self._answered)
        self._greeted = 0
        self._is_greeting = False
        self._taken_before_asking = -1
        self._is_stopping = False
        # Ascending over restarts of the program too, as the printer may still hold an older one.
        self._last_id = int(boottime() * 16)
        self._line = SerialLine(port, settings, self._ear, write_timeout=None, list_ports=list_ports)

    def _answered(self) -> None:
        """On the line's own thread: only a printer answers what a printer is asked."""
        self._line.confirm()

    def start(self) -> None:
        """Begin to look for the printer."""
        self._line.start()

    def stop(self) -> None:
        """Let the driver's thread leave all waiting."""
        self._is_stopping = True
        self.wake()

    def close(self) -> None:
        """Let go of the port, after what still waits to be written."""
        self._line.close()

    def release(self, detail: str) -> None:
        """Close the port for somebody else to use. Raises `NotReleasedError`."""
        self._line.release(detail)

    def take_back(self) -> None:
        """Look for the printer again."""
        self._line.take_back()

    @property
    def asks(self) -> bool:
        """Whether several ports may be the printer's."""
        return self._line.asks

    @property
    def port_name(self) -> str | None:
        """The device that is open at this moment."""
        return self._line.port_name

    def wake(self) -> None:
        """Let a waiting driver look again."""
        with self._ear.changed:
            self._ear.changed.notify_all()

    # How things are.

    @property
    def heard(self) -> Heard:
        """What the printer said on this connection."""
        return self._ear.heard

    @property
    def taken_bytes(self) -> int:
        """What the operating system took of all that was sent."""
        return self._ear.taken_bytes

    @property
    def is_stopping(self) -> bool:
        """Whether the driver is to end."""
        return self._is_stopping

    @property
    def is_new(self) -> bool:
        """Whether there is a connection on which nothing was asked yet."""
        return self._ear.connection != self._greeted

    @property
    def is_settled(self) -> bool:
        """Whether it is known how the printer is: on a new connection only once it was asked."""
        if not self._ear.connected:
            return self._ear.connected is False
        return not (self.is_new or self._is_greeting) and (self.heard.answers or not self.is_awake)

    @property
    def is_awake(self) -> bool:
        """Whether an answer can be expected: it gave one, on this connection or before, and was not asked in vain."""
        return self._ear.has_ever_answered and not self.heard.is_mute

    @property
    def is_lost(self) -> bool:
        """Whether the connection that was greeted is gone."""
        return self._ear.connected is False or self.is_new

    @property
    def condition(self) -> Condition:
        """How the printer is, by what it said last."""
        if not self._ear.connected:
            return Condition.DISCONNECTED
        if self.heard.is_mute and self._ear.has_ever_answered:
            return Condition.OFFLINE
        return Condition.UNKNOWN if self.heard.status is None else condition_of(self.heard.status)

    @property
    def detail(self) -> str:
        """The cause and what to do; empty where all is well."""
        if not self._ear.connected:
            return self._line.detail or "the printer's port is not open yet"
        if self.heard.is_mute and self._ear.has_ever_answered:
            return "the printer does not answer any more; check its cable and that it is switched on"
        if self.heard.status is None:
            return "the printer answers no status command; look at it to see whether it has paper"
        return explain(self.heard.status)

    # Waiting.

    def wait(self, wanted: Callable[[], bool], seconds: float) -> bool:
        """Whether it came true in time. Raises PortLostError and StoppedError."""
        return self._wait(wanted, seconds, lambda: self.is_lost)

    def wait_for_work(self, wanted: Callable[[], bool], seconds: float) -> bool:
        """The same where no connection is needed. Raises StoppedError."""
        return self._wait(wanted, seconds, lambda: False)

    def _wait(self, wanted: Callable[[], bool], seconds: float, is_lost: Callable[[], bool]) -> bool:
        until = boottime() + seconds
        while True:
            self._before_waiting()
            with self._ear.changed:
                if wanted():
                    return True
                if self._is_stopping:
                    raise StoppedError
                if is_lost():
                    raise PortLostError
                left = until - boottime()
                if left <= 0:
                    return False
                self._ear.changed.wait(left)

    # Speaking.

    def send(self, data: bytes) -> None:
        """Send bytes soon. Raises PortLostError if there is no port to take them."""
        if not self._line.write(data):
            raise PortLostError

    def discard(self) -> None:
        """Forget what has not left this machine."""
        self._line.discard()

    def initialisation(self) -> bytes:
        """What a slip has to begin with: `ESC @` ends the automatic status, too."""
        return INITIALISE + (_SEND_BY_ITSELF if self.heard.sends_by_itself else b"")

    def greet(self, remains: int) -> None:
        """Ask a new connection's printer how it is. Raises PortLostError and StoppedError.

        It may still wait for `remains` bytes of a command that was cut in two.
        """
        with self._ear.changed:
            self._greeted, self._is_greeting = self._ear.connection, True
        try:
            self.fill_up(remains)
            self.ask_status(ONE_ANSWER_SECONDS)
        finally:
            self._is_greeting = False

    @property
    def wants_probing(self) -> bool:
        """Whether it answers, is able to print, and was not asked yet what else it can tell."""
        return self.heard.answers and not self.heard.is_probed and self.condition.can_print

    def probe(self) -> None:
        """Learn what it can tell of slips. Raises PortLostError and StoppedError.

        Its buffer is cleared of what an earlier program left there. A command that it does not know is forgotten with
        the next slip's `ESC @`, so that nothing of it comes on paper.
        """
        heard = self.heard
        heard.times_cleared = 0
        heard.paper_told = heard.paper_asked
        heard.was_unable = False
        identifier = self.next_id()
        self.send(_CLEAR + _SEND_BY_ITSELF)
        self.ask_when_done(identifier)
        self.ask_when_processed()
        until = boottime() + self._late_seconds
        while boottime() < until and not self.wait(
            lambda: heard.is_processed or heard.finished_id == identifier or heard.was_unable, ASK_SECONDS
        ):
            self.ask_status(0)
        self.wait(
            lambda: heard.is_processed and heard.finished_id == identifier and heard.times_cleared > 0,
            ONE_ANSWER_SECONDS / 2,
        )
        # Only one that is awake and able, and still does not answer, lacks these answers.
        if self.ask_anew() and not heard.was_unable:
            heard.is_probed = True
            heard.tells_ids = heard.finished_id == identifier
            heard.tells_paper = heard.is_processed
            heard.tells_cleared = heard.times_cleared > 0
        heard.paper_told = heard.paper_asked

    def ask_anew(self) -> bool:
        """Ask now and wait as long as an answer may take; whether it came. Without it, the printer is mute.

        Raises PortLostError and StoppedError.
        """
        is_free = self._due_question() is None or self.ask_status(self._late_seconds)
        if is_free and self.ask_status(self._late_seconds):
            return True
        self._give_up_question()
        return False

    def ask_status(self, seconds: float) -> bool:
        """Ask, unless an answer is still due, and wait; whether it came. Raises PortLostError and StoppedError."""
        question = self._due_question() or self._ask(self.heard.kinds)
        if self.wait(lambda: question.is_answered, seconds):
            return True
        if question.answers and boottime() - self._ear.heard_at > ONE_ANSWER_SECONDS / 2:
            return self._ask_one_by_one()
        return False

    def clear(self) -> bool:
        """Have the printer forget what it has not printed; whether it says so. Raises PortLostError, StoppedError.

        A printer that answers nothing does not know how to, and is not asked.
        """
        heard = self.heard
        before = heard.times_cleared
        if heard.answers and heard.tells_cleared is not False:
            self.send(_CLEAR)
            if self.wait(lambda: heard.times_cleared > before, CLEAR_SECONDS):
                return True
        if self.is_jammed:
            self.send(_RECOVER_AND_CLEAR)
        return False

    @property
    def is_jammed(self) -> bool:
        """Whether it is stopped by an error that it can be told to end, which clears its buffer unheard."""
        status = self.heard.status
        return status is not None and (status.recoverable or status.cutter_error)

    def clear_unheard(self) -> None:
        """The same where there is no time to wait for the answer."""
        self.discard()
        if self.heard.answers and self.heard.tells_cleared is not False:
            self._line.write(_CLEAR)

    def fill_up(self, count: int) -> None:
        """Complete a command that was cut in two, so that it does not take what follows for its own.

        A printer that waits for nothing ignores these bytes. Raises PortLostError.
        """
        self.send(bytes(count))

    def finish(self) -> None:
        """Wait until all that was sent is done, where the printer can say so. Raises PortLostError, StoppedError."""
        heard = self.heard
        if heard.tells_ids:
            identifier = self.next_id()
            self.ask_when_done(identifier)
            self.wait(lambda: heard.finished_id == identifier, self._late_seconds)
        elif heard.tells_paper:
            self.ask_when_processed()
            self.wait(lambda: heard.is_processed, self._late_seconds)

    def ask_when_done(self, identifier: bytes) -> None:
        """Have the printer say when everything before this is printed. Raises PortLostError."""
        self.send(_PROCESS_ID + identifier)

    def ask_when_processed(self) -> None:
        """Have the printer say when everything before this is processed. Raises PortLostError."""
        with self._ear.changed:
            self.heard.paper_asked += 1
        self.send(_PAPER)

    def next_id(self) -> bytes:
        """A process id that is larger than the ones before."""
        self._last_id += 1
        rest, digits = self._last_id, []
        for _ in range(4):
            rest, digit = divmod(rest, _DIGITS)
            digits.append(_FIRST_DIGIT + digit)
        return bytes(reversed(digits))

    def _due_question(self) -> Question | None:
        """The question that may still be answered; one that is too old is given up."""
        with self._ear.changed:
            question = self._ear.question
            if question is None or boottime() - question.asked_at < self._late_seconds:
                return question
        self._give_up_question()
        return None

    def _give_up_question(self) -> None:
        with self._ear.changed:
            question, self._ear.question = self._ear.question, None
            if question is not None and self._ear.heard_at < question.asked_at:
                self.heard.is_mute = True

    def _ask(self, kinds: tuple[int, ...]) -> Question:
        question = Question(kinds, boottime())
        with self._ear.changed:
            self._ear.question = question
        taken = self._ear.taken_bytes
        if not self.heard.is_mute or taken != self._taken_before_asking:  # else the last one still waits to be taken
            self._taken_before_asking = taken
            self.send(b"".join(_STATUS + bytes([kind]) for kind in kinds))
        return question

    def _ask_one_by_one(self) -> bool:
        """For a printer that does not know all kinds: find out which it knows."""
        answers: dict[int, int] = {}
        for kind in ALL_KINDS:
            question = self._ask((kind,))
            if self.wait(partial(getattr, question, "is_answered"), ONE_ANSWER_SECONDS):
                answers[kind] = question.answers[0]
        self._ear.question = None
        if answers:
            self.heard.kinds = tuple(answers)
            self.heard.note_status(real_time_status(answers))
        return bool(answers)
