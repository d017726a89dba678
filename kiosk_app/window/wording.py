"""The sentences of the window's screens that are made from values."""

from datetime import datetime
from pathlib import Path

from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.terminal.qr import qr_url
from kiosk_app.terminal.wording import Table, date_text, in_language, promise_text, time_text, weekday_text
from kiosk_app.window.screen_state import Printing, RateLater, Service, StaffCard


def back_text(table: Table, back_at: datetime | None, now: datetime) -> str:
    """When the window goes on (R19); the day is only told when it is not today."""
    if back_at is None:
        return ""
    day = back_at.astimezone(CHINA_TIME).date()
    if day == now.astimezone(CHINA_TIME).date():
        return table["away.back_today"].format(time=time_text(back_at))
    return table["away.back_later"].format(date=date_text(table, day), time=time_text(back_at))


def service_row(table: Table, language: str, service: Service) -> dict[str, str]:
    """One line of the sign, as it is read; `other` is the name in the other language, where it has one."""
    name = in_language(language, service.name, service.name_en)
    other = service.name_en if name == service.name else service.name
    return {
        "name": name,
        "other": other if other != name else "",
        "fee": service.fee or table["sign.free"],
        "time": promise_text(table, service.promised_days),
        "phone": service.phone,
    }


def staff_card(language: str, card: StaffCard) -> dict[str, object]:
    """The staff member, as the screen shows them; -1 stars where the hall gives none."""
    return {
        "name": in_language(language, card.name, card.name_en),
        "title": card.title,
        "badge": card.badge_no,
        "stars": -1 if card.stars is None else card.stars,
        "honours": list(card.honours),
        "photo": Path(card.photo_file).as_uri() if card.photo_file else "",
    }


def later_card(table: Table, later: RateLater) -> dict[str, object]:
    """How the citizen can still rate (R10): the words, the code in its groups, and the QR code as a picture."""
    asked = later.printing not in (Printing.READY, Printing.CANNOT)
    until = table["later.until.by_phone" if "://" in later.link else "later.until.at_kiosk"]
    return {
        "title": table["later.title.declined" if later.declined else "later.title"],
        "until": until.format(date=weekday_text(table, later.last_day)),
        "code": later.code,
        "groups": later.code.split("-"),
        "qr": qr_url(later.link),
        "paper": table[f"later.paper.{later.printing}"],
        "has_printer": later.printing is not Printing.NO_PRINTER,
        "may_print": later.may_print,
        "print": table["later.print_again" if asked else "later.print"],
        "may_stay": not later.kept,
    }
