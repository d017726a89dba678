"""What the simulated platform says and hears besides pushes: configuration, photos, heartbeats, comparisons."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sync_agent.signing import timestamp
from sync_agent.simulated.config_faults import ConfigFault
from sync_agent.simulated.exchange import JSON, Answer, Request, json_answer, problem
from sync_agent.simulated.hall import Hall, Json, as_json, etag_of
from sync_agent.simulated.ledger import Ledger

ERRANDS = {
    "config": r"/v1/devices/([^/]+)/config",
    "photos": r"/v1/photos/([^/]+)",
    "heartbeat": r"/v1/devices/([^/]+)/heartbeat",
    "reconcile": r"/v1/devices/([^/]+)/reconcile",
}
"""What a terminal asks besides pushing."""

_HEARTBEAT: dict[str, tuple[type, ...]] = {
    "versions": (dict,),
    "uptime_s": (int,),
    "waiting": (int,),
    "refused": (int,),
    "oldest_waiting_at": (str, type(None)),
    "devices": (dict,),
    "clock_offset_ms": (int, type(None)),
    "storage": (dict,),
}


class ErrandDesk:
    """Answers what authentic terminals ask; the platform's lock is held meanwhile."""

    def __init__(self, ledger: Ledger, violations: list[str], now: Callable[[], datetime], hall: Hall) -> None:
        self.hall = hall
        self.spoil_config: ConfigFault | None = None
        """Answers in place of every configuration."""
        self.tells_newest = True
        """Whether it names the newest record that it holds, which no platform must."""
        self.heartbeats: list[Json] = []
        self.comparisons: list[Json] = []
        """What terminals asked about what is held, each with what was answered."""
        self._ledger = ledger
        self._violations = violations
        self._now = now

    def config(self, device_id: str, request: Request, match: "re.Match[str]") -> Answer:
        """GET the configuration; 304 where the terminal has it."""
        if match[1] != device_id:
            return problem(404, "another device")
        document = self.hall.document(device_id, self._now())
        if self.spoil_config is not None:
            return self.spoil_config(document)
        body = as_json(document)
        etag = etag_of(body)
        if request.headers.get("if-none-match") == etag:
            return Answer(304, b"", {"ETag": etag})
        return Answer(200, body, {"Content-Type": JSON, "ETag": etag})

    def photo(self, _device_id: str, _request: Request, match: "re.Match[str]") -> Answer:
        """GET a photo by its name."""
        photo = self.hall.photos.get(match[1])
        return problem(404, "no such photo") if photo is None else Answer(200, photo, {"Content-Type": "image/png"})

    def heartbeat(self, device_id: str, request: Request, match: "re.Match[str]") -> Answer:
        """POST how a terminal is."""
        content = _object(request)
        if content is None or match[1] != device_id:
            return problem(422, "a heartbeat of the device itself expected")
        wrong = [name for name, types in _HEARTBEAT.items() if not isinstance(content.get(name, ...), types)]
        if wrong:
            self._violations.append(f"heartbeat without {', '.join(wrong)}")
        self.heartbeats.append(content)
        return json_answer({"server_time": timestamp(self._now())})

    def reconcile(self, device_id: str, request: Request, match: "re.Match[str]") -> Answer:
        """POST what should be held; answered with what is missing."""
        content = _object(request)
        if content is None or match[1] != device_id or not _is_range(content):
            return problem(422, "from, to, count and head_hash expected")
        first, last = content["from"], content["to"]
        if content["count"] != last - first + 1:
            self._violations.append("the count is not that of the range")
        if self._ledger.hash_at(device_id, last) not in (None, content["head_hash"]):
            self._violations.append("the head's hash is not that of the record held")
        missing = self._ledger.missing(device_id, first, last)
        self.comparisons.append({**content, "missing": missing})
        if not self.tells_newest:
            return json_answer({"missing": missing})
        return json_answer({"missing": missing, "newest": self._ledger.newest(device_id)})


def _object(request: Request) -> Json | None:
    try:
        content: Any = request.content()
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _is_range(content: Json) -> bool:
    numbers = all(type(content.get(name)) is int for name in ("from", "to", "count"))
    return numbers and isinstance(content.get("head_hash"), str)
