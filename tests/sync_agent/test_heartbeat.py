"""The heartbeat: how the terminal is, and the platform's time in return (interfaces §5, R28)."""

from datetime import timedelta

import pytest

from kiosk_app.domain.records import Draft, Kind
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
    assert set(told["versions"]) == {"software", "python", "sqlite"}
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
