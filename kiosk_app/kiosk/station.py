"""The kiosk's station: its core behind doors for each of its callers, all on one thread of its own.

Doors: the citizen's (`KioskActions`), the scanner's (`ScannerListener`), the printer's (`PrinterListener`). Drivers and
screen know the doors only; the core knows none of their threads.
"""

from collections.abc import Callable, Collection

import structlog

from device_drivers.printer.conditions import Condition, PrintState
from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import Clock
from kiosk_app.domain.problems import Problem
from kiosk_app.domain.records import Draft, Kind, Record
from kiosk_app.journal.delivery import State
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.journal import JournalUnavailableError
from kiosk_app.journal.sealing import Sealer
from kiosk_app.kiosk.core import KioskCore
from kiosk_app.kiosk.counter import Counter, KioskSetup
from kiosk_app.kiosk.hall_view import HallView
from kiosk_app.kiosk.projection import screen_state
from kiosk_app.kiosk.screen_state import ScreenState
from kiosk_app.kiosk.service import Action
from kiosk_app.kiosk.station_problems import station_problems
from kiosk_app.terminal.lending import Device, Lending, NotLentError
from kiosk_app.terminal.mailbox import Mailbox
from kiosk_app.terminal.printer_desk import Printer, PrinterDesk
from kiosk_app.terminal.recorder import Recorder
from kiosk_app.terminal.shared_problems import Display

CLOSE_SECONDS = 4.0

_log = structlog.get_logger()


def _nowhere(_: ScreenState) -> None:
    """Where states are shown while there is no screen."""


def _waiting(_: Record) -> State:
    return State.WAITING


