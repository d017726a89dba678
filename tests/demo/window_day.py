"""A day at window 12 in a minute: without network, with kills, and back online."""

import json
import tempfile
from pathlib import Path

from kiosk_app.domain.levels import Level
from tests.demo.story import Story
from tests.end_to_end.program import PATIENCE
from tests.end_to_end.terminal import Terminal

PICTURES = Path("build") / "demo" / "window"
STAFF = [
    {
        "staff_no": "0012",
        "name": "测试员一",
        "name_en": "Test Person One",
        "department": "综合窗口",
        "badge_no": "0012",
        "stars": 4,
        "honours": ["示范岗"],
    }
]
HALL = {
    "windows": [{"window": "12", "department": "综合窗口"}],
    "items": [
        {"item_code": "T-1", "name": "医疗保险参保登记", "name_en": "Health insurance", "promised_days": 0},
        {"item_code": "T-2", "name": "居民户口登记", "name_en": "Residence", "promised_days": 1},
        {"item_code": "T-3", "name": "不动产权属查询", "name_en": "Property search", "promised_days": 0},
    ],
    "notices": [{"title": "通知", "text": "周三下午 15:00 后大厅系统升级，部分业务暂停受理"}],
}


def tell(story: Story) -> None:
    """The whole day; `PICTURES` gets one of every page."""
    with (
        tempfile.TemporaryDirectory(prefix="demo-") as directory,
        Terminal(Path(directory), invite_seconds=10, detail_seconds=2) as terminal,
    ):
        _set_up(story, terminal)
        _without_network(story, terminal)
        _with_kills(story, terminal)
        _back_online(story, terminal)
        _settle_accounts(story, terminal)


def _set_up(story: Story, terminal: Terminal) -> None:
    story.chapter("A technician sets up window 12")
    (terminal.directory / "staff.json").write_text(json.dumps(STAFF))
    (terminal.directory / "hall.json").write_text(json.dumps(HALL))
    for command in (
        ["config", "check"],
        ["staff", "import", str(terminal.directory / "staff.json")],
        ["hall", "import", str(terminal.directory / "hall.json")],
        ["bind", "12", "0012", "--reason", "demo"],
    ):
        done = terminal.admin(*command)
        story.expect(done.returncode == 0, f"kiosk-admin {' '.join(command[:2])}", done.stdout.strip() or done.stderr)


def _without_network(story: Story, terminal: Terminal) -> None:
    story.chapter("The platform is away; citizens rate all the same")
    terminal.platform.stop()
    _start_app(story, terminal)
    terminal.start_agent()
    story.tell("sync-agent runs, and finds nobody to talk to")
    for level in (Level.VERY_SATISFIED, Level.SATISFIED, Level.BASICALLY_SATISFIED):
        _rate(story, terminal, level)


def _start_app(story: Story, terminal: Terminal) -> None:
    app = terminal.start_app("--pictures", str(PICTURES))
    app.wait_for_log("screen is shown")
    story.tell("kiosk-app runs: journal, evaluator, window API, screen")


def _rate(story: Story, terminal: Terminal, level: Level) -> None:
    """One visit: the business system opens and invites, the citizen presses a key of the evaluator."""
    acknowledged = len(terminal.evaluator.heard("acknowledge"))
    visit = terminal.open_visit(ticket_no=f"A{acknowledged + 1:03d}", cases=[{"case_no": "DEMO-1", "item_code": "T-1"}])
    if not acknowledged:
        # The first citizen takes their time, so that every page of a visit is on a picture.
        terminal.wait_for_picture(PICTURES, "serving")
    terminal.call("POST", f"/visits/{visit}/invite")
    if not acknowledged:
        terminal.wait_for_picture(PICTURES, "choices")
    _press(terminal, level, acknowledged + 1)
    story.expect(
        terminal.state_of(visit) == "rated", f"the key {level.value} was pressed", "acknowledged: it is on disk"
    )


def _press(terminal: Terminal, level: Level, acknowledged: int) -> None:
    terminal.evaluator.press(level.value)
    terminal.evaluator.wait_heard("acknowledge", acknowledged, PATIENCE)


def _with_kills(story: Story, terminal: Terminal) -> None:
    story.chapter("kill -9 in the middle of an invitation")
    visit = terminal.open_visit(invite=True)
    assert terminal.app is not None
    terminal.app.kill()
    story.tell("kiosk-app was killed while a citizen was being asked")
    _start_app(story, terminal)
    story.expect(terminal.state_of(visit) == "inviting", "the invitation goes on", visit)
    acknowledged = len(terminal.evaluator.heard("acknowledge"))
    _press(terminal, Level.DISSATISFIED, acknowledged + 1)
    story.expect(terminal.state_of(visit) == "rated", "the citizen's press counts", "once")
    assert terminal.agent is not None
    terminal.agent.kill()
    story.tell("sync-agent was killed while it was trying")


def _back_online(story: Story, terminal: Terminal) -> None:
    story.chapter("The platform is back")
    terminal.platform.start()
    terminal.start_agent()
    story.tell("sync-agent runs again")
    _rate(story, terminal, Level.VERY_DISSATISFIED)
    visit = terminal.open_visit(invite=True)
    story.tell("one citizen does not answer")
    terminal.wait_for_state(visit, "missed")
    story.expect(True, "silence is recorded as missed", "never as satisfied")
    terminal.wait_until_recorded("rating_detail", 2)
    terminal.call("POST", "/window/pause", {"reason": "午休", "back_at": "2026-11-23T14:00:00+08:00"})
    story.tell("the staff member goes to lunch; the away sign is shown")
    assert terminal.app is not None
    terminal.wait_for_picture(PICTURES, "away")
    story.expect(terminal.app.stop() == 0, "kiosk-app ended on SIGTERM", "exit code 0")


def _settle_accounts(story: Story, terminal: Terminal) -> None:
    story.chapter("Accounts")
    records = terminal.rows("records")
    terminal.platform.wait_for(lambda platform: platform.count() >= len(records), PATIENCE)
    assert terminal.agent is not None
    terminal.agent.stop()
    story.expect(terminal.rows("pending") == [], "kiosk-admin pending", "nothing waits, nothing was refused")
    verified = terminal.admin("verify")
    story.expect(verified.returncode == 0, "kiosk-admin verify", verified.stdout.strip())
    print(terminal.admin("statistics", "--by", "staff").stdout)
    counted = terminal.platform.statistics()
    for name in ("records", "by_kind", "by_status", "violations", "chain_problems"):
        story.tell(f"platform: {name} = {counted[name]}")
    story.expect(counted["records"] == len(records), "the platform holds every record once", str(len(records)))
    story.expect(not counted["violations"] and not counted["chain_problems"], "its own checks", "found nothing wrong")
    levels = sorted(rating["payload"]["level"] for rating in terminal.platform.ratings())
    story.expect(levels == sorted(level.value for level in Level), "one rating of each level", ", ".join(levels))
