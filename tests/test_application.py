"""How the app is ended, and begun anew."""

import os
import signal
from collections.abc import Iterator

import pytest

from kiosk_app.application import _Stop


@pytest.fixture
def stop() -> Iterator[_Stop]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield _Stop()
    for number, handler in before.items():
        signal.signal(number, handler)


def test_it_begins_anew_when_that_is_wished(stop: _Stop) -> None:
    stop.restart()
    assert stop.asked.is_set()
    assert stop.begin_anew


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_for_good_whatever_was_wished_before_or_after(stop: _Stop, number: signal.Signals) -> None:
    """A wish to begin anew comes true a moment after it was answered: the signal may come between."""
    stop.restart()
    os.kill(os.getpid(), number)
    assert not stop.begin_anew
    stop.restart()
    assert stop.asked.is_set()
    assert not stop.begin_anew
