"""Listens to one press from its asking until it is over, while heartbeats and other devices go on."""

from dataclasses import dataclass

from device_drivers.evaluator.heard_presses import Essence, essence, without
from device_drivers.evaluator.key_presses import KeyPress
from device_drivers.evaluator.key_proof import KeyProof
from device_drivers.evaluator.learner_ear import LOOK_SECONDS, Ear, chunk_of
from device_drivers.evaluator.learning import Chunk, Heard, known, listening, what_was_heard
from device_drivers.evaluator.learning.stream import joined
from device_drivers.serial_line import boottime

_REPEATED_TIMES = 3


@dataclass(frozen=True)
class Answer:
    """What came after one asking."""

    chunks: tuple[Chunk, ...]
    essence: Essence
    damaged: int
    """How many bytes came with an error of the line."""
    goes_on: bool
    """The device repeats this press, and will go on doing so."""
    read: tuple[KeyPress, ...] = ()
    """What a file under proof reads in it."""


class Pressing:
    """One press after the other, at one line."""

    def __init__(self, ear: Ear, answer_seconds: float) -> None:
        """`answer_seconds`: so long a press is waited for."""
        self._ear = ear
        self._answer_seconds = answer_seconds
        self.background: list[Chunk] = []
        """What the line tells by itself."""
        self._last: tuple[str, Answer] | None = None

    def begin(self, background: list[Chunk]) -> None:
        """Forget what was pressed."""
        self.background = background
        self._last = None

    def still_repeated(self, level: str) -> tuple[Chunk, ...]:
        """What the device may still repeat of another key while this one is asked for."""
        if self._last is None or self._last[0] == level or not self._last[1].goes_on:
            return ()
        return self._last[1].chunks

    def listen(self, level: str, proof: KeyProof | None = None) -> Answer | None:
        """What comes of this key, which was just asked for, until it is over; None if nothing new comes.

        Raises `InterruptedLineError`, `LearningStoppedError`.
        """
        asked_at = boottime()
        stale = self.still_repeated(level)
        poll = min(LOOK_SECONDS, proof.poll_seconds) if proof else LOOK_SECONDS
        chunks: list[Chunk] = []
        read: list[KeyPress] = []
        damaged = 0
        while (state := what_was_heard(self.background, chunks, boottime(), stale)) is not Heard.WHOLE:
            if state is Heard.NOTHING_NEW and boottime() - asked_at >= self._answer_seconds:
                return None
            before = boottime()
            if heard := self._ear.hear(poll):
                chunks.append(chunk_of(heard))
                damaged += heard.damaged
            if proof:
                read += proof.feed(heard.data, heard.at) if heard else proof.tick(before + poll)
        self._ear.show()
        own = without(stale, chunks)
        what = essence(self.background, own)
        repeated = joined(stale)
        presses = tuple(
            press for press in read if press.repeat == 0 and press.at >= asked_at and press.frame not in repeated
        )
        answer = Answer(tuple(own), what, damaged, _goes_on(chunks, what), presses)
        self._last = (level, answer)
        return answer


def _goes_on(chunks: list[Chunk], what: Essence) -> bool:
    """Whether the press was left while it was repeated, and not because there was silence."""
    now = boottime()
    is_silent = now - chunks[-1].at >= known.SETTLED_SECONDS
    return what.times >= _REPEATED_TIMES and not is_silent and now - chunks[0].at >= listening.ENDLESS_SECONDS
