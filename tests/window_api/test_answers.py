"""What is answered besides the flow of a visit: health, the window, wrong addresses, mistakes of ours."""

import pytest
from structlog.testing import capture_logs

from kiosk_app.domain.problems import Problem, Severity
from tests.window_api.api_client import ApiClient, problem
from tests.window_api.fake_window import FakeWindow

WARNING = Problem("calendar_missing", "The calendar of 2027 is not known.", "Pull it.", Severity.WARNING)
PROBLEM = Problem("binding_missing", "Nobody is bound.", "kiosk-admin bind", since="2026-11-22T14:45:53.123+08:00")


def test_a_healthy_terminal_is_ok(api: ApiClient) -> None:
    assert api.get("/v1/health").json() == {"status": "ok", "problems": []}


def test_a_warning_alone_does_not_degrade(api: ApiClient, window: FakeWindow) -> None:
    window.wrong = (WARNING,)
    health = api.get("/v1/health").json()
    assert health["status"] == "ok"
    assert health["problems"] == [
        {
            "code": "calendar_missing",
            "text": "The calendar of 2027 is not known.",
            "action": "Pull it.",
            "severity": "warning",
            "since": None,
        }
    ]


def test_a_problem_degrades(api: ApiClient, window: FakeWindow) -> None:
    window.wrong = (WARNING, PROBLEM)
    health = api.get("/v1/health").json()
    assert health["status"] == "degraded"
    assert [found["code"] for found in health["problems"]] == ["calendar_missing", "binding_missing"]
    assert health["problems"][1]["since"] == "2026-11-22T14:45:53.123+08:00"


def test_a_terminal_that_cannot_tell_how_it_is_is_degraded(api: ApiClient, window: FakeWindow) -> None:
    window.failure = RuntimeError("journal is locked")
    with capture_logs() as logs:
        answer = api.get("/v1/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert [found["code"] for found in answer.json()["problems"]] == ["health_unknown"]
    assert "locked" not in answer.text
    assert [line["event"] for line in logs] == ["health_unknown"]


def test_the_window_tells_who_serves(api: ApiClient) -> None:
    assert api.get("/v1/window").json() == {
        "number": "12",
        "staff": {"staff_no": "1203", "name": "测试甲"},
        "state": "idle",
        "visit_id": None,
    }


def test_a_window_without_a_binding_has_no_staff(api: ApiClient, window: FakeWindow) -> None:
    window.staff = None
    assert api.get("/v1/window").json()["staff"] is None


def test_what_cannot_be_kept_is_not_begun(api: ApiClient, window: FakeWindow) -> None:
    window.disk_is_full = True
    answer = api.post("/v1/visits")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "/v1/health" in problem(answer)["detail"]


def test_a_visit_that_cannot_be_looked_up_is_not_called_unknown(api: ApiClient, window: FakeWindow) -> None:
    visit_id = api.post("/v1/visits").json()["visit_id"]
    window.disk_is_full = True
    assert api.get(f"/v1/visits/{visit_id}").status_code == 503


def test_a_mistake_of_ours_is_logged_and_not_told(api: ApiClient, window: FakeWindow) -> None:
    window.failure = RuntimeError("测试甲 TESTID0000000001X")
    with capture_logs() as logs:
        answer = api.post("/v1/visits")
    assert answer.status_code == 500
    assert "RuntimeError" not in answer.text
    assert "TESTID0000000001X" not in answer.text
    assert [(line["event"], line["exc_info"]) for line in logs] == [("request_failed", True)]
    window.failure = None
    assert api.post("/v1/visits").status_code == 201


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/visits/", "/v2/visits", "/v1/visits/a/rate", "/v1/visits/a/b/c"])
def test_other_addresses_have_nothing(refusing_api: ApiClient, path: str) -> None:
    answer = refusing_api.ask("POST", path)
    assert (answer.status_code, problem(answer)["type"]) == (404, "urn:hall-kiosk:problem:unknown-address")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/visits", {"POST"}),
        ("PUT", "/v1/visits/any", {"GET", "HEAD"}),
        ("DELETE", "/v1/visits/any", {"GET", "HEAD"}),
        ("GET", "/v1/visits/any/invite", {"POST"}),
        ("PATCH", "/v1/window", {"GET", "HEAD"}),
        ("POST", "/v1/health", {"GET", "HEAD"}),
        ("OPTIONS", "/v1/window/call", {"POST"}),
    ],
)
def test_other_methods_are_told_which_are_allowed(
    refusing_api: ApiClient, method: str, path: str, allowed: set[str]
) -> None:
    answer = refusing_api.ask(method, path)
    assert (answer.status_code, problem(answer)["type"]) == (405, "urn:hall-kiosk:problem:wrong-method")
    assert set(answer.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize("path", ["/v1/window", "/v1/health", "/v1/visits/unknown"])
def test_head_is_get_without_the_body(refusing_api: ApiClient, path: str) -> None:
    head, get = refusing_api.ask("HEAD", path), refusing_api.get(path)
    assert (head.status_code, head.headers["Content-Length"]) == (get.status_code, get.headers["Content-Length"])
