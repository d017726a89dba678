"""The words of the window's screens: the translation tables and the few sentences made from values.

Every text comes from `assets/translations/*.json`: flat tables with `{placeholders}`. The first is the default.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.window.screen_state import Service, StaffCard

Table = dict[str, str]


class Wording:
    """The tables of the configured languages."""

    def __init__(self, assets: Path, languages: Sequence[str]) -> None:
        self.languages = tuple(languages)
        self._tables = {language: _load(assets, language) for language in self.languages}

    @property
    def default_language(self) -> str:
        """The language that a new citizen meets."""
        return self.languages[0]

    def after(self, language: str) -> str:
        """The language that the switch leads to."""
        return self.languages[(self.languages.index(language) + 1) % len(self.languages)]

    def table(self, language: str) -> Table:
        """Every text of one language, by key."""
        return self._tables[language]


def _load(assets: Path, language: str) -> Table:
    table: Table = json.loads((assets / "translations" / f"{language}.json").read_text(encoding="utf-8"))
    return table


def in_language(language: str, chinese: str, english: str) -> str:
    """The name for this language; the Chinese one where there is no other."""
    return chinese if language.startswith("zh") or not english else english


def time_text(moment: datetime) -> str:
    """The time of day, as clocks in a hall show it."""
    return moment.astimezone(CHINA_TIME).strftime("%H:%M")


def date_text(table: Table, day: date) -> str:
    """A day without its year."""
    return table["clock.date"].format(month=table[f"clock.month.{day.month}"], day=day.day)


def weekday_text(table: Table, day: date) -> str:
    """A day with its weekday, under the clock."""
    weekday = table[f"clock.weekday.{day.weekday()}"]
    return table["clock.date_weekday"].format(date=date_text(table, day), weekday=weekday)


def back_text(table: Table, back_at: datetime | None, now: datetime) -> str:
    """When the window goes on (R19); the day is only told when it is not today."""
    if back_at is None:
        return ""
    day = back_at.astimezone(CHINA_TIME).date()
    if day == now.astimezone(CHINA_TIME).date():
        return table["away.back_today"].format(time=time_text(back_at))
    return table["away.back_later"].format(date=date_text(table, day), time=time_text(back_at))


def promise_text(table: Table, days: int | None) -> str:
    """The promised time of a service (R18); empty where the platform does not tell it."""
    if days is None:
        return ""
    if days == 0:
        return table["sign.at_once"]
    return table["sign.one_day"] if days == 1 else table["sign.days"].format(n=days)


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
