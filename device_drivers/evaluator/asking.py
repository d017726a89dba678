"""Asks a person for the presses of all five keys, and judges each as far as that is possible at once."""

from collections.abc import Callable
from dataclasses import dataclass, field

from device_drivers.evaluator.heard_presses import Likeness, compare, key_with
from device_drivers.evaluator.learner_ear import InterruptedLineError
from device_drivers.evaluator.learner_events import (
    Ask,
    FailureCode,
    LearningFailedError,
    Patience,
    Told,
    Trouble,
    TroubleKind,
)
from device_drivers.evaluator.learning import AskedPress, Chunk
from device_drivers.evaluator.line_trials import WrongLine, slower_by
from device_drivers.evaluator.pressing import Answer, Pressing
from device_drivers.evaluator.protocol import LEVELS

PRESSES = (1, 2, 3)

_SCANTY_BYTES = 2

_DOUBTS = 4
"""So many presses that are odd or like another key's are no person's errors."""


class WrongLineError(RuntimeError):
    """The line setting is not the device's; the message says what speaks for that."""

    def __init__(self, message: str, reason: WrongLine, times_slower: int = 1) -> None:
        super().__init__(message)
        self.reason = reason
        self.times_slower = times_slower
        """How many times slower the device seems to be."""


@dataclass
class _Evidence:
    """What was heard at the present line setting."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    """By key, in the order in which they came."""
    chosen: dict[str, tuple[Answer, ...]] = field(default_factory=dict)
    """Of each key that is done, three that are its own."""
    strays: dict[bytes, set[str]] = field(default_factory=dict)
    """What was odd, and at which keys."""
    messages: set[bytes] = field(default_factory=set)
    """All that was heard after an asking, each once."""
    doubts: int = 0
    """How often a press was odd, or sounded like another key."""

    @property
    def is_scanty(self) -> bool:
        """Whether what was heard may be all that passes of a device much too fast: a byte here and there."""
        return max(map(len, self.messages), default=0) <= _SCANTY_BYTES

    @property
    def is_right(self) -> bool:
        """Whether three presses of one key were alike: this is the device's setting."""
        return bool(self.chosen)


