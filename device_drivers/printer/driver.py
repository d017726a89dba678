"""The ticket printer: prints slips one after another, and knows whether they were printed (docs/decisions/0012)."""

import contextlib
import threading
from collections import deque
from dataclasses import dataclass
from typing import Protocol

import structlog

from device_drivers.port_assignment import Role
from device_drivers.port_book import PortBook
from device_drivers.printer.attempt import Attempt, Outcome
from device_drivers.printer.conditions import Condition, PrintState
from device_drivers.printer.escpos import CUT, SlipError, encode_pieces
from device_drivers.printer.link import PortLostError, PrinterLink, StoppedError
from device_drivers.printer.paper import PAPERS
from device_drivers.printer.patience import Patience
from device_drivers.printer.slip import Slip
from device_drivers.serial_line import FlowControl, LineSettings, NotReleasedError, boottime
from device_drivers.serial_ports import PortLister, present_ports

log = structlog.get_logger()

ASK_SECONDS = 2.0
"""How often the printer is asked how it is, between slips: it may be switched off while its port stays."""

FIND_SECONDS = 3.0
"""How long a slip waits for the port to be found, when the program has just started."""

MUTE_ANSWER_SECONDS = 0.3
"""How long a printer that never answers is given before each slip to begin with it."""

PAUSE_SECONDS = 0.2

ON_ITS_WAY_SECONDS = 10.0
"""How long bytes that nobody answers for may be on their way."""

UNKNOWN_REMAINS = 2048
"""More than any command of a slip has bytes."""

ENDED = "the program ended before the slip was printed"


class PrinterListener(Protocol):
    """Who wants to know of slips and of the printer; called by the driver's own thread."""

    def printed(self, job_id: str, state: PrintState, detail: str) -> None:
        """What became of a slip: told exactly once for each."""
        ...

    def condition_changed(self, condition: Condition, detail: str) -> None:
        """How the printer is now; `detail` says why and what to do."""
        ...


@dataclass(frozen=True)
class _Job:
    job_id: str
    slip: Slip
    reprint: bool


