from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.window.window_rig import CODES, WindowRig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[WindowRig]:
    rig = WindowRig(tmp_path)
    yield rig
    rig.close()


@pytest.fixture
def coded(tmp_path: Path) -> Iterator[WindowRig]:
    """A window that gives every visit a code, and has a printer."""
    rig = WindowRig(tmp_path, codes=CODES, printer=True)
    yield rig
    rig.close()
