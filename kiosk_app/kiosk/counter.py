"""What every page of the kiosk works with: clock, journal, printer, the hall's data, this terminal's keys.

And what the kiosk remembers of the citizen who stands before it, all of which is dropped when that person has gone
(R24).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from kiosk_app.domain.catalogue import Catalogue
from kiosk_app.domain.moments import CHINA_TIME, Clock, Moment
from kiosk_app.domain.questionnaire import Questionnaire
from kiosk_app.domain.queue_numbers import knows_what_was_given
from kiosk_app.domain.rating_code import device_key
from kiosk_app.domain.records import Draft, Kind, Record
from kiosk_app.domain.visits import Case
from kiosk_app.journal.delivery import State
from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.sealing import Sealer
from kiosk_app.kiosk.hall_data import HallData, Item
from kiosk_app.kiosk.hall_view import HallView
from kiosk_app.kiosk.recording import KioskVisit, not_invited_draft, opened_draft
from kiosk_app.terminal.printer_desk import PrinterDesk
from kiosk_app.terminal.rating_codes import RatingCodes
from kiosk_app.terminal.recorder import Recorder
from kiosk_app.terminal.wording import Wording

T = TypeVar("T")


@dataclass(frozen=True)
class RatingKey:
    """What a kiosk needs to make and check rating codes (R10)."""

    hall_id: int
    hall_key: bytes = field(repr=False)


@dataclass(frozen=True)
class KioskSetup:
    """What a kiosk is told of its place."""

    hall: str
    short_id: int
    wording: Wording
    """With the area `slips`: the words on the paper."""
    catalogue: Catalogue
    questionnaire: Questionnaire
    public_url: str = ""
    """What citizens' phones reach; empty for nothing."""
    idle_ms: int = 60_000
    booking_days: int = 5
    supplementary_days: int = 5
    rating_key: RatingKey | None = None


@dataclass(frozen=True)
class Taken:
    """A queue number that was given."""

    record_id: str
    ticket_no: str
    item: Item
    at: dt.datetime
    rating_code: str | None
    waiting: int | None
    """How many waited then; None where nobody knows."""


@dataclass
class Citizen:
    """What is remembered of one citizen's visit to the kiosk; nothing of it outlasts the visit (R24)."""

    language: str
    """The language of the screen, in which slips are printed."""
    numbers: dict[str, Taken] = field(default_factory=dict)
    """By item group: one open number per group and visit."""
    visit: KioskVisit | None = None
    """The finished task that has no outcome yet (R21)."""

    @property
    def got_something(self) -> bool:
        """Whether a task was finished."""
        return bool(self.numbers) or self.visit is not None


class Counter:
    """One thread at a time."""

    def __init__(
        self,
        setup: KioskSetup,
        clock: Clock,
        recorder: Recorder,
        hall: HallView,
        sealer: Sealer | None,
        delivery_state: Callable[[Record], State],
    ) -> None:
        self.setup = setup
        self.clock = clock
        self.recorder = recorder
        self.sealer = sealer
        self.printer: PrinterDesk | None = None
        self.delivery_state = delivery_state
        """What has become of a record at the platform (R27)."""
        self.citizen = Citizen(setup.wording.default_language)
        self._hall = hall
        key, short_id = setup.rating_key, setup.short_id
        self._codes = RatingCodes(key.hall_id, short_id, device_key(key.hall_key, short_id)) if key else None

    @property
    def hall(self) -> HallData:
        """The hall's data as it is now."""
        return self._hall.data

    def today(self) -> dt.date:
        """The day in China, whatever zone the machine is set to."""
        return self.china_now().date()

    def china_now(self) -> dt.datetime:
        """The wall clock in China."""
        return self.clock.now().wall.astimezone(CHINA_TIME)

    def read(self, ask: Callable[[Journal], T]) -> T:
        """Ask the journal. Raises `JournalUnavailableError`."""
        return self.recorder.read(ask)

    def can_print(self) -> bool:
        """Whether a slip would come out now."""
        return self.printer is not None and self.printer.can_print

    def gives_numbers(self) -> bool:
        """Whether numbers are given at all: without paper only where the hall finds that sensible."""
        return self.can_print() or self.hall.numbers_without_paper

    def knows_what_it_gave(self) -> bool:
        """Whether it is known which numbers and places this terminal has given already (R22, R23).

        Raises `JournalUnavailableError`.
        """
        started = self.read(lambda journal: next(iter(journal.latest(Kind.JOURNAL_STARTED)), None))
        return knows_what_was_given(started, self.hall.pulled_at_sequence, self.today())

    def finish_task(self, case: Case, at: Moment, records: Callable[[str], tuple[Draft, ...]]) -> list[Record]:
        """Record a finished task as a visit to the kiosk, all or nothing; `records` are its own, given the visit's id.

        Raises `JournalUnavailableError`, `AlreadyRecordedError`; then nothing has happened.
        """
        visit = KioskVisit(new_id(), (case,), at)
        before = self.citizen.visit
        # Whoever goes on with another task is asked about the last one.
        settled = (not_invited_draft(before, at),) if before is not None else ()
        appended = self.recorder.append(*settled, opened_draft(visit), *records(visit.visit_id))
        self.citizen.visit = visit
        return appended[len(settled) + 1 :]

    def new_rating_code(self, day: dt.date) -> str | None:
        """The next code of this terminal for a visit on that day (R10); None where none can be made."""
        codes = self._codes
        if codes is None:
            return None
        own = self.read(lambda journal: codes.last_counter(journal, day))
        # Each number has a code. A terminal that took another's place knows of that one's by the leases only.
        last = max(-1 if own is None else own, self.hall.numbers_known_given(day) - 1)
        try:
            return codes.after(last, day)
        except ValueError:  # the day's counters are used up, or the clock shows a year that no code can hold
            return None

    def last_day_to_rate(self, visit_day: dt.date) -> dt.date:
        """The last day on which the code of a visit is taken (R10)."""
        return self.hall.calendar.last_day_to_rate(visit_day, self.setup.supplementary_days)
