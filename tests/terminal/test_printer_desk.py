"""The printer's desk: what became of every slip is recorded and told once, and the printer's condition is an event."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from device_drivers.printer.conditions import Condition, PrintState
from device_drivers.printer.slip import Line, Slip
from kiosk_app.domain.records import Draft, Kind, Record
from kiosk_app.journal.journal import Journal, JournalUnavailableError
from kiosk_app.terminal.printer_desk import CUT_OFF, FLAP_MS, PrinterDesk
from kiosk_app.terminal.recorder import Recorder
from tests.journal.storage import open_journal
from tests.manual_clock import ManualClock

SLIP = Slip((Line("A001"),))


@dataclass
class Paper:
    """A printer that is told what to do and does nothing by itself."""

    condition: Condition = Condition.READY
    detail: str = ""
    jobs: list[tuple[str, Slip, bool]] = field(default_factory=list)
    tidied: int = 0

    def print(self, job_id: str, slip: Slip, *, reprint: bool = False) -> None:
        self.jobs.append((job_id, slip, reprint))

    def cut_off_remains(self) -> None:
        self.tidied += 1


class Desk:
    """A desk on a real journal that can be taken away."""

    def __init__(self, directory: Path) -> None:
        self.clock = ManualClock()
        self.broken = False
        self.paper = Paper()
        self.told: list[tuple[PrintState, str]] = []
        self._directory = directory
        self.recorder = Recorder(self._open, self.clock)
        self.desk = PrinterDesk(self.recorder, self.clock, self.paper)

    def _open(self) -> Journal:
        if self.broken:
            raise JournalUnavailableError("disk full")
        return open_journal(self._directory, self.clock)

    def break_journal(self) -> None:
        self.broken = True
        self.recorder.close()

    def print(self, of: str | None, copy: int = 1) -> str:
        self.desk.print(SLIP, of=of, copy=copy, told=lambda state, detail: self.told.append((state, detail)))
        return self.paper.jobs[-1][0]

    def becomes(self, condition: Condition, detail: str = "") -> None:
        self.paper.condition = condition
        self.desk.condition_changed(condition, detail)

    def records(self, kind: Kind) -> list[Record]:
        return list(self.recorder.journal.all_records(kind=kind.value))

    def payloads(self, kind: Kind) -> list[dict[str, Any]]:
        return [record.payload for record in self.records(kind)]

    def events(self) -> list[str]:
        return [payload["state"] for payload in self.payloads(Kind.DEVICE_EVENT)]

    def restart(self) -> list[Draft]:
        desk = PrinterDesk(self.recorder, self.clock, self.paper)
        return desk.cut_off_drafts(self.recorder.journal)

    def issue(self, ticket_no: str = "A001") -> Record:
        payload = {
            "ticket_no": ticket_no,
            "item_group": "registration",
            "items": ["640101"],
            "rating_code": None,
            "lease_id": "lease-1",
        }
        (record,) = self.recorder.append(Draft(Kind.TICKET_ISSUED, payload, self.clock.now()))
        return record


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.recorder.close()


@pytest.mark.parametrize("state", PrintState)
def test_every_print_of_a_record_leaves_one_result_and_is_told_once(at: Desk, state: PrintState) -> None:
    job = at.print("record-1")
    at.desk.printed(job, state, "why")
    assert at.payloads(Kind.PRINT_RESULT) == [
        {"of": "record-1", "job_id": job, "copy": 1, "state": state.value, "detail": "why"}
    ]
    assert at.told == [(state, "why")]


def test_each_copy_has_a_job_and_a_result_of_its_own_and_clears_the_buffer_first(at: Desk) -> None:
    first, second = at.print("record-1"), at.print("record-1", copy=2)
    assert [reprint for _, _, reprint in at.paper.jobs] == [False, True]
    at.desk.printed(first, PrintState.UNCONFIRMED, "")
    at.desk.printed(second, PrintState.CONFIRMED, "")
    results = [(p["job_id"], p["copy"], p["state"]) for p in at.payloads(Kind.PRINT_RESULT)]
    assert results == [(first, 1, "unconfirmed"), (second, 2, "confirmed")]
    assert first != second


def test_a_slip_of_no_record_is_told_and_leaves_no_record(at: Desk) -> None:
    at.desk.printed(at.print(None), PrintState.CONFIRMED, "done")
    assert at.told == [(PrintState.CONFIRMED, "done")]
    assert at.payloads(Kind.PRINT_RESULT) == []


def test_the_result_of_an_unknown_job_is_logged_and_changes_nothing(at: Desk) -> None:
    job = at.print("record-1")
    at.desk.printed(job, PrintState.CONFIRMED, "")
    with capture_logs() as logs:
        at.desk.printed(job, PrintState.FAILED, "again")
        at.desk.printed("never-given", PrintState.CONFIRMED, "")
    assert [line["job_id"] for line in logs if line["log_level"] == "warning"] == [job, "never-given"]
    assert len(at.payloads(Kind.PRINT_RESULT)) == len(at.told) == 1


def test_what_became_of_a_slip_is_told_even_if_it_cannot_be_recorded_and_recorded_once_it_can(at: Desk) -> None:
    job = at.print("record-1")
    at.break_journal()
    with capture_logs() as logs:
        at.desk.printed(job, PrintState.CONFIRMED, "")
    assert at.told == [(PrintState.CONFIRMED, "")]
    assert any(line["log_level"] == "error" and "not recorded" in line["event"] for line in logs)
    at.broken = False
    at.recorder.probe()
    at.desk.on_time()
    at.desk.on_time()
    assert [payload["job_id"] for payload in at.payloads(Kind.PRINT_RESULT)] == [job]


def test_what_waits_to_be_recorded_keeps_its_order(at: Desk) -> None:
    jobs = [at.print("record-1"), at.print("record-2"), at.print("record-3")]
    at.break_journal()
    for job in jobs[:2]:
        at.desk.printed(job, PrintState.CONFIRMED, "")
    at.broken = False
    at.desk.printed(jobs[2], PrintState.CONFIRMED, "")
    assert [payload["job_id"] for payload in at.payloads(Kind.PRINT_RESULT)] == jobs


@pytest.mark.parametrize("first", [Condition.READY, Condition.UNKNOWN])
def test_a_first_arrival_is_no_event(at: Desk, first: Condition) -> None:
    at.becomes(first)
    assert at.events() == []
    assert at.desk.can_print


TOLD = [c for c in Condition if c not in (Condition.READY, Condition.UNKNOWN)]


@pytest.mark.parametrize("condition", TOLD)
def test_a_fault_and_its_end_are_events_with_their_cause(at: Desk, condition: Condition) -> None:
    at.becomes(Condition.READY)
    at.becomes(condition, "do this")
    at.clock.advance(5)
    at.becomes(Condition.READY)
    first, second = at.payloads(Kind.DEVICE_EVENT)
    assert first == {"device": "printer", "state": condition.value, "detail": "do this"}
    assert (second["device"], second["state"]) == ("printer", "ready")


@pytest.mark.parametrize("condition", TOLD)
def test_a_printer_that_is_not_well_at_the_start_is_an_event(at: Desk, condition: Condition) -> None:
    at.becomes(condition)
    assert at.events() == [condition.value]
    assert at.desk.can_print is (condition is Condition.NEAR_END)


def test_the_same_condition_told_again_is_no_second_event(at: Desk) -> None:
    at.becomes(Condition.PAPER_OUT, "no paper")
    at.clock.advance(2 * FLAP_MS / 1000)
    at.becomes(Condition.PAPER_OUT, "still no paper")
    assert at.events() == ["paper_out"]


def test_a_condition_that_comes_and_goes_is_an_event_once_a_minute(at: Desk) -> None:
    at.becomes(Condition.READY)
    for _ in range(29):
        at.becomes(Condition.OFFLINE)
        at.clock.advance(1)
        at.becomes(Condition.READY)
        at.clock.advance(1)
    assert at.events() == ["offline", "ready"]
    at.clock.advance(60)
    at.becomes(Condition.OFFLINE)
    assert at.events() == ["offline", "ready", "offline"]


def test_a_condition_held_back_is_recorded_if_it_lasts_with_the_time_it_began(at: Desk) -> None:
    at.becomes(Condition.READY)
    at.becomes(Condition.PAPER_OUT)
    at.clock.advance(10)
    at.becomes(Condition.READY)
    at.clock.advance(10)
    at.becomes(Condition.PAPER_OUT, "again")
    began = at.clock.now().stamp
    assert at.events() == ["paper_out", "ready"]
    due = at.desk.next_ms()
    assert due == at.clock.boot_ms + 40_000
    at.clock.advance(39.999)
    at.desk.on_time()
    assert at.events() == ["paper_out", "ready"]
    at.clock.pass_ms(1)
    at.desk.on_time()
    assert at.events() == ["paper_out", "ready", "paper_out"]
    assert at.records(Kind.DEVICE_EVENT)[-1].occurred_at == began
    assert at.desk.next_ms() is None


def test_a_condition_that_went_back_while_it_was_held_back_is_no_event(at: Desk) -> None:
    at.becomes(Condition.READY)
    at.becomes(Condition.OFFLINE)
    at.becomes(Condition.READY)
    at.becomes(Condition.OFFLINE)
    at.becomes(Condition.READY)
    assert at.desk.next_ms() is None
    at.clock.advance(120)
    at.desk.on_time()
    assert at.events() == ["offline", "ready"]


# After a stop


def test_a_ticket_whose_print_a_stop_cut_off_is_unconfirmed(at: Desk) -> None:
    at.desk.printed(at.print(at.issue("A001").record_id), PrintState.FAILED, "no paper")
    ticket = at.issue("A002")
    (draft,) = at.restart()
    assert draft.kind is Kind.PRINT_RESULT
    told = {key: draft.payload[key] for key in ("of", "copy", "state", "detail")}
    assert told == {"of": ticket.record_id, "copy": 1, "state": "unconfirmed", "detail": CUT_OFF}
    at.recorder.append(draft)
    assert at.restart() == []


def test_a_ticket_with_a_result_is_not_touched_after_a_stop(at: Desk) -> None:
    assert at.restart() == []
    at.desk.printed(at.print(at.issue().record_id), PrintState.FAILED, "no paper")
    assert at.restart() == []


def test_all_slips_that_waited_for_the_printer_were_cut_off_in_their_order(at: Desk) -> None:
    at.desk.printed(at.print(at.issue("A001").record_id), PrintState.CONFIRMED, "")
    waiting = [at.issue(number).record_id for number in ("A002", "A003")]
    assert at.paper.tidied == 0
    assert [draft.payload["of"] for draft in at.restart()] == waiting
    assert at.paper.tidied == 1, "what is left of them must not come out with the next slip"


def test_a_slip_that_is_still_in_the_printer_was_not_cut_off(at: Desk) -> None:
    """Such as where an older journal was put back while the app runs."""
    job = at.print(at.issue("A001").record_id)
    assert at.desk.cut_off_drafts(at.recorder.journal) == []
    at.break_journal()
    at.desk.printed(job, PrintState.CONFIRMED, "")
    at.broken = False
    assert at.desk.cut_off_drafts(at.recorder.journal) == []
    at.recorder.probe()
    at.desk.on_time()
    assert [payload["state"] for payload in at.payloads(Kind.PRINT_RESULT)] == ["confirmed"]
