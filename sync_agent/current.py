"""Whatever is opened for a journal goes with it: a journal may be missing yet, or have been restored."""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from kiosk_app.journal.database import FileIdentity, journal_identity


class Closable(Protocol):
    """What `Current` keeps."""

    def close(self) -> None:
        """Give everything back."""
        ...


Opened = TypeVar("Opened", bound=Closable)


class Current(Generic[Opened]):
    """What was opened for the journal there is now."""

    def __init__(self, directory: Path, opening: Callable[[], Opened | None]) -> None:
        self._directory = directory
        self._opening = opening
        self._identity: FileIdentity | None = None
        self.opened: Opened | None = None

    def get(self) -> Opened | None:
        """It, opened if need be; None while there is no journal. Raises `sqlite3.Error` or `OSError`."""
        found = journal_identity(self._directory)
        if found != self._identity:
            self.drop()
        if found is not None and self.opened is None:
            self.opened, self._identity = self._opening(), found
        return self.opened

    def drop(self) -> None:
        """Close it; the next `get` opens another."""
        if self.opened is not None:
            self.opened.close()
        self.opened = self._identity = None
