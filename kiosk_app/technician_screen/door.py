"""Whether a technician's PIN is right, and how long a wrong one waits, also across restarts and on a full disk."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pysqlite3 as sqlite3
import structlog

from kiosk_app.domain.moments import Clock
from kiosk_app.journal.database import HALL_FILE, connect
from kiosk_app.journal.pins import TECHNICIANS, PinStore, wait_seconds

_log = structlog.get_logger()


class DoorStuckError(RuntimeError):
    """The PINs cannot be read; the message is the cause."""


@dataclass(frozen=True)
class Tried:
    """What became of a try."""

    admitted: bool
    wait_seconds: int = 0
    """How long the next one must wait."""
    too_early: bool = False
    """Nothing was looked at, because an earlier wrong one must still be waited for."""


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


class Door:
    """Any thread; one try at a time, as each takes its memory and time.

    Wrong tries are counted in the store, which outlasts a restart, and here as well: on a disk that takes nothing more
    the door still opens to the right PIN, and still not to somebody who tries them all.
    """

    def __init__(self, directory: Path, clock: Clock, now_ms: Callable[[], int] = _wall_ms) -> None:
        self._directory = directory
        self._clock = clock
        self._now_ms = now_ms
        self._lock = threading.Lock()
        self._wrong: dict[str, tuple[int, int]] = {}
        """Tries in a row and the last one's CLOCK_BOOTTIME in milliseconds, by name."""

    def names(self) -> tuple[str, ...]:
        """Who has a PIN. Raises `DoorStuckError`."""
        with self._lock, self._store() as store:
            return tuple(store.names()) if store is not None else ()

    def wait_seconds(self, name: str) -> int:
        """How long the next try by this name must wait. Raises `DoorStuckError`."""
        with self._lock, self._store() as store:
            return self._wait(store, name)

    def try_pin(self, name: str, pin: str) -> Tried:
        """Try it. Raises `DoorStuckError`."""
        with self._lock, self._store() as store:
            if wait := self._wait(store, name):
                return Tried(admitted=False, wait_seconds=wait, too_early=True)
            # Counted before it is looked at: nothing is won by cutting the power at the right moment.
            self._count(store, name)
            if store is None or store.matching_mark(name, pin) is None:
                return Tried(admitted=False, wait_seconds=self._wait(store, name))
            self._wrong.pop(name, None)
            with _best_effort("forgiving"):
                store.forgive(name)
            return Tried(admitted=True)

    def _wait(self, store: PinStore | None, name: str) -> int:
        tries, last_ms = self._wrong.get(name, (0, 0))
        waits = [wait_seconds(tries) - (self._clock.now().boot_ms - last_ms) / 1000 if tries else 0.0]
        if store is not None:
            with _best_effort("looking up the wait"):
                waits.append(store.wait_seconds(name))
        return max(0, math.ceil(max(waits)))

    def _count(self, store: PinStore | None, name: str) -> None:
        tries, _ = self._wrong.get(name, (0, 0))
        self._wrong[name] = (tries + 1, self._clock.now().boot_ms)
        if store is not None:
            with _best_effort("counting"):
                store.count_wrong(name)

    @contextmanager
    def _store(self) -> Iterator[PinStore | None]:
        """The PINs; where they cannot be written, for reading. None: there is no store yet. Raises `DoorStuckError`."""
        try:
            store = self._opened()
        except (sqlite3.Error, OSError) as error:
            raise DoorStuckError(str(error)) from error
        if store is None:
            yield None
            return
        with closing(store):
            try:
                yield store
            except sqlite3.Error as error:
                raise DoorStuckError(str(error)) from error

    def _opened(self) -> PinStore | None:
        if not (self._directory / HALL_FILE).exists():
            return None
        with suppress(sqlite3.Error, OSError):
            return PinStore.open(self._directory, self._now_ms, TECHNICIANS)
        connection = connect(self._directory / HALL_FILE, read_only=True)
        if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (TECHNICIANS.pins,)).fetchone() is None:
            connection.close()
            return None
        return PinStore(connection, self._now_ms, TECHNICIANS)


@contextmanager
def _best_effort(doing: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        _log.warning("technician's PIN", doing=doing, cause=str(error))
