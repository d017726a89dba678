"""A clerk: a staff list with PINs, and a browser's requests, every answer held against the OpenAPI file."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import requests
from argon2 import PasswordHasher

from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.pins import PinStore
from kiosk_app.window.clerk_page.door import Door
from kiosk_app.window.clerk_page.headers import CONTENT_SECURITY_POLICY
from kiosk_app.window.service import WindowService
from kiosk_app.window.window_api.server import Clerks, Tls, WindowApiServer
from tests.window_api.api_client import TOKEN
from tests.window_api.openapi_file import operation_of

HALL = "测试政务服务中心"
STAFF = [{"staff_no": "1203", "name": "测试甲"}, {"staff_no": "1204", "name": "测试乙"}, {"staff_no": "1205"}]
PINS = {"1203": "2580", "1204": "147036925814"}
"""1205 has none."""
WRONG = "0000"
_TIMEOUT = 10.0


class Clocks:
    """The clocks that the door reads, turned by the test alike; the wall clock alone survives a restart."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.wall_ms = 1_795_000_000_000

    def monotonic(self) -> float:
        return self.seconds

    def now_ms(self) -> int:
        return self.wall_ms

    def advance(self, seconds: float) -> None:
        self.seconds += seconds
        self.wall_ms += round(seconds * 1000)


def write_staff(directory: Path) -> None:
    """A storage directory with the staff list and the PINs, hashed in a hurry."""
    set_staff(directory, STAFF)
    with pin_store(directory) as pins:
        pins._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        for staff_no, pin in PINS.items():
            pins.set(staff_no, pin)


def set_staff(directory: Path, staff: list[dict[str, Any]]) -> None:
    with closing(HallStore.open(directory)) as hall:
        hall.replace_all({"staff": staff})


@contextmanager
def pin_store(directory: Path, clocks: Clocks | None = None) -> Iterator[PinStore]:
    with closing(PinStore.open(directory, (clocks or Clocks()).now_ms)) as pins:
        yield pins


@contextmanager
def serving(
    service: WindowService, directory: Path, clocks: Clocks, *, tls: Tls | None = None, patience_seconds: int = 1
) -> Iterator[WindowApiServer]:
    """The window API with the clerk's page, on a free port of this machine."""
    door = Door(directory, monotonic=clocks.monotonic, now_ms=clocks.now_ms)
    server = WindowApiServer(
        service,
        listen="127.0.0.1:0",
        token=TOKEN,
        clerks=Clerks(HALL, door),
        tls=tls,
        monotonic=clocks.monotonic,
        patience_seconds=patience_seconds,
    )
    server.start()
    with closing(server):
        yield server


class ClerkClient:
    """One browser, as far as its requests go."""

    def __init__(self, address: tuple[str, int], *, certificate: Path | None = None) -> None:
        scheme = "http" if certificate is None else "https"
        self.address = address
        self.origin = f"{scheme}://{address[0]}:{address[1]}"
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = str(certificate) if certificate else True

    def __enter__(self) -> "ClerkClient":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.session.close()

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> requests.Response:
        """As the page posts; a header that is empty is left out."""
        return self.ask("POST", path, {} if body is None else body, **{"Origin": self.origin, **headers})

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> requests.Response:
        answer = self.session.request(
            method,
            self.origin + path,
            data=body if isinstance(body, bytes) else None,
            json=None if isinstance(body, bytes) else body,
            headers={name.replace("_", "-"): value or None for name, value in headers.items()},
            timeout=_TIMEOUT,
            allow_redirects=False,
        )
        check_page_answer(method, path, answer)
        return answer

    def sign_in(self, staff_no: str = "1203", pin: str | None = None) -> requests.Response:
        return self.post("/clerk/sign-in", {"staff_no": staff_no, "pin": pin or PINS[staff_no]})

    def state(self) -> dict[str, Any]:
        answer = self.get("/clerk/state")
        assert answer.status_code == 200
        state: dict[str, Any] = answer.json()
        return state

    def window(self) -> dict[str, Any]:
        """The state of the window, as a clerk who is signed in sees it."""
        window: dict[str, Any] = self.state()["window"]
        return window


def check_page_answer(method: str, path: str, answer: requests.Response) -> None:
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    operation = operation_of(method, path)
    if operation is not None:
        operation.check(answer.status_code, answer.headers, answer.content)
        return
    assert answer.status_code in {403, 404, 405, 415, 421}
    assert answer.headers["content-type"] == "application/problem+json"


def kind_of(answer: requests.Response) -> str:
    """What kind of problem an answer is."""
    kind: str = answer.json()["type"].rpartition(":")[2]
    return kind
