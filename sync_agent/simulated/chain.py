"""What a platform checks in a device's records: hash, signature, chain (interfaces §4).

Written from the interface, not from the journal's code: a mistake there must not check itself.
"""

import base64
import hashlib
from collections.abc import Iterable
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_NOT_HASHED = ("hash", "signature", "sealed")
_ZERO_HASH = "0" * 64

JsonRecord = dict[str, Any]


def hash_of(record: JsonRecord) -> str:
    """SHA-256 over the canonical JSON of what is hashed, hex."""
    return hashlib.sha256(rfc8785.dumps({k: v for k, v in record.items() if k not in _NOT_HASHED})).hexdigest()


def content_problem(record: JsonRecord) -> str | None:
    """What is wrong with a record taken alone."""
    if hash_of(record) != record["hash"]:
        return "the hash is not the record's"
    for name, ciphertext in record.get("sealed", {}).items():
        if hashlib.sha256(base64.b64decode(ciphertext)).hexdigest() != record["payload"].get(f"{name}_commitment"):
            return f"sealed {name} is not what the payload commits to"
    return None


def signature_holds(record: JsonRecord, public_key: str) -> bool:
    """Whether the device's key (base64) signed the record's hash."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
    try:
        key.verify(base64.b64decode(record["signature"], validate=True), bytes.fromhex(record["hash"]))
    except (InvalidSignature, ValueError):
        return False
    return True


def chain_problems(records: Iterable[JsonRecord]) -> list[str]:
    """Everything that is wrong with a device's records as a whole, whatever the order of their arrival."""
    problems: list[str] = []
    before: JsonRecord | None = None
    public_key = None
    for record in sorted(records, key=lambda record: int(record["sequence"])):
        if record["kind"] == "journal_started":
            public_key = record["payload"]["public_key"]
        problems += [f"{record['sequence']}: {text}" for text in _place_problems(record, before, public_key)]
        before = record
    return problems


def _place_problems(record: JsonRecord, before: JsonRecord | None, public_key: str | None) -> list[str]:
    problems = []
    expected = before["sequence"] + 1 if before else 1
    if record["sequence"] > expected and not _begins_anew(record):
        problems.append(f"a gap: {expected} is missing")
    elif record["sequence"] <= expected and record["previous_hash"] != (before["hash"] if before else _ZERO_HASH):
        problems.append("does not name the record before it")
    if public_key is None:
        problems.append("nobody knows the device's key")
    elif not signature_holds(record, public_key):
        problems.append("the device did not sign it")
    return problems


def _begins_anew(record: JsonRecord) -> bool:
    """Whether a journal starts here after one that was lost."""
    return record["kind"] == "journal_started" and record["payload"].get("previous_journal") is not None
