"""The questionnaire as versioned data (R9)."""

from typing import Any

import pytest

from kiosk_app.domain.questionnaire import (
    STANDARD_ANSWERS,
    Answer,
    Question,
    QuestionKind,
    Questionnaire,
    parse_questionnaire,
)
from kiosk_app.resources import read_json

DOCUMENT: dict[str, Any] = {
    "version": "7",
    "questions": [
        {
            "code": "speed",
            "text": "办理速度",
            "text_en": "Speed",
            "kind": "choice",
            "answers": [{"code": "fast", "text": "快", "text_en": "Fast"}, {"code": "slow", "text": "慢"}],
        },
        {"code": "more", "text": "还有什么", "kind": "text"},
    ],
}


def test_questions_keep_their_order_words_and_answers_r9() -> None:
    assert parse_questionnaire(DOCUMENT) == Questionnaire(
        "7",
        (
            Question("speed", "办理速度", "Speed", answers=(Answer("fast", "快", "Fast"), Answer("slow", "慢"))),
            Question("more", "还有什么", "", QuestionKind.TEXT, ()),
        ),
    )


def test_the_built_in_questionnaire_asks_the_five_questions_r9() -> None:
    questionnaire = parse_questionnaire(read_json("questionnaire.json"))
    assert [question.text for question in questionnaire.questions] == [
        "服务指引是否清晰",
        "办事程序是否便利",
        "材料手续是否精简",
        "操作界面是否友好",
        "有何改进意见",
    ]
    *choices, last = questionnaire.questions
    assert all(question.answers == STANDARD_ANSWERS for question in choices)
    assert (last.kind, last.answers) == (QuestionKind.TEXT, ())
    assert all(question.text_en for question in questionnaire.questions)
    assert questionnaire.version


def test_plain_texts_are_questions_with_the_standard_answers() -> None:
    questionnaire = parse_questionnaire({"version": 3, "questions": ["服务指引是否清晰", "有何改进意见"]})
    assert questionnaire == Questionnaire(
        "3", (Question("q1", "服务指引是否清晰"), Question("q2", "有何改进意见", "", QuestionKind.TEXT, ()))
    )
    assert [answer.text for answer in questionnaire.questions[0].answers] == ["是", "一般", "否"]


def test_what_is_recorded_is_what_was_shown_r9() -> None:
    questionnaire = parse_questionnaire(DOCUMENT)
    assert questionnaire.recorded({"more": "  多放椅子 ", "speed": "slow"}) == {
        "speed": {"question": "办理速度", "answer": "slow", "text": "慢"},
        "more": {"question": "还有什么", "answer": None, "text": "多放椅子"},
    }


@pytest.mark.parametrize("given", [{}, {"speed": ""}, {"speed": "medium"}, {"price": "fast"}, {"more": "  "}])
def test_no_answer_is_invented_r9(given: dict[str, str]) -> None:
    assert parse_questionnaire(DOCUMENT).recorded(given) == {}


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"version": "1"},
        {"questions": []},
        {"version": "1", "questions": "服务指引是否清晰"},
        {"version": "1", "questions": [None]},
        {"version": "1", "questions": [""]},
        {"version": "1", "questions": [{"code": "q"}]},
        {"version": "1", "questions": [{"text": "好吗", "kind": "song"}]},
        {"version": "1", "questions": [{"text": "好吗", "code": 7}]},
        {"version": "1", "questions": [{"text": "好吗", "answers": "是"}]},
        {"version": "1", "questions": [{"text": "好吗", "answers": [{"code": "yes"}]}]},
        {"version": "1", "questions": ["好吗", {"code": "q1", "text": "快吗"}]},
    ],
)
def test_a_questionnaire_that_is_not_right_is_refused(document: Any) -> None:
    with pytest.raises(ValueError, match=r"questionnaire|QuestionKind"):
        parse_questionnaire(document)
