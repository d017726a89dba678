"""Health in words: what is wrong, and what to do (R20, R26-R28)."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk_app.configuration import Settings
from kiosk_app.domain.problems import Severity
from kiosk_app.domain.records import Draft, Json, Kind
from kiosk_app.health import delivery_problems, kiosk_problems, terminal_problems
from kiosk_app.journal.database import DELIVERY_FILE, HALL_FILE
from kiosk_app.journal.delivery import DeliveryStore, Settlement, State
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.journal import Journal
from tests.manual_clock import ManualClock
from tests.self_signed import write_certificate


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
    assert storage.problems() == {"records_refused": "the platform refused 1 record; it is kept"}


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


NO_PIN = "technician_pin_missing"
"""Told of every terminal on which nobody has one yet."""


def checked_settings(directory: Path, **more: Json) -> Settings:
    (directory / "data").mkdir()
    (directory / "secret").touch(mode=0o600)
    (directory / "secret").write_text("for tests only")
    document = {
        "terminal": {"device_id": "abc", "short_id": 1, "profile": "window", "hall": "h", "area_code": "0" * 12},
        "storage": {"directory": "data"},
        "platform": {"url": "https://platform.intra", "secret_file": "secret"},
        "window": {"number": "1"},
        **more,
    }
    return Settings.model_validate(document, context={"directory": directory})


def test_a_platform_without_encryption_is_a_warning(tmp_path: Path) -> None:
    platform = {"url": "http://platform.intra", "secret_file": "secret", "allow_http": True}
    problems = terminal_problems(checked_settings(tmp_path, platform=platform), ManualClock().now())
    warned = [(problem.code, problem.severity) for problem in problems if problem.code != NO_PIN]
    assert warned == [("platform_not_encrypted", Severity.WARNING)]


@pytest.mark.parametrize(
    ("listen", "certificate", "warned"),
    [
        ("0.0.0.0:8711", False, True),
        ("10.1.2.3:8711", False, True),
        ("[::]:8711", False, True),
        ("0.0.0.0:8711", True, False),
        ("127.0.0.1:8711", False, False),
        ("[::1]:8711", False, False),
    ],
)
def test_pins_that_cross_the_network_unencrypted_are_a_warning(
    tmp_path: Path, listen: str, certificate: bool, warned: bool
) -> None:
    api: Json = {"listen": listen, "token_file": "secret"}
    if certificate:
        write_certificate(tmp_path)
        api |= {"certificate_file": "tls.pem", "certificate_key_file": "tls.key"}
    problems = terminal_problems(checked_settings(tmp_path, window_api=api), ManualClock().now())
    expected = [("window_api_not_encrypted", Severity.WARNING)] if warned else []
    assert [(p.code, p.severity) for p in problems if p.code.startswith("window_api")] == expected


def test_an_agent_that_never_ran_is_told(tmp_path: Path) -> None:
    clock = ManualClock()
    Journal.open_or_start(tmp_path, device_id="lw-a-w12", clock=clock, software="test").close()
    assert delivery_problems(tmp_path, clock.now()) == []
    clock.advance(16 * 60)
    (problem,) = delivery_problems(tmp_path, clock.now())
    assert problem.text == "records wait for the platform; sync-agent has never run here"


# What was not pulled


@pytest.mark.parametrize(
    ("status", "code", "severity", "told"),
    [
        (
            {"data_refused": "staff[0].staff_no: no", "data_refused_since": 1},
            "platform_data_refused",
            "problem",
            "staff[0]",
        ),
        ({"pull_error": "HTTP 500", "pull_failing_since": 1}, "pull_failing", "warning", "was never pulled"),
        (
            {"pull_error": "HTTP 500", "pull_failing_since": 1, "last_pull_at": 1_790_000_000_000},
            "pull_failing",
            "warning",
            "last pulled from the platform at 2026-09-21T22:13:20.000+08:00: HTTP 500",
        ),
        (
            {"photos_refused": "0012: HTTP 404", "photos_refused_since": 1},
            "photos_refused",
            "warning",
            "0012: HTTP 404",
        ),
        ({"heartbeat_error": "HTTP 404", "heartbeat_failing_since": 1}, "heartbeat_failing", "warning", "HTTP 404"),
        ({"reconcile_error": "HTTP 404", "reconcile_failing_since": 1}, "reconcile_failing", "warning", "HTTP 404"),
        (
            {"pull_denied": "HTTP 403", "pull_denied_since": 1},
            "platform_refuses_device",
            "problem",
            "does not give it the hall's data: HTTP 403",
        ),
    ],
)
def test_what_could_not_be_pulled_or_told_is_told_here(
    storage: Storage, status: dict[str, int | str | None], code: str, severity: str, told: str
) -> None:
    settle(storage, State.CONFIRMED, None, **status)
    (problem,) = delivery_problems(storage.directory, storage.clock.now())
    assert (problem.code, problem.severity) == (code, severity)
    assert told in problem.text
    assert problem.since == "1970-01-01T08:00:00.001+08:00"


def test_a_platform_that_is_down_is_told_once(storage: Storage) -> None:
    failing: dict[str, int | str | None] = {}
    for what in ("pull", "heartbeat", "reconcile"):
        failing |= {f"{what}_error": "no connection", f"{what}_failing_since": 1}
    settle(storage, State.CONFIRMED, None, **failing)
    assert set(storage.problems()) == {"pull_failing"}


def test_a_device_that_is_not_accepted_at_all_is_told_once(storage: Storage) -> None:
    denied: dict[str, int | str | None] = {"pull_denied": "HTTP 401", "pull_denied_since": 1}
    for what in ("heartbeat", "reconcile"):
        denied |= {f"{what}_error": "HTTP 401", f"{what}_failing_since": 1}
    pushes_too: dict[str, int | str | None] = {"unauthorised_since": 1, "last_error": "HTTP 401"}
    for status in (denied, denied | pushes_too):
        settle(storage, State.WAITING, None, **status)
        problems = delivery_problems(storage.directory, storage.clock.now())
        assert [problem.code for problem in problems] == ["platform_refuses_device"]


# What a kiosk has to give out

LEASE = {"lease_id": "n1", "group": "general", "date": "2026-11-23", "first": 1, "last": 40, "step": 2, "next": 1}
ITEMS = [{"item_code": "T-1", "group": "general", "letter": "A"}, {"item_code": "T-2"}]


def kiosk(storage: Storage, *leases: dict[str, object], items: list[dict[str, object]] | None = None) -> dict[str, str]:
    with closing(HallStore.open(storage.directory)) as hall:
        hall.replace_all({"items": ITEMS if items is None else items, "number_leases": list(leases)})
    return {p.code: p.text for p in kiosk_problems(storage.directory, storage.clock.now())}


def issue(storage: Storage, *serials: int, lease_id: str = "n1") -> None:
    for serial in serials:
        payload: Json = {
            "ticket_no": f"A{serial:03d}",
            "item_group": "general",
            "items": [],
            "rating_code": None,
            "lease_id": lease_id,
        }
        storage.journal.append(Draft(Kind.TICKET_ISSUED, payload, storage.clock.now()))


def test_a_kiosk_that_knows_nothing_of_the_hall_says_so(storage: Storage) -> None:
    assert [p.code for p in kiosk_problems(storage.directory, storage.clock.now())] == ["hall_data_missing"]
    assert set(kiosk(storage, items=[])) == {"hall_data_missing"}


def test_a_kiosk_with_numbers_enough_has_no_problem(storage: Storage) -> None:
    assert kiosk(storage, LEASE) == {}
    issue(storage, *range(1, 21, 2))
    assert kiosk(storage, LEASE) == {}


def test_a_lease_that_is_nearly_used_up_is_told(storage: Storage) -> None:
    issue(storage, *range(1, 23, 2))
    assert kiosk(storage, LEASE) == {"leases_low": "few queue numbers are left for today: general 9"}
    assert kiosk(storage, {**LEASE, "next": 39})["leases_low"].endswith("general 1")
    assert kiosk(storage, LEASE, {**LEASE, "lease_id": "n2", "first": 201, "last": 220, "next": 201}) == {}


def test_a_lease_that_is_used_up_is_told(storage: Storage) -> None:
    told = {"leases_used_up": "no queue numbers are left for today: general"}
    assert kiosk(storage, {**LEASE, "next": 41}) == told
    issue(storage, 39)
    assert kiosk(storage, LEASE) == told


@pytest.mark.parametrize("leases", [[], [{**LEASE, "date": "2026-11-24", "next": 41}]])
def test_what_was_not_leased_for_today_is_not_used_up(storage: Storage, leases: list[dict[str, object]]) -> None:
    assert kiosk(storage, *leases) == {}


@pytest.mark.parametrize(("weekday", "codes"), [(1, {"leases_used_up"}), (2, set())])
def test_on_a_day_on_which_the_hall_is_closed_nobody_needs_numbers(
    storage: Storage, weekday: int, codes: set[str]
) -> None:
    """The clock shows a Monday."""
    kiosk(storage, {**LEASE, "next": 41})
    with closing(HallStore.open(storage.directory)) as hall:
        hall.replace_document("hours", [{"weekday": weekday, "from": "09:00", "to": "17:00"}])
    assert {p.code for p in kiosk_problems(storage.directory, storage.clock.now())} == codes


def test_hall_data_that_cannot_be_read_is_a_problem_and_no_crash(storage: Storage) -> None:
    (storage.directory / HALL_FILE).write_bytes(b"not a database" * 1000)
    assert [p.code for p in kiosk_problems(storage.directory, storage.clock.now())] == ["hall_data_unreadable"]


@pytest.mark.parametrize(("profile", "codes"), [("window", []), ("kiosk", ["hall_data_missing"])])
def test_only_a_kiosk_needs_numbers(tmp_path: Path, profile: str, codes: list[str]) -> None:
    terminal: Json = {"device_id": "abc", "short_id": 1, "profile": profile, "hall": "h", "area_code": "0" * 12}
    settings = checked_settings(tmp_path, terminal=terminal, kiosk={})
    told = [p.code for p in terminal_problems(settings, ManualClock().now()) if p.code != NO_PIN]
    assert told == codes
