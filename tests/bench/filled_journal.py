"""Journals full of believable visits: real records, appended many at a time because nobody waits for them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from kiosk_app.domain.levels import Level
from kiosk_app.domain.moments import Clock
from kiosk_app.domain.records import Draft, Kind
from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.system_clock import SystemClock

VISITS_AT_ONCE = 300
RECORDS_A_VISIT = 3
DAY_VISITS = 200
"""Visits a day: with these, a million records are four and a half years of one window."""


def open_journal(directory: Path) -> Journal:
    """A journal of this machine's real clock."""
    return Journal.open_or_start(directory, device_id="bench-w1", clock=SystemClock(), software="bench")


def fill(journal: Journal, records: int) -> None:
    """Append visits until there are at least so many records."""
    number = 0
    head = journal.head()
    while head is not None and head[0] < records:
        visits = min(VISITS_AT_ONCE, (records - head[0]) // RECORDS_A_VISIT + 1)
        drafts = [draft for offset in range(visits) for draft in visit(SystemClock(), number + offset)]
        head = (journal.append(*drafts)[-1].sequence, "")
        number += visits


def visit(clock: Clock, number: int) -> Iterator[Draft]:
    """Opened, invited, rated; on the day that its number falls on."""
    at = clock.now().later(number // DAY_VISITS * 86_400_000)
    visit_id = new_id()
    about = {
        "window": "1",
        "staff_no": f"{number % 7:04d}",
        "ticket_no": f"A{number % 1000:03d}",
        "cases": [{"case_no": f"BENCH-{number}", "item_code": f"T-{number % 40}", "department": "综合窗口"}],
        "rating_code": None,
    }
    yield Draft(
        Kind.VISIT_OPENED,
        {**about, "staff_no_called": None, "user_commitment": None, "opened_by": "window_api"},
        at,
        visit_id,
    )
    yield Draft(Kind.RATING_INVITED, {"prompt": "both", "expires_at": at.later(30_000).stamp}, at, visit_id)
    yield rating(clock, visit_id, about, at_day=number // DAY_VISITS)


def rating(clock: Clock, visit_id: str | None, about: Mapping[str, object], at_day: int = 0) -> Draft:
    """A rating as the window records it."""
    payload = {
        **about,
        "level": Level.SATISFIED.value,
        "score": 4,
        "source": "evaluator",
        "channel": "window",
        "response_ms": 3456,
        "flags": [],
        "evaluator": {"protocol": "shared-bus-68", "protocol_sha256": "ab" * 32, "frame": "ff680303688111039516"},
    }
    return Draft(Kind.RATING, payload, clock.now().later(at_day * 86_400_000), visit_id)
