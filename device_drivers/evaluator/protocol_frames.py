"""The tables [frame], [buttons] and [host] of a protocol file, checked (interfaces §3)."""

import re
from collections.abc import Mapping
from itertools import combinations
from types import MappingProxyType

from device_drivers.evaluator.checksums import CHECKSUMS
from device_drivers.evaluator.protocol import (
    ADDRESS,
    CHECKSUM,
    LENGTH,
    LEVELS,
    ChecksumRule,
    DeviceFrames,
    FrameRules,
    HostCommand,
    HostFrames,
    Layout,
    Values,
)
from device_drivers.evaluator.protocol_section import Section, shown

MAX_FIELD_BYTES = 64
MAX_FRAME_BYTES = 256
MIN_QUIET_MS, MAX_QUIET_MS = 20, 1000
NO_CHECKSUM = "none"
STARS = "{stars}"

_LITERAL = re.compile(r"[0-9A-Fa-f]{2}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})*")
_HEX_AND_STARS = re.compile(r"(?:[0-9A-Fa-f]{2}|\{stars\})*")
_WORDS = "a list of two-digit hex bytes and names of fields"
_COMMANDS = ("acknowledge", "invite", "thanks", "stars")


def read_frame(frame: Section) -> DeviceFrames:
    """The table [frame]."""
    frame.only(("layout", "fields", "little", "length", "checksum", "quiet_ms"))
    sizes = _read_sizes(frame.section("fields"))
    layout = _read_layout(frame, sizes)
    rules = FrameRules(
        sizes=MappingProxyType(sizes),
        little=frozenset(_names(frame, "little", sizes) if "little" in frame.values else ()),
        counted=_read_counted(frame, layout, sizes),
        checksum=_read_checksum(frame, layout, sizes),
    )
    frames = DeviceFrames(rules, layout, _read_quiet(frame, rules))
    if frames.size > MAX_FRAME_BYTES:
        frame.refuse("layout", f"the frame has {frames.size} bytes", f"at most {MAX_FRAME_BYTES} bytes")
    return frames


def common_begin(frames: DeviceFrames, buttons: Mapping[str, Values]) -> bytes:
    """What the first field is in every key's frame, as it comes over the wire; empty where it is not the same."""
    first = frames.layout[0]
    values = {values.get(first) if isinstance(first, str) else None for values in buttons.values()}
    value = values.pop() if len(values) == 1 else None
    if value is None:
        return b""
    return value[::-1] if first in frames.rules.little else value


def read_buttons(buttons: Section, frames: DeviceFrames) -> dict[str, Values]:
    """The table [buttons]: all five, and no frame may mean two of them."""
    buttons.only(LEVELS)
    levels = {level: _read_button(buttons.section(level), frames) for level in LEVELS}
    for (one, values), (other, others) in combinations(levels.items(), 2):
        if all(others[name] == value for name, value in values.items() if name in others):
            buttons.refuse(other, f"a frame could mean both this and {one}", "values that differ in a common field")
    return {level: MappingProxyType(values) for level, values in levels.items()}


def read_host(host: Section, rules: FrameRules) -> HostFrames:
    """The table [host]."""
    host.only(("layout", *_COMMANDS))
    layout = _read_layout(host, dict(rules.sizes))
    if CHECKSUM in layout and rules.checksum is None:
        host.refuse("layout", "there is no checksum to compute", 'no field "checksum", or a kind in frame.checksum')
    if LENGTH in layout and not rules.counted:
        host.refuse("layout", "it is not said what the length counts", 'no field "length", or frame.length')
    commands = {name: _read_command(host, name, layout, rules) for name in _COMMANDS if name in host.values}
    return HostFrames(layout, **commands)


def _read_sizes(fields: Section) -> dict[str, int]:
    for name in fields.values:
        if _LITERAL.fullmatch(name):
            fields.refuse(name, "two hex digits are a literal byte in a layout", "any other word")
    return {name: fields.integer(name, 1, MAX_FIELD_BYTES) for name in fields.values}


def _read_layout(table: Section, sizes: dict[str, int]) -> Layout:
    words = table.words("layout", _WORDS)
    for index, word in enumerate(words):
        if not _LITERAL.fullmatch(word) and word not in sizes:
            known = ", ".join(sizes) or "none yet"
            table.refuse("layout", f"{shown(word)} has no size in frame.fields", f"two hex digits, or {known}", index)
    return tuple(bytes.fromhex(word) if _LITERAL.fullmatch(word) else word for word in words)


def _names(table: Section, key: str, names: dict[str, int] | tuple[str, ...]) -> tuple[str, ...]:
    """A list of some of these names."""
    allowed = "a list of " + ", ".join(names)
    words = table.words(key, allowed)
    for index, word in enumerate(words):
        if word not in names:
            table.refuse(key, f"{shown(word)} is no field here", allowed, index)
    return words


