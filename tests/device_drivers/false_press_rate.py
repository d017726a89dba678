"""How many presses random bytes make: the measure of what a protocol's checksum, or its silence, is worth."""

import random

from device_drivers.evaluator.frame_reader import Counters, frame_reader
from device_drivers.evaluator.key_presses import KeyPresses
from device_drivers.evaluator.protocol import EvaluatorProtocol

CHUNK_BYTES = 64
ADDRESS = 0x81


def false_presses(protocol: EvaluatorProtocol, count: int, seed: int, *, alone: bool = False) -> int:
    """Presses that `count` random bytes make.

    They come without a pause, as from a broken cable or a wrong speed; or, where `alone` is set, in bursts of just one
    frame's size with silence around each: the worst that can happen to a protocol that has nothing but silence.
    """
    randomness = random.Random(seed)
    counters = Counters()
    reader = frame_reader(protocol.frames, counters, opened_at=0.0)
    presses = KeyPresses(protocol, ADDRESS if protocol.has_address else None)
    size = protocol.frames.size if alone else CHUNK_BYTES
    told = 0
    for number in range(count // size):
        # Ten seconds apart, so that no false press is taken for the repeat of another.
        at = 10.0 * number
        frames = reader.tick(at) if alone else []
        frames += reader.feed(randomness.randbytes(size), at)
        told += sum(presses.take(frame, counters)[1] is not None for frame in frames)
    told += sum(presses.take(frame, counters)[1] is not None for frame in reader.tick(10.0 * count))
    return told
