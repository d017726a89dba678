"""Signing in by staff number and PIN: who exists, whose PIN it is, and how long a wrong one waits."""

import math
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pysqlite3 as sqlite3

from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.pins import PinStore
from kiosk_app.window.clerk_page.sessions import Session, Sessions
from kiosk_app.window.clerk_page.waits import AddressWaits

Result = TypeVar("Result")


class DoorStuckError(RuntimeError):
    """The hall's data cannot be read or written, so nobody can be let in; the message is the cause."""


@dataclass(frozen=True)
class Person:
    """Who is signed in."""

    staff_no: str
    name: str | None
    session: Session


@dataclass(frozen=True)
class Admitted:
    """The PIN is right."""

    token: str
    """What the cookie is to hold."""


@dataclass(frozen=True)
class Rejected:
    """It is wrong, or nobody has that number: nothing tells which."""

    wait_seconds: int
    """How long the next try must wait; 0 if it need not."""


@dataclass(frozen=True)
class TooEarly:
    """Nothing was looked at, because an earlier wrong one must still be waited for."""

    wait_seconds: int


class Door:
    """Lets clerks in and knows who is in. Any thread; one try at a time, as each takes its memory and time."""

    def __init__(
        self,
        directory: Path,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._directory = directory
        self._now_ms = now_ms
        self._sessions = Sessions(monotonic)
        self._addresses = AddressWaits(monotonic)
        self._lock = threading.Lock()
        self._stores: tuple[HallStore, PinStore] | None = None

    def sign_in(self, staff_no: str, pin: str, address: str) -> Admitted | Rejected | TooEarly:
        """Try a PIN from an address. Raises `DoorStuckError`."""
        return self._with_stores(lambda hall, pins: self._try(hall, pins, staff_no, pin, address))

    def knows(self, token: str) -> bool:
        """Whether a cookie may be somebody's; told at once, without the disk."""
        return self._sessions.find(token) is not None

    def person(self, token: str) -> Person | None:
        """Who is signed in by this cookie; a person who left the staff list or got another PIN is so no more.

        Raises `DoorStuckError`.
        """
        session = self._sessions.find(token)
        if session is None:
            return None
        return self._with_stores(lambda hall, pins: self._still_there(hall, pins, session, token))

    def seconds_left(self, person: Person) -> int:
        """How long the person stays signed in without doing anything."""
        return max(0, math.floor(self._sessions.seconds_left(person.session)))

    def stay(self, person: Person) -> None:
        """The person did something."""
        self._sessions.use(person.session)

    def sign_out(self, token: str) -> None:
        """The person goes."""
        self._sessions.end(token)

    def close(self) -> None:
        """Give the files back."""
        with self._lock:
            self._close_stores()

    def _try(
        self, hall: HallStore, pins: PinStore, staff_no: str, pin: str, address: str
    ) -> Admitted | Rejected | TooEarly:
        if wait := self._wait(pins, staff_no, address):
            return TooEarly(wait)
        mark = pins.matching_mark(staff_no, pin)
        if mark is None or hall.entry("staff", staff_no) is None:
            pins.count_wrong(staff_no)
            self._addresses.count_wrong(address)
            return Rejected(self._wait(pins, staff_no, address))
        pins.forgive(staff_no)
        return Admitted(self._sessions.open(staff_no, mark))

    def _wait(self, pins: PinStore, staff_no: str, address: str) -> int:
        return math.ceil(max(pins.wait_seconds(staff_no), self._addresses.wait_seconds(address)))

    def _still_there(self, hall: HallStore, pins: PinStore, session: Session, token: str) -> Person | None:
        entry = hall.entry("staff", session.staff_no)
        if entry is None or pins.mark(session.staff_no) != session.pin_mark:
            self._sessions.end(token)
            return None
        name = entry.get("name")
        return Person(session.staff_no, name if isinstance(name, str) else None, session)

    def _with_stores(self, work: Callable[[HallStore, PinStore], Result]) -> Result:
        """Do something with the hall's data; opened at first use, and again after it failed."""
        with self._lock:
            try:
                if self._stores is None:
                    self._stores = self._opened()
                return work(*self._stores)
            except (sqlite3.Error, OSError) as error:
                self._close_stores()
                raise DoorStuckError(str(error)) from error

    def _opened(self) -> tuple[HallStore, PinStore]:
        hall = HallStore.open(self._directory)
        try:
            return hall, PinStore.open(self._directory, self._now_ms)
        except BaseException:
            hall.close()
            raise

    def _close_stores(self) -> None:
        stores, self._stores = self._stores or (), None
        for store in stores:
            with suppress(sqlite3.Error):
                store.close()
