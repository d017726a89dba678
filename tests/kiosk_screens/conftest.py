"""Real kiosk windows, off screen."""

import gc
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.kiosk_screens.kiosk import Kiosk


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


@pytest.fixture(scope="module", autouse=True)
def _collected_on_qts_thread() -> Iterator[None]:
    """What is left of windows is taken apart here: by another test's thread, Qt would crash."""
    yield
    gc.collect()
