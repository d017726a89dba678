from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_app.journal.journal import Journal
from tests.journal.storage import open_journal
from tests.manual_clock import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def storage(tmp_path: Path) -> Path:
    return tmp_path / "storage"


@pytest.fixture
def journal(storage: Path, clock: ManualClock) -> Iterator[Journal]:
    journal = open_journal(storage, clock)
    yield journal
    journal.close()
