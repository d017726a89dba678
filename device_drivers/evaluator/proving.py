"""Proves a learned protocol file: each key once more, read as the app reads it."""

from collections.abc import Callable, Sequence

from device_drivers.evaluator.key_presses import KeyPress
from device_drivers.evaluator.key_proof import KeyProof
from device_drivers.evaluator.learner_ear import Ear, InterruptedLineError, chunk_of
from device_drivers.evaluator.learner_events import (
    PROOF,
    Ask,
    LearningFailedError,
    Patience,
    Told,
    Trouble,
    TroubleKind,
)
from device_drivers.evaluator.learning import Chunk, Heard, what_was_heard
from device_drivers.evaluator.protocol import LEVELS, EvaluatorProtocol
from device_drivers.serial_line import boottime

SECOND_CHANCES = 1
"""A person may press the wrong key once; a file that reads a key wrongly does it each time."""

_BEGIN_AGAIN = "nothing was written; learn again, and press each key alone and as asked"


class Proving:
    """One file at one port."""

    def __init__(
        self,
        ear: Ear,
        tell: Callable[[Told], None],
        patience: Patience,
        protocol: EvaluatorProtocol,
        background: Sequence[Chunk],
        repeated: tuple[str, tuple[Chunk, ...]] | None,
    ) -> None:
        """`repeated` is the key whose press the device still repeats, and how that sounds."""
        self._ear = ear
        self._tell = tell
        self._patience = patience
        self._protocol = protocol
        self._background = background
        self._repeated = repeated
        self._unanswered = 0
        self._proof = self._new_proof()

    def run(self) -> None:
        """Ask for the five keys. Raises `LearningFailedError` where one is not read as what it is."""
        self._be_quiet()
        for level in LEVELS:
            self._prove(level)

    def _new_proof(self) -> KeyProof:
        return KeyProof(self._protocol, None, boottime())

    def _be_quiet(self) -> None:
        """Hear the silence that some protocols need before a frame."""
        end = boottime() + (self._protocol.frames.quiet_ms or 0) / 1000 + self._proof.poll_seconds
        while boottime() < end:
            try:
                self._read()
            except InterruptedLineError:
                self._proof = self._new_proof()

    def _prove(self, level: str) -> None:
        chances = SECOND_CHANCES
        while (trouble := self._trouble_with(level)) is not None:
            if trouble.kind in {TroubleKind.MISREAD, TroubleKind.UNREAD}:
                if not chances:
                    raise LearningFailedError(f"{trouble.text}, again: {_BEGIN_AGAIN}")
                chances -= 1
            self._tell(Trouble(trouble.kind, f"{trouble.text}; press {level} again", level))

    def _trouble_with(self, level: str) -> Trouble | None:
        """Ask once; what is wrong with what came, if anything is."""
        try:
            return self._ask(level)
        except InterruptedLineError as error:
            self._proof = self._new_proof()
            return Trouble(TroubleKind.UNPLUGGED, f"the device was away ({error})", level)

    def _ask(self, level: str) -> Trouble | None:
        """Ask once, and listen until the press is over: a key that is let go is told by some devices, too."""
        self._tell(Ask(level, PROOF))
        asked_at = boottime()
        stale = self._repeated[1] if self._repeated else ()
        chunks: list[Chunk] = []
        read: list[str] = []
        while (state := what_was_heard(self._background, chunks, boottime(), stale)) is not Heard.WHOLE:
            if state is Heard.NOTHING_NEW and boottime() - asked_at >= self._patience.answer:
                return self._unanswered_by(level)
            presses, chunk = self._read()
            chunks += [chunk] if chunk else []
            read += [press.level for press in presses if self._is_answer(press, level, asked_at)]
        self._ear.show()
        self._unanswered = 0
        if not read:
            return Trouble(TroubleKind.UNREAD, f"{level} was not read by the new file", level)
        wrong = next((other for other in read if other != level), None)
        return Trouble(TroubleKind.MISREAD, f"{level} was read as {wrong}", level) if wrong else None

    def _is_answer(self, press: KeyPress, level: str, asked_at: float) -> bool:
        """Whether it is a press of now, and not what the device still repeats of an earlier one."""
        if press.repeat or press.at < asked_at:
            return False
        return self._repeated is None or press.level == level or press.level != self._repeated[0]

    def _read(self) -> tuple[list[KeyPress], Chunk | None]:
        before = boottime()
        heard = self._ear.hear(self._proof.poll_seconds)
        if heard is None:
            return self._proof.tick(before + self._proof.poll_seconds), None
        return self._proof.feed(heard.data, heard.at), chunk_of(heard)

    def _unanswered_by(self, level: str) -> Trouble:
        self._unanswered += 1
        if self._unanswered >= self._patience.unanswered:
            raise LearningFailedError(f"no key came, though {self._unanswered} times one was asked for: {_BEGIN_AGAIN}")
        return Trouble(TroubleKind.UNANSWERED, f"no key came within {self._patience.answer:g} s", level)
