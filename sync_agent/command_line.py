"""`sync-agent --config DIR [--once]` (interfaces §1)."""

import argparse
import fcntl
import logging
import os
import signal
import sys
from functools import partial
from pathlib import Path

import structlog

from kiosk_app.configuration import ConfigurationError, Settings, load_settings
from kiosk_app.journal.database import AGENT_LOCK_FILE, UnsafeSqliteError, refuse_unsafe_sqlite
from kiosk_app.journal.system_clock import SystemClock
from kiosk_app.liveness import Watchdog, storage_answers
from kiosk_app.logs import configure_logging
from sync_agent.agent import Agent, try_all_once

DONE, USAGE, STILL_WAITING = 0, 2, 3
_PATIENCE_S = 3.0
"""How long a push under way may take to end on SIGTERM; it can hang in a name look-up, which nothing ends."""

_log = structlog.get_logger(__name__)


class AlreadyRunningError(RuntimeError):
    """Another agent serves this storage directory."""


def main() -> int:
    """Run the command; the exit code."""
    arguments = _arguments()
    os.umask(0o027)
    try:
        settings = load_settings(arguments.config)
        refuse_unsafe_sqlite()
        configure_logging()
        # They tell every job and every broken answer at length; what matters of a push is told by the push.
        for talkative in ("apscheduler", "urllib3"):
            logging.getLogger(talkative).setLevel(logging.ERROR)
        if arguments.once:
            return DONE if try_all_once(settings, SystemClock()) else STILL_WAITING
        return _serve(settings, arguments.config)
    except (ConfigurationError, UnsafeSqliteError, AlreadyRunningError) as error:
        print(f"sync-agent: {error}", file=sys.stderr)
        return USAGE


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sync-agent", description="Brings the terminal's records to the platform.")
    parser.add_argument("--config", type=Path, required=True, metavar="DIR", help="directory with terminal.toml")
    parser.add_argument("--once", action="store_true", help="try every waiting record once, then exit: 0 or 3")
    return parser.parse_args()


def _serve(settings: Settings, config: Path) -> int:
    lock = _lock(settings.storage.directory)
    # Blocked before any thread starts, so that only sigwait below gets them.
    ending = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    agent = Agent(settings, SystemClock(), config)
    agent.start()
    directory = settings.storage.directory
    watchdog = Watchdog({"scheduler": agent.runs_jobs, "storage": partial(storage_answers, directory)})
    watchdog.start()
    _log.info("started", push_seconds=settings.platform.push_seconds)
    signal.sigwait(ending)
    watchdog.stop()
    ended = agent.stop(_PATIENCE_S)
    _log.info("stopped", push_ended=ended)
    if not ended:
        # Python would wait for the thread. Whatever it was doing, it may be killed at any instruction.
        os._exit(DONE)
    os.close(lock)
    return DONE


def _lock(directory: Path) -> int:
    """Hold the directory for the life of this process. Raises `AlreadyRunningError`."""
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o750)
        lock = os.open(directory / AGENT_LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ConfigurationError(f"storage.directory: {directory}: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise AlreadyRunningError(f"another sync-agent already serves {directory}; stop it first") from None
    return lock
