"""The sentences of the technician's screens: there is one for everything the core can say, in both languages."""

import ast
import json
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

import kiosk_app
import sync_agent
from kiosk_app.domain.health import Area, known_codes
from kiosk_app.domain.levels import Level
from kiosk_app.resources import assets_directory
from kiosk_app.technician_screen.keys import KEYS
from kiosk_app.technician_screen.piece_model import PieceModel
from kiosk_app.technician_screen.state import (
    Keys,
    Lines,
    Message,
    Page,
    Problems,
    Row,
    Table,
    Words,
)
from kiosk_app.technician_screen.wording import PART, Piece, cut, footer, pieces, since_text, weight, words
from kiosk_app.terminal.wording import Wording
from tests.technician_screens import examples

WORDING = Wording(assets_directory(), ("zh-CN", "en"), "technician")
CHINESE, ENGLISH = WORDING.table("zh-CN"), WORDING.table("en")
languages = pytest.mark.parametrize("texts", [CHINESE, ENGLISH], ids=["zh-CN", "en"])


def codes_in_the_source() -> set[str]:
    """Every code that a problem is made with, and every code that has an area."""
    found = set(known_codes())
    for package in (kiosk_app, sync_agent):
        for file in Path(str(package.__file__)).parent.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
                    given = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "code")]
                    found |= {str(code.value) for code in given if isinstance(code, ast.Constant)}
    return found


def literals_in_the_source() -> set[str]:
    """Every text that stands in the source of the technician's screens."""
    root = Path(str(kiosk_app.__file__)).parent
    places = (("technician_screen", "*.py"), ("screens/technician", "*.qml"), ("technician", "*.py"))
    files = [file for place, ending in places for file in (root / place).rglob(ending)]
    return {text for file in files for text in re.findall(r"""["']([^"'\n]+)["']""", file.read_text(encoding="utf-8"))}


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


@languages
def test_every_problem_has_words_and_something_to_do(texts: dict[str, str]) -> None:
    codes = codes_in_the_source()
    assert {"cannot_record", "records_refused", "printer_paper_out", "binding_missing"} <= codes
    wanted = {key for code in codes for key in (f"problem.{code}", f"problem.{code}.action")}
    assert sorted(wanted - texts.keys()) == []


@languages
def test_every_sentence_of_the_core_is_there(texts: dict[str, str]) -> None:
    wanted = {
        *KEYS,
        *(f"area.{area}" for area in Area),
        *(f"{page}.title" for page in Page if page is not Page.CLOSED),
        *(f"menu.{page}" for page in examples.MENU),
    }
    assert sorted(wanted - texts.keys()) == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_sentence_is_there_that_nobody_says(language: str) -> None:
    file = assets_directory() / "translations" / "technician" / f"{language}.json"
    own: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    said = {
        *literals_in_the_source(),
        *(f"problem.{code}{part}" for code in codes_in_the_source() for part in ("", ".action")),
        *(f"area.{area}" for area in Area),
        *(f"{page}.title" for page in Page),
        *(f"menu.{page}" for page in examples.MENU),
        *(f"view.state.{state}" for state in ("ok", "warning", "problem")),
        *(f"view.message.{kind}" for kind in ("info", "good", "bad")),
    }
    assert sorted(own.keys() - said) == []


def test_both_languages_say_the_same_things() -> None:
    assert CHINESE.keys() == ENGLISH.keys()
    for key, chinese in CHINESE.items():
        assert placeholders(chinese) == placeholders(ENGLISH[key]), key
        assert chinese.strip(), key
        assert ENGLISH[key].strip(), key


def test_an_unknown_sentence_is_shown_as_it_is() -> None:
    """A page that nobody has translated yet is better than none."""
    assert words(CHINESE, Words("no.such.key")) == "no.such.key"
    assert words(CHINESE, Words("binding.bound")) == "已绑定 {name}。"
    assert words(CHINESE, "disk I/O error") == "disk I/O error"


@pytest.mark.parametrize(("texts", "word"), [(CHINESE, "非常满意"), (ENGLISH, "Very good")])
def test_key_to_press_is_worded(texts: dict[str, str], word: str) -> None:
    asked = Keys((), Level.VERY_SATISFIED)
    state = examples.state(Page.EVALUATOR, Message("info", Words("evaluator.test.ask")), asked)
    said = next(piece for piece in pieces(texts, state) if piece.kind == "message")
    assert word in str(said.content["text"])


def test_keys_come_before_all_that_is_said_meanwhile() -> None:
    state = examples.state(Page.LEARN, message=examples.FAILED, cannot_record="disk full")
    assert pieces(CHINESE, state)[0].kind == "keys"


# --- problems ----------------------------------------------------------------------------------------------------


def test_problem_is_worded_and_its_cause_stands_below_as_it_came() -> None:
    row = examples.problem("printer_paper_out", "printer: there is no paper", since="2026-11-22T05:05:00Z")
    first, second = pieces(CHINESE, examples.state(Page.OVERVIEW, Problems((row,))))
    assert (first.kind, first.content["text"], first.content["action"]) == ("problem", "打印机缺纸", "装上新纸卷")
    assert first.content["since"] == "从 11-22 13:05 起"
    assert (second.kind, second.content["text"]) == ("cause", "printer: there is no paper")


