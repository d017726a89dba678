"""What a finger does at the kiosk: every touch reaches the core once; a shaky finger chooses nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from kiosk_app.domain.levels import Level
from kiosk_app.kiosk.screen_state import CodeEntry, Details, Page, PhoneEntry, Printing, Questions, Result, say
from kiosk_app.kiosk.service import Action
from kiosk_app.terminal.view_model import GUARD_SECONDS
from tests.kiosk_screens import examples
from tests.kiosk_screens.kiosk import Kiosk
from tests.screens.examples import BOOT
from tests.screens.terminal import LARGE, PORTRAIT, Size, is_ticked

OpenKiosk = Callable[..., Kiosk]
both_sizes = pytest.mark.parametrize("size", [PORTRAIT, LARGE], ids=str)


@both_sizes
@pytest.mark.parametrize("entry", ["take_number", "book", "check_in", "rate", "look_up"])
def test_each_of_the_five_choices(open_kiosk: OpenKiosk, size: Size, entry: str) -> None:
    kiosk = open_kiosk(examples.state(Page.HOME), size)
    kiosk.boot = 5017.25
    kiosk.touch(f"choose-{entry}")
    assert kiosk.actions.calls == [(Action.CHOOSE, entry, 5017.25)]


BUTTONS = [
    (Page.DEPARTMENTS, "search", Action.SEARCH),
    (Page.NUMBER, "confirm", Action.CONFIRM),
    (Page.NUMBER_TAKEN, "done", Action.CONFIRM),
    (Page.NUMBER_TAKEN, "copy", Action.PRINT),
    (Page.NUMBER_TAKEN, "back", Action.BACK),
    (Page.BOOKED, "home", Action.HOME),
    (Page.CONTACT_PHONE, "confirm", Action.CONFIRM),
    (Page.CONTACT_PHONE, "skip", Action.SKIP),
    (Page.CHECK_IN_CODE, "confirm", Action.CONFIRM),
    (Page.QUESTIONS, "confirm", Action.CONFIRM),
    (Page.QUESTIONS, "skip", Action.SKIP),
    (Page.DETAILS, "contact", Action.CONTACT),
    (Page.GUIDE, "copy", Action.PRINT),
    (Page.THANKS, "done", Action.CONFIRM),
    (Page.MESSAGE, "done", Action.BACK),
]


@both_sizes
@pytest.mark.parametrize(("page", "button", "action"), BUTTONS)
def test_each_button_asks_for_one_thing(
    open_kiosk: OpenKiosk, page: Page, button: str, action: Action, size: Size
) -> None:
    kiosk = open_kiosk(examples.state(page), size)
    kiosk.touch(button)
    assert kiosk.actions.acts() == [(action, "")]


@pytest.mark.parametrize("page", list(Page), ids=str)
def test_home_language_and_type_on_every_page_in_the_same_place(open_kiosk: OpenKiosk, page: Page) -> None:
    """Back where there is a way back; home everywhere but at home (R24: nobody is kept at the machine)."""
    reference = open_kiosk(examples.state(Page.ITEMS))
    kiosk = open_kiosk(examples.state(page))
    wanted = {"language", "largeType"}
    wanted |= {"home"} if page is not Page.HOME else set()
    wanted |= {"back"} if examples.state(page).can_go_back else set()
    bar = {"language", "largeType", "home", "back"}
    assert {item.objectName() for item in kiosk.controls()} & bar == wanted
    for name in wanted:
        assert kiosk.place(name) == reference.place(name)


def test_what_cannot_be_chosen_stays_and_does_nothing(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.DAYS))
    assert "已经约满" in kiosk.words()
    kiosk.touch("choose-day-1")
    assert kiosk.actions.acts() == []


def test_code_that_is_not_complete_is_not_confirmed(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.RATE_CODE))
    kiosk.touch("confirm")
    assert kiosk.actions.acts() == []


@pytest.mark.parametrize("done", [True, False])
def test_copy_and_done_only_where_the_core_offers_them(open_kiosk: OpenKiosk, done: bool) -> None:
    content = replace(examples.NUMBER_TAKEN, may_print=False, printing=Printing.PRINTING)
    kiosk = open_kiosk(examples.state(Page.NUMBER_TAKEN, content, done=done))
    assert not kiosk.has("copy")
    assert kiosk.has("done") is done


def test_message_without_a_way_on_has_no_button_but_home(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.CANNOT_RECORD))
    assert not kiosk.has("done")
    assert kiosk.has("home")


# --- somebody is there (R24) -------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [Page.HOME, Page.GUIDE, Page.NUMBER_TAKEN], ids=str)
def test_a_touch_on_an_empty_place_tells_that_somebody_is_there(open_kiosk: OpenKiosk, page: Page) -> None:
    kiosk = open_kiosk(examples.state(page))
    kiosk.boot = 5030.5
    kiosk.touch_at(QPoint(540, 40))
    assert (kiosk.actions.touches, kiosk.actions.calls) == ([5030.5], [])


@pytest.mark.parametrize("control", ["language", "largeType", "nextPage", "choose-item-0"])
def test_every_control_tells_it_too(open_kiosk: OpenKiosk, control: str) -> None:
    kiosk = open_kiosk(examples.state(Page.ITEMS), language="en", large_type=True)
    kiosk.touch(control)
    assert len(kiosk.actions.touches) == 1


# --- a shaky finger ----------------------------------------------------------------------------------------------


def test_second_tap_of_the_same_hand_is_not_passed_on(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.NUMBER))
    kiosk.touch("confirm")
    kiosk.boot += 0.2
    kiosk.touch("confirm")
    assert kiosk.actions.acts() == [(Action.CONFIRM, "")]


@pytest.mark.parametrize("control", ["choose-item-0", "back", "home", "language"])
def test_a_page_that_just_appeared_takes_no_touch(open_kiosk: OpenKiosk, control: str) -> None:
    kiosk = open_kiosk(examples.state(Page.DEPARTMENTS))
    kiosk.touch("choose-department-0")
    kiosk.boot += 3
    kiosk.show(examples.state(Page.ITEMS))
    kiosk.actions.calls.clear()
    before = kiosk.words()
    kiosk.boot += GUARD_SECONDS - 0.01
    kiosk.touch(control)
    assert (kiosk.actions.calls, kiosk.words()) == ([], before)
    kiosk.boot += 0.01
    kiosk.touch(control)
    assert kiosk.actions.acts() or kiosk.words() != before


def test_typing_is_as_fast_as_the_fingers(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.BOOKING_PHONE))
    for n, digit in enumerate("13000000000"):
        kiosk.touch(f"key-{digit}")
        kiosk.boot += 0.05
        typed = "13000000000"[: n + 1]
        content = PhoneEntry(say("booking.phone"), say("booking.phone.help"), typed, complete=len(typed) == 11)
        kiosk.show(examples.state(Page.BOOKING_PHONE, content))
    kiosk.touch("confirm")
    assert kiosk.actions.typed() == "13000000000"
    assert kiosk.actions.acts()[-1] == (Action.CONFIRM, "")
    assert "130 0000 0000" in kiosk.words()


def test_paging_is_not_held_up(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.GUIDE), language="en", large_type=True)
    kiosk.touch("nextPage")
    kiosk.picture()
    kiosk.touch("previousPage")
    kiosk.picture()
    kiosk.touch("nextPage")
    kiosk.picture()
    assert any(word.startswith("2 / ") for word in kiosk.words())


# --- keys on the screen ------------------------------------------------------------------------------------------


@both_sizes
@pytest.mark.parametrize(
    ("page", "keys"),
    [
        (Page.SEARCH, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        (Page.RATE_CODE, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"),
        (Page.LOOK_UP_CODE, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"),
        (Page.CANCEL_CODE, "0123456789"),
        (Page.CHECK_IN_CODE, "0123456789"),
        (Page.CONTACT_PHONE, "0123456789"),
    ],
    ids=str,
)
def test_keys_of_a_page(open_kiosk: OpenKiosk, page: Page, keys: str, size: Size) -> None:
    """Each types its character, and no other key is there: a rating code has no I, L, O and U (R10)."""
    kiosk = open_kiosk(examples.state(page), size)
    for key in keys:
        kiosk.touch(f"key-{key}")
    kiosk.touch("erase")
    assert kiosk.actions.typed() == keys
    assert kiosk.actions.acts()[-1] == (Action.ERASE, "")
    assert sum(item.objectName().startswith("key-") for item in kiosk.controls()) == len(keys)


def test_fault_stands_where_the_help_stood(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.LOOK_UP_CODE))
    assert "这个码不对，请对照小票再看看。" in kiosk.words()
    content = examples.CONTENTS[Page.LOOK_UP_CODE]
    assert isinstance(content, CodeEntry)
    kiosk.show(examples.state(Page.LOOK_UP_CODE, replace(content, fault=None)))
    assert not any("不对" in word for word in kiosk.words())


# --- rating ------------------------------------------------------------------------------------------------------


@both_sizes
@pytest.mark.parametrize("level", list(Level), ids=str)
def test_each_level(open_kiosk: OpenKiosk, level: Level, size: Size) -> None:
    kiosk = open_kiosk(examples.state(Page.CHOICES), size)
    kiosk.boot = 5017.25
    kiosk.hold(f"choice-{level}", seconds=0.75)
    assert kiosk.actions.calls == [("press", level, 5017.25)]


def test_decline(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.CHOICES))
    kiosk.touch("decline")
    assert kiosk.actions.calls == [("decline", BOOT + GUARD_SECONDS)]


def test_reasons_are_told_as_they_are_ticked(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.DETAILS))
    kiosk.touch("option-210")
    kiosk.touch("option-207")
    assert is_ticked(kiosk.control("option-207"))
    kiosk.touch("done")
    assert kiosk.actions.calls == [
        ("choose_reasons", ("210",)),
        ("choose_reasons", ("207", "210")),
        ("give_reasons", ("207", "210")),
    ]


def test_skip_gives_no_reason(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.DETAILS))
    kiosk.touch("option-210")
    kiosk.touch("skip")
    assert kiosk.actions.calls[-1] == ("give_reasons", ())


def test_reasons_stay_ticked_when_a_number_was_left(open_kiosk: OpenKiosk) -> None:
    """The core tells what was ticked before the way to the telephone keys and back (R11)."""
    kiosk = open_kiosk(examples.state(Page.DETAILS))
    kiosk.touch("option-210")
    kiosk.show(examples.state(Page.CONTACT_PHONE))
    content = examples.CONTENTS[Page.DETAILS]
    assert isinstance(content, Details)
    kiosk.show(examples.state(Page.DETAILS, replace(content, contact_left=True, chosen=("210",))))
    assert is_ticked(kiosk.control("option-210"))
    kiosk.pass_guard()
    kiosk.touch("contact")
    assert kiosk.actions.acts() == [], "a number is left once"


def test_next_persons_reasons_begin_unticked(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.DETAILS))
    kiosk.touch("option-210")
    kiosk.show(examples.state(Page.HOME, citizen=1))
    kiosk.show(examples.state(Page.DETAILS, citizen=1))
    assert not is_ticked(kiosk.control("option-210"))


def test_same_persons_next_rating_begins_unticked(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.DETAILS))
    kiosk.touch("option-210")
    kiosk.show(examples.state(Page.CHOICES))
    kiosk.show(examples.state(Page.DETAILS))
    assert not is_ticked(kiosk.control("option-210"))


@both_sizes
def test_answers(open_kiosk: OpenKiosk, size: Size) -> None:
    kiosk = open_kiosk(examples.state(Page.QUESTIONS), size)
    assert is_ticked(kiosk.control("answer-guidance-yes"))
    assert not is_ticked(kiosk.control("answer-procedure-yes"))
    kiosk.touch("answer-procedure-partly")
    kiosk.touch("answer-guidance-yes")
    assert kiosk.actions.calls == [("answer", "procedure", "partly"), ("answer", "guidance", "yes")]
    content = examples.QUESTIONS
    first = replace(content.questions[0], given="no")
    kiosk.show(examples.state(Page.QUESTIONS, Questions(content.title, (first, *content.questions[1:]))))
    assert is_ticked(kiosk.control("answer-guidance-no"))
    assert not is_ticked(kiosk.control("answer-guidance-yes"))


def test_printing_changes_under_the_eyes_of_the_reader(open_kiosk: OpenKiosk) -> None:
    """The page stays what it is, and takes touches all the time."""
    waiting: Result = replace(
        examples.NUMBER_TAKEN, printing=Printing.PRINTING, printing_line=say("printing.printing"), may_print=False
    )
    kiosk = open_kiosk(examples.state(Page.NUMBER_TAKEN, waiting))
    assert "正在打印，请稍等……" in kiosk.words()
    kiosk.show(examples.state(Page.NUMBER_TAKEN))
    assert "请取走您的小票。" in kiosk.words()
    kiosk.touch("copy")
    assert kiosk.actions.acts() == [(Action.PRINT, "")]


@pytest.mark.parametrize("page", list(Page), ids=str)
def test_keyboard_reaches_every_control(open_kiosk: OpenKiosk, page: Page) -> None:
    kiosk = open_kiosk(examples.state(page))
    kiosk.window.requestActivate()
    enabled = {control.objectName() for control in kiosk.controls() if control.isEnabled()}
    reached = set()
    for _ in range(2 * len(kiosk.controls()) + 2):
        QTest.keyClick(kiosk.window, Qt.Key.Key_Tab)
        focused = kiosk.window.activeFocusItem()
        assert focused is not None
        reached.add(focused.objectName())
    assert enabled <= reached
