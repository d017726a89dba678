"""A code of its own for every visit and ticket, so that they can be rated later (R10, interfaces §7)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from kiosk_app.domain.rating_code import COUNTERS_A_DAY, make_code, read_code
from kiosk_app.domain.records import Kind
from kiosk_app.journal.reader import JournalReader


@dataclass(frozen=True)
class RatingCodes:
    """What a terminal makes codes with: its own key, not the hall's."""

    hall_id: int
    short_id: int
    key: bytes = field(repr=False)

    def last_counter(self, journal: JournalReader, day: date) -> int | None:
        """The greatest counter of that day that may be in use; None if there is none. Raises `sqlite3.Error`.

        A journal that took the place of a lost one on that very day does not know what the lost one gave out. A day has
        a counter every 21 s, more than any terminal needs; so those of the time before the loss count as used.
        """
        known = journal.last_code_counter(self.short_id, day)
        started = next(iter(journal.latest(Kind.JOURNAL_STARTED)), None)
        if started is None or started.payload["previous_journal"] is None:
            return known
        began = datetime.fromisoformat(started.occurred_at)
        if began.date() != day:
            return known
        since_midnight = began - began.replace(hour=0, minute=0, second=0, microsecond=0)
        return max(since_midnight * COUNTERS_A_DAY // timedelta(days=1), -1 if known is None else known)

    def after(self, last_counter: int | None, day: date) -> str:
        """The code after the last of that day. Raises `ValueError` where there is none.

        There is none once the day's counters are used up, or where the clock shows a year that no code can hold.
        """
        return make_code(self.key, self.hall_id, self.short_id, day, 0 if last_counter is None else last_counter + 1)

    def disowns(self, given: str) -> bool:
        """Whether a code calls itself this terminal's and was not made with its key: nobody could rate with it.

        Were it kept, its counter would count as used, up to the last of its day.
        """
        code = read_code(given)
        if code is None or (code.hall_id, code.short_id) != (self.hall_id, self.short_id):
            return False
        return make_code(self.key, self.hall_id, self.short_id, code.day, code.counter) != code.text


def spelled(given: str) -> str:
    """A code that a business system or a ticket brought: in its one spelling, or as it is if it is none of ours."""
    code = read_code(given)
    return code.text if code else given
