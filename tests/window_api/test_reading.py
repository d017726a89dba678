"""Bodies that are too large, too slow or not quite JSON (interfaces §6)."""

import socket

import pytest
from structlog.testing import capture_logs

from kiosk_app.window.window_api.reading import MAXIMUM_BYTES
from tests.window_api.api_client import ApiClient, is_closed, problem, read_answer
from tests.window_api.fake_window import FakeWindow


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"{", "Expecting property name"),
        (b'{"invite": }', "Expecting value at line 1, column 12."),
        (b"{} {}", "Extra data"),
        (b"[]", "It is not an object in braces."),
        (b'"open"', "It is not an object in braces."),
        (b"null", "It is not an object in braces."),
        (b"[" * 60_000, "It is nested too deeply."),
        (b'{"cases":' * 7_000, "It is nested too deeply."),
        (b'{"assess_number": NaN}', "NaN is not JSON."),
        (b'{"assess_number": -Infinity}', "-Infinity is not JSON."),
        (b'{"assess_number": ' + b"9" * 5_000 + b"}", "It has a number of thousands of digits."),
        (b'{"staff_no": "\xff"}', "It is not valid UTF-8 text."),
        ('{"staff_no": "张"}'.encode("gb18030"), "It is not valid UTF-8 text."),
        ('{"staff_no": "1"}'.encode("utf-16"), "It is not valid UTF-8 text."),
        (b'{"staff_no": "\\ud800"}', "It is not valid UTF-8 text."),
        (b'{"\\udfff": "1"}', "It is not valid UTF-8 text."),
        (b'{"invite": false, "invite": true}', "An object has the same key twice."),
    ],
)
def test_a_body_that_is_not_a_json_object_is_refused(refusing_api: ApiClient, body: bytes, fault: str) -> None:
    answer = refusing_api.post("/v1/visits", body)
    assert answer.status_code == 400
    assert problem(answer)["detail"].startswith(fault)
    assert problem(answer)["detail"].endswith("Send the body as one JSON object in UTF-8.")


def test_a_body_of_the_greatest_size_is_taken(api: ApiClient) -> None:
    assert api.post("/v1/visits", b"{}".ljust(MAXIMUM_BYTES)).status_code == 201


@pytest.mark.parametrize("size", [MAXIMUM_BYTES + 1, 5_000_000])
def test_a_body_too_large_is_refused_in_words(refusing_api: ApiClient, size: int) -> None:
    answer = refusing_api.post("/v1/visits", b"{}".ljust(size))
    assert answer.status_code == 413
    assert problem(answer)["detail"] == "Send at most 65536 bytes."


def test_after_a_body_too_large_the_connection_serves_on(api: ApiClient) -> None:
    assert api.post("/v1/visits", b"{}".ljust(MAXIMUM_BYTES + 1)).status_code == 413
    assert api.post("/v1/visits").status_code == 201


def test_a_body_that_says_it_is_too_large_is_not_waited_for(api: ApiClient) -> None:
    with api.connect() as connection:
        connection.sendall(api.head_of("POST", "/v1/visits", "Content-Length: 65537", "Expect: 100-continue"))
        assert connection.recv(12) == b"HTTP/1.1 413"


def test_a_chunked_body_is_taken(api: ApiClient, window: FakeWindow) -> None:
    with api.connect() as connection:
        head = api.head_of("POST", "/v1/visits", "Transfer-Encoding: chunked")
        connection.sendall(head + b'6\r\n{"invi\r\n9\r\nte":true}\r\n0\r\n\r\n')
        assert read_answer(connection)[0] == 201
    assert window.requests[0].invite


def test_a_chunked_body_without_end_is_refused_as_soon_as_it_is_too_large(api: ApiClient) -> None:
    with api.connect() as connection:
        connection.sendall(api.head_of("POST", "/v1/visits", "Transfer-Encoding: chunked"))
        chunk = b"1000\r\n" + b" " * 0x1000 + b"\r\n"
        connection.sendall(chunk * 17)
        assert read_answer(connection)[0] == 413
        assert is_closed(connection)


def test_a_body_that_ends_early_is_no_visit(api: ApiClient, window: FakeWindow) -> None:
    with capture_logs() as logs:
        with api.connect() as connection:
            connection.sendall(api.head_of("POST", "/v1/visits", "Content-Length: 20") + b"{}")
            connection.shutdown(socket.SHUT_WR)
            assert is_closed(connection)
        with api.connect() as connection:
            connection.sendall(api.head_of("POST", "/v1/visits", "Transfer-Encoding: chunked") + b"no chunk\r\n")
            assert read_answer(connection)[0] == 400
        assert api.get("/v1/window").json()["state"] == "idle"
    assert (window.requests, logs) == ([], [])
