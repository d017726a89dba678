"""A code for every visit, so that whoever does not rate on the spot can do so later (R10, interfaces §7)."""

from dataclasses import dataclass, field
from datetime import date

from kiosk_app.domain.rating_code import make_code, read_code


@dataclass(frozen=True)
class RatingCodes:
    """What a window makes codes with: its own key, not the hall's."""

    hall_id: int
    short_id: int
    key: bytes = field(repr=False)

    def after(self, last_counter: int | None, day: date) -> str:
        """The code after the last of that day. Raises `ValueError` where there is none.

        There is none once the day's counters are used up, or where the clock shows a year that no code can hold.
        """
        return make_code(self.key, self.hall_id, self.short_id, day, 0 if last_counter is None else last_counter + 1)


def spelled(given: str) -> str:
    """A code that a business system or a ticket brought: in its one spelling, or as it is if it is none of ours."""
    code = read_code(given)
    return code.text if code else given
