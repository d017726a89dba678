"""What a finger does on the technician's screens: each touch reaches the core once, and nothing of it the citizens'."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk_app.kiosk.screen_state import Page as KioskPage
from kiosk_app.technician_screen.state import Button, Buttons, Message, Page, Problems, Targets, TechnicianState, Words
from kiosk_app.technician_screen.view_model import TAPS
from kiosk_app.terminal.view_model import GUARD_SECONDS
from kiosk_app.window.screen_state import Page as WindowPage
from tests.kiosk_screens import examples as kiosk_examples
from tests.screens import examples as window_examples
from tests.screens.examples import BOOT
from tests.screens.terminal import LARGE, PORTRAIT, SEVEN_INCH, SIZES, Size, Terminal, accessible, has_han, rect_of
from tests.technician_screens import examples
from tests.technician_screens.desk import Desk

OpenDesk = Callable[..., Desk]

BELOW = {
    **{f"window-{page}": window_examples.state(page) for page in WindowPage},
    **{f"kiosk-{page}": kiosk_examples.state(page) for page in KioskPage},
}
CLOSED = TechnicianState()
A_FEW_PIXELS = 0.002
"""A number may stand by a part of a pixel beside its place, when it was hidden for a while."""


def unlike(one: QImage, other: QImage) -> float:
    """The part of two pictures that is different."""
    assert one.size() == other.size()
    mine, theirs = (memoryview(picture.constBits()).cast("B").cast("I") for picture in (one, other))
    return sum(a != b for a, b in zip(mine, theirs, strict=True)) / len(mine)


# --- the way in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", list(BELOW))
def test_seven_taps_into_the_corner_open(open_desk: OpenDesk, page: str) -> None:
    """On every page but an invitation, where the corner is the citizen's alone."""
    desk = open_desk(below=BELOW[page])
    desk.tap_corner(TAPS)
    asked = [call for call in desk.actions.calls if call[0] == "opened"]
    assert asked == ([] if page.endswith("choices") else [("opened", desk.boot)])


def test_while_the_next_citizen_is_invited_nothing_opens(open_desk: OpenDesk) -> None:
    desk = open_desk(below=window_examples.state(WindowPage.DETAILS, next_invited=True))
    desk.tap_corner(TAPS)
    assert desk.actions.calls == []


@pytest.mark.parametrize("times", [1, TAPS - 1])
def test_fewer_taps_open_nothing(open_desk: OpenDesk, times: int) -> None:
    desk = open_desk()
    desk.tap_corner(times)
    assert desk.actions.calls == []


def test_slow_taps_open_nothing_and_the_last_seven_count(open_desk: OpenDesk) -> None:
    desk = open_desk()
    desk.tap_corner(20, seconds=1.0)
    assert desk.actions.calls == []
    desk.tap_corner(TAPS - 1, seconds=0.6)
    assert len(desk.actions.calls) == 1


def test_taps_are_not_counted_twice(open_desk: OpenDesk) -> None:
    desk = open_desk()
    desk.tap_corner(2 * TAPS - 1)
    assert len(desk.actions.calls) == 1


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_corner_is_fifteen_millimetres(open_desk: OpenDesk, size: Size) -> None:
    desk = open_desk(size=size)
    edge = int(15 * size.density)
    for point in [QPoint(edge + 2, 5), QPoint(5, edge + 2)]:
        for _ in range(TAPS):
            desk.touch_at(point)
    assert desk.actions.calls == []
    for _ in range(TAPS):
        desk.touch_at(QPoint(edge - 2, edge - 2))
    assert len(desk.actions.calls) == 1


def test_corner_is_silent_and_leaves_no_trace(open_desk: OpenDesk) -> None:
    desk, plain = open_desk(), open_desk()
    desk.tap_corner(TAPS)
    assert desk.sounds.played == []
    assert desk.picture() == plain.picture()


def test_corner_is_nothing_to_a_screen_reader(open_desk: OpenDesk) -> None:
    desk = open_desk()
    corner = desk.window.rootObject().findChild(QObject, "technician-corner")
    assert corner is not None
    told = QAccessible.queryAccessibleInterface(corner)
    assert told is None or told.text(QAccessible.Text.Name) == ""


