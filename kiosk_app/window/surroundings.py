"""What a window is told from outside: who is bound to it, its sign, the options, whether its keys are confirmed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pysqlite3 as sqlite3
import structlog

from kiosk_app.domain.catalogue import Catalogue
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
        self,
        hall_name: str,
        number: str,
        builtin_catalogue: Catalogue,
        profile: EvaluatorProfile | None,
        open_hall: Callable[[], HallStore],
    ) -> None:
        self.staff_no: str | None = None
        """Who is bound to the window (R17)."""
        self.sign = WindowSign(hall=hall_name, number=number)
        self.catalogue = builtin_catalogue
        self.keys_confirmed = profile is None
        """Whether someone confirmed each key's word for the protocol file in use (interfaces §3)."""
        self._builtin_catalogue = builtin_catalogue
        self._profile = profile
        self._open_hall = open_hall
        self._hall: HallStore | None = None
        self._seen: tuple[int, int, date] | None = None

    def refresh(self, journal: Journal, today: date) -> bool:
        """Look again, if anything was written by others or a new day began; whether anything was read.

        What cannot be read stays as it was: a sign without the newest data is still a sign.
        """
        try:
            if self._hall is None:
                self._hall = self._open_hall()
            now = (journal.data_version(), self._hall.data_version(), today)
            if now == self._seen:
                return False
            self._read(journal, self._hall, today)
        except (sqlite3.Error, OSError, ValueError) as error:
            _log.warning("hall data not read", cause=str(error))
            return False
        self._seen = now
        return True

    def close(self) -> None:
        """Give the hall's data back."""
        if self._hall is not None:
            self._hall.close()

    def _read(self, journal: Journal, hall: HallStore, today: date) -> None:
        self.staff_no = journal.bound_to(self.sign.number)
        if self._profile is not None:
            confirmed = journal.last_action(KEYS_CONFIRMED)
            self.keys_confirmed = confirmed is not None and confirmed["target"] == self._profile.protocol_sha256
        self.sign = window_sign(self.sign.hall, self.sign.number, self.staff_no, hall, today)
        self.catalogue = hall.catalogue() or self._builtin_catalogue
