"""The hand that does something at a terminal: whose it is, and how what it does is recorded.

`kiosk-admin` and the technician's screens do the same things by the same functions; each brings a hand of its own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from kiosk_app.domain.moments import Clock
from kiosk_app.domain.records import Draft, Kind, Record
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.system_clock import SystemClock
from kiosk_app.technician.context import Context

T = TypeVar("T")


class Books(Protocol):
    """The journal as a hand needs it; `kiosk_app.terminal.recorder.Recorder` is one."""

    def read(self, ask: Callable[[Journal], T]) -> T:
        """Ask the journal. Raises `JournalUnavailableError`."""
        ...

    def append(self, *drafts: Draft) -> list[Record]:
        """Append all or none. Raises `JournalUnavailableError`."""
        ...


@dataclass(frozen=True)
class Hand:
    """One operator at work; on one thread."""

    operator: str
    directory: Path
    """The storage directory."""
    books: Books
    clock: Clock

    def note(self, action: str, target: str, outcome: str) -> None:
        """Record what the operator did. Raises `JournalUnavailableError`."""
        self.books.append(self.noted(action, target, outcome))

    def noted(self, action: str, target: str, outcome: str) -> Draft:
        """The record of it, to be appended together with what it did."""
        payload = {"operator": self.operator, "action": action, "target": target, "outcome": outcome}
        return Draft(Kind.OPERATOR_ACTION, payload, self.clock.now())


class _OpenBooks:
    """A journal that is open already."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def read(self, ask: Callable[[Journal], T]) -> T:
        return ask(self._journal)

    def append(self, *drafts: Draft) -> list[Record]:
        return self._journal.append(*drafts)


@contextmanager
def hand_of(context: Context) -> Iterator[Hand]:
    """The hand of who runs a command. Raises `JournalUnavailableError`."""
    with context.journal() as journal:
        yield Hand(context.operator, context.directory, _OpenBooks(journal), SystemClock())
