"""The last visits without personal data and without any level (R6), and whether the journal holds (R12)."""

from dataclasses import dataclass

from kiosk_app.journal.verification import Verdict, verify
from kiosk_app.technician.visits import INVITED, RATED, SERVING, SeenVisit, last_visits
from kiosk_app.technician_screen.desk import Desk, words_of
from kiosk_app.technician_screen.pages.page import ReadingPage
from kiosk_app.technician_screen.reading import journal_of, when
from kiosk_app.technician_screen.state import (
    Block,
    Button,
    Buttons,
    Fact,
    Facts,
    Message,
    Page,
    Row,
    Table,
    Words,
)

VERIFY = "verify"
MOST_VISITS = 30


@dataclass(frozen=True)
class JournalFacts:
    """What is shown of it."""

    head: tuple[int, str] | None
    visits: tuple[SeenVisit, ...]


class RecordsPage(ReadingPage[JournalFacts]):
    """Of every terminal."""

    name = Page.RECORDS
    refresh_ms = 5_000

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._verifying = False

    def read(self) -> JournalFacts:
        """Head and last visits."""
        with journal_of(self.desk.means.directory) as journal:
            if journal is None:
                return JournalFacts(None, ())
            return JournalFacts(journal.head(), tuple(last_visits(journal, MOST_VISITS)))

    def content(self, data: JournalFacts) -> tuple[Block, ...]:
        """Head, check, visits."""
        if data.head is None:
            return (Message("info", Words("records.none")),)
        sequence, digest = data.head
        return (
            Facts((Fact(Words("records.count"), str(sequence)), Fact(Words("records.head"), digest))),
            Buttons((Button(VERIFY, "", Words("records.verify"), enabled=not self._verifying),)),
            *((_visits(data.visits),) if data.visits else ()),
        )

    def act(self, action: str, _value: str, /) -> Page | None:
        """Check the whole journal."""
        if action == VERIFY and not self._verifying:
            self._verifying = True
            directory, operator = self.desk.means.directory, self.desk.operator

            def record(outcome: Verdict | Exception) -> None:
                self.desk.note(VERIFY, "journal", _outcome(outcome), operator=operator)

            self.desk.work("verify", lambda _: verify(directory), self._verified, self._failed, whatever_page=record)
        return None

    def _verified(self, verdict: Verdict) -> None:
        self._verifying = False
        if verdict.holds:
            self.desk.say("good", "records.verify.holds", verdict.head[1] if verdict.head else "", n=verdict.count)
        else:
            sequence = verdict.sequence if verdict.sequence is not None else "?"
            self.desk.say("bad", "records.verify.broken", verdict.problem or "", sequence=sequence)
        self.look_again()

    def _failed(self, error: Exception) -> None:
        self._verifying = False
        self.desk.failed(error)


def _visits(visits: tuple[SeenVisit, ...]) -> Table:
    header = tuple(Words(f"records.{column}") for column in ("time", "opened_by", "ticket", "cases", "outcome"))
    rows = tuple(
        Row(
            visit.record_id,
            (
                when(visit.at),
                Words(f"records.opened_by.{visit.opened_by}"),
                visit.ticket_no,
                str(visit.cases),
                Words(f"records.outcome.{_outcome_key(visit.outcome)}"),
            ),
        )
        for visit in visits
    )
    return Table(header, rows, title=Words("records.last_visits"))


def _outcome_key(outcome: str) -> str:
    return outcome if outcome in (SERVING, INVITED, RATED) else f"missed.{outcome}"


def _outcome(outcome: Verdict | Exception) -> str:
    if isinstance(outcome, Exception):
        return f"failed: {words_of(outcome)}"
    if outcome.holds:
        return f"holds: {outcome.count} records"
    return f"broken at {outcome.sequence}: {outcome.problem}"
