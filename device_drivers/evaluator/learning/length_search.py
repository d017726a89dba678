"""A constant byte, or two, that says how many bytes follow up to the checksum."""

from dataclasses import dataclass

from device_drivers.evaluator.learning.checksum_search import Rule
from device_drivers.evaluator.learning.columns import Column, Columns
from device_drivers.evaluator.learning.framing import Extent

_LEAST = 2
"""A constant 1 before the key's byte is more often something else than a length."""


@dataclass(frozen=True)
class Length:
    """Where the length stands, perhaps twice, and the columns it counts."""

    places: tuple[range, ...]
    counted: range
    little: bool = False


def find_length(columns: Columns, extent: Extent, rule: Rule, free: set[int]) -> Length | None:
    """The first column that fits; `free` are columns that other frames of the same form have otherwise."""
    for column in range(extent.start + 1, rule.place):
        if columns.kinds[column] is not Column.SAME or column in free:
            continue
        value = columns.values[column][0]
        for stop in (rule.place, rule.place + rule.size):
            counted = range(stop - value, stop)
            if value >= _LEAST and _fits(columns, extent, column, counted, rule):
                return _whole(columns, extent, column, counted, rule, free)
    return None


def _fits(columns: Columns, extent: Extent, column: int, counted: range, rule: Rule) -> bool:
    """Whether only constant bytes stand between it and what it counts, and everything that varies is counted."""
    varying = [
        place
        for place in range(extent.start, extent.stop)
        if columns.kinds[place] is not Column.SAME and place not in rule.places
    ]
    return counted.start > column and all(place in counted for place in varying)


def _whole(columns: Columns, extent: Extent, column: int, counted: range, rule: Rule, free: set[int]) -> Length:
    """With its other byte, and its twin."""
    value = columns.values[column][0]

    def is_zero(place: int) -> bool:
        return place > extent.start and place not in free and set(columns.values[place]) == {0}

    one_kind = {column in rule.covered}
    if is_zero(column - 1) and {column - 1 in rule.covered} == one_kind:
        return Length((range(column - 1, column + 1),), counted)
    if is_zero(column + 1) and counted.start == column + 2 and {column + 1 in rule.covered} == one_kind:
        return Length((range(column, column + 2),), counted, little=True)
    twin = column + 1
    if twin < counted.start and twin not in free and set(columns.values[twin]) == {value} and one_kind == {False}:
        return Length((range(column, twin), range(twin, twin + 1)), counted)
    return Length((range(column, column + 1),), counted)
