"""Asks a person for the presses of all five keys, and judges each as far as that is possible at once."""

from collections.abc import Callable
from dataclasses import dataclass, field

from device_drivers.evaluator.heard_presses import Essence, Likeness, essence, key_with, likeness, without
from device_drivers.evaluator.learner_ear import LOOK_SECONDS, Ear, InterruptedLineError, chunk_of
from device_drivers.evaluator.learner_events import (
    Ask,
    LearningFailedError,
    Patience,
    Told,
    Trouble,
    TroubleKind,
)
from device_drivers.evaluator.learning import AskedPress, Chunk, Heard, what_was_heard
from device_drivers.evaluator.protocol import LEVELS
from device_drivers.serial_line import boottime

PRESSES = (1, 2, 3)

_ENDLESS_TIMES = 3
_ENDLESS_SILENCE = 1.0
"""A press heard so often, and the last time less than so many seconds ago, is one that the device goes on repeating."""

_ONE_OF_A_KIND = 4
"""Frames of so many bytes that are the same for two keys are the device's own, and no garbage of a wrong speed."""


class WrongLineError(RuntimeError):
    """The line setting is not the device's; the message says what speaks for that."""

    def __init__(self, message: str, kind: TroubleKind) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class _Answer:
    """What came after one asking."""

    chunks: tuple[Chunk, ...]
    essence: Essence
    damaged: int
    is_endless: bool


@dataclass
class _Evidence:
    """What was heard at the present line setting."""

    background: list[Chunk] = field(default_factory=list)
    answers: dict[tuple[str, int], _Answer] = field(default_factory=dict)
    odd: set[bytes] = field(default_factory=set)
    """What was refused as odd; if it comes again it was none."""
    is_right: bool = False
    """Three presses of one key were alike: this is the device's setting."""


