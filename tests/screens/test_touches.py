"""What a finger does: every touch reaches the core once, with the moment it arrived; a shaky finger chooses nothing."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from kiosk_app.domain.levels import Level
from kiosk_app.terminal.view_model import GUARD_SECONDS
from kiosk_app.window.screen_state import Page
from tests.screens import examples
from tests.screens.terminal import SEVEN_INCH, SIZES, Size, Terminal, accessible, is_ticked, rect_of

OpenTerminal = Callable[..., Terminal]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("level", list(Level), ids=str)
def test_each_level_is_pressed_once(open_terminal: OpenTerminal, level: Level, size: Size) -> None:
    terminal = open_terminal(examples.state(Page.CHOICES), size)
    terminal.boot = 5017.25
    terminal.touch(f"choice-{level}")
    assert terminal.actions.calls == [("press", level, 5017.25)]


@pytest.mark.parametrize("name", ["choice-satisfied", "decline"])
def test_a_touch_is_judged_by_the_moment_the_finger_came_down_r5(open_terminal: OpenTerminal, name: str) -> None:
    terminal = open_terminal(examples.state(Page.CHOICES))
    terminal.boot = 5017.25
    terminal.hold(name, seconds=0.75)
    assert [call[-1] for call in terminal.actions.calls] == [5017.25]


def test_second_tap_of_the_same_hand_is_not_passed_on(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.CHOICES))
    terminal.touch("choice-satisfied")
    terminal.boot += 0.2
    terminal.touch("choice-satisfied")
    assert len(terminal.actions.calls) == 1


def test_press_can_be_repeated_where_nothing_came_of_it(open_terminal: OpenTerminal) -> None:
    """The screen never decides that a press was valid: the core does (R3, R5)."""
    terminal = open_terminal(examples.state(Page.CHOICES))
    terminal.touch("choice-satisfied")
    terminal.pass_guard()
    terminal.touch("choice-dissatisfied")
    assert [call[1] for call in terminal.actions.calls] == [Level.SATISFIED, Level.DISSATISFIED]


def test_finger_that_slides_off_chooses_nothing(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.CHOICES))
    start = rect_of(terminal.control("choice-satisfied")).center().toPoint()
    end = rect_of(terminal.control("choice-very_dissatisfied")).center().toPoint()
    terminal.drag(start, end)
    assert terminal.actions.calls == []


def test_decline(open_terminal: OpenTerminal) -> None:
    """不评价 is offered, and costs one touch (R6)."""
    terminal = open_terminal(examples.state(Page.CHOICES))
    terminal.touch("decline")
    assert terminal.actions.calls == [("decline", examples.BOOT + GUARD_SECONDS)]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_several_reasons_then_done(open_terminal: OpenTerminal, size: Size) -> None:
    """What is ticked is told at once, so that it stands when the page's time runs out (R7)."""
    terminal = open_terminal(examples.state(Page.DETAILS), size)
    terminal.pass_guard()
    terminal.touch("option-210")
    terminal.touch("option-207")
    assert is_ticked(terminal.control("option-207"))
    assert not is_ticked(terminal.control("option-208"))
    terminal.touch("done")
    assert terminal.actions.calls == [
        ("choose_reasons", "rating-1", ("210",)),
        ("choose_reasons", "rating-1", ("207", "210")),
        ("give_reasons", "rating-1", ("207", "210"), ""),
    ]


def test_untick(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.DETAILS))
    terminal.pass_guard()
    terminal.touch("option-210")
    terminal.touch("option-210")
    assert terminal.actions.calls[-1] == ("choose_reasons", "rating-1", ())
    assert not is_ticked(terminal.control("option-210"))


def test_skip_gives_nothing_even_where_something_is_ticked(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.DETAILS))
    terminal.pass_guard()
    terminal.touch("option-210")
    terminal.touch("skip")
    assert terminal.actions.calls[-1] == ("give_reasons", "rating-1", (), "")


