"""Who may be the page: Host, Origin, Sec-Fetch-Site, content type; what stays the business systems' (interfaces §6)."""

import socket
from contextlib import ExitStack

import pytest

from kiosk_app.window.clerk_page.routes import SIGNED_IN_PLACES, SIGNING_IN_PLACES
from kiosk_app.window.window_api.guard import PLACES
from kiosk_app.window.window_api.server import WindowApiServer
from tests.clerk_page.clerk import ClerkClient, kind_of
from tests.window_api.api_client import TOKEN, ApiClient, read_answer
from tests.window_api.fake_window import FakeWindow
from tests.window_api.openapi_file import operation_of

ACTIONS = ["/clerk/visits", "/clerk/visits/x/invite", "/clerk/visits/x/end", "/clerk/pause", "/clerk/resume"]
STARLETTES_THREADS = 40
SIGNS = ["/clerk/sign-in", "/clerk/sign-out", "/clerk/stay"]


@pytest.mark.parametrize("path", ["/", "/clerk/files/page.js", "/clerk/state", "/clerk/nowhere", *ACTIONS, *SIGNS])
def test_a_foreign_host_is_answered_before_anything_else(clerk: ClerkClient, path: str) -> None:
    assert clerk.get(path, Host="evil.example").status_code == 421
    assert clerk.post(path, Host="evil.example").status_code == 421


@pytest.mark.parametrize("path", [*ACTIONS, *SIGNS])
@pytest.mark.parametrize(
    "origin", ["null", "http://evil.example", "http://127.0.0.1:1", "http://127.0.0.1", "https://127.0.0.1:{port}"]
)
def test_a_page_of_another_origin_cannot_act_even_with_the_cookie(
    clerk: ClerkClient, window: FakeWindow, path: str, origin: str
) -> None:
    window.called.clear()
    answer = clerk.post(path, Origin=origin.replace("{port}", str(clerk.address[1])))
    assert (answer.status_code, kind_of(answer)) == (403, "foreign-origin")
    assert not window.called.is_set()


def test_a_page_of_this_machine_by_another_of_its_names_is_another_page(clerk: ClerkClient) -> None:
    """For programs both names are this terminal; the page is opened by one of them."""
    answer = clerk.post("/clerk/resume", Origin=f"http://localhost:{clerk.address[1]}")
    assert (answer.status_code, kind_of(answer)) == (403, "foreign-origin")
    host = f"localhost:{clerk.address[1]}"
    cookie = f"clerk={clerk.session.cookies['clerk']}"
    assert clerk.post("/clerk/resume", Host=host, Origin=f"http://{host}", Cookie=cookie).status_code == 200


@pytest.mark.parametrize("path", [*ACTIONS, *SIGNS])
def test_what_does_not_say_where_it_comes_from_cannot_act(clerk: ClerkClient, path: str) -> None:
    assert kind_of(clerk.post(path, Origin="")) == "foreign-origin"


def test_a_browser_that_says_same_origin_needs_no_origin(clerk: ClerkClient) -> None:
    assert clerk.post("/clerk/resume", Origin="", Sec_Fetch_Site="same-origin").status_code == 200


@pytest.mark.parametrize("site", ["same-site", "cross-site", "nonsense"])
@pytest.mark.parametrize("path", ["/clerk/state", *ACTIONS, *SIGNS])
def test_what_the_browser_says_comes_from_elsewhere_is_refused(clerk: ClerkClient, path: str, site: str) -> None:
    method = "GET" if path == "/clerk/state" else "POST"
    answer = clerk.ask(method, path, {}, Origin=clerk.origin, Sec_Fetch_Site=site)
    assert (answer.status_code, kind_of(answer)) == (403, "foreign-origin")


def test_a_link_from_another_page_may_lead_here(stranger: ClerkClient) -> None:
    assert stranger.get("/", Sec_Fetch_Site="cross-site").status_code == 200


@pytest.mark.parametrize("path", [*ACTIONS, *SIGNS])
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_a_form_could_send_cannot_act(clerk: ClerkClient, path: str, kind: str) -> None:
    answer = clerk.post(path, b"{}", Content_Type=kind)
    assert (answer.status_code, kind_of(answer)) == (415, "wrong-content-type")


def test_json_with_its_encoding_named_is_json(clerk: ClerkClient) -> None:
    assert clerk.post("/clerk/resume", b"{}", Content_Type="application/json; charset=utf-8").status_code == 200


