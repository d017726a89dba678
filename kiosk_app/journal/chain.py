"""A record's place in the chain: canonical body, hash, signature (interfaces §4, R12)."""

import base64
import hashlib
import json
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk_app.domain.records import Draft, Json, Record

_BEYOND_INTEGERS = 2**53
_NOT_HASHED = ("hash", "signature", "sealed")


def commitment(ciphertext: bytes) -> str:
    """What a payload holds in place of sealed data: SHA-256 of the ciphertext, hex (R11)."""
    return hashlib.sha256(ciphertext).hexdigest()


def digest(body: bytes) -> str:
    """The record's `hash`: SHA-256 of its canonical body, hex."""
    return hashlib.sha256(body).hexdigest()


def canonical(body: Json) -> bytes:
    """RFC 8785 canonical JSON. Raises `rfc8785.CanonicalizationError` for what JSON cannot carry."""
    return rfc8785.dumps(body)


def parse(body: str | bytes) -> Any:
    """What a canonical body says. A whole number beyond 2⁵³ is the double that was written (RFC 8785).

    Raises `ValueError` for what is not JSON.
    """
    return json.loads(body, parse_int=_number)


def _number(digits: str) -> int | float:
    number = int(digits)
    return number if abs(number) < _BEYOND_INTEGERS else float(number)


def link(draft: Draft, *, record_id: str, device_id: str, sequence: int, previous_hash: str) -> bytes:
    """The canonical body of a draft that takes this place in the chain."""
    return canonical(
        {
            "record_id": record_id,
            "device_id": device_id,
            "sequence": sequence,
            "kind": str(draft.kind),
            "visit_id": draft.visit_id,
            "occurred_at": draft.at.stamp,
            "clock": {
                "boot_id": draft.at.boot_id,
                "monotonic_ms": draft.at.boot_ms,
                "synchronised": draft.at.synchronised,
            },
            "payload": {
                **draft.payload,
                **{f"{name}_commitment": commitment(ciphertext) for name, ciphertext in draft.sealed.items()},
            },
            "previous_hash": previous_hash,
        }
    )


def sign(key: Ed25519PrivateKey, record_hash: str) -> str:
    """Ed25519 over the 32 bytes of the hash, standard base64."""
    return base64.b64encode(key.sign(bytes.fromhex(record_hash))).decode("ascii")


def signature_holds(key: Ed25519PublicKey, record_hash: str, signature: str) -> bool:
    """Whether the device's key signed this hash; False for anything malformed."""
    try:
        raw = base64.b64decode(signature, validate=True)
        key.verify(raw, bytes.fromhex(record_hash))
    except (InvalidSignature, ValueError):
        return False
    # Base64 has spare bits at its end: only one spelling of a signature is the one that was written.
    return base64.b64encode(raw).decode("ascii") == signature


def record_of(body: str, record_hash: str, signature: str, sealed: dict[str, str] | None = None) -> Record:
    """The record that a stored body holds. Raises `ValueError` or `TypeError` if it is not one."""
    fields: Any = parse(body)
    return Record(**fields, hash=record_hash, signature=signature, sealed=sealed or {})


def body_of(record: Record) -> bytes:
    """The canonical body that was hashed and signed. Raises `rfc8785.CanonicalizationError`."""
    return canonical({name: value for name, value in vars(record).items() if name not in _NOT_HASHED})


def is_sound(record: Record, key: Ed25519PublicKey) -> bool:
    """Whether a record taken alone is what this device's key signed."""
    try:
        return digest(body_of(record)) == record.hash and signature_holds(key, record.hash, record.signature)
    except ValueError:
        return False
