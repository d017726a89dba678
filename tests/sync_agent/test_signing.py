import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives import hashes

from sync_agent.signing import Algorithm, SignedParts, Signer, sign, timestamp, verify

PARTS = SignedParts(
    method="POST",
    target="/evaluation/v1/records?x=1",
    timestamp="2026-11-22T06:45:53.123Z",
    nonce="00112233445566778899aabbccddeeff",
    body=b'{"device_id":"lw-a-w12","records":[]}',
)


def test_sm3_is_the_hash_of_the_standard() -> None:
    digest = hashes.Hash(Algorithm.HMAC_SM3.hash)
    digest.update(b"abc")
    assert digest.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.parametrize(
    ("algorithm", "signature"),
    [
        (Algorithm.HMAC_SHA256, "f7ae6bfbde510926e6f1dc1c739946ce00f59090e75a5e64b3d3fb02c876dbfc"),
        (Algorithm.HMAC_SM3, "0df534d6ef8808b22c67e36617e77b0e1e5e580f13ef128bb3b84824b88ae059"),
    ],
)
def test_known_signatures(algorithm: Algorithm, signature: str) -> None:
    assert sign(algorithm, b"secret", PARTS) == signature
    assert verify(algorithm, b"secret", PARTS, signature)


def test_sha256_signature_is_the_interfaces_formula() -> None:
    text = "\n".join([PARTS.method, PARTS.target, PARTS.timestamp, PARTS.nonce, hashlib.sha256(PARTS.body).hexdigest()])
    assert sign(Algorithm.HMAC_SHA256, b"k", PARTS) == hmac.new(b"k", text.encode(), "sha256").hexdigest()


@pytest.mark.parametrize("algorithm", Algorithm)
@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("method", "GET"),
        ("target", "/v1/records?x=1"),
        ("timestamp", "2026-11-22T06:45:53.124Z"),
        ("nonce", "0"),
        ("body", b""),
    ],
)
def test_every_part_is_covered(algorithm: Algorithm, part: str, value: object) -> None:
    changed = SignedParts(**{**vars(PARTS), part: value})
    assert not verify(algorithm, b"secret", changed, sign(algorithm, b"secret", PARTS))


def test_another_secret_does_not_verify() -> None:
    assert not verify(Algorithm.HMAC_SHA256, b"other", PARTS, sign(Algorithm.HMAC_SHA256, b"secret", PARTS))


def test_timestamp_is_utc_with_milliseconds() -> None:
    china = timezone(timedelta(hours=8))
    assert timestamp(datetime(2026, 11, 22, 14, 45, 53, 123_999, china)) == "2026-11-22T06:45:53.123Z"
    assert timestamp(datetime(2026, 11, 22, tzinfo=UTC)) == "2026-11-22T00:00:00.000Z"


def test_headers_sign_what_they_say_and_never_repeat_a_nonce() -> None:
    signer = Signer("lw-a-w12", b"secret", Algorithm.HMAC_SM3)
    at = datetime(2026, 11, 22, tzinfo=UTC)
    first, second = (signer.headers("POST", "/v1/records", b"{}", at) for _ in range(2))
    parts = SignedParts("POST", "/v1/records", first["X-Timestamp"], first["X-Nonce"], b"{}")
    assert first["X-Device-Id"] == "lw-a-w12"
    assert first["X-Signature-Algorithm"] == "HMAC-SM3"
    assert verify(Algorithm.HMAC_SM3, b"secret", parts, first["X-Signature"])
    assert re.fullmatch("[0-9a-f]{32}", first["X-Nonce"])
    assert first["X-Nonce"] != second["X-Nonce"]


def test_a_signer_never_shows_its_secret() -> None:
    assert "secret" not in repr(Signer("lw-a-w12", b"secret"))
