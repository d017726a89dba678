"""The terminal's health besides what its station sees: one file a concern.

Nothing here waits for the network, and nothing raises: a check that cannot look says so as a problem.
"""

from kiosk_app.configuration import Settings
from kiosk_app.domain.moments import Moment
from kiosk_app.domain.problems import Problem
from kiosk_app.health.configuration import configuration_problems
from kiosk_app.health.delivery import delivery_problems
from kiosk_app.health.kiosk import kiosk_problems

__all__ = ["delivery_problems", "kiosk_problems", "terminal_problems"]


def terminal_problems(settings: Settings, now: Moment) -> tuple[Problem, ...]:
    """Everything that can be told without the station. Never raises, never waits for the network."""
    directory = settings.storage.directory
    kiosk = kiosk_problems(directory, now) if settings.terminal.profile == "kiosk" else []
    return (*configuration_problems(settings), *delivery_problems(directory, now), *kiosk)