def test_citizens_controls_in_the_corner_work(open_desk: OpenDesk) -> None:
    """The cover of an idle kiosk is one button over the corner too; each touch counts once."""
    desk = open_desk(below=kiosk_examples.state(KioskPage.ITEMS), size=SEVEN_INCH)
    desk.tap_corner(3)
    assert len(desk.kiosk_citizens.touches) == 3, "the kiosk knows of each finger (R24)"
    desk.touch("choose-item-0")
    assert len(desk.kiosk_citizens.acts()) == 1


def test_terminal_without_technicians_screens_has_no_corner(qtbot: QtBot) -> None:
    terminal = Terminal(qtbot, window_examples.state(WindowPage.SIGN))
    for _ in range(TAPS):
        terminal.touch_at(QPoint(20, 20))
    assert [item for item in terminal.items("QQuickItem") if item.objectName() == "technician-corner"] == []
    terminal.close()


# --- over the citizens' page -------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["window-sign", "window-serving", "kiosk-home", "kiosk-items", "kiosk-search"])
def test_page_below_is_neither_touched_nor_read(open_desk: OpenDesk, page: str) -> None:
    desk = open_desk(below=BELOW[page])
    names, words = {item.objectName() for item in desk.controls()}, set(desk.words())
    places = [rect_of(item).center().toPoint() for item in desk.controls()]
    desk.tell(examples.state(Page.ABOUT))
    assert not names & {item.objectName() for item in desk.controls()}
    assert words & set(desk.words()) <= {"English", kiosk_examples.HALL}, "but what both have to say"
    desk.pass_guard()
    for place in places:
        desk.touch_at(place)
    desk.keys("123")
    desk.key(Qt.Key.Key_Return)
    assert (desk.citizens.calls, desk.kiosk_citizens.calls, desk.kiosk_citizens.touches) == ([], [], [])


@pytest.mark.parametrize("page", ["window-sign", "window-serving", "kiosk-home", "kiosk-guide"])
def test_gone_at_once_and_the_page_below_is_as_it_was(open_desk: OpenDesk, page: str) -> None:
    desk = open_desk(below=BELOW[page])
    before = desk.picture()
    desk.tell(examples.state(Page.OVERVIEW))
    assert unlike(desk.picture(), before) > 0.5
    desk.tell(CLOSED)
    assert unlike(desk.picture(), before) < A_FEW_PIXELS


def test_a_citizen_who_is_invited_sees_the_choices_before_the_technicians_side_has_said_anything(
    open_desk: OpenDesk,
) -> None:
    """The technician's screens vanish, and the five choices are whole (R6, R20)."""
    desk = open_desk(examples.state(Page.OVERVIEW), below=window_examples.state(WindowPage.SIGN))
    desk.show(window_examples.state(WindowPage.CHOICES))
    fresh = open_desk(below=window_examples.state(WindowPage.CHOICES))
    assert unlike(desk.picture(), fresh.picture()) < A_FEW_PIXELS


def test_finger_meant_for_the_technicians_screens_rates_nobody(open_desk: OpenDesk) -> None:
    desk = open_desk(examples.state(Page.OVERVIEW), below=window_examples.state(WindowPage.SIGN))
    desk.boot += 60
    desk.show(window_examples.state(WindowPage.CHOICES))
    desk.touch("choice-satisfied")
    assert desk.citizens.calls == []
    desk.pass_guard()
    desk.touch("choice-satisfied")
    assert len(desk.citizens.calls) == 1


def test_citizens_large_type_does_not_enlarge_the_technicians(open_desk: OpenDesk) -> None:
    plain = open_desk(examples.state(Page.ABOUT))
    desk = open_desk(below=window_examples.state(WindowPage.SIGN))
    desk.touch("largeType")
    desk.tell(examples.state(Page.ABOUT))
    assert desk.picture() == plain.picture()


