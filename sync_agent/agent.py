"""What runs when: a push for every new record at once, and one every `push_seconds` in any case (R14)."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pysqlite3 as sqlite3
import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, JobEvent
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from kiosk_app.configuration import Settings
from kiosk_app.domain.moments import Clock
from kiosk_app.journal.database import FileIdentity, journal_identity
from kiosk_app.journal.wakeup import WakeUp
from sync_agent.session import Session

_PUSH = "push"
_RETRY_SPACING_S = 1.0
"""Retries whose waits end close together go as one batch."""
_RETRY_SPACING_DOWN_S = 5.0
"""Retries at a platform that is down come no closer than this, where `push_seconds` is not shorter."""

_STORAGE_ERRORS = (sqlite3.Error, OSError, ValueError, TypeError)
"""The last two for a record whose stored body is damaged."""

_log = structlog.get_logger(__name__)


def try_all_once(settings: Settings, clock: Clock) -> bool:
    """`--once`: try every waiting record; whether all are confirmed or refused now. True without a journal."""
    if journal_identity(settings.storage.directory) is None:
        return True
    try:
        session = Session.open(settings, clock)
        if session is None:
            return True
        with session:
            session.deliveries.try_all()
            return not session.deliveries.something_waits()
    except _STORAGE_ERRORS as error:
        _log.error("storage-failed", error=str(error))
        return False


class Agent:
    """Pushes from `start` until `stop`."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._session: Session | None = None
        self._journal: FileIdentity | None = None
        self._retry_in: float | None = None
        """Seconds after the last push until a record is due again."""
        self._woken = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._stopping = threading.Event()
        self._scheduler = BackgroundScheduler(timezone=UTC)

    def start(self) -> None:
        """Push now, and from now on."""
        interval = timedelta(seconds=self._settings.platform.push_seconds)
        self._scheduler.add_listener(self._after_push, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        self._scheduler.add_job(
            self._push,
            "interval",
            seconds=interval.total_seconds(),
            id=_PUSH,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.start()
        # A daemon: it only listens, and ends with the process.
        threading.Thread(target=self._listen, args=(interval,), daemon=True, name="wake-up").start()

    def stop(self, patience: float) -> bool:
        """End the push under way, not waiting for its answer; whether it ended within `patience` seconds."""
        self._stopping.set()
        self._scheduler.shutdown(wait=False)
        session = self._session
        if session is not None:
            session.deliveries.stop()
        return self._idle.wait(patience)

    # On the scheduler's thread

    def _push(self) -> None:
        self._woken.clear()
        self._idle.clear()
        try:
            session = self._current_session()
            if session is not None and not self._stopping.is_set():
                session.deliveries.run_round()
                self._retry_in = _retry_in(session)
        except _STORAGE_ERRORS as error:
            _log.error("storage-failed", error=str(error))
            self._drop_session()
        finally:
            self._idle.set()

    def _current_session(self) -> Session | None:
        """The session with the journal there is now: it may be missing yet, or have been restored."""
        found = journal_identity(self._settings.storage.directory)
        if found != self._journal:
            self._drop_session()
        if found is not None and self._session is None:
            self._session, self._journal = Session.open(self._settings, self._clock), found
        return self._session

    def _drop_session(self) -> None:
        if self._session is not None:
            self._session.close()
        self._session = self._journal = self._retry_in = None

    def _after_push(self, _event: JobEvent) -> None:
        if self._woken.is_set():
            self._push_in(0)
        elif self._retry_in is not None:
            # A record whose wait is over must not wait for a long `push_seconds` as well.
            job = self._scheduler.get_job(_PUSH)
            if job is not None and datetime.now(UTC) + timedelta(seconds=self._retry_in) < job.next_run_time:
                self._push_in(self._retry_in)

    # On the listener's thread

    def _listen(self, interval: timedelta) -> None:
        with WakeUp(self._settings.storage.directory, "agent") as ear:
            while not self._stopping.is_set():
                if ear.wait(interval.total_seconds()):
                    self._woken.set()
                    self._push_in(0)
                else:
                    self._notice_clock_set_back(interval)

    def _notice_clock_set_back(self, interval: timedelta) -> None:
        """The scheduler plans by the wall clock: set back by hours, it would sleep for hours."""
        job = self._scheduler.get_job(_PUSH)
        if job is not None and job.next_run_time - datetime.now(UTC) > interval:
            self._push_in(0)

    # On any thread

    def _push_in(self, seconds: float) -> None:
        with suppress(JobLookupError):  # the scheduler has just been shut down
            self._scheduler.modify_job(_PUSH, next_run_time=datetime.now(UTC) + timedelta(seconds=seconds))


def _retry_in(session: Session) -> float | None:
    seconds = session.deliveries.seconds_to_next_try()
    if seconds is None:
        return None
    return max(seconds, _RETRY_SPACING_DOWN_S if session.deliveries.platform_is_down() else _RETRY_SPACING_S)
