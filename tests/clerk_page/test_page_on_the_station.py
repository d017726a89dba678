"""The page's contract, kept by the real station on a real journal."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clerk_page.clerk import ClerkClient
from tests.clerk_page.clerk_page_contract import ClerkPageContract
from tests.window.test_api_on_the_station import StationUnderTest
from tests.window.window_rig import WindowRig
from tests.window_api.window_service_contract import WindowUnderTest


class TestStation(ClerkPageContract):
    @pytest.fixture
    def rig(self, storage: Path) -> Iterator[WindowRig]:
        rig = WindowRig(storage)
        yield rig
        rig.close()

    @pytest.fixture
    def window(self, rig: WindowRig) -> WindowUnderTest:
        return StationUnderTest(rig)

    def test_the_record_says_that_the_page_opened_it_and_in_whose_name(
        self, clerk: ClerkClient, rig: WindowRig
    ) -> None:
        clerk.post("/clerk/visits", {"ticket_no": "A001"})
        (record,) = rig.records("visit_opened")
        assert record.payload["opened_by"] == "staff_page"
        assert record.payload["ticket_no"] == "A001"
        assert (record.payload["staff_no"], record.payload["staff_no_called"]) == ("1203", "1203")
