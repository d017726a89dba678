"""A window terminal as it is installed: the real commands, real bytes, real HTTP, real files."""

import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_app.domain.levels import Level
from sync_agent.simulated import faults
from sync_agent.simulated.exchange import Manner
from tests.end_to_end.program import BIN, PATIENCE, Program
from tests.end_to_end.terminal import Terminal, wait_until


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with Terminal(tmp_path) as terminal:
        yield terminal


def rate(terminal: Terminal, level: Level) -> str:
    acknowledged = len(terminal.evaluator.heard("acknowledge"))
    visit = terminal.open_visit(invite=True)
    terminal.evaluator.press(level.value)
    terminal.evaluator.wait_heard("acknowledge", acknowledged + 1, PATIENCE)
    return visit


def test_a_press_in_the_invitation_is_a_rating_and_one_before_or_after_is_none(terminal: Terminal) -> None:
    terminal.start_app(screen=False)
    terminal.evaluator.press("very_satisfied")
    terminal.wait_until_recorded("device_event", 1)
    visit = rate(terminal, Level.DISSATISFIED)
    terminal.evaluator.press("satisfied")
    terminal.wait_until_recorded("rating_detail", 1)
    assert [r.payload["level"] for r in terminal.records("rating")] == ["dissatisfied"]
    assert terminal.state_of(visit) == "rated"
    assert len(terminal.evaluator.heard("acknowledge")) == 1


def test_records_reach_the_platform_within_seconds_and_pending_is_empty(terminal: Terminal) -> None:
    terminal.start_app(screen=False)
    terminal.start_agent()
    visits = [rate(terminal, level) for level in Level]
    terminal.platform.wait_for(lambda platform: len(platform.ratings()) == len(visits), PATIENCE)
    assert {r["visit_id"] for r in terminal.platform.ratings()} == set(visits)
    assert terminal.app is not None
    assert terminal.app.stop() == 0
    wait_until(lambda: terminal.rows("pending") == [], "everything is confirmed")


def test_without_a_screen_the_evaluator_and_the_window_api_go_on(terminal: Terminal) -> None:
    app = terminal.start_app(screen=False)
    app.wait_for_log("no screen")
    visit = rate(terminal, Level.SATISFIED)
    assert terminal.state_of(visit) == "rated"
    (invited,) = terminal.records("rating_invited")
    assert invited.payload["prompt"] == "evaluator"
    health = terminal.call("GET", "/health").json()
    assert "screen_not_shown" in [problem["code"] for problem in health["problems"]]


def test_with_a_screen_both_can_be_used_and_a_picture_of_every_page_is_saved(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.start_app("--pictures", str(tmp_path / "pictures")).wait_for_log("screen is shown")
    terminal.wait_for_picture(tmp_path / "pictures", "sign")
    visit = terminal.open_visit(invite=True)
    terminal.wait_for_picture(tmp_path / "pictures", "choices")
    terminal.evaluator.press("satisfied")
    terminal.wait_for_state(visit, "rated")
    terminal.wait_for_picture(tmp_path / "pictures", "details")
    terminal.wait_for_picture(tmp_path / "pictures", "thanks")
    (invited,) = terminal.records("rating_invited")
    assert invited.payload["prompt"] == "both"


def test_a_second_app_on_the_same_storage_is_refused(terminal: Terminal) -> None:
    terminal.start_app(screen=False)
    done = subprocess.run(
        [str(BIN / "kiosk-app"), "--config", str(terminal.directory)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 2
    assert "another kiosk-app" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["kiosk-app", "sync-agent", "kiosk-admin"])
def test_a_refused_configuration_is_one_line_and_exit_2(terminal: Terminal, command: str) -> None:
    settings = terminal.directory / "terminal.toml"
    settings.write_text(settings.read_text().replace("push_seconds = 1", "push_seconds = 900"))
    arguments = ["records"] if command == "kiosk-admin" else []
    done = subprocess.run(
        [str(BIN / command), "--config", str(terminal.directory), *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "terminal.toml: platform.push_seconds = 900" in done.stderr


def test_sigterm_ends_both_programs_even_while_the_platform_says_nothing(terminal: Terminal) -> None:
    terminal.platform.inject(faults.unprocessed(Manner.NEVER))
    terminal.start_app(screen=False)
    agent = terminal.start_agent()
    wait_until(lambda: bool(terminal.platform.requests), "the agent is waiting for an answer")
    assert agent.stop() == 0
    assert terminal.app is not None
    assert terminal.app.stop() == 0


def test_once_ends_with_3_while_some_wait_and_with_0_when_all_are_confirmed(terminal: Terminal) -> None:
    terminal.start_app(screen=False)
    rate(terminal, Level.SATISFIED)
    assert terminal.app is not None
    terminal.app.stop()
    terminal.platform.inject(faults.error(500))
    assert Program("sync-agent", "--config", str(terminal.directory), "--once").wait() == 3
    assert {row["state"] for row in terminal.rows("pending")} == {"waiting"}
    terminal.platform.clear_faults()
    assert Program("sync-agent", "--config", str(terminal.directory), "--once").wait() == 0
    assert terminal.platform.count("rating") == 1


def test_after_one_changed_byte_verify_does_not_hold(terminal: Terminal) -> None:
    terminal.start_app(screen=False)
    rate(terminal, Level.VERY_DISSATISFIED)
    terminal.wait_until_recorded("rating_detail", 1)
    assert terminal.app is not None
    terminal.app.stop()
    assert terminal.admin("verify").returncode == 0
    (rating,) = terminal.records("rating")
    journal = terminal.directory / "data" / "journal.sqlite3"
    content = journal.read_bytes()
    at = content.index(b'"level":"very_dissatisfied"') + len('"level":"')
    journal.write_bytes(content[:at] + b"V" + content[at + 1 :])
    done = terminal.admin("verify")
    assert done.returncode == 1
    assert f"sequence {rating.sequence}:" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_told_and_thanks_nobody_and_a_free_one_records_again(terminal: Terminal) -> None:
    app = terminal.start_app(screen=False)
    rate(terminal, Level.SATISFIED)
    # No file of the app may grow any more: what a full disk looks like to SQLite.
    limits = resource.prlimit(app.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    answer = terminal.call("POST", "/visits", {})
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    health = terminal.call("GET", "/health").json()
    assert health["status"] == "degraded"
    assert health["problems"][0]["code"] == "cannot_record"

    resource.prlimit(app.pid, resource.RLIMIT_FSIZE, limits)
    app.wait_for_log("can record again")
    rate(terminal, Level.DISSATISFIED)
    assert terminal.admin("verify").returncode == 0


def test_the_evaluator_is_in_use_again_after_it_was_plugged_into_another_port(terminal: Terminal) -> None:
    app = terminal.start_app(screen=False)
    terminal.evaluator.unplug()
    terminal.evaluator.plug()
    app.wait_for_log("serial port opened", count=2)
    rate(terminal, Level.SATISFIED)


def test_a_binding_made_while_the_app_runs_counts_from_the_next_visit_on(terminal: Terminal) -> None:
    terminal.start_app(screen=False)
    assert terminal.admin("bind", "12", "0012", "--reason", "test").returncode == 0
    rate(terminal, Level.SATISFIED)
    (rating,) = terminal.records("rating")
    assert rating.payload["staff_no"] == "0012"
    assert terminal.call("GET", "/window").json()["staff"]["staff_no"] == "0012"