class PrinterDriver:
    """One printer on one port. A slip is sent at most once; nothing is sent again by itself."""

    def __init__(
        self,
        port: str,
        baud: int,
        width_mm: int,
        listener: PrinterListener,
        *,
        flow_control: FlowControl = "none",
        list_ports: PortLister = present_ports,
        patience: Patience | None = None,
        ports: PortBook | None = None,
    ) -> None:
        """Prepare the driver; `port` is a path, a name by USB ids, or "auto".

        With the `ports` that all drivers of the program share, "auto" is what is left when the others' are known.
        Raises ValueError for a width other than 58 and 80 mm.
        """
        if width_mm not in PAPERS:
            raise ValueError(f"paper is {' or '.join(map(str, PAPERS))} mm wide, not {width_mm}")
        settings = LineSettings(baud=baud, flow_control=flow_control)
        self._paper = PAPERS[width_mm]
        self._seconds_per_byte = settings.seconds_per_byte
        self._listener = listener
        self._patience = patience or Patience()
        access = ports.access(Role.PRINTER) if ports else port
        self._link = PrinterLink(access, settings, list_ports, self._patience.late, self._tell_condition)
        self._told: Condition | None = None
        self._jobs: deque[_Job] = deque()
        self._guard = threading.Lock()
        self._is_closed = False
        self._is_printing = False
        self._lent: str | None = None
        self._ask_at = 0.0
        self._remains = self._unproven = 0
        self._unproven_until = 0.0
        self._thread = threading.Thread(target=self._run, name=f"printer {port}", daemon=True)

    def start(self) -> None:
        """Begin to look for the printer; it need not be there yet."""
        self._link.start()
        self._thread.start()

    def close(self) -> None:
        """Let go of the printer. Slips that are not printed are told first; returns when no more calls can come."""
        with self._guard:
            self._is_closed = True
        self._link.stop()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join()
        self._end_jobs()
        self._link.close()

    def release(self, detail: str) -> None:
        """Close the port so that somebody else can use the printer; the listener is told `detail` as the reason.

        The port is free when this returns. Idempotent, from any thread. Raises `NotReleasedError` while a slip is being
        printed or waits for its turn: a citizen waits for it. A slip that comes while the printer is lent is told as
        failed at once, and nothing of it is sent.
        """
        with self._guard:
            if self._lent is None and (self._is_printing or self._jobs):
                raise NotReleasedError("the printer is printing a slip; try again when it is done")
            self._lent = detail
        try:
            self._link.release(detail)
        except NotReleasedError:
            self.take_back()
            raise

    def take_back(self) -> None:
        """Look for the printer again after `release`; without one, nothing happens."""
        with self._guard:
            self._lent = None
        self._link.take_back()

    @property
    def condition(self) -> Condition:
        """How the printer was last told to be; disconnected before anything was."""
        return self._told or Condition.DISCONNECTED

    @property
    def detail(self) -> str:
        """The cause and what to do, for the technician; empty while all is well."""
        return self._link.detail

    @property
    def asks(self) -> bool:
        """Whether several ports may be the printer's; `detail` says what a person has to do."""
        return self._link.asks

    @property
    def port_name(self) -> str | None:
        """The device that is open at this moment."""
        return self._link.port_name

    def print(self, job_id: str, slip: Slip, *, reprint: bool = False) -> None:
        """Print a slip when its turn comes; returns at once. A reprint first clears what the printer still holds."""
        with self._guard:
            if not self._is_closed:
                self._jobs.append(_Job(job_id, slip, reprint))
                self._link.wake()
                return
        self._listener.printed(job_id, PrintState.FAILED, ENDED)

    def cut_off_remains(self) -> None:
        """Before the next slip, clear and cut off what a program that was killed may have left of its last one."""
        self._remains = UNKNOWN_REMAINS
        self._link.wake()

    # On the driver's own thread.

    def _run(self) -> None:
        while not self._link.is_stopping:
            try:
                self._link.wait_for_work(self._has_work, max(0.0, self._ask_at - boottime()))
                self._turn()
            except StoppedError:
                return
            except PortLostError:
                self._pause()
            except Exception:
                log.exception("the printer driver failed")
                self._pause()

    def _has_work(self) -> bool:
        needs = (self._link.is_new, self._must_probe, self._must_tidy, self._is_unproven_lost)
        return bool(self._jobs) or any(needs)

    @property
    def _is_unproven_lost(self) -> bool:
        """Whether the port was lost so soon after a slip that a part of it may have been on its way still."""
        return self._unproven > 0 and self._link.is_lost and boottime() < self._unproven_until

    @property
    def _must_probe(self) -> bool:
        return self._is_able and self._link.wants_probing

    @property
    def _must_tidy(self) -> bool:
        return self._remains > 0 and self._is_able

    @property
    def _is_able(self) -> bool:
        return self._link.is_settled and self._link.condition.can_print

    def _turn(self) -> None:
        """Do what is to be done next; a slip only after the printer is known and clean."""
        if self._is_unproven_lost:
            self._remains, self._unproven = max(self._remains, self._unproven), 0
        if self._link.is_new:
            self._link.greet(self._remains)
        elif self._must_probe:
            self._link.probe()
        elif self._must_tidy:
            self._tidy()
        elif self._jobs and self._is_found():
            self._print_next()
        elif boottime() >= self._ask_at:
            self._ask_at = boottime() + ASK_SECONDS
            if not self._link.is_lost:
                self._link.ask_status(0)

    def _is_found(self) -> bool:
        """Whether a slip need not wait any more for the printer to be found; false where it has to be greeted first."""
        self._link.wait_for_work(lambda: self._link.is_settled or self._link.is_new, FIND_SECONDS)
        return not self._link.is_new

    def _pause(self) -> None:
        """A port that was just lost is not there again at once."""
        with contextlib.suppress(StoppedError):
            self._link.wait_for_work(lambda: self._link.is_new, PAUSE_SECONDS)

    def _tidy(self) -> None:
        """What is left of a broken slip must not come out with the next citizen's: forget it, and cut off the rest."""
        self._link.fill_up(self._remains)
        self._link.clear()
        self._link.send(self._link.initialisation() + CUT)
        self._remains = 0
        self._link.finish()  # the next slip, if it is a reprint, clears the buffer: not this cut with it

    def _print_next(self) -> None:
        with self._guard:
            job = self._jobs.popleft()
            self._is_printing = True
        try:
            self._print(job)
        finally:
            self._is_printing = False

    def _print(self, job: _Job) -> None:
        log.info("print-init", job=job.job_id, reprint=job.reprint)
        try:
            outcome = self._outcome(job)
        except StoppedError:
            outcome = Outcome(PrintState.FAILED, ENDED)
        except Exception:
            log.exception("a slip could not be printed", job=job.job_id)
            outcome = Outcome(PrintState.UNCONFIRMED, "the driver failed; see the log", remains=UNKNOWN_REMAINS)
        self._remains = max(self._remains, outcome.remains)
        self._unproven, self._unproven_until = outcome.unproven, boottime() + ON_ITS_WAY_SECONDS
        log.info("print-complete", job=job.job_id, state=outcome.state.value, detail=outcome.detail)
        self._tell(job.job_id, outcome)

    def _outcome(self, job: _Job) -> Outcome:
        try:
            pieces = encode_pieces(job.slip, self._paper)
            trouble = self._trouble()
            if not trouble and job.reprint:
                self._link.clear()
                trouble = self._trouble()
        except SlipError as error:
            trouble = str(error)
        except PortLostError:
            trouble = self._link.detail or "the printer's port was lost"
        if trouble:
            return Outcome(PrintState.FAILED, f"{trouble}; nothing of the slip was sent")
        pieces = [self._link.initialisation(), *pieces, CUT]
        return Attempt(self._link, pieces, self._seconds_per_byte, self._patience).run()

    def _trouble(self) -> str:
        """Why nothing can be printed now; empty if it can."""
        if self._lent is not None:
            return self._lent
        if self._link.condition is not Condition.DISCONNECTED:
            if self._link.is_awake:
                self._link.ask_anew()
            else:
                self._link.ask_status(MUTE_ANSWER_SECONDS)
        return "" if self._link.condition.can_print else self._link.detail or self._link.condition.value

    def _tell(self, job_id: str, outcome: Outcome) -> None:
        try:
            self._listener.printed(job_id, outcome.state, outcome.detail)
        except Exception:
            log.exception("a listener of the printer failed", job=job_id)

    def _tell_condition(self) -> None:
        if not self._link.is_settled or self._link.condition is self._told:
            return
        self._told, detail = self._link.condition, self._link.detail
        log.info("printer condition", condition=self._told.value, detail=detail)
        try:
            self._listener.condition_changed(self._told, detail)
        except Exception:
            log.exception("a listener of the printer failed")

    def _end_jobs(self) -> None:
        while self._jobs:
            self._tell(self._jobs.popleft().job_id, Outcome(PrintState.FAILED, ENDED))
