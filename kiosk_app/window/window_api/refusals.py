"""What a business system is told when the window says no (interfaces §6; R3, R6, R19)."""

from kiosk_app.domain.visits import Refusal, Refused
from kiosk_app.window.window_api.problem_documents import Kind, ProblemError

CANNOT_RECORD_RETRY_SECONDS = 30
"""A full disk or a broken journal needs a person: asking more often than this helps nobody."""

_WORDS: dict[Refusal, tuple[Kind, str]] = {
    Refusal.VISIT_OPEN: (
        Kind.VISIT_OPEN,
        "End the visit named in visit_id, or invite it and wait until it is rated or missed; then ask again.",
    ),
    Refusal.INVITING: (
        Kind.INVITING,
        "An open invitation can be neither shortened nor cancelled: ask again after Retry-After seconds.",
    ),
    Refusal.PAUSED: (Kind.PAUSED, "Take the away sign down with POST /v1/window/resume, then ask again."),
    Refusal.FINISHED: (
        Kind.VISIT_FINISHED,
        "The visit is already rated or missed and stays as it is: open the next one with POST /v1/visits.",
    ),
    Refusal.UNKNOWN_VISIT: (
        Kind.UNKNOWN_VISIT,
        "No visit with this id was opened at this window: use the visit_id that opening it answered.",
    ),
    Refusal.CANNOT_RECORD: (
        Kind.CANNOT_RECORD,
        "Nothing was done, because it could not be kept (disk full or journal broken): GET /v1/health says what to do.",
    ),
}


def refusal_problem(refused: Refused) -> ProblemError:
    """Put a refusal in the words of the window API."""
    kind, detail = _WORDS[refused.why]
    retry_after = refused.retry_after_seconds
    if refused.why is Refusal.CANNOT_RECORD and retry_after is None:
        retry_after = CANNOT_RECORD_RETRY_SECONDS
    return ProblemError(kind, detail, visit_id=refused.visit_id, retry_after=retry_after)
