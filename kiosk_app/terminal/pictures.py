"""Pictures of what was shown, for handbooks and demonstrations: one file a page, in the order shown."""

import queue
import threading
from collections.abc import Callable
from pathlib import Path

import structlog

_log = structlog.get_logger()


class Pictures:
    """Saves a picture whenever the page changes; on a thread of its own, as the station must not wait."""

    def __init__(self, directory: Path, save: Callable[[Path], None]) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._save = save
        self._last: str | None = None
        self._count = len(list(directory.glob("*.png")))
        self._pages: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="pictures", daemon=True).start()

    def shown(self, page: str) -> None:
        """This page is on the screen now."""
        if page != self._last:
            self._last = page
            self._pages.put(page)

    def _run(self) -> None:
        while True:
            page = self._pages.get()
            self._count += 1
            try:
                self._save(self._directory / f"{self._count:02d}-{page}.png")
            except Exception:  # noqa: BLE001 - a picture less is no reason to take none any more
                _log.exception("picture not saved", page=page)
