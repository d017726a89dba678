"""The terminal's health besides what its station sees: one file a concern.

Nothing here waits for the network, and nothing raises: a check that cannot look says so as a problem.
"""

from collections.abc import Mapping, Sequence

from kiosk_app.configuration import Settings
from kiosk_app.domain.health import Area, Health, together
from kiosk_app.domain.moments import Clock, Moment
from kiosk_app.domain.problems import Problem
from kiosk_app.health.backup import backup_health
from kiosk_app.health.binding import binding_health
from kiosk_app.health.book import HealthBook
from kiosk_app.health.clock import clock_health
from kiosk_app.health.configuration import configuration_problems
from kiosk_app.health.delivery import delivery_health, delivery_problems
from kiosk_app.health.integrity import IntegrityWatch
from kiosk_app.health.kiosk import kiosk_problems
from kiosk_app.health.storage import storage_health
from kiosk_app.health.versions import versions_health

__all__ = [
    "HealthBook",
    "TerminalHealth",
    "delivery_problems",
    "kiosk_problems",
    "terminal_health",
    "terminal_problems",
]


class TerminalHealth:
    """Health of a running app: what can be told without the station, and since when everything lasts.

    From any thread; never raises, never waits for the network.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._book = HealthBook(settings.storage.directory)
        self._integrity = IntegrityWatch(settings.storage.directory)

    def problems(self) -> tuple[Problem, ...]:
        """What can be told without the station."""
        return (*self._integrity.problems(), *terminal_problems(self._settings, self._clock.now()))

    def noted(self, problems: Sequence[Problem]) -> tuple[Problem, ...]:
        """All problems of the terminal, the station's too, with `since` and the first words for each."""
        return self._book.noted(problems, self._clock.now())

    def facts(self) -> Mapping[Area, str]:
        """What is known of each area in one line."""
        return terminal_health(self._settings, self._clock.now()).facts


def terminal_problems(settings: Settings, now: Moment) -> tuple[Problem, ...]:
    """Everything that can be told without the station. Never raises, never waits for the network."""
    return terminal_health(settings, now).problems


def terminal_health(settings: Settings, now: Moment) -> Health:
    """Everything that can be told without the station, good and bad. Never raises, never waits for the network."""
    storage = settings.storage
    is_kiosk = settings.terminal.profile == "kiosk"
    return together(
        Health(tuple(configuration_problems(settings, now))),
        storage_health(storage.directory),
        clock_health(storage.directory, now),
        delivery_health(storage.directory, now),
        binding_health(storage.directory, settings.window.number) if settings.window and not is_kiosk else Health(),
        backup_health(storage.directory, storage.backup_directory, now),
        Health(tuple(kiosk_problems(storage.directory, now))) if is_kiosk else Health(),
        versions_health(storage.directory),
    )
