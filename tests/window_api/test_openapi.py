"""The OpenAPI file and the server say the same, in both directions (interfaces §6)."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests
from openapi_spec_validator import validate
from pydantic import ValidationError
from structlog.testing import capture_logs

from kiosk_app.window.clerk_page.bodies import OpenBody, SignInBody
from kiosk_app.window.clerk_page.door import Door
from kiosk_app.window.clerk_page.routes import ClerkPage
from kiosk_app.window.window_api.bodies import Body, CallBody, NoBody, OpenVisitBody, PauseBody
from kiosk_app.window.window_api.guard import PLACES
from kiosk_app.window.window_api.problem_documents import Kind
from kiosk_app.window.window_api.routes import WindowApi
from tests.window_api.api_client import ApiClient, read_answer
from tests.window_api.fake_window import FakeWindow
from tests.window_api.openapi_file import DOCUMENT, Operation, check_schema, operations

OPERATIONS = sorted((operation for operation in operations() if not operation.is_of_the_page), key=str)
"""What business systems ask; tests/clerk_page does the same with what the page asks."""
POSTS = [operation for operation in OPERATIONS if operation.method == "POST"]
BODIES: dict[str, type[Body]] = {
    "Nothing": NoBody,
    "OpenVisit": OpenVisitBody,
    "Call": CallBody,
    "Pause": PauseBody,
    "SignIn": SignInBody,
    "ClerkOpen": OpenBody,
}


def test_the_file_is_valid() -> None:
    validate(DOCUMENT)


def test_the_file_has_every_route_and_the_server_every_operation(tmp_path: Path) -> None:
    page = ClerkPage(FakeWindow(), Door(tmp_path), "", 1)
    routes = {
        (method, route.path)
        for route in [*WindowApi(FakeWindow(), 1).routes(), *page.routes()]
        for method in route.methods or ()
    }
    assert routes == {(operation.method, operation.path) for operation in operations()}


def test_the_file_has_every_type_of_problem() -> None:
    assert set(DOCUMENT["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]) == {
        kind.type for kind in Kind
    }


def test_every_problem_has_a_title_of_its_own() -> None:
    assert len({kind.value for kind in Kind}) == len(Kind)


@pytest.mark.parametrize("name", BODIES)
def test_the_file_has_every_key_of_a_body(name: str) -> None:
    schema = DOCUMENT["components"]["schemas"][name]
    assert schema.get("properties", {}).keys() == BODIES[name].model_fields.keys()
    required = {key for key, field in BODIES[name].model_fields.items() if field.is_required()}
    assert set(schema.get("required", [])) == required


def test_the_examples_are_taken() -> None:
    for operation in (operation for operation in operations() if operation.method == "POST"):
        content = DOCUMENT["paths"][operation.path]["post"]["requestBody"].get("content")
        if content is not None:
            media = content["application/json"]
            check_schema(media["example"], media["schema"])
            name = media["schema"]["$ref"].rpartition("/")[2]
            BODIES[name].model_validate(media["example"])


def test_the_schema_of_a_visit_refuses_what_the_server_refuses(refused_visit: dict[str, Any]) -> None:
    schema = {"$ref": "#/components/schemas/OpenVisit"}
    with pytest.raises(ValidationError):
        OpenVisitBody.model_validate(refused_visit)
    with pytest.raises(Exception, match="Failed validating"):
        check_schema(refused_visit, schema)


@pytest.fixture(
    params=[
        {"level": "very_satisfied"},
        {"cases": [{}] * 51},
        {"cases": [{"assess_number": 100}]},
        {"cases": [{"assess_number": 0}]},
        {"cases": [{"item_name": "项" * 201}]},
        {"cases": [{"stage": True}]},
        {"staff_no": "1" * 33},
        {"ticket_no": 1},
        {"user": {"level": "5"}},
        {"invite": "yes"},
        {"ticket_no": "A\n001"},
    ],
    ids=lambda body: json.dumps(body)[:40],
)
def refused_visit(request: pytest.FixtureRequest) -> dict[str, Any]:
    body: dict[str, Any] = request.param
    return body


@pytest.fixture
def patience_seconds() -> int:
    """No request that takes a place may lose it while the next ones take theirs."""
    return 60


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_every_declared_status_is_answered_and_no_other(
    operation: Operation, api: ApiClient, window: FakeWindow
) -> None:
    """Each answer is held against the file by `ApiClient`; 408 takes its time, so it has a test for all at once."""
    with capture_logs():
        statuses = {answer.status_code for answer in provoked(operation, api, window)}
    assert statuses == operation.statuses - {408}


def provoked(operation: Operation, api: ApiClient, window: FakeWindow) -> Iterator[requests.Response]:
    """Every answer that an operation has."""

    def ask(body: object = None, visit: str | None = None, **headers: str) -> requests.Response:
        visit_id = visit or opened(api, window)
        return api.ask(operation.method, operation.path.replace("{visit_id}", visit_id), body, **headers)

    yield ask(Host="evil.example")
    yield ask(Origin="https://evil.example")
    yield from successes(operation, api, window)
    if not operation.needs_token:
        return
    if "{visit_id}" in operation.path:
        yield ask(visit="unknown")
    if operation.method == "POST":
        yield from (ask(body) for body in (b"{", {"level": "satisfied"}, b" " * 70_000))
        yield from refused(operation, api, window)
    yield from unavailable(operation, api, window)
    for _ in range(11):
        yield ask(visit="any", Authorization="Bearer wrong")


def successes(operation: Operation, api: ApiClient, window: FakeWindow) -> Iterator[requests.Response]:
    body = {"ticket_no": "A001"} if operation.path.endswith("call") else None
    if operation.path == "/v1/window/pause":
        opened(api, window)
        yield api.post(operation.path)
    if "{visit_id}" in operation.path:
        path = operation.path.replace("{visit_id}", opened(api, window))
    else:
        make_idle(window)
        path = operation.path
    yield api.ask(operation.method, path, body)


def refused(operation: Operation, api: ApiClient, window: FakeWindow) -> Iterator[requests.Response]:
    """409, where the operation has one."""
    visit_id = opened(api, window, invite=True)
    if operation.path.endswith("invite"):
        window.rate()
    if 409 in operation.statuses:
        body = {"ticket_no": "A001"} if operation.path.endswith("call") else None
        yield api.post(operation.path.replace("{visit_id}", visit_id), body)


def unavailable(operation: Operation, api: ApiClient, window: FakeWindow) -> Iterator[requests.Response]:
    """500 and 503."""
    path = operation.path.replace("{visit_id}", "any")
    body = {"ticket_no": "A001"} if operation.path.endswith("call") else None
    window.failure = RuntimeError("a mistake")
    yield api.ask(operation.method, path, body)
    window.failure = None
    with ExitStack() as places:
        take_all_places(api, places)
        yield api.ask(operation.method, path, body)


def take_all_places(api: ApiClient, places: ExitStack) -> None:
    """Keep as many requests as there are places waiting for their bodies."""
    for _ in range(PLACES):
        connection = places.enter_context(api.connect())
        connection.sendall(api.head_of("POST", "/v1/visits", "Content-Length: 2", "Expect: 100-continue"))
        assert connection.recv(4096).startswith(b"HTTP/1.1 100")


def make_idle(window: FakeWindow) -> None:
    window.resume()
    if window.window().visit_id is not None:
        window.rate()


def opened(api: ApiClient, window: FakeWindow, *, invite: bool = False) -> str:
    make_idle(window)
    visit_id: str = api.post("/v1/visits", {"invite": invite}).json()["visit_id"]
    return visit_id


def test_every_operation_with_a_body_answers_one_that_does_not_come(refusing_api: ApiClient) -> None:
    with ExitStack() as stack:
        connections = [stack.enter_context(refusing_api.connect()) for _ in POSTS]
        for operation, connection in zip(POSTS, connections, strict=True):
            path = operation.path.replace("{visit_id}", "any")
            connection.sendall(refusing_api.head_of("POST", path, "Content-Length: 20") + b'{"user')
        for operation, connection in zip(POSTS, connections, strict=True):
            status, headers, body = read_answer(connection)
            assert status == 408
            operation.check(status, headers, body)
