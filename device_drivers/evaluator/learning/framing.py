"""Where a frame begins and ends: where the line pauses, where constant bytes begin, where what varies ends."""

from dataclasses import dataclass
from itertools import product

from device_drivers.evaluator.learning.checksum_search import Rule
from device_drivers.evaluator.learning.columns import Column, Columns

_WEIGHTS = ((0.045, 1.0), (0.02, 0.5), (0.008, 0.25))
"""How much a silence of so many seconds speaks for an end of a frame: shorter ones also part a frame's pieces."""

_EDGE = 15.0
_CHANGE = 5.0
_INNER = 8.0
_REPEATED = 30.0
_CHECKSUM = 25.0
_TWIN = 5.0
_AFTER_CHECKSUM = 12.0
_UNCOVERED = 6.0
_LATE_EACH_SECOND = 10.0
_LATEST = 3.0
_FAR = 25.0
"""What is so much less likely than the likeliest is not looked at."""

_UNPROVED = 2.0
_MOST_CHANGING = 12
"""A frame changes in so many bytes at most: a counter, a time, a checksum. What changes more is not one frame."""

_MOST_ENDS = 8


@dataclass(frozen=True)
class Extent:
    """A frame from one column to before another, and how much speaks for it."""

    start: int
    stop: int
    weight: float


def extents(columns: Columns) -> list[Extent]:
    """Frames that tell the keys apart, the likeliest first."""
    edges = {column: _edge(columns, column) for column in range(columns.first, columns.stop + 1)}
    starts = sorted(edges, key=lambda column: (-_start_weight(columns, edges, column), column))
    stops = sorted(edges, key=lambda column: (-_stop_weight(columns, edges, column), -column))
    found = {}
    for start, stop in product(starts[:_MOST_ENDS], stops[: 2 * _MOST_ENDS]):
        for end in (stop, _end_of_first(columns, start, stop)):
            if start < end and columns.tells_keys(start, end) and _changing(columns, start, end) <= _MOST_CHANGING:
                found[start, end] = Extent(start, end, _weight(columns, edges, start, end))
    least = max((extent.weight for extent in found.values()), default=0.0) - _FAR
    return sorted((extent for extent in found.values() if extent.weight > least), key=lambda extent: -extent.weight)


def weight_of(columns: Columns, extent: Extent, rule: Rule | None, siblings: int) -> float:
    """How much speaks for a frame with this checksum, that so many other frames on the line have too."""
    if rule is None:
        return extent.weight - _UNPROVED * _changing(columns, extent.start, extent.stop)
    varying = [
        column
        for column in range(extent.start, extent.stop)
        if columns.kinds[column] is not Column.SAME and column not in rule.places
    ]
    after = sum(column > rule.place for column in varying)
    uncovered = sum(column not in rule.covered for column in varying)
    plain = -2.0 * rule.has_holes - (rule.covered[-1] + 1 != rule.place)
    backwards = 10.0 * (rule.covered[0] > rule.place)
    constant = [columns.values[column][0] for column in rule.covered if columns.kinds[column] is Column.SAME]
    converted = sum(0.05 if value else -0.01 for value in constant)
    kind = {"sum8": 0.03, "xor8": 0.02, "twos8": 0.01}.get(rule.kind, 1.0)
    return (
        extent.weight
        + (_TWIN if rule.repeats_a_column(columns) else _CHECKSUM)
        + 2.0 * min(siblings, 3)
        - _AFTER_CHECKSUM * after
        - _UNCOVERED * uncovered
        + plain
        - backwards
        - converted
        + kind
    )


def _edge(columns: Columns, column: int) -> float:
    """From 0 to 1: in how many presses the line pauses here."""
    pauses = columns.pauses(column)
    return sum(next((weight for least, weight in _WEIGHTS if pause >= least), 0.0) for pause in pauses) / len(pauses)


def _changing(columns: Columns, start: int, stop: int) -> int:
    return sum(columns.kinds[column] is Column.CHANGING for column in range(start, stop))


def _changes(columns: Columns, column: int) -> bool:
    return columns.kinds.get(column) is Column.CHANGING


def _start_weight(columns: Columns, edges: dict[int, float], column: int) -> float:
    begins = _changes(columns, column - 1) and not _changes(columns, column)
    return _EDGE * edges[column] + _CHANGE * begins


def _stop_weight(columns: Columns, edges: dict[int, float], column: int) -> float:
    ends = _changes(columns, column) and not _changes(columns, column - 1)
    return _EDGE * edges[column] + _CHANGE * ends


def _weight(columns: Columns, edges: dict[int, float], start: int, stop: int) -> float:
    inner = sum(edges[column] for column in range(start + 1, stop))
    same = sum(columns.kinds[column] is Column.SAME for column in range(start, stop))
    return (
        _start_weight(columns, edges, start)
        + _stop_weight(columns, edges, stop)
        - _INNER * inner
        - _REPEATED * (_is_doubled(columns, start, stop) or _goes_into_next(columns, start, stop))
        + 0.1 * min(same, 20)
        - min(_LATEST, _LATE_EACH_SECOND * _lateness(columns, start))
    )


def _lateness(columns: Columns, start: int) -> float:
    """How long after the first sign of a press it begins: key up comes after key down."""
    recording = columns.recording
    late = sorted(
        recording.times[place + start] - recording.times[fresh[0]]
        for place, fresh in zip(columns.reference, recording.fresh, strict=True)
        if fresh
    )
    return max(0.0, late[len(late) // 2]) if late else 0.0


def _is_doubled(columns: Columns, start: int, stop: int) -> bool:
    """Whether it is a frame and its repeats, or its second half is much like its first: key down and key up."""
    if _end_of_first(columns, start, stop) < stop:
        return True
    middle = (start + stop) // 2
    if (stop - start) % 2:
        return False
    pairs = list(zip(range(start, middle), range(middle, stop), strict=True))
    alike = sum(columns.values[one] == columns.values[other] for one, other in pairs)
    return 2 * alike >= len(pairs)


def _goes_into_next(columns: Columns, start: int, stop: int) -> bool:
    """Whether it ends inside a repeat of itself, or begins inside one, that goes on behind or before it."""
    values = columns.values
    for period in range(1, stop - start):
        if all(values[column] == values[column + period] for column in range(start, stop - period)):
            behind = stop in values and values[stop] == values[stop - period]
            before = start - 1 in values and values[start - 1] == values[start - 1 + period]
            if behind or before:
                return True
    return False


def _end_of_first(columns: Columns, start: int, stop: int) -> int:
    """Where the first ends, if this is one frame again and again."""
    for size in range(1, (stop - start) // 2 + 1):
        if (stop - start) % size == 0 and all(
            columns.values[column] == columns.values[column + size] for column in range(start, stop - size)
        ):
            return start + size
    return stop
