"""The window's sign: who serves here and what can be done (R18)."""

from collections.abc import Iterable
from datetime import date, datetime, time

from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.domain.records import Json
from kiosk_app.journal.hall import HallStore
from kiosk_app.window.screen_state import Notice, Service, StaffCard, WindowSign


def window_sign(hall_name: str, number: str, staff_no: str | None, hall: HallStore) -> WindowSign:
    """The sign of a window, without notices, as the hall's data tells it. Raises `sqlite3.Error` if it cannot be read.

    It lists the items of its department; an item without one is done at every window.
    """
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
    )


def current_notices(notices: Iterable[Json], now: datetime) -> tuple[Notice, ...]:
    """The hall's notices that are to be shown at this moment.

    `from` and `to` are days, both included, or RFC 3339 moments; one that is not given is open.
    """
    return tuple(
        Notice(str(notice.get("title") or ""), str(notice.get("text") or ""))
        for notice in notices
        if _has_begun(notice.get("from"), now) and not _is_over(notice.get("to"), now)
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


def _has_begun(value: object, now: datetime) -> bool:
    begins = _moment(value, time.min)
    return begins is None or begins <= now


def _is_over(value: object, now: datetime) -> bool:
    ends = _moment(value, time.max)
    return ends is not None and ends < now


def _moment(value: object, time_of_day: time) -> datetime | None:
    """A notice's day or moment, in China's time; None for what is none: the notice is rather shown than lost."""
    try:
        day = date.fromisoformat(str(value or ""))
    except ValueError:
        pass
    else:
        return datetime.combine(day, time_of_day, CHINA_TIME)
    try:
        moment = datetime.fromisoformat(str(value or ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA_TIME)
