"""Plays what was heard to the real reader, as the driver would, and demands that it reads what was asked."""

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from device_drivers.evaluator.frame_reader import Counters, FrameReader, frame_reader
from device_drivers.evaluator.key_presses import KeyPress, KeyPresses
from device_drivers.evaluator.learning.recording import Recording
from device_drivers.evaluator.protocol import EvaluatorProtocol

_AFTERWARDS_SECONDS = 5.0
"""The silence after the last press."""


@dataclass
class Outcome:
    """What the reader made of it."""

    is_right: bool = True
    """Whether the background gave nothing, and each asked press nothing but its level."""
    missed: list[int] = field(default_factory=list)
    """The askings of which no press was read, by their numbers."""
    extra: int = 0
    """Presses beyond one for each asking: a device that repeats too slowly, or with other bytes."""
    repeats: int = 0
    repeat_gaps: list[float] = field(default_factory=list)
    counters: Counters = field(default_factory=Counters)


def replay(protocol: EvaluatorProtocol, recording: Recording) -> Outcome:
    """Read everything that was heard by this protocol."""
    outcome = Outcome()
    heard = _presses(protocol, recording, outcome.counters)
    begins = [_begin(recording, number) for number in range(len(recording.presses))]
    by_window: list[list[tuple[KeyPress, float]]] = [[] for _ in begins]
    for press, at in heard:
        window = bisect_right(begins, at) - 1
        if window < 0:
            outcome.is_right = False
            return outcome
        by_window[window].append((press, at))
    for number, presses in enumerate(by_window):
        _judge(recording, number, presses, outcome)
    return outcome


def _begin(recording: Recording, number: int) -> float:
    """When the first bytes of an asking came; an asking without any ends where the next begins."""
    later = (chunk.at for asked in recording.presses[number:] for chunk in asked.chunks)
    return next(later, float("inf"))


def _presses(protocol: EvaluatorProtocol, recording: Recording, counters: Counters) -> list[tuple[KeyPress, float]]:
    quiet = (protocol.frames.quiet_ms or 0) / 1000
    last = recording.chunks[0].at - _AFTERWARDS_SECONDS
    reader = frame_reader(protocol.frames, counters, last)
    presses = KeyPresses(protocol, None)
    found: list[tuple[KeyPress, float]] = []
    for chunk in recording.chunks:
        if chunk.at - last >= quiet:
            _take(reader, presses, counters, None, chunk.at, found)
        _take(reader, presses, counters, chunk.data, chunk.at, found)
        last = chunk.at
    _take(reader, presses, counters, None, last + _AFTERWARDS_SECONDS, found)
    return found


def _take(
    reader: FrameReader,
    presses: KeyPresses,
    counters: Counters,
    data: bytes | None,
    at: float,
    found: list[tuple[KeyPress, float]],
) -> None:
    frames = reader.tick(at) if data is None else reader.feed(data, at)
    for frame in frames:
        _, press = presses.take(frame, counters)
        if press is not None:
            found.append((press, frame.at))


def _judge(recording: Recording, number: int, presses: list[tuple[KeyPress, float]], outcome: Outcome) -> None:
    """Demand the asked key, perhaps after repeats of the one asked before."""
    level = recording.presses[number].level
    before = recording.presses[number - 1].level if number else ""
    own = list(presses)
    while own and own[0][0].level == before != level and own[0][0].repeat:
        del own[0]
    if any(press.level != level for press, _ in own):
        outcome.is_right = False
    if not own:
        outcome.missed.append(number)
    outcome.extra += max(0, len({press.press_id for press, _ in own if not press.repeat}) - 1)
    outcome.repeats = max(outcome.repeats, len(own) - 1)
    times = [at for _, at in own]
    outcome.repeat_gaps += [after - before for before, after in pairwise(times)]
