"""The questionnaire of the self-service terminal: versioned data, every answer voluntary (R9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kiosk_app.domain.records import Json


class QuestionKind(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True)
class Answer:
    """One answer that can be given."""

    code: str
    text: str
    text_en: str = ""


STANDARD_ANSWERS = (Answer("yes", "是", "Yes"), Answer("partly", "一般", "Partly"), Answer("no", "否", "No"))
"""Where a question comes without answers of its own."""

_ASKS_FOR_WORDS = ("意见", "建议")


@dataclass(frozen=True)
class Question:
    """One question."""

    code: str
    text: str
    text_en: str = ""
    kind: QuestionKind = QuestionKind.CHOICE
    answers: tuple[Answer, ...] = STANDARD_ANSWERS
    """What can be chosen; empty for a question that is answered in words."""


@dataclass(frozen=True)
class Questionnaire:
    """The questions, in the order in which they are asked."""

    version: str
    questions: tuple[Question, ...]

    def recorded(self, given: Mapping[str, str]) -> dict[str, Json]:
        """What `rating_detail` keeps of the answers given, by question code: question, answer and text as shown.

        `given` is the answer's code by the question's, or the words of a question that asks for words. What is no
        answer to a question asked is left out.
        """
        found: dict[str, Json] = {}
        for question in self.questions:
            answer = given.get(question.code, "")
            texts = {option.code: option.text for option in question.answers}
            if question.kind is QuestionKind.TEXT and answer.strip():
                found[question.code] = {"question": question.text, "answer": None, "text": answer.strip()}
            elif answer in texts:
                found[question.code] = {"question": question.text, "answer": answer, "text": texts[answer]}
        return found


def parse_questionnaire(document: Any) -> Questionnaire:
    """Read `{version, questions: [{code, text, text_en, kind, answers: [{code, text, text_en}]}]}`.

    A question may be a plain text: it is then `q1`, `q2` … by its place, with the standard answers, or answered in
    words where it asks for 意见 or 建议. Raises `ValueError` naming what is wrong.
    """
    try:
        questions = tuple(
            _question(entry, f"q{number}") for number, entry in enumerate(_list(document["questions"]), start=1)
        )
        version = document["version"]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"questionnaire: {error!r}; needed are version and questions with texts") from error
    if len({question.code for question in questions}) < len(questions):
        raise ValueError("questionnaire: two questions have the same code")
    return Questionnaire(str(version), questions)


def _question(entry: Any, code: str) -> Question:
    if isinstance(entry, str):
        entry = {"text": entry}
    text = _text(entry["text"])
    kind = QuestionKind(entry.get("kind") or _likely_kind(entry, text))
    answers = tuple(_answer(answer) for answer in _list(entry.get("answers") or []))
    return Question(
        code=_text(entry.get("code") or code),
        text=text,
        text_en=str(entry.get("text_en") or ""),
        kind=kind,
        answers=() if kind is QuestionKind.TEXT else answers or STANDARD_ANSWERS,
    )


def _likely_kind(entry: Json, text: str) -> QuestionKind:
    asks_for_words = not entry.get("answers") and any(word in text for word in _ASKS_FOR_WORDS)
    return QuestionKind.TEXT if asks_for_words else QuestionKind.CHOICE


def _answer(entry: Any) -> Answer:
    return Answer(_text(entry["code"]), _text(entry["text"]), str(entry.get("text_en") or ""))


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is not a list")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError(f"{value!r} is not a text")
    return value
