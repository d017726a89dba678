"""The hall's data as the kiosk sees it: read again when somebody else wrote, kept until then."""

from collections.abc import Callable

import pysqlite3 as sqlite3
import structlog

from kiosk_app.domain.catalogue import Catalogue
from kiosk_app.domain.questionnaire import Questionnaire
from kiosk_app.journal.hall import HallStore
from kiosk_app.kiosk.hall_data import HallData, read_hall
from kiosk_app.official_calendar import official_working_days

_log = structlog.get_logger()


class HallView:
    """One thread at a time."""

    def __init__(self, open_hall: Callable[[], HallStore], catalogue: Catalogue, questionnaire: Questionnaire) -> None:
        self.data = HallData(catalogue, questionnaire, official_working_days(None))
        self.fault: str | None = None
        """Why the hall's data cannot be read; the data then stays as it was."""
        self._open = open_hall
        self._catalogue = catalogue
        self._questionnaire = questionnaire
        self._store: HallStore | None = None
        self._seen: int | None = None

    def refresh(self) -> None:
        """Look again, if anything was written."""
        try:
            store = self._store = self._store or self._open()
            version = store.data_version()
            if version == self._seen:
                return
            self.data = read_hall(store, self._catalogue, self._questionnaire)
        except (sqlite3.Error, OSError, ValueError) as error:
            self.fault = str(error)
            self._seen = None
            _log.warning("hall data not read", cause=str(error))
            return
        self.fault, self._seen = None, version
        for fault in self.data.faults:
            _log.warning("hall data left out", cause=fault)

    def close(self) -> None:
        """Give the file back."""
        if self._store is not None:
            self._store.close()
            self._store = None
