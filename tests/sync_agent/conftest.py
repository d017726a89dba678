from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sync_agent.deliveries import Deliveries
from sync_agent.simulated.platform import SimulatedPlatform
from sync_agent.simulated.small_hall import small_hall
from tests.sync_agent.hall_link import HallLink
from tests.sync_agent.support import SECRET, Link, Terminal, client_for, longest_wait


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path / "storage")
    yield terminal
    terminal.close()


@pytest.fixture
def platform() -> Iterator[SimulatedPlatform]:
    with SimulatedPlatform(SECRET) as platform:
        yield platform
        assert platform.violations == []


@pytest.fixture
def link(terminal: Terminal, platform: SimulatedPlatform) -> Iterator[Link]:
    with client_for(platform, terminal.clock) as client:
        deliveries = Deliveries(terminal.journal, terminal.store, client, terminal.clock, longest_wait)
        yield Link(terminal, platform, client, deliveries)


@pytest.fixture
def hall_platform() -> Iterator[SimulatedPlatform]:
    """A platform that serves a small hall."""
    with SimulatedPlatform(SECRET, hall=small_hall(datetime.now(UTC))) as platform:
        yield platform
        assert platform.violations == []


@pytest.fixture
def hall_link(tmp_path: Path, terminal: Terminal, hall_platform: SimulatedPlatform) -> Iterator[HallLink]:
    link = HallLink(tmp_path, terminal, hall_platform)
    yield link
    link.close()
