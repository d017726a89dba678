"""What a platform does with an export file before it takes anything of it: `docs/export-file.md`.

Written from that document, not from the journal's code: a mistake there must not check itself.
"""

import base64
import hashlib
import json
from collections.abc import Iterable
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync_agent.simulated.chain import JsonRecord, content_problem, signature_holds


def read_export(lines: Iterable[bytes]) -> tuple[str, list[JsonRecord]]:
    """The device and its records. Raises `ValueError` where anything in the file is not as it was written."""
    hashed = hashlib.sha256()
    header: dict[str, Any] = {}
    records: list[JsonRecord] = []
    trailer: dict[str, Any] | None = None
    for number, line in enumerate(lines, 1):
        content = json.loads(line)
        if trailer is not None or not line.endswith(b"\n"):
            raise ValueError(f"line {number}: something stands behind the trailer, or the line is cut off")
        if "trailer" in content:
            trailer = content
            continue
        hashed.update(line)
        if number == 1:
            header = _checked_header(content)
        else:
            _refuse_bad(content, header, number)
            records.append(content)
    if trailer is None:
        raise ValueError("the trailer is missing: the file is cut off")
    _check_trailer(trailer, hashed.hexdigest(), len(records), header)
    return str(header["device_id"]), records


def _checked_header(content: dict[str, Any]) -> dict[str, Any]:
    if content.get("export") != 1 or "device_id" not in content:
        raise ValueError("line 1: not the header of an export file of format 1")
    return content


def _refuse_bad(record: JsonRecord, header: dict[str, Any], number: int) -> None:
    if record.get("device_id") != header["device_id"]:
        raise ValueError(f"line {number}: another device's record")
    if (problem := content_problem(record)) is not None:
        raise ValueError(f"line {number}: {problem}")
    if header["public_key"] is not None and not signature_holds(record, header["public_key"]):
        raise ValueError(f"line {number}: the device did not sign it")


def _check_trailer(trailer: dict[str, Any], sha256: str, count: int, header: dict[str, Any]) -> None:
    if (trailer.get("sha256"), trailer.get("count")) != (sha256, count):
        raise ValueError("the trailer is not that of what stands before it")
    signature = trailer.pop("signature", None)
    if header["public_key"] is None or signature is None:
        return  # The terminal's key could not be read; each record is signed, and its own key must be known.
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(header["public_key"], validate=True))
    try:
        key.verify(base64.b64decode(signature, validate=True), hashlib.sha256(rfc8785.dumps(trailer)).digest())
    except InvalidSignature:
        raise ValueError("the device did not sign the file") from None
