"""Typed access to a protocol file's tables, in which every complaint names file, line, key and what is allowed."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from device_drivers.evaluator.toml_lines import KeyPath


class ProtocolFileError(ValueError):
    """A protocol file that cannot be used; its text is one line for a person."""


@dataclass(frozen=True)
class Section:
    """A table of a protocol file."""

    values: Mapping[str, Any]
    file: Path
    lines: Mapping[KeyPath, int] = field(repr=False)
    path: KeyPath = ()

    def refuse(self, key: str | None, problem: str, allowed: str, index: int | None = None) -> NoReturn:
        """Raise `ProtocolFileError` about a key, or about the whole table where `key` is None."""
        path = self.path if key is None else (*self.path, key)
        exact: KeyPath = path if index is None else (*path, index)
        while exact not in self.lines:
            exact = exact[:-1]
        name = ".".join(str(part) if str(part).isprintable() else shown(part) for part in path)
        raise ProtocolFileError(f"{self.file}, line {self.lines[exact]}: {name}: {problem}; allowed: {allowed}")

    def only(self, keys: Collection[str]) -> None:
        """Refuse every key that is not among these."""
        for key in self.values:
            if key not in keys:
                self.refuse(key, "this key is not known", ", ".join(keys))

    def required(self, key: str, allowed: str) -> Any:
        """A key's value, which must be there."""
        if key not in self.values:
            self.refuse(key, "this key is missing", allowed)
        return self.values[key]

    def section(self, key: str) -> "Section":
        """A table inside this one, which must be there."""
        values = self.required(key, "a table")
        if not isinstance(values, dict):
            self.refuse(key, f"{shown(values)} is not a table", "a table")
        return Section(values, self.file, self.lines, (*self.path, key))

    def text(self, key: str, allowed: str) -> str:
        """A string, which must be there and filled in."""
        value = self.required(key, allowed)
        if not isinstance(value, str):
            self.refuse(key, f"{shown(value)} is not a string", allowed)
        self._filled_in(key, value, allowed)
        return value

    def integer(self, key: str, low: int, high: int) -> int:
        """A whole number within these bounds, which must be there."""
        allowed = f"a whole number from {low} to {high}"
        value = self.required(key, allowed)
        if not _is_integer(value) or not low <= value <= high:
            self.refuse(key, f"{shown(value)} is not possible", allowed)
        return int(value)

    def choice(self, key: str, choices: Collection[Any]) -> Any:
        """One of these values, which must be there."""
        allowed = ", ".join(shown(choice) for choice in choices)
        value = self.required(key, allowed)
        if value not in choices or type(value) not in {type(choice) for choice in choices}:
            self.refuse(key, f"{shown(value)} is not possible", allowed)
        return value

    def words(self, key: str, allowed: str) -> tuple[str, ...]:
        """A list of strings, not empty, which must be there and filled in."""
        value = self.required(key, allowed)
        if not isinstance(value, list) or not value:
            self.refuse(key, f"{shown(value)} is not a list with something in it", allowed)
        for index, word in enumerate(value):
            if not isinstance(word, str) or not word:
                self.refuse(key, f"{shown(word)} in the list is not a word", allowed, index)
            self._filled_in(key, word, allowed, index)
        return tuple(value)

    def _filled_in(self, key: str, value: str, allowed: str, index: int | None = None) -> None:
        """A template (as jt905 is) marks with ? what is not public."""
        if "?" in value:
            self.refuse(key, f"{shown(value)} is still to fill in from the device's manual", allowed, index)


def shown(value: Any) -> str:
    """A value as a file would write it, on one line."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
