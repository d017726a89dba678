"""A technician at a window that is at work: devices are lent, tried and taken back, and nobody's rating is lost."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from device_drivers.evaluator.key_presses import REPEAT_SECONDS
from device_drivers.serial_line import boottime
from kiosk_app.app_socket import AppSocketError, RunningApp, running_app
from kiosk_app.domain.levels import Level
from tests.end_to_end.program import BIN, PATIENCE
from tests.end_to_end.terminal import Terminal, wait_until


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with Terminal(tmp_path) as terminal:
        yield terminal


def door(terminal: Terminal) -> RunningApp:
    app = running_app(terminal.directory / "data")
    assert app is not None
    return app


def codes(terminal: Terminal) -> set[str]:
    return {problem["code"] for problem in door(terminal).health()["problems"]}


def begins_anew(terminal: Terminal) -> bool:
    """Whether the app does so; it refuses while a citizen is asked for a rating or its reasons."""
    try:
        door(terminal).restart()
    except AppSocketError as error:
        assert "a citizen" in str(error)  # noqa: PT017 - any other refusal is a fault
        return False
    return True


def is_heard(terminal: Terminal) -> bool:
    """Whether no repeat of a key that was tried can come any more."""
    told = [r for r in terminal.records("device_event") if r.payload["device"] == "evaluator"]
    if not told:
        return True
    heard_from: float = told[-1].clock["monotonic_ms"] / 1000 + REPEAT_SECONDS
    return told[-1].payload["state"] == "connected" and boottime() > heard_from


def rate_by_key(terminal: Terminal) -> None:
    """A citizen does, once no repeat of a key that was tried can come any more."""

    wait_until(lambda: is_heard(terminal), "its keys are heard")
    taken = len(terminal.evaluator.heard("acknowledge"))
    terminal.open_visit(invite=True)
    terminal.evaluator.press("satisfied")
    terminal.evaluator.wait_heard("acknowledge", taken + 1, PATIENCE)


def test_while_an_evaluator_is_tried_its_keys_are_no_ratings_and_the_screen_goes_on(terminal: Terminal) -> None:
    terminal.start_app(screen=False)
    with door(terminal).borrow("evaluator", "the test"):
        assert "evaluator_lent" in codes(terminal)
        assert "evaluator_lost" not in codes(terminal), "what is lent is not broken"
        visit = terminal.open_visit(invite=True)
        (invited,) = terminal.records("rating_invited")
        assert invited.payload["prompt"] == "touchscreen", "nobody is asked to press a key that is not heard (R20)"
        terminal.evaluator.press("satisfied")
        assert terminal.records("rating") == []
        assert terminal.state_of(visit) == "inviting"
    wait_until(lambda: codes(terminal).isdisjoint({"evaluator_lent", "evaluator_lost"}), "the evaluator is back")
    states = [r.payload["state"] for r in terminal.records("device_event") if r.payload["device"] == "evaluator"]
    assert states == ["lent", "connected"]


def test_no_device_is_lent_while_a_citizen_is_asked_to_rate(terminal: Terminal) -> None:
    terminal.start_app(screen=False)
    terminal.open_visit(invite=True)
    with (
        pytest.raises(AppSocketError, match=r"a citizen is just asked to rate; try again in \d+ s"),
        door(terminal).borrow("evaluator", "the test"),
    ):
        pytest.fail("it was lent")
    terminal.evaluator.press("satisfied")
    terminal.evaluator.wait_heard("acknowledge", 1, PATIENCE)


def test_a_technicians_command_that_is_killed_gives_the_evaluator_back(terminal: Terminal) -> None:
    terminal.start_app(screen=False)
    command = [str(BIN / "kiosk-admin"), "--config", str(terminal.directory), "evaluator", "listen", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as listening:
        assert listening.stdout is not None
        assert "connected" in listening.stdout.readline()
        terminal.evaluator.press("satisfied")
        while '"satisfied"' not in listening.stdout.readline():
            pass
        listening.kill()
    wait_until(lambda: codes(terminal).isdisjoint({"evaluator_lent", "evaluator_lost"}), "the evaluator is back")
    rate_by_key(terminal)
    assert [r.payload["level"] for r in terminal.records("rating")] == ["satisfied"]


@pytest.mark.parametrize("command", ["listen", "confirm", "learn"])
def test_a_technicians_command_ends_when_a_citizen_is_asked_r3_r6(terminal: Terminal, command: str) -> None:
    """A key that the citizen presses must count, and nobody of the staff may read which one it was."""
    terminal.start_app(screen=False)
    whole = [str(BIN / "kiosk-admin"), "--config", str(terminal.directory), "evaluator", command, "--json"]
    with subprocess.Popen(whole, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as trying:
        assert trying.stdout is not None
        assert trying.stdout.readline()
        visit = terminal.open_visit(invite=True)
        _, said = trying.communicate(timeout=PATIENCE)
    assert said.strip() == "kiosk-admin: a citizen is asked to rate and needs the device; try again later"
    assert trying.returncode == 130
    wait_until(lambda: is_heard(terminal), "its keys are heard")
    terminal.evaluator.press("satisfied")
    terminal.wait_for_state(visit, "rated")


def test_a_technician_binds_tries_the_keys_and_leaves_by_touch(terminal: Terminal) -> None:
    staff = [{"staff_no": "0012", "name": "测试员一"}, {"staff_no": "0013", "name": "测试员二"}]
    (terminal.directory / "staff.json").write_text(json.dumps(staff))
    assert terminal.admin("staff", "import", str(terminal.directory / "staff.json")).returncode == 0
    assert terminal.admin("technician", "pin", typed="194628\n").returncode == 0
    app = terminal.start_touched_app()
    app.sign_in("194628")
    app.touch("page-binding")
    app.wait_page("technician:binding")
    app.touch("person-0013")
    app.touch("act-bind")
    terminal.wait_until_recorded("staff_bound", 1)
    app.touch("page-evaluator")
    app.wait_page("technician:evaluator")
    app.touch("act-test")
    app.wait_for_log("serial port opened", count=2)
    assert "evaluator_lent" in codes(terminal)
    for pressed, level in enumerate(Level, start=1):
        terminal.evaluator.press(level.value)
        terminal.evaluator.wait_heard("acknowledge", pressed, PATIENCE)
    wait_until(lambda: "evaluator_not_confirmed" not in codes(terminal), "the keys are confirmed")
    app.touch("technician-leave")
    app.wait_page("sign")
    wait_until(lambda: codes(terminal).isdisjoint({"evaluator_lent", "evaluator_lost"}), "the evaluator is back")
    assert terminal.records("rating") == [], "a test is no rating"
    assert [r.payload["by"] for r in terminal.records("staff_bound")] == ["technician"]
    actions = [(r.payload["operator"], r.payload["action"]) for r in terminal.records("operator_action")]
    for action in ("sign_in", "evaluator_confirmed", "leave"):
        assert ("technician", action) in actions, actions
    rate_by_key(terminal)


def test_a_citizen_who_is_invited_goes_before_the_technician(terminal: Terminal) -> None:
    assert terminal.admin("technician", "pin", typed="194628\n").returncode == 0
    app = terminal.start_touched_app()
    app.sign_in("194628")
    terminal.open_visit(invite=True)
    app.wait_page("choices")
    app.touch("choice-satisfied")
    terminal.wait_until_recorded("rating", 1)


def test_a_wrong_pin_keeps_out_and_is_recorded(terminal: Terminal) -> None:
    assert terminal.admin("technician", "pin", typed="194628\n").returncode == 0
    app = terminal.start_touched_app()
    for _ in range(7):
        app.touch("technician-corner")
    app.wait_page("technician:sign_in")
    for _ in range(2):
        for digit in "194629":
            app.touch(f"pin-{digit}")
        app.touch("pin-enter")
    wait_until(
        lambda: [r.payload["action"] for r in terminal.records("operator_action")].count("sign_in_failed") == 2,
        "both wrong tries are recorded",
    )
    assert app.look()["page"] == "technician:sign_in"


def test_an_app_that_begins_anew_has_the_new_configuration_the_same_process_and_all_records(terminal: Terminal) -> None:
    app = terminal.start_app(screen=False)
    rate_by_key(terminal)
    settings = terminal.directory / "terminal.toml"
    settings.write_text(settings.read_text().replace('number         = "12"', 'number         = "13"'))
    wait_until(lambda: begins_anew(terminal), "the citizen has gone")
    host, port = app.wait_for_log("window api listens", count=2)["address"]
    app.wait_for_log("serial port opened", count=2)
    terminal.calls_go_to(host, port)
    assert terminal.call("GET", "/window").json()["number"] == "13"
    assert app.is_running
    rate_by_key(terminal)
    assert [r.payload["window"] for r in terminal.records("rating")] == ["12", "13"]
    assert terminal.admin("verify").returncode == 0


def test_an_app_does_not_begin_anew_while_a_citizen_is_asked_r6(terminal: Terminal) -> None:
    terminal.start_app(screen=False)
    visit = terminal.open_visit(invite=True)
    with pytest.raises(AppSocketError, match="a citizen is just asked to rate"):
        door(terminal).restart()
    terminal.evaluator.press("satisfied")
    terminal.wait_for_state(visit, "rated")


def test_an_app_does_not_begin_anew_with_a_configuration_that_would_be_refused(terminal: Terminal) -> None:
    app = terminal.start_app(screen=False)
    settings = terminal.directory / "terminal.toml"
    before = settings.read_text()
    for wrong in (before + "\n[unheard-of]\n", before.replace("shared-bus-68", "unheard-of")):
        settings.write_text(wrong)
        with pytest.raises(AppSocketError, match="unheard-of"):
            door(terminal).restart()
    assert app.is_running
    rate_by_key(terminal)
