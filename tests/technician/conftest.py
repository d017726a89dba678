import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.manual_clock import ManualClock
from tests.technician.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Terminal]:
    """Its commands run in this process; how they log is theirs alone, and no later test's."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield Terminal(tmp_path, capsys)
    root.handlers[:], root.level = before
    structlog.reset_defaults()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()
