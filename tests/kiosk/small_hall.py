"""A believable small hall, as the platform would tell it: invented throughout."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from kiosk_app.domain.records import Json
from tests.manual_clock import MORNING

TODAY = MORNING.date()
"""A Monday."""
HALL_KEY = bytes.fromhex("ab" * 32)
HALL_ID = 1
SHORT_ID = 101
WINDOW_SHORT_ID = 12
PUBLIC_URL = "https://rating.test"

ITEMS: list[Json] = [
    {
        "item_code": "S-1",
        "name": "医疗保险参保登记",
        "name_en": "Health insurance registration",
        "group": "social",
        "letter": "A",
        "department": "社会保险",
        "fee": "",
        "fee_basis": "测试规定第一条",
        "promised_days": 0,
        "legal_days": 20,
        "phone": "0000-1001",
        "basis": "测试办法第二条",
        "conditions": "在本地居住",
        "materials": ["身份证明", "登记表"],
        "steps": ["申请", "受理", "办结"],
        "needs_name": False,
    },
    {"item_code": "S-2", "name": "养老保险查询", "group": "social", "letter": "A", "department": "社会保险"},
    {
        "item_code": "P-1",
        "name": "护照办理",
        "group": "police",
        "letter": "B",
        "department": "出入境",
        "needs_name": True,
    },
    {"item_code": "T-1", "name": "税务登记", "group": "tax", "letter": "C", "department": "税务"},
    {"item_code": "X-1", "name": "信函转交", "department": "税务"},
]


def number_lease(
    lease_id: str = "n-social",
    group: str = "social",
    *,
    day: date = TODAY,
    first: int = 1,
    last: int = 99,
    step: int = 2,
    next: int | None = None,  # noqa: A002 - the interface's own word
) -> Json:
    lease = {"lease_id": lease_id, "group": group, "date": day.isoformat(), "first": first, "last": last, "step": step}
    return lease if next is None else {**lease, "next": next}


def slot_lease(
    lease_id: str = "s-1", item_code: str = "S-1", *, days: int = 1, start: str = "09:00", places: int = 2
) -> Json:
    end = f"{int(start[:2]) + 1:02d}:00"
    day = (TODAY + timedelta(days=days)).isoformat()
    return {"lease_id": lease_id, "item_code": item_code, "date": day, "from": start, "to": end, "places": places}


def hall(
    *,
    numbers: Iterable[Json] = (number_lease(), number_lease("n-police", "police"), number_lease("n-tax", "tax")),
    slots: Iterable[Json] = (slot_lease(), slot_lease("s-2", start="14:00", places=1)),
    appointments: Iterable[Json] = (),
    feedback: Iterable[Json] = (),
    items: Iterable[Json] = ITEMS,
) -> dict[str, list[Json]]:
    """The sections of `HallStore.replace_all`."""
    return {
        "items": list(items),
        "windows": [{"window": "3", "department": "社会保险", "device_short_id": WINDOW_SHORT_ID}],
        "number_leases": list(numbers),
        "slot_leases": list(slots),
        "appointments": list(appointments),
        "feedback": list(feedback),
    }


DOCUMENTS: dict[str, Any] = {
    "hours": [{"weekday": day, "from": "09:00", "to": "17:00"} for day in range(1, 6)],
    "settings": {"waiting": {"social": 7}},
}
