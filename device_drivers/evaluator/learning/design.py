"""A frame's layout in the words of a protocol file, from its columns."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from device_drivers.evaluator.learning.checksum_search import Rule
from device_drivers.evaluator.learning.columns import Column, Columns
from device_drivers.evaluator.learning.framing import Extent
from device_drivers.evaluator.learning.length_search import Length, find_length
from device_drivers.evaluator.protocol import CHECKSUM, LENGTH, ChecksumRule, DeviceFrames, FrameRules, Layout

KEY, COUNTER, FIXED = "key", "counter", "fixed"
"""What learned fields are called: tells the level; changes and tells nothing; always the same."""


@dataclass(frozen=True)
class Design:
    """The frames of a device, and what each key's frame holds."""

    frames: DeviceFrames
    buttons: dict[str, dict[str, bytes]]


@dataclass
class _Field:
    role: str
    columns: range
    covered: bool
    name: str = field(default="")


def design(
    columns: Columns, extent: Extent, rule: Rule | None, widened: set[int], quiet_ms: int | None, *, counters: set[int]
) -> Design:
    """The layout of such a frame; `widened` columns and `counters` are fields though every press has them the same."""
    length = find_length(columns, extent, rule, widened | counters) if rule else None
    parts = list(_parts(columns, extent, rule, length, widened, counters))
    _name(parts, columns)
    frames = _frames(columns, parts, rule, length, quiet_ms)
    return Design(frames, _buttons(columns, parts))


def _role(
    columns: Columns, column: int, rule: Rule | None, length: Length | None, widened: set[int], counters: set[int]
) -> str:
    if rule and column in rule.places:
        return CHECKSUM
    if length and any(column in place for place in length.places):
        return LENGTH
    if columns.kinds[column] is Column.KEY:
        return KEY
    if columns.kinds[column] is Column.CHANGING or column in counters:
        return COUNTER
    is_used = (rule and column in rule.covered) or (length and column in length.counted) or column in widened
    return FIXED if is_used else ""


def _parts(
    columns: Columns, extent: Extent, rule: Rule | None, length: Length | None, widened: set[int], counters: set[int]
) -> Iterator[_Field]:
    """Columns next to each other that play the same part."""

    def part(column: int) -> tuple[str, bool, bool, int]:
        role = _role(columns, column, rule, length, widened, counters)
        covered = bool(rule) and column in rule.covered if rule else False
        alone = column if not role or _twin_starts(length, column) else -1
        out_of_order = column if rule and rule.has_holes and covered else -1
        return role, covered, bool(length) and column in length.counted if length else False, max(alone, out_of_order)

    for (role, covered, _, _), group in groupby(range(extent.start, extent.stop), part):
        here = list(group)
        yield _Field(role, range(here[0], here[-1] + 1), covered)


def _twin_starts(length: Length | None, column: int) -> bool:
    return bool(length) and len(length.places) > 1 and column == length.places[1].start if length else False


def _name(parts: list[_Field], columns: Columns) -> None:
    """Give each field a name; one that says the same as another of its kind gets that one's."""
    counts: dict[str, int] = {}
    for number, part in enumerate(parts):
        if not part.role:
            continue
        twin = next((other for other in parts[:number] if _is_twin(columns, other, part)), None)
        if twin:
            part.name = twin.name
            continue
        counts[part.role] = counts.get(part.role, 0) + 1
        part.name = part.role if counts[part.role] == 1 else f"{part.role}_{counts[part.role]}"


def _is_twin(columns: Columns, one: _Field, other: _Field) -> bool:
    return (
        one.role == other.role
        and one.role in {KEY, COUNTER, LENGTH}
        and not (one.covered and other.covered)
        and len(one.columns) == len(other.columns)
        and all(columns.values[a] == columns.values[b] for a, b in zip(one.columns, other.columns, strict=True))
    )


def _frames(
    columns: Columns, parts: list[_Field], rule: Rule | None, length: Length | None, quiet_ms: int | None
) -> DeviceFrames:
    layout: list[bytes | str] = []
    for part in parts:
        layout += [part.name] if part.role else [bytes([columns.values[column][0]]) for column in part.columns]
    little = [CHECKSUM] * bool(rule and rule.little) + [LENGTH] * bool(length and length.little)
    rules = FrameRules(
        sizes={part.name: len(part.columns) for part in parts if part.role},
        little=frozenset(little),
        counted=_fields_over(parts, tuple(length.counted)) if length else (),
        checksum=ChecksumRule(rule.kind, _fields_over(parts, rule.covered)) if rule else None,
    )
    return DeviceFrames(rules, _as_layout(layout), quiet_ms)


def _as_layout(words: list[bytes | str]) -> Layout:
    return tuple(words)


def _fields_over(parts: list[_Field], covered: tuple[int, ...]) -> tuple[str, ...]:
    """The fields of these columns, in their order."""
    by_column = {column: part.name for part in parts for column in part.columns}
    return tuple(dict.fromkeys(by_column[column] for column in covered))


def _buttons(columns: Columns, parts: list[_Field]) -> dict[str, dict[str, bytes]]:
    """What each key's frame holds: what tells the keys apart, and what is always the same."""
    buttons: dict[str, dict[str, bytes]] = {}
    for press, level in enumerate(columns.recording.levels):
        buttons[level] = {
            part.name: bytes(columns.values[column][press] for column in part.columns)
            for part in parts
            if part.role in {KEY, FIXED}
        }
    return buttons
