"""What a window is told from outside: who is bound to it, its sign, whether its keys are confirmed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pysqlite3 as sqlite3
import structlog

from kiosk_app.domain.records import KEYS_CONFIRMED
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.journal import Journal
from kiosk_app.window.screen_state import WindowSign
from kiosk_app.window.sign import window_sign

_log = structlog.get_logger()


@dataclass(frozen=True)
class EvaluatorProfile:
    """Which protocol file reads the evaluator; every rating by a key tells it."""

    protocol: str
    protocol_sha256: str


class Surroundings:
    """Read when somebody else wrote, kept until then. One thread at a time."""

    def __init__(
        self, hall_name: str, number: str, profile: EvaluatorProfile | None, open_hall: Callable[[], HallStore]
    ) -> None:
        self.staff_no: str | None = None
        """Who is bound to the window (R17)."""
        self.sign = WindowSign(hall=hall_name, number=number)
        self.keys_confirmed = profile is None
        """Whether someone confirmed each key's word for the protocol file in use (interfaces §3)."""
        self.hall_fault: str | None = None
        """Why the hall's data cannot be read; the sign then stays as it was."""
        self._profile = profile
        self._open_hall = open_hall
        self._hall: HallStore | None = None
        self._seen: tuple[int, int | None, date] | None = None

    def refresh(self, journal: Journal, today: date) -> bool:
        """Look again, if anything was written by others or a new day began; whether anything was read.

        Raises `sqlite3.Error` where the journal cannot be read.
        """
        hall = self._opened_hall()
        now = (journal.data_version(), hall.data_version() if hall else None, today)
        if now == self._seen:
            return False
        self.staff_no = journal.bound_to(self.sign.number)
        if self._profile is not None:
            confirmed = journal.last_action(KEYS_CONFIRMED)
            self.keys_confirmed = confirmed is not None and confirmed["target"] == self._profile.protocol_sha256
        if hall is not None:
            self._read_sign(hall, today)
        self._seen = now if self.hall_fault is None else None
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

    def _read_sign(self, hall: HallStore, today: date) -> None:
        try:
            self.sign = window_sign(self.sign.hall, self.sign.number, self.staff_no, hall, today)
            self.hall_fault = None
        except (sqlite3.Error, OSError, ValueError) as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self.hall_fault = str(error)
        _log.warning("hall data not read", cause=str(error))
