"""What an answer of the platform means for the records sent (end of interfaces §5).

Only few answers say something about records. Everything else means that the platform is unavailable, and nothing is
concluded about any record: a proxy's error page must never cost a citizen's rating.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum, StrEnum
from typing import Any

from requests.structures import CaseInsensitiveDict

LONGEST_RETRY_AFTER_S = 86_400
"""A platform cannot silence a terminal for longer than a day: ratings are reported in real time (R14)."""
LONGEST_REASON = 500
"""Characters of a platform's reason that are kept."""


class Status(StrEnum):
    """The platform's word on one record."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Verdict:
    """The platform's word on one record, with its reason."""

    status: Status
    reason: str | None = None


class Blame(Enum):
    """Whether a record of the batch may be why the platform is unavailable."""

    NO_RECORD = "no record"
    """There was no connection, or the answer came from something that reads no records."""
    SILENCE = "silence"
    """The batch was sent and no whole answer came: possible, but dear to find out."""
    ANSWER = "answer"
    """An error answer came: a single record may have upset the platform."""


@dataclass(frozen=True)
class ServerTime:
    """The server's time as it wrote it into an answer."""

    at: datetime
    uncertainty: timedelta = timedelta()


@dataclass(frozen=True)
class Results:
    """Verdicts by record id; a record sent but not in it stays waiting."""

    verdicts: Mapping[str, Verdict]
    server_time: ServerTime | None


@dataclass(frozen=True)
class BatchProblem:
    """400 or 422 with a problem document: some record of the batch is at fault."""

    reason: str


@dataclass(frozen=True)
class TooLarge:
    """413: the batch, or its only record, is too large."""


@dataclass(frozen=True)
class Unauthorised:
    """401 or 403: stop pushing; the clock may be why."""

    cause: str
    server_time: ServerTime | None


@dataclass(frozen=True)
class Busy:
    """429 or 503 with `Retry-After`: nobody pushes for that long."""

    cause: str
    seconds: float


@dataclass(frozen=True)
class Unavailable:
    """Nothing is concluded about any record."""

    cause: str
    blame: Blame


Outcome = Results | BatchProblem | TooLarge | Unauthorised | Busy | Unavailable


@dataclass(frozen=True)
class HttpAnswer:
    """A whole answer, before anyone has judged it."""

    status: int
    headers: CaseInsensitiveDict[str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return self.headers.get("Content-Type", "").split(";")[0].strip().lower()

    @property
    def date(self) -> datetime | None:
        """The server's own time by its `Date` header."""
        return _http_date(self.headers.get("Date", ""))


class _GarbageError(Exception):
    """The answer is not what it claims to be; its text says how."""


def interpret(answer: HttpAnswer, sent: Collection[str], now: datetime) -> Outcome:
    """What this answer to a push of the records `sent` (by id) means.

    `now` is the corrected time, against which a `Retry-After` date counts when the answer has no `Date`.
    """
    if (hold := holding_back(answer, now)) is not None:
        return hold
    try:
        match answer.status:
            case 200:
                return _results(answer, sent)
            case 400 | 422 if answer.media_type == "application/problem+json":
                return BatchProblem(_reason(_json_object(answer), f"HTTP {answer.status}"))
            case 413:
                return TooLarge()
    except _GarbageError as error:
        return Unavailable(f"HTTP {answer.status}: {error}", Blame.ANSWER)
    is_elsewhere = 300 <= answer.status < 400 or answer.status in (429, 503)
    return Unavailable(f"HTTP {answer.status}", Blame.NO_RECORD if is_elsewhere else Blame.ANSWER)


def holding_back(answer: HttpAnswer, now: datetime) -> Unauthorised | Busy | None:
    """Whether an answer, to whatever question, tells to ask nothing for a while."""
    if answer.status in (401, 403):
        return Unauthorised(f"HTTP {answer.status}", server_time(answer))
    if answer.status in (429, 503):
        seconds = retry_after(answer.headers.get("Retry-After", ""), answer.date or now)
        return None if seconds is None else Busy(f"HTTP {answer.status}", seconds)
    return None


def _results(answer: HttpAnswer, sent: Collection[str]) -> Results:
    if answer.media_type != "application/json":
        raise _GarbageError(f"content type {answer.media_type or 'missing'}")
    results = _json_object(answer).get("results")
    if not isinstance(results, list):
        raise _GarbageError("no list of results")
    verdicts: dict[str, Verdict] = {}
    for result in results:
        record_id, verdict = _verdict(result)
        if record_id not in sent:
            raise _GarbageError("a result for a record that was not sent")
        if verdicts.setdefault(record_id, verdict).status is not verdict.status:
            raise _GarbageError("contradictory results for one record")
    if not verdicts:
        raise _GarbageError("no result for any record")
    return Results(verdicts, server_time(answer))


def _verdict(result: Any) -> tuple[str, Verdict]:
    try:
        record_id, status = result["record_id"], Status(result["status"])
    except (TypeError, KeyError, ValueError):
        raise _GarbageError("a result that is none") from None
    if not isinstance(record_id, str):
        raise _GarbageError("a result that names no record")
    reason = result.get("reason")
    return record_id, Verdict(status, reason[:LONGEST_REASON] if isinstance(reason, str) and reason else None)


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds to wait by a `Retry-After` header, at most a day; None where it is missing or unreadable."""
    value = value.strip()
    if re.fullmatch(r"[0-9]+", value):
        seconds = float(value)
    elif (date := _any_http_date(value)) is not None:
        seconds = (date - now).total_seconds()
    else:
        return None
    return min(max(seconds, 0.0), float(LONGEST_RETRY_AFTER_S))


def _reason(problem: Mapping[str, Any], otherwise: str) -> str:
    for member in ("detail", "title"):
        text = problem.get(member)
        if isinstance(text, str) and text.strip():
            return text.strip()[:LONGEST_REASON]
    return otherwise


def server_time(answer: HttpAnswer) -> ServerTime | None:
    """`server_time` of the body, else the `Date` header; a time that no server can have is none."""
    try:
        moment = datetime.fromisoformat(_json_object(answer)["server_time"])
    except (_GarbageError, KeyError, TypeError, ValueError):
        moment = None
    if moment is not None and moment.tzinfo and _plausible(moment):
        return ServerTime(moment.astimezone(UTC))
    # A Date is cut to whole seconds: its middle is right to half a second.
    half = timedelta(seconds=0.5)
    return ServerTime(answer.date + half, half) if answer.date else None


def _http_date(value: str) -> datetime | None:
    """A date that a server's clock can show."""
    moment = _any_http_date(value)
    return moment if moment is not None and _plausible(moment) else None


def _any_http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _plausible(moment: datetime) -> bool:
    return 2020 <= moment.year < 2200


def _json_object(answer: HttpAnswer) -> dict[str, Any]:
    try:
        content = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise _GarbageError("not JSON") from None
    if not isinstance(content, dict):
        raise _GarbageError("not a JSON object")
    return content
