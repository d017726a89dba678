"""The heartbeat: how this terminal is, once a minute (interfaces §5)."""

import shutil
from pathlib import Path

from kiosk_app.domain.moments import Clock
from kiosk_app.domain.records import Json
from kiosk_app.health.versions import versions
from kiosk_app.journal.agent_questions import device_events
from kiosk_app.journal.database import JOURNAL_FILE
from kiosk_app.journal.delivery import DeliveryStore, State
from kiosk_app.journal.reader import JournalReader
from sync_agent.asking import Asking, HeldBackError, NoAnswerError
from sync_agent.platform_client import Question
from sync_agent.told_health import ToldHealth
from sync_agent.troubles import Trouble

HEARTBEAT_SECONDS = 60


class Heartbeat:
    """Tells the platform how the terminal is; its answer tells the time."""

    def __init__(
        self,
        asking: Asking,
        journal: JournalReader,
        store: DeliveryStore,
        clock: Clock,
        device_id: str,
        directory: Path,
        health: ToldHealth,
    ) -> None:
        self._asking = asking
        self._journal = journal
        self._store = store
        self._clock = clock
        self._target = f"/v1/devices/{device_id}/heartbeat"
        self._directory = directory
        self._health = health
        self._failing = Trouble(store, clock, cause="heartbeat_error", since="heartbeat_failing_since")
        self._devices: dict[str, Json] = {}
        self._seen = 0
        """The newest record among those that `_devices` was read from."""

    def run(self) -> None:
        """Send one. Raises `sqlite3.Error`, `OSError`."""
        try:
            answer = self._asking.ask(Question.posting(self._target, self.content()))
            self._failing.note(None if answer.media_type == "application/json" else "an answer that is no JSON")
        except HeldBackError:
            return
        except NoAnswerError as error:
            self._failing.note(str(error))

    def content(self) -> Json:
        """What is sent."""
        counts = self._store.counts(self._journal)
        oldest = self._store.oldest_waiting(self._journal)
        return {
            "versions": versions(),
            "uptime_s": self._clock.now().boot_ms // 1000,
            "waiting": counts[State.WAITING],
            "refused": counts[State.REFUSED],
            "oldest_waiting_at": oldest.occurred_at if oldest else None,
            "devices": self._newest_events(),
            "clock_offset_ms": self._store.status().clock_offset_ms,
            "storage": _storage(self._directory),
            "problems": self._health.problems(),
        }

    def _newest_events(self) -> dict[str, Json]:
        """The newest `device_event` of each device; only what is new since the last heartbeat is read."""
        for sequence, event in device_events(self._journal, self._seen):
            told = {"state": event.get("state"), "detail": event.get("detail"), "since": event["since"]}
            self._devices[str(event.get("device"))] = told
            self._seen = sequence
        return self._devices


def _storage(directory: Path) -> Json:
    disk = shutil.disk_usage(directory)
    files = (directory / JOURNAL_FILE, directory / f"{JOURNAL_FILE}-wal")
    size = sum(file.stat().st_size for file in files if file.exists())
    return {"free_bytes": disk.free, "total_bytes": disk.total, "journal_bytes": size}
