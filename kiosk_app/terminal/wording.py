"""The words of the screens and slips: the translation tables and the few sentences made from values.

Every text comes from `assets/translations`: flat tables with `{placeholders}`, one a language and area; the first
language is the default.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from kiosk_app.domain.moments import CHINA_TIME

Table = dict[str, str]


class Wording:
    """The tables of the configured languages: the common texts, and those of the areas named (`kiosk`, `slips`)."""

    def __init__(self, assets: Path, languages: Sequence[str], *areas: str) -> None:
        """Load the tables. Raises `OSError`, `ValueError`."""
        self.languages = tuple(languages)
        self._tables = {language: _load(assets, language, areas) for language in self.languages}

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


def _load(assets: Path, language: str, areas: Sequence[str]) -> Table:
    table: Table = {}
    for directory in ("", *areas):
        file = assets / "translations" / directory / f"{language}.json"
        table |= json.loads(file.read_text(encoding="utf-8"))
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


def promise_text(table: Table, days: int | None) -> str:
    """The promised time of a service (R18); empty where the platform does not tell it."""
    if days is None:
        return ""
    if days == 0:
        return table["sign.at_once"]
    return table["sign.one_day"] if days == 1 else table["sign.days"].format(n=days)
