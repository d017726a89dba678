"""A technician's page in one language: the core's blocks made into the pieces that the screen lays out, page by page.

A piece is small enough for the smallest screen: a long cause is cut into several, so that nothing of it is lost.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.technician_screen.state import (
    Block,
    Buttons,
    Confirm,
    Facts,
    Keys,
    Lines,
    Message,
    Notes,
    Option,
    Options,
    Page,
    People,
    PersonRow,
    ProblemRow,
    Problems,
    Table,
    Targets,
    TechnicianState,
    Text,
    Words,
)
from kiosk_app.terminal.wording import Table as Texts

Shown = dict[str, object]

CHOOSE = "technician"
"""What the sign-in page understands as the choice of a name."""
PART = 110
"""A text of more letters (a Han character counts as two) is cut into several pieces on the smallest screen."""
COLUMN = 36
"""A column with a longer cell has no place beside the others; it stands below them."""
WORDS_BESIDE = 29
"""So many letters stand side by side on the smallest screen."""
_SMALLEST_COLUMN = 4
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


@dataclass(frozen=True)
class Piece:
    """What is laid out as one: a line of a list, a row, a button."""

    key: str
    """The same for the same thing at another moment, so that it stays where a finger may be."""
    block: str
    """What stands close together: pieces of one block."""
    kind: str
    """Which file of QML draws it."""
    content: Shown


def words(texts: Texts, text: Text) -> str:
    """A sentence as it is read; a plain text, or a key that nobody has translated, as it is."""
    if isinstance(text, str):
        return text
    values = {name: _value(texts, name, value) for name, value in text.values.items()}
    return texts.get(text.key, text.key).format_map(_Values(values))


def _value(texts: Texts, name: str, value: str | int) -> str | int:
    """Keys of the evaluator are named by their words."""
    match name:
        case "level":
            return level_word(texts, value)
        case "levels":
            return texts["view.and"].join(level_word(texts, level) for level in str(value).split())
        case _:
            return value


class _Values(dict[str, object]):
    """A placeholder without a value stays visible instead of breaking the page."""

    def __init__(self, values: Mapping[str, object]) -> None:
        super().__init__(values)

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def level_word(texts: Texts, level: str | int) -> str:
    """The word of a key of the evaluator, on one line."""
    word = texts.get(f"level.{level}", str(level))
    return word.replace("\n", " " if word.isascii() else "")


def pieces(texts: Texts, state: TechnicianState, part: int = PART) -> tuple[Piece, ...]:
    """All of a page but its question and the buttons below it; no text of them has many more letters than `part`."""
    said: list[tuple[str, Block]] = []
    if state.cannot_record:
        said.append(("cannot_record", Message("bad", Words("common.cannot_record"), state.cannot_record)))
    if state.message is not None:
        said.append(("message", state.message))
    at_end, counts = _buttons_at_end(state), Counter[str]()
    blocks: list[tuple[str, Block]] = []
    for block in (*state.blocks, *_who(state)):
        kind = type(block).__name__
        if block is not at_end:
            blocks.append((f"{kind}{counts[kind]}", _with_level(block, state)))
        counts[kind] += 1
    found: list[Piece] = []
    # The keys of the evaluator come first: what is said meanwhile must not push them about, or off the screen.
    for name, block in sorted([*said, *blocks], key=lambda each: not isinstance(each[1], Keys)):
        found += _pieces(texts, name, block, state.page, part)
    return tuple(_with_count(found) if state.page is Page.LEARN else found)


def _with_count(found: list[Piece]) -> list[Piece]:
    """While an evaluator is learned, which press it is stands beside the key to press."""
    keys = found[0] if found and found[0].kind == "keys" and found[0].content["asked"] else None
    said = next((piece for piece in found if piece.kind == "message" and piece.content["kind"] == "info"), None)
    if keys is None or said is None:
        return found
    counted = replace(keys, content={**keys.content, "count": said.content["text"]})
    return [counted, *(piece for piece in found[1:] if piece is not said)]


def _who(state: TechnicianState) -> tuple[Options, ...]:
    """Who signs in, where there is a choice."""
    if state.page is not Page.SIGN_IN or len(state.technicians) <= 1:
        return ()
    options = tuple(Option(name, name) for name in state.technicians)
    return (Options(CHOOSE, options, state.operator, Words("view.who")),)


def _with_level(block: Block, state: TechnicianState) -> Block:
    """A sentence about the key to press names it."""
    asked = next((each.asked for each in state.blocks if isinstance(each, Keys)), None)
    if not isinstance(block, Message) or asked is None:
        return block
    return replace(block, words=Words(block.words.key, {"level": asked, **block.words.values}))


def footer(texts: Texts, state: TechnicianState) -> tuple[Piece, ...]:
    """The last row of buttons of a page stands below it: in reach on each of its parts."""
    at_end = _buttons_at_end(state)
    return tuple(_pieces(texts, "footer", at_end, state.page, PART)) if at_end else ()


def confirm(texts: Texts, state: TechnicianState) -> Shown:
    """The question that stands above the page; empty where there is none."""
    asked = next((block for block in state.blocks if isinstance(block, Confirm)), None)
    if asked is None:
        return {}
    return {
        "question": words(texts, asked.question),
        "yes_action": asked.yes_action,
        "yes_value": asked.yes_value,
        "no_action": asked.no_action,
    }


def targets(state: TechnicianState) -> Targets | None:
    """The nine targets, where the page has them."""
    return next((block for block in state.blocks if isinstance(block, Targets)), None)


def _buttons_at_end(state: TechnicianState) -> Buttons | None:
    return next((block for block in reversed(state.blocks) if isinstance(block, Buttons)), None)


def _pieces(texts: Texts, name: str, block: object, page: Page, part: int) -> Iterator[Piece]:  # noqa: C901
    """The pieces of one block, from its title on."""
    if (title := getattr(block, "title", None)) is not None:
        yield Piece(f"{name}.title", name, "title", {"text": words(texts, title)})
    match block:
        case Message():
            yield from _message(texts, name, block, part)
        case Facts():
            yield from _facts(texts, name, block, part)
        case Problems():
            for row in block.rows:
                yield from _problem(texts, name, row, part)
        case Table():
            yield from _table(texts, name, block, part)
        case People():
            for person in block.rows:
                yield Piece(f"{name}.{person.staff_no}", name, "person", _person(texts, person, block.action))
        case Options():
            brief = all(len(words(texts, option.label)) <= 3 for option in block.options)
            for option in block.options:
                content: Shown = {
                    "action": block.action,
                    "value": option.value,
                    "text": words(texts, option.label),
                    "chosen": option.value == block.chosen,
                    "brief": brief,
                }
                yield Piece(f"{name}.{option.value}", name, "option", content)
        case Buttons():
            for button in block.buttons:
                content = {
                    "action": button.action,
                    "value": button.value,
                    "text": words(texts, button.label),
                    "primary": button.primary,
                    "enabled": button.enabled,
                }
                yield Piece(f"{name}.{button.action}.{button.value}", name, "button", content)
        case Keys():
            yield Piece(name, name, "keys", _keys(texts, block, large=page is Page.LEARN))
        case Lines():
            for n, line in enumerate(reversed(block.lines)):  # what came last is what one looks for
                yield from _parts(f"{name}.{n}", name, "line", line, part)
        case Notes():
            for n, note in enumerate(block.notes):
                yield from _parts(f"{name}.{n}", f"{name}.{n}", "cause", words(texts, note), part)
        case Targets():
            yield Piece(name, name, "targets", {"targets": target_list(block)})


def target_list(block: Targets) -> list[Shown]:
    """The targets as QML reads them: -1 where one was not touched."""
    return [{"off": -1.0 if each.off_mm is None else each.off_mm, "done": each.done} for each in block.targets]


def _message(texts: Texts, name: str, message: Message, part: int) -> Iterator[Piece]:
    content: Shown = {
        "kind": message.kind,
        "word": texts[f"view.message.{message.kind}"],
        "text": words(texts, message.words),
        "goes_on": bool(message.detail),
    }
    yield Piece(name, name, "message", content)
    yield from _parts(f"{name}.detail", name, "cause", message.detail, part)


def _facts(texts: Texts, name: str, block: Facts, part: int) -> Iterator[Piece]:
    widest = max((words(texts, fact.label) for fact in block.rows), key=weight, default="")
    # A list of which lines lead somewhere is a list of tiles, one look for all; a long text has no place in a tile.
    tile = any(fact.page is not None for fact in block.rows)
    for n, fact in enumerate(block.rows):
        value = cut(words(texts, fact.value), part)
        page = "" if fact.page is None else fact.page.value
        for at, text in enumerate(value or [""]):
            content: Shown = {
                "label": words(texts, fact.label) if at == 0 else "",
                "value": text,
                "state": fact.state if at == 0 else "none",
                "word": texts[f"view.state.{fact.state}"] if at == 0 and fact.state != "none" else "",
                "page": page,
                "key": fact.label.key,
                "widest": widest,
                "tile": tile,
                "first": n == 0 and at == 0,
            }
            yield Piece(f"{name}.{fact.label.key}.{n}.{at}", name, "fact", content)


def _problem(texts: Texts, name: str, row: ProblemRow, part: int) -> Iterator[Piece]:
    """In the language shown, the first cause below it; a code that nobody has translated in health's own words."""
    key = f"{name}.{row.code}.{row.cause}"
    known = f"problem.{row.code}" in texts
    first, *rest = cut(row.cause, part) or [row.code]
    content: Shown = {
        "severity": row.severity,
        "word": texts[f"view.state.{row.severity}"],
        "text": texts[f"problem.{row.code}"] if known else first,
        "action": texts.get(f"problem.{row.code}.action", row.action) if known else row.action,
        "since": since_text(texts, row.since),
        "page": "" if row.page is None else row.page.value,
        "code": row.code,
        "goes_on": bool(row.cause if known else rest),
    }
    yield Piece(key, name, "problem", content)
    yield from _parts(f"{key}.cause", name, "cause", row.cause if known else " ".join(rest), part)


