"""The command as it is installed, with a real journal and a platform over HTTP."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from kiosk_app.configuration import load_settings
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.system_clock import SystemClock
from sync_agent.agent import Agent
from sync_agent.simulated.exchange import Fault, Manner
from sync_agent.simulated.faults import error, half_results, processed, unauthorised, unprocessed
from sync_agent.simulated.platform import SimulatedPlatform
from tests.sync_agent.agent_process import AgentProcess, run_once
from tests.sync_agent.support import Terminal, write_settings

RARELY = 300
"""A `push_seconds` that no test can wait for."""


@pytest.fixture
def config(tmp_path: Path, platform: SimulatedPlatform) -> Path:
    return write_settings(tmp_path, platform.url, push_seconds=RARELY)


@pytest.fixture
def daemon(config: Path) -> Iterator[AgentProcess]:
    with AgentProcess(config) as process:
        process.wait_for_log("started")
        yield process


# --once


@pytest.mark.parametrize("signature", ["hmac-sha256", "hmac-sm3"])
def test_once_exits_0_when_all_is_confirmed(
    tmp_path: Path, terminal: Terminal, platform: SimulatedPlatform, signature: str
) -> None:
    terminal.rate(250)
    result = run_once(write_settings(tmp_path, platform.url, signature=signature))
    assert result.returncode == 0, result.stderr
    assert platform.count() == 251
    assert platform.chain_problems() == []
    assert all("timestamp" in json.loads(line) for line in result.stderr.splitlines())


def test_once_exits_0_when_the_rest_is_refused(config: Path, terminal: Terminal, platform: SimulatedPlatform) -> None:
    terminal.rate(2)
    platform.reject(lambda record: "no" if record["sequence"] == 2 else None)
    assert run_once(config).returncode == 0
    assert terminal.errors() == {2: "no"}


def test_once_exits_3_when_some_still_wait(config: Path, terminal: Terminal, platform: SimulatedPlatform) -> None:
    terminal.rate(2)
    platform.inject(error(500))
    assert run_once(config).returncode == 3
    platform.clear_faults()
    assert run_once(config).returncode == 0


@pytest.mark.parametrize("hold", [error(503, retry_after="600"), unauthorised(403)])
def test_once_is_held_by_retry_after_and_unauthorised(
    config: Path, terminal: Terminal, platform: SimulatedPlatform, hold: object
) -> None:
    platform.inject(hold)  # type: ignore[arg-type]
    assert run_once(config).returncode == 3
    platform.clear_faults()
    requests = len(platform.requests)
    assert run_once(config).returncode == 3
    assert len(platform.requests) == requests
    assert len(terminal.states()) == 1


def test_once_exits_0_without_a_journal(config: Path, platform: SimulatedPlatform) -> None:
    assert run_once(config).returncode == 0
    assert platform.requests == []


@pytest.mark.parametrize("statements", [[], ["DROP TRIGGER never_deleted", "DELETE FROM records"]])
def test_a_journal_that_is_only_being_made_is_left_alone(
    tmp_path: Path, config: Path, platform: SimulatedPlatform, statements: list[str]
) -> None:
    """Whoever makes it looks for a delivery database first, and must not find one half made."""
    storage = tmp_path / "storage"
    if statements:
        terminal = Terminal(storage)
        for statement in statements:
            terminal.journal.connection.execute(statement)
        terminal.close()
        (storage / "delivery.sqlite3").unlink()
    else:
        storage.mkdir()
        (storage / "journal.sqlite3").touch()
    assert run_once(config).returncode == 0
    assert not (storage / "delivery.sqlite3").exists()
    assert platform.requests == []


def test_once_exits_3_when_the_storage_fails(config: Path, terminal: Terminal, platform: SimulatedPlatform) -> None:
    terminal.store.close()
    (terminal.directory / "delivery.sqlite3").write_bytes(b"not a database at all" * 100)
    result = run_once(config)
    assert result.returncode == 3
    assert json.loads(result.stderr)["event"] == "storage-failed"


def test_a_damaged_record_is_told_and_ends_in_no_traceback(
    config: Path, terminal: Terminal, platform: SimulatedPlatform
) -> None:
    connection = terminal.journal.connection
    connection.execute("DROP TRIGGER never_changed")
    connection.execute("UPDATE records SET body = json_remove(body, '$.payload')")
    result = run_once(config)
    assert result.returncode == 3
    assert json.loads(result.stderr)["event"] == "storage-failed"


def test_a_bad_configuration_exits_2_with_one_line(config: Path) -> None:
    (config / "platform.secret").chmod(0o644)
    result = run_once(config)
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert "platform.secret" in result.stderr


def test_a_storage_that_cannot_be_made_exits_2_with_one_line(tmp_path: Path, config: Path) -> None:
    (tmp_path / "storage").write_text("a file")
    with AgentProcess(config) as process:
        code, text = process.refusal()
    assert code == 2
    assert len(text.splitlines()) == 1


# The daemon


def _has_arrived(record_id: str, platform: SimulatedPlatform) -> bool:
    return record_id in platform.arrivals


def test_a_new_record_is_pushed_at_once(daemon: AgentProcess, terminal: Terminal, platform: SimulatedPlatform) -> None:
    """Long before `push_seconds`: R14."""
    for _ in range(5):
        [rating] = terminal.rate()
        platform.wait_for(partial(_has_arrived, rating.record_id))


def test_a_record_without_a_result_is_tried_again_long_before_push_seconds(
    daemon: AgentProcess, terminal: Terminal, platform: SimulatedPlatform
) -> None:
    platform.inject(half_results(), 1)
    terminal.rate(3)
    platform.wait_for(lambda p: len(p.arrivals) == 4 and max(p.arrivals.values()) > 1)


def test_it_waits_for_a_journal(tmp_path: Path, platform: SimulatedPlatform) -> None:
    with AgentProcess(write_settings(tmp_path, platform.url, push_seconds=1)) as process:
        process.wait_for_log("started")
        terminal = Terminal(tmp_path / "storage")
        platform.wait_for(lambda p: p.count() == 1)
        terminal.close()


def test_it_goes_on_with_a_journal_brought_back_from_a_backup(
    daemon: AgentProcess, terminal: Terminal, platform: SimulatedPlatform
) -> None:
    terminal.rate(2)
    platform.wait_for(lambda p: p.count() == 3)
    backup = terminal.directory / "backup.sqlite3"
    terminal.journal.connection.execute("VACUUM INTO ?", (str(backup),))
    terminal.journal.close()
    for file in terminal.directory.glob("journal.sqlite3*"):
        file.unlink()
    backup.rename(terminal.directory / "journal.sqlite3")
    terminal.journal = Journal.open_or_start(
        terminal.directory, device_id="lw-a-w12", clock=terminal.clock, software="test 2"
    )
    terminal.rate()
    platform.wait_for(lambda p: p.count() == 4)


@pytest.mark.parametrize("manner", [Manner.NEVER, Manner.WHOLE])
def test_sigterm_ends_it_even_while_it_waits_for_an_answer(
    daemon: AgentProcess, terminal: Terminal, platform: SimulatedPlatform, manner: Manner
) -> None:
    platform.inject(unprocessed(manner))
    terminal.rate()
    platform.wait_for(lambda p: bool(p.requests))
    assert daemon.terminate() == 0


def test_a_second_daemon_exits_2_and_once_does_not_mind(
    config: Path, daemon: AgentProcess, terminal: Terminal, platform: SimulatedPlatform
) -> None:
    with AgentProcess(config) as second:
        code, text = second.refusal()
    assert code == 2
    assert text.startswith("sync-agent: another sync-agent already serves")
    assert len(text.splitlines()) == 1
    assert run_once(config).returncode == 0


def test_a_clock_set_back_does_not_put_the_scheduler_to_sleep(
    tmp_path: Path, terminal: Terminal, platform: SimulatedPlatform
) -> None:
    """APScheduler plans by the wall clock: three hours back, and its next run is three hours away."""
    agent = Agent(load_settings(write_settings(tmp_path, platform.url, push_seconds=1)), SystemClock())
    agent.start()
    try:
        platform.wait_for(lambda p: p.count() == 1)
        platform.stop()
        terminal.rate()
        assert agent._idle.wait(10)
        agent._scheduler.modify_job("push", next_run_time=datetime.now(UTC) + timedelta(hours=3))
        platform.start()
        platform.wait_for(lambda p: p.count() == 2)
    finally:
        assert agent.stop(patience=10)


def test_an_errand_that_waited_for_another_ends_with_the_agent(
    tmp_path: Path, terminal: Terminal, platform: SimulatedPlatform
) -> None:
    """Python waits for every thread of the scheduler: one that never gets its turn would outlive SIGTERM."""
    agent = Agent(load_settings(write_settings(tmp_path, platform.url)), SystemClock())
    agent.start()
    assert agent.stop(patience=10)
    errand = threading.Thread(target=agent._reconcile, daemon=True)
    errand.start()
    errand.join(10)
    assert not errand.is_alive()


# Pulling, telling, comparing


@pytest.fixture
def hall_config(tmp_path: Path, hall_platform: SimulatedPlatform) -> Path:
    return write_settings(tmp_path, hall_platform.url, push_seconds=RARELY, pull_seconds=1)


def _targets(platform: SimulatedPlatform) -> list[str]:
    return [request.target.rpartition("/")[2] for request in platform.requests]


def test_once_uploads_pulls_tells_and_delivers_what_the_pull_made(
    hall_config: Path, terminal: Terminal, hall_platform: SimulatedPlatform
) -> None:
    terminal.rate(2)
    result = run_once(hall_config)
    assert result.returncode == 0, result.stderr
    targets = _targets(hall_platform)
    assert targets[:2] == ["records", "config"]
    assert targets[-2:] == ["heartbeat", "records"]
    assert hall_platform.count("staff_bound") == 1
    assert run_once(hall_config).returncode == 0
    assert _targets(hall_platform)[len(targets) :] == ["config", "heartbeat", "reconcile"]


@pytest.mark.parametrize("fault", [error(500), error(404), unauthorised(403)])
def test_once_speaks_of_records_alone(
    hall_config: Path, terminal: Terminal, hall_platform: SimulatedPlatform, fault: Fault
) -> None:
    for errand in ("config", "heartbeat", "reconcile"):
        hall_platform.inject(fault, on=errand)
    terminal.rate()
    assert run_once(hall_config).returncode == 0
    assert hall_platform.count() == 2


def test_once_speaks_of_records_alone_where_the_halls_data_cannot_be_kept(
    hall_config: Path, terminal: Terminal, hall_platform: SimulatedPlatform
) -> None:
    (terminal.directory / "hall.sqlite3").write_bytes(b"not a database at all" * 100)
    result = run_once(hall_config)
    assert result.returncode == 0
    assert "storage-failed" in result.stderr
    assert hall_platform.count() == 1


def test_once_sends_again_what_the_platform_lost(config: Path, terminal: Terminal, platform: SimulatedPlatform) -> None:
    terminal.rate(3)
    run_once(config)
    platform.forget(2, 3)
    assert run_once(config).returncode == 0
    assert platform.count() == 4
    assert platform.chain_problems() == []


def test_the_daemon_pulls_after_the_first_push_and_again_and_again(
    hall_config: Path, terminal: Terminal, hall_platform: SimulatedPlatform
) -> None:
    with AgentProcess(hall_config) as process:
        process.wait_for_log("pulled")
        assert _targets(hall_platform)[0] == "records"
        hall_platform.wait_for(lambda p: len(p.errands.heartbeats) == 1)
        hall_platform.hall.answer("8080-RGG0-0PFZ-R84R", "answered", "thank you")
        assert "1 feedback" in process.wait_for_log("pulled")["parts"]


def test_the_daemon_begins_to_ask_when_there_is_a_journal(
    tmp_path: Path, hall_config: Path, hall_platform: SimulatedPlatform
) -> None:
    with AgentProcess(hall_config) as process:
        process.wait_for_log("started")
        terminal = Terminal(tmp_path / "storage")
        process.wait_for_log("pulled")
        hall_platform.wait_for(lambda p: p.count("staff_bound") == 1)
        terminal.close()


def test_the_daemon_sends_again_what_the_platform_lost(
    hall_config: Path, terminal: Terminal, hall_platform: SimulatedPlatform
) -> None:
    terminal.rate(3)
    run_once(hall_config)
    run_once(hall_config)
    hall_platform.forget(2, 3)
    with AgentProcess(hall_config):
        hall_platform.wait_for(lambda p: p.count("rating") == 3)


def test_a_pull_that_never_ends_delays_no_push(
    hall_config: Path, terminal: Terminal, hall_platform: SimulatedPlatform
) -> None:
    """R14: the agent waits for a configuration meanwhile, and for none of its pushes."""
    hall_platform.inject(unprocessed(Manner.NEVER), on="config")
    with AgentProcess(hall_config):
        hall_platform.wait_for(lambda p: "config" in _targets(p))
        for _ in range(3):
            [rating] = terminal.rate()
            hall_platform.wait_for(partial(_has_arrived, rating.record_id), timeout=5)


@pytest.mark.parametrize("errand", ["config", "photos", "heartbeat", "reconcile"])
@pytest.mark.parametrize("manner", [Manner.NEVER, Manner.DRIP])
def test_sigterm_ends_it_even_in_the_middle_of_an_errand(
    hall_config: Path, terminal: Terminal, hall_platform: SimulatedPlatform, errand: str, manner: Manner
) -> None:
    run_once(hall_config)
    (terminal.directory / "hall.sqlite3").unlink()
    for photo in (terminal.directory / "photos").iterdir():
        photo.unlink()
    hall_platform.inject(processed(manner, drip_seconds=1), on=errand)
    seen = len(hall_platform.requests)
    word = {"photos": ".png"}.get(errand, errand)
    with AgentProcess(hall_config) as process:
        hall_platform.wait_for(lambda p: any(r.target.endswith(word) for r in p.requests[seen:]))
        assert process.terminate() == 0
