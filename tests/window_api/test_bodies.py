"""What may be said in a body, and what is answered to the rest (interfaces §6; R4, R11, R17)."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from kiosk_app.domain.visits import Case, OpenedBy, VisitRequest
from tests.window_api.api_client import ApiClient, problem
from tests.window_api.fake_window import FakeWindow

CASE: dict[str, Any] = {
    "case_no": "640181202611220001",
    "item_code": "11640181MB1234567X4000125001",
    "item_name": "食品经营许可",
    "department": "市场监督管理局",
    "stage": "2",
    "assess_number": 99,
}


def test_all_that_can_be_said_of_a_visit_reaches_the_window(api: ApiClient, window: FakeWindow) -> None:
    body = {
        "cases": [CASE, {}],
        "staff_no": "1203",
        "ticket_no": "A001",
        "rating_code": "8080-RGG0-0PFZ-R84R",
        "user": {"name": "测试甲", "id_no": "TESTID0000000001X", "phone": "10012340000"},
        "invite": True,
    }
    answer = api.post("/v1/visits", body)
    assert answer.json().keys() == {"visit_id", "state"}
    assert window.requests == [
        VisitRequest(
            cases=(Case("640181202611220001", CASE["item_code"], "食品经营许可", "市场监督管理局", "2", 99), Case()),
            staff_no="1203",
            ticket_no="A001",
            rating_code="8080-RGG0-0PFZ-R84R",
            user={"name": "测试甲", "id_no": "TESTID0000000001X", "phone": "10012340000"},
            invite=True,
            opened_by=OpenedBy.WINDOW_API,
        )
    ]


@pytest.mark.parametrize(
    "body",
    [
        None,
        b"",
        b" \r\n",
        {},
        {"cases": None, "staff_no": None, "ticket_no": None, "rating_code": None, "user": None, "invite": None},
        {"cases": [], "staff_no": "", "ticket_no": "", "rating_code": "", "user": {}},
        {"user": {"name": "", "phone": None}},
    ],
)
def test_what_is_null_or_empty_is_not_said(api: ApiClient, window: FakeWindow, body: object) -> None:
    assert api.post("/v1/visits", body).status_code == 201
    assert window.requests == [VisitRequest()]


@pytest.mark.parametrize(("stage", "text"), [("2", "2"), (2, "2"), ("受理", "受理"), (None, None)])
def test_a_stage_is_a_text_or_an_integer(api: ApiClient, window: FakeWindow, stage: object, text: str | None) -> None:
    api.post("/v1/visits", {"cases": [{"stage": stage}]})
    assert window.requests[0].cases == (Case(stage=text),)


def test_texts_of_the_greatest_length_are_taken(api: ApiClient, window: FakeWindow) -> None:
    body = {"cases": [{"item_name": "项" * 200}] * 50, "ticket_no": "1" * 32}
    assert api.post("/v1/visits", body).status_code == 201
    assert len(window.requests[0].cases) == 50


def test_a_byte_order_mark_does_no_harm(api: ApiClient, window: FakeWindow) -> None:
    api.post("/v1/visits", b'\xef\xbb\xbf{"ticket_no": "A001"}')
    assert window.requests[0].ticket_no == "A001"


def test_personal_data_that_cannot_be_sealed_is_said_to_be_dropped(api: ApiClient, window: FakeWindow) -> None:
    window.has_seal_key = False
    answer = api.post("/v1/visits", {"user": {"name": "测试甲"}})
    assert answer.status_code == 201
    assert answer.json()["user"].startswith("dropped: ")
    assert "seal_key_file" in answer.json()["user"]


def test_a_call_reaches_the_window_as_one(api: ApiClient, window: FakeWindow) -> None:
    api.post("/v1/window/call", {"ticket_no": "A001", "rating_code": "8080-RGG0-0PFZ-R84R"})
    assert window.requests == [
        VisitRequest(ticket_no="A001", rating_code="8080-RGG0-0PFZ-R84R", opened_by=OpenedBy.QUEUE_CALL)
    ]


@pytest.mark.parametrize(
    ("back_at", "moment"),
    [
        ("2026-11-22T14:30:00+08:00", datetime(2026, 11, 22, 14, 30, tzinfo=timezone(timedelta(hours=8)))),
        ("2026-11-22T06:30:00.5Z", datetime(2026, 11, 22, 6, 30, 0, 500_000, tzinfo=UTC)),
        ("2026-11-22t06:30:00z", datetime(2026, 11, 22, 6, 30, tzinfo=UTC)),
        (None, None),
    ],
)
def test_a_pause_reaches_the_window(
    api: ApiClient, window: FakeWindow, back_at: str | None, moment: datetime | None
) -> None:
    assert api.post("/v1/window/pause", {"reason": "开会", "back_at": back_at}).status_code == 200
    assert window.away_signs == [("开会", moment)]


@pytest.mark.parametrize("body", [None, {}, {"reason": None}])
def test_a_pause_needs_no_reason(api: ApiClient, window: FakeWindow, body: object) -> None:
    assert api.post("/v1/window/pause", body).status_code == 200
    assert window.away_signs == [("", None)]


@pytest.mark.parametrize(
    "back_at",
    [
        "2026-11-22T14:30:00",
        "2026-11-22",
        "14:30",
        "2026-11-22 14:30:00+08:00",
        "20261122T143000+0800",
        "2026-02-30T14:30:00+08:00",
        "2026-11-22T14:30:00+25:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "２０２６-11-22T14:30:00+08:00",
        "2026-11-22T14:30:00+08:00\n",
        "",
        1795329000,
        True,
    ],
)
def test_a_time_that_could_be_misread_is_refused(refusing_api: ApiClient, back_at: object) -> None:
    answer = refusing_api.post("/v1/window/pause", {"back_at": back_at})
    assert answer.status_code == 422
    assert problem(answer)["detail"].startswith("back_at must be an RFC 3339 time with its offset")


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"levle": 5}, "The body has the unknown key 'levle'; known are: cases, staff_no, ticket_no, "),
        ({"level": None}, "The body has the unknown key 'level'; known are: "),
        ({"cases": [{}, {"level": 5}]}, "cases[1] has the unknown key 'level'; known are: case_no, "),
        ({"user": {"sex": "f"}}, "user has the unknown key 'sex'; known are: name, id_no, phone."),
        ({"k" * 60_000: 1}, f"The body has the unknown key '{'k' * 40}\\u2026'; known are: "),
        ({"a\nb": 1}, r"The body has the unknown key 'a\nb'; known are: "),
        ({"cases": {}}, "cases must be a list, not an object."),
        ({"cases": [{}] * 51}, "cases must have at most 50 items."),
        ({"cases": [None]}, "cases[0] must be an object, not null."),
        ({"cases": ["A"]}, "cases[0] must be an object, not a string."),
        ({"cases": [{"case_no": 1}]}, "cases[0].case_no must be a string, not a number."),
        ({"cases": [{"item_name": "项" * 201}]}, "cases[0].item_name must have at most 200 characters."),
        ({"cases": [{"stage": 1.5}]}, "cases[0].stage must be a string, not a number."),
        ({"cases": [{"stage": True}]}, "cases[0].stage must be a string, not true or false."),
        ({"cases": [{"stage": 10**200}]}, "cases[0].stage must have at most 200 characters."),
        ({"cases": [{"assess_number": 0}]}, "cases[0].assess_number must be at least 1."),
        ({"cases": [{"assess_number": 100}]}, "cases[0].assess_number must be at most 99."),
        ({"cases": [{"assess_number": "1"}]}, "cases[0].assess_number must be an integer, not a string."),
        ({"cases": [{"assess_number": True}]}, "cases[0].assess_number must be an integer, not true or false."),
        ({"staff_no": "1" * 33}, "staff_no must have at most 32 characters."),
        ({"ticket_no": ["A001"]}, "ticket_no must be a string, not a list."),
        ({"rating_code": "8" * 33}, "rating_code must have at most 32 characters."),
        ({"user": "测试甲"}, "user must be an object, not a string."),
        ({"user": {"phone": 10012340000}}, "user.phone must be a string, not a number."),
        ({"user": {"name": "张\u0000三"}}, "user.name must not contain control characters such as line breaks."),
        ({"ticket_no": "A\u009b001"}, "ticket_no must not contain control characters such as line breaks."),
        ({"invite": "true"}, "invite must be true or false, not a string."),
        ({"invite": 1}, "invite must be true or false, not a number."),
    ],
)
def test_a_fault_is_named_with_what_is_allowed(refusing_api: ApiClient, body: dict[str, Any], detail: str) -> None:
    answer = refusing_api.post("/v1/visits", body)
    assert answer.status_code == 422
    assert problem(answer)["detail"].startswith(detail)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (None, "ticket_no is required."),
        ({"rating_code": "8080-RGG0-0PFZ-R84R"}, "ticket_no is required."),
        ({"ticket_no": None}, "ticket_no is required."),
        ({"ticket_no": ""}, "ticket_no must not be empty."),
    ],
)
def test_a_call_needs_a_number_to_show(refusing_api: ApiClient, body: object, detail: str) -> None:
    answer = refusing_api.post("/v1/window/call", body)
    assert (answer.status_code, problem(answer)["detail"]) == (422, detail)


@pytest.mark.parametrize("path", ["/v1/visits/any/invite", "/v1/visits/any/end", "/v1/window/resume"])
def test_where_nothing_is_to_be_said_nothing_is_taken(refusing_api: ApiClient, path: str) -> None:
    answer = refusing_api.post(path, {"level": "very_satisfied"})
    assert (answer.status_code, problem(answer)["detail"]) == (
        422,
        "The body has the unknown key 'level'; known are: none.",
    )


def test_a_value_is_never_repeated(refusing_api: ApiClient) -> None:
    answer = refusing_api.post("/v1/visits", {"user": {"id_no": "TESTID0000000001X\n"}})
    assert answer.status_code == 422
    assert "TESTID0000000001X" not in answer.text
