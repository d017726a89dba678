"""A technician's morning at window 12: an evaluator that no file describes, a refused record, a dead disk."""

import json
import shutil
import tempfile
from pathlib import Path

from device_drivers.evaluator.protocol import EvaluatorProtocol
from device_drivers.evaluator.protocol_file import load_protocol
from kiosk_app.domain.levels import Level
from sync_agent.simulated.export_file import read_export
from tests.demo.story import Story
from tests.demo.window_day import STAFF
from tests.end_to_end.program import TouchedApp
from tests.end_to_end.terminal import Terminal, wait_until

PICTURES = Path("build") / "demo" / "technician"
PIN = "194628"
UNDOCUMENTED = """
name = "undocumented"
[line]
baud = 9600
bytesize = 8
parity = "N"
stopbits = 1
[frame]
layout   = ["7E", "length", "kind", "turn", "key", "checksum", "0D"]
fields   = { length = 1, kind = 1, turn = 1, key = 1, checksum = 2 }
length   = ["kind", "turn", "key"]
checksum = { kind = "crc16-modbus", over = ["length", "kind", "turn", "key"] }
[buttons]
very_satisfied      = { kind = "21", key = "A5" }
satisfied           = { kind = "21", key = "B4" }
basically_satisfied = { kind = "21", key = "C3" }
dissatisfied        = { kind = "21", key = "D2" }
very_dissatisfied   = { kind = "21", key = "E1" }
"""
"""What the device speaks; nobody at the hall knows."""


def tell(story: Story) -> None:
    """The whole morning; `PICTURES` gets one of every page."""
    with tempfile.TemporaryDirectory(prefix="demo-") as directory:
        here = Path(directory)
        with Terminal(here / "window", device=_undocumented(here), invite_seconds=10, detail_seconds=1) as terminal:
            terminal.evaluator.count_in("turn")
            terminal.evaluator.beat_every(0.7)
            app = _arrive(story, terminal)
            _learn(story, terminal)
            _bind_by_touch(story, terminal, app)
            _rate(story, terminal)
            _refused(story, terminal, app)
            _dead_disk(story, terminal)


def _undocumented(directory: Path) -> EvaluatorProtocol:
    file = directory / "undocumented.toml"
    file.write_text(UNDOCUMENTED)
    return load_protocol(file)


def _arrive(story: Story, terminal: Terminal) -> TouchedApp:
    story.chapter("A technician arrives at window 12 with an evaluator that nobody has documented")
    (terminal.directory / "staff.json").write_text(json.dumps(STAFF))
    settings = terminal.directory / "terminal.toml"
    settings.write_text(
        settings.read_text().replace('directory  = "data"', 'directory = "data"\nbackup_directory = "stick"')
    )
    (terminal.directory / "stick").mkdir()
    terminal.admin("staff", "import", str(terminal.directory / "staff.json"))
    story.expect(terminal.admin("technician", "pin", typed=f"{PIN}\n").returncode == 0, "technician pin", "set")
    app = terminal.start_touched_app("--pictures", str(PICTURES))
    terminal.start_agent()
    story.tell("kiosk-app and sync-agent run")
    _doctor(story, terminal, "evaluator_not_confirmed", "binding_missing")
    return app


def _doctor(story: Story, terminal: Terminal, *expected: str) -> None:
    """What doctor says that is not well."""
    found = [row for row in terminal.rows("doctor") if row.get("code")]
    for row in found:
        story.tell(f"doctor: {row['code']}: {row['text'][:90]}")
    codes = {row["code"] for row in found}
    story.expect(set(expected) <= codes, "doctor names", ", ".join(expected) or "no more than that")


def _learn(story: Story, terminal: Terminal) -> None:
    story.chapter("The terminal learns it from its keys, while the window is open")
    asked, file = 0, ""
    for said in terminal.learn("--use", "--name", "window-12"):
        asked += "ask" in said
        for word in ("problem", "note"):
            if word in said:
                story.tell(f"{word}: {said[word]}")
        file = said.get("result", file)
    story.expect(bool(file), f"after {asked} presses there is a protocol file", Path(file).name)
    for line in Path(file).read_text().splitlines():
        if line.startswith(("layout", "checksum", "very_satisfied ")):
            story.tell(f"    {line}")
    assert terminal.app is not None
    terminal.calls_go_to(*terminal.app.wait_for_log("window api listens", count=2)["address"])
    terminal.app.wait_for_log("window recovered", count=2)
    story.expect(terminal.app.is_running, "the app has begun anew with it", "the same process")


