"""Who is signed in to the clerk's page: kept in memory, so a restart asks everyone to sign in again."""

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_SECONDS = 8 * 3600
IDLE_SECONDS = 30 * 60
SESSIONS = 64
"""How many are kept; beyond it the oldest ends. A window has one clerk, and seldom a second browser."""
_TOKEN_BYTES = 32


@dataclass
class Session:
    """One person in one browser."""

    staff_no: str
    pin_mark: str
    """The mark of the PIN it was opened with: another PIN ends it."""
    opened: float
    used: float
    """When the person last did something, in monotonic seconds; looking at the page is nothing done."""

    def seconds_left(self, now: float) -> float:
        """How long it lasts if nothing is done any more."""
        return min(self.opened + LONGEST_SECONDS, self.used + IDLE_SECONDS) - now


class Sessions:
    """All sessions, by what their cookies hold. Any thread."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._sessions: OrderedDict[bytes, Session] = OrderedDict()

    def open(self, staff_no: str, pin_mark: str) -> str:
        """Open one; what its cookie is to hold."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        now = self._monotonic()
        with self._lock:
            self._sessions[_key(token)] = Session(staff_no, pin_mark, now, now)
            if len(self._sessions) > SESSIONS:
                self._sessions.popitem(last=False)
        return token

    def find(self, token: str) -> Session | None:
        """The session of a cookie, if it has not ended."""
        with self._lock:
            session = self._sessions.get(_key(token))
            if session is None or session.seconds_left(self._monotonic()) > 0:
                return session
            del self._sessions[_key(token)]
            return None

    def seconds_left(self, session: Session) -> float:
        """How long it lasts if nothing is done any more."""
        return session.seconds_left(self._monotonic())

    def use(self, session: Session) -> None:
        """The person did something."""
        session.used = self._monotonic()

    def end(self, token: str) -> None:
        """End it; nothing happens if it has ended."""
        with self._lock:
            self._sessions.pop(_key(token), None)


def _key(token: str) -> bytes:
    # Looked up by its hash, so that the time of a look-up tells nothing about the token.
    return hashlib.sha256(token.encode()).digest()
