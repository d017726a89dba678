"""What the simulated platform says to its terminals, and what it learns from their records."""

import copy
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from sync_agent.simulated.chain import JsonRecord

CHINA = timezone(timedelta(hours=8))
DAYS_LENT = 7
"""Leases reach from today on so far."""
LAST_SERIAL = 999
PLACES = 2
"""Places a slot and kiosk."""
SPANS = (("09:00", "10:00"), ("10:00", "11:00"), ("14:00", "15:00"), ("15:00", "16:00"))

Json = dict[str, Any]


@dataclass
class Hall:
    """One hall. `content` is a configuration as of interfaces §5; leases and counts are added for who asks."""

    content: Json = field(default_factory=lambda: {"settings": {}})
    kiosks: Sequence[str] = ()
    """Device ids of the kiosks, among whom the serials of a day are interleaved (R22)."""
    photos: Mapping[str, bytes] = field(default_factory=dict)
    """By name in their URL."""
    _lent: dict[str, list[Json]] = field(default_factory=dict)
    """Number leases by hand, by device."""
    _next: dict[str, int] = field(default_factory=dict)
    """Where a number lease goes on, learned from tickets."""
    _waiting: dict[tuple[str, str], str] = field(default_factory=dict)
    """Item group of each ticket nobody was called for yet, by day and number."""

    def document(self, device_id: str, now: datetime) -> Json:
        """The configuration of a device."""
        said = copy.deepcopy(self.content)
        today = now.astimezone(CHINA).date()
        if self.kiosks or device_id in self._lent:
            leases = said.setdefault("leases", {"numbers": [], "slots": []})
            leases["numbers"] += [*self._numbers(device_id, today), *self._lent.get(device_id, [])]
            leases["slots"] += self._slots(device_id, today)
        for lease in said.get("leases", {}).get("numbers", []):
            lease["next"] = max(lease.get("next") or lease["first"], self._next.get(lease["lease_id"], 0))
        if groups := sorted({item["group"] for item in said.get("items", []) if item.get("group")}):
            told = [group for (day, _), group in self._waiting.items() if day == today.isoformat()]
            waiting = {group: told.count(group) for group in groups}
            said["settings"] = {**said.get("settings", {}), "waiting": waiting}
        return said

    # What people at the platform do

    def replace(self, content: Json) -> None:
        """Say something else altogether, leases included."""
        self.content, self.kiosks, self._lent = content, (), {}

    def bind(self, window: str, staff_no: str, since: datetime) -> None:
        """Seat somebody at a window from a moment on: one person one window."""
        stamp = since.astimezone(CHINA).isoformat(timespec="milliseconds")
        others = [b for b in self.content.get("bindings", []) if window != b["window"] and staff_no != b["staff_no"]]
        self.content["bindings"] = [*others, {"window": window, "staff_no": staff_no, "from": stamp}]

    def answer(self, rating_code: str, state: str, text: str) -> None:
        """Tell what became of a rating."""
        others = [entry for entry in self.content.get("feedback", []) if entry["rating_code"] != rating_code]
        self.content["feedback"] = [*others, {"rating_code": rating_code, "state": state, "text": text}]

    def lend(self, device_id: str, lease: Json) -> None:
        """Lend more serials to a device."""
        self._lent.setdefault(device_id, []).append(lease)

    # What it learns

    def learn(self, record: JsonRecord) -> None:
        """Take one more record into account, so that every terminal is told what it changes."""
        payload, day = record["payload"], str(record["occurred_at"])[:10]
        ticket_no, number = str(payload.get("ticket_no")), payload.get("appointment_no")
        match record["kind"]:
            case "ticket_issued":
                self._waiting[day, ticket_no] = str(payload.get("item_group"))
                self._go_on_after(str(payload.get("lease_id")), ticket_no)
            case "visit_opened":
                self._waiting.pop((day, ticket_no), None)
            case "appointment_booked":
                # A booking made at a terminal is known by its number.
                known = {name: payload.get(name) for name in ("appointment_no", "item_code", "slot", "name_masked")}
                self.content.setdefault("appointments", []).append({**known, "code": number})
            case "appointment_cancelled" | "appointment_checked_in":
                appointments = self.content.get("appointments", [])
                self.content["appointments"] = [a for a in appointments if a["appointment_no"] != number]

    def _go_on_after(self, lease_id: str, ticket_no: str) -> None:
        if serial := re.search(r"[0-9]+$", ticket_no):
            after = int(serial.group()) + max(len(self.kiosks), 1)
            self._next[lease_id] = max(self._next.get(lease_id, 0), after)

    # What it lends

    def _numbers(self, device_id: str, today: date) -> list[Json]:
        if device_id not in self.kiosks:
            return []
        groups = sorted({item["group"] for item in self.content.get("items", []) if item.get("group")})
        first = list(self.kiosks).index(device_id) + 1
        common = {"first": first, "last": LAST_SERIAL, "step": len(self.kiosks)}
        return [
            {"lease_id": f"n-{device_id}-{group}-{day}", "group": group, "date": str(day), **common}
            for group in groups
            for day in _days(today)
        ]

    def _slots(self, device_id: str, today: date) -> list[Json]:
        if device_id not in self.kiosks:
            return []
        return [
            {
                "lease_id": f"s-{device_id}-{item['item_code']}-{day}-{begin}",
                "item_code": item["item_code"],
                "date": str(day),
                "from": begin,
                "to": end,
                "places": PLACES,
            }
            for item in self.content.get("items", [])
            for day in _days(today)
            if day.isoweekday() <= 5
            for begin, end in SPANS
        ]


def etag_of(body: bytes) -> str:
    """The name of a version: the same for the same bytes, and for no others."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def as_json(document: Json) -> bytes:
    """As it is sent."""
    return json.dumps(document, ensure_ascii=False).encode()


def _days(today: date) -> list[date]:
    return [today + timedelta(days=n) for n in range(DAYS_LENT)]
