"""Proves a learned protocol file: each key once more, read as the app reads it.

A press that is not read is also one more thing that was heard: where a file is possible that reads it and all before,
that one is proved instead. Only so a running number shows which of two checksums it is.
"""

from collections.abc import Callable

from device_drivers.evaluator.key_proof import KeyProof
from device_drivers.evaluator.learner_ear import Ear, InterruptedLineError
from device_drivers.evaluator.learner_events import (
    PROOF,
    Ask,
    FailureCode,
    LearningFailedError,
    Patience,
    Told,
    Trouble,
    TroubleKind,
)
from device_drivers.evaluator.learning import AskedPress, Learned
from device_drivers.evaluator.pressing import Answer, Pressing
from device_drivers.evaluator.protocol import LEVELS, EvaluatorProtocol
from device_drivers.serial_line import boottime

SECOND_CHANCES = 1
"""A person may press the wrong key once; a file that reads a key wrongly does it each time."""

_BEGIN_AGAIN = "nothing was written; learn again, and press each key alone and as asked"


class UnprovedError(LearningFailedError):
    """A key was not read as what it is."""


class BetterFileError(Exception):
    """Another file reads all that the present one reads, and what it does not."""

    def __init__(self, learned: Learned, witness: AskedPress) -> None:
        super().__init__("a better file was found")
        self.learned = learned
        self.witness = witness


class Proving:
    """One file at one port."""

    def __init__(
        self,
        ear: Ear,
        pressing: Pressing,
        tell: Callable[[Told], None],
        patience: Patience,
        protocol: EvaluatorProtocol,
        amend: Callable[[AskedPress], Learned | None],
    ) -> None:
        """`amend` looks for a file that also reads this press."""
        self._ear = ear
        self._pressing = pressing
        self._tell = tell
        self._patience = patience
        self._protocol = protocol
        self._amend = amend
        self._unanswered = 0
        self._proof = self._new_proof()

    def run(self) -> None:
        """Ask for the five keys. Raises `LearningFailedError` where one is not read right, or `BetterFileError`."""
        self._hear_silence()
        for level in LEVELS:
            self._prove(level)

    def _new_proof(self) -> KeyProof:
        return KeyProof(self._protocol, None, boottime())

    def _hear_silence(self) -> None:
        """Some protocols need it before a frame."""
        poll = self._proof.poll_seconds
        end = boottime() + (self._protocol.frames.quiet_ms or 0) / 1000 + poll
        while (now := boottime()) < end:
            try:
                heard = self._ear.hear(poll)
            except InterruptedLineError:
                self._proof = self._new_proof()
                continue
            if heard:
                self._proof.feed(heard.data, heard.at)
            else:
                self._proof.tick(now + poll)

    def _prove(self, level: str) -> None:
        chances = SECOND_CHANCES
        while (trouble := self._trouble_with(level)) is not None:
            if trouble.kind in {TroubleKind.MISREAD, TroubleKind.UNREAD}:
                if not chances:
                    raise UnprovedError(f"{trouble.text}, again: {_BEGIN_AGAIN}", FailureCode.UNPROVED, level=level)
                chances -= 1
            self._tell(Trouble(trouble.kind, f"{trouble.text}; press {level} again", level))

    def _trouble_with(self, level: str) -> Trouble | None:
        """Ask once; what is wrong with what came, if anything is."""
        self._proof.begin_press()
        self._tell(Ask(level, PROOF))
        try:
            answer = self._pressing.listen(level, self._proof)
        except InterruptedLineError as error:
            self._proof = self._new_proof()
            return Trouble(TroubleKind.UNPLUGGED, f"the device was away ({error})", level)
        if answer is None:
            return self._unanswered_by(level)
        self._unanswered = 0
        trouble = self._reading_fault(level, answer)
        if trouble is not None and not answer.damaged:
            witness = AskedPress(level, PROOF, answer.chunks)
            if (learned := self._amend(witness)) is not None:
                raise BetterFileError(learned, witness)
        return trouble

    def _reading_fault(self, level: str, answer: Answer) -> Trouble | None:
        read = [press.level for press in answer.read]
        if not read:
            return Trouble(TroubleKind.UNREAD, f"{level} was not read by the new file", level)
        wrong = next((other for other in read if other != level), None)
        return Trouble(TroubleKind.MISREAD, f"{level} was read as {wrong}", level) if wrong else None

    def _unanswered_by(self, level: str) -> Trouble:
        self._unanswered += 1
        if self._unanswered >= self._patience.unanswered:
            text = f"no key came, though {self._unanswered} times one was asked for: {_BEGIN_AGAIN}"
            raise LearningFailedError(text, FailureCode.NO_KEY, times=self._unanswered)
        return Trouble(TroubleKind.UNANSWERED, f"no key came within {self._patience.answer:g} s", level)
