"""What a window is told from outside: who is bound to it, its sign, what the platform says about ratings, whether its
keys are confirmed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import pysqlite3 as sqlite3
import structlog

from kiosk_app.domain.catalogue import Catalogue
from kiosk_app.domain.records import KEYS_CONFIRMED, Json
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.journal import Journal
from kiosk_app.window.pulled_rules import PulledRules, pulled_rules
from kiosk_app.window.screen_state import WindowSign
from kiosk_app.window.sign import current_notices, window_sign

_log = structlog.get_logger()


@dataclass(frozen=True)
class EvaluatorProfile:
    """Which protocol file reads the evaluator; every rating by a key tells it."""

    protocol: str
    protocol_sha256: str


class Surroundings:
    """Read when somebody else wrote, kept until then. One thread at a time."""

    def __init__(
        self,
        hall_name: str,
        number: str,
        profile: EvaluatorProfile | None,
        catalogue: Catalogue,
        open_hall: Callable[[], HallStore],
    ) -> None:
        """`catalogue` is the built-in one, until the platform has sent another."""
        self.staff_no: str | None = None
        """Who is bound to the window (R17)."""
        self.sign = WindowSign(hall=hall_name, number=number)
        self.rules = PulledRules(catalogue)
        self.keys_confirmed = profile is None
        """Whether someone confirmed each key's word for the protocol file in use (interfaces §3)."""
        self.hall_fault: str | None = None
        """Why the hall's data cannot be read; sign and rules then stay as they were."""
        self._built_in = catalogue
        self._notices: list[Json] = []
        self._profile = profile
        self._open_hall = open_hall
        self._hall: HallStore | None = None
        self._seen: tuple[int, int | None] | None = None

    def refresh(self, journal: Journal, now: datetime) -> bool:
        """Look again, if anything was written by others; whether anything was read.

        Notices come and go with the time. Raises `sqlite3.Error` where the journal cannot be read.
        """
        changed = self._read_anew(journal)
        self.sign = replace(self.sign, notices=current_notices(self._notices, now))
        return changed

    def _read_anew(self, journal: Journal) -> bool:
        hall = self._opened_hall()
        versions = (journal.data_version(), hall.data_version() if hall else None)
        if versions == self._seen:
            return False
        self.staff_no = journal.bound_to(self.sign.number)
        if self._profile is not None:
            self.keys_confirmed = journal.was_done(KEYS_CONFIRMED, self._profile.protocol_sha256)
        if hall is not None:
            self._read_hall(hall)
        self._seen = versions if self.hall_fault is None else None
        return True

    def close(self) -> None:
        """Give the hall's data back."""
        if self._hall is not None:
            self._hall.close()

    def _opened_hall(self) -> HallStore | None:
        if self._hall is None:
            try:
                self._hall = self._open_hall()
            except (sqlite3.Error, OSError) as error:
                self._failed(error)
        return self._hall

    def _read_hall(self, hall: HallStore) -> None:
        try:
            self.sign = window_sign(self.sign.hall, self.sign.number, self.staff_no, hall)
            self._notices = hall.entries("notices")
            self.rules = pulled_rules(hall, self._built_in)
            self.hall_fault = None
        except (sqlite3.Error, OSError, ValueError, TypeError, AttributeError) as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self.hall_fault = str(error)
        _log.warning("hall data not read", cause=str(error))
