"""One thread that does everything in order: no lock elsewhere, nothing handled twice at once."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

import structlog

T = TypeVar("T")
MOST_BEFORE_TIME = 100
"""Items handled in a row before time is looked at, however many are waiting."""
_log = structlog.get_logger()


class Mailbox:
    """Runs what it is given on its own thread, and `on_time` whenever a moment that was asked for has come."""

    def __init__(self, name: str, on_time: Callable[[], float | None]) -> None:
        """`on_time()` does what is due and returns the seconds until it wants to be called again (None: not)."""
        self._items: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._on_time = on_time
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def post(self, work: Callable[[], object]) -> None:
        """Have this done; returns at once. What it raises is logged."""
        self._items.put(lambda: self._guarded(work))

    def ask(self, work: Callable[[], T]) -> T:
        """Have this done and wait for its result; what it raises is raised here, and RuntimeError once closed."""
        if self._closed:
            raise RuntimeError("the terminal is being closed")
        answer: Future[T] = Future()

        def run() -> None:
            try:
                answer.set_result(work())
            except BaseException as error:  # noqa: BLE001 - belongs to the caller, whatever it is
                answer.set_exception(error)

        self._items.put(run)
        return answer.result()

    def answers(self, seconds: float) -> bool:
        """Whether what is given to it now is done within so many seconds: whether its thread lives."""
        done = threading.Event()
        self._items.put(done.set)
        return done.wait(seconds)

    def close(self, patience: float | None = None) -> None:
        """Do what was given before, then stop; returns after `patience` seconds at the latest."""
        self._closed = True
        self._items.put(None)
        self._thread.join(patience)

    def _run(self) -> None:
        wait: float | None = 0.0
        handled = 0
        while True:
            try:
                work = self._items.get(timeout=None if wait is None else max(wait, 0.0))
            except queue.Empty:
                wait = self._time()
                continue
            if work is None:
                return
            work()
            handled += 1
            # What arrived before a deadline is handled before the deadline is.
            if self._items.empty() or handled % MOST_BEFORE_TIME == 0:
                wait = self._time()

    def _time(self) -> float | None:
        try:
            return self._on_time()
        except Exception:  # noqa: BLE001 - the thread outlives any fault, and the log tells it
            _log.exception("timer failed")
            return 1.0

    @staticmethod
    def _guarded(work: Callable[[], object]) -> None:
        try:
            work()
        except Exception:  # noqa: BLE001 - the thread outlives any fault, and the log tells it
            _log.exception("work failed")
