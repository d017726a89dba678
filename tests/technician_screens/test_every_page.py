"""Every page of the technician's screens, in every language, on every screen: a picture, and what it holds."""

import itertools
from collections.abc import Callable

import pytest
from PySide6.QtGui import QAccessible

from kiosk_app.technician_screen.state import Page
from tests.screens.checks import check_contrast, check_places, is_broken_word, save
from tests.screens.terminal import (
    LARGE,
    PORTRAIT,
    SEVEN_INCH,
    SIZES,
    TEN_INCH,
    Size,
    accessible,
    distance,
    glyph_height,
    number,
    rect_of,
    text_of,
)
from tests.technician_screens import examples
from tests.technician_screens.desk import Desk

OpenDesk = Callable[..., Desk]

sizes = pytest.mark.parametrize("size", SIZES, ids=str)
languages = pytest.mark.parametrize("language", ["zh-CN", "en"])
LONGEST_WORD = 24
ROLES = {QAccessible.Role.Button, QAccessible.Role.RadioButton, QAccessible.Role.CheckBox}


def check_controls(desk: Desk) -> None:
    """A finger finds each, and no other; a screen reader tells what it is."""
    controls = desk.controls()
    for control in controls:
        told = accessible(control)
        assert told.text(QAccessible.Text.Name), control.objectName()
        assert told.role() in ROLES, control.objectName()
        assert min(control.width(), control.height()) >= 15 * desk.size.density, control.objectName()
    for one, other in itertools.combinations(controls, 2):
        apart = distance(rect_of(one), rect_of(other)) / desk.size.density
        assert apart >= 3, f"{one.objectName()} and {other.objectName()} are {apart:.2f} mm apart"


def check_texts(desk: Desk) -> None:
    """Large enough, whole, and no word cut in two but an address or a path that is longer than any screen is wide."""
    for text in desk.texts():
        words = text_of(text)
        assert glyph_height(text) / desk.size.density >= 4, words
        assert not text.property("truncated"), words
        assert number(text, "contentWidth") <= text.width() + 1, words
        assert max(map(len, words.split())) > LONGEST_WORD or not is_broken_word(text), words


@sizes
@languages
@pytest.mark.parametrize("page", examples.PAGES, ids=str)
def test_page(open_desk: OpenDesk, page: Page, language: str, size: Size) -> None:
    """Every part of it."""
    desk = open_desk(examples.state(page), size, language)
    part = 0
    while True:
        picture = desk.picture()
        save(picture, f"technician-{page}-{language}-{size}{f'-{part}' if part else ''}")
        check_controls(desk)
        check_texts(desk)
        check_places(desk)
        check_contrast(desk, picture)
        if not desk.has("technician-next") or not desk.control("technician-next").isEnabled():
            break
        desk.touch("technician-next")
        part += 1


@pytest.mark.parametrize(
    ("size", "language"), [(SEVEN_INCH, "en"), (TEN_INCH, "zh-CN"), (PORTRAIT, "en"), (LARGE, "zh-CN")], ids=str
)
@pytest.mark.parametrize("name", list(examples.EXTREMES))
def test_extreme_page(open_desk: OpenDesk, name: str, size: Size, language: str) -> None:
    """Nothing is pushed out of its place and nothing lies over another, whatever has to be told."""
    desk = open_desk(examples.EXTREMES[name], size, language)
    picture = desk.picture()
    save(picture, f"technician-x-{name}-{language}-{size}")
    for _ in range(3):
        check_controls(desk)
        check_places(desk)
        check_contrast(desk, desk.picture())
        if not desk.has("technician-next") or not desk.control("technician-next").isEnabled():
            break
        desk.touch("technician-next")
        desk.picture()
