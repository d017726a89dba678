"""The text of a protocol file (interfaces §3)."""

import json
import textwrap
from collections.abc import Iterable, Sequence

from device_drivers.evaluator.learning.design import Design
from device_drivers.evaluator.learning.words import WORDS
from device_drivers.evaluator.protocol import LEVELS
from device_drivers.serial_line import LineSettings

_WIDTH = 110
_NO_HOST = (
    "There is no [host]: what the host can say to this device (acknowledge, invite, thanks, stars) cannot be learned by"
    " listening. If its manual says it, add [host] as interfaces §3 describes it."
)


def protocol_text(name: str, line: LineSettings, design: Design, origin: str, notes: Sequence[str]) -> str:
    """The whole file, with where it comes from and what is not known."""
    frames, rules = design.frames, design.frames.rules
    layout = [word.hex().upper() if isinstance(word, bytes) else word for word in frames.layout]
    lines = [
        *_comment(origin),
        "#",
        *(text for note in notes for text in _comment(f"- {note}", indent="  ")),
        f"name = {json.dumps(name, ensure_ascii=False)}",
        "",
        "[line]",
        f"baud = {line.baud}",
        f"bytesize = {line.bytesize}",
        f'parity = "{line.parity}"',
        f"stopbits = {line.stopbits:g}",
        "",
        "[frame]",
        f"layout   = {_list(layout)}",
        "fields   = { " + ", ".join(f"{field} = {size}" for field, size in rules.sizes.items()) + " }",
    ]
    if rules.little:
        lines.append(f"little   = {_list(sorted(rules.little))}")
    if rules.counted:
        lines.append(f"length   = {_list(rules.counted)}")
    if rules.checksum:
        lines.append(f'checksum = {{ kind = "{rules.checksum.kind}", over = {_list(rules.checksum.over)} }}')
    else:
        lines.append('checksum = { kind = "none" }')
    if frames.quiet_ms is not None:
        lines.append(f"quiet_ms = {frames.quiet_ms}")
    lines += ["", "[buttons]", *(_button(level, design.buttons[level]) for level in LEVELS), "", *_comment(_NO_HOST)]
    return "\n".join(lines) + "\n"


def _button(level: str, values: dict[str, bytes]) -> str:
    wanted = ", ".join(f'{field} = "{value.hex().upper()}"' for field, value in values.items())
    return f"{level:<19} = {{ {wanted} }}   # {WORDS[level]}"


def _list(words: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def _comment(text: str, indent: str = "") -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH, subsequent_indent=indent, break_on_hyphens=False)]