def test_kiosk_takes_keys_again_when_the_technician_has_left(open_desk: OpenDesk) -> None:
    desk = open_desk(below=kiosk_examples.state(KioskPage.ITEMS))
    desk.tell(examples.state(Page.ABOUT))
    desk.tell(CLOSED)
    desk.show(kiosk_examples.state(KioskPage.CONTACT_PHONE))
    desk.pass_guard()
    desk.keys("1")
    assert desk.kiosk_citizens.typed() == "1"


# --- signing in --------------------------------------------------------------------------------------------------


def type_pin(desk: Desk, pin: str) -> None:
    for digit in pin:
        desk.touch(f"pin-{digit}")


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_pin_is_handed_over_once(open_desk: OpenDesk, size: Size) -> None:
    desk = open_desk(examples.state(Page.SIGN_IN), size)
    type_pin(desk, "1234567890")
    desk.touch("pin-erase")
    desk.touch("pin-enter")
    desk.touch("pin-enter")
    signed = [call for call in desk.actions.calls if call[0] == "sign_in"]
    assert [call[:3] for call in signed] == [("sign_in", "technician", "123456789")]


def test_pin_by_keyboard(open_desk: OpenDesk) -> None:
    desk = open_desk(examples.state(Page.SIGN_IN))
    desk.keys("24x6")
    desk.key(Qt.Key.Key_Backspace)
    desk.keys("8")
    desk.key(Qt.Key.Key_Return)
    assert [call[:3] for call in desk.actions.calls] == [("sign_in", "technician", "248")]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_pin_is_seen_and_read_by_nobody(open_desk: OpenDesk, language: str) -> None:
    """Neither on the screen nor by a screen reader: only how many digits there are."""
    desk = open_desk(examples.state(Page.SIGN_IN), language=language)
    type_pin(desk, "7391")
    desk.picture()
    assert "●●●●" in desk.words()
    told = [accessible(item).text(QAccessible.Text.Name) for item in desk.items("QQuickItem") if item.objectName()]
    assert not any("73" in each or "391" in each for each in (*desk.words(), *told))
    pin = next(item for item in desk.items("QQuickItem") if item.objectName() == "pin")
    assert "4" in accessible(pin).text(QAccessible.Text.Name)


def test_pin_is_gone_with_the_page(open_desk: OpenDesk) -> None:
    desk = open_desk(examples.state(Page.SIGN_IN))
    type_pin(desk, "12")
    desk.tell(CLOSED)
    desk.tell(examples.state(Page.SIGN_IN))
    desk.pass_guard()
    assert not any("●" in word for word in desk.words())
    type_pin(desk, "34")
    desk.touch("pin-enter")
    assert [call[:3] for call in desk.actions.calls] == [("sign_in", "technician", "34")]


def test_while_one_has_to_wait_no_pin_is_taken(open_desk: OpenDesk) -> None:
    desk = open_desk(examples.state(Page.SIGN_IN, wait_seconds=64))
    assert any("64" in word for word in desk.words())
    type_pin(desk, "12")
    desk.key(Qt.Key.Key_Return)
    assert desk.actions.calls == []
    desk.tell(examples.state(Page.SIGN_IN, wait_seconds=63))
    assert any("63" in word for word in desk.words())


def test_name_is_chosen_where_there_are_several(open_desk: OpenDesk) -> None:
    desk = open_desk(examples.state(Page.SIGN_IN))
    desk.touch("option-wang")
    assert desk.actions.acts() == [("act", "technician", "wang")]
    desk.tell(examples.state(Page.SIGN_IN, operator="wang"))
    desk.pass_guard()
    type_pin(desk, "5")
    desk.touch("pin-enter")
    assert desk.actions.calls[-1][:3] == ("sign_in", "wang", "5")
    desk.tell(examples.state(Page.SIGN_IN, technicians=("technician",)))
    assert not desk.has("option-wang")
    assert not desk.has("option-technician")


# --- on the pages ------------------------------------------------------------------------------------------------

