"""What the learner has to say is worded by its code, in both languages, with the values that it gives."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from device_drivers import evaluator
from device_drivers.evaluator.learner_events import FailureCode
from device_drivers.evaluator.learning import Note, NoteCode, RefusalCode
from kiosk_app.resources import assets_directory
from kiosk_app.technician_screen.pages.learn import words_of_note
from kiosk_app.technician_screen.state import Notes, Page, Words
from kiosk_app.technician_screen.wording import pieces, words
from kiosk_app.terminal.wording import Wording
from tests.technician_screens import examples

WORDING = Wording(assets_directory(), ("zh-CN", "en"), "technician")
CHINESE, ENGLISH = WORDING.table("zh-CN"), WORDING.table("en")
languages = pytest.mark.parametrize("texts", [CHINESE, ENGLISH], ids=["zh-CN", "en"])


def notes_in_the_source() -> Iterator[tuple[NoteCode, set[str]]]:
    """Every note that the learner makes: its code, and the names of its values."""
    for file in Path(str(evaluator.__file__)).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id="Note"),
                    args=[ast.Attribute(value=ast.Name(id="NoteCode"), attr=code), ast.Dict(keys=names), _],
                ):
                    yield NoteCode[code], {str(ast.literal_eval(name)) for name in names if name is not None}


def failures_in_the_source() -> Iterator[tuple[str, set[str]]]:
    """Everything for which the learner gives up: its code, and the names of its values."""
    for file in Path(str(evaluator.__file__)).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(args=[_, ast.Attribute(value=ast.Name(id="FailureCode"), attr=code)], keywords=values):
                    yield FailureCode[code], {str(value.arg) for value in values}
                case ast.Call(args=[_, ast.Attribute(value=ast.Name(id="RefusalCode"), attr=code), *levels]):
                    yield RefusalCode[code], {"levels"} if levels else set()


@languages
def test_every_failure_is_worded_with_its_values(texts: dict[str, str]) -> None:
    found = list(failures_in_the_source())
    assert {code for code, _ in found} == {*FailureCode, *RefusalCode}
    for code, values in found:
        assert set(re.findall(r"{(\w+)}", texts[f"learn.failed.{code}"])) == values, code


@languages
def test_every_note_is_worded_with_its_values(texts: dict[str, str]) -> None:
    found = list(notes_in_the_source())
    assert {code for code, _ in found} == set(NoteCode)
    for code, values in found:
        assert set(re.findall(r"{(\w+)}", texts[f"learn.note.{code}"])) == values, code


def test_notes_name_the_keys_as_the_screen_does() -> None:
    note = Note(NoteCode.MISSED, {"levels": "very_satisfied dissatisfied"}, "Press 1 of … was not read")
    assert words(CHINESE, words_of_note(note)).startswith("“非常满意、不满意”有一次没有读出")
    assert words(ENGLISH, words_of_note(note)).startswith("Very good, Poor: one press was not read")


def test_a_note_that_nobody_has_translated_is_told_in_the_learners_words() -> None:
    note = Note(cast(NoteCode, "brand_new"), {}, "the flux is low")
    assert words(CHINESE, words_of_note(note)) == "the flux is low"


def test_notes_are_told_in_order_each_for_itself_and_whole() -> None:
    block = Notes((Words("learn.note.no_checksum", {"quiet": 50}), examples.LONG_CHINESE), Words("learn.notes"))
    title, first, *rest = pieces(CHINESE, examples.state(Page.LEARN, block))
    assert (title.kind, title.content["text"]) == ("title", "需要知道的")
    assert first.content["text"] == "没有校验；报文前后各安静 50 毫秒才算。"
    assert "".join(str(piece.content["text"]) for piece in rest) == examples.LONG_CHINESE
    assert first.block not in {piece.block for piece in rest}
