"""Keys that are no finger: a scanner that types like a keyboard, and a keyboard that somebody plugged in."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from kiosk_app.kiosk.keyboard import LONGEST, PAUSE_SECONDS, Keyboard
from kiosk_app.kiosk.screen_state import Page
from kiosk_app.kiosk.service import Action
from tests.kiosk_screens import examples
from tests.kiosk_screens.kiosk import Kiosk

OpenKiosk = Callable[..., Kiosk]
CODE = "8080-RGG0-0PFZ-R84R"
SCANNING = [Page.HOME, Page.CHECK_IN_CODE, Page.RATE_CODE, Page.CANCEL_CODE, Page.LOOK_UP_CODE]


@pytest.mark.parametrize("text", [CODE, examples.LINK])
@pytest.mark.parametrize("page", SCANNING, ids=str)
def test_a_scanned_code_arrives_whole(open_kiosk: OpenKiosk, page: Page, text: str) -> None:
    kiosk = open_kiosk(examples.state(page))
    kiosk.keys(text)
    assert kiosk.actions.calls == []
    kiosk.key(Qt.Key.Key_Return)
    assert kiosk.actions.calls == [("scanned", text, kiosk.boot)]
    assert len(kiosk.actions.touches) == len(text) + 1, "somebody is there (R24)"


def test_also_after_buttons_were_touched(open_kiosk: OpenKiosk) -> None:
    """A touched button does not keep the keys, nor does Enter press it."""
    kiosk = open_kiosk(examples.state(Page.RATE_CODE))
    kiosk.touch("key-8")
    kiosk.touch("erase")
    kiosk.touch("largeType")
    kiosk.actions.calls.clear()
    kiosk.keys(CODE)
    kiosk.key(Qt.Key.Key_Enter)
    assert [call[:2] for call in kiosk.actions.calls] == [("scanned", CODE)]


def test_also_after_the_page_has_changed(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.HOME))
    kiosk.touch("choose-rate")
    kiosk.show(examples.state(Page.RATE_CODE))
    kiosk.keys(CODE)
    kiosk.key(Qt.Key.Key_Return)
    assert [call[:2] for call in kiosk.actions.calls[1:]] == [("scanned", CODE)]


@pytest.mark.parametrize("page", [Page.NUMBER, Page.CHOICES, Page.DETAILS, Page.GUIDE], ids=str)
def test_nothing_is_scanned_where_no_code_is_asked_for(open_kiosk: OpenKiosk, page: Page) -> None:
    kiosk = open_kiosk(examples.state(page))
    kiosk.keys(CODE)
    kiosk.key(Qt.Key.Key_Return)
    assert kiosk.actions.calls == []


def test_what_was_begun_on_one_page_is_not_for_the_next(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.HOME))
    kiosk.keys("8080-")
    kiosk.show(examples.state(Page.RATE_CODE))
    kiosk.keys("RGG0")
    kiosk.key(Qt.Key.Key_Return)
    assert [call[:2] for call in kiosk.actions.calls] == [("scanned", "RGG0")]


def test_broken_reading_is_forgotten() -> None:
    keyboard = Keyboard()
    keyboard.typed("808", 10.0)
    keyboard.typed("A", 10.0 + PAUSE_SECONDS + 0.1)
    assert keyboard.entered(13.5) == "A"
    keyboard.typed("B", 20.0)
    assert keyboard.entered(20.0 + PAUSE_SECONDS + 0.1) == ""
    assert keyboard.entered(20.2) == ""


def test_endless_reading_is_cut() -> None:
    keyboard = Keyboard()
    keyboard.typed("A" * 10_000, 1.0)
    assert len(keyboard.entered(1.0)) == LONGEST


@pytest.mark.parametrize("page", [Page.BOOKING_PHONE, Page.CONTACT_PHONE], ids=str)
def test_telephone_number_from_a_keyboard(open_kiosk: OpenKiosk, page: Page) -> None:
    kiosk = open_kiosk(examples.state(page))
    kiosk.pass_guard()
    kiosk.keys("130")
    kiosk.key(Qt.Key.Key_Backspace)
    assert kiosk.actions.acts() == [
        (Action.TYPE, "1"),
        (Action.TYPE, "3"),
        (Action.TYPE, "0"),
        (Action.ERASE, ""),
    ]


def test_search_takes_letters_and_characters(open_kiosk: OpenKiosk) -> None:
    """From a keyboard and its input method; what it takes back is taken back on the screen."""
    kiosk = open_kiosk(examples.state(Page.SEARCH))
    kiosk.pass_guard()
    kiosk.keys("sb")
    kiosk.input_method("社保")
    kiosk.key(Qt.Key.Key_Backspace)
    assert kiosk.actions.typed() == "sb社保"
    assert kiosk.actions.acts()[-1] == (Action.ERASE, "")


def test_search_still_takes_them_after_keys_on_the_screen(open_kiosk: OpenKiosk) -> None:
    kiosk = open_kiosk(examples.state(Page.SEARCH))
    kiosk.touch("key-A")
    kiosk.input_method("户口")
    assert kiosk.actions.typed() == "A户口"
