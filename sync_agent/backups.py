"""The hourly backup (R29): when it is due, started as a process of its own, and what came of it told to health.

Nothing here waits: whether the process has ended is looked at every few seconds. A stick that is missing or hangs is
something that health warns of, and never delays a push, a pull, or the agent's end.
"""

import json
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import structlog

from kiosk_app.domain.moments import Clock
from kiosk_app.journal.backup import BackedUp, status_after
from kiosk_app.journal.database import DELIVERY_FILE
from kiosk_app.journal.delivery import DeliveryStore, PlatformStatus
from sync_agent.wall_clock import now_ms

BACKUP_MS = 3_600_000
AGAIN_MS = 300_000
"""After this one is tried again that failed: the stick may be back."""
HANGS_AFTER_MS = 900_000
"""A backup that takes longer is told as hanging; it may still end."""
LOOK_SECONDS = 2
_ASK_AGAIN_MS = 30_000

_log = structlog.get_logger(__name__)


class Backups:
    """Looks after the backup of one storage directory. One thread at a time; `stop` may come from another."""

    def __init__(self, directory: Path, config: Path, clock: Clock) -> None:
        self._directory = directory
        self._command = [sys.executable, "-P", "-m", "sync_agent.backup_process", "--config", str(config)]
        self._clock = clock
        self._process: subprocess.Popen[str] | None = None
        self._started = 0
        """On CLOCK_BOOTTIME, in milliseconds, as is what follows."""
        self._tried: int | None = None
        self._asked: int | None = None
        """When it was last asked how old the last backup is."""
        self._is_stopping = False
        self._told_hanging = False

    def look(self) -> None:
        """See what became of the backup under way; start the next when it is due. Raises `sqlite3.Error`, `OSError`."""
        if self._is_stopping or not (self._directory / DELIVERY_FILE).exists():
            return
        if self._process is not None:
            self._look_at(self._process)
        elif self._is_due():
            self._start()

    def stop(self) -> None:
        """Leave the one under way behind, dead or hanging; what it has not finished is removed by the next."""
        self._is_stopping = True
        if self._process is not None:
            with suppress(OSError):
                self._process.kill()

    def _is_due(self) -> bool:
        """An hour after the last one by the wall clock, which may jump; and not again at once after one that failed."""
        boot_ms = self._clock.now().boot_ms
        if self._asked is not None and boot_ms - self._asked < _ASK_AGAIN_MS:
            return False
        if self._tried is not None and boot_ms - self._tried < AGAIN_MS:
            return False
        self._asked = boot_ms
        last = self._status().last_backup_at
        return last is None or not 0 <= now_ms(self._clock) - last < BACKUP_MS

    def _start(self) -> None:
        self._tried = self._started = self._clock.now().boot_ms
        self._told_hanging = False
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def _look_at(self, process: "subprocess.Popen[str]") -> None:
        if process.poll() is None:
            if self._clock.now().boot_ms - self._started > HANGS_AFTER_MS and not self._told_hanging:
                self._told_hanging = True
                self._note("the backup does not end: the stick or share hangs; unplug it, and plug it in again")
            return
        self._process = None
        told, _ = process.communicate()
        self._note(_result(told, process.returncode))

    def _note(self, result: BackedUp | str) -> None:
        if isinstance(result, str):
            _log.warning("backup-failed", cause=result)
        else:
            _log.info("backed-up", path=str(result.path), sequence=result.sequence)
        with closing(DeliveryStore.open(self._directory)) as store:
            store.note(**status_after(result, now_ms(self._clock), store.status().backup_failing_since))

    def _status(self) -> PlatformStatus:
        with closing(DeliveryStore.open(self._directory)) as store:
            return store.status()


def _result(told: str, returncode: int) -> BackedUp | str:
    """What the process said, or that it was ended before it could."""
    try:
        said: dict[str, Any] = json.loads(told)
        if "error" in said:
            return str(said["error"])
        return BackedUp(Path(said["path"]), said["sequence"], said["at"], said["same_disk"])
    except (ValueError, KeyError, TypeError):
        return f"the backup ended before its end ({returncode})"