def test_ticks_stay_over_the_pages_of_options(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.DETAILS), SEVEN_INCH, "en")
    terminal.pass_guard()
    terminal.touch("option-207")
    terminal.touch("more")
    terminal.picture()
    terminal.touch("option-214")
    terminal.touch("done")
    assert terminal.actions.calls[-1] == ("give_reasons", "rating-1", ("207", "214"), "")


@pytest.mark.parametrize("control", ["option-207", "skip", "done", "next", "language"])
def test_taps_right_after_the_page_appeared_do_nothing(open_terminal: OpenTerminal, control: str) -> None:
    """The second tap of a finger that pressed a level must not choose a reason (R7)."""
    terminal = open_terminal(examples.state(Page.CHOICES))
    terminal.touch("choice-dissatisfied")
    terminal.boot += 2
    terminal.show(examples.state(Page.DETAILS, next_invited=True))
    before = list(terminal.actions.calls), list(terminal.sounds.played), terminal.words()
    terminal.boot += GUARD_SECONDS - 0.01
    terminal.touch(control)
    assert (terminal.actions.calls, terminal.sounds.played, terminal.words()) == before
    terminal.boot += 0.01
    terminal.touch(control)
    assert terminal.sounds.played == [*before[1], ("key", "zh-CN")]


def test_double_tap_on_the_next_citizens_button_rates_nothing(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.DETAILS, next_invited=True))
    terminal.pass_guard()
    terminal.touch("next")
    terminal.show(examples.state(Page.CHOICES))
    terminal.boot += 0.3
    terminal.touch("choice-satisfied")
    assert terminal.actions.calls == [("show_invitation",)]


def test_invitation_that_nobody_touched_for_can_be_answered_at_once(open_terminal: OpenTerminal) -> None:
    """A quick press is flagged by the core, never refused by the screen (R13)."""
    terminal = open_terminal(examples.state(Page.SERVING))
    terminal.show(examples.state(Page.CHOICES))
    terminal.touch("choice-satisfied")
    assert [call[0] for call in terminal.actions.calls] == ["press"]


def test_next_citizen_is_only_offered_the_choices_when_invited(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.DETAILS))
    assert not terminal.has("next")
    terminal.pass_guard()
    terminal.touch("option-207")
    terminal.show(examples.state(Page.DETAILS, next_invited=True))
    terminal.touch("next")
    assert terminal.actions.calls[-1] == ("show_invitation",)
    assert is_ticked(terminal.control("option-207")), "the page stays as it is (R7)"


def test_next_citizens_page_begins_unticked(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.DETAILS))
    terminal.pass_guard()
    terminal.touch("option-207")
    terminal.show(examples.state(Page.DETAILS, rating_id="rating-2"))
    terminal.pass_guard()
    terminal.touch("done")
    assert terminal.actions.calls[-1] == ("give_reasons", "rating-2", (), "")


def test_ticks_survive_a_look_at_the_next_citizens_choices(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.DETAILS))
    terminal.pass_guard()
    terminal.touch("option-207")
    terminal.show(examples.state(Page.CHOICES))
    terminal.show(examples.state(Page.DETAILS))
    assert is_ticked(terminal.control("option-207"))


@pytest.mark.parametrize("page", list(Page), ids=str)
def test_keyboard_reaches_every_control(open_terminal: OpenTerminal, page: Page) -> None:
    terminal = open_terminal(examples.state(page))
    terminal.window.requestActivate()
    reached = set()
    for _ in range(2 * len(terminal.controls())):
        QTest.keyClick(terminal.window, Qt.Key.Key_Tab)
        focused = terminal.window.activeFocusItem()
        assert focused is not None
        reached.add(focused.objectName())
    assert {control.objectName() for control in terminal.controls()} <= reached


def test_screen_reader_hears_level_and_stars(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.CHOICES))
    names = [accessible(terminal.control(f"choice-{level}")).text(QAccessible.Text.Name) for level in Level]
    assert names == ["非常满意，五星", "满意，四星", "基本满意，三星", "不满意，两星", "非常不满意，一星"]
