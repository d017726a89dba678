"""A client that holds every answer against the OpenAPI file."""

import http.client
import socket
from types import TracebackType
from typing import Any

import requests
from requests.structures import CaseInsensitiveDict

from tests.window_api.openapi_file import check_schema, operation_of

TOKEN = "令牌-voilà"
"""Its last byte is white space to those who take it for Latin-1."""
_TIMEOUT = 10.0


class ApiClient:
    """A business system."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self._session = requests.Session()
        self._session.trust_env = False

    def __enter__(self) -> "ApiClient":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._session.close()

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> requests.Response:
        return self.ask("POST", path, body, **headers)

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> requests.Response:
        """Send bytes as they are and anything else as JSON; a header `Authorization=""` leaves the token out."""
        sent: dict[str, str | bytes] = {"Authorization": f"Bearer {TOKEN}".encode(), **headers}
        answer = self._session.request(
            method,
            f"http://{self.address[0]}:{self.address[1]}{path}",
            data=body if isinstance(body, bytes) else None,
            json=None if isinstance(body, bytes) else body,
            headers={name: value for name, value in sent.items() if value},
            timeout=_TIMEOUT,
            allow_redirects=False,
        )
        check_answer(method, path, answer)
        return answer

    def connect(self) -> socket.socket:
        """Open a connection of its own, for bytes that no HTTP library would send."""
        return socket.create_connection(self.address, _TIMEOUT)

    def head_of(self, method: str, path: str, *lines: str) -> bytes:
        """Write the head of a request with the right Host and token."""
        start = [f"{method} {path} HTTP/1.1", f"Host: {self.address[0]}:{self.address[1]}"]
        return "\r\n".join([*start, f"Authorization: Bearer {TOKEN}", *lines, "", ""]).encode()


def check_answer(method: str, path: str, answer: requests.Response) -> None:
    assert answer.headers["Cache-Control"] == "no-store"
    operation = operation_of(method, path)
    if operation is not None:
        operation.check(answer.status_code, answer.headers, answer.content)
        return
    assert answer.status_code in {401, 403, 404, 405, 421, 429}
    if method != "HEAD":
        check_schema(answer.json(), {"$ref": "#/components/schemas/Problem"})


def read_answer(connection: socket.socket) -> tuple[int, CaseInsensitiveDict[str], bytes]:
    """Read one answer from a connection of one's own."""
    answer = http.client.HTTPResponse(connection)
    with answer:
        answer.begin()
        return answer.status, CaseInsensitiveDict(answer.getheaders()), answer.read()


def is_closed(connection: socket.socket) -> bool:
    """Wait until the other side closes; False if it sends something instead."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def problem(answer: requests.Response) -> dict[str, Any]:
    """The problem document of an answer."""
    document: dict[str, Any] = answer.json()
    assert document["status"] == answer.status_code
    return document
