from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_agent.deliveries import Deliveries
from sync_agent.simulated.platform import SimulatedPlatform
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
