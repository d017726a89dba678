"""The window's sign: who serves here and what can be done (R18)."""

from datetime import date

from kiosk_app.domain.records import Json
from kiosk_app.journal.hall import HallStore
from kiosk_app.window.screen_state import Notice, Service, StaffCard, WindowSign


def window_sign(hall_name: str, number: str, staff_no: str | None, hall: HallStore, today: date) -> WindowSign:
    """The sign of a window as the hall's data tells it today. Raises `sqlite3.Error` if it cannot be read."""
    window = hall.entry("windows", number) or {}
    department = str(window.get("department") or "")
    return WindowSign(
        hall=hall_name,
        number=number,
        department=department,
        staff=_card(staff_no, hall),
        services=tuple(
            _service(item) for item in hall.entries("items") if department in ("", item.get("department") or department)
        ),
        notices=tuple(
            Notice(str(n.get("title") or ""), str(n.get("text") or ""))
            for n in hall.entries("notices")
            if _is_current(n, today)
        ),
    )


def _card(staff_no: str | None, hall: HallStore) -> StaffCard | None:
    if staff_no is None:
        return None
    entry = hall.entry("staff", staff_no)
    if entry is None:
        return StaffCard(name="", badge_no=staff_no)
    photo = hall.photo_file(entry)
    stars = entry.get("stars")
    return StaffCard(
        name=str(entry.get("name") or ""),
        name_en=str(entry.get("name_en") or ""),
        title=str(entry.get("title") or ""),
        badge_no=str(entry.get("badge_no") or staff_no),
        stars=stars if isinstance(stars, int) and 0 <= stars <= 5 else None,
        honours=_honours(entry.get("honours")),
        photo_file=str(photo) if photo else "",
    )


def _honours(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(str(honour) for honour in value) if isinstance(value, list) else ()


def _service(item: Json) -> Service:
    days = item.get("promised_days")
    return Service(
        name=str(item.get("name") or item["item_code"]),
        name_en=str(item.get("name_en") or ""),
        fee=str(item.get("fee") or ""),
        promised_days=days if isinstance(days, int) and days >= 0 else None,
        phone=str(item.get("phone") or ""),
    )


def _is_current(notice: Json, today: date) -> bool:
    """Whether today is among the notice's days; an end that is not given is open."""
    day = today.isoformat()
    return str(notice.get("from") or day)[:10] <= day <= str(notice.get("to") or day)[:10]
