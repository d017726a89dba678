"""Language, large type, the countdown and the clock: what a citizen asked for ends with the citizen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from kiosk_app.terminal.countdown import Countdown
from kiosk_app.window.screen_state import Page, StaffCard
from kiosk_app.window.view_model import FORGET_SECONDS
from tests.screens import examples
from tests.screens.terminal import Terminal, font_of, has_han, text_of

OpenTerminal = Callable[..., Terminal]

# What the hall itself has only in Chinese.
HALLS_OWN = {
    examples.SIGN.hall,
    examples.SIGN.department,
    examples.STAFF.title,
    "每件 10 元",
    "周三下午大厅系统升级  15:00 后部分业务暂停受理。",
    "工作人员外出开会",
}


@pytest.mark.parametrize("page", list(Page), ids=str)
def test_language_switch_changes_every_text_at_once(open_terminal: OpenTerminal, page: Page) -> None:
    terminal = open_terminal(examples.state(page))
    before = terminal.words()
    assert any(has_han(word) for word in before)
    terminal.pass_guard()
    terminal.touch("language")
    terminal.picture()
    texts = terminal.view_model.property("other_texts")
    both = {texts["language.name"], texts["sign.title"], "Window\n号窗口"}
    for word in terminal.words():
        chinese_by_right = word in HALLS_OWN | both or word in {service.name for service in examples.SERVICES}
        assert chinese_by_right or not has_han(word), word
    terminal.touch("language")
    terminal.picture()
    assert terminal.words() == before


@pytest.mark.parametrize("page", [Page.SERVING, Page.CHOICES, Page.DETAILS, Page.AWAY], ids=str)
def test_large_type(open_terminal: OpenTerminal, page: Page) -> None:
    terminal = open_terminal(examples.state(page))
    before = {text_of(item): font_of(item).pixelSize() for item in terminal.texts()}
    terminal.pass_guard()
    terminal.touch("largeType")
    terminal.picture()
    after = {text_of(item): font_of(item).pixelSize() for item in terminal.texts()}
    both = before.keys() & after.keys()
    assert all(after[word] >= before[word] for word in both)
    assert sum(after[word] >= before[word] * 1.15 for word in both) >= 2
    terminal.touch("largeType")
    terminal.picture()
    assert {text_of(item): font_of(item).pixelSize() for item in terminal.texts()} == before


ONE_VISIT = [Page.SIGN, Page.SERVING, Page.CHOICES, Page.DETAILS, Page.THANKS]


@pytest.mark.parametrize("visit", [ONE_VISIT, [*ONE_VISIT[:3], Page.NOT_NOW], [Page.SIGN, Page.CHOICES, Page.THANKS]])
def test_look_stays_with_the_citizen(open_terminal: OpenTerminal, visit: list[Page]) -> None:
    terminal = open_terminal(examples.state(visit[0]), language="en", large_type=True)
    for page in visit[1:]:
        terminal.show(examples.state(page))
        assert (terminal.language, terminal.large_type) == ("en", True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Page.THANKS, Page.SIGN),
        (Page.NOT_NOW, Page.SIGN),
        (Page.CHOICES, Page.SIGN),
        (Page.SERVING, Page.SIGN),
        (Page.AWAY, Page.SIGN),
        (Page.CANNOT_RECORD, Page.SERVING),
        (Page.THANKS, Page.SERVING),
        (Page.DETAILS, Page.CHOICES),
        (Page.SIGN, Page.AWAY),
    ],
    ids=str,
)
def test_next_citizen_finds_the_default(open_terminal: OpenTerminal, before: Page, after: Page) -> None:
    terminal = open_terminal(examples.state(before), language="en", large_type=True)
    terminal.show(examples.state(after))
    assert (terminal.language, terminal.large_type) == ("zh-CN", False)


def test_next_number_is_a_next_citizen(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.SERVING), language="en")
    terminal.show(examples.state(Page.SERVING, ticket_no="A013"))
    assert terminal.language == "zh-CN"


@pytest.mark.parametrize(("page", "language"), [(Page.SIGN, "zh-CN"), (Page.AWAY, "zh-CN"), (Page.SERVING, "en")])
def test_idle_page_forgets_after_a_while(open_terminal: OpenTerminal, qtbot: QtBot, page: Page, language: str) -> None:
    """Nobody has touched it for a minute: someone else reads now (R24); who is being served is still there."""
    terminal = open_terminal(examples.state(page))
    terminal.touch("language")
    timer = terminal.view_model._forget_timer
    assert timer.isActive()
    assert timer.interval() == FORGET_SECONDS * 1000
    with qtbot.waitSignal(timer.timeout):
        timer.start(1)
    assert terminal.language == language


def test_countdown(open_terminal: OpenTerminal, qtbot: QtBot) -> None:
    """A number that tells whole seconds, and a bar (R6); both follow CLOCK_BOOTTIME."""
    terminal = open_terminal(examples.state(Page.CHOICES, countdown=Countdown(examples.BOOT + 30.5, 30)))
    terminal.boot = examples.BOOT
    for passed, number, part in [
        (0.5, 30, 1.0),
        (0.6, 30, 29.9 / 30),
        (15.5, 15, 0.5),
        (30.4, 1, 0.1 / 30),
        (31, 0, 0),
    ]:
        terminal.boot = examples.BOOT + passed
        terminal.view_model._count_down()
        terminal.picture()
        assert f"{number} 秒" in terminal.words()
        assert terminal.view_model.property("remaining_fraction") == pytest.approx(part, abs=1e-6)


def test_countdown_goes_on_by_itself_and_rests_at_the_end(open_terminal: OpenTerminal, qtbot: QtBot) -> None:
    terminal = open_terminal(examples.state(Page.CHOICES, countdown=Countdown(examples.BOOT + 10, 30)))
    timer = terminal.view_model._countdown_timer
    assert timer.isActive()
    assert timer.interval() <= 1001
    terminal.boot = examples.BOOT + 11
    with qtbot.waitSignal(terminal.view_model.remaining_changed, timeout=3000):
        pass
    assert not timer.isActive()


def test_nothing_counts_on_the_sign(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.SIGN))
    assert not terminal.view_model._countdown_timer.isActive()
    assert not any("秒" in word for word in terminal.words())


def test_clock_shows_the_time_in_china(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.SIGN))
    assert "14:32" in terminal.words()
    assert terminal.view_model._clock_timer.interval() == 40_000, "at the full minute"
    terminal.wall += timedelta(minutes=1)
    terminal.view_model._tell_time()
    assert "14:33" in terminal.words()


def test_away_sign_tells_reason_and_return(open_terminal: OpenTerminal) -> None:
    """Reason and time (R19); the day only where it is not today."""
    terminal = open_terminal(examples.state(Page.AWAY))
    assert {"暂停服务", "工作人员外出开会", "预计 15:30 回来"} <= set(terminal.words())
    terminal.show(examples.state(Page.AWAY, back_at=examples.NOW + timedelta(days=1)))
    assert "预计 11月23日 14:32 回来" in terminal.words()
    terminal.show(examples.state(Page.AWAY, away_reason="", back_at=None))
    assert not any("预计" in word for word in terminal.words())


def test_cannot_record_never_thanks(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.CANNOT_RECORD))
    said = "".join(terminal.words())
    assert "不能记录" in said
    assert "其他方式评价" in said
    assert "谢" not in said


def test_who_is_bound_while_the_app_runs_appears_at_once(open_terminal: OpenTerminal, qtbot: QtBot) -> None:
    nobody = examples.state(Page.SIGN)
    terminal = open_terminal(replace(nobody, sign=replace(nobody.sign, staff=None)))
    assert examples.STAFF.name not in terminal.words()
    badge = f"工号 {examples.STAFF.badge_no}"
    terminal.show(nobody)
    qtbot.waitUntil(lambda: {examples.STAFF.name, badge} <= set(terminal.words()))
    terminal.show(replace(nobody, sign=replace(nobody.sign, staff=StaffCard(name="测试员二"))))
    qtbot.waitUntil(lambda: "测试员二" in terminal.words() and badge not in terminal.words())