class Asking:
    """All askings for presses to learn from."""

    def __init__(self, ear: Ear, tell: Callable[[Told], None], patience: Patience) -> None:
        """Prepare; `begin` says what the line tells by itself."""
        self._ear = ear
        self._tell = tell
        self._patience = patience
        self._evidence = _Evidence()
        self._unanswered = 0
        self._last: tuple[str, _Answer] | None = None

    @property
    def background(self) -> list[Chunk]:
        """What the line tells by itself."""
        return self._evidence.background

    @property
    def is_steady(self) -> bool:
        """Whether any key sent exactly the same twice: then what is heard is no chance."""
        return any(
            len({self._evidence.answers[level, press].essence.data for press in PRESSES}) < len(PRESSES)
            for level in LEVELS
        )

    @property
    def repeated(self) -> tuple[str, tuple[Chunk, ...]] | None:
        """The key whose press the device still repeats, and how that sounds."""
        return (self._last[0], self._last[1].chunks) if self._last and self._last[1].is_endless else None

    def begin(self, background: list[Chunk]) -> None:
        """Forget all presses: at another line setting they would be others."""
        self._evidence = _Evidence(background)
        self._last = None

    def forget(self, level: str, press: int) -> None:
        """Ask for this press again."""
        self._evidence.answers.pop((level, press), None)

    def all_presses(self) -> list[AskedPress]:
        """Ask for what is missing. Raises `WrongLineError`, `LearningFailedError`, `LearningStoppedError`."""
        for level in LEVELS:
            while any((level, press) not in self._evidence.answers for press in PRESSES):
                for press in PRESSES:
                    if (level, press) not in self._evidence.answers:
                        self._evidence.answers[level, press] = self._good_answer(level, press)
                self._compare(level)
        return [
            AskedPress(level, press, self._evidence.answers[level, press].chunks)
            for level in LEVELS
            for press in PRESSES
        ]

    def _good_answer(self, level: str, press: int) -> _Answer:
        """Ask until something comes that may be this key."""
        for tries_left in reversed(range(self._patience.tries)):
            answer = self._answer(level, press)
            self._last = (level, answer)
            trouble = self._trouble_with(level, answer)
            if trouble is None:
                return answer
            self._tell(trouble)
            if not tries_left and trouble.kind is TroubleKind.OTHER_KEY and len(answer.essence.data) < _ONE_OF_A_KIND:
                raise WrongLineError("several keys sound the same", TroubleKind.GARBLED)
        raise LearningFailedError(
            f"{level} was asked for {self._patience.tries} times and never came as it should: each time it was "
            "damaged, or the same as another key; check the cable, then learn again"
        )

    def _trouble_with(self, level: str, answer: _Answer) -> Trouble | None:
        """Why the answer is none. Raises `WrongLineError` where the setting is to blame."""
        if answer.damaged:
            if not self._evidence.is_right:
                raise WrongLineError("what came was damaged", TroubleKind.GARBLED)
            return Trouble(TroubleKind.NOISE, f"what came was damaged on its way; press {level} again", level)
        other = key_with(answer.essence.data, self._keys_but(level))
        if other is None:
            return None
        return Trouble(TroubleKind.OTHER_KEY, f"that is what {other} sent; press {level}", level)

    def _keys_but(self, level: str) -> dict[str, list[bytes]]:
        keys: dict[str, list[bytes]] = {}
        for (other, _), answer in self._evidence.answers.items():
            if other != level:
                keys.setdefault(other, []).append(answer.essence.data)
        return keys

    def _compare(self, level: str) -> None:
        """Look at a key's three presses together; forget the one that is odd."""
        found, number = likeness([self._evidence.answers[level, press].essence.data for press in PRESSES])
        if found is Likeness.ALIKE:
            self._evidence.is_right = True
            return
        if found is Likeness.NOTHING:
            if not self._evidence.is_right:
                raise WrongLineError("three presses of one key have nothing in common", TroubleKind.GARBLED)
            for press in PRESSES:
                self.forget(level, press)
            text = f"three presses of {level} have nothing in common; press only this key, three times"
            self._tell(Trouble(TroubleKind.UNCLEAR, text, level))
            return
        odd = self._evidence.answers[level, number].essence.data
        if odd in self._evidence.odd:
            return
        self._evidence.odd.add(odd)
        self.forget(level, number)
        text = f"press {number} of {level} was unlike the two others; press {level} again"
        self._tell(Trouble(TroubleKind.ODD, text, level))

    # One asking.

    def _answer(self, level: str, press: int) -> _Answer:
        """Ask until something comes, also when the plug was pulled meanwhile."""
        while True:
            try:
                answer = self._ask(level, press)
            except InterruptedLineError:
                continue
            if answer is not None:
                self._unanswered = 0
                return answer
            self._tell_unanswered(level)

    def _ask(self, level: str, press: int) -> _Answer | None:
        """Ask once and listen until the press is over; None if none came."""
        self._tell(Ask(level, press))
        stale = self.repeated[1] if self.repeated and self.repeated[0] != level else ()
        chunks: list[Chunk] = []
        damaged = 0
        end = boottime() + self._patience.answer
        while (state := what_was_heard(self.background, chunks, boottime(), stale)) is not Heard.WHOLE:
            if state is Heard.NOTHING_NEW and boottime() >= end:
                return None
            if heard := self._ear.hear(LOOK_SECONDS):
                chunks.append(chunk_of(heard))
                damaged += heard.damaged
        self._ear.show()
        own = without(stale, chunks)
        what = essence([*self.background], own)
        is_endless = what.times >= _ENDLESS_TIMES and boottime() - chunks[-1].at < _ENDLESS_SILENCE
        return _Answer(tuple(own), what, damaged, is_endless)

    def _tell_unanswered(self, level: str) -> None:
        self._unanswered += 1
        if self._unanswered >= self._patience.unanswered:
            raise LearningFailedError(
                f"no key came, though {self._unanswered} times one was asked for; "
                "check that the evaluator has power and is at this port (kiosk-admin ports), then learn again"
            )
        waited = f"no key came within {self._patience.answer:g} s; check the evaluator's power and cable"
        if not self._evidence.answers:
            raise WrongLineError(waited, TroubleKind.UNANSWERED)
        self._tell(Trouble(TroubleKind.UNANSWERED, f"{waited}, then press {level}", level))
