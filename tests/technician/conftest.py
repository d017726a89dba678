from pathlib import Path

import pytest

from tests.manual_clock import ManualClock
from tests.technician.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(tmp_path, capsys)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()
