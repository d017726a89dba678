"""Signatures of requests to the platform (interfaces §5)."""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC


class Algorithm(StrEnum):
    """How a request is signed, by its name in `X-Signature-Algorithm`."""

    HMAC_SHA256 = "HMAC-SHA256"
    HMAC_SM3 = "HMAC-SM3"

    @property
    def hash(self) -> hashes.HashAlgorithm:
        """The hash of both the body and the HMAC."""
        return hashes.SM3() if self is Algorithm.HMAC_SM3 else hashes.SHA256()


@dataclass(frozen=True)
class SignedParts:
    """What a signature covers."""

    method: str
    target: str
    """Path with query, exactly as on the request line."""
    timestamp: str
    nonce: str
    body: bytes = field(repr=False)
    """The body as sent, after any compression."""


def sign(algorithm: Algorithm, secret: bytes, parts: SignedParts) -> str:
    """The lower-case hex of `X-Signature`."""
    body_hash = hashes.Hash(algorithm.hash)
    body_hash.update(parts.body)
    lines = [parts.method, parts.target, parts.timestamp, parts.nonce, body_hash.finalize().hex()]
    mac = HMAC(secret, algorithm.hash)
    mac.update("\n".join(lines).encode())
    return mac.finalize().hex()


def verify(algorithm: Algorithm, secret: bytes, parts: SignedParts, signature: str) -> bool:
    """Whether `signature` is the one for these parts, compared in constant time."""
    return hmac.compare_digest(sign(algorithm, secret, parts).encode(), signature.encode())


def timestamp(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, as `X-Timestamp` wants it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Signer:
    """Signs the requests of one device."""

    device_id: str
    secret: bytes = field(repr=False)
    algorithm: Algorithm = Algorithm.HMAC_SHA256

    def headers(self, method: str, target: str, body: bytes, at: datetime) -> dict[str, str]:
        """The headers of one request; every call draws a fresh nonce, so a retry must call again.

        `at` is the corrected time (R28), `target` the path with query exactly as sent.
        """
        parts = SignedParts(method, target, timestamp(at), secrets.token_hex(16), body)
        return {
            "X-Device-Id": self.device_id,
            "X-Timestamp": parts.timestamp,
            "X-Nonce": parts.nonce,
            "X-Signature-Algorithm": self.algorithm.value,
            "X-Signature": sign(self.algorithm, self.secret, parts),
        }
