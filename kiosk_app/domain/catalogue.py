"""The option catalogue: versioned data, never edited by a terminal (R8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk_app.domain.levels import Level


@dataclass(frozen=True)
class Option:
    """One reason that can be chosen."""

    code: str
    text: str
    text_en: str = ""


@dataclass(frozen=True)
class Catalogue:
    """The options of every level, in the order in which they are offered."""

    version: str
    levels: Mapping[Level, tuple[Option, ...]]

    def options(self, level: Level) -> tuple[Option, ...]:
        """What is offered after a press of this level."""
        return self.levels.get(level, ())


def parse_catalogue(document: Any) -> Catalogue:
    """Read `{version, levels: {level: [{code, text, text_en}]}}`. Raises `ValueError` naming what is wrong."""
    try:
        catalogue = Catalogue(
            version=str(document["version"]),
            levels={
                Level(level): tuple(
                    Option(str(option["code"]), str(option["text"]), str(option.get("text_en") or ""))
                    for option in options
                )
                for level, options in document["levels"].items()
            },
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"option catalogue: {error!r}; needed are version and levels with code and text") from error
    if without := [level.value for level in Level if not catalogue.options(level)]:
        # A level that leads to no page would give away that another one was pressed (R7).
        raise ValueError(f"option catalogue: no options for {', '.join(without)}; each level needs some")
    return catalogue
