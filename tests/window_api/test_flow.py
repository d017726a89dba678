"""The whole contract of interfaces §6 on the window in memory."""

import pytest

from tests.window_api.fake_window import FakeWindow
from tests.window_api.window_service_contract import WindowServiceContract


class TestFakeWindow(WindowServiceContract):
    @pytest.fixture
    def window(self) -> FakeWindow:
        return FakeWindow()
