"""The window API's contract, kept by the real station on a real journal."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_app.window.service import WindowService
from tests.window.window_rig import INVITE_SECONDS, WindowRig
from tests.window_api.window_service_contract import WindowServiceContract, WindowUnderTest


class StationUnderTest:
    def __init__(self, rig: WindowRig) -> None:
        self._rig = rig

    @property
    def service(self) -> WindowService:
        return self._rig.station

    def rate(self) -> None:
        self._rig.key("satisfied")

    def let_the_invitation_expire(self) -> None:
        self._rig.pass_time(INVITE_SECONDS + 1)

    def invitations(self) -> int:
        return len(self._rig.records("rating_invited"))


class TestStation(WindowServiceContract):
    @pytest.fixture
    def window(self, tmp_path: Path) -> Iterator[WindowUnderTest]:
        rig = WindowRig(tmp_path)
        yield StationUnderTest(rig)
        rig.close()
