"""The translations: the same keys and placeholders in every language, all of them used, and no words in QML."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest

from kiosk_app.domain.levels import Level
from kiosk_app.resources import assets_directory
from kiosk_app.terminal.wording import Wording, promise_text, weekday_text
from kiosk_app.window.screen_state import Printing, Service
from kiosk_app.window.wording import back_text, service_row
from tests.screens import examples

ROOT = Path(__file__).parents[2]
SCREENS = ROOT / "kiosk_app" / "screens"
LANGUAGES = ("zh-CN", "en")
WORDING = Wording(assets_directory(), LANGUAGES)


AREAS = ("", "kiosk", "slips")
"""The common texts, and those of the kiosk's screens and of the slips."""


def table_of(area: str, language: str) -> dict[str, str]:
    file = assets_directory() / "translations" / area / f"{language}.json"
    table = json.loads(file.read_text(encoding="utf-8"))
    assert isinstance(table, dict)
    return table


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_have_the_same_keys_and_placeholders(area: str) -> None:
    chinese, english = (table_of(area, language) for language in LANGUAGES)
    assert chinese.keys() == english.keys()
    # A month is a number in one language and a name in the other; both stand in {month}.
    different = {key for key in chinese if placeholders(chinese[key]) != placeholders(english[key])}
    assert different == set()


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_twice(language: str, area: str) -> None:
    def no_twins(pairs: list[tuple[str, str]]) -> dict[str, str]:
        keys = [key for key, _ in pairs]
        assert len(keys) == len(set(keys))
        return dict(pairs)

    file = assets_directory() / "translations" / area / f"{language}.json"
    json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=no_twins)


def test_every_key_is_used() -> None:
    sources = [*SCREENS.glob("*.qml"), *(ROOT / "kiosk_app").glob("*/wording.py")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in sources)
    made = (
        {f"level.{level}" for level in Level}
        | {f"level.{level}.name" for level in Level}
        | {f"later.paper.{printing}" for printing in Printing}
        | {f"clock.month.{month}" for month in range(1, 13)}
        | {f"clock.weekday.{day}" for day in range(7)}
    )
    unused = {key for key in WORDING.table("en") if f'"{key}"' not in code} - made
    assert unused == set()


def test_every_key_of_the_kiosk_is_used_and_every_key_it_uses_is_there() -> None:
    sources = [*(SCREENS / "kiosk").glob("*.qml"), *(ROOT / "kiosk_app" / "kiosk").rglob("*.py")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in sources)
    table = table_of("kiosk", "en")
    assert {key for key in table if f'"{key}"' not in code} == set()
    said = set(re.findall(r'\bsay\(\s*"([^"]+)"', code)) | set(re.findall(r'texts\["([^"]+)"\]', code))
    assert {key for key in said if key not in table | WORDING.table("en")} == set()


def test_areas_share_no_key() -> None:
    """A text of the kiosk never hides a common one."""
    assert not table_of("kiosk", "en").keys() & table_of("", "en").keys()


@pytest.mark.parametrize("file", sorted(SCREENS.rglob("*.qml")), ids=lambda file: file.stem)
def test_no_words_in_qml(file: Path) -> None:
    code = re.sub(r"//[^\n]*", "", file.read_text(encoding="utf-8"))
    assert not re.search(r"[\u3000-\u9fff]", code)
    assert not re.search(r'\btext:\s*"[A-Za-z]{2,}', code)
    assert "tr(" not in code


def test_colours_only_in_the_theme() -> None:
    for file in SCREENS.rglob("*.qml"):
        if file.stem != "Theme":
            assert not re.search(r'"#[0-9a-fA-F]{3,8}"', file.read_text(encoding="utf-8")), file.name


def test_symbols_in_icons_stand_out() -> None:
    """Drawings have 4.5:1 or better on the ground they stand on."""
    from PySide6.QtGui import QColor

    from tests.screens.terminal import contrast

    theme = (SCREENS / "Theme.qml").read_text(encoding="utf-8")
    colours = {name: QColor(value) for name, value in re.findall(r'color (\w+): "(#[0-9a-f]{6})"', theme)}
    for foreground, ground in [
        ("outline", "ground"),
        ("outline", "card"),
        ("accent", "ground"),
        ("accent", "card"),
        ("accent", "accentTint"),
        ("gold", "panel"),
        ("softPanelText", "panel"),
        ("noticeInk", "noticeGround"),
        ("accentText", "accentPressed"),
    ]:
        assert contrast(colours[foreground], colours[ground]) >= 4.5, (foreground, ground)


def test_a_day_and_a_time() -> None:
    day = examples.NOW.date()
    assert weekday_text(WORDING.table("zh-CN"), day) == "11月22日 星期日"
    assert weekday_text(WORDING.table("en"), day) == "Sunday, November 22"


def test_return_time_is_told_in_china_whatever_zone_it_came_in() -> None:
    london = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
    assert back_text(WORDING.table("en"), london, examples.NOW) == "Back at about 15:30"
    tomorrow = london + timedelta(days=1)
    assert back_text(WORDING.table("en"), tomorrow, examples.NOW) == "Back on November 23 at about 15:30"


@pytest.mark.parametrize(("days", "told"), [(None, ""), (0, "At once"), (1, "1 working day"), (20, "20 working days")])
def test_promised_time(days: int | None, told: str) -> None:
    assert promise_text(WORDING.table("en"), days) == told


def test_service_is_named_in_both_languages_where_it_has_both_names() -> None:
    both = Service("食品经营许可", "Food business licence", "每证 10 元")
    assert service_row(WORDING.table("en"), "en", both)["other"] == "食品经营许可"
    assert service_row(WORDING.table("zh-CN"), "zh-CN", both)["other"] == "Food business licence"
    one = service_row(WORDING.table("en"), "en", Service("食品经营许可"))
    assert (one["name"], one["other"], one["fee"]) == ("食品经营许可", "", "Free")


def test_a_single_language_has_nothing_to_switch_to() -> None:
    assert Wording(assets_directory(), ("zh-CN",)).after("zh-CN") == "zh-CN"
