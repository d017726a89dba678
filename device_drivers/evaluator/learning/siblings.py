"""Other frames on the line that have the same form: heartbeats, key-up, other evaluators."""

from collections.abc import Iterable

from device_drivers.evaluator.learning.checksum_search import Rule
from device_drivers.evaluator.learning.columns import Column, Columns
from device_drivers.evaluator.learning.framing import Extent
from device_drivers.evaluator.learning.stream import bursts, places_of

MOST = 200


def look_alikes(columns: Columns, extent: Extent) -> list[bytes]:
    """Bytes of a frame's size that begin as the frame does, and are like it in half of what is always the same."""
    data = columns.recording.data
    size = extent.stop - extent.start
    constant = _constant(columns, extent)
    if columns.kinds[extent.start] is not Column.SAME:
        return []
    first = bytes([columns.values[extent.start][0]])
    found = (data[place : place + size] for place in places_of(first, data) if place + size <= len(data))
    own = set(columns.frames(extent.start, extent.stop))
    return list(dict.fromkeys(frame for frame in found if frame not in own and _is_like(frame, constant)))[:MOST]


def alone(columns: Columns, extent: Extent, quiet: float) -> list[bytes]:
    """The same, of what stands alone between silences."""
    wanted = set(look_alikes(columns, extent))
    return [burst.data for burst in bursts(columns.recording.chunks, quiet) if burst.data in wanted]


def widened(columns: Columns, extent: Extent, siblings: Iterable[bytes]) -> set[int]:
    """Columns that are the same in every press, but not in the siblings; never the first, by which frames are found."""
    constant = _constant(columns, extent)
    return {
        extent.start + place
        for frame in siblings
        for place, byte in constant.items()
        if frame[place] != byte and place > 0
    }


def valid(rule: Rule, extent: Extent, frames: Iterable[bytes]) -> list[bytes]:
    """Those of which the checksum is right."""
    return [frame for frame in frames if rule.holds(frame, extent.start)]


def _constant(columns: Columns, extent: Extent) -> dict[int, int]:
    """What is always the same, by its place in the frame."""
    return {
        column - extent.start: columns.values[column][0]
        for column in range(extent.start, extent.stop)
        if columns.kinds[column] is Column.SAME
    }


def _is_like(frame: bytes, constant: dict[int, int]) -> bool:
    return 2 * sum(frame[place] == byte for place, byte in constant.items()) >= len(constant)
