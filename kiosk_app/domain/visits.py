"""What a visit is, what a business system may ask of the window, and what it is answered (interfaces §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class WindowName(StrEnum):
    """The states of a window, as the window API names them."""

    IDLE = "idle"
    SERVING = "serving"
    INVITING = "inviting"
    PAUSED = "paused"


class VisitName(StrEnum):
    """The states of a visit, as the window API names them; the level is never told (R6)."""

    SERVING = "serving"
    INVITING = "inviting"
    RATED = "rated"
    MISSED = "missed"


class OpenedBy(StrEnum):
    """Who opened a visit."""

    WINDOW_API = "window_api"
    STAFF_PAGE = "staff_page"
    QUEUE_CALL = "queue_call"
    KIOSK = "kiosk"


@dataclass(frozen=True)
class Case:
    """One matter handled in a visit (一事一评, R4); what the business system did not say stays None."""

    case_no: str | None = None
    item_code: str | None = None
    item_name: str | None = None
    department: str | None = None
    stage: str | None = None
    assess_number: int | None = None


@dataclass(frozen=True)
class VisitRequest:
    """What a business system says when a citizen's service begins."""

    cases: tuple[Case, ...] = ()
    staff_no: str | None = None
    """A claim: the binding counts, a difference is flagged (R13, R17)."""
    ticket_no: str | None = None
    rating_code: str | None = None
    user: Mapping[str, str] | None = None
    """name, id_no, phone: sealed at once, never stored as they are (R11)."""
    invite: bool = False
    opened_by: OpenedBy = OpenedBy.WINDOW_API


class Refusal(StrEnum):
    """Why the window says no; the service side can neither shorten nor cancel an invitation (R6)."""

    VISIT_OPEN = "visit_open"
    """Another visit is being served."""
    INVITING = "inviting"
    """An invitation is open: wait for its deadline."""
    PAUSED = "paused"
    """The window is paused: resume first."""
    FINISHED = "finished"
    """The visit is already rated or missed."""
    UNKNOWN_VISIT = "unknown_visit"
    CANNOT_RECORD = "cannot_record"
    """Disk full or journal broken: nothing is accepted that could not be kept."""


@dataclass(frozen=True)
class Accepted:
    """Yes; the state that follows."""

    window: WindowName
    visit_id: str | None = None
    visit: VisitName | None = None
    deferred: bool = False
    """A pause that waits for the end of the visit in progress (R19)."""
    user_dropped: bool = False
    """Personal data was given, but no seal key is configured, so it was not kept (R11)."""


@dataclass(frozen=True)
class Refused:
    """No; why, and when it makes sense to ask again."""

    why: Refusal
    visit_id: str | None = None
    retry_after_seconds: int | None = None


Answer = Accepted | Refused


@dataclass(frozen=True)
class WindowView:
    """What `GET /v1/window` tells: nothing about any rating."""

    number: str
    staff: Mapping[str, str | None] | None
    """`staff_no` and `name` of the person bound to the window."""
    state: WindowName
    visit_id: str | None
    ticket_no: str | None = None
    """The queue number of the visit being served."""
    closes_in_seconds: int | None = None
    """While inviting: how long until the invitation closes by itself, at most."""
    away: Mapping[str, str | None] | None = None
    """`reason` and `back_at` of the away sign that is shown, or follows the visit in progress (R19)."""
