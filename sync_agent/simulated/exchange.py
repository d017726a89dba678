"""Requests and answers as the simulated platform handles them."""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

JSON = "application/json"
PROBLEM = "application/problem+json"


class Manner(Enum):
    """How an answer travels."""

    WHOLE = "whole"
    NEVER = "never"
    """The client waits until it gives up."""
    CUT = "cut"
    """Half of the body, then the connection is reset."""
    RESET = "reset"
    """Not a byte: the connection is reset."""
    DRIP = "drip"
    """One byte at a time, status line and headers too."""


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    method: str
    target: str
    """Path with query, as on the request line."""
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes = field(repr=False)

    def plain_body(self) -> bytes:
        """The body, unpacked. Raises `ValueError` where it is not what `Content-Encoding` says."""
        if self.headers.get("content-encoding") != "gzip":
            return self.body
        try:
            return gzip.decompress(self.body)
        except (OSError, EOFError) as error:
            raise ValueError("not gzip") from error

    def content(self) -> Any:
        """The body's JSON. Raises `ValueError` where it is none."""
        return json.loads(self.plain_body())

    def records(self) -> list[dict[str, Any]]:
        """The records in the body; none where there are none to find."""
        try:
            records = self.content()["records"]
        except (ValueError, KeyError, TypeError):
            return []
        return [record for record in records if isinstance(record, dict)] if isinstance(records, list) else []


@dataclass(frozen=True)
class Answer:
    """One answer; `headers` replace the usual ones, and a None leaves one out."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str | None] = field(default_factory=dict)
    manner: Manner = Manner.WHOLE
    drip_seconds: float = 0.05


Proceed = Callable[[], Answer]
"""Does what the platform would have done without a fault."""

Fault = Callable[[Request, Proceed], Answer | None]
"""Answers in the platform's place; None where it does not apply to this request."""


def json_answer(content: object, status: int = 200) -> Answer:
    """An ordinary answer."""
    return Answer(status, json.dumps(content, ensure_ascii=False).encode(), {"Content-Type": JSON})


def problem(status: int, detail: str, **members: object) -> Answer:
    """An RFC 9457 problem document."""
    content = {"type": "about:blank", "title": "Problem", "status": status, "detail": detail, **members}
    return Answer(status, json.dumps(content, ensure_ascii=False).encode(), {"Content-Type": PROBLEM})
