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
def _nothing_collected_meanwhile() -> Iterator[None]:
    """Python takes apart what is left of windows between two tests only: in the midst of Qt's loop, Qt would crash."""
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _collected_between_tests(_nothing_collected_meanwhile: None) -> Iterator[None]:
    yield
    gc.collect()