def _bind_by_touch(story: Story, terminal: Terminal, app: TouchedApp) -> None:
    story.chapter("Seven taps into the corner, a PIN, and the person who sits here")
    app.sign_in(PIN)
    app.touch("page-binding")
    app.wait_page("technician:binding")
    app.touch("person-0012")
    app.touch("act-bind")
    terminal.wait_until_recorded("staff_bound", 1)
    (bound,) = terminal.records("staff_bound")
    story.expect(
        bound.payload["by"] == "technician", "bound on the screen", f"{bound.payload['staff_no']} to window 12"
    )
    for page in ("evaluator", "network", "records", "sound_screen", "export", "about", "overview"):
        app.touch(f"page-{page}")
        app.wait_page(f"technician:{page}")
    story.tell("every page was looked at")
    app.touch("technician-leave")
    app.wait_page("sign")


def _rate(story: Story, terminal: Terminal) -> None:
    story.chapter("Five citizens press the five keys")
    for level in Level:
        visit = terminal.open_visit(invite=True)
        terminal.evaluator.press(level.value)
        terminal.wait_for_state(visit, "rated")
    levels = [record.payload["level"] for record in terminal.records("rating")]
    story.expect(levels == [level.value for level in Level], "the learned file reads each key right", ", ".join(levels))


def _refused(story: Story, terminal: Terminal, app: TouchedApp) -> None:
    story.chapter("The platform refuses one record")
    terminal.platform.reject(lambda record: "unknown item" if record["kind"] == "rating_missed" else None)
    visit = terminal.open_visit()
    terminal.call("POST", f"/visits/{visit}/end")
    wait_until(lambda: [row["state"] for row in terminal.rows("pending")] == ["refused"], "it is kept")
    (row,) = terminal.rows("pending")
    story.expect("unknown item" in row["last_error"], "kept, with the platform's reason", row["last_error"])
    terminal.platform.reject(None)
    app.sign_in(PIN)
    app.touch("page-network")
    app.wait_page("technician:network")
    app.touch("technician-next")
    app.touch(f"row-{row['record_id']}")
    app.touch("answer-yes")
    wait_until(lambda: terminal.rows("pending") == [], "it is sent again")
    story.expect(True, "sent again by touch", "and taken")
    app.touch("technician-leave")


def _dead_disk(story: Story, terminal: Terminal) -> None:
    story.chapter("The disk dies; its last records are carried to the platform, and a copy goes on")
    story.expect(terminal.admin("backup").returncode == 0, "kiosk-admin backup", "on the stick")
    terminal.platform.stop()
    visit = terminal.open_visit(invite=True)
    terminal.evaluator.press("satisfied")
    terminal.wait_for_state(visit, "rated")
    for program in (terminal.app, terminal.agent):
        assert program is not None
        program.kill()
    exported = terminal.admin("export", str(terminal.directory / "last-records.export"))
    story.expect(exported.returncode == 0, "kiosk-admin export", exported.stdout.strip() or exported.stderr)
    checked = terminal.admin("import-check", str(terminal.directory / "last-records.export"))
    story.expect(checked.returncode == 0, "kiosk-admin import-check", checked.stdout.strip() or checked.stderr)
    terminal.platform.start()
    with (terminal.directory / "last-records.export").open("rb") as file:
        device_id, records = read_export(file)
    taken = terminal.platform.take_in(device_id, records)
    story.expect(len(taken) == len(records), "the platform takes the file in", f"{len(taken)} records")
    shutil.rmtree(terminal.directory / "data")
    story.tell("the storage directory is gone")
    restored = terminal.admin("restore")
    story.expect(restored.returncode == 0, "kiosk-admin restore", restored.stdout.strip() or restored.stderr)
    verified = terminal.admin("verify")
    story.expect(verified.returncode == 0, "kiosk-admin verify", verified.stdout.strip() or verified.stderr)
    terminal.start_app()
    terminal.start_agent()
    visit = terminal.open_visit(invite=True)
    terminal.evaluator.press("very_satisfied")
    terminal.wait_for_state(visit, "rated")
    wait_until(lambda: terminal.rows("pending") == [], "everything is confirmed")
    assert terminal.app is not None
    terminal.app.stop()
    counted = terminal.platform.statistics()
    sound = not counted["violations"] and not counted["chain_problems"]
    story.expect(sound, "the platform's own checks", f"found nothing wrong in {counted['records']} records")
    ratings = len(terminal.platform.ratings())
    story.expect(ratings == len(Level) + 2, "no rating was lost and none counts twice", f"{ratings} at the platform")