BUTTONS = [
    (Page.OVERVIEW, "act-look_again", ("act", "look_again", "")),
    (Page.OVERVIEW, "problem-printer_paper_out", ("go", Page.PRINTER)),
    (Page.BINDING, "act-bind-1001", ("act", "bind", "1001")),
    (Page.BINDING, "option-F", ("act", "initial", "F")),
    (Page.EVALUATOR, "act-stop", ("act", "stop", "")),
    (Page.LEARN, "act-stop", ("act", "stop", "")),
    (Page.LEARN, "technician-back", ("go_back",)),
    (Page.PRINTER, "act-print", ("act", "print", "")),
    (Page.SOUND_SCREEN, "act-play-thanks", ("act", "play", "thanks")),
    (Page.EXPORT, "option-/media/usb/STICK", ("act", "place", "/media/usb/STICK")),
    (Page.ABOUT, "page-network", ("go", Page.NETWORK)),
    (Page.ABOUT, "technician-leave", ("leave",)),
]


@pytest.mark.parametrize("size", [PORTRAIT, LARGE], ids=str)
@pytest.mark.parametrize(("page", "button", "asked"), BUTTONS)
def test_each_button_asks_for_one_thing(
    open_desk: OpenDesk, page: Page, button: str, asked: tuple[object, ...], size: Size
) -> None:
    """Stamped when it came; heard; and somebody is there."""
    desk = open_desk(examples.state(page), size)
    desk.boot = 5017.25
    desk.touch(button)
    assert len(desk.actions.calls) == 1
    call = desk.actions.calls[0]
    assert call == (*asked, 5017.25) if asked[0] == "act" else asked
    assert desk.actions.touches == [5017.25]
    assert [name for name, _ in desk.sounds.played] == ["key"]


def find(desk: Desk, name: str) -> None:
    """Turn the parts of the page until this control is seen."""
    while not desk.has(name):
        desk.touch("technician-next")
        desk.picture()


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_person_and_row_on_a_later_part(open_desk: OpenDesk, size: Size) -> None:
    desk = open_desk(examples.EXTREMES["staff"], size)
    find(desk, "person-1059")
    desk.touch("person-1059")
    assert desk.actions.acts() == [("act", "person", "1059")]
    desk = open_desk(examples.EXTREMES["refused"], size)
    find(desk, "row-7")
    desk.touch("row-7")
    assert desk.actions.acts() == [("act", "resend", "7")]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", ["staff", "refused"])
def test_every_person_and_row_is_on_one_part(open_desk: OpenDesk, name: str, size: Size) -> None:
    """The head of a table stands on each part on which its rows go on."""
    desk = open_desk(examples.EXTREMES[name], size)
    seen: list[str] = []
    while True:
        new = [item.objectName() for item in desk.controls() if item.objectName().startswith(("person-", "row-"))]
        assert not set(new) & set(seen), "one twice"
        seen += new
        if name == "refused" and new:
            assert desk.technician.property("texts")["network.record"] in desk.words()
        if not desk.control("technician-next").isEnabled():
            break
        desk.touch("technician-next")
        desk.picture()
    assert len(seen) == {"staff": 60, "refused": 200}[name]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_first_words_of_a_cause_stand_with_their_problem(open_desk: OpenDesk, size: Size) -> None:
    codes = ("printer_paper_out", "records_refused", "clock_wrong", "sound_silent", "evaluator_lost", "backup_failing")
    rows = tuple(
        examples.problem(code, f"{n}. cause of it in the words of the first error") for n, code in enumerate(codes)
    )
    desk = open_desk(examples.state(Page.OVERVIEW, Problems(rows)), size)
    texts, seen = desk.technician.property("texts"), 0
    while True:
        for n, code in enumerate(codes):
            is_here = any(texts[f"problem.{code}"] in word for word in desk.words())
            assert any(word.startswith(f"{n}. cause") for word in desk.words()) is is_here, code
            seen += is_here
        if not desk.has("technician-next") or not desk.control("technician-next").isEnabled():
            break
        desk.touch("technician-next")
        desk.picture()
    assert seen == len(codes)


