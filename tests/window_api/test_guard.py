"""Who may come in: Host, Origin and token (interfaces §6)."""

import socket

import pytest

from kiosk_app.window.window_api.own_hosts import is_own_host, is_own_origin
from kiosk_app.window.window_api.server import WindowApiServer
from tests.window_api.api_client import TOKEN, ApiClient, problem, read_answer
from tests.window_api.conftest import Stopwatch
from tests.window_api.fake_window import FakeWindow

LOOPBACK = ("127.0.0.1", 8711)
OUTSIDE = ("10.1.2.3", 8711)


@pytest.mark.parametrize(
    ("host", "arrived_at"),
    [
        ("127.0.0.1:8711", LOOPBACK),
        ("127.0.0.1", LOOPBACK),
        ("localhost:8711", LOOPBACK),
        ("LocalHost:8711", LOOPBACK),
        ("[::1]:8711", LOOPBACK),
        ("127.0.0.1:8711", ("127.0.0.2", 8711)),
        ("127.0.0.2:8711", ("127.0.0.2", 8711)),
        ("localhost:8711", ("::1", 8711)),
        ("[::1]:8711", ("::1", 8711)),
        ("[0:0:0:0:0:0:0:1]:8711", ("::1", 8711)),
        ("127.0.0.1:8711", ("::ffff:127.0.0.1", 8711)),
        ("10.1.2.3:8711", OUTSIDE),
        (f"{socket.gethostname()}:8711", OUTSIDE),
        (f"{socket.gethostname().upper()}", OUTSIDE),
    ],
)
def test_this_terminal_goes_by_its_own_names(host: str, arrived_at: tuple[str, int]) -> None:
    assert is_own_host(host, arrived_at)
    assert is_own_origin(f"http://{host.removesuffix(':8711')}:8711", arrived_at)


@pytest.mark.parametrize(
    ("host", "arrived_at"),
    [
        ("evil.example:8711", LOOPBACK),
        ("evil.example", LOOPBACK),
        ("127.0.0.1:80", LOOPBACK),
        ("127.0.0.1:", LOOPBACK),
        ("127.0.0.1:8711:8711", LOOPBACK),
        ("127.0.0.2:8711", LOOPBACK),
        ("evil@127.0.0.1:8711", LOOPBACK),
        ("127.0.0.1.evil.example:8711", LOOPBACK),
        ("localhost.:8711", LOOPBACK),
        ("localhost:8711", OUTSIDE),
        ("127.0.0.1:8711", OUTSIDE),
        ("[::1]:8711", OUTSIDE),
        ("10.1.2.4:8711", OUTSIDE),
        ("::1", ("::1", 8711)),
        ("", LOOPBACK),
        (":8711", LOOPBACK),
    ],
)
def test_other_names_are_foreign(host: str, arrived_at: tuple[str, int]) -> None:
    assert not is_own_host(host, arrived_at)
    assert not is_own_origin(f"http://{host}", arrived_at)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://127.0.0.1",
        "https://127.0.0.1",
        "file://",
        "ftp://127.0.0.1:8711",
        "127.0.0.1:8711",
        "http://127.0.0.1:8711/",
    ],
)
def test_other_origins_are_foreign(origin: str) -> None:
    assert not is_own_origin(origin, LOOPBACK)


def test_an_origin_without_a_port_means_the_port_of_its_scheme() -> None:
    assert is_own_origin("http://10.1.2.3", ("10.1.2.3", 80))
    assert is_own_origin("https://10.1.2.3", ("10.1.2.3", 443), "https")


def test_the_same_address_by_another_scheme_is_another_origin() -> None:
    assert not is_own_origin("https://127.0.0.1:8711", LOOPBACK)
    assert not is_own_origin("http://127.0.0.1:8711", LOOPBACK, "https")


@pytest.mark.parametrize("path", ["/v1/window", "/v1/health", "/v1/nowhere"])
def test_a_foreign_host_is_answered_before_anything_else(refusing_api: ApiClient, path: str) -> None:
    answer = refusing_api.get(path, Host="evil.example", Origin="http://evil.example", Authorization="")
    assert answer.status_code == 421
    assert f"{refusing_api.address[0]} port {refusing_api.address[1]}" in problem(answer)["detail"]


@pytest.mark.parametrize("path", ["/v1/window", "/v1/health", "/v1/nowhere"])
@pytest.mark.parametrize("origin", ["null", "http://evil.example"])
def test_a_foreign_origin_is_answered_before_the_token_is_looked_at(
    refusing_api: ApiClient, path: str, origin: str
) -> None:
    assert refusing_api.get(path, Origin=origin, Authorization="").status_code == 403


