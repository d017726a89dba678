"""A terminal and a platform with a hall, and the agent's errands between them over real HTTP."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from kiosk_app.configuration import load_settings
from kiosk_app.domain.health import Area, area_of
from kiosk_app.health import terminal_problems
from kiosk_app.journal.hall import HallStore
from sync_agent.deliveries import Deliveries
from sync_agent.errands import Errands
from sync_agent.simulated.platform import SimulatedPlatform
from tests.sync_agent.support import DEVICE, Terminal, client_for, longest_wait, write_settings


class HallLink:
    """The errands of one agent; `deliver` is its pushing."""

    def __init__(
        self,
        directory: Path,
        terminal: Terminal,
        platform: SimulatedPlatform,
        *,
        profile: str = "window",
        device_id: str = DEVICE,
    ) -> None:
        self.terminal = terminal
        self.platform = platform
        config = write_settings(directory, platform.url, profile=profile, device_id=device_id)
        self.settings = load_settings(config)
        self.restart()

    def restart(self) -> None:
        """What a restarted agent would start with."""
        errands = Errands.open(self.settings, self.terminal.clock)
        assert errands is not None
        self.errands = errands

    def close(self) -> None:
        self.errands.close()

    def deliver(self) -> None:
        """Push what is due."""
        with client_for(self.platform, self.terminal.clock) as client:
            deliveries = Deliveries(
                self.terminal.journal, self.terminal.store, client, self.terminal.clock, longest_wait
            )
            deliveries.run_round()

    def pass_seconds(self, seconds: float) -> None:
        """Time passes here and at the platform."""
        self.terminal.clock.pass_seconds(seconds)
        self.platform.clock_offset += timedelta(seconds=seconds)

    def held(self) -> dict[str, list[Any]]:
        """Everything that the hall store holds, by section, as other processes read it."""
        with closing(HallStore.open(self.terminal.directory)) as hall:
            sections = hall._connection.execute("SELECT DISTINCT section FROM entries").fetchall()
            return {section: hall.entries(section) for (section,) in sections}

    def photos(self) -> list[str]:
        """The digests of the photos that are here."""
        directory = self.terminal.directory / "photos"
        return sorted(path.name for path in directory.iterdir()) if directory.is_dir() else []

    def health(self) -> dict[str, str]:
        """What health tells of the platform and what comes from it, by code."""
        problems = terminal_problems(self.settings, self.terminal.clock.now())
        return {p.code: p.text for p in problems if area_of(p.code) in (Area.PLATFORM, Area.HALL_DATA, Area.CLOCK)}

    def asked(self, what: str) -> list[Any]:
        """The requests so far whose path ends so or contains it."""
        return [request for request in self.platform.requests if what in request.target]
