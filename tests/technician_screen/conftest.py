from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.technician_screen.technician_rig import TechnicianRig


@pytest.fixture
def make_rig(tmp_path: Path) -> Iterator[Callable[..., TechnicianRig]]:
    rigs: list[TechnicianRig] = []

    def make(profile: str = "window", more: str = "") -> TechnicianRig:
        rigs.append(TechnicianRig(tmp_path, profile, more))
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.close()


@pytest.fixture
def rig(make_rig: Callable[..., TechnicianRig]) -> TechnicianRig:
    return make_rig()
