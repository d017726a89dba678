"""Everything a push needs, opened together and dropped together."""

from pathlib import Path
from typing import Self

from kiosk_app.configuration import Settings
from kiosk_app.domain.moments import Clock
from kiosk_app.journal.database import JOURNAL_FILE
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.reader import JournalReader
from sync_agent.deliveries import Deliveries
from sync_agent.platform_client import PlatformClient
from sync_agent.signing import Algorithm, Signer

FileIdentity = tuple[int, int]
"""Device and inode."""


def journal_identity(directory: Path) -> FileIdentity | None:
    """Which file the journal is; None while there is none."""
    try:
        found = (directory / JOURNAL_FILE).stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


class Session:
    """An open journal, delivery store and platform client. After any error: close it and open another."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Open all of it. Raises `sqlite3.Error` or `OSError`, also while the journal is only being made."""
        directory, platform = settings.storage.directory, settings.platform
        signer = Signer(settings.terminal.device_id, platform.secret, Algorithm(platform.signature.upper()))
        self._client = PlatformClient(platform.url, signer, clock, ca_file=platform.ca_file)
        self._journal = JournalReader.open(directory)
        try:
            self._journal.head()
            self._store = DeliveryStore.open(directory)
        except BaseException:
            self._journal.close()
            raise
        self.deliveries = Deliveries(self._journal, self._store, self._client, clock)

    def close(self) -> None:
        """Give everything back."""
        self._client.close()
        self._store.close()
        self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
