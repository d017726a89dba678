"""The kiosk's core: touches become records and pages. Everything here runs on one thread (`station.py` sees to it).

A page follows only once its records are on the disk. Whoever has gone leaves nothing behind but what is owed to the
journal: the outcome of a finished task, and what was said after a press.
"""

from collections.abc import Callable

import structlog

from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import Moment
from kiosk_app.domain.records import Draft
from kiosk_app.journal.journal import AlreadyRecordedError, Journal, JournalUnavailableError
from kiosk_app.kiosk.counter import Citizen, Counter
from kiosk_app.kiosk.pages import KioskPage, Move, Turn
from kiosk_app.kiosk.recording import cut_off_drafts, not_invited_draft
from kiosk_app.kiosk.service import Action
from kiosk_app.kiosk.session import Session
from kiosk_app.kiosk.tasks.home import HomePage

_log = structlog.get_logger()


class KioskCore:
    """Session, journal and what is owed to it."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.session = Session(lambda: HomePage(counter), counter.setup.idle_ms, counter.clock.now())
        self._owed: list[Draft] = []
        self._recovered_from: Journal | None = None

    # -- life ---------------------------------------------------------------------------------------------------------

    def recover(self) -> None:
        """Settle what the last run left open. Raises `JournalUnavailableError`."""
        recorder, desk, now = self.counter.recorder, self.counter.printer, self.counter.clock.now()
        version = self.counter.hall.catalogue.version
        drafts = recorder.read(
            lambda journal: [
                *cut_off_drafts(journal, version, now),
                *(desk.cut_off_drafts(journal) if desk is not None else ()),
            ]
        )
        recorder.append(*drafts)
        if self._recovered_from is not None:
            # Another journal lies there now: what was begun with the last one is not known to it.
            self._owed.clear()
            self._forget(now)
        self._recovered_from = recorder.journal
        _log.info("kiosk recovered", settled=len(drafts))

    def heal(self) -> None:
        """While nothing can be recorded: try again. Raises `JournalUnavailableError` as long as it cannot."""
        self._recover_if_needed()
        if self.counter.recorder.fault is not None:
            self.counter.recorder.probe()
        self._pay()

    def close(self) -> None:
        """An orderly stop: what was said until now was said. Raises `JournalUnavailableError`."""
        self.leave(self.counter.clock.now())

    # -- what happens -------------------------------------------------------------------------------------------------

    def touched(self, at: Moment) -> None:
        """Somebody is still there."""
        self._still_there(at)

    def act(self, action: Action, value: str, at: Moment) -> None:
        """A button was touched. Raises `JournalUnavailableError`; then nothing has happened."""
        if action is Action.LANGUAGE:
            self._speak(value, at)
        else:
            self._happen(at, lambda page: page.act(action, value, at), leave=action is Action.HOME)

    def scanned(self, text: str, at: Moment) -> None:
        """A code was held before the scanner. Raises `JournalUnavailableError`."""
        self._happen(at, lambda page: page.scanned(text))

    def press(self, level: Level, at: Moment) -> None:
        """A level was chosen. Raises `JournalUnavailableError`."""
        self._happen(at, lambda page: page.press(level, at))

    def decline(self, at: Moment) -> None:
        """不评价 was chosen. Raises `JournalUnavailableError`."""
        self._happen(at, lambda page: page.decline(at))

    def choose_reasons(self, codes: tuple[str, ...], at: Moment) -> None:
        """These options are ticked."""
        if self._still_there(at):
            self.session.top.choose_reasons(codes)

    def give_reasons(self, codes: tuple[str, ...], at: Moment) -> None:
        """These options are given. Raises `JournalUnavailableError`."""
        self._happen(at, lambda page: page.give_reasons(codes))

    def answer(self, question: str, answer: str, at: Moment) -> None:
        """An answer was ticked."""
        if self._still_there(at):
            self.session.top.answer(question, answer)

    def on_time(self, now: Moment) -> None:
        """Do what is due. Raises `JournalUnavailableError`; it is then due again."""
        due_ms = self.session.top.due_ms()
        if self.session.is_over(now):  # first: after a long pause of the machine nobody is there to be asked
            self.leave(now)
        elif due_ms is not None and now.boot_ms >= due_ms and self._can_record:
            self._go(self.session.top.on_time(now))

    def next_ms(self) -> int | None:
        """When something is due next, on CLOCK_BOOTTIME."""
        due_ms = self.session.top.due_ms() if self._can_record else None
        times = (due_ms, self.session.next_ms(self.counter.clock.now()))
        return min((time for time in times if time is not None), default=None)

    def leave(self, now: Moment) -> None:
        """The citizen has gone: settle what was begun, and forget the rest (R24). Raises nothing."""
        visit = self.counter.citizen.visit
        self._owed.extend(draft for page in self.session.pages for draft in page.left(now))
        if visit is not None:
            self._owed.append(not_invited_draft(visit, now))
        self._forget(now)
        try:
            self._pay()
        except JournalUnavailableError as error:
            _log.warning("not recorded yet", cause=str(error), waiting=len(self._owed))

    # -- inside -------------------------------------------------------------------------------------------------------

    @property
    def _can_record(self) -> bool:
        return self.counter.recorder.fault is None

    def _still_there(self, at: Moment) -> bool:
        """Note a touch; whether it belongs to the citizen whose page is shown."""
        now = self.counter.clock.now()
        if self.session.came_too_late(at):
            self.leave(now)
            self.session.touched(now, now)
            return False
        self.session.touched(at, now)
        return True

    def _happen(self, at: Moment, react: Callable[[KioskPage], Move], *, leave: bool = False) -> None:
        if not self._still_there(at) or at.boot_ms < self.session.shown_ms:
            return
        if not self._can_record:
            # The page is covered by the word that nothing can be recorded; one can only leave.
            if leave:
                self.leave(self.counter.clock.now())
            return
        citizen = self.session.citizen
        self._recover_if_needed()
        if self.session.citizen == citizen:  # else the page that was touched is gone
            self._go(react(self.session.top))

    def _go(self, move: Move) -> None:
        now = self.counter.clock.now()
        self.session.go(move, now)
        # Whoever got something and is back at home has finished: the next one must not be taken for the same person.
        if move is Turn.HOME or (self.session.is_home and self.counter.citizen.got_something):
            self.leave(now)

    def _speak(self, language: str, at: Moment) -> None:
        if self._still_there(at) and language in self.counter.setup.wording.languages:
            self.counter.citizen.language = language

    def _forget(self, now: Moment) -> None:
        self.counter.citizen = Citizen(self.counter.setup.wording.default_language)
        self.session.restart(now)

    def _recover_if_needed(self) -> None:
        """A journal that was restored or replaced meanwhile tells its own story."""
        if self._recovered_from is not self.counter.recorder.journal:
            self.recover()

    def _pay(self) -> None:
        """Record what is owed, all at once, or one by one where the journal has some of it already."""
        if not self._owed or not self._can_record:
            return
        try:
            self.counter.recorder.append(*self._owed)
        except AlreadyRecordedError:
            for draft in tuple(self._owed):
                self._pay_one(draft)
        self._owed.clear()

    def _pay_one(self, draft: Draft) -> None:
        try:
            self.counter.recorder.append(draft)
        except AlreadyRecordedError as error:
            _log.error("owed record refused", kind=draft.kind.value, cause=str(error))
        self._owed.remove(draft)
