"""Real windows with the technician's screens over them, off screen."""

import os
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"

from PySide6.QtGui import QGuiApplication

from tests.technician_screens.desk import Desk
from tests.windows_apart import collected_between_tests, nothing_collected_meanwhile

__all__ = ["collected_between_tests", "nothing_collected_meanwhile"]


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    return QGuiApplication


@pytest.fixture
def open_desk(qtbot: QtBot) -> Iterator[Callable[..., Desk]]:
    """Opens terminals with the technician's screens and closes them after the test."""
    opened: list[Desk] = []

    def open_one(*args: object, **options: object) -> Desk:
        opened.append(Desk(qtbot, *args, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_one
    for desk in opened:
        desk.close()
