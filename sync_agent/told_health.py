"""The terminal's problems as the platform is told them: the app's own word, or what is known without it."""

from collections.abc import Sequence
from dataclasses import asdict

from kiosk_app.app_socket import AppSocketError, running_app
from kiosk_app.configuration import Settings
from kiosk_app.domain.health import Health
from kiosk_app.domain.moments import Clock
from kiosk_app.domain.problems import Problem
from kiosk_app.domain.records import Json
from kiosk_app.health import HealthBook, terminal_problems
from kiosk_app.health.locks import is_held
from kiosk_app.journal.database import APP_LOCK_FILE

LONGEST_TEXT = 500
AGENT_BOOK = "agent-health.json"
"""Since when, of what the app does not tell."""


class ToldHealth:
    """Asks the app of one storage directory."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._book = HealthBook(settings.storage.directory, AGENT_BOOK)

    def problems(self) -> list[Json]:
        """One object a problem: code, text, severity, since. Never raises; waits for the app some seconds at most."""
        known, own = self._known()
        noted = [*known, *self._book.noted(own, self._clock.now())]
        return [_told(problem) for problem in noted]

    def _known(self) -> tuple[Sequence[Problem], Sequence[Problem]]:
        """What the app tells, with its own times; and what is found here."""
        directory = self._settings.storage.directory
        if not is_held(directory / APP_LOCK_FILE):
            return (), (_app_not_running(), *terminal_problems(self._settings, self._clock.now()))
        try:
            app = running_app(directory)
            if app is None:
                raise AppSocketError("it has no door open in the storage directory")
            return Health.from_json(app.health()).problems, ()
        except (AppSocketError, ValueError, KeyError, TypeError) as error:
            return (), (_app_silent(str(error)), *terminal_problems(self._settings, self._clock.now()))


def _told(problem: Problem) -> Json:
    told = asdict(problem)
    return {**{key: told[key] for key in ("code", "severity", "since")}, "text": problem.text[:LONGEST_TEXT]}


def _app_not_running() -> Problem:
    return Problem("app_not_running", "kiosk-app does not run, so that nobody can rate here", "start it")


def _app_silent(cause: str) -> Problem:
    return Problem("app_silent", f"kiosk-app runs and does not answer: {cause}", "restart it")