def _read_counted(frame: Section, layout: Layout, sizes: dict[str, int]) -> tuple[str, ...]:
    if LENGTH not in layout and LENGTH not in frame.values:
        return ()
    counted = _names(frame, LENGTH, _fields_of(layout))
    total = sum(sizes[name] for name in counted)
    if LENGTH in layout and total >= 256 ** sizes[LENGTH]:
        frame.refuse(LENGTH, f"{total} does not fit into the field length", f"less than {256 ** sizes[LENGTH]}")
    return counted


def _read_checksum(frame: Section, layout: Layout, sizes: dict[str, int]) -> ChecksumRule | None:
    table = frame.section(CHECKSUM)
    table.only(("kind", "over"))
    kind = table.choice("kind", (*CHECKSUMS, NO_CHECKSUM))
    if kind == NO_CHECKSUM:
        if CHECKSUM in layout:
            frame.refuse("layout", "there is no checksum to compute", 'no field "checksum" with kind "none"')
        return None
    if CHECKSUM not in layout:
        frame.refuse("layout", "the checksum has no place", 'the field "checksum", or kind "none"')
    if sizes[CHECKSUM] != CHECKSUMS[kind].size:
        problem = f"{sizes[CHECKSUM]} bytes do not fit {kind}"
        frame.section("fields").refuse(CHECKSUM, problem, str(CHECKSUMS[kind].size))
    return ChecksumRule(kind, _names(table, "over", tuple(name for name in _fields_of(layout) if name != CHECKSUM)))


def _read_quiet(frame: Section, rules: FrameRules) -> int | None:
    if "quiet_ms" not in frame.values and rules.checksum is not None:
        return None
    return frame.integer("quiet_ms", MIN_QUIET_MS, MAX_QUIET_MS)


def _read_button(button: Section, frames: DeviceFrames) -> dict[str, bytes]:
    names = tuple(name for name in _fields_of(frames.layout) if name not in {LENGTH, CHECKSUM, ADDRESS})
    button.only(names)
    if not button.values:
        button.refuse(None, "every frame would mean this level", "values of " + ", ".join(names))
    values = {}
    for name in button.values:
        size = frames.rules.sizes[name]
        allowed = f"{2 * size} hex digits"
        text = button.text(name, allowed)
        if not _HEX.fullmatch(text) or len(text) != 2 * size:
            button.refuse(name, f"{shown(text)} is not possible", allowed)
        values[name] = bytes.fromhex(text)
    return values


def _read_command(host: Section, name: str, layout: Layout, rules: FrameRules) -> HostCommand:
    command = host.section(name)
    computed = {LENGTH, CHECKSUM}
    names = tuple(field for field in _fields_of(layout) if field not in computed)
    command.only(names)
    for field in names:
        if field not in command.values and field != ADDRESS:
            command.refuse(field, "this field of the layout has no value", "hex digits")
    values = {field: _read_host_value(command, field, stars=name == "stars") for field in command.values}
    filled = HostCommand(MappingProxyType(values))
    _check_sizes(command, filled, layout, rules)
    return filled


def _read_host_value(command: Section, field: str, *, stars: bool) -> tuple[int | None, ...]:
    """Pairs of hex digits, and in `stars` the place of the number of stars."""
    allowed = "pairs of hex digits" + (f" and {STARS}" if stars else "")
    text = command.text(field, allowed)
    if not (_HEX_AND_STARS if stars else _HEX).fullmatch(text):
        command.refuse(field, f"{shown(text)} is not possible", allowed)
    return tuple(None if part == STARS else int(part, 16) for part in re.findall(r"\{stars\}|..", text))


def _check_sizes(command: Section, filled: HostCommand, layout: Layout, rules: FrameRules) -> None:
    """A host's field is as long as its value; the whole and its length must be possible all the same."""
    sizes = dict(rules.sizes) | {name: len(value) for name, value in filled.values.items()}
    total = sum(len(word) if isinstance(word, bytes) else sizes[word] for word in layout)
    if total > MAX_FRAME_BYTES:
        command.refuse(None, f"the frame has {total} bytes", f"at most {MAX_FRAME_BYTES} bytes")
    counted = sum(sizes[name] for name in rules.counted if name in layout)
    if LENGTH in layout and counted >= 256 ** sizes[LENGTH]:
        command.refuse(None, f"{counted} does not fit into the field length", f"less than {256 ** sizes[LENGTH]}")


def _fields_of(layout: Layout) -> tuple[str, ...]:
    """The fields that stand in a layout, each once."""
    return tuple(dict.fromkeys(word for word in layout if isinstance(word, str)))
