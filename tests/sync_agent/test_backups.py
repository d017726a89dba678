"""The hourly backup beside the agent's work: it delays nothing, whatever the place does (R29)."""

import json
import os
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk_app.journal.backup import Copy, copies_in
from kiosk_app.journal.delivery import DeliveryStore, PlatformStatus
from sync_agent.backups import AGAIN_MS, BACKUP_MS, HANGS_AFTER_MS, Backups
from sync_agent.simulated.platform import SimulatedPlatform
from tests.end_to_end.terminal import wait_until
from tests.sync_agent.agent_process import AgentProcess
from tests.sync_agent.support import DEVICE, StillClock, Terminal, write_settings


class Place:
    """A terminal with a second place, and whoever looks after its backups."""

    def __init__(self, directory: Path, terminal: Terminal, platform: SimulatedPlatform) -> None:
        self.terminal = terminal
        self.stick = directory / "stick"
        self.stick.mkdir()
        self.config = write_settings(directory, platform.url)
        settings = self.config / "terminal.toml"
        text = settings.read_text().replace("[platform]", f'backup_directory = "{self.stick}"\n[platform]')
        settings.write_text(text)
        self.clock = StillClock(datetime.now(UTC))
        self.backups = Backups(terminal.directory, self.config, self.clock)

    def copies(self) -> list[Copy]:
        own = self.stick / DEVICE
        return copies_in(own) if own.is_dir() else []

    def status(self) -> PlatformStatus:
        with closing(DeliveryStore.open(self.terminal.directory)) as store:
            return store.status()

    def look_until(self, is_over: str) -> None:
        """Look again and again, as the agent does, until the process under way has ended."""

        def ended() -> bool:
            self.backups.look()
            return self.backups._process is None

        wait_until(ended, is_over)

    def hang(self) -> None:
        """Let whoever opens the newest copy's manifest wait for ever, as a stick does that hangs."""
        own = self.stick / DEVICE / "copy-000001"
        own.mkdir(parents=True)
        os.mkfifo(own / "manifest.json")


@pytest.fixture
def place(tmp_path: Path, terminal: Terminal, platform: SimulatedPlatform) -> Iterator[Place]:
    place = Place(tmp_path, terminal, platform)
    yield place
    place.backups.stop()
    if place.backups._process is not None:
        place.backups._process.communicate()


def test_the_first_copy_is_made_soon_after_the_start_and_the_next_after_an_hour(place: Place) -> None:
    place.backups.look()
    place.look_until("the first copy")
    (copy,) = place.copies()
    assert place.status().last_backup_at == place.clock.ms
    place.clock.pass_seconds(BACKUP_MS / 1000 - 1)
    place.backups.look()
    assert place.backups._process is None
    place.terminal.rate()
    place.clock.pass_seconds(31)
    place.backups.look()
    place.look_until("the second copy")
    assert [c.head[0] for c in place.copies()] == [2, copy.head[0]]


def test_an_agent_that_starts_again_goes_by_what_was_noted(place: Place) -> None:
    place.terminal.store.note(last_backup_at=place.clock.ms - BACKUP_MS + 60_000)
    place.backups.look()
    assert place.backups._process is None
    place.clock.pass_seconds(61)
    place.backups.look()
    place.look_until("a copy")
    assert len(place.copies()) == 1


def test_a_last_copy_in_the_future_of_a_clock_set_back_holds_up_nothing(place: Place) -> None:
    place.terminal.store.note(last_backup_at=place.clock.ms + 10 * BACKUP_MS)
    place.backups.look()
    place.look_until("a copy")
    assert len(place.copies()) == 1


def test_a_missing_stick_is_told_and_tried_again_r29(place: Place) -> None:
    place.stick.rmdir()
    place.backups.look()
    place.look_until("the failure")
    status, failed_at = place.status(), place.clock.ms
    assert (status.backup_failing_since, status.last_backup_at) == (failed_at, None)
    assert status.backup_error is not None
    assert "plug the stick in" in status.backup_error
    place.stick.mkdir()
    place.clock.pass_seconds(AGAIN_MS / 1000 - 1)
    place.backups.look()
    assert place.backups._process is None
    place.clock.pass_seconds(2)
    place.backups.look()
    place.look_until("a copy")
    status = place.status()
    assert (status.backup_failing_since, status.backup_error) == (None, None)
    assert status.last_backup_at == place.clock.ms
    assert len(place.copies()) == 1


def test_a_stick_that_hangs_is_told_once_and_left_behind_r29(place: Place) -> None:
    place.hang()
    place.backups.look()
    place.backups.look()
    assert place.status().backup_error is None
    place.clock.pass_seconds(HANGS_AFTER_MS / 1000 + 1)
    place.backups.look()
    error = place.status().backup_error
    assert error is not None
    assert "hangs" in error
    place.backups.stop()
    assert place.backups._process is not None
    assert place.backups._process.wait(20) < 0


def test_a_backup_that_is_killed_is_told(place: Place) -> None:
    place.hang()
    place.backups.look()
    assert place.backups._process is not None
    place.backups._process.kill()
    place.look_until("its end")
    assert "ended before its end" in (place.status().backup_error or "")


def test_without_a_journal_nothing_is_made(tmp_path: Path, platform: SimulatedPlatform) -> None:
    """Whoever begins a journal looks into delivery's file first."""
    config = write_settings(tmp_path, platform.url)
    backups = Backups(tmp_path / "storage", config, StillClock())
    backups.look()
    assert backups._process is None
    assert not (tmp_path / "storage").exists()


def test_the_agent_makes_a_copy_pushes_meanwhile_and_ends_at_once_on_a_hanging_stick(
    place: Place, platform: SimulatedPlatform
) -> None:
    place.terminal.rate(3)
    with AgentProcess(place.config) as agent:
        agent.wait_for_log("backed-up")
        assert agent.terminate() == 0
    (copy,) = place.copies()
    assert stat.S_IMODE((copy.path / "signing.key").stat().st_mode) == 0o600
    assert json.loads((copy.path / "manifest.json").read_text())["device_id"] == DEVICE

    (copy.path / "manifest.json").unlink()
    os.mkfifo(copy.path / "manifest.json")
    place.terminal.store.note(last_backup_at=None)
    with AgentProcess(place.config) as agent:
        agent.wait_for_log("started")
        (place.terminal.rate(),)
        platform.wait_for(lambda platform: platform.count("rating") == 4)
        wait_until(lambda: _is_hanging(place), "the backup hangs")
        place.terminal.rate()
        platform.wait_for(lambda platform: platform.count("rating") == 5)
        assert agent.terminate() == 0


def _is_hanging(place: Place) -> bool:
    """Whether a process waits at the pipe that stands for the stick."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if b"sync_agent.backup_process" in command and str(place.config).encode() in command:
            return True
    return False
