from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.window.window_rig import WindowRig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[WindowRig]:
    rig = WindowRig(tmp_path)
    yield rig
    rig.close()
