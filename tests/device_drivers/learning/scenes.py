"""What a line brings while an evaluator is learned: keys pressed as asked, and all that talks by itself."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from device_drivers.evaluator.learning import AskedPress, Chunk
from device_drivers.evaluator.protocol import LEVELS

Sent = tuple[float, bytes]
"""Seconds after a press, and what is sent then."""


@dataclass
class Talker:
    """Something that sends by itself, again and again."""

    message: Callable[[int], bytes]
    """What it sends the n-th time."""
    every: float
    first: float = 0.4


@dataclass
class Scene:
    """A device, its line, and the technician."""

    press: Callable[[str, int], Sequence[Sent]]
    """What a key sends when it is pressed as the n-th press of all."""
    talkers: Sequence[Talker] = ()
    pieces: float = 0.0
    """How often bytes come in pieces instead of all at once."""
    pause: float = 0.01
    """Longest silence between two pieces."""
    in_rounds: bool = False
    """Whether all keys are asked for once before the first is asked for again."""
    seconds_per_byte: float = 0.00104
    randomness: random.Random = field(default_factory=lambda: random.Random(1))

    def heard(self, background: float = 3.0) -> tuple[list[Chunk], list[AskedPress]]:
        """What is heard before the first asking, and for each asking."""
        asked = [(level, press) for level in LEVELS for press in (1, 2, 3)]
        if self.in_rounds:
            asked.sort(key=lambda pair: pair[1])
        events: list[Sent] = []
        now, starts = background, []
        for number, (level, _) in enumerate(asked):
            starts.append(now)
            pressed_at = now + 0.3 + self.randomness.random()
            sent = self.press(level, number)
            events += [(pressed_at + after, data) for after, data in sent]
            now = pressed_at + max(after for after, _ in sent) + 1.3
        for talker in self.talkers:
            count, at = 0, talker.first
            while at < now:
                events.append((at, talker.message(count)))
                count, at = count + 1, at + talker.every
        chunks = self.on_the_wire(sorted(events, key=lambda event: event[0]))
        bounds = [*starts, float("inf")]
        quiet = [chunk for chunk in chunks if chunk.at < starts[0]]
        presses = [
            AskedPress(
                level, press, tuple(chunk for chunk in chunks if bounds[number] <= chunk.at < bounds[number + 1])
            )
            for number, (level, press) in enumerate(asked)
        ]
        return quiet, presses

    def on_the_wire(self, events: Sequence[Sent]) -> list[Chunk]:
        """One after the other, as a line has no room for two at a time; glued where nothing lies between them."""
        chunks: list[Chunk] = []
        free_at = 0.0
        for at, data in events:
            begin = max(at, free_at)
            for piece in self._cut(data):
                if (
                    chunks
                    and begin - free_at < 1e-9
                    and begin == free_at
                    and self.randomness.random() < 0.5
                    and chunks[-1].at == free_at
                ):
                    chunks[-1] = Chunk(chunks[-1].data + piece, chunks[-1].at + len(piece) * self.seconds_per_byte)
                else:
                    chunks.append(Chunk(piece, begin + len(piece) * self.seconds_per_byte))
                free_at = chunks[-1].at
                begin = free_at + (self.randomness.random() * self.pause if self.pieces else 0.0)
        return chunks

    def _cut(self, data: bytes) -> list[bytes]:
        pieces = [data[:1]]
        for byte in data[1:]:
            if self.randomness.random() < self.pieces:
                pieces.append(bytes([byte]))
            else:
                pieces[-1] += bytes([byte])
        return pieces


def once(frame: Callable[[str], bytes]) -> Callable[[str, int], Sequence[Sent]]:
    """A device that sends a frame for a key and nothing else."""
    return lambda level, _: [(0.0, frame(level))]


def number_of(level: str) -> int:
    """5 for the best key to 1 for the worst."""
    return 5 - LEVELS.index(level)