def test_problem_without_a_translation_is_told_in_its_own_words() -> None:
    row = examples.problem("brand_new", "the flux is low", "warning")
    (piece,) = pieces(CHINESE, examples.state(Page.OVERVIEW, Problems((row,))))
    assert (piece.content["text"], piece.content["action"]) == ("the flux is low", "do something about brand_new")
    assert piece.content["word"] == "提醒"


@pytest.mark.parametrize("cause", [examples.LONG_CAUSE, examples.LONG_CHINESE, "x" * 1000, ""])
@pytest.mark.parametrize("code", ["printer_paper_out", "brand_new"])
def test_nothing_of_a_long_cause_is_lost(code: str, cause: str) -> None:
    found = pieces(CHINESE, examples.state(Page.OVERVIEW, Problems((examples.problem(code, cause),))))
    told = "".join(str(piece.content["text"]) for piece in (found if code == "brand_new" else found[1:]))
    assert "".join(told.split()) == "".join(cause.split()) or (cause == "" and told == code)


@pytest.mark.parametrize("text", [examples.LONG_CAUSE, examples.LONG_CHINESE, "x" * 1000, "a " * 300, " ", ""])
def test_parts_of_a_text_are_short_and_whole(text: str) -> None:
    parts = cut(text)
    assert all(0 < weight(part) <= PART + 1 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize(("since", "told"), [("", ""), ("yesterday", "since yesterday")])
def test_since(since: str, told: str) -> None:
    assert since_text(ENGLISH, since) == told


# --- tables ------------------------------------------------------------------------------------------------------


def test_long_column_stands_below_with_its_name() -> None:
    table = Table(
        (Words("network.record"), Words("network.reason")),
        (Row("1", ("4711", examples.LONG_CAUSE)),),
        "resend",
    )
    head, row, *rest = pieces(ENGLISH, examples.state(Page.NETWORK, table))
    assert head.content["cells"] == ["Record"]
    assert row.content["cells"] == ["4711"]
    assert str(row.content["below"]).startswith("Reason  could not connect")
    told = str(row.content["below"]) + "".join(str(piece.content["text"]) for piece in rest)
    assert "".join(told.split()) == "Reason" + "".join(examples.LONG_CAUSE.split())


def test_no_cell_of_a_wide_table_is_lost() -> None:
    found = pieces(CHINESE, examples.state(Page.BINDING, examples.HISTORY))
    for row, piece in zip(examples.HISTORY.rows, [piece for piece in found if piece.kind == "row"], strict=True):
        told = " ".join([*piece.content["cells"], str(piece.content["below"])])  # type: ignore[misc]
        assert all(words(CHINESE, cell) in told for cell in row.cells)


def test_what_came_last_stands_first() -> None:
    found = pieces(CHINESE, examples.state(Page.LEARN, Lines(("AA", "BB"))))
    assert [piece.content["text"] for piece in found] == ["BB", "AA"]


def test_last_buttons_stand_below_the_page_wherever_they_are() -> None:
    state = examples.state(Page.SOUND_SCREEN, *reversed(examples.SOUND_SCREEN))
    assert [piece.content["value"] for piece in footer(CHINESE, state)] == ["invite", "thanks", "key"]
    assert [piece.content["action"] for piece in pieces(CHINESE, state) if piece.kind == "button"] == ["touch"]


# --- what stays the same stays where it is -----------------------------------------------------------------------


def piece(key: str, said: str = "") -> Piece:
    return Piece(key, "block", "fact", {"said": said})


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("abc", "abc", []),
        ("abc", "abcd", [("in", 3, 3)]),
        ("abc", "xabc", [("in", 0, 0)]),
        ("abc", "ac", [("out", 1, 1)]),
        ("abc", "axyc", [("out", 1, 1), ("in", 1, 2)]),
        ("", "ab", [("in", 0, 1)]),
        ("ab", "", [("out", 0, 1)]),
        ("aa", "a", [("out", 1, 1)]),
    ],
)
def test_only_what_is_different_is_exchanged(
    qapp: object, before: str, after: str, changes: list[tuple[str, int, int]]
) -> None:
    owner = QObject()
    model = PieceModel(owner)
    model.show(tuple(map(piece, before)))
    seen: list[tuple[str, int, int]] = []
    model.rowsInserted.connect(lambda _, first, last: seen.append(("in", first, last)))
    model.rowsRemoved.connect(lambda _, first, last: seen.append(("out", first, last)))
    assert model.show(tuple(map(piece, after))) is (before != after)
    assert seen == changes
    assert model.rowCount() == len(after)


def test_what_says_something_else_changes_where_it_is(qapp: object) -> None:
    owner = QObject()
    model = PieceModel(owner)
    model.show((piece("a"), piece("b"), piece("c")))
    changed: list[int] = []
    model.dataChanged.connect(lambda first, last: changed.append(first.row()))
    model.show((piece("a", "new"), piece("x"), piece("y"), piece("c", "new")))
    assert changed == [0, 3]
    assert [model.data(model.index(row), role) for row in (0, 3) for role in model.roleNames()][1] == {"said": "new"}
