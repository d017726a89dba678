"""The station: the window's core behind doors for each of its callers, all on one thread of its own.

Doors: the business systems' (`WindowService`), the citizen's (`ScreenActions`), the evaluator's (`EvaluatorListener`),
the printer's (`PrinterListener`).
Drivers, API and screen know the doors only; the core knows none of their threads.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

import structlog

from device_drivers.evaluator.key_presses import KeyPress
from device_drivers.printer.conditions import Condition, PrintState
from kiosk_app.domain.catalogue import Catalogue
from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import CHINA_TIME, Clock
from kiosk_app.domain.problems import Problem
from kiosk_app.domain.visits import (
    Answer,
    Refused,
    VisitName,
    VisitRequest,
    WindowName,
    WindowView,
)
from kiosk_app.domain.window import Decline, End, Event, Invite, Limits, Pause, Press, Resume, WantPause
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.journal import JournalUnavailableError
from kiosk_app.journal.sealing import Sealer
from kiosk_app.official_calendar import calendar_problems
from kiosk_app.terminal.evaluator_problems import Heard
from kiosk_app.terminal.lending import Device, Lending, NotLentError
from kiosk_app.terminal.mailbox import Mailbox
from kiosk_app.terminal.printer_desk import Printer, PrinterDesk
from kiosk_app.terminal.rating_codes import RatingCodes
from kiosk_app.terminal.recorder import Recorder
from kiosk_app.terminal.shared_problems import Display
from kiosk_app.terminal.wording import Wording
from kiosk_app.window.business_desk import BusinessDesk
from kiosk_app.window.code_slips import CodeSlips
from kiosk_app.window.core import SETTLE_MS, WindowCore
from kiosk_app.window.evaluator_desk import Evaluator, EvaluatorDesk
from kiosk_app.window.pages import LaterPage
from kiosk_app.window.projection import screen_state
from kiosk_app.window.screen_state import Page, ScreenState
from kiosk_app.window.station_problems import station_problems
from kiosk_app.window.surroundings import EvaluatorProfile, Surroundings
from kiosk_app.window.visit_codes import VisitCodes

CLOSE_SECONDS = 4.0

_log = structlog.get_logger()


def _nowhere(_: ScreenState) -> None:
    """Where states are shown while there is no screen."""


@dataclass(frozen=True)
class StationSetup:
    """What a station is told of its place."""

    hall: str
    number: str
    limits: Limits
    detail_ms: int
    catalogue: Catalogue
    """The built-in options, until the platform has sent its own (R8)."""
    evaluator: EvaluatorProfile | None = None
    rating_codes: RatingCodes | None = None
    """Without it no codes are made or shown."""
    public_url: str = ""
    """Where a phone that scans a code is led to; empty: codes are used at self-service terminals only."""
    supplementary_days: int = 5
    """For so many working days after the visit it can still be rated (R10)."""


class Station:
    """One window."""

    def __init__(
        self,
        setup: StationSetup,
        clock: Clock,
        recorder: Recorder,
        open_hall: Callable[[], HallStore],
        sealer: Sealer | None = None,
        other_problems: Callable[[], tuple[Problem, ...]] = tuple,
        note: Callable[[tuple[Problem, ...]], tuple[Problem, ...]] = tuple,
    ) -> None:
        """`other_problems` are those that are not the window's own; `note` gives each problem its `since`."""
        self._setup = setup
        self._clock = clock
        self._around = Surroundings(setup.hall, setup.number, setup.evaluator, setup.catalogue, open_hall)
        days = setup.supplementary_days if setup.rating_codes else None
        self._core = WindowCore(recorder, clock, setup.limits, setup.detail_ms, self._around, days)
        self._desk: EvaluatorDesk | None = None
        self._slips: CodeSlips | None = None
        self._codes = VisitCodes(recorder, setup.rating_codes)
        self._business = BusinessDesk(self._core, clock, setup.number, self._codes, sealer)
        self._other_problems = other_problems
        self._note = note
        self._lending: Lending | None = None
        self._heard: Callable[[], Heard] = Heard
        self._asks: Callable[[], Collection[str]] = tuple
        self._screen_shown = False
        self._sound_fault: str | None = None
        self._display: Display | None = None
        self._show: Callable[[ScreenState], None] = _nowhere
        self._shown: ScreenState | None = None
        self._mailbox = Mailbox("station", self._on_time)

    # -- life ---------------------------------------------------------------------------------------------------------

    def attach_evaluator(
        self, profile: EvaluatorProfile, device: Evaluator, heard: Callable[[], Heard] = Heard
    ) -> None:
        """The evaluator whose presses come in by `key_pressed`; before `start`. `heard` counts its frames."""
        self._heard = heard
        self._desk = EvaluatorDesk(self._core, self._clock, profile, device)
        self._core.on_recovered = self._desk.recovered
        self._business.on_invited = self._desk.invited
        self._core.settle_ms = max(SETTLE_MS, round(device.settle_seconds * 1000))

    def attach_printer(self, printer: Printer, wording: Wording) -> None:
        """The printer of the slips with rating codes; before `start`. `wording` has the texts of the slips.

        It reports by `printed` and `condition_changed`.
        """
        desk = PrinterDesk(self._core.recorder, self._clock, printer)
        setup = self._setup
        self._slips = CodeSlips(
            self._core, desk, wording, hall=setup.hall, window=setup.number, public_url=setup.public_url
        )
        self._core.cut_off = desk.cut_off_drafts

    def attach_lending(self, lending: Lending, asks: Callable[[], Collection[str]] = tuple) -> None:
        """Who lends this window's devices; before `start`. `asks` names those whose port a person has to choose."""
        self._lending, self._asks = lending, asks

    def start(self) -> None:
        """Begin; returns at once. What the last run left open is settled first."""
        self._mailbox.post(self._begin)
        self._mailbox.start()

    def close(self) -> None:
        """Finish what has arrived, then stop; a disk that hangs is not waited for, as a kill loses nothing either."""
        self._mailbox.post(self._give_back)
        self._mailbox.close(CLOSE_SECONDS)

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

    @property
    def is_inviting(self) -> bool:
        """Whether an invitation is open, which the evaluator's keys answer; never waits."""
        return self._core.state.name is WindowName.INVITING

    @property
    def is_asking(self) -> bool:
        """Whether a citizen is asked for a rating or its reasons at this moment; never waits."""
        shown = self._shown.page if self._shown is not None else None
        return self.is_inviting or shown is Page.DETAILS

    def answers(self, seconds: float) -> bool:
        """Whether the station's thread does what it is given within so many seconds."""
        return self._mailbox.answers(seconds)

    def refresh(self) -> None:
        """Something else was written: look at binding, staff and catalogue again."""
        self._mailbox.post(self._refresh)

    # -- the business system's door -----------------------------------------------------------------------------------

    def open_visit(self, request: VisitRequest) -> Answer:
        """Open a visit; personal data is sealed here and now, or dropped (R11)."""
        return self._mailbox.ask(lambda: self._business.open_visit(request, self._prompt()))

    def invite(self, visit_id: str) -> Answer:
        """Ask the citizen to rate."""
        return self._ask(lambda: Invite(self._clock.now(), visit_id, self._prompt()), visit_id)

    def end(self, visit_id: str) -> Answer:
        """End a visit that was not invited."""
        return self._ask(lambda: End(self._clock.now(), visit_id), visit_id)

    def visit(self, visit_id: str) -> VisitName | Refused:
        """The visit's state, also long after it ended."""
        return self._mailbox.ask(lambda: self._business.look_up(visit_id))

    def pause(self, reason: str, back_at: datetime | None) -> Answer:
        """Show the away sign, after the visit in progress."""
        back = back_at.astimezone(CHINA_TIME).isoformat(timespec="seconds") if back_at else None
        return self._ask(lambda: WantPause(self._clock.now(), Pause(reason, back)))

    def resume(self) -> Answer:
        """Take the away sign down."""
        return self._ask(lambda: Resume(self._clock.now()))

    def window(self) -> WindowView:
        """The window's state."""
        return self._mailbox.ask(lambda: self._business.view(self._around))

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with this terminal; the window's own is read without waiting for anything."""
        recorder = self._core.recorder
        rules = self._around.rules
        own = station_problems(
            recording_fault=recorder.fault,
            since=recorder.fault_since,
            window=self._setup.number,
            staff_no=self._around.staff_no,
            evaluator_fault=self._desk.fault if self._desk else None,
            keys_confirmed=self._around.keys_confirmed,
            hall_fault=self._around.hall_fault,
            rules_faults=rules.faults,
            code_fault=self._codes.fault,
            printer=(self._slips.desk.condition, self._slips.desk.detail) if self._slips else None,
            screen_shown=self._screen_shown,
            sound_fault=self._sound_fault,
            evaluator_heard=self._heard(),
            lent=self._lending.borrowers if self._lending else {},
            display=self._display,
            asks=self._asks(),
        )
        today = self._clock.now().wall.date()
        calendar = calendar_problems(rules.calendar, today) if self._setup.rating_codes else ()
        return self._note(own + calendar + self._other_problems())

    # -- the citizen's door -------------------------------------------------------------------------------------------

    def press(self, level: Level, at: float) -> None:
        """A level was chosen on the screen."""
        moment = self._clock.at(at)

        def pressed() -> None:
            self._citizen(Press(moment, level, "touchscreen", outside_hours=self._core.outside_hours(moment)))

        self._mailbox.post(pressed)

    def decline(self, at: float) -> None:
        """不评价 was chosen."""
        moment = self._clock.at(at)
        self._mailbox.post(lambda: self._citizen(Decline(moment)))

    def give_reasons(self, rating_id: str, codes: tuple[str, ...], comment: str) -> None:
        """The page after the press is done."""
        self._mailbox.post(lambda: self._try(lambda: self._core.close_page(rating_id, codes, comment)))

    def choose_reasons(self, rating_id: str, codes: tuple[str, ...]) -> None:
        """The options ticked so far; they stand if the page's time runs out."""

        def choose() -> None:
            self._core.pages = self._core.pages.with_chosen(rating_id, codes)

        self._mailbox.post(choose)

    def show_invitation(self) -> None:
        """The next citizen asks for the choices, while the last one's page is open."""

        def cover() -> None:
            self._core.pages = self._core.pages.covered()

        self._mailbox.post(cover)

    def keep_code(self, missed_id: str) -> None:
        """The code to rate later with is still read."""
        at_ms = self._clock.now().boot_ms
        self._change_later(missed_id, lambda page: page.longer(at_ms))

    def print_code(self, missed_id: str, language: str) -> None:
        """The code is wanted on paper."""
        if self._slips is not None:
            slips = self._slips
            self._mailbox.post(lambda: slips.print(missed_id, language))

    def close_code(self, missed_id: str) -> None:
        """Nobody reads the code any more."""
        self._change_later(missed_id, lambda _: None)

    def _change_later(self, missed_id: str, change: Callable[[LaterPage], LaterPage | None]) -> None:
        def work() -> None:
            self._core.pages = self._core.pages.changed_later(missed_id, change)

        self._mailbox.post(work)

    # -- the evaluator's door -----------------------------------------------------------------------------------------

    def key_pressed(self, press: KeyPress) -> None:
        """A key, or its repeat, arrived."""
        if self._desk is not None:
            desk = self._desk
            self._mailbox.post(lambda: desk.pressed(press))

    def connection_changed(self, connected: bool, detail: str) -> None:
        """The evaluator came or went."""
        if self._desk is not None:
            desk = self._desk
            self._mailbox.post(lambda: desk.connection_changed(connected, detail))

    # -- the printer's door -------------------------------------------------------------------------------------------

    def printed(self, job_id: str, state: PrintState, detail: str) -> None:
        """A slip was printed, or was not."""
        if self._slips is not None:
            desk = self._slips.desk
            self._mailbox.post(lambda: desk.printed(job_id, state, detail))

    def condition_changed(self, condition: Condition, detail: str) -> None:
        """The printer is in another condition."""
        if self._slips is not None:
            desk = self._slips.desk
            self._mailbox.post(lambda: desk.condition_changed(condition, detail))

    # -- the technician's door ----------------------------------------------------------------------------------------

    def lend(self, device: Device, borrower: str, release: Callable[[], None]) -> None:
        """Have a device's port released, not while a citizen is asked to rate. Raises `NotLentError`."""
        if device is Device.EVALUATOR:
            # On this thread: no invitation can open between the look and the release, and no key is pressed in vain.
            self._mailbox.ask(lambda: self._lend_evaluator(borrower, release))
        else:
            self._mailbox.ask(self._refuse_while_inviting)
            release()

    def returned(self, device: Device) -> None:
        """The device is this window's again."""
        if device is Device.EVALUATOR and self._desk is not None:
            self._desk.lent_to = None

    def _lend_evaluator(self, borrower: str, release: Callable[[], None]) -> None:
        self._refuse_while_inviting()
        if self._desk is not None:
            self._desk.lent_to = borrower
        try:
            release()
        except BaseException:
            self.returned(Device.EVALUATOR)
            raise

    def _refuse_while_inviting(self) -> None:
        visit = self._core.state.visit
        if visit is not None and self._core.state.name is WindowName.INVITING:
            left = visit.seconds_left(self._clock.now())
            raise NotLentError(f"a citizen is just asked to rate; try again in {left} s")

    # -- on the station's own thread ----------------------------------------------------------------------------------

    def _begin(self) -> None:
        # The rules in force first: what is settled now names the catalogue that was offered.
        self._refresh()
        self._try(self._core.recover)

    def _give_back(self) -> None:
        self._try(self._core.close_pages)
        self._core.recorder.close()
        self._around.close()

    def _try(self, work: Callable[[], None]) -> None:
        """Do it; if nothing can be recorded the recorder remembers why, and the screen says so."""
        try:
            work()
        except JournalUnavailableError as error:
            _log.warning("not recorded", cause=str(error))

    def _ask(self, event: Callable[[], Event], visit_id: str | None = None) -> Answer:
        return self._mailbox.ask(lambda: self._business.answer(event, visit_id))

    def _prompt(self) -> str:
        if self._desk is not None and self._desk.connected:
            return "both" if self._screen_shown else "evaluator"
        return "touchscreen"

    def _citizen(self, event: Press | Decline) -> None:
        def happen() -> None:
            if self._core.take(event).stray:
                _log.info("touch without an open invitation", kind=type(event).__name__)

        self._try(happen)

    def _refresh(self) -> None:
        def look() -> None:
            now = self._clock.now().wall
            changed = self._core.recorder.read(lambda journal: self._around.refresh(journal, now))
            if changed and self._desk is not None:
                card = self._around.sign.staff
                self._desk.show_stars(card.stars if card else None)

        self._try(look)

    # -- time and screen ----------------------------------------------------------------------------------------------

    def _on_time(self) -> float | None:
        now = self._clock.now()
        recorder = self._core.recorder
        if recorder.retry_ms is not None and now.boot_ms >= recorder.retry_ms:
            self._try(self._core.heal)
        if recorder.fault is None:
            self._try(lambda: self._core.on_time(now))
        if self._slips is not None:
            self._slips.desk.on_time()
        self._publish()
        due = min((time for time in self._due() if time is not None), default=None)
        return None if due is None else max(0.0, (due - self._clock.now().boot_ms) / 1000)

    def _due(self) -> tuple[int | None, ...]:
        """When something is to be done next, on CLOCK_BOOTTIME."""
        recorder = self._core.recorder
        if recorder.fault is not None:
            return (recorder.retry_ms,)
        return self._core.next_ms(), self._slips.desk.next_ms() if self._slips else None

    def _publish(self) -> None:
        state = screen_state(
            self._core.state,
            self._core.pages,
            self._around.sign,
            recording=self._core.recorder.fault is None,
            evaluator=self._desk is not None and self._desk.connected,
            now_ms=self._clock.now().boot_ms,
            public_url=self._setup.public_url,
            can_print=self._slips.desk.can_print if self._slips else None,
        )
        if state != self._shown:
            self._shown = state
            self._show(state)
