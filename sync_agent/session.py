"""Everything a push needs, opened together and dropped together."""

from pathlib import Path
from typing import Self

import pysqlite3 as sqlite3

from kiosk_app.configuration import Settings
from kiosk_app.domain.moments import Clock
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.reader import JournalReader
from sync_agent.deliveries import Deliveries
from sync_agent.platform_client import PlatformClient
from sync_agent.signing import Algorithm, Signer


def client_for(settings: Settings, clock: Clock) -> PlatformClient:
    """A connection to the platform, as this device."""
    platform = settings.platform
    signer = Signer(settings.terminal.device_id, platform.secret, Algorithm(platform.signature.upper()))
    return PlatformClient(platform.url, signer, clock, ca_file=platform.ca_file)


def open_journal(directory: Path) -> JournalReader | None:
    """The journal for reading; None while it is only being made. Raises `sqlite3.Error`.

    Whoever makes a journal looks into the delivery database first, so nothing may be made there before.
    """
    journal = JournalReader.open(directory)
    try:
        if _has_records(journal):
            return journal
    except BaseException:
        journal.close()
        raise
    journal.close()
    return None


class Session:
    """An open journal, delivery store and platform client. After any error: close it and open another."""

    def __init__(self, journal: JournalReader, settings: Settings, clock: Clock) -> None:
        self._journal = journal
        self._store = DeliveryStore.open(settings.storage.directory)
        self._client = client_for(settings, clock)
        self.deliveries = Deliveries(journal, self._store, self._client, clock)

    @classmethod
    def open(cls, settings: Settings, clock: Clock) -> Self | None:
        """Open all of it; None while there is no journal to serve. Raises `sqlite3.Error` or `OSError`."""
        journal = open_journal(settings.storage.directory)
        try:
            return cls(journal, settings, clock) if journal is not None else None
        except BaseException:
            if journal is not None:
                journal.close()
            raise

    def close(self) -> None:
        """Give everything back."""
        self._client.close()
        self._store.close()
        self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _has_records(journal: JournalReader) -> bool:
    try:
        return journal.head() is not None
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return False
        raise