class KioskStation:
    """One kiosk."""

    def __init__(
        self,
        setup: KioskSetup,
        clock: Clock,
        recorder: Recorder,
        open_hall: Callable[[], HallStore],
        sealer: Sealer | None = None,
        other_problems: Callable[[], tuple[Problem, ...]] = tuple,
        delivery_state: Callable[[Record], State] = _waiting,
        note: Callable[[tuple[Problem, ...]], tuple[Problem, ...]] = tuple,
    ) -> None:
        """`other_problems` are those that are not the kiosk's own; `note` gives each problem its `since`."""
        self._clock = clock
        self._hall = HallView(open_hall, setup.catalogue, setup.questionnaire)
        self._counter = Counter(setup, clock, recorder, self._hall, sealer, delivery_state)
        self._core = KioskCore(self._counter)
        self._other_problems = other_problems
        self._note = note
        self._lending: Lending | None = None
        self._asks: Callable[[], Collection[str]] = tuple
        self._screen_shown = False
        self._sound_fault: str | None = None
        self._display: Display | None = None
        self._scanner_fault: str | None = None
        self._show: Callable[[ScreenState], None] = _nowhere
        self._shown: ScreenState | None = None
        self._mailbox = Mailbox("station", self._on_time)

    # -- life ---------------------------------------------------------------------------------------------------------

    def attach_printer(self, printer: Printer) -> None:
        """The printer whose results come in by `printed` and `condition_changed`; before `start`."""
        self._counter.printer = PrinterDesk(self._counter.recorder, self._clock, printer)

    def attach_lending(self, lending: Lending, asks: Callable[[], Collection[str]] = tuple) -> None:
        """Who lends this kiosk's devices; before `start`. `asks` names those whose port a person has to choose."""
        self._lending, self._asks = lending, asks

    def start(self) -> None:
        """Begin; returns at once. What the last run left open is settled first."""
        self._mailbox.post(self._begin)
        self._mailbox.start()

    def close(self) -> None:
        """Finish what has arrived, then stop; a disk that hangs is not waited for, as a kill loses nothing either."""
        self._mailbox.post(self._give_back)
        self._mailbox.close(CLOSE_SECONDS)

    def state(self) -> ScreenState:
        """What is to be shown at this moment; once started."""
        return self._mailbox.ask(lambda: screen_state(self._core.session, self._counter, self._clock.now()))

    def attach_screen(
        self,
        show: Callable[[ScreenState], None],
        sound_fault: str | None = None,
        display: Display | None = None,
    ) -> None:
        """Show every state from now on, the present one first; called on the station's thread.

        `sound_fault` is why nothing can be heard at this screen.
        """

        def attach() -> None:
            self._show, self._screen_shown, self._shown = show, True, None
            self._sound_fault, self._display = sound_fault, display

        self._mailbox.post(attach)

    def detach_screen(self) -> None:
        """Show nothing any more."""

        def detach() -> None:
            self._show, self._screen_shown = _nowhere, False

        self._mailbox.post(detach)

    def answers(self, seconds: float) -> bool:
        """Whether the station's thread does what it is given within so many seconds."""
        return self._mailbox.answers(seconds)

    def refresh(self) -> None:
        """Something else was written: look at the hall's data again."""
        self._mailbox.post(self._hall.refresh)

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with this kiosk; its own is read without waiting for anything."""
        recorder, desk, hall = self._counter.recorder, self._counter.printer, self._hall
        own = station_problems(
            recording_fault=recorder.fault,
            since=recorder.fault_since,
            printer=(desk.condition, desk.detail) if desk is not None else None,
            scanner_fault=self._scanner_fault,
            hall_fault=hall.fault,
            hall=hall.data,
            today=self._counter.today(),
            screen_shown=self._screen_shown,
            sound_fault=self._sound_fault,
            lent=self._lending.borrowers if self._lending else {},
            display=self._display,
            asks=self._asks(),
        )
        # What stands behind both, such as the hall's data, is told once.
        told = {problem.code for problem in own}
        return self._note(own + tuple(problem for problem in self._other_problems() if problem.code not in told))

    # -- the citizen's door -------------------------------------------------------------------------------------------

    def touched(self, at: float) -> None:
        """Somebody is still there, whatever was touched."""
        moment = self._clock.at(at)
        self._post(lambda: self._core.touched(moment))

    def act(self, action: Action, value: str, at: float) -> None:
        """A button of the page was touched."""
        moment = self._clock.at(at)
        self._post(lambda: self._core.act(action, value, moment))

    def press(self, level: Level, at: float) -> None:
        """A level was chosen."""
        moment = self._clock.at(at)
        self._post(lambda: self._core.press(level, moment))

    def decline(self, at: float) -> None:
        """不评价 was chosen."""
        moment = self._clock.at(at)
        self._post(lambda: self._core.decline(moment))

    def choose_reasons(self, codes: tuple[str, ...]) -> None:
        """The options ticked so far."""
        moment = self._clock.now()
        self._post(lambda: self._core.choose_reasons(codes, moment))

    def give_reasons(self, codes: tuple[str, ...]) -> None:
        """The page after the press is done with these options."""
        moment = self._clock.now()
        self._post(lambda: self._core.give_reasons(codes, moment))

    def answer(self, question: str, answer: str) -> None:
        """An answer of the questionnaire was ticked."""
        moment = self._clock.now()
        self._post(lambda: self._core.answer(question, answer, moment))

    # -- the devices' doors -------------------------------------------------------------------------------------------

    def scanned(self, text: str, at: float) -> None:
        """A code was held before a scanner, at the port or one that types."""
        moment = self._clock.at(at)
        self._post(lambda: self._core.scanned(text, moment))

    def connection_changed(self, connected: bool, detail: str) -> None:
        """The scanner at the port came or went."""
        self._post(lambda: self._scanner_changed(connected, detail))

    def printed(self, job_id: str, state: PrintState, detail: str) -> None:
        """The printer is done with a job."""
        self._post_to_printer(lambda desk: desk.printed(job_id, state, detail))

    def condition_changed(self, condition: Condition, detail: str) -> None:
        """The printer is in another condition."""
        self._post_to_printer(lambda desk: desk.condition_changed(condition, detail))

    # -- the technician's door ----------------------------------------------------------------------------------------

    def lend(self, _device: Device, _borrower: str, release: Callable[[], None]) -> None:
        """Have a device's port released, not while somebody uses the kiosk. Raises `NotLentError`."""
        if not self._mailbox.ask(lambda: self._core.session.is_home):
            raise NotLentError("somebody uses the kiosk; try again when it shows its first page")
        release()

    def returned(self, _device: Device) -> None:
        """The device is this kiosk's again; its driver tells by itself how it is."""

    # -- on the station's own thread ----------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._hall.refresh()
        self._try(self._core.recover)

    def _give_back(self) -> None:
        self._try(self._core.close)
        self._counter.recorder.close()
        self._hall.close()

    def _post(self, work: Callable[[], None]) -> None:
        self._mailbox.post(lambda: self._try(work))

    def _post_to_printer(self, work: Callable[[PrinterDesk], None]) -> None:
        desk = self._counter.printer
        if desk is not None:
            self._post(lambda: work(desk))

    def _try(self, work: Callable[[], None]) -> None:
        """Do it; if nothing can be recorded the recorder remembers why, and the screen says so."""
        try:
            work()
        except JournalUnavailableError as error:
            _log.warning("not recorded", cause=str(error))

    def _scanner_changed(self, connected: bool, detail: str) -> None:
        was_lost = self._scanner_fault is not None
        self._scanner_fault = None if connected else detail
        if not connected or was_lost:
            payload = {"device": "scanner", "state": "connected" if connected else "lost", "detail": detail}
            self._counter.recorder.append(Draft(Kind.DEVICE_EVENT, payload, self._clock.now()))

    # -- time and screen ----------------------------------------------------------------------------------------------

    def _on_time(self) -> float | None:
        now = self._clock.now()
        recorder, desk = self._counter.recorder, self._counter.printer
        if recorder.retry_ms is not None and now.boot_ms >= recorder.retry_ms:
            self._try(self._core.heal)
        self._try(lambda: self._core.on_time(now))
        if desk is not None and recorder.fault is None:
            self._try(desk.on_time)
        self._publish()
        due = [self._core.next_ms(), recorder.retry_ms]
        if desk is not None and recorder.fault is None:
            due.append(desk.next_ms())
        next_ms = min((time for time in due if time is not None), default=None)
        return None if next_ms is None else max(0.0, (next_ms - self._clock.now().boot_ms) / 1000)

    def _publish(self) -> None:
        state = screen_state(self._core.session, self._counter, self._clock.now())
        if state != self._shown:
            self._shown = state
            self._show(state)
