"""The platform's API, signed (interfaces §5). One request at a time; never raises for what the platform does."""

import http.client
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Generic, Self, TypeVar
from urllib.parse import urldefrag, urljoin, urlsplit

import requests
import urllib3

from kiosk_app.domain.moments import Clock
from kiosk_app.domain.records import Record
from sync_agent.abortable import AbortableAdapter
from sync_agent.batches import body_of, idempotency_key
from sync_agent.outcomes import Blame, HttpAnswer, Outcome, Unavailable, interpret
from sync_agent.signing import Signer

LONGEST_ANSWER = 2 << 20
"""Bytes of an answer; 200 verdicts with reasons take a tenth of it."""
TIME_OUT = "no answer in time; it may have arrived"
_CHUNK = 1 << 16

_CONNECTION_ERRORS = (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError)


@dataclass(frozen=True)
class TimeLimits:
    """How long a request may take, in seconds."""

    connect: float = 10
    read: float = 30
    """From one byte to the next."""

    @property
    def whole(self) -> float:
        """Bound of the whole request, however slowly the answer drips."""
        return self.connect + self.read


Came_co = TypeVar("Came_co", covariant=True)


@dataclass(frozen=True)
class Exchange(Generic[Came_co]):
    """One request, and what came of it."""

    outcome: Came_co
    midpoint: datetime
    """When, by this device's clock, the server most probably wrote its time into the answer."""
    round_trip: timedelta


@dataclass(frozen=True)
class Question:
    """A request that is no push."""

    method: str
    target: str
    """Path with query below the platform's address, or a whole address at the platform's own host."""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    longest: int = LONGEST_ANSWER
    """Bytes of an answer that are read; more is no answer."""

    @classmethod
    def posting(cls, target: str, content: object) -> Self:
        """A POST of JSON."""
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        return cls("POST", target, body, {"Content-Type": "application/json"})


class _TimeUpError(Exception):
    """The whole request took too long."""


class _TooLongError(Exception):
    """The answer exceeds what any answer may have."""


class PlatformClient:
    """Speaks to the platform as one device."""

    def __init__(
        self, url: str, signer: Signer, clock: Clock, *, ca_file: Path | None = None, limits: TimeLimits | None = None
    ) -> None:
        self._url = url.rstrip("/")
        self._signer = signer
        self._clock = clock
        self._limits = limits or TimeLimits()
        self._verify: str | bool = str(ca_file) if ca_file else True
        self._adapter = AbortableAdapter()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.mount("http://", self._adapter)
        self._session.mount("https://", self._adapter)

    def push(self, records: Sequence[Record], clock_offset_ms: int) -> Exchange[Outcome]:
        """Send one batch, signed with the time corrected by `clock_offset_ms` (R28)."""
        body = body_of(self._signer.device_id, records)
        headers = {"Content-Type": "application/json", "X-Idempotency-Key": idempotency_key(records)}
        if body.encoding:
            headers["Content-Encoding"] = body.encoding
        exchange = self.ask(Question("POST", "/v1/records", body.content, headers), clock_offset_ms)
        answer = exchange.outcome
        if isinstance(answer, HttpAnswer):
            now = exchange.midpoint + exchange.round_trip / 2 + timedelta(milliseconds=clock_offset_ms)
            outcome = interpret(answer, {record.record_id for record in records}, now)
            return Exchange(outcome, exchange.midpoint, exchange.round_trip)
        return Exchange(answer, exchange.midpoint, exchange.round_trip)

    def ask(self, question: Question, clock_offset_ms: int) -> "Exchange[HttpAnswer | Unavailable]":
        """Ask anything, signed with the time corrected by `clock_offset_ms` (R28); nobody has judged the answer."""
        start = self._clock.now()
        answer = self._request(question, start.wall + timedelta(milliseconds=clock_offset_ms))
        end = self._clock.now()
        round_trip = timedelta(milliseconds=max(end.boot_ms - start.boot_ms, 0))
        return Exchange(answer, end.wall - round_trip / 2, round_trip)

    def address_of(self, reference: str) -> str | None:
        """The whole address of a URL in an answer, from the platform's own on; None at another host (interfaces §5)."""
        try:
            address = urljoin(f"{self._url}/", reference.strip())
            return urldefrag(address).url if _origin(address) == _origin(self._url) else None
        except ValueError:
            return None

    def abort(self) -> None:
        """End the request that is under way, from another thread; it comes out as unavailable."""
        self._adapter.abort()

    def close(self) -> None:
        """Close idle connections."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _request(self, question: Question, at: datetime) -> HttpAnswer | Unavailable:
        address = self._url + question.target if question.target.startswith("/") else question.target
        headers = {**_STANDING_HEADERS, **question.headers}
        try:
            request = self._session.prepare_request(
                requests.Request(question.method, address, headers=headers, data=question.body)
            )
            # Signed only now: preparing may rewrite the URL, and the signature covers what is really sent.
            request.headers.update(self._signer.headers(question.method, request.path_url, question.body, at))
            with self._bounded():
                return self._answer(request, question.longest)
        except _TooLongError:
            return Unavailable("answer too long", Blame.ANSWER)
        except _TimeUpError:
            return Unavailable(TIME_OUT, Blame.SILENCE)
        except _CONNECTION_ERRORS as error:
            return _unavailable(error)

    def _answer(self, request: requests.PreparedRequest, longest: int) -> HttpAnswer:
        limits = self._limits
        response = self._session.send(
            request, stream=True, timeout=(limits.connect, limits.read), verify=self._verify, allow_redirects=False
        )
        try:
            content = bytearray()
            while chunk := response.raw.read1(_CHUNK, decode_content=True):
                content += chunk
                if len(content) > longest:
                    raise _TooLongError
            return HttpAnswer(response.status_code, response.headers, bytes(content))
        finally:
            response.close()

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        """Shut the connection down when time is up, whatever came of it: a head that was cut looks like an answer."""
        time_up = threading.Event()

        def end() -> None:
            time_up.set()
            self._adapter.abort()

        watchdog = threading.Timer(self._limits.whole, end)
        watchdog.daemon = True
        watchdog.start()
        try:
            yield
        finally:
            watchdog.cancel()
            if time_up.is_set():
                raise _TimeUpError


_STANDING_HEADERS = {
    "User-Agent": "hall-kiosk sync-agent",
    "Accept": "application/json, application/problem+json",
    # An answer is small; uncompressed, its bound holds without unpacking anything.
    "Accept-Encoding": "identity",
}


def _origin(address: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port. Raises `ValueError` for what is no address."""
    parts = urlsplit(address)
    if "@" in parts.netloc:
        raise ValueError("no address names a user")
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _unavailable(error: Exception) -> Unavailable:
    """The outcome of a request that got no whole answer."""
    if _never_connected(error):
        cause = "certificate refused" if isinstance(error, requests.exceptions.SSLError) else "no connection"
        return Unavailable(cause, Blame.NO_RECORD)
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError)):
        return Unavailable(TIME_OUT, Blame.SILENCE)
    return Unavailable("connection lost before the whole answer; it may have arrived", Blame.SILENCE)


def _never_connected(error: Exception) -> bool:
    if isinstance(error, (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError)):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, urllib3.exceptions.NewConnectionError)
