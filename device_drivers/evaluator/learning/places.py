"""Where the frame of each press may stand: guesses, to be judged by what follows from them.

Three ways to guess, as none serves every device: what differs first from the background, the longest string that all
presses of a key have in common, and a place behind a constant string that tells the keys apart.
"""

from collections.abc import Callable, Iterable, Iterator
from operator import eq

from device_drivers.evaluator.learning.known import SILENCES
from device_drivers.evaluator.learning.recording import Recording, Window
from device_drivers.evaluator.learning.stream import places_of

Reference = tuple[int, ...]
"""For each asking the place of the same byte of its frame."""

MAX_STRING = 96
"""Frames are looked for up to so many bytes."""

_MOST_GUESSES = 12
_MOST_SIZES = 6
_BACK, _AHEAD = -24, 48
_MOST_ANCHORS = 400


def first_differences(recording: Recording) -> Iterator[Reference]:
    """The first, second, … burst in which something differs from the background, also by size."""
    for silence in SILENCES:
        heard = [_fresh_bursts(recording, fresh, silence) for fresh in recording.fresh]
        if not all(heard):
            return
        for number in range(min(3, *(len(bursts) for bursts in heard))):
            yield tuple(bursts[number][0] for bursts in heard)
        sizes = set[int].intersection(*({stop - start for start, stop in bursts} for bursts in heard))
        for size in sorted(sizes, reverse=True):
            yield tuple(next(start for start, stop in bursts if stop - start == size) for bursts in heard)
    yield tuple(fresh[0] for fresh in recording.fresh)


def _fresh_bursts(recording: Recording, fresh: tuple[int, ...], silence: float) -> list[tuple[int, int]]:
    return list(dict.fromkeys(recording.burst_at(place, silence) for place in fresh))


def common_strings(recording: Recording) -> Iterator[Reference]:
    """Strings that every press of a key has, and neither the background nor the key asked before."""
    by_size: list[dict[str, set[bytes]]] = []
    for size in range(1, MAX_STRING + 1):
        common = _common_strings(recording, size)
        if all(common.values()):
            by_size.append(common)
        elif by_size:
            break
    for common in by_size[: -_MOST_SIZES - 1 : -1]:
        yield from _aligned(recording, common)


def has_common_strings(recording: Recording, size: int) -> bool:
    """Whether all presses of each key have something of so many bytes in common that only they have."""
    return all(_common_strings(recording, size).values())


def _common_strings(recording: Recording, size: int) -> dict[str, set[bytes]]:
    background = _strings(recording.data[: recording.quiet_from], size)
    common: dict[str, set[bytes]] = {}
    before: set[bytes] = set()
    for window, stale in zip(recording.windows, recording.stale, strict=True):
        here = _strings(recording.data[window.start : window.stop], size)
        own = here - background - (before if stale else set())
        common[window.level] = common.get(window.level, own) & own
        before = here
    return common


def _strings(data: bytes, size: int) -> set[bytes]:
    return {data[place : place + size] for place in range(len(data) - size + 1)}


def _aligned(recording: Recording, common: dict[str, set[bytes]]) -> Iterator[Reference]:
    """For each string of one key the most similar ones of the others: so their bytes stand below each other."""
    first, *others = common

    def similar(one: bytes) -> tuple[int, list[bytes]]:
        best = [max(sorted(common[level]), key=lambda other: _agreeing(one, other)) for level in others]
        return sum(_agreeing(one, other) for other in best), [one, *best]

    guesses = sorted((similar(one) for one in sorted(common[first])[:40]), reverse=True)
    for _, strings in guesses[:2]:
        chosen = dict(zip(common, strings, strict=True))
        if len(set(strings)) == len(strings):
            yield tuple(recording.data.index(chosen[window.level], window.start) for window in recording.windows)


def _agreeing(one: bytes, other: bytes) -> int:
    return sum(map(eq, one, other))


def anchored(recording: Recording) -> Iterator[Reference]:
    """Places behind or before a constant string at which a byte, or two, tell the keys apart: for running counters."""
    guesses: list[tuple[int, Reference]] = []
    for anchor in _anchors(recording):
        places = [_places_in(recording, window, anchor) for window in recording.windows]
        for width in (1, 2):
            found = list(_telling(recording, places, width))
            guesses += [(len(anchor), reference) for reference in found]
            if found:
                break
    counted: dict[Reference, int] = {}
    for weight, reference in guesses:
        counted[reference] = counted.get(reference, 0) + weight
    yield from sorted(counted, key=lambda reference: -counted[reference])[:_MOST_GUESSES]


def _anchors(recording: Recording) -> Iterable[bytes]:
    """Strings of one to three bytes that every asking has, the longest first."""
    windows = [recording.data[window.start : window.stop] for window in recording.windows]
    anchors: list[bytes] = []
    for size in (3, 2, 1):
        anchors += sorted(set[bytes].intersection(*(_strings(data, size) for data in windows)))
    return anchors[:_MOST_ANCHORS]


def _places_in(recording: Recording, window: Window, anchor: bytes) -> list[int]:
    return [window.start + place for place in places_of(anchor, recording.data[window.start : window.stop])]


def _telling(recording: Recording, places: list[list[int]], width: int) -> Iterator[Reference]:
    """The anchors' places in the askings, for each distance at which something stands that tells the keys apart."""
    for distance in range(_BACK, _AHEAD):
        look = _looker(recording, distance, width)
        heard = [{look(place) for place in here} for here in places]
        if chosen := _distinct(recording.levels, heard):
            yield tuple(
                next(place for place in here if look(place) == chosen[level])
                for level, here in zip(recording.levels, places, strict=True)
            )


def _looker(recording: Recording, distance: int, width: int) -> Callable[[int], bytes]:
    def look(place: int) -> bytes:
        return recording.data[max(0, place + distance) : max(0, place + distance + width)]

    return look


def _distinct(levels: tuple[str, ...], heard: list[set[bytes]]) -> dict[str, bytes]:
    """What each key has at all its presses, if that is something else for each key; else nothing."""
    common: dict[str, set[bytes]] = {}
    for level, values in zip(levels, heard, strict=True):
        common[level] = common.get(level, values) & values
    chosen: dict[str, bytes] = {}
    for level, values in common.items():
        own = {
            value
            for value in values
            if value and not any(value in others for other, others in common.items() if other != level)
        }
        if len(own) != 1:
            return {}
        chosen[level] = own.pop()
    return chosen
