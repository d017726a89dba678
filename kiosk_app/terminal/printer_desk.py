"""The printer at a terminal: every slip of a record leaves one `print_result`, every change of its condition an event.

A slip is never printed twice by itself: what became of it is recorded and told, and a person decides.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from typing import Protocol

import structlog

from device_drivers.printer.conditions import Condition, PrintState
from device_drivers.printer.slip import Slip
from kiosk_app.domain.moments import Clock, Moment
from kiosk_app.domain.records import Draft, Kind
from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.journal import JournalUnavailableError
from kiosk_app.journal.reader import JournalReader
from kiosk_app.terminal.recorder import Recorder

FLAP_MS = 60_000
"""A condition that comes and goes is one event in so long."""
MOST_UNRECORDED = 1000
"""What is kept in memory while nothing can be recorded."""
CUT_OFF = "cut off by a stop"
MOST_CUT_OFF = 5
"""More slips than ever wait for one printer."""

Told = Callable[[PrintState, str], None]

_log = structlog.get_logger()


class Printer(Protocol):
    """The verbs of a printer; `device_drivers.printer.driver.PrinterDriver` is the real one."""

    @property
    def condition(self) -> Condition:
        """How it is now."""
        ...

    @property
    def detail(self) -> str:
        """Why, and what to do; for the technician."""
        ...

    def print(self, job_id: str, slip: Slip, *, reprint: bool = False) -> None:
        """Print one slip; never waits. A reprint first clears what the printer still holds."""
        ...

    def cut_off_remains(self) -> None:
        """Before the next slip, clear and cut off what a program that was killed may have left of its last one."""
        ...


@dataclass(frozen=True)
class _Job:
    of: str | None
    copy: int
    told: Told


class PrinterDesk:
    """Between one printer and a station; on the station's thread."""

    def __init__(self, recorder: Recorder, clock: Clock, printer: Printer) -> None:
        self._recorder = recorder
        self._clock = clock
        self._printer = printer
        self._jobs: dict[str, _Job] = {}
        self._unrecorded: deque[Draft] = deque(maxlen=MOST_UNRECORDED)
        self._events = _ConditionEvents()

    @property
    def condition(self) -> Condition:
        """How the printer is now."""
        return self._printer.condition

    @property
    def detail(self) -> str:
        """Why, and what to do; for the technician."""
        return self._printer.detail

    @property
    def can_print(self) -> bool:
        """Whether a slip can be printed now."""
        return self._printer.condition.can_print

    def print(self, slip: Slip, *, of: str | None, copy: int = 1, told: Told) -> None:
        """Print the slip of the record `of` (None: of no record); `told` learns once what became of it.

        Copies after the first clear the printer's buffer before they are sent.
        """
        job_id = new_id()
        self._jobs[job_id] = _Job(of, copy, told)
        self._printer.print(job_id, slip, reprint=copy > 1)

    def printed(self, job_id: str, state: PrintState, detail: str) -> None:
        """The printer is done with a job."""
        job = self._jobs.pop(job_id, None)
        if job is None:
            _log.warning("print result of an unknown job", job_id=job_id, state=state.value, detail=detail)
            return
        log = _log.info if state is PrintState.CONFIRMED else _log.warning
        log("slip printed", job_id=job_id, of=job.of, copy=job.copy, state=state.value, detail=detail)
        if job.of is not None:
            self._record(_result(job.of, job_id, job.copy, state, detail, self._clock.now()))
        job.told(state, detail)

    def condition_changed(self, condition: Condition, detail: str) -> None:
        """The printer is in another condition."""
        _log.info("printer condition", condition=condition.value, detail=detail)
        self._events.changed(condition, detail, self._clock.now())
        self.on_time()

    def on_time(self) -> None:
        """Record what is due: a condition that was held back, and what could not be recorded before."""
        event = self._events.due(self._clock.now())
        if event is not None:
            self._record(event)
        elif self._unrecorded and self._recorder.fault is None:
            self._record()

    def next_ms(self) -> int | None:
        """When `on_time` has something to do, on CLOCK_BOOTTIME; None while nothing is held back."""
        return self._events.next_ms()

    def cut_off_drafts(self, journal: JournalReader) -> list[Draft]:
        """At a start: the results of the prints that the stop cut off. Raises `sqlite3.Error`.

        Every slip is handed to the printer, which prints them in the order of their records and has a result for each:
        those that are newer than the last one with a result have none. What this desk still knows of is not cut off.
        What is left of the last one in the printer is cleared, so that it never comes out with another citizen's slip.
        """
        known = {job.of for job in self._jobs.values()} | {draft.payload.get("of") for draft in self._unrecorded}
        slips = journal.latest(Kind.TICKET_ISSUED, Kind.APPOINTMENT_BOOKED, limit=MOST_CUT_OFF)
        without = takewhile(lambda slip: not journal.print_results(slip.record_id), slips)
        cut_off = [slip.record_id for slip in without if slip.record_id not in known]
        if cut_off:
            self._printer.cut_off_remains()
        now = self._clock.now()
        return [_result(of, new_id(), 1, PrintState.UNCONFIRMED, CUT_OFF, now) for of in reversed(cut_off)]

    def _record(self, *drafts: Draft) -> None:
        """Append, or keep until it is possible: a result is not lost because the disk is full for an hour."""
        self._unrecorded.extend(drafts)
        try:
            self._recorder.append(*self._unrecorded)
        except JournalUnavailableError as error:
            _log.error("printer events not recorded yet", cause=str(error), waiting=len(self._unrecorded))
            return
        self._unrecorded.clear()


class _ConditionEvents:
    """Which changes of the condition are events: not the first arrival, and each condition once in a while only.

    A condition that was held back and still lasts becomes an event when its time has come, so that the newest event is
    never wrong for long.
    """

    def __init__(self) -> None:
        self._condition: Condition | None = None
        self._detail = ""
        self._since: Moment | None = None
        self._told: Condition | None = None
        self._told_ms: dict[Condition, int] = {}

    def changed(self, condition: Condition, detail: str, now: Moment) -> None:
        if self._condition is None and condition in (Condition.READY, Condition.UNKNOWN):
            self._told = condition
        if condition is not self._condition:
            self._since = now
        self._condition, self._detail = condition, detail

    def due(self, now: Moment) -> Draft | None:
        at = self.next_ms()
        if self._condition is None or self._since is None or at is None or now.boot_ms < at:
            return None
        self._told = self._condition
        self._told_ms[self._condition] = now.boot_ms
        payload = {"device": "printer", "state": self._condition.value, "detail": self._detail}
        return Draft(Kind.DEVICE_EVENT, payload, self._since)

    def next_ms(self) -> int | None:
        if self._condition is None or self._condition is self._told:
            return None
        last = self._told_ms.get(self._condition)
        return 0 if last is None else last + FLAP_MS


def _result(of: str, job_id: str, copy: int, state: PrintState, detail: str, at: Moment) -> Draft:
    payload = {"of": of, "job_id": job_id, "copy": copy, "state": state.value, "detail": detail}
    return Draft(Kind.PRINT_RESULT, payload, at)
