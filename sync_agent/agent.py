"""What runs when: a push for every new record at once, and one every `push_seconds` in any case (R14).

Everything else has its own turn on another thread: a pull every `pull_seconds`, after a push; a heartbeat every minute;
a comparison every hour; all of them at once when the agent begins to serve a journal. A broken pull delays no push.
The hourly backup is a process of its own, only looked after here.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pysqlite3 as sqlite3
import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, JobEvent
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from kiosk_app.configuration import Settings
from kiosk_app.domain.moments import Clock
from kiosk_app.journal.database import journal_identity
from kiosk_app.journal.wakeup import WakeUp
from kiosk_app.liveness import Pulse
from sync_agent.backups import LOOK_SECONDS, Backups
from sync_agent.current import Current
from sync_agent.errands import Errands
from sync_agent.heartbeat import HEARTBEAT_SECONDS
from sync_agent.reconcile import RECONCILE_SECONDS, Compared
from sync_agent.session import Session

_PUSH, _PULL, _HEARTBEAT, _RECONCILE, _BEAT = "push", "pull", "heartbeat", "reconcile", "beat"
_BACKUP = "backup"
_BEAT_SECONDS = 5
"""How often a job does nothing but show that jobs run."""
_RETRY_SPACING_S = 1.0
"""Retries whose waits end close together go as one batch."""
_RETRY_SPACING_DOWN_S = 5.0
"""Retries at a platform that is down come no closer than this, where `push_seconds` is not shorter."""
_UPLOAD_PATIENCE_S = 60.0
"""How long a pull waits for the push before it."""
_COMPARE_AGAIN_S = 60.0
"""After this a comparison is tried again that found something waiting."""

_STORAGE_ERRORS = (sqlite3.Error, OSError, ValueError, TypeError)
"""The last two for a record whose stored body is damaged."""

_log = structlog.get_logger(__name__)


def try_all_once(settings: Settings, clock: Clock) -> bool:
    """`--once`: try every waiting record, pull, tell and compare; whether all records are confirmed or refused now.

    True without a journal.
    """
    if journal_identity(settings.storage.directory) is None:
        return True
    try:
        session = Session.open(settings, clock)
        if session is None:
            return True
        with session:
            session.deliveries.try_all()
            if _run_errands_once(settings, clock):
                session.deliveries.try_all()
            return not session.deliveries.something_waits()
    except _STORAGE_ERRORS as error:
        _log.error("storage-failed", error=str(error))
        return False


def _run_errands_once(settings: Settings, clock: Clock) -> bool:
    """Everything besides pushing, once; whether there is more to push after it. A failure here fails no record."""
    try:
        errands = Errands.open(settings, clock)
        if errands is None:
            return False
        with errands:
            appended = errands.pull()
            errands.heartbeat()
            return errands.reconcile() is Compared.SENT_AGAIN or appended
    except _STORAGE_ERRORS as error:
        _log.error("storage-failed", error=str(error))
        return False


class Agent:
    """Pushes, pulls and tells from `start` until `stop`."""

    def __init__(self, settings: Settings, clock: Clock, config: Path | None = None) -> None:
        """`config` is the settings' directory, without which no backup is made."""
        self._settings = settings
        directory = settings.storage.directory
        has_second_place = config is not None and settings.storage.backup_directory is not None
        self._backups = Backups(directory, config, clock) if config is not None and has_second_place else None
        self._pushing = Current(directory, lambda: Session.open(settings, clock))
        self._greeted: Session | None = None
        """The session at whose beginning all errands were run."""
        self._errands = Current(directory, lambda: Errands.open(settings, clock))
        self._errand = threading.Lock()
        """Held while an errand runs: one at a time."""
        self._retry_in: float | None = None
        """Seconds after the last push until a record is due again."""
        self._woken = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._pushed = threading.Event()
        """Set after each push."""
        self._stopping = threading.Event()
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._intervals = {
            _PUSH: settings.platform.push_seconds,
            _PULL: settings.platform.pull_seconds,
            _HEARTBEAT: HEARTBEAT_SECONDS,
            _RECONCILE: RECONCILE_SECONDS,
            _BACKUP: LOOK_SECONDS,
            _BEAT: _BEAT_SECONDS,
        }
        self._pulse = Pulse()

    def start(self) -> None:
        """Push now, and from now on."""
        self._scheduler.add_listener(self._after_job, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        jobs: dict[str, Callable[[], object]] = {
            _PUSH: self._push,
            _PULL: self._pull,
            _HEARTBEAT: partial(self._run_errand, Errands.heartbeat),
            _RECONCILE: self._reconcile,
            _BEAT: self._pulse.beat,
        }
        self._pulse.beat()
        if self._backups is not None:
            jobs[_BACKUP] = self._look_after_backup
        for name, job in jobs.items():
            self._add(name, job)
        self._scheduler.start()
        self._run_in(0, _PUSH)
        # A daemon: it only listens, and ends with the process.
        threading.Thread(target=self._listen, daemon=True, name="wake-up").start()

    def _add(self, name: str, job: Callable[[], object]) -> None:
        self._scheduler.add_job(
            job,
            "interval",
            seconds=self._intervals[name],
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def stop(self, patience: float) -> bool:
        """End what is under way, not waiting for its answer; whether it ended within twice `patience` seconds."""
        self._stopping.set()
        self._scheduler.shutdown(wait=False)
        self._pushed.set()
        if self._backups is not None:
            self._backups.stop()
        session, errands = self._pushing.opened, self._errands.opened
        if session is not None:
            session.deliveries.stop()
        if errands is not None:
            errands.stop()
        return self._idle.wait(patience) and self._errand_ends(patience)

    def _errand_ends(self, patience: float) -> bool:
        """Whether the errand under way ended; those that wait for it must get their turn, to see that there is none."""
        ended = self._errand.acquire(timeout=patience)
        if ended:
            self._errand.release()
        return ended

    # On the scheduler's threads

    def _push(self) -> None:
        self._woken.clear()
        self._idle.clear()
        try:
            session = self._pushing.get()
            if session is not None and not self._stopping.is_set():
                session.deliveries.run_round()
                self._retry_in = _retry_in(session)
                self._greet(session)
        except _STORAGE_ERRORS as error:
            _log.error("storage-failed", error=str(error))
            self._pushing.drop()
            self._retry_in = None
        finally:
            self._pushed.set()
            self._idle.set()

    def _greet(self, session: Session) -> None:
        """Run all errands at the beginning; what is waiting was uploaded by now."""
        if session is not self._greeted:
            self._greeted = session
            for name in (_PULL, _HEARTBEAT, _RECONCILE):
                self._run_in(0, name)

    def _pull(self) -> None:
        """Upload before download, so that the platform knows of this terminal what it answers about."""
        self._pushed.clear()
        if self._stopping.is_set():
            return
        self._push_now()
        self._pushed.wait(_UPLOAD_PATIENCE_S)
        self._run_errand(Errands.pull)

    def _reconcile(self) -> None:
        match self._run_errand(Errands.reconcile):
            case Compared.NOT_NOW:
                self._run_in(_COMPARE_AGAIN_S, _RECONCILE)
            case Compared.SENT_AGAIN:
                self._push_now()

    def _run_errand(self, errand: Callable[[Errands], object]) -> object:
        with self._errand:
            try:
                errands = self._errands.get()
                if errands is not None and not self._stopping.is_set():
                    return errand(errands)
            except _STORAGE_ERRORS as error:
                _log.error("storage-failed", error=str(error))
                self._errands.drop()
        return None

    def _look_after_backup(self) -> None:
        try:
            if self._backups is not None:
                self._backups.look()
        except _STORAGE_ERRORS as error:
            _log.error("storage-failed", error=str(error))

    def _after_job(self, event: JobEvent) -> None:
        if event.job_id != _PUSH:
            return
        if self._woken.is_set():
            self._run_in(0, _PUSH)
        elif self._retry_in is not None:
            # A record whose wait is over must not wait for a long `push_seconds` as well.
            job = self._scheduler.get_job(_PUSH)
            if job is not None and datetime.now(UTC) + timedelta(seconds=self._retry_in) < job.next_run_time:
                self._run_in(self._retry_in, _PUSH)

    # On the listener's thread

    def _listen(self) -> None:
        with WakeUp(self._settings.storage.directory, "agent") as ear:
            while not self._stopping.is_set():
                if ear.wait(self._intervals[_PUSH]):
                    self._push_now()
                else:
                    self._notice_clock_set_back()

    def _notice_clock_set_back(self) -> None:
        """The scheduler plans by the wall clock: set back by hours, it would sleep for hours."""
        for job in self._scheduler.get_jobs():
            if job.next_run_time - datetime.now(UTC) > timedelta(seconds=self._intervals[job.id]):
                self._run_in(0, job.id)

    # On any thread

    def runs_jobs(self) -> bool:
        """Whether the scheduler does what it is there for, however dead the network is: a job of its own ran lately."""
        self._notice_clock_set_back()
        return self._pulse()

    def _push_now(self) -> None:
        self._woken.set()
        self._run_in(0, _PUSH)

    def _run_in(self, seconds: float, name: str) -> None:
        with suppress(JobLookupError):  # the scheduler has just been shut down
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC) + timedelta(seconds=seconds))


def _retry_in(session: Session) -> float | None:
    seconds = session.deliveries.seconds_to_next_try()
    if seconds is None:
        return None
    return max(seconds, _RETRY_SPACING_DOWN_S if session.deliveries.platform_is_down() else _RETRY_SPACING_S)
