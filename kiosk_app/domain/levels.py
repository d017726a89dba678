"""The five levels of satisfaction (R1, R2)."""

from enum import StrEnum


class Level(StrEnum):
    """A level, best first, as the keys of the evaluator stand (R1)."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"

    @property
    def score(self) -> int:
        """Points from 5 (best) to 1; derived and never stored alone, as platforms disagree on its direction (R1)."""
        return 5 - list(Level).index(self)

    @property
    def is_bad(self) -> bool:
        """Whether this is a bad rating, 差评: one of the last two levels (R2)."""
        return self.score <= 2

    @property
    def is_satisfied(self) -> bool:
        """Whether it counts towards the satisfaction rate: one of the first three levels (R15)."""
        return self.score >= 3
