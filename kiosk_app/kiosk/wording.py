"""A page's content in one language: the values of the core made into what QML reads."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import cast

from kiosk_app.domain.catalogue import Option
from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.kiosk.screen_state import Name, PhoneEntry, Say, Value, Words
from kiosk_app.terminal.qr import qr_url
from kiosk_app.terminal.wording import Table, date_text, in_language, time_text, weekday_text

Shown = str | int | bool | dict[str, "Shown"] | list["Shown"]
"""What QML reads: a `Say` or `Name` is a text, a dataclass a map, `None` an empty text."""


def words_text(table: Table, language: str, words: Words) -> str:
    """A sentence or name as it is read. Raises `KeyError` for a key or placeholder that does not exist."""
    if isinstance(words, Name):
        return in_language(language, words.zh, words.en)
    values = {name: _value_text(table, language, value) for name, value in words.values}
    return table[words.key].format(**values)


def _value_text(table: Table, language: str, value: Value) -> str:
    if isinstance(value, Name):
        return in_language(language, value.zh, value.en)
    if isinstance(value, datetime):
        return table["kiosk.moment"].format(
            date=date_text(table, value.astimezone(CHINA_TIME).date()), time=time_text(value)
        )
    return weekday_text(table, value) if isinstance(value, date) else str(value)


def shown(table: Table, language: str, value: object) -> Shown:
    """Any part of a page's content, as QML reads it."""
    if value is None:
        return ""
    if isinstance(value, (Say, Name)):
        return words_text(table, language, value)
    if isinstance(value, Option):
        return {"code": value.code, "text": in_language(language, value.text, value.text_en)}
    if isinstance(value, tuple):
        return [shown(table, language, each) for each in value]
    if is_dataclass(value):
        return _form(table, language, value)
    return cast(Shown, value)


def _form(table: Table, language: str, form: object) -> dict[str, Shown]:
    """A dataclass as a map of its fields; a QR code's text becomes its picture, a telephone number its groups."""
    values = {each.name: shown(table, language, getattr(form, each.name)) for each in fields(cast(type, form))}
    if "qr" in values:
        values["qr"] = qr_url(str(values["qr"]))
    if isinstance(form, PhoneEntry):
        values["typed"] = phone_groups(form.typed)
    return values


def phone_groups(digits: str) -> str:
    """A number as people read it out, 138 0000 0000; a land line stands as it is."""
    if not digits.startswith("1"):
        return digits
    return " ".join(part for part in (digits[:3], digits[3:7], digits[7:]) if part)
