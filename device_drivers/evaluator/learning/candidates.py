"""Explanations of what was heard, the likeliest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from device_drivers.evaluator.learning.checksum_search import Rule, ranges_without_hole, with_holes
from device_drivers.evaluator.learning.columns import Columns
from device_drivers.evaluator.learning.framing import Extent, extents, weight_of
from device_drivers.evaluator.learning.places import Reference
from device_drivers.evaluator.learning.recording import Recording
from device_drivers.evaluator.learning.siblings import look_alikes, valid

MIN_SILENCE = 0.02
"""What a frame without a checksum needs before and after it (interfaces §3)."""

_MOST_EXTENTS = 24
_MOST_RULES = 4
_DEEPER, _DEEPER_FOR_CRCS = 16, 3
"""Of so many frames, the likeliest, checksums with holes are looked for."""

_LEAST_WITH_CHECKSUM = 3
"""A shorter frame with a checksum is found in noise too often, so it has to stand alone."""


@dataclass(frozen=True)
class Candidate:
    """One explanation."""

    columns: Columns
    extent: Extent
    rule: Rule | None
    rivals: tuple[str, ...]
    """Other kinds of checksum that fit the same columns."""
    weight: float

    @property
    def identity(self) -> tuple[object, ...]:
        """The same for explanations that differ in nothing but how they were found."""
        frames = self.columns.frames(self.extent.start, self.extent.stop)
        if self.rule is None:
            return (frames,)
        places = tuple(column - self.extent.start for column in (self.rule.place, *self.rule.covered))
        return frames, self.rule.kind, self.rule.little, places


def candidates(recording: Recording, references: Iterable[Reference]) -> list[Candidate]:
    """All explanations that start from these places."""
    found: dict[tuple[object, ...], Candidate] = {}
    frames: dict[tuple[bytes, ...], tuple[Columns, Extent]] = {}
    for reference in dict.fromkeys(references):
        columns = Columns(recording, reference)
        likely = extents(columns)[:_MOST_EXTENTS]
        if not likely:
            continue
        span = min(extent.start for extent in likely), max(extent.stop for extent in likely)
        rules = ranges_without_hole(columns, *span)
        for extent in likely:
            frames.setdefault(columns.frames(extent.start, extent.stop), (columns, extent))
            for candidate in _of_extent(columns, extent, rules):
                found.setdefault(candidate.identity, candidate)
    likeliest = sorted(frames.values(), key=lambda pair: -pair[1].weight)[:_DEEPER]
    for number, (columns, extent) in enumerate(likeliest):
        if not any(_explains(candidate, columns, extent) for candidate in found.values()):
            rules = with_holes(columns, extent.start, extent.stop, crcs=number < _DEEPER_FOR_CRCS)
            for candidate in _with_rules(columns, extent, rules):
                found.setdefault(candidate.identity, candidate)
    return sorted(found.values(), key=lambda candidate: -candidate.weight)


def _of_extent(columns: Columns, extent: Extent, rules: list[Rule]) -> Iterator[Candidate]:
    inside = [
        rule for rule in rules if all(extent.start <= column < extent.stop for column in (*rule.places, *rule.covered))
    ]
    yield from _with_rules(columns, extent, inside)
    pauses = zip(columns.pauses(extent.start), columns.pauses(extent.stop), strict=True)
    crowded = [level for level, pair in zip(columns.recording.levels, pauses, strict=True) if min(pair) < MIN_SILENCE]
    if all(crowded.count(level) <= 1 for level in crowded):
        yield Candidate(columns, extent, None, (), weight_of(columns, extent, None, 0))


def _with_rules(columns: Columns, extent: Extent, rules: list[Rule]) -> Iterator[Candidate]:
    if extent.stop - extent.start < _LEAST_WITH_CHECKSUM or not rules:
        return
    alike = look_alikes(columns, extent)
    weighed = [(weight_of(columns, extent, rule, len(valid(rule, extent, alike))), rule) for rule in rules]
    weighed.sort(key=lambda pair: -pair[0])
    for weight, rule in weighed[:_MOST_RULES]:
        rivals = dict.fromkeys(other.kind for other in rules if other.place == rule.place and other.kind != rule.kind)
        yield Candidate(columns, extent, rule, tuple(rivals), weight)


def _explains(candidate: Candidate, columns: Columns, extent: Extent) -> bool:
    """Whether it has a checksum for these frames without a hole."""
    own = candidate.columns.frames(candidate.extent.start, candidate.extent.stop)
    rule = candidate.rule
    if rule is None or rule.has_holes or rule.repeats_a_column(candidate.columns):
        return False
    return own == columns.frames(extent.start, extent.stop)
