"""Tells systemd that this program is ready and alive, and stops telling it when a part of it hangs.

systemd restarts a service whose `WATCHDOG=1` fails to come for `WatchdogSec=`. It comes only while every check answers
in time, so that a frozen screen or a storage that never returns does not look alive. An answer may be bad news: a full
disk is told by health and heals by itself, and a restart would only take the screen away (R20). Where systemd did not
start the program nothing here does anything.

The protocol is a datagram to the socket named by NOTIFY_SOCKET (see sd_notify(3)), so it is written here: the package
`sdnotify` has not been maintained since 2017, and `systemd-python` needs a compiler on the terminal.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path

import pysqlite3 as sqlite3
import structlog

from kiosk_app.journal.database import DELIVERY_FILE, JOURNAL_FILE, Connection, connect

_WATCHDOG_SHARE = 4
"""Notified so many times within `WatchdogSec=`: systemd asks for at least two."""
_LONGEST_INTERVAL_S = 5.0
_START_INTERVAL_S = 0.2
"""How often the checks are looked at until the program is ready."""
_READ_PATIENCE_MS = 1_000
_READ = (
    (JOURNAL_FILE, "SELECT max(sequence) FROM records"),
    (DELIVERY_FILE, "SELECT max(sequence) FROM outstanding"),
)

_log = structlog.get_logger()


class Notifier:
    """Sends words to systemd; silent where there is none."""

    def __init__(self, address: str, watchdog_seconds: float | None = None) -> None:
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self.watchdog_seconds = watchdog_seconds
        """After so many seconds without `WATCHDOG=1` systemd restarts the program; None: it does not watch."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Notifier | None":
        """What systemd told this process when it started it; None if it did not."""
        address = environment.get("NOTIFY_SOCKET", "")
        if not address.startswith(("/", "@")):
            return None
        return cls(address, _watchdog_seconds(environment))

    def tell(self, *words: str) -> None:
        """Send them as one message. A message that cannot be sent is lost: the watchdog is there for that."""
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
            channel.settimeout(1.0)
            channel.sendto("\n".join(words).encode(), self._address)


def _watchdog_seconds(environment: Mapping[str, str]) -> float | None:
    """WATCHDOG_USEC, if it is meant for this process: started by systemd, or by what systemd started."""
    meant_for = environment.get("WATCHDOG_PID", str(os.getpid()))
    microseconds = environment.get("WATCHDOG_USEC", "")
    if meant_for not in {str(os.getpid()), str(os.getppid())} or not microseconds.isdecimal():
        return None
    return int(microseconds) / 1_000_000 or None


class Pulse:
    """A loop that beats by itself, and whether it did so lately; a loop that does not run cannot hang."""

    def __init__(self, seconds: float = 10.0) -> None:
        self._seconds = seconds
        self._last: float | None = None

    def beat(self) -> None:
        """Called again and again by the loop."""
        self._last = time.monotonic()

    def stop(self) -> None:
        """The loop has ended, or there is none to wait for, as where no screen can be shown (R20)."""
        self._last = None

    def __call__(self) -> bool:
        """Whether the loop does not run, or beat lately."""
        last = self._last
        return last is None or time.monotonic() - last <= self._seconds


def storage_answers(directory: Path) -> bool:
    """Read the newest record and what is outstanding from their files; True also for an error, which health tells.

    Only a storage that never returns keeps this from returning. That appends return is seen by the thread that makes
    them.
    """
    for name, question in _READ:
        with suppress(sqlite3.Error, OSError), closing(_opened(directory / name)) as connection:
            connection.execute(question).fetchone()
    return True


def _opened(path: Path) -> Connection:
    return connect(path, read_only=True, busy_ms=_READ_PATIENCE_MS)


class _Check:
    """One check, asked again and again on a thread of its own: it may never return."""

    def __init__(self, name: str, ask: Callable[[], bool]) -> None:
        self.name = name
        self._ask = ask
        self.answered_at: float | None = None
        """When it last answered; None: never yet."""

    def start(self, interval: Callable[[], float], stopping: threading.Event) -> None:
        """Ask from now on."""

        def run() -> None:
            while not stopping.is_set():
                self._try()
                stopping.wait(interval())

        threading.Thread(target=run, name=f"liveness of {self.name}", daemon=True).start()

    def _try(self) -> None:
        try:
            if self._ask():
                self.answered_at = time.monotonic()
        except Exception:  # noqa: BLE001 - a check that fails has not answered, and the others go on
            _log.exception("liveness check failed", check=self.name)

    def is_late(self, patience: float) -> bool:
        """Whether it has not answered for so many seconds."""
        return self.answered_at is None or time.monotonic() - self.answered_at > patience


class Watchdog:
    """Tells systemd `READY=1` when every check has answered, and from then on `WATCHDOG=1` while all do."""

    def __init__(
        self, checks: Mapping[str, Callable[[], bool]], *, notifier: Notifier | None = None, patience: float = 15.0
    ) -> None:
        """A check returns True for an answer; False, an exception, or none for `patience` seconds mean that it hangs.

        `notifier` is that of the environment, unless given.
        """
        self._notifier = notifier or Notifier.from_environment()
        self._checks = [_Check(name, ask) for name, ask in checks.items()]
        self._patience = patience
        self._stopping = threading.Event()
        self._ready = False
        self._status = ""
        seconds = self._notifier.watchdog_seconds if self._notifier else None
        self._interval = min(seconds / _WATCHDOG_SHARE, _LONGEST_INTERVAL_S) if seconds else _LONGEST_INTERVAL_S

    def start(self) -> None:
        """Begin to ask and to tell; returns at once."""
        if self._notifier is None:
            return
        for check in self._checks:
            check.start(self._wait_seconds, self._stopping)
        threading.Thread(target=self._run, args=(self._notifier,), name="watchdog", daemon=True).start()

    def stop(self, *, begins_anew: bool = False) -> None:
        """Tell no more; unless the same process begins anew, tell that it ends by its own will.

        What then hangs in its ending is killed by systemd.
        """
        if self._notifier is not None and not self._stopping.is_set():
            self._stopping.set()
            # Beginning anew has the whole of `WatchdogSec=` before it: systemd goes on counting meanwhile.
            self._notifier.tell("WATCHDOG=1\nSTATUS=begins anew" if begins_anew else "STOPPING=1\nSTATUS=stopping")

    def _wait_seconds(self) -> float:
        return self._interval if self._ready else min(self._interval, _START_INTERVAL_S)

    def _run(self, notifier: Notifier) -> None:
        while not self._stopping.is_set():
            self._look(notifier)
            self._stopping.wait(self._wait_seconds())

    def _look(self, notifier: Notifier) -> None:
        late = [check.name for check in self._checks if check.is_late(self._patience)]
        words = []
        if not late:
            # Both at first: where the program began anew, ending and starting took of the time since its last word.
            words += ["WATCHDOG=1"] if self._ready else ["READY=1", "WATCHDOG=1"]
            self._ready = True
        status = self._told(late)
        if status != self._status:
            self._status = status
            words.append(f"STATUS={status}")
            if late and self._ready:
                _log.error("does not answer", checks=late, patience_seconds=self._patience)
        if words and not self._stopping.is_set():
            notifier.tell(*words)

    def _told(self, late: list[str]) -> str:
        names = ", ".join(late)
        if not late:
            return f"alive: {', '.join(check.name for check in self._checks)} answer"
        return f"no answer from: {names}" if self._ready else f"starting: waiting for {names}"
