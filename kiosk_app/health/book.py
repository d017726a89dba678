"""Since when each problem lasts, and the first words for it: kept while it lasts, also across restarts."""

import json
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from kiosk_app.domain.moments import Moment
from kiosk_app.domain.problems import Problem

BOOK_FILE = "health.json"
MEASURED = frozenset(
    {
        *("disk_low", "disk_full", "wal_large", "clock_wrong", "clock_went_back", "certificate_expiring"),
        *("leases_low", "leases_used_up", "numbers_missing", "hall_data_odd", "records_refused", "records_waiting"),
        *("evaluator_noisy", "evaluator_lent", "printer_lent", "scanner_lent", "backup_late"),
    }
)
"""Problems whose words are a measurement: here the newest count, and not the first."""


@dataclass(frozen=True)
class _Entry:
    since: str
    text: str


class HealthBook:
    """The book of one storage directory; from any thread. Never raises: on a full disk it is kept in memory."""

    def __init__(self, directory: Path, file: str = BOOK_FILE, *, forgotten_after: timedelta | None = None) -> None:
        """A book last written before `forgotten_after` is empty."""
        self._path = directory / file
        self._guard = threading.Lock()
        self._entries = {} if _is_older(self._path, forgotten_after) else _read(self._path)
        self._written = dict(self._entries)

    def noted(self, problems: Sequence[Problem], now: Moment) -> tuple[Problem, ...]:
        """The problems with `since`, and the first words for them; those that are over are forgotten."""
        with self._guard:
            entries = {}
            told = []
            for key, problem in _keyed(problems):
                entry = self._entries.get(key)
                noted = _noted(problem, entry, now)
                entries[key] = _Entry(noted.since or now.stamp, entry.text if entry else problem.text)
                told.append(noted)
            self._entries = entries
            if entries != self._written:
                self._write()
            return tuple(told)

    def recalled(self, problems: Sequence[Problem], now: Moment) -> tuple[Problem, ...]:
        """The problems, with what the book knows of them; nothing is noted."""
        with self._guard:
            return tuple(
                _noted(problem, self._entries[key], now) if key in self._entries else problem
                for key, problem in _keyed(problems)
            )

    def _write(self) -> None:
        entries = dict(self._entries)
        text = json.dumps({key: vars(entry) for key, entry in entries.items()}, ensure_ascii=False)
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            beside.write_text(text, encoding="utf-8")
            beside.replace(self._path)
            self._written = entries
        except OSError:  # its directory is full, or gone: the problems themselves say so
            with suppress(OSError):
                beside.unlink()


def _keyed(problems: Sequence[Problem]) -> Iterator[tuple[str, Problem]]:
    """Each with a key of its own: its code, and its place among those of the same code."""
    counted: dict[str, int] = {}
    for problem in problems:
        counted[problem.code] = place = counted.get(problem.code, 0) + 1
        yield (problem.code if place == 1 else f"{problem.code} {place}"), problem


def _noted(problem: Problem, entry: _Entry | None, now: Moment) -> Problem:
    if problem.code in MEASURED:
        return replace(problem, since=problem.since or _not_after(entry.since if entry else now.stamp, now))
    since = _earlier(problem.since, entry.since if entry else None) or now.stamp
    text = problem.text
    if entry is not None and not text.startswith(entry.text):
        text = f"{entry.text} (now: {text})"
    return replace(problem, text=text, since=_not_after(since, now))


def _earlier(one: str | None, other: str | None) -> str | None:
    known = [stamp for stamp in (one, other) if stamp is not None]
    return min(known, key=datetime.fromisoformat, default=None)


def _not_after(stamp: str, now: Moment) -> str:
    """A clock that was set back makes no problem begin in the future."""
    return min(stamp, now.stamp, key=datetime.fromisoformat)


def _is_older(path: Path, age: timedelta | None) -> bool:
    try:
        return age is not None and time.time() - path.stat().st_mtime > age.total_seconds()
    except OSError:
        return False


def _read(path: Path) -> dict[str, _Entry]:
    try:
        entries = {
            str(key): _Entry(str(value["since"]), str(value["text"]))
            for key, value in json.loads(path.read_text(encoding="utf-8")).items()
        }
        for entry in entries.values():
            if datetime.fromisoformat(entry.since).tzinfo is None:
                return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
    return entries
