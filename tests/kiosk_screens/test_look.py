"""Language, large type, the cover of an idle page, the countdown: what a citizen asked for ends with the citizen."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QColor

from kiosk_app.kiosk.screen_state import CodeEntry, Page, say
from kiosk_app.terminal.countdown import Countdown
from kiosk_app.terminal.view_model import GUARD_SECONDS
from tests.kiosk_screens import examples
from tests.kiosk_screens.kiosk import Kiosk
from tests.kiosk_screens.test_every_page import KIOSK_SIZES, languages, looks
from tests.screens.checks import check_page, save
from tests.screens.examples import BOOT
from tests.screens.terminal import Size, font_of, ground_colour, has_han, text_of

OpenKiosk = Callable[..., Kiosk]
IDLE = Countdown(BOOT + GUARD_SECONDS + 9.5, 10)

# What the hall itself has only in Chinese.
HALLS_OWN = {examples.HALL, "您反映的问题已经核实，我们已增开两个窗口。", "已办结"}


@pytest.mark.parametrize("page", list(Page), ids=str)
def test_language_switch_changes_every_text_at_once(open_kiosk: OpenKiosk, page: Page) -> None:
    kiosk = open_kiosk(examples.state(page))
    before = kiosk.words()
    assert any(has_han(word) for word in before)
    kiosk.touch("language")
    kiosk.picture()
    for word in kiosk.words():
        chinese_by_right = word == "中文" or any(own in word for own in HALLS_OWN)
        assert chinese_by_right or not has_han(word), word
    kiosk.touch("language")
    kiosk.picture()
    assert kiosk.words() == before


@pytest.mark.parametrize("page", [Page.HOME, Page.ITEMS, Page.NUMBER, Page.GUIDE, Page.QUESTIONS], ids=str)
def test_large_type(open_kiosk: OpenKiosk, page: Page) -> None:
    kiosk = open_kiosk(examples.state(page))
    before = {text_of(item): font_of(item).pixelSize() for item in kiosk.texts()}
    kiosk.touch("largeType")
    kiosk.picture()
    after = {text_of(item): font_of(item).pixelSize() for item in kiosk.texts()}
    both = before.keys() & after.keys()
    assert sum(after[word] >= before[word] * 1.1 for word in both) >= 2
    kiosk.touch("largeType")
    kiosk.picture()
    assert {text_of(item): font_of(item).pixelSize() for item in kiosk.texts()} == before


def test_page_of_a_list_stays_when_the_language_changes(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.GUIDE))
    kiosk.touch("nextPage")
    kiosk.touch("language")
    kiosk.picture()
    assert any(word.startswith("2 / ") for word in kiosk.words())


def test_look_stays_with_the_citizen(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.HOME), language="en", large_type=True)
    for page in (Page.DEPARTMENTS, Page.ITEMS, Page.NUMBER, Page.NUMBER_TAKEN, Page.CHOICES, Page.DETAILS, Page.THANKS):
        kiosk.show(examples.state(page))
        assert (kiosk.language, kiosk.large_type) == ("en", True)
    kiosk.show(examples.state(Page.HOME))
    assert (kiosk.language, kiosk.large_type) == ("en", True), "the same citizen still (R24)"


@pytest.mark.parametrize("page", [Page.HOME, Page.RATE_CODE], ids=str)
def test_next_citizen_finds_the_default(open_kiosk: OpenKiosk, page: Page) -> None:
    kiosk = open_kiosk(examples.state(page), language="en", large_type=True)
    kiosk.show(examples.state(page, citizen=1))
    assert (kiosk.language, kiosk.large_type) == ("zh-CN", False)


# --- nobody is there (R24) ---------------------------------------------------------------------------------------


@looks
@pytest.mark.parametrize("size", KIOSK_SIZES, ids=str)
@languages
def test_cover_of_an_idle_page(open_kiosk: OpenKiosk, language: str, size: Size, large_type: bool) -> None:
    """It asks, counts and offers one button; nothing of the page can be read."""
    kiosk = open_kiosk(examples.state(Page.BOOKED, idle=IDLE), size, language, large_type)
    picture = kiosk.picture()
    save(picture, f"kiosk-idle-{language}-{size}{'-large' if large_type else ''}")
    check_page(kiosk, picture)
    texts = kiosk.view_model.property("texts")
    assert kiosk.words() == [texts["idle.title"], "10", texts["idle.text"], texts["idle.stay"]]
    assert [item.objectName() for item in kiosk.controls()] == ["stay"]
    assert not kiosk.items("QQuickImage")
    whole = QRectF(0, 0, size.width, size.height)
    assert ground_colour(picture, whole) == QColor("#0d2d57")


def test_cover_counts_down(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.GUIDE, idle=Countdown(BOOT + 30, 10)))
    for at, number in [(20.1, "10"), (25.0, "5"), (29.5, "1")]:
        kiosk.boot = BOOT + at
        kiosk.view_model._count_down()
        assert number in kiosk.words()


@pytest.mark.parametrize("control", ["stay", None])
def test_any_touch_on_the_cover_tells_that_somebody_is_there(open_kiosk: OpenKiosk, control: str | None) -> None:
    """And chooses nothing of the page below; nor does its second tap, when the page is back."""
    kiosk = open_kiosk(examples.state(Page.NUMBER, idle=IDLE))
    if control:
        kiosk.touch(control)
    else:
        kiosk.touch_at(QPoint(500, 1600))
    assert kiosk.actions.touches
    assert kiosk.actions.calls == []
    kiosk.show(examples.state(Page.NUMBER))
    kiosk.touch("confirm")
    assert kiosk.actions.calls == []
    kiosk.pass_guard()
    kiosk.touch("confirm")
    assert len(kiosk.actions.calls) == 1


def test_a_list_is_where_it_was_when_the_cover_goes(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.GUIDE))
    kiosk.touch("nextPage")
    kiosk.show(examples.state(Page.GUIDE, idle=IDLE))
    kiosk.show(examples.state(Page.GUIDE))
    assert any(word.startswith("2 / ") for word in kiosk.words())


def test_search_takes_keys_again_when_the_cover_goes(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.SEARCH))
    kiosk.show(examples.state(Page.SEARCH, idle=IDLE))
    kiosk.show(examples.state(Page.SEARCH))
    kiosk.pass_guard()
    kiosk.input_method("社保")
    assert kiosk.actions.typed() == "社保"


def test_nothing_typed_is_left_for_the_next(open_kiosk: OpenKiosk) -> None:
    """What was typed is gone from the screen with the page it was typed on."""
    kiosk = open_kiosk(examples.state(Page.CONTACT_PHONE))
    assert "100 0000 0000" in kiosk.words()
    kiosk.show(examples.state(Page.HOME, citizen=1))
    assert not any("0000" in word for word in kiosk.words())


# --- what else changes -------------------------------------------------------------------------------------------


def test_countdown_of_the_choices(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.CHOICES, countdown=Countdown(BOOT + 30.5, 30)))
    kiosk.boot = BOOT + 15.5
    kiosk.view_model._count_down()
    kiosk.picture()
    assert "15 秒" in kiosk.words()


def test_rating_by_code_counts_nothing(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.CHOICES, countdown=None))
    assert not any("秒" in word for word in kiosk.words())


def test_notices_stand_over_the_page(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.HOME, notices=(say("notice.paper_out"),)))
    assert any("打印纸用完了" in word for word in kiosk.words())
    kiosk.show(examples.state(Page.HOME))
    assert not any("打印纸用完了" in word for word in kiosk.words())


def test_hall_and_clock(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.HOME))
    assert {examples.HALL, "14:32", "11月22日 星期日"} <= set(kiosk.words())


def test_sounds(open_kiosk: OpenKiosk) -> None:
    """A rating is asked for and thanked for aloud, whatever it was (R7); keys are all alike."""
    kiosk = open_kiosk(examples.state(Page.HOME))
    kiosk.show(examples.state(Page.CHOICES))
    kiosk.show(examples.state(Page.DETAILS))
    assert kiosk.sounds.played == [("invite", "zh-CN"), ("thanks", "zh-CN")]
    kiosk.pass_guard()
    kiosk.touch("option-207")
    assert kiosk.sounds.played[2:] == [("key", "zh-CN")]


def test_typed_code_shows_in_its_places(open_kiosk: OpenKiosk) -> None:
    content = examples.CONTENTS[Page.CHECK_IN_CODE]
    assert isinstance(content, CodeEntry)
    kiosk = open_kiosk(examples.state(Page.CHECK_IN_CODE, replace(content, typed="1280-0")))
    cells = [word for word in kiosk.words() if len(word) == 1 and word.isdigit()]
    assert cells[:5] == ["1", "2", "8", "0", "0"]
