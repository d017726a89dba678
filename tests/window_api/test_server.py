"""The server as a whole: where it listens, how it ends, what its connections may do."""

import json
import logging
import signal
import socket
import threading
import time
from contextlib import closing

import pytest
import uvicorn
from structlog.testing import capture_logs

from kiosk_app.window.window_api.listening import CannotListenError, listening_socket
from kiosk_app.window.window_api.server import WindowApiServer
from tests.window_api.api_client import TOKEN, ApiClient, is_closed, read_answer
from tests.window_api.fake_window import FakeWindow
from tests.window_api.openapi_file import check_schema


def made(window: FakeWindow, listen: str) -> WindowApiServer:
    return WindowApiServer(window, listen=listen, token=TOKEN)


def test_a_free_port_is_taken_and_told(server: WindowApiServer) -> None:
    host, port = server.address
    assert host == "127.0.0.1"
    assert port > 0


@pytest.mark.parametrize("listen", ["localhost:0", "127.0.0.2:0"])
def test_it_listens_at_names_and_other_addresses(window: FakeWindow, listen: str) -> None:
    server = made(window, listen)
    server.start()
    with closing(server), ApiClient(server.address) as api:
        assert api.get("/v1/window").status_code == 200


def test_it_listens_at_ipv6(window: FakeWindow) -> None:
    server = made(window, "[::1]:0")
    server.start()
    with closing(server), socket.create_connection(server.address, 10) as connection:
        connection.sendall(f"GET /v1/health HTTP/1.1\r\nHost: [::1]:{server.address[1]}\r\n\r\n".encode())
        assert read_answer(connection)[0] == 200


def test_a_port_in_use_is_told(window: FakeWindow, server: WindowApiServer) -> None:
    listen = f"127.0.0.1:{server.address[1]}"
    with pytest.raises(CannotListenError, match=f'listen = "{listen}": another program'):
        made(window, listen).start()


@pytest.mark.parametrize(
    ("listen", "reason"),
    [
        ("192.0.2.1:0", "this machine does not have that address"),
        ("8711", "write HOST:PORT"),
        (":8711", "write HOST:PORT"),
        ("127.0.0.1:", "write HOST:PORT"),
        ("127.0.0.1:65536", "write HOST:PORT"),
        ("127.0.0.1:８７１１", "write HOST:PORT"),
        (f"{'a' * 64}:0", "the host name is not known"),
    ],
)
def test_an_address_that_cannot_be_listened_at_is_told(window: FakeWindow, listen: str, reason: str) -> None:
    with pytest.raises(CannotListenError) as caught:
        made(window, listen).start()
    assert str(caught.value).startswith(f'[window_api] listen = "{listen}": {reason}')


def test_a_second_listener_fails_before_a_thread_starts() -> None:
    """With SO_REUSEADDR two programs may bind one port; only listening tells them apart."""
    with closing(listening_socket("127.0.0.1:0")) as listener:
        assert listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1


def test_a_name_of_both_families_is_listened_at_by_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 0, 0, 0)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: found)
    with closing(listening_socket("localhost:0")) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_server_that_does_not_start_is_told(window: FakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uvicorn.Server, "startup", lambda *_: 1 / 0)
    with pytest.raises(CannotListenError, match="the HTTP server did not start"):
        made(window, "127.0.0.1:0").start()


def test_it_starts_again_at_once_where_connections_linger(window: FakeWindow) -> None:
    first = made(window, "127.0.0.1:0")
    first.start()
    host, port = first.address
    with ApiClient(first.address) as api:
        api.get("/v1/window")
        first.close()
        second = made(window, f"{host}:{port}")
        second.start()
        with closing(second):
            assert api.get("/v1/window").status_code == 200


def test_it_leaves_no_thread_and_no_signal_handler_behind(window: FakeWindow) -> None:
    before = set(threading.enumerate())
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    server = made(window, "127.0.0.1:0")
    server.start()
    with closing(server), ApiClient(server.address) as api:
        api.get("/v1/window")
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == handlers
        started = set(threading.enumerate()) - before
        assert "window-api" in {thread.name for thread in started}
        assert all(thread.daemon for thread in started)
    for thread in started:
        thread.join(10)
    assert not any(thread.is_alive() for thread in started)


def test_after_close_nobody_listens(window: FakeWindow) -> None:
    server = made(window, "127.0.0.1:0")
    server.start()
    server.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(server.address, 10)
    server.close()