def test_a_part_stays_when_the_page_is_told_anew(open_desk: OpenDesk) -> None:
    """The core tells of every touch and looks again by itself; another page begins at its beginning."""
    desk = open_desk(examples.EXTREMES["staff"])
    desk.touch("technician-next")
    desk.picture()
    desk.tell(examples.state(Page.BINDING, *examples.EXTREMES["staff"].blocks, leaves_at=BOOT + 500))
    assert any(word.startswith("2 / ") for word in desk.words())
    desk.tell(examples.state(Page.NETWORK))
    assert any(word.startswith("1 / ") for word in desk.words())


def test_finger_stays_on_a_button_while_the_page_goes_on(open_desk: OpenDesk) -> None:
    """Bytes are heard and messages come while somebody presses: the press is not lost."""
    desk = open_desk(examples.state(Page.LEARN))
    point = desk.place("act-stop").center().toPoint()
    QTest.touchEvent(desk.window, desk._finger).press(0, point, desk.window).commit()
    said = Message("info", Words("learn.listening"))
    desk.tell(examples.state(Page.LEARN, said, *examples.LEARN))
    desk.tell(examples.state(Page.LEARN, *examples.LEARN, message=said))
    QTest.touchEvent(desk.window, desk._finger).release(0, point, desk.window).commit()
    assert desk.actions.acts() == [("act", "stop", "")]


def test_second_tap_of_the_same_hand_is_not_passed_on(open_desk: OpenDesk) -> None:
    desk = open_desk(examples.state(Page.PRINTER))
    desk.touch("act-print")
    desk.boot += 0.2
    desk.touch("act-print")
    assert len(desk.actions.acts()) == 1


def test_page_that_just_appeared_takes_no_touch(open_desk: OpenDesk) -> None:
    desk = open_desk(examples.state(Page.ABOUT))
    desk.tell(examples.state(Page.PRINTER))
    desk.touch("act-print")
    assert desk.actions.acts() == []
    desk.boot += GUARD_SECONDS
    desk.touch("act-print")
    assert len(desk.actions.acts()) == 1


def test_while_something_runs_only_the_way_out_works(open_desk: OpenDesk) -> None:
    desk = open_desk(examples.state(Page.PRINTER, busy=True))
    desk.touch("act-print")
    assert desk.actions.calls == []
    desk.touch("technician-leave")
    assert desk.actions.calls == [("leave",)]


def test_button_that_is_off_does_nothing(open_desk: OpenDesk) -> None:
    off = Buttons((Button("print", "", Words("printer.test"), enabled=False),))
    desk = open_desk(examples.state(Page.PRINTER, off))
    desk.touch("act-print")
    assert desk.actions.calls == []


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_question_stands_alone_until_it_is_answered(open_desk: OpenDesk, size: Size) -> None:
    desk = open_desk(examples.EXTREMES["asked"], size)
    assert [item.objectName() for item in desk.controls()] == ["answer-no", "answer-yes"]
    desk.touch("answer-no")
    desk.boot += 1
    desk.touch("answer-yes")
    assert desk.actions.acts() == [("act", "stay", ""), ("act", "move", "1002")]
    desk.tell(examples.state(Page.BINDING))
    assert desk.has("act-unbind")


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_leave_and_language_never_change_their_place(open_desk: OpenDesk, size: Size) -> None:
    reference = open_desk(examples.state(Page.OVERVIEW), size)
    for page in examples.PAGES:
        desk = open_desk(examples.state(page), size)
        for name in ("technician-leave", "technician-language"):
            assert desk.place(name) == reference.place(name), page


@pytest.mark.parametrize("page", examples.PAGES, ids=str)
def test_language_switch_changes_every_text_of_ours(open_desk: OpenDesk, page: Page) -> None:
    desk = open_desk(examples.state(page))
    before = desk.words()
    desk.touch("technician-language")
    desk.picture()
    texts = set(desk.technician.property("texts").values())
    for word in desk.words():
        assert (
            word == "中文" or not has_han(word) or any(name in word for name in ("测试", "局", "上岗", "换班", "离岗"))
        ), word
    assert set(desk.words()) & texts
    desk.touch("technician-language")
    desk.picture()
    assert desk.words() == before


