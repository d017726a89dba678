"""Real kiosk windows, off screen."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.kiosk_screens.kiosk import Kiosk
from tests.windows_apart import collected_between_tests, nothing_collected_meanwhile

__all__ = ["collected_between_tests", "nothing_collected_meanwhile"]


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    return QGuiApplication


@pytest.fixture
def open_kiosk(qtbot: QtBot) -> Iterator[Callable[..., Kiosk]]:
    """Opens kiosks and closes them after the test."""
    opened: list[Kiosk] = []

    def open_one(*args: object, **options: object) -> Kiosk:
        opened.append(Kiosk(qtbot, *args, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_one
    for kiosk in opened:
        kiosk.close()
