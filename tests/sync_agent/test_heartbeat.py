"""The heartbeat: how the terminal is, and the platform's time in return (interfaces §5, R28)."""

import fcntl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk_app.app_socket import AppDoor
from kiosk_app.domain.health import Health
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.domain.records import Draft, Kind
from kiosk_app.journal.database import APP_LOCK_FILE
from sync_agent.simulated.exchange import Fault, Manner
from sync_agent.simulated.faults import error, replaced, unprocessed
from tests.sync_agent.hall_link import HallLink


def event(link: HallLink, device: str, state: str, detail: str = "") -> None:
    payload = {"device": device, "state": state, "detail": detail}
    link.terminal.journal.append(Draft(Kind.DEVICE_EVENT, payload, link.terminal.clock.now()))


def test_it_tells_how_the_terminal_is(hall_link: HallLink) -> None:
    hall_link.terminal.rate(2)
    hall_link.errands.heartbeat()
    (told,) = hall_link.platform.errands.heartbeats
    records = hall_link.terminal.records()
    assert told["waiting"] == 3
    assert told["refused"] == 0
    assert told["oldest_waiting_at"] == records[0].occurred_at
    assert told["uptime_s"] == 1000
    assert set(told["versions"]) >= {"software", "python", "sqlite"}
    assert told["storage"]["total_bytes"] >= told["storage"]["free_bytes"] > 0
    assert told["storage"]["journal_bytes"] >= (hall_link.terminal.directory / "journal.sqlite3").stat().st_size
    assert told["devices"] == {}
    hall_link.deliver()
    hall_link.errands.heartbeat()
    assert hall_link.platform.errands.heartbeats[1]["waiting"] == 0
    assert hall_link.platform.errands.heartbeats[1]["oldest_waiting_at"] is None


def test_it_tells_of_each_device_what_was_seen_last(hall_link: HallLink) -> None:
    event(hall_link, "printer", "paper_out")
    event(hall_link, "evaluator", "gone", "unplugged")
    hall_link.errands.heartbeat()
    hall_link.pass_seconds(60)
    event(hall_link, "printer", "ready")
    hall_link.errands.heartbeat()
    first, second = hall_link.platform.errands.heartbeats
    assert first["devices"]["printer"]["state"] == "paper_out"
    evaluator = first["devices"]["evaluator"]
    assert (evaluator["state"], evaluator["detail"]) == ("gone", "unplugged")
    assert second["devices"]["evaluator"] == evaluator
    assert second["devices"]["printer"] == {
        "state": "ready",
        "detail": "",
        "since": hall_link.terminal.records()[-1].occurred_at,
    }


def test_its_answer_tells_the_time(hall_link: HallLink) -> None:
    hall_link.platform.clock_offset = timedelta(seconds=100)
    hall_link.errands.heartbeat()
    offset = hall_link.terminal.store.status().clock_offset_ms
    assert offset is not None
    assert abs(offset - 100_000) < 5_000
    assert "clock_wrong" in hall_link.health()
    hall_link.errands.heartbeat()
    assert hall_link.platform.errands.heartbeats[1]["clock_offset_ms"] == offset


@pytest.mark.parametrize("fault", [error(500), error(404), replaced(b"<p>", "text/html"), unprocessed(Manner.RESET)])
def test_a_platform_that_hears_none_is_told_and_nothing_else_suffers(hall_link: HallLink, fault: Fault) -> None:
    hall_link.platform.inject(fault, on="heartbeat")
    hall_link.errands.pull()
    hall_link.errands.heartbeat()
    assert set(hall_link.health()) == {"heartbeat_failing"}
    hall_link.platform.clear_faults()
    hall_link.errands.heartbeat()
    assert hall_link.health() == {}


# What is wrong, as the app tells it


@contextmanager
def app_runs(directory: Path) -> Iterator[None]:
    """The lock that an app holds as long as it lives."""
    with (directory / APP_LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def told_problems(link: HallLink) -> dict[str, dict[str, Any]]:
    link.errands.heartbeat()
    return {problem["code"]: problem for problem in link.platform.errands.heartbeats[-1]["problems"]}


def test_without_the_app_it_says_so_and_since_when(hall_link: HallLink) -> None:
    first = told_problems(hall_link)["app_not_running"]
    assert first["severity"] == "problem"
    assert set(first) == {"code", "text", "severity", "since"}
    hall_link.pass_seconds(60)
    assert told_problems(hall_link)["app_not_running"] == first


def test_what_the_app_tells_is_told_in_its_words(hall_link: HallLink) -> None:
    lost = Problem("evaluator_lost", "evaluator: gone", "check", Severity.PROBLEM, "2026-11-25T08:00:00.000+08:00")
    directory = hall_link.terminal.directory
    door = AppDoor(directory, {"health": lambda _: Health((lost,)).to_json()}, lambda *_: app_runs(directory))
    with app_runs(directory), closing(door):
        door.start()
        assert told_problems(hall_link) == {
            "evaluator_lost": {
                "code": "evaluator_lost", "text": lost.text, "severity": "problem", "since": lost.since
            }
        }  # fmt: skip


def test_an_app_that_has_no_door_is_silent_and_the_heartbeat_goes_out(hall_link: HallLink) -> None:
    with app_runs(hall_link.terminal.directory):
        assert "no door" in told_problems(hall_link)["app_silent"]["text"]


def test_an_app_that_answers_nonsense_is_silent(hall_link: HallLink) -> None:
    directory = hall_link.terminal.directory
    door = AppDoor(directory, {"health": lambda _: {"problems": [{"code": 1}]}}, lambda *_: app_runs(directory))
    with app_runs(directory), closing(door):
        door.start()
        assert "app_silent" in told_problems(hall_link)
