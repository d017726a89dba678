"""Which column is a checksum, of which kind, and over which columns.

A rule has to hold for every press that was shown. Ranges without a hole go first, as nearly every device has one; with
holes only sums are found quickly, CRCs as long as the frame is short.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import chain, combinations
from operator import xor

from device_drivers.evaluator.checksums import CHECKSUMS, ChecksumKind
from device_drivers.evaluator.learning.columns import Column, Columns

_SUBSETS_OF = 9
"""Holes are looked for among up to so many columns that vary; among more there are too many ways."""

_CRC_AWAY = 4
"""At most so many bytes less one stand between what a CRC covers and the CRC."""

_CRC_COLUMNS = 12
_CRC_LONGEST = 28
"""Any holes of a CRC are looked for in frames of up to 12 bytes, a single hole in those of up to 28."""


@dataclass(frozen=True)
class Rule:
    """A checksum that is right in every press that was shown."""

    kind: str
    place: int
    """Its first column."""
    little: bool
    covered: tuple[int, ...]
    """Columns, in the order in which they are computed."""

    @property
    def size(self) -> int:
        """Its bytes."""
        return CHECKSUMS[self.kind].size

    @property
    def places(self) -> range:
        """Its columns."""
        return range(self.place, self.place + self.size)

    @property
    def has_holes(self) -> bool:
        """Whether it leaves out columns between those it covers."""
        return self.covered != tuple(range(self.covered[0], self.covered[0] + len(self.covered)))

    def repeats_a_column(self, columns: Columns) -> bool:
        """Whether it is one of those it covers again: a field that stands twice looks like a checksum over itself."""
        own = columns.values[self.place]
        return self.size == 1 and any(columns.values[column] == own for column in self.covered)

    def holds(self, frame: bytes, start: int) -> bool:
        """Whether it is right in a frame whose first byte is this column."""
        stored = frame[self.place - start : self.place - start + self.size]
        computed = CHECKSUMS[self.kind].compute(bytes(frame[column - start] for column in self.covered))
        return int.from_bytes(stored, "little" if self.little else "big") == computed


def ranges_without_hole(columns: Columns, start: int, stop: int) -> list[Rule]:
    """All rules over one range of some columns."""
    frames = columns.frames(start, stop)
    rules: list[Rule] = []
    for kind, checksum in CHECKSUMS.items():
        ranges = _Ranges(checksum, frames[0])
        for place, little in _places(columns, checksum.size, start, stop):
            at = place - start
            stored = int.from_bytes(frames[0][at : at + checksum.size], "little" if little else "big")
            for first, end in ranges.giving(stored, at):
                rule = Rule(kind, place, little, tuple(range(first + start, end + start)))
                rules += [rule] if all(rule.holds(frame, start) for frame in frames) else []
    return rules


class _Ranges:
    """Ranges of a frame, by their checksums: all where that is quick, for CRCs those next to the checksum."""

    def __init__(self, checksum: ChecksumKind, frame: bytes) -> None:
        self._checksum = checksum
        self._frame = frame
        self._by_value: dict[int, list[tuple[int, int]]] = {}
        self._known: dict[tuple[int, int], int] = {}
        if checksum.size == 1:
            for first, end in combinations(range(len(frame) + 1), 2):
                self._by_value.setdefault(checksum.compute(frame[first:end]), []).append((first, end))

    def giving(self, value: int, at: int) -> Iterator[tuple[int, int]]:
        """Those that have this checksum and do not hold the place of it."""
        size = self._checksum.size
        if size == 1:
            yield from (pair for pair in self._by_value.get(value, ()) if pair[1] <= at or pair[0] >= at + size)
            return
        before = ((first, end) for end in range(at, max(0, at - _CRC_AWAY), -1) for first in range(end))
        behind = ((at + size, end) for end in range(at + size + 1, len(self._frame) + 1))
        yield from (pair for pair in chain(before, behind) if self._value(pair) == value)

    def _value(self, pair: tuple[int, int]) -> int:
        if pair not in self._known:
            self._known[pair] = self._checksum.compute(self._frame[slice(*pair)])
        return self._known[pair]


def with_holes(columns: Columns, start: int, stop: int, *, crcs: bool) -> list[Rule]:
    """Rules over some columns of a frame, in their order; for each place of a sum the one that leaves out least."""
    found: list[Rule] = []
    for kind in ("sum8", "xor8", "twos8"):
        for place, _ in _places(columns, 1, start, stop):
            found += _sums_with_holes(columns, kind, place, range(start, stop))
    if crcs and not found:
        found += _crcs_with_holes(columns, start, stop)
    return found


def _places(columns: Columns, size: int, start: int, stop: int) -> Iterator[tuple[int, bool]]:
    """Where a checksum of so many bytes may stand, and whether its lowest byte may come first."""
    for place in range(start, stop - size + 1):
        if any(columns.kinds[column] is not Column.SAME for column in range(place, place + size)):
            yield place, False
            if size > 1:
                yield place, True


def _holds(rule: Rule, columns: Columns) -> bool:
    frames = columns.frames(columns.first, columns.stop)
    return all(rule.holds(frame, columns.first) for frame in frames)


def _sums_with_holes(columns: Columns, kind: str, place: int, frame: range) -> Iterator[Rule]:
    """Which varying columns are summed, the most first; then which constant ones make up the rest."""
    others = [column for column in frame if column != place]
    varying = [column for column in others if columns.kinds[column] is not Column.SAME]
    if not 1 <= len(varying) <= _SUBSETS_OF or _is_text(columns.values[place]):
        return
    constant = [column for column in others if columns.kinds[column] is Column.SAME]
    for count in range(len(varying), 0, -1):
        for chosen in combinations(varying, count):
            rest = _rest(columns, kind, place, chosen)
            added = _making_up(rest, kind, constant, columns, place) if rest is not None else None
            if added is not None:
                rule = Rule(kind, place, False, tuple(sorted((*chosen, *added))))
                if _holds(rule, columns) and not rule.repeats_a_column(columns):
                    yield rule
                    return


def _is_text(values: tuple[int, ...]) -> bool:
    """Whether it is a digit of a checksum in hex, which such sums seem to explain by accident."""
    return set(bytes(values)) <= set(b"0123456789ABCDEFabcdef")


def _rest(columns: Columns, kind: str, place: int, chosen: tuple[int, ...]) -> int | None:
    """What constant columns have to give, the same at every press; None if it is not the same."""
    rests = set()
    for press, stored in enumerate(columns.values[place]):
        values = [columns.values[column][press] for column in chosen]
        if kind == "xor8":
            rests.add(reduce(xor, values, stored))
        else:
            rests.add(((stored if kind == "sum8" else -stored) - sum(values)) & 0xFF)
    return rests.pop() if len(rests) == 1 else None


def _making_up(rest: int, kind: str, constant: list[int], columns: Columns, place: int) -> tuple[int, ...] | None:
    """Constant columns that give this: as few as possible, those nearest to the checksum first."""
    reached: dict[int, tuple[int, ...]] = {0: ()}
    for column in sorted(constant, key=lambda column: abs(column - place)):
        value = columns.values[column][0]
        for total, parts in sorted(reached.items(), key=lambda item: len(item[1])):
            new = total ^ value if kind == "xor8" else (total + value) & 0xFF
            if new not in reached or len(reached[new]) > len(parts) + 1:
                reached[new] = (*parts, column)
    return reached.get(rest)


def _crcs_with_holes(columns: Columns, start: int, stop: int) -> list[Rule]:
    """CRCs over some columns; of a long frame over one range with one hole up to the CRC."""
    frames = columns.frames(start, stop)
    for kind in ("crc16-modbus", "crc16-ccitt"):
        checksum = CHECKSUMS[kind]
        stored: dict[int, list[tuple[int, bool]]] = {}
        for place, little in _places(columns, checksum.size, start, stop):
            held = frames[0][place - start : place - start + checksum.size]
            stored.setdefault(int.from_bytes(held, "little" if little else "big"), []).append((place, little))
        for covered in _choices(stop - start, {place - start for places in stored.values() for place, _ in places}):
            for place, little in stored.get(checksum.compute(bytes(frames[0][at] for at in covered)), ()):
                rule = Rule(kind, place, little, tuple(at + start for at in covered))
                if not set(rule.places) & set(rule.covered) and all(rule.holds(frame, start) for frame in frames):
                    return [rule]
    return []


def _choices(size: int, places: set[int]) -> Iterator[tuple[int, ...]]:
    """Bytes of a frame that a CRC may cover, the most first."""
    if size <= _CRC_COLUMNS:
        for count in range(size - 2, 0, -1):
            yield from combinations(range(size), count)
        return
    for end in sorted(places) if size <= _CRC_LONGEST else ():
        for first, hole, behind in combinations(range(end), 3):
            yield (*range(first, hole), *range(behind, end))
