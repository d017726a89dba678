"""The last visits as a technician may see them: when, by which number, and whether they were rated; never how (R6)."""

from dataclasses import dataclass

from kiosk_app.domain.records import Kind, Record
from kiosk_app.journal.reader import JournalReader

SERVING, INVITED, RATED = "serving", "invited", "rated"
BY_CODE = "code"
"""How a rating came that was given by code later, without a visit of its own here."""


@dataclass(frozen=True)
class SeenVisit:
    """One of them; no name, no level, no identity."""

    record_id: str
    at: str
    """RFC 3339."""
    opened_by: str
    """As in `visit_opened`, or `code`."""
    ticket_no: str
    cases: int
    outcome: str
    """`serving`, `invited`, `rated`, or the reason why it was missed."""


def last_visits(journal: JournalReader, limit: int) -> list[SeenVisit]:
    """The newest first."""
    opened = journal.latest(Kind.VISIT_OPENED, limit=limit)
    by_code = [record for record in journal.latest(Kind.RATING, limit=limit) if record.visit_id is None]
    newest = sorted((*opened, *by_code), key=lambda record: -record.sequence)[:limit]
    return [_seen(journal, record) for record in newest]


def _seen(journal: JournalReader, record: Record) -> SeenVisit:
    payload = record.payload
    opened_by = str(payload.get("opened_by") or BY_CODE)
    outcome = RATED if record.visit_id is None else _outcome(journal.of_visit(record.visit_id))
    ticket, cases = str(payload.get("ticket_no") or ""), len(payload.get("cases") or ())
    return SeenVisit(record.record_id, record.occurred_at, opened_by, ticket, cases, outcome)


def _outcome(records: list[Record]) -> str:
    outcome = SERVING
    for record in records:
        if record.kind == Kind.RATING:
            return RATED
        if record.kind == Kind.RATING_MISSED:
            return str(record.payload["reason"])
        if record.kind == Kind.RATING_INVITED:
            outcome = INVITED
    return outcome
