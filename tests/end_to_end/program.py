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

    talks = subprocess.DEVNULL
    """Where its stdin and stdout go."""

    def __init__(self, name: str, *arguments: str, environment: dict[str, str] | None = None) -> None:
        self.name = name
        self.lines: list[str] = []
        self._changed = threading.Condition()
        self._ended = False
        self._process = subprocess.Popen(
            [*self.command(name), *arguments],
            stdin=self.talks,
            stdout=self.talks,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **(environment or {})},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @staticmethod
    def command(name: str) -> list[str]:
        """What is started."""
        return [str(BIN / name)]

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


class TouchedApp(Program):
    """kiosk-app with a finger and a keyboard on its screen (`touched_app.py`)."""

    talks = subprocess.PIPE

    @staticmethod
    def command(name: str) -> list[str]:
        return [sys.executable, "-m", f"tests.end_to_end.{name}"]

    def touch(self, name: str) -> None:
        """Touch a control as soon as it heeds touches."""
        self._order(f"touch {name}")

    def type(self, text: str) -> None:
        """Touch the keys on the screen, one after another."""
        for character in text:
            self.touch(f"key-{character}")

    def sign_in(self, pin: str) -> None:
        """The way into the technician's screens: the hidden gesture, and a PIN."""
        for _ in range(7):
            self.touch("technician-corner")
        self.wait_page("technician:sign_in")
        for digit in pin:
            self.touch(f"pin-{digit}")
        self.touch("pin-enter")
        self.wait_page("technician:overview")

    def keys(self, text: str) -> None:
        """Type on a keyboard, as some scanners do."""
        self._order("keys " + text.replace("\n", "\\n"))

    def wait_page(self, page: str) -> list[str]:
        """Wait until a page is shown; its texts."""
        return [str(text) for text in self._order(f"wait {page}")["texts"]]

    def look(self) -> dict[str, Any]:
        """Page, texts and controls."""
        return self._order("look")

    def _order(self, command: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise AssertionError(f"the app ended at {command!r}:\n" + "\n".join(self.lines[-30:]))
        answer: dict[str, Any] = json.loads(line)
        if not answer["ok"]:
            raise AssertionError(f"{command!r} could not be done: {answer}")
        return answer

    def _finish(self) -> int:
        status = super()._finish()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        return status


def _entry(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}
