"""The journal's soundness while the app runs: looked at now and then, on a thread of its own, and told at once."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from kiosk_app.domain.problems import Problem
from kiosk_app.health.storage import journal_problems

EVERY_SECONDS = 6 * 3600.0
AGAIN_SECONDS = 300.0
"""After a fault was found: it may have been mended."""


class IntegrityWatch:
    """Looks at the journal of one storage directory; from any thread, never waits."""

    def __init__(self, directory: Path, boottime: Callable[[], float] | None = None) -> None:
        self._directory = directory
        self._boottime = boottime or (lambda: time.clock_gettime(time.CLOCK_BOOTTIME))
        self._guard = threading.Lock()
        self._found: tuple[Problem, ...] = ()
        self._due_at = 0.0
        self._looking: threading.Thread | None = None

    def problems(self) -> tuple[Problem, ...]:
        """What the last look found; a new one begins if it is time."""
        with self._guard:
            if self._looking is None and self._boottime() >= self._due_at:
                self._looking = threading.Thread(target=self._look, name="journal-check", daemon=True)
                self._looking.start()
            return self._found

    def wait(self, seconds: float) -> None:
        """Wait for the look that is under way, if any."""
        if (looking := self._looking) is not None:
            looking.join(seconds)

    def _look(self) -> None:
        found = tuple(journal_problems(self._directory))
        with self._guard:
            self._found = found
            self._due_at = self._boottime() + (AGAIN_SECONDS if found else EVERY_SECONDS)
            self._looking = None
