"""Every page of the kiosk, in every language, on every screen, in both sizes of type: a picture, and what it holds."""

from collections.abc import Callable

import pytest

from kiosk_app.kiosk.screen_state import Page
from tests.kiosk_screens import examples
from tests.kiosk_screens.kiosk import Kiosk
from tests.screens.checks import check_choices, check_contrast, check_names, check_page, check_places, check_texts, save
from tests.screens.terminal import LARGE, PORTRAIT, SEVEN_INCH, TEN_INCH, Size

OpenKiosk = Callable[..., Kiosk]
KIOSK_SIZES = (PORTRAIT, LARGE)

looks = pytest.mark.parametrize("large_type", [False, True], ids=["standard", "large"])
languages = pytest.mark.parametrize("language", ["zh-CN", "en"])
pages = pytest.mark.parametrize("page", list(Page), ids=str)


@looks
@pytest.mark.parametrize("size", KIOSK_SIZES, ids=str)
@languages
@pages
def test_page(open_kiosk: OpenKiosk, page: Page, language: str, size: Size, large_type: bool) -> None:
    kiosk = open_kiosk(examples.state(page), size, language, large_type)
    picture = kiosk.picture()
    save(picture, f"kiosk-{page}-{language}-{size}{'-large' if large_type else ''}")
    check_page(kiosk, picture)
    if page is Page.CHOICES:
        check_choices(kiosk)


@looks
@pytest.mark.parametrize("size", [SEVEN_INCH, TEN_INCH], ids=str)
@languages
@pages
def test_page_on_a_small_screen(open_kiosk: OpenKiosk, page: Page, language: str, size: Size, large_type: bool) -> None:
    """Kiosks are large; on a small screen everything is there too, but many keys of a page are smaller than 15 mm."""
    kiosk = open_kiosk(examples.state(page), size, language, large_type)
    picture = kiosk.picture()
    save(picture, f"kiosk-{page}-{language}-{size}{'-large' if large_type else ''}")
    check_names(kiosk)
    check_texts(kiosk)
    check_places(kiosk)
    check_contrast(kiosk, picture)
