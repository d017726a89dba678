"""Drafts of every kind, as the window and the kiosk make them."""

from dataclasses import replace

from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import Moment
from kiosk_app.domain.records import Draft, Json, Kind
from kiosk_app.journal.identifiers import new_id

CASE: Json = {
    "case_no": "C-1",
    "item_code": "640101",
    "item_name": "企业设立登记",
    "department": "市场监督管理局",
    "stage": "办结",
    "assess_number": 1,
}


def opened(
    at: Moment,
    visit_id: str,
    *,
    window: str = "12",
    staff_no: str | None = "0815",
    cases: tuple[Json, ...] = (CASE,),
    user: bytes | None = None,
) -> Draft:
    payload: Json = {
        "window": window,
        "staff_no": staff_no,
        "staff_no_called": None,
        "ticket_no": "A001",
        "cases": list(cases),
        "user_commitment": None,
        "rating_code": None,
        "opened_by": "window_api",
    }
    return Draft(Kind.VISIT_OPENED, payload, at, visit_id, {"user": user} if user is not None else {})


def invited(at: Moment, visit_id: str, prompt: str = "both") -> Draft:
    payload = {"prompt": prompt, "expires_at": at.later(30_000).stamp}
    return Draft(Kind.RATING_INVITED, payload, at, visit_id)


def rating(
    at: Moment,
    visit_id: str | None,
    level: Level = Level.SATISFIED,
    *,
    source: str = "touchscreen",
    window: str = "12",
    staff_no: str | None = "0815",
    cases: tuple[Json, ...] = (CASE,),
) -> Draft:
    payload: Json = {
        "level": level.value,
        "score": level.score,
        "source": source,
        "channel": "window",
        "window": window,
        "staff_no": staff_no,
        "ticket_no": "A001",
        "cases": list(cases),
        "rating_code": None,
        "response_ms": 3_000,
        "flags": [],
        "evaluator": None,
    }
    return Draft(Kind.RATING, payload, at, visit_id)


def missed(at: Moment, visit_id: str, reason: str = "timeout") -> Draft:
    return Draft(Kind.RATING_MISSED, {"reason": reason, "rating_code": None}, at, visit_id)


def detail(at: Moment, rating_id: str, visit_id: str | None, *, contact: bytes | None = None) -> Draft:
    payload: Json = {
        "rating_id": rating_id,
        "reason": "not_given",
        "options": [],
        "catalogue_version": "1",
        "answers": {},
        "comment": None,
        "contact_commitment": None,
    }
    return Draft(Kind.RATING_DETAIL, payload, at, visit_id, {"contact": contact} if contact is not None else {})


def ticket(
    at: Moment,
    ticket_no: str = "A001",
    *,
    lease_id: str | None = "n-1",
    item_group: str = "综合",
    rating_code: str | None = None,
) -> Draft:
    payload: Json = {
        "ticket_no": ticket_no,
        "item_group": item_group,
        "items": ["640101"],
        "rating_code": rating_code,
        "lease_id": lease_id,
    }
    return Draft(Kind.TICKET_ISSUED, payload, at)


def print_result(at: Moment, of: str, *, job_id: str = "job-1", copy: int = 1, state: str = "confirmed") -> Draft:
    payload: Json = {"of": of, "job_id": job_id, "copy": copy, "state": state, "detail": ""}
    return Draft(Kind.PRINT_RESULT, payload, at)


def appointment(
    kind: Kind,
    at: Moment,
    appointment_no: str = "001200000017",
    *,
    lease_id: str | None = "s-1",
    contact: bytes | None = None,
) -> Draft:
    payload: Json = {
        "appointment_no": appointment_no,
        "item_code": "640101",
        "slot": {"date": "2026-11-24", "from": "09:00", "to": "10:00"},
        "name_masked": "",
        "contact_commitment": None,
        "lease_id": lease_id,
    }
    return Draft(kind, payload, at, sealed={"contact": contact} if contact is not None else {})


def rating_by_code(at: Moment, code: str, level: Level = Level.SATISFIED) -> Draft:
    """At a self-service terminal, which knows neither window nor staff member."""
    by_code = rating(at, None, level, source="code", staff_no=None, cases=())
    changes = {"channel": "self_service", "window": None, "ticket_no": None, "rating_code": code, "response_ms": None}
    return replace(by_code, payload={**by_code.payload, **changes})


def bound(at: Moment, window: str, staff_no: str) -> Draft:
    return Draft(Kind.STAFF_BOUND, _binding(window, staff_no), at)


def unbound(at: Moment, window: str, staff_no: str) -> Draft:
    return Draft(Kind.STAFF_UNBOUND, _binding(window, staff_no), at)


def _binding(window: str, staff_no: str) -> Json:
    return {"window": window, "staff_no": staff_no, "by": "technician", "reason": "轮岗"}


def action(at: Moment, action: str = "resend", target: str = "all", outcome: str = "due now") -> Draft:
    return Draft(
        Kind.OPERATOR_ACTION, {"operator": "technician", "action": action, "target": target, "outcome": outcome}, at
    )


def whole_visit(at: Moment, level: Level = Level.SATISFIED) -> list[Draft]:
    """A visit from its opening to its rating."""
    visit_id = new_id()
    return [
        opened(at, visit_id),
        invited(at.later(30_000), visit_id),
        rating(at.later(33_000), visit_id, level),
    ]
