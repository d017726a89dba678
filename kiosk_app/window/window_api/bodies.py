"""The bodies of requests: what may be said, how long it may be, and what it means (interfaces §6).

What is null or an empty string counts as not said. Errors name the field and the rule, never the value: it may be
personal data (R11).
"""

import re
import unicodedata
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    Strict,
    StrictBool,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from kiosk_app.domain.visits import Case, OpenedBy, VisitRequest
from kiosk_app.window.window_api.body_faults import field_problem, shortened

_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})", re.IGNORECASE
)


def _without_control_characters(text: str) -> str:
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise PydanticCustomError("control_character", "must not contain control characters such as line breaks")
    return text


def _integer_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _moment(value: object) -> datetime:
    fault = PydanticCustomError(
        "moment", "must be an RFC 3339 time with its offset, such as 2026-11-22T14:30:00+08:00, from 2000 to 2999"
    )
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise fault
    try:
        moment = datetime.fromisoformat(value.upper())
    except ValueError:
        raise fault from None
    # At the ends of the calendar a change of time zone overflows.
    if not 2000 <= moment.year <= 2999:
        raise fault
    return moment


_Text = Annotated[str, Strict(), StringConstraints(max_length=200), AfterValidator(_without_control_characters)]
ShortText = Annotated[str, Strict(), StringConstraints(max_length=32), AfterValidator(_without_control_characters)]
ShortTextNotEmpty = Annotated[
    str, Strict(), StringConstraints(min_length=1, max_length=32), AfterValidator(_without_control_characters)
]
_Stage = Annotated[_Text, BeforeValidator(_integer_as_text)]
_AssessNumber = Annotated[int, Strict(), Field(ge=1, le=99)]
_Moment = Annotated[datetime, BeforeValidator(_moment)]


class Body(BaseModel):
    """An object of which only the keys below may be said."""

    @model_validator(mode="before")
    @classmethod
    def _check_keys(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        for key in values:
            if key not in cls.model_fields:
                context = {"key": shortened(key), "known": ", ".join(cls.model_fields) or "none"}
                raise PydanticCustomError("unknown_key", "has the unknown key {key}; known are: {known}", context)
        return {key: value for key, value in values.items() if value is not None}

    def said(self) -> dict[str, Any]:
        """What was said, without what is empty."""
        return {key: value for key, value in self if value not in (None, "")}


class NoBody(Body):
    """Nothing is to be said."""


class CaseBody(Body):
    """One matter of the visit (R4)."""

    case_no: _Text | None = None
    item_code: _Text | None = None
    item_name: _Text | None = None
    department: _Text | None = None
    stage: _Stage | None = None
    assess_number: _AssessNumber | None = None


class UserBody(Body):
    """The citizen, where known; sealed at once (R11)."""

    name: _Text | None = None
    id_no: _Text | None = None
    phone: _Text | None = None


class OpenVisitBody(Body):
    """`POST /v1/visits`: all of it may be unknown."""

    cases: Annotated[list[CaseBody], Field(max_length=50)] = Field(default_factory=list)
    staff_no: ShortText | None = None
    ticket_no: ShortText | None = None
    rating_code: ShortText | None = None
    user: UserBody | None = None
    invite: StrictBool = False

    def visit_request(self) -> VisitRequest:
        """What the window is asked to do."""
        said = self.said()
        said["cases"] = tuple(Case(**case.said()) for case in self.cases)
        said["user"] = (self.user and self.user.said()) or None
        return VisitRequest(**said, opened_by=OpenedBy.WINDOW_API)


class CallBody(Body):
    """`POST /v1/window/call`: the number to show; it opens the visit."""

    ticket_no: ShortTextNotEmpty
    rating_code: ShortText | None = None

    def visit_request(self) -> VisitRequest:
        """What the window is asked to do."""
        return VisitRequest(**self.said(), opened_by=OpenedBy.QUEUE_CALL)


class PauseBody(Body):
    """`POST /v1/window/pause`: what the away sign says (R19)."""

    reason: _Text = ""
    back_at: _Moment | None = None


SomeBody = TypeVar("SomeBody", bound=Body)


def checked(model: type[SomeBody], values: dict[str, Any]) -> SomeBody:
    """Check a JSON object, or name its first fault."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise field_problem(error) from None