class Asking:
    """All askings for presses to learn from."""

    def __init__(self, pressing: Pressing, tell: Callable[[Told], None], patience: Patience) -> None:
        """Prepare; `begin` comes first."""
        self._pressing = pressing
        self._tell = tell
        self._patience = patience
        self._evidence = _Evidence()
        self._unanswered = 0
        self._askings = 0
        self.doubts_count = True
        """Whether doubts speak against the line setting; else it is the last that can be tried."""

    @property
    def may_be_garbage(self) -> bool:
        """Whether presses were odd or sounded like other keys, or no key ever sent the same twice."""
        chosen = self._evidence.chosen.values()
        is_steady = any(len({answer.essence.data for answer in three}) < len(PRESSES) for three in chosen)
        return self.doubts_count and (self._evidence.doubts > 0 or not is_steady)

    def begin(self) -> None:
        """Forget all presses: at another line setting they would be others."""
        self._evidence = _Evidence()

    def forget(self, level: str, press: int) -> None:
        """Ask for this press again."""
        three = self._evidence.chosen.pop(level, ())
        self._evidence.answers[level] = [answer for number, answer in enumerate(three, 1) if number != press]

    def all_presses(self) -> list[AskedPress]:
        """Ask for what is missing. Raises `WrongLineError`, `LearningFailedError`, `LearningStoppedError`."""
        for level in LEVELS:
            if level not in self._evidence.chosen:
                self._evidence.chosen[level] = self._three_of(level)
        return [
            AskedPress(level, press, answer.chunks)
            for level in LEVELS
            for press, answer in enumerate(self._evidence.chosen[level], 1)
        ]

    def _three_of(self, level: str) -> tuple[Answer, ...]:
        """Ask for one key until three presses are its own."""
        answers = self._evidence.answers.setdefault(level, [])
        again = PRESSES[-1]
        for _ in range(len(PRESSES) + self._patience.tries):
            answers.append(self._good_answer(level, min(len(answers) + 1, again)))
            if len(answers) < len(PRESSES):
                continue
            found = compare([answer.essence.data for answer in answers])
            if found.likeness is Likeness.ALIKE:
                self._remember_strays(level, [answers[index] for index in found.odd])
                return tuple(answers[index] for index in found.chosen)
            if found.likeness is Likeness.NOTHING:
                self._begin_key_again(level)
                answers.clear()
            else:
                self._doubt()
                again = found.odd[0] + 1 if len(answers) == len(PRESSES) else again
                text = f"press {again} of {level} was unlike the others; press {level} again"
                self._tell(Trouble(TroubleKind.ODD, text, level))
        raise LearningFailedError(
            f"{level} was pressed often and no three presses are the same; check the cable, and press one key "
            "at a time",
            FailureCode.NOT_ALIKE,
            level=level,
        )

    def _begin_key_again(self, level: str) -> None:
        if not self._evidence.is_right:
            raise WrongLineError("three presses of one key have nothing in common", WrongLine.DOUBTS)
        text = f"the presses of {level} have nothing in common; press only this key"
        self._tell(Trouble(TroubleKind.UNCLEAR, text, level))

    def _remember_strays(self, level: str, odd: list[Answer]) -> None:
        """What comes at several keys and is none of theirs is a slow heartbeat, or another device."""
        for answer in odd:
            levels = self._evidence.strays.setdefault(answer.essence.data, set())
            levels.add(level)
            if len(levels) > 1:
                self._pressing.background.append(Chunk(answer.essence.data, answer.chunks[0].at))

    def _good_answer(self, level: str, press: int) -> Answer:
        """Ask until something comes that may be this key."""
        for _ in range(self._patience.tries):
            answer = self._answer(level, press)
            trouble = self._trouble_with(level, answer)
            if trouble is None:
                return answer
            self._tell(trouble)
        raise LearningFailedError(
            f"{level} was asked for {self._patience.tries} times and never came as it should: each time it was "
            "damaged, or the same as another key; check the cable, then learn again",
            FailureCode.NEVER_RIGHT,
            level=level,
            times=self._patience.tries,
        )

    def _doubt(self) -> None:
        """A person errs now and then; at a wrong speed it does not end."""
        self._evidence.doubts += 1
        if self.doubts_count and self._evidence.doubts >= _DOUBTS:
            times = slower_by(self._evidence.messages, is_sure=False)
            raise WrongLineError("presses of one key differ, or those of two are the same", WrongLine.DOUBTS, times)

    def _listen_for_slowness(self, answer: Answer) -> None:
        self._evidence.messages.add(answer.essence.data)
        times = slower_by(self._evidence.messages)
        if self.doubts_count and times > 1:
            raise WrongLineError(f"what comes sounds like a device {times} times slower", WrongLine.DOUBTS, times)

    def _trouble_with(self, level: str, answer: Answer) -> Trouble | None:
        """Why the answer is none. Raises `WrongLineError` where the setting is to blame."""
        if answer.damaged:
            if not self._evidence.is_right:
                raise WrongLineError("what came was damaged", WrongLine.DAMAGE)
            return Trouble(TroubleKind.NOISE, f"what came was damaged on its way; press {level} again", level)
        self._listen_for_slowness(answer)
        other = key_with(answer.essence.data, self._keys_but(level))
        if other is None:
            return None
        self._doubt()
        return Trouble(TroubleKind.OTHER_KEY, f"that is what {other} sent; press {level}", level)

    def _keys_but(self, level: str) -> dict[str, list[bytes]]:
        return {
            other: [answer.essence.data for answer in three]
            for other, three in self._evidence.chosen.items()
            if other != level
        }

    def _answer(self, level: str, press: int) -> Answer:
        """Ask until something comes, also when the plug was pulled meanwhile."""
        while True:
            self._askings += 1
            if self._askings > self._patience.askings:
                raise LearningFailedError(
                    f"after {self._patience.askings} presses nothing fits together; look up speed and frames in the "
                    "device's manual, and write its file by hand",
                    FailureCode.NOTHING_FITS,
                    presses=self._patience.askings,
                )
            self._tell(Ask(level, press))
            try:
                answer = self._pressing.listen(level)
            except InterruptedLineError:
                continue
            if answer is not None:
                self._unanswered = 0
                return answer
            self._tell_unanswered(level)

    def _tell_unanswered(self, level: str) -> None:
        self._unanswered += 1
        is_long = self._unanswered >= self._patience.unanswered
        was_heard = any(self._evidence.answers.values())
        if is_long and not (was_heard and self._evidence.is_scanty):
            raise LearningFailedError(
                f"no key came, though {self._unanswered} times one was asked for; "
                "check that the evaluator has power and is at this port (kiosk-admin ports), then learn again",
                FailureCode.NO_KEY,
                times=self._unanswered,
            )
        waited = f"no key came within {self._patience.answer:g} s; check the evaluator's power and cable"
        if not was_heard or is_long:
            raise WrongLineError(waited, WrongLine.SILENCE)
        self._tell(Trouble(TroubleKind.UNANSWERED, f"{waited}, then press {level}", level))
