"""Finding an item by what a citizen types: pinyin initials, full pinyin, both mixed, Chinese characters, English.

Which reading a character has is told by the phrase it stands in, as pypinyin knows it (银行 is yinhang); a character
that stands in no known phrase answers to all of its readings.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pypinyin import Style, pinyin

from kiosk_app.domain.records import Json

_TWO_LETTER_INITIALS = ("zh", "ch", "sh")
_AT_THE_START, _WITHIN = 0, 1
MOST_NAMES = 10_000
"""Names whose readings are kept: the hall's data is read anew with every pull, and its items hardly ever change."""


@dataclass(frozen=True)
class _Sign:
    """One character of a name."""

    wholes: tuple[str, ...]
    """What may be typed for it before another one: itself, its syllables, their initials; longest first."""
    readings: tuple[str, ...]
    """What the last one typed may be the beginning of."""


@dataclass(frozen=True)
class _Entry:
    item: Json
    signs: tuple[_Sign, ...]
    english: str
    word_starts: tuple[int, ...]


class SearchIndex:
    """Items of the hall, searched by their names."""

    def __init__(self, items: Iterable[Json]) -> None:
        """Take items with `name` and, where there is one, `name_en`, in the order in which they are offered."""
        self._entries = tuple(_entry(item) for item in items)

    def find(self, typed: str) -> list[Json]:
        """The items that fit, those whose name begins so first; none while nothing is typed.

        Blanks and upper case make no difference; `v` and `u` both stand for ü.
        """
        wanted = _plain(typed)
        if not wanted:
            return []
        ranked = [(rank, entry.item) for entry in self._entries if (rank := _rank(entry, wanted)) is not None]
        return [item for _, item in sorted(ranked, key=lambda found: found[0])]


def initials(name: str) -> frozenset[str]:
    """The letters under which a name is looked for: of each reading's first sound (曾 under C and Z), or its own."""
    first = next(iter(_signs(name)), None)
    found = {whole[0].upper() for whole in first.wholes} if first is not None else set()
    return frozenset(letter for letter in found if letter.isascii() and letter.isalnum())


def _entry(item: Json) -> _Entry:
    words = str(item.get("name_en") or "").casefold().split()
    starts = (sum(map(len, words[:position])) for position in range(len(words)))
    return _Entry(item, _signs(str(item.get("name") or "")), "".join(words), tuple(starts))


@lru_cache(MOST_NAMES)
def _signs(name: str) -> tuple[_Sign, ...]:
    return tuple(_read(name))


def _read(name: str) -> Iterator[_Sign]:
    one_by_one: Any = list  # a character without a reading stands for itself, so that the two lists go together
    readings: Sequence[Sequence[str]] = pinyin(name, style=Style.NORMAL, heteronym=True, errors=one_by_one)
    for character, found in zip(name, readings, strict=True):
        plain = _plain(character)
        if plain.isalnum():
            syllables = {spelling for reading in found for spelling in _spellings(reading)} - {character}
            wholes = {plain, *syllables, *(initial for s in syllables for initial in _initials(s))}
            yield _Sign(tuple(sorted(wholes, key=lambda w: (-len(w), w))), (plain, *sorted(syllables)))


def _spellings(syllable: str) -> Iterator[str]:
    plain = _plain(syllable)
    yield plain
    if "v" in plain:
        yield plain.replace("v", "u")


def _initials(syllable: str) -> Iterator[str]:
    yield syllable[0]
    if syllable.startswith(_TWO_LETTER_INITIALS):
        yield syllable[:2]


def _plain(text: str) -> str:
    return "".join(text.casefold().split()).replace("ü", "v")


def _rank(entry: _Entry, wanted: str) -> int | None:
    fits = [position for position in range(len(entry.signs)) if _fits(entry.signs[position:], wanted)]
    starts = [start for start in entry.word_starts if entry.english.startswith(wanted, start)]
    found = [*fits[:1], *starts[:1]]
    if not found:
        return None
    return _AT_THE_START if 0 in found else _WITHIN


def _fits(signs: Sequence[_Sign], wanted: str) -> bool:
    """Whether what was typed can be read along these characters, the last one perhaps not yet complete."""
    reached = {0}
    """How much of what was typed the characters so far can stand for."""
    for sign in signs:
        if any(reading.startswith(wanted[done:]) for done in reached for reading in sign.readings):
            return True
        reached = {done + len(whole) for done in reached for whole in sign.wholes if wanted.startswith(whole, done)}
        if not reached:
            return False
    return False
