"""Problems of a terminal, in words for those who can mend them."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is: a problem makes the terminal degraded, a warning does not."""

    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and what to do about it."""

    code: str
    """Stable snake_case word for programs, such as `binding_missing`."""
    text: str
    """What is wrong, in the words of the first error seen."""
    action: str
    """What to do about it."""
    severity: Severity = Severity.PROBLEM
    since: str | None = None
    """RFC 3339, where known."""
