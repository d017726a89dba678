"""What an answer means: the end of interfaces §5, as a pure function."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from requests.structures import CaseInsensitiveDict

from sync_agent.outcomes import (
    BatchProblem,
    Blame,
    Busy,
    HttpAnswer,
    Outcome,
    Results,
    ServerTime,
    Status,
    TooLarge,
    Unauthorised,
    Unavailable,
    Verdict,
    interpret,
    retry_after,
)

NOW = datetime(2026, 11, 22, 6, 0, 0, tzinfo=UTC)
DATE = "Sun, 22 Nov 2026 06:00:00 GMT"
HALF_A_SECOND = timedelta(seconds=0.5)
JSON = "application/json"
PROBLEM = "application/problem+json"


def meaning(status: int, body: object = b"", content_type: str | None = JSON, **headers: str) -> Outcome:
    named = CaseInsensitiveDict({name.replace("_", "-"): value for name, value in headers.items()})
    if content_type is not None:
        named["Content-Type"] = content_type
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return interpret(HttpAnswer(status, named, content), {"a", "b"}, NOW)


def test_results_are_verdicts_by_record() -> None:
    results = [
        {"record_id": "a", "status": "superseded", "reason": "another rating holds the visit"},
        {"record_id": "b", "status": "accepted", "reason": None, "receipt": "r"},
    ]
    outcome = meaning(200, {"server_time": "2026-11-22T14:00:00.5+08:00", "results": results})
    assert outcome == Results(
        {"a": Verdict(Status.SUPERSEDED, "another rating holds the visit"), "b": Verdict(Status.ACCEPTED)},
        ServerTime(NOW + HALF_A_SECOND),
    )


def test_a_record_without_a_result_is_not_judged() -> None:
    outcome = meaning(200, {"results": [{"record_id": "a", "status": "duplicate"}]}, "application/json; charset=utf-8")
    assert outcome == Results({"a": Verdict(Status.DUPLICATE)}, None)


def test_the_same_verdict_twice_is_one() -> None:
    twice = [{"record_id": "a", "status": "accepted"}] * 2
    assert meaning(200, {"results": twice}) == Results({"a": Verdict(Status.ACCEPTED)}, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b'{"results": [',
        b"[" * 100_000,
        b"\xff\xfe",
        [],
        {},
        {"results": {}},
        {"results": []},
        {"results": [1]},
        {"results": [{"status": "accepted"}]},
        {"results": [{"record_id": 1, "status": "accepted"}]},
        {"results": [{"record_id": "a", "status": "noted"}]},
        {"results": [{"record_id": "a", "status": "accepted"}, {"record_id": "c", "status": "accepted"}]},
        {"results": [{"record_id": "a", "status": "accepted"}, {"record_id": "a", "status": "rejected"}]},
    ],
)
def test_garbage_concludes_nothing(body: object) -> None:
    outcome = meaning(200, body)
    assert isinstance(outcome, Unavailable)
    assert outcome.blame is Blame.ANSWER


@pytest.mark.parametrize("content_type", [None, "text/html", "text/plain", PROBLEM])
def test_results_under_a_wrong_content_type_conclude_nothing(content_type: str | None) -> None:
    results = {"results": [{"record_id": "a", "status": "accepted"}]}
    assert isinstance(meaning(200, results, content_type), Unavailable)


@pytest.mark.parametrize("status", [201, 202, 204, 206, 404, 405, 409, 410, 418, 500, 501, 502, 504, 599])
def test_every_other_status_is_unavailable(status: int) -> None:
    results = {"results": [{"record_id": "a", "status": "accepted"}]}
    assert meaning(status, results) == Unavailable(f"HTTP {status}", Blame.ANSWER)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
def test_a_redirect_is_unavailable_and_no_records_fault(status: int) -> None:
    assert meaning(status, Location="/x") == Unavailable(f"HTTP {status}", Blame.NO_RECORD)


@pytest.mark.parametrize("status", [400, 422])
def test_only_a_problem_document_speaks_about_the_records(status: int) -> None:
    problem = {"title": "Unprocessable", "detail": "level is unknown"}
    assert meaning(status, problem, PROBLEM) == BatchProblem("level is unknown")
    assert meaning(status, {"title": "Unprocessable"}, PROBLEM) == BatchProblem("Unprocessable")
    assert meaning(status, {"detail": 7}, PROBLEM) == BatchProblem(f"HTTP {status}")
    for content_type in (JSON, "text/html", None):
        assert isinstance(meaning(status, problem, content_type), Unavailable)
    assert isinstance(meaning(status, b"<html>", PROBLEM), Unavailable)


def test_413_is_too_large_whoever_says_it() -> None:
    assert meaning(413, b"<html>", "text/html") == TooLarge()


@pytest.mark.parametrize("status", [401, 403])
def test_unauthorised_tells_the_servers_time(status: int) -> None:
    told = {"server_time": "2026-11-22T06:00:00.000Z"}
    assert meaning(status, told, PROBLEM) == Unauthorised(f"HTTP {status}", ServerTime(NOW))
    by_date = ServerTime(NOW + HALF_A_SECOND, HALF_A_SECOND)
    assert meaning(status, b"<html>", "text/html", Date=DATE) == Unauthorised(f"HTTP {status}", by_date)
    assert meaning(status, b"<html>", "text/html", Date="yesterday") == Unauthorised(f"HTTP {status}", None)


@pytest.mark.parametrize(
    "told", ["2026-11-22T06:00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "now", 7, None]
)
def test_a_time_that_no_server_has_gives_way_to_the_date(told: object) -> None:
    expected = Unauthorised("HTTP 401", ServerTime(NOW + HALF_A_SECOND, HALF_A_SECOND))
    assert meaning(401, {"server_time": told}, PROBLEM, Date=DATE) == expected


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_makes_the_platform_busy(status: int) -> None:
    assert meaning(status, Retry_After="7") == Busy(f"HTTP {status}", 7)
    in_a_minute = "Sun, 22 Nov 2026 06:01:00 GMT"
    assert meaning(status, Retry_After=in_a_minute) == Busy(f"HTTP {status}", 60)
    server_is_ahead = "Sun, 22 Nov 2026 06:00:30 GMT"
    assert meaning(status, Retry_After=in_a_minute, Date=server_is_ahead) == Busy(f"HTTP {status}", 30)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("value", ["", "soon", "-5", "1.5", "Sun, 99 Nov 2026 06:01:00 GMT"])
def test_without_a_readable_retry_after_it_is_unavailable(status: int, value: str) -> None:
    assert meaning(status, Retry_After=value) == Unavailable(f"HTTP {status}", Blame.NO_RECORD)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("7200", 7200),
        ("999999999999999999999", 86_400),
        ("Sun, 22 Nov 2020 06:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
    ],
)
def test_retry_after_is_bounded(value: str, seconds: float) -> None:
    assert retry_after(value, NOW) == seconds


def test_a_platforms_reason_is_cut() -> None:
    rejected = {"results": [{"record_id": "a", "status": "rejected", "reason": "x" * 10_000}]}
    outcome = meaning(200, rejected)
    assert isinstance(outcome, Results)
    assert outcome.verdicts["a"].reason == "x" * 500
    assert meaning(422, {"detail": "y" * 10_000}, PROBLEM) == BatchProblem("y" * 500)
