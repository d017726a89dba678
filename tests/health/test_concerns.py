"""Clock, backup, certificates, binding and the technician's PIN (R10, R17, R28, R29)."""

import fcntl
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk_app.domain.health import Area
from kiosk_app.domain.problems import Severity
from kiosk_app.health.backup import backup_health
from kiosk_app.health.binding import binding_health
from kiosk_app.health.certificate import certificate_problems
from kiosk_app.health.clock import clock_health
from kiosk_app.health.locks import is_held
from kiosk_app.health.versions import versions_health
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.hall import HallStore
from tests.journal import drafts
from tests.journal.storage import open_journal
from tests.manual_clock import MORNING, ManualClock
from tests.self_signed import write_certificate

# The clock


def clock_codes(directory: Path, clock: ManualClock) -> list[str]:
    return [problem.code for problem in clock_health(directory, clock.now()).problems]


def test_a_clock_in_order(tmp_path: Path) -> None:
    clock = ManualClock()
    open_journal(tmp_path, clock).close()
    with closing(DeliveryStore.open(tmp_path)) as store:
        store.note(clock_offset_ms=200)
    health = clock_health(tmp_path, clock.now())
    assert health.problems == ()
    assert health.facts[Area.CLOCK] == "2026-11-23 09:00:00 UTC+08:00; synchronised; -0.2 s off the platform's"


@pytest.mark.parametrize("offset_ms", [0, 7, -7, 99])
def test_a_clock_that_is_right_is_not_told_to_be_minus_nothing_off(tmp_path: Path, offset_ms: int) -> None:
    clock = ManualClock()
    with closing(DeliveryStore.open(tmp_path)) as store:
        store.note(clock_offset_ms=offset_ms)
    fact = clock_health(tmp_path, clock.now()).facts[Area.CLOCK]
    assert fact.endswith("; less than 0.1 s off the platform's")


def test_a_clock_that_nobody_sets_is_a_warning(tmp_path: Path) -> None:
    clock = ManualClock(synchronised=False)
    (problem,) = clock_health(tmp_path, clock.now()).problems
    assert (problem.code, problem.severity) == ("clock_not_synchronised", Severity.WARNING)


def test_a_clock_behind_the_newest_record_went_back(tmp_path: Path) -> None:
    clock = ManualClock()
    open_journal(tmp_path, clock).close()
    clock.wall -= timedelta(seconds=59)
    assert clock_codes(tmp_path, clock) == []
    clock.wall -= timedelta(days=400)
    (problem,) = clock_health(tmp_path, clock.now()).problems
    assert problem.code == "clock_went_back"
    assert "400 days before the newest record" in problem.text


# The backup


def backup(directory: Path, clock: ManualClock, **status: int | str | None) -> list[tuple[str, str]]:
    with closing(DeliveryStore.open(directory)) as store:
        store.note(**status)
    found = backup_health(directory, Path("/media/stick"), clock.now()).problems
    return [(problem.code, problem.text) for problem in found]


def test_without_a_second_place_there_is_nothing_to_warn_of(tmp_path: Path) -> None:
    health = backup_health(tmp_path, None, ManualClock().now())
    assert health.problems == ()
    assert "no second place" in health.facts[Area.BACKUP]


def test_a_backup_is_late_after_two_hours(tmp_path: Path) -> None:
    clock = ManualClock()
    at = round(clock.wall.timestamp() * 1000)
    clock.advance(7200)
    assert backup(tmp_path, clock, last_backup_at=at) == []
    clock.advance(1)
    ((code, text),) = backup(tmp_path, clock)
    assert code == "backup_late"
    assert "is 2 h old" in text


def test_a_backup_that_fails_is_told_with_its_cause_and_the_last_good_one(tmp_path: Path) -> None:
    clock = ManualClock()
    at = round(clock.wall.timestamp() * 1000)
    ((code, text),) = backup(
        tmp_path, clock, backup_failing_since=at, backup_error="no such directory", last_backup_at=at
    )
    assert code == "backup_failing"
    assert "no such directory; the last one is of 2026-11-23 09:00:00" in text


def test_a_backup_on_the_journals_own_disk_is_none_to_rely_on(tmp_path: Path) -> None:
    clock = ManualClock()
    at = round(clock.wall.timestamp() * 1000)
    ((code, _),) = backup(tmp_path, clock, last_backup_at=at, backup_same_disk=1)
    assert code == "backup_same_disk"


# Certificates


@pytest.mark.parametrize(("days", "told"), [(31, None), (29, "certificate_expiring"), (-1, "certificate_expired")])
def test_a_certificate_is_told_of_thirty_days_before_it_ends(tmp_path: Path, days: int, told: str | None) -> None:
    write_certificate(tmp_path, days=days)
    found = certificate_problems(tmp_path / "tls.pem", ManualClock(wall=now()).now())
    assert [problem.code for problem in found] == ([told] if told else [])


def now() -> datetime:
    return datetime.now(MORNING.tzinfo)


def test_a_certificate_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "tls.pem").write_text("nothing")
    (problem,) = certificate_problems(tmp_path / "tls.pem", ManualClock().now())
    assert problem.code == "certificate_unreadable"


# The binding


def test_a_bound_number_that_the_staff_list_does_not_know(tmp_path: Path) -> None:
    clock = ManualClock()
    assert binding_health(tmp_path, "12").problems == ()
    with closing(open_journal(tmp_path, clock)) as journal:
        journal.append(drafts.bound(clock.now(), "12", "0815"))
    (problem,) = binding_health(tmp_path, "12").problems
    assert (problem.code, problem.severity) == ("staff_unknown", Severity.WARNING)
    with closing(HallStore.open(tmp_path)) as hall:
        hall.replace_all({"staff": [{"staff_no": "0815", "name": "李静"}]})
    health = binding_health(tmp_path, "12")
    assert health.problems == ()
    assert health.facts == {Area.BINDING: "window 12: 0815"}, "no name: health is sent to others"


# Versions, locks


def test_the_versions_are_a_fact(tmp_path: Path) -> None:
    open_journal(tmp_path).close()
    fact = versions_health(tmp_path).facts[Area.VERSIONS]
    assert "SQLite 3." in fact
    assert "journal begun by hall-kiosk 0.1.0" in fact


def test_a_lock_is_seen_without_being_taken(tmp_path: Path) -> None:
    path = tmp_path / "app.lock"
    assert not is_held(path)
    path.touch()
    assert not is_held(path)
    with path.open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert is_held(path)
        look = "import sys, pathlib, kiosk_app.health.locks as l; print(l.is_held(pathlib.Path(sys.argv[1])))"
        seen = subprocess.run([sys.executable, "-c", look, str(path)], capture_output=True, text=True, check=True)
        assert seen.stdout == "True\n"
    assert not is_held(path)
