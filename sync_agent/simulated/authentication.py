"""The signature check of the simulated platform (interfaces §5)."""

import re
from datetime import datetime, timedelta

from sync_agent.signing import Algorithm, SignedParts, verify
from sync_agent.simulated.exchange import Request

TIMESTAMP_WINDOW = timedelta(minutes=5)
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_NONCE = re.compile(r"[0-9a-f]{32}")


class RefusedError(Exception):
    """The request is not authentic; the message says why."""


class Authenticator:
    """Knows the shared secret and every nonce it has seen."""

    def __init__(self, secret: bytes, device_id: str | None) -> None:
        self._secret = secret
        self._device_id = device_id
        self._nonces: set[str] = set()

    def authenticate(self, request: Request, now: datetime) -> str:
        """The device that signed the request. Raises `RefusedError`."""
        device_id, moment, nonce, algorithm, signature = (
            self._header(request, name)
            for name in ("device-id", "timestamp", "nonce", "signature-algorithm", "signature")
        )
        if self._device_id not in (None, device_id):
            raise RefusedError("unknown device")
        if algorithm not in set(Algorithm):
            raise RefusedError("unknown signature algorithm")
        if not _TIMESTAMP.fullmatch(moment) or not _NONCE.fullmatch(nonce):
            raise RefusedError("malformed timestamp or nonce")
        parts = SignedParts(request.method, request.target, moment, nonce, request.body)
        if not verify(Algorithm(algorithm), self._secret, parts, signature):
            raise RefusedError("wrong signature")
        if abs(datetime.fromisoformat(moment) - now) > TIMESTAMP_WINDOW:
            raise RefusedError("timestamp outside the window")
        if nonce in self._nonces:
            raise RefusedError("nonce used before")
        self._nonces.add(nonce)
        return device_id

    @staticmethod
    def _header(request: Request, name: str) -> str:
        if (value := request.headers.get(f"x-{name}")) is None:
            raise RefusedError(f"X-{name.title()} is missing")
        return value
