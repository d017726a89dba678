"""Tells, while the technician presses, whether a press was heard and whether it is over.

Heartbeats and other devices go on all the time, so silence alone says nothing: what was heard before the first asking
is known, and only what differs from it is a press. What was heard of a heartbeat when an asking began, and what is
heard of one that is not finished, is known too.
"""

from collections.abc import Sequence
from enum import Enum

from device_drivers.evaluator.learning.known import SETTLED_SECONDS, SILENCES, Known, fresh_bytes
from device_drivers.evaluator.learning.samples import Chunk
from device_drivers.evaluator.learning.stream import bursts

ENDLESS_SECONDS = 4.0
"""A device that repeats its press for longer will not stop without an acknowledgement."""

LISTEN_SECONDS = 3.0
LISTEN_LONGEST_SECONDS = 12.0
"""How long to listen before the first asking, at least and at most."""


class Heard(Enum):
    """What an asking has brought so far."""

    NOTHING_NEW = "nothing new"
    """Silence, heartbeats, other devices: go on waiting."""
    PRESSING = "pressing"
    """Something that was not heard before, and it may not be over."""
    WHOLE = "whole"
    """A press and all its repeats: the next may be asked for."""


def what_was_heard(
    background: Sequence[Chunk], chunks: Sequence[Chunk], now: float, before: Sequence[Chunk] = ()
) -> Heard:
    """What the chunks since the asking mean at `now` (seconds).

    `background` was heard before the first asking; `before` since the asking before this one, if that was for another
    key: a device that repeats until it is acknowledged may still repeat that one.
    """
    arrivals = [chunk.at for chunk in chunks for _ in chunk.data]
    fresh = fresh_bytes(Known.of(background, before), chunks, now)
    new = [at for at, is_new in zip(arrivals, fresh, strict=True) if is_new]
    if not new:
        return Heard.NOTHING_NEW
    if now - new[-1] >= SETTLED_SECONDS or now - new[0] >= ENDLESS_SECONDS:
        return Heard.WHOLE
    return Heard.PRESSING


def background_is_enough(background: Sequence[Chunk], began: float, now: float) -> bool:
    """Whether the first asking may come: what talks by itself was heard often enough to be known again."""
    if now - began < LISTEN_SECONDS:
        return False
    if now - began >= LISTEN_LONGEST_SECONDS or not background:
        return True
    sizes = [len(burst.data) for burst in bursts(background, SILENCES[1])]
    return all(sizes.count(size) >= 3 for size in sizes)