def since_text(texts: Texts, since: str) -> str:
    """Since when, as one reads a calendar and a clock; as it came where it is no moment, empty where not known."""
    if not since:
        return ""
    try:
        moment = datetime.fromisoformat(since).astimezone(CHINA_TIME)
    except ValueError:
        return texts["view.since"].format(time=since)
    return texts["view.since"].format(time=f"{moment:%m-%d %H:%M}")


def _table(texts: Texts, name: str, table: Table, part: int) -> Iterator[Piece]:
    """Short columns side by side, as many as the smallest screen holds; each of the others below, with its name."""
    header = [words(texts, each) for each in table.header]
    rows = [[words(texts, cell) for cell in row.cells] for row in table.rows]
    columns = [[header[n], *(row[n] for row in rows if n < len(row))] for n in range(len(header))]
    beside = _columns_beside(columns)
    widths = {"widths": [max(map(weight, columns[n])) for n in beside], "least": [_least(columns[n]) for n in beside]}
    if beside:
        yield Piece(f"{name}.head", name, "head", {"cells": [header[n] for n in beside], **widths})
    for row, cells in zip(table.rows, rows, strict=True):
        below = [
            f"{header[n]}  {cells[n]}" for n in range(len(header)) if n not in beside and n < len(cells) and cells[n]
        ]
        parts = cut("   ".join(below), part * 2 // 3) or [""]
        content: Shown = {
            "id": row.id,
            "cells": [cells[n] for n in beside if n < len(cells)],
            **widths,
            "below": parts[0],
            "action": table.action,
            "chosen": row.chosen,
        }
        yield Piece(f"{name}.{row.id}", name, "row", content)
        for n, text in enumerate(parts[1:]):
            yield Piece(f"{name}.{row.id}.{n}", name, "cause", {"text": text})


def _columns_beside(columns: list[list[str]]) -> list[int]:
    short = [n for n, texts in enumerate(columns) if max(map(weight, texts[1:]), default=0) <= COLUMN]
    while len(short) > 1 and sum(_least(columns[n]) for n in short) > WORDS_BESIDE:
        short.pop()
    return short


def _least(column: list[str]) -> int:
    """The letters of a column's longest word; Chinese can be broken between any two characters."""
    found = (4 if _HAN.search(word) else len(word) for text in column for word in text.split())
    return max(_SMALLEST_COLUMN, *found, 0)


def _person(texts: Texts, person: PersonRow, action: str) -> Shown:
    return {
        "action": action,
        "value": person.staff_no,
        "name": person.name,
        "number": person.staff_no,
        "department": person.department,
        "photo_file": person.photo_file,
        "note": words(texts, person.note) if person.note else "",
        "current": person.current,
        "chosen": person.chosen,
    }


def _keys(texts: Texts, block: Keys, *, large: bool) -> Shown:
    lights: list[Shown] = []
    for key in block.keys:
        told = [texts["view.key.wrong"]] if key.wrong else [texts["view.key.lit"]] if key.lit else []
        if key.level == block.asked:
            told = [texts["view.key.asked"], *told]
        lights.append(
            {
                "level": key.level,
                "word": texts.get(f"level.{key.level}", key.level),
                "lit": key.lit,
                "wrong": key.wrong,
                "asked": key.level == block.asked,
                "told": told[0] if told else "",
                "presses": texts["view.key.presses"].format(n=key.presses) if key.presses else "",
                "latency": "" if key.latency_ms is None else f"{key.latency_ms} ms",
                "name": "; ".join([level_word(texts, key.level), *told]),
            }
        )
    asked = level_word(texts, block.asked) if block.asked and large else ""
    return {
        "keys": lights,
        "asked": texts["view.key.press"].format(level=asked) if asked else "",
        "large": large,
        "count": "",
    }


def _parts(key: str, name: str, kind: str, text: str, part: int) -> Iterator[Piece]:
    for n, piece in enumerate(cut(text, part)):
        yield Piece(f"{key}.{n}", name, kind, {"text": piece})


def weight(text: str) -> int:
    """How long a text is: letters, a Han character counting as two."""
    return len(text) + len(_HAN.findall(text))


def cut(text: str, part: int = PART) -> list[str]:
    """A text in parts that each have a place on the screen; nothing is lost, blanks at a cut apart."""
    parts = []
    rest = text.strip()
    while weight(rest) > part:
        end = _end_of_part(rest, part)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest else parts


def _end_of_part(text: str, part: int) -> int:
    end, heavy = 0, 0
    while heavy < part:
        heavy += weight(text[end])
        end += 1
    blank = text.rfind(" ", end // 2, end)
    return blank if blank > 0 and not _HAN.match(text[end]) else end
