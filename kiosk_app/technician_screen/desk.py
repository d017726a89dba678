"""What a page of the technician's screens has at hand. Everything here is on the station's thread, jobs excepted."""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Literal, TypeVar

import structlog

from kiosk_app.domain.moments import Clock
from kiosk_app.domain.records import Draft
from kiosk_app.journal.journal import AlreadyRecordedError, JournalUnavailableError
from kiosk_app.technician.hand import Hand
from kiosk_app.technician_screen.jobs import Job, Jobs
from kiosk_app.technician_screen.means import Means
from kiosk_app.technician_screen.state import Message, Page, Words
from kiosk_app.terminal.recorder import Recorder

T = TypeVar("T")

MOST_OWED = 200
"""What is kept in memory while nothing can be recorded."""

_log = structlog.get_logger()


class Desk:
    """Means, journal, jobs, and a word to the technician."""

    def __init__(
        self, means: Means, clock: Clock, recorder: Recorder, post: Callable[[Callable[[], object]], None]
    ) -> None:
        self.means = means
        self.clock = clock
        self.recorder = recorder
        self.operator = ""
        """Who is signed in."""
        self.message: Message | None = None
        self.screen_facts: Mapping[str, str] | None = None
        """Of the screen that is shown; None while there is none."""
        self.touch_result: tuple[float, float] | None = None
        """Mean and worst of the last touch test of this session, in mm."""
        self.pages: tuple[Page, ...] = ()
        """The menu of this terminal."""
        self.busy_with: set[Job] = set()
        self.visit = 0
        """Changes with every page: what a job of an earlier one brings is not shown any more."""
        self.post = post
        self.jobs = Jobs(post)
        self.still_there: Callable[[], None] = lambda: None
        """Tell the session that somebody is there though nothing was touched: a key of a device was pressed."""
        self._owed: deque[Draft] = deque(maxlen=MOST_OWED)

    # -- records ------------------------------------------------------------------------------------------------------

    @property
    def hand(self) -> Hand:
        """The technician's hand."""
        return Hand(self.operator, self.means.directory, self.recorder, self.clock)

    def note(self, action: str, target: str, outcome: str, *, operator: str | None = None) -> bool:
        """Record what was done; whether it is on the disk. If not, it will be once that works again."""
        who = self.operator if operator is None else operator
        hand = Hand(_recordable(who), self.means.directory, self.recorder, self.clock)
        self._owed.append(hand.noted(action, _recordable(target), _recordable(outcome)))
        return self.pay()

    def pay(self) -> bool:
        """Record what could not be recorded before; whether nothing is owed any more."""
        if not self._owed:
            return True
        try:
            self.recorder.append(*self._owed)
        except (JournalUnavailableError, AlreadyRecordedError) as error:
            _log.warning("technician's action not recorded yet", cause=str(error), waiting=len(self._owed))
            return False
        self._owed.clear()
        return True

    @property
    def owes(self) -> bool:
        """Whether something waits to be recorded."""
        return bool(self._owed)

    # -- words --------------------------------------------------------------------------------------------------------

    def say(self, kind: Literal["info", "good", "bad"], key: str, detail: str = "", /, **values: str | int) -> None:
        """Say one thing, until the next page or the next word."""
        self.message = Message(kind, Words(key, values), detail)

    def begin_anew(self) -> bool:
        """Let the app begin anew with a changed configuration; if it would not start, say why and go on."""
        try:
            self.means.restart()
        except RuntimeError as error:
            self.note("restart", "kiosk-app", f"failed: {error}")
            self.failed(error)
            return False
        return True

    # -- jobs ---------------------------------------------------------------------------------------------------------

    def work(
        self,
        name: str,
        doing: Callable[[Job], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        quiet: bool = False,
        whatever_page: Callable[[T | Exception], None] | None = None,
    ) -> Job:
        """Do what takes its time; `done` or `failed` is called if the page is still open then.

        `whatever_page` is called before that and also if it is not: what was done is recorded in any case. `quiet` is
        for what is looked up again and again: nothing has to wait for it.
        """
        visit = self.visit

        def ended(outcome: T | Exception, tell: Callable[[], None]) -> None:
            self.busy_with.discard(job)
            if whatever_page is not None:
                whatever_page(outcome)
            if self.visit == visit:
                tell()

        tell_failed = failed or self.failed
        job = self.jobs.start(
            name,
            doing,
            lambda result: ended(result, lambda: done(result)),
            lambda error: ended(error, lambda: tell_failed(error)),
        )
        if not quiet:
            self.busy_with.add(job)
        return job

    def failed(self, error: Exception) -> None:
        """Say that something failed, in the words of the error."""
        self.say("bad", "common.failed", words_of(error))


def _recordable(words: str) -> str:
    """Without what no record can hold, as half a character of a name in another encoding."""
    return words.encode(errors="replace").decode()


def words_of(error: Exception) -> str:
    """An error in one line."""
    return " ".join(str(error).split()) or type(error).__name__
