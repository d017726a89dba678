"""Statistics: counted from the records, never entered (R15, R16)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kiosk_app.domain.levels import Level

ASSUMED_MEAN = 3.0
"""A unit with no ratings at all counts as 3 in the mean score, and is shown as such (R16)."""
DECIMALS = 4


@dataclass(frozen=True)
class Tally:
    """What was counted for one unit and period."""

    visits_ended: int
    invitations: int
    ratings: Mapping[Level, int]

    @property
    def rated(self) -> int:
        """Ratings of all levels."""
        return sum(self.ratings.values())

    @property
    def invited_rate(self) -> float | None:
        """Invitations / visits ended; target 100 %."""
        return _share(self.invitations, self.visits_ended)

    @property
    def rating_rate(self) -> float | None:
        """Ratings / visits ended; target at least 95 %."""
        return _share(self.rated, self.visits_ended)

    @property
    def unrated_rate(self) -> float | None:
        """1 - rating rate."""
        rate = self.rating_rate
        return None if rate is None else round(1 - rate, DECIMALS)

    @property
    def satisfaction_rate(self) -> float | None:
        """Ratings of the first three levels / ratings; target at least 98 %."""
        return _share(sum(n for level, n in self.ratings.items() if level.is_satisfied), self.rated)

    @property
    def mean_score(self) -> float:
        """1 to 5, weighted by count; `ASSUMED_MEAN` where nothing was rated."""
        if not self.rated:
            return ASSUMED_MEAN
        return round(sum(level.score * n for level, n in self.ratings.items()) / self.rated, DECIMALS)

    @property
    def mean_is_assumed(self) -> bool:
        """Whether the mean stands for "no ratings at all"."""
        return not self.rated

    @property
    def mean_of_100(self) -> float:
        """The mean score converted to 100 points (折合)."""
        return round(self.mean_score * 20, DECIMALS)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, DECIMALS) if whole else None


def period_of(day: date, length: str, *, year_starts_in_december: bool) -> str:
    """The day, month, quarter or year that a day counts in.

    Where the assessment year starts in December, that month is the first of the next year, and quarters move with it.
    """
    if length == "day":
        return day.isoformat()
    if length == "month":
        return f"{day:%Y-%m}"
    shifted = day.month % 12 if year_starts_in_december else day.month - 1
    year = day.year + (1 if year_starts_in_december and day.month == 12 else 0)
    return f"{year}" if length == "year" else f"{year}-Q{shifted // 3 + 1}"
