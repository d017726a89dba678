import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_app.window.window_api.server import WindowApiServer
from tests.clerk_page.clerk import ClerkClient, Clocks, serving, write_staff
from tests.window_api.fake_window import FakeWindow


@pytest.fixture(scope="session")
def hall_with_pins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("hall")
    write_staff(directory)
    return directory


@pytest.fixture
def storage(hall_with_pins: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(hall_with_pins, tmp_path / "storage"))


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def window() -> FakeWindow:
    return FakeWindow()


@pytest.fixture
def server(window: FakeWindow, storage: Path, clocks: Clocks) -> Iterator[WindowApiServer]:
    with serving(window, storage, clocks) as server:
        yield server


@pytest.fixture
def stranger(server: WindowApiServer) -> Iterator[ClerkClient]:
    """A browser in which nobody is signed in."""
    with ClerkClient(server.address) as stranger:
        yield stranger


@pytest.fixture
def clerk(server: WindowApiServer) -> Iterator[ClerkClient]:
    """A browser in which the clerk who is bound to the window is signed in."""
    with ClerkClient(server.address) as clerk:
        assert clerk.sign_in().status_code == 204
        yield clerk
