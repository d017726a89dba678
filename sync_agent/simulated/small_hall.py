"""A small hall that is believable and nobody's: five departments, items of every shape, four people, a calendar."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from kiosk_app.resources import read_json
from sync_agent.simulated.hall import CHINA, Hall, Json
from sync_agent.simulated.pictures import Colour, portrait

PHOTO_PATH = "/v1/photos"
KIOSKS = ("lw-a-k1", "lw-a-k2", "lw-a-k3")

_GENERAL, _MARKET, _LABOUR, _LAND, _TAX = (
    "综合窗口",
    "市场监督管理局",
    "人力资源和社会保障局",
    "不动产登记中心",
    "税务局",
)
_GROUPS = {
    _GENERAL: ("综合业务", "A"),
    _MARKET: ("企业登记", "B"),
    _LABOUR: ("社会保障", "C"),
    _LAND: ("不动产", "D"),
    _TAX: ("办税服务", "E"),
}
_WINDOWS = {
    "1": _MARKET,
    "2": _MARKET,
    "3": _LABOUR,
    "4": _LABOUR,
    "5": _LAND,
    "6": _TAX,
    "11": _GENERAL,
    "12": _GENERAL,
}
_STAFF: tuple[tuple[str, str, str, str, int | None, Colour], ...] = (
    ("0012", "测试员一", "Test Person One", _GENERAL, 5, (32, 64, 112)),
    ("0013", "测试员二", "Test Person Two", _MARKET, 4, (96, 40, 48)),
    ("0014", "测试员三", "Test Person Three", _LABOUR, 3, (40, 88, 64)),
    ("0015", "测试员四", "", _LAND, None, (72, 72, 80)),
)
_BINDINGS = (("12", "0012"), ("1", "0013"), ("3", "0014"), ("5", "0015"))
_ALWAYS = "2026-01-01T08:30:00.000+08:00"
"""Long ago, so that whoever is bound by hand at a terminal stays there."""


def small_hall(now: datetime, *, base_path: str = "/evaluation", kiosks: Sequence[str] = KIOSKS) -> Hall:
    """The hall as of `now`, told by a platform at `base_path`."""
    photos = {staff[0]: portrait(staff[5]) for staff in _STAFF}
    today = now.astimezone(CHINA).date()
    content: Json = {
        "staff": [_person(staff, base_path, photos[staff[0]]) for staff in _STAFF],
        "bindings": [{"window": window, "staff_no": staff_no, "from": _ALWAYS} for window, staff_no in _BINDINGS],
        "items": list(_items()),
        "options": read_json("options.json"),
        "notices": _notices(today),
        "workdays": {"2027": _calendar_of_2027()},
        "hours": list(_hours(today)),
        "windows": [
            {"window": window, "department": department, "device_short_id": int(window)}
            for window, department in _WINDOWS.items()
        ],
        "questionnaire": read_json("questionnaire.json"),
        "feedback": [],
        "appointments": list(_appointments(now)),
        "settings": {"numbers_without_paper": True},
    }
    return Hall(content, tuple(kiosks), {f"{staff_no}.png": photo for staff_no, photo in photos.items()})


def _person(staff: tuple[Any, ...], base_path: str, photo: bytes) -> Json:
    staff_no, name, name_en, department, stars, _ = staff
    return {
        "staff_no": staff_no,
        "name": name,
        "name_en": name_en,
        "department": department,
        "title": "科员",
        "badge_no": f"LW-{staff_no}",
        "stars": stars,
        "honours": ["党员示范岗"] if stars == 5 else [],
        "photo": {"sha256": hashlib.sha256(photo).hexdigest(), "url": f"{base_path}{PHOTO_PATH}/{staff_no}.png"},
    }


def _items() -> Iterator[Json]:
    """Fourteen: free and not, at once and in weeks, without papers and with a dozen, with a name to be given."""
    yield _item(1, "医疗保险参保登记", "Health insurance registration", _GENERAL, materials=2)
    yield _item(2, "居住证办理", "Residence permit", _GENERAL, materials=4, days=15, needs_name=True)
    yield _item(3, "老年人优待证", "Senior citizen card", _GENERAL, materials=0)
    yield _item(4, "企业设立登记", "Setting up a company", _MARKET, materials=6, days=3)
    yield _item(5, "个体工商户注销登记", "Closing a sole trader's business", _MARKET, materials=1)
    yield _item(6, "食品经营许可证核发", "Food business licence", _MARKET, materials=12, days=20, steps=7)
    yield _item(7, "灵活就业人员社会保险费缴纳及缴费基数年度申报", "", _LABOUR, materials=3)
    yield _item(8, "失业保险金申领", "Unemployment benefit", _LABOUR, materials=5, days=7, needs_name=True)
    yield _item(9, "社会保障卡补领", "Replacing a social security card", _LABOUR, materials=1, fee="20元")
    yield _item(
        10, "不动产首次登记", "First registration of real estate", _LAND, materials=9, days=30, fee="80元/件", steps=6
    )
    yield _item(11, "不动产登记资料查询", "Looking up real estate records", _LAND, materials=1, needs_name=True)
    yield _item(
        12, "国有建设用地使用权及房屋所有权转移登记（含存量房买卖、继承、赠与、互换等情形）", "", _LAND, materials=11
    )
    yield _item(13, "开具税收完税证明", "Tax payment certificate", _TAX, materials=0)
    yield _item(14, "增值税专用发票代开", "VAT invoice issued on behalf", _TAX, materials=4)


def _item(
    number: int,
    name: str,
    name_en: str,
    department: str,
    *,
    materials: int,
    days: int = 0,
    fee: str = "",
    steps: int = 3,
    needs_name: bool = False,
) -> Json:
    group, letter = _GROUPS[department]
    return {
        "item_code": f"T-{number:02d}",
        "name": name,
        "name_en": name_en,
        "group": group,
        "letter": letter,
        "department": department,
        "fee": fee,
        "fee_basis": "测试收费标准第一号" if fee else "",
        "promised_days": days,
        "legal_days": days * 2,
        "phone": f"0000-10{number:02d}",
        "basis": "测试办法第一条、第二条",
        "conditions": "本市居民或在本市登记的单位",
        "materials": [f"测试材料之{place}（原件及复印件一份）" for place in range(1, materials + 1)],
        "steps": ["取号", "受理", "审核", "决定", "制证", "送达", "归档"][:steps],
        "needs_name": needs_name,
    }


def _notices(today: date) -> list[Json]:
    return [
        {
            "title": "延时服务",
            "text": "本周六上午照常办理业务",
            "from": str(today),
            "to": str(today + timedelta(days=6)),
        },
        {"title": "温馨提示", "text": "办事可提前在自助终端预约，少排队", "from": "", "to": ""},
    ]


def _hours(today: date) -> Iterator[Json]:
    for weekday in range(1, 6):
        yield {"weekday": weekday, "from": "09:00", "to": "12:00"}
        yield {"weekday": weekday, "from": "13:30", "to": "17:30"}
    saturday = today + timedelta(days=(6 - today.isoweekday()) % 7)
    yield {"date": str(saturday), "from": "09:00", "to": "12:00"}


def _appointments(now: datetime) -> Iterator[Json]:
    """Two booked online: one that can be checked in soon, one for tomorrow."""
    local = now.astimezone(CHINA)
    soon = local + timedelta(minutes=10 - local.minute % 10)
    later = soon + timedelta(minutes=30)
    if soon.date() == later.date():
        slot = {"date": str(soon.date()), "from": f"{soon:%H:%M}", "to": f"{later:%H:%M}"}
        yield _appointment("990000000013", "T-01", slot)
    tomorrow = {"date": str(local.date() + timedelta(days=1)), "from": "09:00", "to": "10:00"}
    yield _appointment("990000000021", "T-08", tomorrow)


def _appointment(number: str, item_code: str, slot: Json) -> Json:
    return {"appointment_no": number, "code": number, "item_code": item_code, "slot": slot, "name_masked": "测*甲"}


def _calendar_of_2027() -> Json:
    """Not the official one, which nobody knew when this was written; of the same shape."""
    spans = (("01-01", 3), ("02-05", 8), ("04-03", 3), ("05-01", 5), ("06-09", 1), ("09-15", 1), ("10-01", 7))
    holidays = [
        str(date.fromisoformat(f"2027-{first}") + timedelta(days=n)) for first, days in spans for n in range(days)
    ]
    return {"holidays": holidays, "workdays": ["2027-02-14", "2027-02-20", "2027-05-08", "2027-10-09"]}
