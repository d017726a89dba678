"""What takes its time: done on a thread of its own, its result brought back to the mailbox.

A job is told to stop when its page is left; whatever it borrowed is given back by its own `with`, however it ends.
"""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import structlog

T = TypeVar("T")

_log = structlog.get_logger()


class Stop(threading.Event):
    """Set when nobody wants a job any more; from any thread."""

    def __init__(self) -> None:
        super().__init__()
        self._guard = threading.Lock()
        self._ends: list[Callable[[], None]] = []

    def set(self) -> None:
        """End it."""
        with self._guard:
            super().set()
            ends, self._ends = self._ends, []
        for end in ends:
            end()

    def then(self, end: Callable[[], None]) -> None:
        """Have `end` called when it is to end: at once, if that was said already."""
        with self._guard:
            if not self.is_set():
                self._ends.append(end)
                return
        end()


class Job:
    """One of them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.stop = Stop()
        self.thread: threading.Thread | None = None


class Jobs:
    """All that run. `start` and `stop` on the mailbox's thread."""

    def __init__(self, post: Callable[[Callable[[], object]], None]) -> None:
        self._post = post
        self._running: set[Job] = set()

    def start(
        self,
        name: str,
        doing: Callable[[Job], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> Job:
        """Do it; then `done` or `failed` is called on the mailbox's thread, always exactly one."""
        job = Job(name)

        def run() -> None:
            try:
                result = doing(job)
            except Exception as error:  # noqa: BLE001 - whatever it is, the page tells it
                if not isinstance(error, (RuntimeError, OSError, ValueError)):
                    _log.warning("job failed", job=name, cause=repr(error))
                told = error
                self._post(lambda: self._ended(job, lambda: failed(told)))
            else:
                self._post(lambda: self._ended(job, lambda: done(result)))

        job.thread = threading.Thread(target=run, name=f"technician {name}", daemon=True)
        self._running.add(job)
        job.thread.start()
        return job

    def close(self, patience: float) -> None:
        """Stop all, and wait for them to give back what they borrowed; after `patience` seconds no longer."""
        end = time.monotonic() + patience
        running = list(self._running)
        for job in running:
            job.stop.set()
        for job in running:
            if job.thread is not None:
                job.thread.join(max(0.0, end - time.monotonic()))
                if job.thread.is_alive():
                    _log.error("job does not end", job=job.name)

    def _ended(self, job: Job, tell: Callable[[], None]) -> None:
        self._running.discard(job)
        tell()