def test_pages_of_a_small_screen(open_desk: OpenDesk) -> None:
    """There is no room for the list beside the page: it takes the page's place when it is asked for."""
    desk = open_desk(examples.state(Page.OVERVIEW), SEVEN_INCH)
    assert not desk.has("page-network")
    desk.touch("technician-menu")
    desk.picture()
    assert {f"page-{page}" for page in examples.MENU} <= {item.objectName() for item in desk.controls()}
    desk.touch("page-network")
    assert desk.actions.calls == [("go", Page.NETWORK)]
    desk.tell(examples.state(Page.NETWORK))
    assert not desk.has("page-network")


def test_last_half_minute_is_told(open_desk: OpenDesk) -> None:
    desk = open_desk(examples.state(Page.ABOUT, leaves_at=BOOT + 300))
    assert not any("秒" in word for word in desk.words())
    desk.boot = BOOT + 270.5
    desk.technician._count_down()
    desk.picture()
    assert "30 秒后自动退出" in desk.words()
    desk.boot = BOOT + 299.5
    desk.technician._count_down()
    desk.picture()
    assert "1 秒后自动退出" in desk.words()
    desk.tell(examples.state(Page.ABOUT, leaves_at=BOOT + 600))
    assert not any("秒后" in word for word in desk.words())


def test_marks_of_the_overview_stand_beside_the_pages(open_desk: OpenDesk) -> None:
    """By a form, and by a word for who does not see it; also while another page is read."""
    desk = open_desk(examples.state(Page.OVERVIEW))
    desk.tell(examples.state(Page.ABOUT))
    names = {
        page: accessible(desk.control(f"page-{page}")).text(QAccessible.Text.Name)
        for page in (Page.PRINTER, Page.EVALUATOR, Page.BINDING)
    }
    assert names == {Page.PRINTER: "打印机: 故障", Page.EVALUATOR: "评价器: 提醒", Page.BINDING: "人员绑定"}


@pytest.mark.parametrize("page", examples.PAGES, ids=str)
def test_keyboard_reaches_every_control(open_desk: OpenDesk, page: Page) -> None:
    desk = open_desk(examples.state(page))
    desk.window.requestActivate()
    enabled = {control.objectName() for control in desk.controls() if control.isEnabled()}
    reached = set()
    for _ in range(2 * len(desk.controls()) + 2):
        QTest.keyClick(desk.window, Qt.Key.Key_Tab)
        focused = desk.window.activeFocusItem()
        assert focused is not None
        reached.add(focused.objectName())
    assert enabled <= reached


# --- touch accuracy ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("index", range(9))
def test_offset_of_each_target_is_told_in_millimetres(open_desk: OpenDesk, index: int, size: Size) -> None:
    desk = open_desk(examples.state(Page.TOUCH, Targets(examples.nine(index), index)), size)
    target = next(item for item in desk.items("QQuickItem") if item.objectName() == "target")
    whole = QRect(0, 0, size.width, size.height)
    middle = rect_of(target).center()
    assert whole.contains(rect_of(target).toRect())
    off = QPoint(round(3 * size.density), 0)
    desk.touch_at(middle.toPoint() + (off if index % 3 == 0 else -off))
    kind, told, off_mm, _ = desk.actions.calls[0]
    assert (kind, told) == ("target_touched", index)
    assert off_mm == pytest.approx(3, abs=0.25)


def test_nine_targets_are_spread_over_the_screen(open_desk: OpenDesk) -> None:
    desk = open_desk(examples.state(Page.TOUCH, Targets(examples.nine(0), 0)))
    places = []
    for index in range(9):
        desk.tell(examples.state(Page.TOUCH, Targets(examples.nine(index), index)))
        target = next(item for item in desk.items("QQuickItem") if item.objectName() == "target")
        middle = rect_of(target).center()
        places.append((round(middle.x()), round(middle.y())))
        assert [item.objectName() for item in desk.controls()] == ["technician-leave-targets"]
    assert len({x for x, _ in places}) == len({y for _, y in places}) == 3
    assert len(set(places)) == 9
    desk.pass_guard()
    desk.touch("technician-leave-targets")
    assert desk.actions.calls == [("go_back",)]
