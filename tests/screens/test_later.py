"""The page with the code to rate later with: readable, scannable, and what its touches do (R10, R20, R24)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtGui import QAccessible, QImage

from kiosk_app.window.screen_state import Page, Printing
from tests.screens import examples
from tests.screens.checks import check_page, save
from tests.screens.examples import LATER
from tests.screens.terminal import (
    SIZES,
    Size,
    Terminal,
    accessible,
    glyph_height,
    is_disabled,
    number,
    rect_of,
    text_of,
)

MODULES = 33
"""Of the QR code of an address as long as the example's."""
OpenTerminal = Callable[..., Terminal]
LOOKS = [
    pytest.param(language, large_type, id=f"{language}{'-large' if large_type else ''}")
    for language in ("zh-CN", "en")
    for large_type in (False, True)
]


def decoded(picture: QImage) -> list[str]:
    """What a phone's camera would read off the screen."""
    rgb = picture.convertToFormat(QImage.Format.Format_RGB888)
    size = (rgb.width(), rgb.height())
    image = Image.frombuffer("RGB", size, bytes(rgb.constBits()), "raw", "RGB", rgb.bytesPerLine(), 1)
    return [str(found.text) for found in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(("language", "large_type"), LOOKS)
def test_the_code_can_be_scanned_from_the_screen_and_read_from_afar(
    open_terminal: OpenTerminal, language: str, large_type: bool, size: Size
) -> None:
    terminal = open_terminal(examples.state(Page.LATER), size, language, large_type)
    assert decoded(terminal.picture()) == [LATER.link]
    (qr,) = [item for item in terminal.items("QQuickImage") if item.objectName() == "qr"]
    drawn = min(number(qr, "paintedWidth"), number(qr, "paintedHeight"))
    assert drawn * MODULES / (MODULES + 8) / size.density >= 25, "the code itself, without its quiet zone"
    groups = [item for item in terminal.texts() if item.objectName() == "codeGroup"]
    assert [text_of(item) for item in groups] == LATER.code.split("-")
    card = terminal.view_model.property("later")
    others = [item for item in terminal.texts() if text_of(item) in {card["title"], card["until"], card["paper"]}]
    assert len(others) == 3
    assert min(map(glyph_height, groups)) > max(map(glyph_height, others))


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(("language", "large_type"), LOOKS)
@pytest.mark.parametrize("printing", list(Printing), ids=str)
def test_what_became_of_the_slip_is_told(
    open_terminal: OpenTerminal, printing: Printing, language: str, large_type: bool, size: Size
) -> None:
    later = replace(LATER, printing=printing, may_print=printing is Printing.FAILED, declined=True, kept=True)
    terminal = open_terminal(examples.state(Page.LATER, later=later), size, language, large_type)
    picture = terminal.picture()
    save(picture, f"later-{printing}-{language}-{size}{'-large' if large_type else ''}")
    check_page(terminal, picture)
    assert decoded(picture) == [LATER.link]
    texts = terminal.view_model.property("texts")
    assert texts[f"later.paper.{printing}"] in terminal.words()
    assert terminal.has("print") is (printing is not Printing.NO_PRINTER)


def test_until_when_is_told_with_the_day_of_the_week(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.LATER))
    assert any("11月27日 星期五（含当天）" in word and "手机" in word for word in terminal.words())


def test_where_a_phone_reaches_nothing_no_phone_is_spoken_of(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.LATER, later=replace(LATER, link=LATER.code)))
    assert decoded(terminal.picture()) == [LATER.code]
    assert not any("手机" in word for word in terminal.words())


@pytest.mark.parametrize("declined", [True, False])
def test_not_rating_is_met_without_reproach_r6(open_terminal: OpenTerminal, declined: bool) -> None:
    terminal = open_terminal(examples.state(Page.LATER, later=replace(LATER, declined=declined)))
    texts = terminal.view_model.property("texts")
    assert (texts["later.title.declined"] in terminal.words()) is declined


def test_a_screen_reader_says_the_code_as_a_whole(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.LATER))
    (code,) = [item for item in terminal.items("QQuickItem") if item.objectName() == "code"]
    assert accessible(code).text(QAccessible.Text.Name) == f"评价码 {LATER.code}"


# --- touches -----------------------------------------------------------------------------------------------------


def later_terminal(open_terminal: OpenTerminal, **changes: object) -> Terminal:
    terminal = open_terminal(examples.state(Page.LATER, later=replace(LATER, **changes)))  # type: ignore[arg-type]
    terminal.pass_guard()
    return terminal


def test_a_slip_is_printed_on_request_in_the_language_shown(open_terminal: OpenTerminal) -> None:
    terminal = later_terminal(open_terminal)
    terminal.touch("language")
    terminal.touch("print")
    assert ("print_code", "missed-1", "en") in terminal.actions.calls


def test_the_button_does_nothing_where_the_printer_cannot_print(open_terminal: OpenTerminal) -> None:
    terminal = later_terminal(open_terminal, printing=Printing.CANNOT, may_print=False)
    assert is_disabled(terminal.control("print"))
    terminal.touch("print")
    assert all(call[0] == "keep_code" for call in terminal.actions.calls)


def test_done_takes_the_code_away(open_terminal: OpenTerminal) -> None:
    terminal = later_terminal(open_terminal)
    terminal.touch("done")
    assert terminal.actions.calls[-1] == ("close_code", "missed-1")


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_touch_anywhere_on_the_page_says_that_it_is_still_read(open_terminal: OpenTerminal, size: Size) -> None:
    terminal = open_terminal(examples.state(Page.LATER), size)
    terminal.pass_guard()
    (qr,) = [item for item in terminal.items("QQuickImage") if item.objectName() == "qr"]
    terminal.touch_at(rect_of(qr).center().toPoint())
    assert terminal.actions.calls == [("keep_code", "missed-1")]
    terminal.touch("largeType")
    assert terminal.actions.calls == [("keep_code", "missed-1")] * 2


def test_a_touch_elsewhere_than_on_this_page_keeps_nothing(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.SIGN))
    terminal.pass_guard()
    terminal.touch("largeType")
    assert terminal.actions.calls == []


def test_a_finger_meant_for_the_choices_does_not_close_the_page_that_comes_under_it(
    open_terminal: OpenTerminal,
) -> None:
    """The invitation ran out in this very moment."""
    terminal = open_terminal(examples.state(Page.CHOICES))
    terminal.show(examples.state(Page.LATER))
    terminal.touch("done")
    assert terminal.actions.calls == []
    terminal.pass_guard()
    terminal.touch("done")
    assert ("close_code", "missed-1") in terminal.actions.calls


def test_the_look_stays_with_the_citizen_and_ends_with_the_page(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.CHOICES), language="en", large_type=True)
    terminal.show(examples.state(Page.LATER))
    assert (terminal.language, terminal.large_type) == ("en", True)
    terminal.show(examples.state(Page.SIGN))
    assert (terminal.language, terminal.large_type) == ("zh-CN", False)


def test_nothing_of_the_code_is_left_when_the_page_has_gone_r24(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(examples.state(Page.LATER))
    terminal.show(examples.state(Page.SERVING))
    assert not set(terminal.words()) & set(LATER.code.split("-"))
    assert decoded(terminal.picture()) == []
    assert terminal.view_model.property("later") == {}
