"""The station's hold on the journal: opens it, appends to it, and knows when nothing can be recorded.

"Cannot record" is a state that heals: it is tried again every few seconds, and only a record that really reached the
disk ends it. Until then nobody is thanked.
"""

from collections.abc import Callable
from typing import TypeVar

import pysqlite3 as sqlite3
import structlog

from kiosk_app.domain.moments import Clock
from kiosk_app.domain.records import Draft, Kind, Record
from kiosk_app.journal.database import FileIdentity, journal_identity
from kiosk_app.journal.journal import Journal, JournalUnavailableError

RETRY_MS = 5_000

T = TypeVar("T")

_log = structlog.get_logger()


class Recorder:
    """Appends for one thread."""

    def __init__(self, open_journal: Callable[[], Journal], clock: Clock) -> None:
        self._open = open_journal
        self._clock = clock
        self._journal: Journal | None = None
        self._file: FileIdentity | None = None
        self.fault: str | None = None
        """The first error of the present failure; None while everything is recorded."""
        self.fault_since: str | None = None
        self.retry_ms: int | None = None

    @property
    def journal(self) -> Journal:
        """The open journal. Raises `JournalUnavailableError`; opened at first, and when its file was replaced."""
        if self._journal is not None and journal_identity(self._journal.directory) != self._file:
            _log.error("the journal's file was replaced while it was open")
            self.close()
        if self._journal is None:
            try:
                self._journal = self._open()
            except JournalUnavailableError as error:
                self._failed(error)
                raise
            self._file = journal_identity(self._journal.directory)
        return self._journal

    def read(self, ask: Callable[[Journal], T]) -> T:
        """Ask the journal. Raises `JournalUnavailableError` also for what is there but cannot be understood."""
        journal = self.journal
        try:
            return ask(journal)
        except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
            unavailable = JournalUnavailableError(f"the journal cannot be read: {error!r}")
            self._failed(unavailable)
            raise unavailable from error

    def append(self, *drafts: Draft) -> list[Record]:
        """Append all or none. Raises `JournalUnavailableError`, `AlreadyRecordedError`."""
        if not drafts:
            return []
        journal = self.journal
        try:
            records = journal.append(*drafts)
        except JournalUnavailableError as error:
            self._failed(error)
            raise
        self._worked()
        return records

    def probe(self) -> None:
        """While nothing can be recorded: try, by recording that it was so. Raises `JournalUnavailableError`."""
        detail = f"nothing could be recorded since {self.fault_since}: {self.fault}"
        payload = {"device": "storage", "state": "recovered", "detail": detail}
        self.append(Draft(Kind.DEVICE_EVENT, payload, self._clock.now()))

    def close(self) -> None:
        """Give the journal back."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def _failed(self, error: Exception) -> None:
        now = self._clock.now()
        if self.fault is None:
            self.fault, self.fault_since = str(error), now.stamp
            _log.error("cannot record", cause=str(error))
        self.retry_ms = now.boot_ms + RETRY_MS

    def _worked(self) -> None:
        if self.fault is not None:
            _log.info("can record again", cause=self.fault, since=self.fault_since)
        self.fault = self.fault_since = self.retry_ms = None
