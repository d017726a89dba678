"""The rating test behind the command and the technician's screen: real bytes, no printing."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from device_drivers.evaluator.protocol import LEVELS
from device_drivers.simulated.evaluator import SimulatedEvaluator
from kiosk_app.configuration import Evaluator
from kiosk_app.domain.records import KEYS_CONFIRMED
from kiosk_app.technician.rating_test import Asked, Confirmed, Connection, KeyTried, RatingTest, Told
from tests.device_drivers.protocols import shared_bus

WAIT_SECONDS = 10.0


class Listener:
    """What the test told, to wait on."""

    def __init__(self) -> None:
        self.events: list[Told] = []
        self.notes: list[tuple[str, str, str]] = []
        self._changed = threading.Condition()

    def tell(self, event: Told) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def note(self, action: str, target: str, outcome: str) -> None:
        self.notes.append((action, target, outcome))

    def of(self, kind: type) -> list[Told]:
        return [event for event in self.events if isinstance(event, kind)]

    def wait(self, wanted: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(wanted, WAIT_SECONDS), self.events

    def wait_asked(self, level: str, times: int = 1) -> None:
        self.wait(lambda: [event.level for event in self.events if isinstance(event, Asked)].count(level) >= times)

    @property
    def tried(self) -> list[KeyTried]:
        return [event for event in self.events if isinstance(event, KeyTried)]


@pytest.fixture
def device(tmp_path: Path) -> Iterator[SimulatedEvaluator]:
    with SimulatedEvaluator(shared_bus(), 0x81, tmp_path / "evaluator") as device:
        yield device


@pytest.fixture
def told() -> Listener:
    return Listener()


@pytest.fixture
def start(device: SimulatedEvaluator, told: Listener) -> Iterator[Callable[..., RatingTest]]:
    tests: list[RatingTest] = []

    def begin(*, asking: bool) -> RatingTest:
        settings = Evaluator(port=device.port, address=0x81)
        tests.append(RatingTest(settings, shared_bus(), told.tell, told.note if asking else None))
        tests[-1].start()
        told.wait(lambda: Connection(True, f"listening at {device.port}") in told.events)
        return tests[-1]

    yield begin
    for test in tests:
        test.close()


def test_a_key_is_told_with_its_level_and_how_long_it_took(
    start: Callable[..., RatingTest], device: SimulatedEvaluator, told: Listener
) -> None:
    test = start(asking=False)
    device.press("satisfied")
    told.wait(lambda: bool(told.tried))
    [tried] = told.tried
    assert (tried.level, tried.repeat, tried.asked, tried.right) == ("satisfied", 0, None, None)
    assert tried.latency_ms is not None
    assert 0 <= tried.latency_ms < 5_000
    assert test.asked is None
    assert test.counters.good == 1


def test_the_device_is_thanked_and_ends_repeating(
    start: Callable[..., RatingTest], device: SimulatedEvaluator, told: Listener
) -> None:
    start(asking=False)
    device.repeat_until_acknowledged = True
    device.press("satisfied")
    device.wait_heard("acknowledge")
    assert not device.is_repeating


def test_all_five_keys_in_turn_are_the_confirmation(
    start: Callable[..., RatingTest], device: SimulatedEvaluator, told: Listener
) -> None:
    test = start(asking=True)
    for level in LEVELS:
        told.wait_asked(level)
        assert told.notes == []
        device.press(level)
    told.wait(lambda: bool(told.of(Confirmed)))
    assert [tried.right for tried in told.tried] == [True] * 5
    assert told.notes == [(KEYS_CONFIRMED, shared_bus().sha256, "done")]
    assert told.of(Confirmed) == [Confirmed("shared-bus-68", shared_bus().sha256)]
    assert test.asked is None
    device.press("satisfied")
    told.wait(lambda: len(told.tried) == 6)
    assert told.tried[-1].asked is None, "after that it is a test like any other"


def test_a_wrong_key_begins_the_asking_anew(
    start: Callable[..., RatingTest], device: SimulatedEvaluator, told: Listener
) -> None:
    start(asking=True)
    told.wait_asked(LEVELS[0])
    device.press(LEVELS[0])
    told.wait_asked(LEVELS[1])
    device.press(LEVELS[4])
    told.wait_asked(LEVELS[0], times=2)
    assert [(tried.asked, tried.right) for tried in told.tried] == [(LEVELS[0], True), (LEVELS[1], False)]
    assert told.notes == []


def test_a_repeat_answers_no_asking(
    start: Callable[..., RatingTest], device: SimulatedEvaluator, told: Listener
) -> None:
    start(asking=True)
    told.wait_asked(LEVELS[0])
    device.press_joined(LEVELS[0], LEVELS[0], LEVELS[0])
    told.wait(lambda: len(told.tried) == 3)
    assert [(tried.repeat, tried.asked, tried.latency_ms is None) for tried in told.tried] == [
        (0, LEVELS[0], False),
        (1, None, True),
        (2, None, True),
    ]
    assert [event.level for event in told.of(Asked) if isinstance(event, Asked)] == [LEVELS[0], LEVELS[1]]


def test_a_device_that_comes_back_is_asked_for_the_same_key(
    start: Callable[..., RatingTest], device: SimulatedEvaluator, told: Listener
) -> None:
    test = start(asking=True)
    told.wait_asked(LEVELS[0])
    device.press(LEVELS[0])
    told.wait_asked(LEVELS[1])
    device.unplug()
    told.wait(lambda: any(isinstance(event, Connection) and not event.connected for event in told.events))
    assert test.detail
    device.plug()
    told.wait_asked(LEVELS[1], times=2)
