"""One of the real commands as a process of its own, watched through its log lines."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent
PATIENCE = 60.0
"""Seconds after which something that should have happened has failed; a loaded machine is slow."""


class Program:
    """Started at once; every line of its stderr is kept, and can be waited for."""

    def __init__(self, name: str, *arguments: str, environment: dict[str, str] | None = None) -> None:
        self.name = name
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._ended = False
        self._process = subprocess.Popen(
            [BIN / name, *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **(environment or {})},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            with self._changed:
                self.lines.append(line.rstrip())
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def wait_for_log(self, event: str, *, count: int = 1) -> dict[str, Any]:
        """The `count`-th log line of this event. Fails if the program ends, or is silent for too long."""
        with self._changed:
            self._changed.wait_for(lambda: len(self.logged(event)) >= count or self._ended, PATIENCE)
            found = self.logged(event)
        if len(found) < count:
            raise AssertionError(f"{self.name} never logged {event!r}:\n" + "\n".join(self.lines[-30:]))
        return found[count - 1]

    def logged(self, event: str) -> list[dict[str, Any]]:
        """All log lines of this event so far."""
        return [entry for entry in map(_entry, self.lines) if entry.get("event") == event]

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """kill -9: not a single further instruction."""
        self._process.kill()
        self._finish()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self._finish()

    def wait(self) -> int:
        """Wait for its own end; the exit code."""
        return self._finish()

    def _finish(self) -> int:
        try:
            status = self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        self._reader.join()
        assert self._process.stderr is not None
        self._process.stderr.close()
        return status


def _entry(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}
