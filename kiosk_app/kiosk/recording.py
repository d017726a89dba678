"""The records of a kiosk's own visits and of ratings given at a kiosk (R3, R10, R13, R21)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import Moment
from kiosk_app.domain.rating_details import details_draft
from kiosk_app.domain.records import Draft, Json, Kind, MissedReason
from kiosk_app.domain.suspicion import rating_flags
from kiosk_app.domain.visits import Case, OpenedBy
from kiosk_app.journal.reader import JournalReader

NO_MINIMUM_SERVICE_MS = 0
"""A task at a kiosk takes as long as its citizen likes: `short_service` says nothing there (R13)."""
OPENINGS_SEARCHED = 5
"""A visit gets its outcome before the next one of the same citizen opens, so only the newest can be without."""


@dataclass(frozen=True)
class KioskVisit:
    """A task finished at the kiosk, which has no outcome yet (R21)."""

    visit_id: str
    cases: tuple[Case, ...]
    opened: Moment
    invited: Moment | None = None
    deadline: Moment | None = None
    """When the invitation closes; an input that arrived then or later is too late (R5)."""

    def invite(self, at: Moment, length_ms: int) -> "KioskVisit":
        """The visit with its invitation open."""
        return replace(self, invited=at, deadline=at.later(length_ms))

    def takes(self, at: Moment) -> bool:
        """Whether an input that arrived at this moment came into the open invitation (R5)."""
        if self.invited is None or self.deadline is None:
            return False
        return self.invited.boot_ms <= at.boot_ms < self.deadline.boot_ms


def opened_draft(visit: KioskVisit) -> Draft:
    """The visit begins when its task is done.

    It names neither ticket nor code: a rating of the kiosk's own service must not take the place of the rating of the
    service at the window, for which the ticket is.
    """
    payload: Json = {
        "window": None,
        "staff_no": None,
        "staff_no_called": None,
        "ticket_no": None,
        "rating_code": None,
        "cases": [asdict(case) for case in visit.cases],
        "user_commitment": None,
        "opened_by": OpenedBy.KIOSK.value,
    }
    return Draft(Kind.VISIT_OPENED, payload, visit.opened, visit.visit_id)


def invited_draft(visit: KioskVisit) -> Draft:
    """The five choices are shown."""
    if visit.invited is None or visit.deadline is None:
        raise ValueError(f"visit {visit.visit_id} has no invitation")
    payload = {"prompt": "touchscreen", "expires_at": visit.deadline.stamp}
    return Draft(Kind.RATING_INVITED, payload, visit.invited, visit.visit_id)


def missed_draft(visit_id: str, reason: MissedReason, at: Moment) -> Draft:
    """A visit to the kiosk that ended without a rating; silence is `missed`, never "satisfied" (R6)."""
    return Draft(Kind.RATING_MISSED, {"reason": reason.value, "rating_code": None}, at, visit_id)


def not_invited_draft(visit: KioskVisit, at: Moment) -> Draft:
    """The citizen went before the five choices were shown; `interrupted` if they are gone while they were open."""
    reason = MissedReason.NOT_INVITED if visit.invited is None else MissedReason.INTERRUPTED
    return missed_draft(visit.visit_id, reason, at)


@dataclass(frozen=True)
class Subject:
    """What a rating at the kiosk is about (R4)."""

    visit_id: str | None
    """None for a rating by code."""
    cases: tuple[Json, ...] = ()
    rating_code: str | None = None
    ticket_no: str | None = None
    window: str | None = None


def rating_draft(subject: Subject, level: Level, asked: Moment, at: Moment, *, outside_hours: bool) -> Draft:
    """A press at the kiosk; `asked` is when the choices were shown."""
    response_ms = at.boot_ms - asked.boot_ms
    payload: Json = {
        "level": level.value,
        "score": level.score,
        "source": "touchscreen" if subject.rating_code is None else "code",
        "channel": "self_service",
        "window": subject.window,
        "staff_no": None,
        "ticket_no": subject.ticket_no,
        "cases": list(subject.cases),
        "rating_code": subject.rating_code,
        "response_ms": response_ms,
        "flags": list(rating_flags(response_ms, 0, NO_MINIMUM_SERVICE_MS, outside_hours=outside_hours)),
        "evaluator": None,
    }
    return Draft(Kind.RATING, payload, at, subject.visit_id)


def cut_off_drafts(journal: JournalReader, catalogue_version: str, at: Moment) -> list[Draft]:
    """What settles, at a start, what the stop cut off. Raises `sqlite3.Error`.

    Someone else may stand there by now: an open invitation does not go on. A bad rating whose page was cut off stands
    without a reason (R7).
    """
    details = [
        details_draft(rating_id, visit_id, catalogue_version, at) for rating_id, visit_id in journal.awaiting_detail()
    ]
    return [*_missed_drafts(journal, at), *details]


def _missed_drafts(journal: JournalReader, at: Moment) -> Iterable[Draft]:
    for opened in journal.latest(Kind.VISIT_OPENED, limit=OPENINGS_SEARCHED):
        visit_id = str(opened.visit_id)
        kinds = {record.kind for record in journal.of_visit(visit_id)}
        if kinds.isdisjoint({Kind.RATING, Kind.RATING_MISSED}):
            invited = Kind.RATING_INVITED in kinds
            yield missed_draft(visit_id, MissedReason.INTERRUPTED if invited else MissedReason.NOT_INVITED, at)
