"""What is told of a port that comes and goes: pure, with no port and no clock of its own."""

MISSES_BEFORE_GONE = 3
"""Failures in a row before a port is called gone; anything shorter is a glitch."""

STEADY_SECONDS = 1.0
"""How long a port that was gone must stay open, or until it speaks, before it is called back.

A loose cable opens and fails several times a second. Without this, each time would be an event in the journal.
"""


class ConnectionReport:
    """Turns openings and failures into the two things worth telling: it is there, it is gone."""

    def __init__(self) -> None:
        self._misses = 0
        self._first_cause = ""
        self.last_cause = ""
        """The cause of the latest failure; empty while the port works."""
        self._opened_at = 0.0
        self._told: bool | None = None

    @property
    def connected(self) -> bool:
        """What was told last; False before anything was."""
        return self._told is True

    @property
    def detail(self) -> str:
        """Why the port is away: how it began and, if that differs, what is in the way now. Empty if nothing is."""
        if self._first_cause == self.last_cause:
            return self._first_cause
        return f"{self._first_cause} (now: {self.last_cause})"

    def opened(self, now: float) -> bool:
        """The port was opened at `now` (seconds); whether that is to be told at once."""
        self._opened_at = now
        if self._told is not None:
            return False
        if not self._misses:
            self._first_cause = self.last_cause = ""
        self._told = True
        return True

    def set_aside(self, cause: str) -> bool:
        """The port was closed on purpose; whether that is to be told. What comes next is told as at the beginning."""
        is_news = self._told is not False
        self._misses = 0
        self._first_cause = self.last_cause = cause
        self._told = None
        return is_news

    def alive(self, now: float, *, spoke: bool) -> bool:
        """The open port works at `now` (seconds), and `spoke` if bytes came; whether it is to be told as back."""
        if not spoke and now - self._opened_at < STEADY_SECONDS:
            return False
        self._misses = 0
        self._first_cause = self.last_cause = ""
        was_gone = self._told is False
        self._told = True
        return was_gone

    def missed(self, cause: str) -> bool:
        """The port was lost or could not be opened; whether it is now to be told as gone."""
        self._misses += 1
        if self._misses == 1:
            self._first_cause = cause
        self.last_cause = cause
        if self._misses < MISSES_BEFORE_GONE or self._told is False:
            return False
        self._told = False
        return True