@pytest.mark.parametrize("path", [*ACTIONS, "/clerk/sign-in", "/clerk/sign-out", "/clerk/stay"])
def test_nothing_acts_by_a_link(clerk: ClerkClient, window: FakeWindow, path: str) -> None:
    window.called.clear()
    answer = clerk.get(path)
    assert (answer.status_code, kind_of(answer), answer.headers["Allow"]) == (405, "wrong-method", "POST")
    assert not window.called.is_set()


@pytest.mark.parametrize(
    "path",
    [
        "/clerk/nowhere",
        "/clerk/",
        "/clerk/files/",
        "/clerk/files/../routes.py",
        "/clerk/files/%2e%2e%2froutes.py",
        "/clerk/files/routes.py",
    ],
)
def test_elsewhere_below_the_page_there_is_nothing(stranger: ClerkClient, path: str) -> None:
    answer = stranger.get(path)
    assert (answer.status_code, kind_of(answer)) in {(404, "unknown-address"), (401, "token-required")}


@pytest.mark.parametrize("path", ["/clerk", "/v1/window", "/v1/visits/x", "//", "/index.html", "/%0A", "/clerkx/"])
def test_a_session_opens_nothing_but_the_page(server: WindowApiServer, clerk: ClerkClient, path: str) -> None:
    cookie = clerk.session.cookies["clerk"]
    with ApiClient(server.address) as api:
        assert api.get(path, Authorization="", Cookie=f"clerk={cookie}").status_code == 401


@pytest.mark.parametrize("path", ["/clerk/stay", "/clerk/visits"])
def test_the_token_opens_nothing_of_the_page(stranger: ClerkClient, path: str) -> None:
    token = f"Bearer {TOKEN}".encode().decode("latin-1")
    assert stranger.post(path, Authorization=token).status_code == 401


def test_tries_at_the_page_count_as_no_wrong_tokens(server: WindowApiServer, stranger: ClerkClient) -> None:
    for _ in range(12):
        assert stranger.post("/clerk/stay").status_code == 401
    with ApiClient(server.address) as api:
        assert api.get("/v1/window", Authorization="").status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 400), (b" " * 70_000, 413), (b'{"a":1}', 422), (b'{"level":"satisfied"}', 422)],
)
@pytest.mark.parametrize("path", [*ACTIONS, *SIGNS])
def test_bodies_are_as_strict_as_the_apis(clerk: ClerkClient, path: str, body: bytes, status: int) -> None:
    assert clerk.post(path, body, Content_Type="application/json").status_code == status


def head_of(clerk: ClerkClient, path: str, *lines: str) -> bytes:
    start = [f"POST {path} HTTP/1.1", f"Host: {clerk.address[0]}:{clerk.address[1]}", f"Origin: {clerk.origin}"]
    cookie = f"Cookie: clerk={clerk.session.cookies.get('clerk', '')}"
    return "\r\n".join([*start, cookie, "Content-Type: application/json", *lines, "", ""]).encode()


@pytest.mark.parametrize("path", [*ACTIONS, *SIGNS])
def test_a_body_that_does_not_come_is_not_waited_for(clerk: ClerkClient, path: str) -> None:
    with socket.create_connection(clerk.address, 10) as connection:
        connection.sendall(head_of(clerk, path, "Content-Length: 20") + b"{")
        status, headers, body = read_answer(connection)
        operation = operation_of("POST", path)
        assert operation is not None
        operation.check(status, headers, body)
        assert status == 408


def test_clerks_and_strangers_have_places_of_their_own(clerk: ClerkClient) -> None:
    assert PLACES + SIGNED_IN_PLACES + SIGNING_IN_PLACES < STARLETTES_THREADS, "health needs one too"
    with ExitStack() as stack, ApiClient(clerk.address) as api:
        for _ in range(SIGNED_IN_PLACES):
            connection = stack.enter_context(socket.create_connection(clerk.address, 10))
            connection.sendall(head_of(clerk, "/clerk/stay", "Content-Length: 2", "Expect: 100-continue"))
            assert connection.recv(4096).startswith(b"HTTP/1.1 100")
        answer = clerk.get("/clerk/state")
        assert (answer.status_code, kind_of(answer), answer.headers["Retry-After"]) == (503, "busy", "1")
        assert api.get("/v1/window").status_code == 200
        assert clerk.sign_in().status_code == 204