def test_closing_answers_the_request_in_progress(window: FakeWindow) -> None:
    server = made(window, "127.0.0.1:0")
    server.start()
    with ApiClient(server.address) as api, api.connect() as connection:
        window.may_answer.clear()
        connection.sendall(api.head_of("GET", "/v1/window"))
        assert window.called.wait(10)
        closer = threading.Thread(target=server.close)
        closer.start()
        window.may_answer.set()
        assert read_answer(connection)[0] == 200
        closer.join()


def test_a_window_that_hangs_does_not_keep_the_server_from_closing(window: FakeWindow) -> None:
    server = made(window, "127.0.0.1:0")
    server.start()
    window.may_answer.clear()
    with ApiClient(server.address) as api, api.connect() as connection, capture_logs() as logs:
        connection.sendall(api.head_of("GET", "/v1/window"))
        assert window.called.wait(10)
        begun = time.monotonic()
        server.close()
        assert time.monotonic() - begun < 2
    window.may_answer.set()
    assert "window-api" not in {thread.name for thread in threading.enumerate()}
    assert {line["event"] for line in logs} == {"server_error"}


def test_open_connections_do_not_keep_the_server_from_closing(window: FakeWindow) -> None:
    server = made(window, "127.0.0.1:0")
    server.start()
    with ApiClient(server.address) as api, api.connect() as silent, api.connect() as half, api.connect() as kept:
        half.sendall(b"GET /v1/health HTTP/1.1\r\n")
        kept.sendall(api.head_of("GET", "/v1/window"))
        read_answer(kept)
        begun = time.monotonic()
        server.close()
        assert time.monotonic() - begun < 2
        assert all(is_closed(connection) for connection in (silent, half, kept))


def test_one_connection_serves_requests_in_a_row_and_in_advance(api: ApiClient) -> None:
    with api.connect() as connection:
        request = api.head_of("GET", "/v1/window")
        connection.sendall(request)
        assert read_answer(connection)[0] == 200
        connection.sendall(request + api.head_of("GET", "/v1/nowhere", "Connection: close"))
        answers = b""
        while received := connection.recv(65536):
            answers += received
        assert answers.index(b"HTTP/1.1 200") < answers.index(b"HTTP/1.1 404")


def test_requests_of_a_slow_window_do_not_hold_up_the_rest(api: ApiClient, window: FakeWindow) -> None:
    window.may_answer.clear()
    with api.connect() as connection:
        connection.sendall(api.head_of("GET", "/v1/window"))
        assert window.called.wait(10)
        assert api.get("/v1/nowhere").status_code == 404
        window.may_answer.set()
        assert read_answer(connection)[0] == 200


@pytest.mark.parametrize("start", [b"", b"GET /v1/health HTTP/1.1\r\n"])
def test_a_connection_without_a_whole_request_is_closed(api: ApiClient, start: bytes) -> None:
    with api.connect() as connection:
        connection.sendall(start)
        assert is_closed(connection)


def test_a_connection_that_dribbles_after_an_answer_is_closed(api: ApiClient) -> None:
    with api.connect() as connection:
        connection.sendall(api.head_of("GET", "/v1/window"))
        read_answer(connection)
        connection.sendall(b"G")
        assert is_closed(connection)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"GET /v1/health HTTP/1.1\r\n\r\n",
        b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
        b"POST /v1/visits HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n",
        b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * 70_000,
    ],
    ids=["nonsense", "no Host", "two Hosts", "no length", "long head"],
)
def test_bytes_that_are_not_http_are_answered_with_a_problem(api: ApiClient, request_bytes: bytes) -> None:
    with api.connect() as connection:
        connection.sendall(request_bytes)
        status, headers, body = read_answer(connection)
        assert (status, headers["content-type"]) == (400, "application/problem+json")
        check_schema(json.loads(body), {"$ref": "#/components/schemas/Problem"})


def test_nonsense_after_an_answered_request_just_closes(api: ApiClient, caplog: pytest.LogCaptureFixture) -> None:
    with api.connect() as connection:
        head = api.head_of("POST", "/v1/visits", "Transfer-Encoding: chunked").replace(b"Bearer", b"Basic")
        connection.sendall(head)
        assert read_answer(connection)[0] == 401
        connection.sendall(b"no chunk\r\n")
        assert is_closed(connection)
    assert caplog.records == []


def test_requests_write_nothing_to_the_log(api: ApiClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), capture_logs() as logs:
        api.post("/v1/visits", {"user": {"name": "测试甲"}})
        api.post("/v1/visits", b"{")
        api.get("/v1/nowhere")
        with api.connect() as connection:
            connection.sendall(b"nonsense\r\n\r\n")
            read_answer(connection)
    assert logs == []
    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []
