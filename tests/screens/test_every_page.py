"""Every page, in every language, on every screen, in both sizes of type: a picture, and what a picture must hold."""

from collections.abc import Callable

import pytest

from kiosk_app.window.screen_state import Page
from tests.screens import examples
from tests.screens.checks import check_choices, check_page, save
from tests.screens.terminal import SIZES, Size, Terminal

OpenTerminal = Callable[..., Terminal]


@pytest.mark.parametrize("large_type", [False, True], ids=["standard", "large"])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("page", list(Page), ids=str)
def test_page(open_terminal: OpenTerminal, page: Page, language: str, size: Size, large_type: bool) -> None:
    terminal = open_terminal(examples.state(page), size, language, large_type)
    picture = terminal.picture()
    save(picture, f"{page}-{language}-{size}{'-large' if large_type else ''}")
    check_page(terminal, picture)
    if page is Page.CHOICES:
        check_choices(terminal)
