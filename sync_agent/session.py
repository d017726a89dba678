"""Everything a push needs, opened together and dropped together."""

from typing import Self

import pysqlite3 as sqlite3

from kiosk_app.configuration import Settings
from kiosk_app.domain.moments import Clock
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.reader import JournalReader
from sync_agent.deliveries import Deliveries
from sync_agent.platform_client import PlatformClient
from sync_agent.signing import Algorithm, Signer


class Session:
    """An open journal, delivery store and platform client. After any error: close it and open another."""

    def __init__(self, journal: JournalReader, settings: Settings, clock: Clock) -> None:
        platform = settings.platform
        signer = Signer(settings.terminal.device_id, platform.secret, Algorithm(platform.signature.upper()))
        self._journal = journal
        self._store = DeliveryStore.open(settings.storage.directory)
        self._client = PlatformClient(platform.url, signer, clock, ca_file=platform.ca_file)
        self.deliveries = Deliveries(journal, self._store, self._client, clock)

    @classmethod
    def open(cls, settings: Settings, clock: Clock) -> Self | None:
        """Open all of it; None while the journal is only being made. Raises `sqlite3.Error` or `OSError`.

        Whoever makes a journal looks into the delivery database first, so nothing may be made there before.
        """
        journal = JournalReader.open(settings.storage.directory)
        try:
            if _has_records(journal):
                return cls(journal, settings, clock)
        except BaseException:
            journal.close()
            raise
        journal.close()
        return None

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
