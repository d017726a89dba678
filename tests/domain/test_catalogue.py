"""The option catalogue as data (R8)."""

from typing import Any

import pytest

from kiosk_app.domain.catalogue import Option, parse_catalogue
from kiosk_app.domain.levels import Level
from kiosk_app.resources import read_json

UNFRIENDLY = {"code": "207", "text": "态度生硬", "text_en": "Unfriendly"}
GOOD: dict[str, Any] = {
    "version": "2",
    "levels": {
        **{level.value: [{"code": level.value, "text": "其他"}] for level in Level},
        "dissatisfied": [UNFRIENDLY],
    },
}


def test_options_keep_their_order_and_words_r8() -> None:
    catalogue = parse_catalogue(GOOD)
    assert catalogue.version == "2"
    assert catalogue.options(Level.DISSATISFIED) == (Option("207", "态度生硬", "Unfriendly"),)
    assert catalogue.options(Level.SATISFIED) == (Option("satisfied", "其他", ""),)


@pytest.mark.parametrize("level", list(Level))
def test_a_level_without_options_would_give_away_what_was_pressed_and_is_refused_r7(level: Level) -> None:
    with pytest.raises(ValueError, match=f"no options for {level.value};"):
        parse_catalogue({"version": "2", "levels": {**GOOD["levels"], level.value: []}})


def test_the_built_in_catalogue_has_the_codes_of_the_provincial_systems_r8() -> None:
    catalogue = parse_catalogue(read_json("options.json"))
    ranges = {
        Level.VERY_SATISFIED: (510, 517),
        Level.SATISFIED: (406, 413),
        Level.BASICALLY_SATISFIED: (307, 314),
        Level.DISSATISFIED: (207, 214),
        Level.VERY_DISSATISFIED: (108, 115),
    }
    codes = {level: [option.code for option in catalogue.options(level)] for level in Level}
    assert codes == {level: [str(code) for code in range(a, b + 1)] for level, (a, b) in ranges.items()}
    assert all(option.text.strip() for level in Level for option in catalogue.options(level))


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"version": "1"},
        {"version": "1", "levels": []},
        {"version": "1", "levels": {"splendid": []}},
        {"version": "1", "levels": {"satisfied": [{"code": "1"}]}},
        {"version": "1", "levels": {"satisfied": [None]}},
        {"version": "1", "levels": {"satisfied": None}},
    ],
)
def test_what_is_not_a_catalogue_is_refused_with_words(document: Any) -> None:
    with pytest.raises(ValueError, match=r"option catalogue|splendid"):
        parse_catalogue(document)
