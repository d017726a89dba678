"""Where each key and list element of a TOML text stands, which tomllib does not tell.

Only for text that tomllib has read without complaint: nothing is checked here, only counted.
"""

import re

KeyPath = tuple[str | int, ...]
"""Keys and list indexes from the top of the file: ("frame", "layout", 0)."""

_TOKEN = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?'{3,5}'''
    r"""|"(?:\\.|[^"\\])*"|'[^']*'|\#[^\n]*|\n|[\[\]{},=.]|[^\s\[\]{},=."'\#]+""",
    re.DOTALL,
)
_ESCAPE = re.compile(r'\\(["\\])')


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line (from 1) of every table, key and list element; the file itself is () at line 1."""
    return _Scanner(text).scan()


class _Scanner:
    """Walks over the tokens; `lines` grows on the way."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, int]] = []
        line = 1
        for match in _TOKEN.finditer(text):
            if not match[0].startswith("#"):
                self._tokens.append((match[0], line))
            line += match[0].count("\n")
        self._next = 0
        self._lines: dict[KeyPath, int] = {(): 1}

    def scan(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self._skip_newlines():
            if self._peek() == "[":
                table = self._header()
            else:
                self._pair(table)
        return self._lines

    def _peek(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self._next += 1
        return token

    def _skip_newlines(self) -> bool:
        """Go to the next token that is not a line's end; whether there is one."""
        while self._peek() == "\n":
            self._take()
        return self._next < len(self._tokens)

    def _header(self) -> KeyPath:
        """`[a.b]` or `[[a.b]]`."""
        while self._peek() == "[":
            self._take()
        table = self._key(())
        while self._peek() == "]":
            self._take()
        return table

    def _pair(self, table: KeyPath) -> None:
        path = self._key(table)
        self._take()  # =
        self._value(path)

    def _key(self, table: KeyPath) -> KeyPath:
        """A key, perhaps dotted; each part is noted where it first stands."""
        path = table
        while self._peek() not in {"=", "]", ""}:
            part, line = self._tokens[self._next]
            self._take()
            if part != ".":
                path = (*path, _bare(part))
                self._lines.setdefault(path, line)
        return path

    def _value(self, path: KeyPath) -> None:
        if self._peek() == "[":
            self._array(path)
        elif self._peek() == "{":
            self._inline_table(path)
        else:
            while self._peek() not in {",", "]", "}", "\n", ""}:
                self._take()

    def _array(self, path: KeyPath) -> None:
        self._take()
        index = 0
        while self._skip_newlines() and self._peek() != "]":
            if self._peek() == ",":
                self._take()
                continue
            self._lines[(*path, index)] = self._tokens[self._next][1]
            self._value((*path, index))
            index += 1
        self._take()

    def _inline_table(self, path: KeyPath) -> None:
        self._take()
        while self._skip_newlines() and self._peek() != "}":
            if self._peek() == ",":
                self._take()
                continue
            self._pair(path)
        self._take()


def _bare(token: str) -> str:
    """A key without its quotes."""
    if token.startswith('"'):
        return _ESCAPE.sub(r"\1", token[1:-1])
    return token.strip("'")
