"""Presses the keys of a simulated evaluator as the learner asks for them."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from device_drivers.evaluator.learner import Learner
from device_drivers.evaluator.learner_events import (
    Ask,
    HeardBytes,
    LearningFailedError,
    LearningStoppedError,
    Patience,
    Result,
    Told,
    Trouble,
    TroubleKind,
)
from device_drivers.evaluator.learning import Note, known, listening
from device_drivers.evaluator.protocol import EvaluatorProtocol
from device_drivers.simulated.evaluator import SimulatedEvaluator

SHORT = Patience(answer=1.5, plug=5.0)
"""For asking that nobody answers: nothing that is tested comes later."""


class Jig:
    """A technician at a device. `answer` may be replaced by one who errs."""

    def __init__(self, device: SimulatedEvaluator, evaluators: Path) -> None:
        self.device = device
        self.evaluators = evaluators
        self.told: list[Told] = []
        self.answer: Callable[[Ask, int], None] = lambda ask, _: self.device.press(ask.level)
        """Called with each asking and how often the same was asked for before."""
        self.learner: Learner | None = None
        self.port: str | None = None

    def learn(self, name: str | None = None, *, replace: bool = False, patience: Patience = SHORT) -> Path:
        """Learn, in this thread."""
        port = self.port or self.device.port
        self.learner = Learner(port, self.evaluators, name, self._tell, replace=replace, patience=patience)
        return self.learner.run()

    def failure(self, name: str | None = None, *, patience: Patience = SHORT) -> str:
        """Learn, in vain; returns the one line."""
        with pytest.raises((LearningFailedError, LearningStoppedError)) as failed:
            self.learn(name, patience=patience)
        assert len(str(failed.value).splitlines()) == 1
        assert not any(isinstance(told, Result) for told in self.told)
        return str(failed.value)

    @property
    def asked(self) -> list[tuple[str, int]]:
        return [(told.level, told.press) for told in self.told if isinstance(told, Ask)]

    @property
    def troubles(self) -> list[TroubleKind]:
        return [told.kind for told in self.told if isinstance(told, Trouble)]

    @property
    def notes(self) -> list[str]:
        return [told.text for told in self.told if isinstance(told, Note)]

    @property
    def heard(self) -> bytes:
        return b"".join(told.data for told in self.told if isinstance(told, HeardBytes))

    def _tell(self, told: Told) -> None:
        before = self.told.count(told)
        self.told.append(told)
        if isinstance(told, Ask):
            self.answer(told, before)


def hasten(monkeypatch: pytest.MonkeyPatch, *, settled: float = 0.15, endless: float = 4.0) -> None:
    """A machine presses at once and never twice, so nobody has to wait for what a person may still do."""
    for module in (known, listening):
        monkeypatch.setattr(module, "SETTLED_SECONDS", settled)
    monkeypatch.setattr(listening, "LISTEN_SECONDS", 0.4)
    monkeypatch.setattr(listening, "ENDLESS_SECONDS", endless)


def later(seconds: float, act: Callable[[], None]) -> None:
    """What a device or a person does by itself after a while."""
    threading.Timer(seconds, act).start()


def device_of(protocol: EvaluatorProtocol, link: Path, address: int | None = 0x81) -> SimulatedEvaluator:
    return SimulatedEvaluator(protocol, address if protocol.has_address else None, link)
