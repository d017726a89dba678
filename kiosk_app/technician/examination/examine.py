"""The whole examination: with the app running it is asked, with it stopped all is looked at; nothing here raises."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from kiosk_app.app_socket import AppSocketError, running_app
from kiosk_app.configuration import Settings
from kiosk_app.domain.health import Area, Health, area_of, together
from kiosk_app.domain.moments import Clock
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.health import HealthBook, terminal_health
from kiosk_app.health.clock import clock_health
from kiosk_app.health.locks import is_held
from kiosk_app.health.storage import journal_problems, storage_health
from kiosk_app.health.versions import versions_health
from kiosk_app.journal.database import AGENT_LOCK_FILE, APP_LOCK_FILE, JOURNAL_FILE
from kiosk_app.technician.examination.configuration import Configuration, read_configuration, storage_directory
from kiosk_app.technician.examination.devices import device_looks
from kiosk_app.technician.examination.network import network_health
from kiosk_app.technician.examination.platform import platform_health
from kiosk_app.technician.examination.screen import screen_health
from kiosk_app.technician.examination.stopped import keys_are_confirmed, stopped_health
from kiosk_app.technician.examination.timed import Look, all_looks

DOCTOR_BOOK = "doctor.json"
FORGOTTEN = timedelta(hours=24)
"""What an examination noted before tells nothing of how long it has lasted."""
LONGEST_SECONDS = 16.0


@dataclass(frozen=True)
class Examination:
    """What was found."""

    health: Health
    settings: Settings | None
    """None where the configuration is refused."""
    directory: Path | None
    """The storage directory, where it is known."""


def examine(config: Path, clock: Clock) -> Examination:
    """Look at everything; takes up to `LONGEST_SECONDS`. Call it as the user that the app runs as."""
    configuration = read_configuration(config)
    settings = configuration.settings
    directory = settings.storage.directory if settings else storage_directory(config)
    app = _ask_app(directory)
    looks: dict[Area, Look] = {}
    if directory is not None:
        looks[Area.STORAGE] = partial(_storage, directory, clock, with_own=settings is None)
    if settings is not None:
        looks[Area.NETWORK] = partial(_way_to_platform, settings, clock)
        looks[Area.BACKUP] = partial(_second_place, settings)
        if app.health is None:
            looks |= _own_looks(settings, configuration, config, clock, is_stopped=app.is_stopped)
    first = (app.health or Health(), Health(app.problems), configuration.health, _agent(directory))
    found = _merged((*first, *all_looks(looks, LONGEST_SECONDS)))
    found = replace(found, problems=_with_since(found.problems, directory, clock))
    return Examination(found, settings, directory)


@dataclass(frozen=True)
class _App:
    health: Health | None = None
    """Its own word."""
    problems: tuple[Problem, ...] = ()
    is_stopped: bool = True
    """Whether the ports are free."""


def _ask_app(directory: Path | None) -> _App:
    """What the app says of itself; that it does not run, or does not answer."""
    if directory is None or not is_held(directory / APP_LOCK_FILE):
        stopped = Problem(
            "app_not_running",
            "kiosk-app does not run, so that nobody can rate here",
            "start it (systemctl start hall-kiosk-app); if it ends again, its log says why",
        )
        return _App(None, (stopped,))
    try:
        app = running_app(directory)
        if app is None:
            raise AppSocketError("it has no door open in the storage directory")
        return _App(Health.from_json(app.health()), (), is_stopped=False)
    except (AppSocketError, ValueError, KeyError, TypeError) as error:
        silent = Problem(
            "app_silent",
            f"kiosk-app runs and does not answer: {error}",
            "look into its log, then restart it (systemctl restart hall-kiosk-app); what was rated is safe",
        )
        return _App(None, (silent,), is_stopped=False)


def _agent(directory: Path | None) -> Health:
    if directory is None or is_held(directory / AGENT_LOCK_FILE):
        return Health()
    severity = Severity.PROBLEM if (directory / JOURNAL_FILE).exists() else Severity.WARNING
    problem = Problem(
        "agent_not_running",
        "sync-agent does not run, so that no record reaches the platform",
        "start it (systemctl start hall-kiosk-agent); nothing is lost meanwhile",
        severity,
    )
    return Health((problem,))


def _own_looks(
    settings: Settings, configuration: Configuration, config: Path, clock: Clock, *, is_stopped: bool
) -> Mapping[Area, Look]:
    """What the app does not tell, because it is stopped or hangs; what hangs still owns its ports."""
    looks: dict[Area, Look] = {Area.VERSIONS: lambda: terminal_health(settings, clock.now())}
    if is_stopped:
        confirmed = keys_are_confirmed(settings.storage.directory, configuration.protocol_sha256)
        looks |= device_looks(settings, config, keys_confirmed=confirmed)
        looks[Area.DISPLAY] = screen_health
        looks[Area.HALL_DATA] = lambda: stopped_health(settings, clock.now())
    return looks


def _storage(directory: Path, clock: Clock, *, with_own: bool) -> Health:
    pages = Health(tuple(journal_problems(directory)))
    if not with_own:
        return pages
    # Without settings nobody else looks at these.
    return together(pages, storage_health(directory), clock_health(directory, clock.now()), versions_health(directory))


def _way_to_platform(settings: Settings, clock: Clock) -> Health:
    network = network_health(settings)
    return network if network.problems else together(network, platform_health(settings, clock))


def _second_place(settings: Settings) -> Health:
    """Whether the second place is there now; it may hang, which only this look then feels."""
    second = settings.storage.backup_directory
    if second is None:
        return Health()
    cause = None
    if not second.is_dir():
        cause = "it is not there"
    elif not os.access(second, os.W_OK | os.X_OK, effective_ids=True):
        cause = "this user may not write into it"
    if cause is None:
        return Health()
    problem = Problem(
        "backup_missing",
        f"the second place for backups, {second}, cannot be used: {cause}",
        "plug the stick or disk in and mount it for the app's user, or correct [storage] backup_directory",
        Severity.WARNING,
    )
    return Health((problem,))


def _merged(parts: Sequence[Health]) -> Health:
    """All of it; what a later part found too is told once, as the first worded it. In order of areas, worst first."""
    told: list[Problem] = []
    for part in parts:
        known = {problem.code for problem in told}
        told += [problem for problem in part.problems if problem.code not in known]
    areas = list(Area)
    told.sort(key=lambda problem: (areas.index(area_of(problem.code)), problem.severity is not Severity.PROBLEM))
    return Health(tuple(told), together(*parts).facts)


def _with_since(problems: tuple[Problem, ...], directory: Path | None, clock: Clock) -> tuple[Problem, ...]:
    """Since when, as the app has noted it, else as the last examination has, else since now."""
    now = clock.now()
    if directory is None:
        return tuple(replace(problem, since=problem.since or now.stamp) for problem in problems)
    unknown = [problem for problem in problems if problem.since is None]
    recalled = HealthBook(directory).recalled(unknown, now)
    noted = iter(HealthBook(directory, DOCTOR_BOOK, forgotten_after=FORGOTTEN).noted(recalled, now))
    return tuple(next(noted) if problem.since is None else problem for problem in problems)
