"""What the simulated platform holds of every device, and its verdict on each record."""

from collections import Counter
from collections.abc import Callable, Collection
from itertools import pairwise
from typing import Any

from sync_agent.simulated.chain import JsonRecord, chain_problems, content_problem, signature_holds

Rule = Callable[[JsonRecord], str | None]
"""The reason to reject a record, or None."""

_TYPES = {
    "record_id": str,
    "device_id": str,
    "sequence": int,
    "kind": str,
    "occurred_at": str,
    "clock": dict,
    "payload": dict,
    "previous_hash": str,
    "hash": str,
    "signature": str,
}


class Ledger:
    """Records by device, each held once however often it arrives (R25)."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.arrivals: Counter[str] = Counter()
        """How often each record arrived, by record id."""
        self._held: dict[str, JsonRecord] = {}
        self._status: dict[str, str] = {}
        self._places: dict[tuple[str, int], str] = {}
        self._rated: dict[tuple[str, str], str] = {}
        """Which rating holds a visit or a code."""
        self._starts: dict[str, list[JsonRecord]] = {}
        """The `journal_started` records by device."""

    @property
    def records(self) -> list[JsonRecord]:
        """Every record held, in the order of first arrival."""
        return list(self._held.values())

    def status(self, record_id: str) -> str | None:
        """`accepted`, `superseded` or None."""
        return self._status.get(record_id)

    def problems(self) -> list[str]:
        """What is wrong with the chains of all devices."""
        devices = sorted({record["device_id"] for record in self._held.values()})
        return [
            f"{device} {text}"
            for device in devices
            for text in chain_problems(record for record in self._held.values() if record["device_id"] == device)
        ]

    def forget(self, sequences: Collection[int]) -> int:
        """Lose the records at these places, of every device, as a platform does that was restored; how many."""
        lost = [record for record in self._held.values() if record["sequence"] in sequences]
        for record in lost:
            del self._held[record["record_id"]]
            del self._status[record["record_id"]]
            del self._places[record["device_id"], record["sequence"]]
            self._rated = {claim: holder for claim, holder in self._rated.items() if holder != record["record_id"]}
        return len(lost)

    def missing(self, device_id: str, first: int, last: int) -> list[list[int]]:
        """The ranges of a device's sequences that are not held, each closed."""
        held = sorted(place for device, place in self._places if device == device_id and first <= place <= last)
        between = pairwise([first - 1, *held, last + 1])
        return [[before + 1, after - 1] for before, after in between if after - before > 1]

    def newest(self, device_id: str) -> dict[str, Any] | None:
        """Sequence and hash of the newest record of a device; None where none is held."""
        sequence = max((place for device, place in self._places if device == device_id), default=None)
        return None if sequence is None else {"sequence": sequence, "hash": self.hash_at(device_id, sequence)}

    def hash_at(self, device_id: str, sequence: int) -> str | None:
        """The hash of a device's record; None where it is not held."""
        record_id = self._places.get((device_id, sequence))
        return str(self._held[record_id]["hash"]) if record_id else None

    def receive(self, device_id: str, record: Any) -> dict[str, str]:
        """The result for one record of a push."""
        if not isinstance(record, dict) or not all(isinstance(record.get(k), t) for k, t in _TYPES.items()):
            return {"record_id": str(record), "status": "rejected", "reason": "not a record"}
        record_id: str = record["record_id"]
        self.arrivals[record_id] += 1
        if (reason := self._reason_to_reject(device_id, record)) is not None:
            return {"record_id": record_id, "status": "rejected", "reason": reason}
        return {"record_id": record_id, "receipt": f"receipt-{record['hash'][:16]}", **self._take(record)}

    def _take(self, record: JsonRecord) -> dict[str, str]:
        record_id = record["record_id"]
        known = self._status.get(record_id)
        if known is None:
            self._held[record_id] = record
            self._places[record["device_id"], record["sequence"]] = record_id
            self._status[record_id] = known = self._hold_visit(record)
            if record["kind"] == "journal_started":
                self._starts.setdefault(record["device_id"], []).append(record)
        elif known == "accepted":
            return {"status": "duplicate"}
        return {"status": known} | ({"reason": "another rating holds the visit"} if known == "superseded" else {})

    def _hold_visit(self, record: JsonRecord) -> str:
        """The first rating of a visit or code wins (interfaces §4)."""
        if record["kind"] != "rating":
            return "accepted"
        claims = [("visit", record.get("visit_id")), ("code", record["payload"].get("rating_code"))]
        named = [(what, value) for what, value in claims if value]
        if any(claim in self._rated for claim in named):
            return "superseded"
        self._rated.update(dict.fromkeys(named, record["record_id"]))
        return "accepted"

    def _reason_to_reject(self, device_id: str, record: JsonRecord) -> str | None:
        if record["device_id"] != device_id:
            return "another device's record"
        if (reason := self._content_reason(record)) is not None:
            return reason
        return next((reason for rule in self.rules if (reason := rule(record)) is not None), None)

    def _content_reason(self, record: JsonRecord) -> str | None:
        held = self._held.get(record["record_id"])
        if held is not None:
            return None if held["hash"] == record["hash"] else "the record id holds another record"
        if (record["device_id"], record["sequence"]) in self._places:
            return "the sequence holds another record"
        if (reason := content_problem(record)) is not None:
            return reason
        key = self._key_for(record)
        return "the device did not sign it" if key and not signature_holds(record, key) else None

    def _key_for(self, record: JsonRecord) -> str | None:
        """The key told by the start of the record's journal; None while that has not arrived."""
        if record["kind"] == "journal_started":
            return str(record["payload"]["public_key"])
        starts = [s for s in self._starts.get(record["device_id"], []) if s["sequence"] < record["sequence"]]
        return max(starts, key=lambda start: int(start["sequence"]))["payload"]["public_key"] if starts else None
