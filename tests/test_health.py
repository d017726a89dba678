"""Health in words: what is wrong, and what to do (R20, R26-R28)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk_app.configuration import Settings
from kiosk_app.domain.problems import Severity
from kiosk_app.domain.records import Draft, Kind
from kiosk_app.health import delivery_problems, terminal_problems
from kiosk_app.journal.database import DELIVERY_FILE
from kiosk_app.journal.delivery import DeliveryStore, Settlement, State
from kiosk_app.journal.journal import Journal
from tests.manual_clock import ManualClock


@dataclass
class Storage:
    directory: Path
    clock: ManualClock
    journal: Journal
    store: DeliveryStore

    def problems(self) -> dict[str, str]:
        return {p.code: p.text for p in delivery_problems(self.directory, self.clock.now())}


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    clock = ManualClock()
    journal = Journal.open_or_start(tmp_path, device_id="lw-a-w12", clock=clock, software="test")
    store = DeliveryStore.open(tmp_path)
    yield Storage(tmp_path, clock, journal, store)
    journal.close()
    store.close()


def settle(storage: Storage, state: State, error: str | None = None, **status: int | str | None) -> None:
    records = storage.journal.records_after(0)
    storage.store.admit(records)
    settlements = [Settlement(record.record_id, state, error) for record in records]
    storage.store.settle(settlements, confirmed=None, status=status)


def test_nothing_is_wrong_with_a_terminal_that_has_delivered_everything(storage: Storage) -> None:
    settle(storage, State.CONFIRMED)
    storage.clock.advance(3600)
    assert storage.problems() == {}


def test_before_the_agent_ever_ran_nothing_is_known_and_nothing_is_wrong(tmp_path: Path) -> None:
    assert delivery_problems(tmp_path, ManualClock().now()) == []


def test_records_that_were_refused_are_told_with_the_command_that_shows_why(storage: Storage) -> None:
    settle(storage, State.REFUSED, "not acceptable")
    assert storage.problems() == {"records_refused": "the platform refused 1 records; they are kept"}


def test_records_that_wait_for_long_are_told_with_the_last_error(storage: Storage) -> None:
    settle(storage, State.WAITING, "no route", last_error="no route to host", unavailable_since=1)
    assert storage.problems() == {}
    storage.clock.advance(16 * 60)
    assert "no route to host" in storage.problems()["records_waiting"]


def test_records_that_nobody_has_tried_are_told_too(storage: Storage) -> None:
    storage.journal.append(Draft(Kind.WINDOW_PAUSED, {"reason": "", "back_at": None}, storage.clock.now()))
    storage.clock.advance(16 * 60)
    assert "sync-agent" in storage.problems()["records_waiting"]


def test_a_device_that_is_not_accepted_shouts(storage: Storage) -> None:
    settle(storage, State.WAITING, unauthorised_since=1, last_error="signature refused")
    assert "signature refused" in storage.problems()["platform_refuses_device"]


def test_a_wrong_clock_is_told_as_an_offset(storage: Storage) -> None:
    settle(storage, State.CONFIRMED, clock_offset_ms=90_000)
    assert "-90 s" in storage.problems()["clock_wrong"]


def test_a_journal_that_was_set_back_is_told(storage: Storage) -> None:
    settle(storage, State.CONFIRMED, journal_set_back_at=1)
    assert "journal_set_back" in storage.problems()


def test_bookkeeping_that_cannot_be_read_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    clock = ManualClock()
    Journal.open_or_start(tmp_path, device_id="lw-a-w12", clock=clock, software="test").close()
    (tmp_path / DELIVERY_FILE).write_bytes(b"not a database" * 1000)
    assert [p.code for p in delivery_problems(tmp_path, clock.now())] == ["delivery_unreadable"]


def test_a_platform_without_encryption_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "secret").touch(mode=0o600)
    (tmp_path / "secret").write_text("for tests only")
    terminal = {"device_id": "abc", "short_id": 1, "profile": "window", "hall": "h", "area_code": "0" * 12}
    platform = {"url": "http://platform.intra", "secret_file": "secret", "allow_http": True}
    document = {
        "terminal": terminal,
        "storage": {"directory": "data"},
        "platform": platform,
        "window": {"number": "1"},
    }
    settings = Settings.model_validate(document, context={"directory": tmp_path})
    (problem,) = terminal_problems(settings, ManualClock().now())
    assert (problem.code, problem.severity) == ("platform_not_encrypted", Severity.WARNING)


def test_an_agent_that_never_ran_is_told(tmp_path: Path) -> None:
    clock = ManualClock()
    Journal.open_or_start(tmp_path, device_id="lw-a-w12", clock=clock, software="test").close()
    assert delivery_problems(tmp_path, clock.now()) == []
    clock.advance(16 * 60)
    (problem,) = delivery_problems(tmp_path, clock.now())
    assert problem.text == "records wait for the platform; sync-agent has never run here"
