"""What a picture of a page must hold, and where the pictures go; for every profile's screens."""

import itertools
import os
from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QAccessible, QColor, QImage

from kiosk_app.domain.levels import Level
from tests.screens.terminal import (
    SEVEN_INCH,
    Glass,
    accessible,
    contrast,
    distance,
    font_of,
    glyph_height,
    ground_colour,
    number,
    painted_rect,
    rect_of,
    text_of,
)

PICTURES = Path(os.environ.get("SCREENSHOTS") or Path(__file__).parents[2] / "build" / "screenshots")


def save(picture: QImage, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    assert picture.save(str(PICTURES / f"{name}.png"))


def check_page(terminal: Glass, picture: QImage) -> None:
    """What holds for every page."""
    check_controls(terminal)
    check_texts(terminal)
    check_places(terminal)
    check_contrast(terminal, picture)


def check_controls(terminal: Glass) -> None:
    """A finger finds each, and no other; a screen reader tells what it is."""
    check_names(terminal)
    controls = terminal.controls()
    for control in controls:
        assert min(control.width(), control.height()) >= 15 * terminal.size.density, control.objectName()
    for one, other in itertools.combinations(controls, 2):
        apart = distance(rect_of(one), rect_of(other)) / terminal.size.density
        assert apart >= 3, f"{one.objectName()} and {other.objectName()} are {apart:.2f} mm apart"


def check_names(terminal: Glass) -> None:
    for control in terminal.controls():
        told = accessible(control)
        assert told.text(QAccessible.Text.Name), control.objectName()
        assert told.role() in {QAccessible.Role.Button, QAccessible.Role.CheckBox}, control.objectName()


def check_texts(terminal: Glass) -> None:
    for text in terminal.texts():
        words = text_of(text)
        assert glyph_height(text) / terminal.size.density >= 4, words
        assert not text.property("truncated"), words
        assert number(text, "contentWidth") <= text.width() + 1, words
        assert not is_broken_word(text), words


def is_broken_word(text: object) -> bool:
    """Whether a word that is written with spaces had to be cut in two."""
    lines = int(number(text, "lineCount"))  # type: ignore[arg-type]
    words = text_of(text).split()  # type: ignore[arg-type]
    return text_of(text).isascii() and lines > max(len(words), 1)  # type: ignore[arg-type]


def check_places(terminal: Glass) -> None:
    screen = QRectF(0, 0, terminal.size.width, terminal.size.height)
    for control in terminal.controls():
        assert screen.contains(rect_of(control)), control.objectName()
    for text in terminal.texts():
        assert screen.contains(painted_rect(text)), text_of(text)
    for one, other in itertools.combinations(terminal.texts(), 2):
        assert distance(painted_rect(one), painted_rect(other)) >= 0, (text_of(one), text_of(other))
    for control, text in itertools.product(terminal.controls(), terminal.texts()):
        inside = rect_of(control).contains(painted_rect(text))
        assert inside or distance(rect_of(control), painted_rect(text)) >= 0, (control.objectName(), text_of(text))


def check_contrast(terminal: Glass, picture: QImage) -> None:
    for text in terminal.texts():
        colour = text.property("color")
        assert isinstance(colour, QColor)
        ground = ground_colour(picture, painted_rect(text))
        assert contrast(colour, ground) >= 7, (text_of(text), colour.name(), ground.name())


def check_choices(terminal: Glass) -> None:
    """Five of one size, in one row, best first; their words are the largest text on the small screen (R6)."""
    choices = [item for item in terminal.controls() if item.objectName().startswith("choice-")]
    assert [item.objectName() for item in choices] == [f"choice-{level}" for level in Level]
    assert len({(item.width(), item.height()) for item in choices}) == 1
    assert len({rect_of(item).top() for item in choices}) == 1
    lefts = [rect_of(item).left() for item in choices]
    assert lefts == sorted(lefts)
    assert not any(item.property("checked") or item.property("activeFocus") for item in choices)
    words = [item for item in terminal.texts() if item.objectName() == "choiceWord"]
    sizes = {font_of(item).pixelSize() for item in words}
    assert len(sizes) == 1
    if terminal.size == SEVEN_INCH:
        others = [item for item in terminal.texts() if item not in words]
        assert min(sizes) > max(font_of(item).pixelSize() for item in others)
        assert min(map(glyph_height, words)) >= max(map(glyph_height, others))
