"""The technician's question "what is wrong?", put to the real programs: running, hanging, killed (issue 4)."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from sync_agent.simulated.platform import SimulatedPlatform
from tests.end_to_end.kiosk import Kiosk
from tests.end_to_end.terminal import SECRET, Terminal, wait_until


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with Terminal(tmp_path) as terminal:
        yield terminal


def problems(terminal: Terminal) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in terminal.rows("doctor") if row["code"]}


def test_every_way_to_ask_tells_the_same_of_a_running_terminal(terminal: Terminal) -> None:
    terminal.start_app()
    terminal.start_agent()
    terminal.evaluator.unplug()
    wait_until(lambda: "evaluator_lost" in problems(terminal), "doctor tells that the evaluator is gone")
    told = problems(terminal)["evaluator_lost"]
    served = {p["code"]: p for p in terminal.call("GET", "/health").json()["problems"]}["evaluator_lost"]
    assert {key: told[key] for key in ("text", "since", "action")} == {
        key: served[key] for key in ("text", "since", "action")
    }
    assert not {"app_not_running", "app_silent", "agent_not_running"} & set(problems(terminal))


def test_the_platform_is_told_in_the_heartbeat(terminal: Terminal) -> None:
    terminal.start_app()
    terminal.start_agent()
    terminal.platform.wait_for(lambda platform: bool(platform.errands.heartbeats), timeout=60)
    told = {problem["code"]: problem for problem in terminal.platform.errands.heartbeats[-1]["problems"]}
    assert told["binding_missing"]["severity"] == "problem"
    assert told["binding_missing"]["since"]
    assert "app_not_running" not in told


def test_an_app_that_hangs_and_one_that_was_killed(terminal: Terminal) -> None:
    app = terminal.start_app()
    os.kill(app.pid, signal.SIGSTOP)
    try:
        found = problems(terminal)
    finally:
        os.kill(app.pid, signal.SIGCONT)
    assert "does not answer" in found["app_silent"]["text"]
    assert "evaluator_lost" not in found
    app.kill()
    found = problems(terminal)
    assert "app_not_running" in found
    assert not {"evaluator_lost", "app_silent"} & set(found), "the port is free, and the evaluator opens"


def test_since_outlives_the_app(terminal: Terminal) -> None:
    app = terminal.start_app()
    since = problems(terminal)["binding_missing"]["since"]
    assert app.stop() == 0
    assert problems(terminal)["binding_missing"]["since"] == since
    terminal.start_app()
    assert problems(terminal)["binding_missing"]["since"] == since


def test_a_bundle_of_a_running_terminal(terminal: Terminal) -> None:
    terminal.start_app()
    target = terminal.directory / "bundle.tar.gz"
    done = terminal.admin("doctor", "--json", "--bundle", str(target))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["bundle"] == str(target)
    assert target.stat().st_size > 0


def test_a_kiosk_has_no_api_and_tells_it_all_the_same(tmp_path: Path) -> None:
    with SimulatedPlatform(SECRET.encode()) as platform:
        seal_key = generate_private_key(65537, 2048)
        with Kiosk(tmp_path, platform.url, device_id="test-a-k1", short_id=21, seal_key=seal_key) as kiosk:
            app = kiosk.start_app()
            kiosk.printer.end_paper()
            app.wait_for_log("printer condition", count=2)
            told = {row["code"]: row for row in kiosk.rows("doctor") if row["code"]}
            assert told["printer_paper_out"]["action"] == "put in a new roll"
            assert "hall_data_missing" in told
            kiosk.start_agent()
            platform.wait_for(lambda platform: bool(platform.errands.heartbeats), timeout=60)
            beat = {problem["code"]: problem for problem in platform.errands.heartbeats[-1]["problems"]}
            assert beat["printer_paper_out"]["since"] == told["printer_paper_out"]["since"]
