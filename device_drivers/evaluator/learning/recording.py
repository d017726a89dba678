"""Everything that was heard, from the background to the last press, as one string of bytes."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from device_drivers.evaluator.learning.known import FRAGMENT_SECONDS, SETTLED_SECONDS, Known, fresh_bytes
from device_drivers.evaluator.learning.samples import AskedPress, Chunk
from device_drivers.evaluator.learning.stream import joined


@dataclass(frozen=True)
class Window:
    """What was heard for one asking: a piece of the whole."""

    level: str
    press: int
    start: int
    stop: int


@dataclass(frozen=True)
class Recording:
    """The whole, and where each asking begins and ends in it."""

    background: tuple[Chunk, ...]
    presses: tuple[AskedPress, ...]

    @classmethod
    def of(cls, background: Sequence[Chunk], presses: Sequence[AskedPress]) -> "Recording":
        """Put together what was heard, in the order in which it was: a press may have been asked for again later."""
        in_order = sorted(presses, key=lambda asked: asked.chunks[0].at if asked.chunks else math.inf)
        return cls(tuple(background), tuple(in_order))

    @cached_property
    def chunks(self) -> tuple[Chunk, ...]:
        """All of them in the order of their times."""
        return (*self.background, *(chunk for asked in self.presses for chunk in asked.chunks))

    @cached_property
    def data(self) -> bytes:
        """All bytes."""
        return joined(self.chunks)

    @cached_property
    def gaps(self) -> tuple[float, ...]:
        """Seconds of silence before each byte, and without end after the last."""
        gaps: list[float] = []
        last = -math.inf
        for chunk in self.chunks:
            if chunk.data:
                gaps += [chunk.at - last, *[0.0] * (len(chunk.data) - 1)]
                last = chunk.at
        return (*gaps, math.inf)

    @cached_property
    def times(self) -> tuple[float, ...]:
        """When each byte was read."""
        return tuple(chunk.at for chunk in self.chunks for _ in chunk.data)

    @cached_property
    def quiet_from(self) -> int:
        """How many bytes the background has."""
        return len(joined(self.background))

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """One for each asking."""
        windows: list[Window] = []
        start = self.quiet_from
        for asked in self.presses:
            stop = start + len(joined(asked.chunks))
            windows.append(Window(asked.level, asked.press, start, stop))
            start = stop
        return tuple(windows)

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """The key of each window."""
        return tuple(window.level for window in self.windows)

    @cached_property
    def fresh(self) -> tuple[tuple[int, ...], ...]:
        """For each window the places of bytes that were not heard before the asking."""
        return tuple(places for places, _ in self._heard)

    @cached_property
    def stale(self) -> tuple[bool, ...]:
        """For each window whether the key asked for before, another one, may still have been repeated in it."""
        return tuple(stale for _, stale in self._heard)

    @cached_property
    def _heard(self) -> tuple[tuple[tuple[int, ...], bool], ...]:
        found: list[tuple[tuple[int, ...], bool]] = []
        last_new, before = -math.inf, AskedPress("", 0, ())
        for window, asked in zip(self.windows, self.presses, strict=True):
            arrivals = [chunk.at for chunk in asked.chunks for _ in chunk.data]
            stale = bool(arrivals) and asked.level != before.level and arrivals[0] - last_new < SETTLED_SECONDS
            known = Known.of(self.background, before.chunks if stale else ())
            cut = self.gaps[window.start] < FRAGMENT_SECONDS
            end = arrivals[-1] + FRAGMENT_SECONDS if arrivals else 0.0
            flags = fresh_bytes(known, asked.chunks, end, cut=cut)
            places = [place for place, flag in enumerate(flags) if flag]
            found.append((tuple(window.start + place for place in places), stale))
            last_new, before = arrivals[places[-1]] if places else last_new, asked
        return tuple(found)

    def burst_at(self, place: int, silence: float) -> tuple[int, int]:
        """Where the burst around a byte begins and ends."""
        edges = self._edges(silence)
        number = bisect_right(edges, place)
        return edges[number - 1], edges[number]

    def _edges(self, silence: float) -> list[int]:
        """Where bursts begin, and the end of the last."""
        if silence not in self._known_edges:
            self._known_edges[silence] = [place for place, gap in enumerate(self.gaps) if gap >= silence]
        return self._known_edges[silence]

    @cached_property
    def _known_edges(self) -> dict[float, list[int]]:
        return {}
