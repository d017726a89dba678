"""Going from one version to another, and back, with the records as they are.

The new version first shows that it can take over: it reads the settings, migrates a copy of the databases and verifies
the chain of that copy. Only then does `current` lead to it. Whatever fails before or after that, the old version is
current again, with the databases as it left them.
"""

import os
import shutil
import subprocess

from . import system_files
from .layout import CURRENT, PREVIOUS, InstallError, Layout
from .program import remove_all_but
from .services import Services


def switch(layout: Layout, services: Services, version: str) -> str:
    """Make a version the current one; a line that tells what was done. Raises `InstallError`."""
    old = layout.linked(CURRENT)
    if old == version or layout.is_staged or not _may_have_records(layout):
        _settle(layout, version, old)
        return f"{version} is installed and current"
    before = layout.linked(PREVIOUS)
    was_running = services.running()
    if was_running:
        services.stop()
    try:
        _check_settings(layout, version, old)
        _trial(layout, version, "try")
        # Before the databases: should the power fail between the two, the new version takes them over when it starts.
        layout.link(CURRENT, version)
        _trial(layout, version, "take-over")
    except InstallError as error:
        _lead_back(layout, old, before)
        if was_running:
            services.start()
        kept = f"{old} stays current" if old else "nothing is current"
        raise InstallError(f"{error}; {kept}, with its records as they were") from None
    _settle(layout, version, old)
    services.set_up()
    if was_running and not services.start():
        _go_back(layout, services, version, old, before)
    remove_all_but(layout, (version, layout.linked(PREVIOUS)))
    return f"{version} is installed and current" + (f"; {old} is kept: `make rollback` goes back to it" if old else "")


def roll_back(layout: Layout, services: Services) -> str:
    """Make the version before the current one; what was recorded since stays. Raises `InstallError`."""
    current, previous = layout.linked(CURRENT), layout.linked(PREVIOUS)
    if previous is None or previous == current:
        raise InstallError("there is no version before this one; nothing was changed")
    was_running = services.running()
    if was_running:
        services.stop()
    try:
        if _may_have_records(layout):
            _trial(layout, previous, "knows")
    except InstallError:
        if was_running:
            services.start()
        raise
    layout.link(CURRENT, previous)
    if current is not None:
        layout.link(PREVIOUS, current)
    system_files.install(layout, previous)
    services.set_up()
    if was_running and not services.start():
        return f"{previous} is current again, but its services do not start: see journalctl -u hall-kiosk-app"
    return f"{previous} is current again; {current} is kept"


def _settle(layout: Layout, version: str, old: str | None) -> None:
    """Let everything be this version's."""
    if old is not None and old != version:
        layout.link(PREVIOUS, old)
    layout.link(CURRENT, version)
    system_files.install(layout, version)


def _lead_back(layout: Layout, old: str | None, before: str | None) -> None:
    for link, version in ((CURRENT, old), (PREVIOUS, before)):
        if version is not None:
            layout.link(link, version)
        else:
            layout.on_disk(layout.prefix / link).unlink(missing_ok=True)


def _go_back(layout: Layout, services: Services, version: str, old: str | None, before: str | None) -> None:
    """The new version took the records over, but does not run."""
    if old is None:
        raise InstallError(f"{version} is current, but its services do not start: see journalctl -u hall-kiosk-app")
    services.stop()
    _trial(layout, version, "give-back")
    _lead_back(layout, old, before)
    system_files.install(layout, old)
    services.set_up()
    services.start()
    raise InstallError(f"{version} does not start, see journalctl -u hall-kiosk-app; {old} is current again")


def _may_have_records(layout: Layout) -> bool:
    return (layout.on_disk(layout.configuration) / "terminal.toml").exists()


def _check_settings(layout: Layout, version: str, old: str | None) -> None:
    """Refuse a version that refuses settings which the old one takes."""
    done = _check(layout, version)
    if done.returncode != 0 and old is not None and _check(layout, old).returncode == 0:
        raise InstallError(f"{version} refuses the settings: {_last_line(done.stderr)}")


def _check(layout: Layout, version: str) -> "subprocess.CompletedProcess[str]":
    return _run(
        layout, version, "bin/kiosk-admin", "--config", str(layout.on_disk(layout.configuration)), "config", "check"
    )


def _trial(layout: Layout, version: str, step: str) -> None:
    done = _run(
        layout, version, "share/config/install/storage_trial.py", step, str(layout.on_disk(layout.configuration))
    )
    if done.returncode != 0:
        raise InstallError(f"{version}: {_last_line(done.stderr) or f'{step} ended with {done.returncode}'}")


def _run(layout: Layout, version: str, script: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a script of a version by its own Python."""
    home = layout.versions / version
    command = [str(home / "bin/python"), str(home / script), *arguments]
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment, cwd="/")


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def remove_versions(layout: Layout) -> None:
    """Remove the program, not a record."""
    shutil.rmtree(layout.versions, ignore_errors=True)
    for link in (CURRENT, PREVIOUS):
        layout.on_disk(layout.prefix / link).unlink(missing_ok=True)
    prefix = layout.on_disk(layout.prefix)
    if prefix.is_dir() and not any(prefix.iterdir()):
        prefix.rmdir()