def test_a_page_of_the_terminal_itself_may_call(api: ApiClient) -> None:
    assert api.get("/v1/window", Origin=f"http://localhost:{api.address[1]}").status_code == 200


def test_one_own_origin_does_not_cover_a_foreign_one(api: ApiClient) -> None:
    with api.connect() as connection:
        own = f"Origin: http://127.0.0.1:{api.address[1]}"
        connection.sendall(api.head_of("GET", "/v1/window", own, "Origin: http://evil.example"))
        assert read_answer(connection)[0] == 403


def test_a_request_without_host_is_refused(api: ApiClient) -> None:
    with api.connect() as connection:
        connection.sendall(b"GET /v1/health HTTP/1.0\r\n\r\n")
        assert read_answer(connection)[0] == 421


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Bearer wrong", "Basic d2luZG93OnRva2Vu", "bearer令".encode().decode("latin-1")],
)
def test_without_the_token_nothing_is_told(api: ApiClient, authorization: str) -> None:
    answer = api.get("/v1/window", Authorization=authorization)
    assert answer.status_code == 401
    assert "12" not in answer.text
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", ["/v1", "/v1/nowhere", "/v1/health/", "/docs", "/clerk/nowhere"])
def test_without_the_token_nothing_but_health_is_there(api: ApiClient, path: str) -> None:
    assert api.get(path, Authorization="").status_code == 401
    assert api.get(path).status_code == 404


def test_where_there_are_no_clerks_there_is_no_page(api: ApiClient) -> None:
    with api.connect() as connection:
        connection.sendall(api.head_of("GET", "/").replace(b"Bearer", b"Basic"))
        assert read_answer(connection)[0] == 401
        connection.sendall(api.head_of("GET", "/"))
        assert read_answer(connection)[0] == 404


def test_an_address_like_that_of_health_needs_the_token(api: ApiClient) -> None:
    assert api.get("/v1/health%0A", Authorization="").status_code == 401


def test_health_needs_no_token(api: ApiClient) -> None:
    assert api.get("/v1/health", Authorization="").status_code == 200
    assert api.get("/v1/health", Authorization="Bearer wrong").status_code == 200


def test_the_scheme_may_be_written_in_any_case(api: ApiClient) -> None:
    token = TOKEN.encode().decode("latin-1")
    assert api.get("/v1/window", Authorization=f"bearer {token}").status_code == 200


def test_after_ten_wrong_tokens_in_a_minute_wrong_ones_wait_for_a_minute(api: ApiClient, stopwatch: Stopwatch) -> None:
    assert [wrong(api) for _ in range(10)] == [401] * 10
    stopwatch.now += 20
    answer = api.get("/v1/window", Authorization="")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "40")
    stopwatch.now += 39.5
    assert wrong(api) == 429
    stopwatch.now += 0.5
    assert [wrong(api) for _ in range(11)] == [401] * 10 + [429]


def test_the_right_token_is_always_served(api: ApiClient) -> None:
    for _ in range(11):
        wrong(api)
    assert api.get("/v1/window").status_code == 200
    assert wrong(api) == 429


def test_wrong_tokens_spread_over_more_than_a_minute_are_not_counted_together(
    api: ApiClient, stopwatch: Stopwatch
) -> None:
    for _ in range(30):
        assert wrong(api) == 401
        stopwatch.now += 60 / 9


def test_an_address_that_a_client_gives_itself_is_not_believed(api: ApiClient) -> None:
    statuses = [
        api.get(
            "/v1/window", Authorization="", **{"X-Forwarded-For": f"10.0.0.{i}", "Forwarded": f"for=10.0.0.{i}"}
        ).status_code
        for i in range(11)
    ]
    assert statuses[-1] == 429


def test_each_address_has_its_own_count(window: FakeWindow, server: WindowApiServer, api: ApiClient) -> None:
    for _ in range(11):
        wrong(api)
    with socket.create_connection(server.address, 10, source_address=("127.0.0.9", 0)) as connection:
        connection.sendall(api.head_of("GET", "/v1/window").replace(b"Bearer", b"Basic"))
        assert read_answer(connection)[0] == 401


def test_an_empty_token_is_refused_when_the_server_is_made(window: FakeWindow) -> None:
    with pytest.raises(ValueError, match="token"):
        WindowApiServer(window, listen="127.0.0.1:0", token="")


def wrong(api: ApiClient) -> int:
    return api.get("/v1/window", Authorization="Bearer wrong").status_code
