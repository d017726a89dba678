"""The technician's handbook is whole: every message, page, command and picture, in both languages alike."""

import ast
import json
import re
import struct
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from kiosk_app.domain.health import known_codes
from kiosk_app.technician.command_line import _parser
from kiosk_app.technician_screen.state import Page

ROOT = Path(__file__).parents[1]
TRANSLATIONS = ROOT / "assets" / "translations" / "technician"
CHINESE, ENGLISH = (ROOT / "docs" / "technician" / f"handbook.{language}.md" for language in ("zh", "en"))
LANGUAGE = {CHINESE: "zh-CN", ENGLISH: "en"}
LARGEST_PICTURE = 150_000
SIZES = {(1280, 800), (1080, 1920)}
DEEPER = (Page.LEARN, Page.TOUCH)

both = pytest.mark.parametrize("handbook", [CHINESE, ENGLISH], ids=["zh", "en"])


@cache
def text_of(handbook: Path) -> str:
    return handbook.read_text(encoding="utf-8")


@cache
def words(handbook: Path) -> dict[str, str]:
    """The words of the screens in the handbook's language."""
    table: dict[str, str] = json.loads((TRANSLATIONS / f"{LANGUAGE[handbook]}.json").read_text(encoding="utf-8"))
    return table


def headings(handbook: Path) -> list[tuple[int, str]]:
    """Level and words of each, outside of code."""
    prose = re.sub(r"```.*?```", "", text_of(handbook), flags=re.DOTALL)
    return [(len(marks), words) for marks, words in re.findall(r"^(#+) (.+)$", prose, re.MULTILINE)]


def rows_of_codes(handbook: Path) -> dict[str, str]:
    """The row of each problem's code, in order."""
    return {
        found[1]: line
        for line in text_of(handbook).splitlines()
        if (found := re.match(r"\| \*\*.+?\*\* \| `([a-z_]+)` \| ", line))
    }


def codes() -> frozenset[str]:
    """Every code that has a place, or stands in the source where a problem is made."""
    files = [file for package in ("kiosk_app", "sync_agent") for file in (ROOT / package).rglob("*.py")]
    return known_codes() | {code for file in files for code in codes_in(file)}


def codes_in(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
            named = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            for value in (*node.args[:1], *named):
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value


def commands(parser: ArgumentParser, *before: str) -> Iterator[str]:
    """Every command that does something, as it is typed."""
    choices = [action.choices for action in parser._actions if isinstance(action.choices, dict)]
    if not choices:
        yield " ".join(before)
        return
    for name, below in choices[0].items():
        yield from commands(below, *before, name)


def anchor(heading: str) -> str:
    """What a heading is called in a link."""
    return re.sub(r"[^\w\- ]", "", heading.replace("`", "")).strip().lower().replace(" ", "-")


def pictures(handbook: Path) -> list[Path]:
    return [(handbook.parent / name).resolve() for name in re.findall(r"!\[[^]]*\]\(([^)]+)\)", text_of(handbook))]


def test_codes_are_found_in_the_source() -> None:
    found = {code for file in (ROOT / "kiosk_app").rglob("*.py") for code in codes_in(file)}
    assert {"binding_missing", "records_refused", "health_unknown"} <= found


@both
def test_every_message_is_there_in_the_words_of_the_screen(handbook: Path) -> None:
    rows, screen = rows_of_codes(handbook), words(handbook)
    assert codes() - rows.keys() == set()
    unlike = [
        code
        for code, row in rows.items()
        for said in (screen[f"problem.{code}"], screen[f"problem.{code}.action"])
        if said not in row
    ]
    assert unlike == []


@both
def test_no_message_is_there_that_nobody_says(handbook: Path) -> None:
    assert rows_of_codes(handbook).keys() - codes() == set()


@both
def test_checks_that_did_not_end_are_explained(handbook: Path) -> None:
    assert "`_not_examined`" in text_of(handbook)


@both
def test_every_page_has_its_chapter_and_its_picture(handbook: Path) -> None:
    screen, chapters = words(handbook), [heading for level, heading in headings(handbook) if level == 2]
    shown = {picture.name for picture in pictures(handbook)}
    for page in set(Page) - {Page.CLOSED}:
        assert f"technician-{page.replace('_', '-')}-zh-1280x800.png" in shown, page
        if page is Page.SIGN_IN:
            assert screen["sign_in.title"] in text_of(handbook)
            continue
        name = screen[f"{page}.title" if page in DEEPER else f"menu.{page}"]
        assert any(heading.startswith(name) for heading in chapters), page


@both
def test_every_picture_is_small_and_of_a_screen(handbook: Path) -> None:
    assert pictures(handbook)
    for picture in pictures(handbook):
        data = picture.read_bytes()
        assert len(data) < LARGEST_PICTURE, picture.name
        assert data.startswith(b"\x89PNG"), picture.name
        assert struct.unpack(">II", data[16:24]) in SIZES, picture.name


@both
def test_every_command_is_told(handbook: Path) -> None:
    told = " ".join(re.findall(r"```.*?```|`[^`\n]+`", text_of(handbook), re.DOTALL))
    missing = [name for name in commands(_parser()) if not re.search(rf"kiosk-admin {name}\b", told)]
    assert missing == []


@both
@pytest.mark.parametrize("prefix", ["printer.condition.", "learn.trouble.", "learn.note.", "learn.failed."])
def test_what_devices_are_said_to_do_is_explained_in_the_words_of_the_screen(handbook: Path, prefix: str) -> None:
    said = {key: re.sub(r"{\w+}", "…", word) for key, word in words(handbook).items() if key.startswith(prefix)}
    rows = [line for line in text_of(handbook).splitlines() if line.startswith("| ")]
    assert said
    assert [key for key, word in said.items() if not any(row.startswith(f"| {word} |") for row in rows)] == []


@both
def test_every_link_within_it_leads_to_a_heading(handbook: Path) -> None:
    places = {anchor(heading) for _, heading in headings(handbook)}
    links = re.findall(r"\]\(#([^)]+)\)", text_of(handbook))
    assert links
    assert [link for link in links if link not in places] == []


def test_both_languages_tell_the_same() -> None:
    assert [level for level, _ in headings(CHINESE)] == [level for level, _ in headings(ENGLISH)]
    assert pictures(CHINESE) == pictures(ENGLISH)
    assert list(rows_of_codes(CHINESE)) == list(rows_of_codes(ENGLISH))
    counted = [sum(line.startswith("|") for line in text_of(handbook).splitlines()) for handbook in LANGUAGE]
    assert counted[0] == counted[1]
