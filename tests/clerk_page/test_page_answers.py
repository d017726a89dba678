"""The OpenAPI file and the page's routes say the same, in both directions."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import Mock

import pytest
import requests
from structlog.testing import capture_logs

from kiosk_app.window.clerk_page.door import Door, DoorStuckError
from kiosk_app.window.window_api.server import WindowApiServer
from tests.clerk_page.clerk import WRONG, ClerkClient
from tests.window_api.fake_window import FakeWindow
from tests.window_api.openapi_file import Operation, operations

OPERATIONS = sorted((operation for operation in operations() if operation.is_of_the_page), key=str)


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_every_declared_status_is_answered_and_no_other(
    operation: Operation, server: WindowApiServer, clerk: ClerkClient, window: FakeWindow
) -> None:
    """Each answer is held against the file by `ClerkClient`; 408 has a test of its own."""
    with capture_logs():
        assert server._clerks is not None
        ask = Asking(operation, clerk, window, server._clerks.door)
        statuses = {answer.status_code for answer in provoked(ask)}
    assert statuses == operation.statuses - {408}


def provoked(ask: "Asking") -> Iterator[requests.Response]:
    """Every answer that an operation has."""
    operation = ask.operation
    yield ask(Host="evil.example")
    yield ask(Origin="https://evil.example")
    yield ask()
    if 404 in operation.statuses:
        yield ask(named="unknown")
    if operation.method == "POST":
        yield from (ask(body) for body in (b"{", {"level": "satisfied"}, b" " * 70_000))
        yield ask(b"{}", Content_Type="text/plain")
    yield from conflicts(ask)
    yield from unavailable(ask)
    yield from strangers(ask)


class Asking:
    """Asks one operation, at a window that it suits."""

    def __init__(self, operation: Operation, clerk: ClerkClient, window: FakeWindow, door: Door) -> None:
        self.operation, self.clerk, self.window, self.door = operation, clerk, window, door

    def __call__(self, body: object = None, named: str | None = None, **headers: str) -> requests.Response:
        if named is None:
            named = "page.js" if "{name}" in self.operation.path else self._opened_visit()
        path = self.operation.path.replace("{name}", named).replace("{visit_id}", named)
        if self.operation.path.endswith("sign-in") and body is None:
            body = {"staff_no": "1203", "pin": "2580"}
        if self.operation.method == "POST":
            json = {"Content_Type": "application/json"} if isinstance(body, bytes) else {}
            return self.clerk.post(path, body, **{**json, **headers})
        return self.clerk.ask(self.operation.method, path, **headers)

    def _opened_visit(self) -> str:
        """An open visit where one is needed; else the window is idle."""
        self.window.resume()
        if self.window.window().visit_id is not None:
            self.window.rate()
        if "{visit_id}" not in self.operation.path:
            return ""
        visit_id: str = self.clerk.post("/clerk/visits").json()["visit_id"]
        return visit_id


def conflicts(ask: Asking) -> Iterator[requests.Response]:
    """202 of a pause that waits, and 409 where the operation has one."""
    if ask.operation.path == "/clerk/pause":
        ask.clerk.post("/clerk/visits")
        yield ask.clerk.post("/clerk/pause")
    if 409 in ask.operation.statuses:
        visit_id = ask.clerk.post("/clerk/visits").json()["visit_id"]
        ask.clerk.post(f"/clerk/visits/{visit_id}/invite")
        if ask.operation.path.endswith("invite"):
            ask.window.rate()
        yield ask.clerk.post(ask.operation.path.replace("{visit_id}", visit_id))


def unavailable(ask: Asking) -> Iterator[requests.Response]:
    """500 and 503, where the operation has them."""
    for status, error in ((500, RuntimeError("a mistake")), (503, DoorStuckError("disk I/O error"))):
        if status in ask.operation.statuses:
            with at_the_door(ask.door, error):
                yield ask(named="any")


@contextmanager
def at_the_door(door: Door, error: Exception) -> Iterator[None]:
    """Meanwhile nobody can be looked up."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("sign_in", "person"):
            patch.setattr(door, name, Mock(side_effect=error))
        yield


def strangers(ask: Asking) -> Iterator[requests.Response]:
    """401 and 429."""
    if ask.operation.path.endswith("sign-in"):
        yield from (ask.clerk.sign_in(pin=WRONG) for _ in range(6))
    elif 401 in ask.operation.statuses:
        ask.clerk.post("/clerk/sign-out")
        yield ask(named="any")
