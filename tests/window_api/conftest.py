from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from kiosk_app.window.window_api.server import WindowApiServer
from tests.window_api.api_client import TOKEN, ApiClient
from tests.window_api.fake_window import FakeWindow


class Stopwatch:
    """A monotonic clock that the test turns."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def window() -> FakeWindow:
    return FakeWindow()


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def patience_seconds() -> int:
    return 1


@contextmanager
def serving(window: FakeWindow, stopwatch: Stopwatch, patience_seconds: int) -> Iterator[WindowApiServer]:
    server = WindowApiServer(
        window, listen="127.0.0.1:0", token=TOKEN, monotonic=stopwatch, patience_seconds=patience_seconds
    )
    server.start()
    with closing(server):
        yield server


@pytest.fixture
def server(window: FakeWindow, stopwatch: Stopwatch, patience_seconds: int) -> Iterator[WindowApiServer]:
    with serving(window, stopwatch, patience_seconds) as server:
        yield server


@pytest.fixture
def api(server: WindowApiServer) -> Iterator[ApiClient]:
    with ApiClient(server.address) as api:
        yield api


@pytest.fixture(scope="module")
def refusing_api() -> Iterator[ApiClient]:
    """One server for many requests that must all be refused; it fails if one of them had an effect."""
    window = FakeWindow()
    with serving(window, Stopwatch(), 1) as server, ApiClient(server.address) as api:
        yield api
        assert (window.requests, window.away_signs) == ([], [])
