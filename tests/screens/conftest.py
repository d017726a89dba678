"""Real windows, off screen, drawn without a graphics card."""

import os
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"

from PySide6.QtGui import QGuiApplication

from tests.screens.terminal import Terminal
from tests.windows_apart import collected_between_tests, nothing_collected_meanwhile

__all__ = ["collected_between_tests", "nothing_collected_meanwhile"]


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    return QGuiApplication


@pytest.fixture
def open_terminal(qtbot: QtBot) -> Iterator[Callable[..., Terminal]]:
    """Opens terminals and closes them after the test."""
    opened: list[Terminal] = []

    def open_one(*args: object, **options: object) -> Terminal:
        opened.append(Terminal(qtbot, *args, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.close()
