"""Takes out of a bundle's texts what must not be in it: secrets, names, people's numbers, levels (R6, R11).

Nothing that is put into a bundle should hold any of it. This is the second line, for what a comment in `terminal.toml`,
a platform's reason or a log line brings along.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3 as sqlite3

from kiosk_app.configuration import SETTINGS_FILE
from kiosk_app.domain.levels import Level
from kiosk_app.journal.database import HALL_FILE, connect
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.signing_key import SIGNING_KEY_FILE
from kiosk_app.technician.owner import acting_as_owner

SECRET, NAME, NUMBER, LEVEL = "[secret]", "[name]", "[number]", "[level]"
_LONGEST_SECRET = 65_536
_SHORT = 8
"""A secret shorter than this is taken out only where it stands alone, else it would take words apart."""
_DEFAULT_FILES = ("platform.secret", "window-api.token", "device.key")
_LEVELS = sorted(
    (*(level.value for level in Level), "非常满意", "基本满意", "非常不满意", "不满意"), key=len, reverse=True
)

_PATTERNS = (
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL), SECRET),
    (re.compile(r"(?i)\b(bearer\s+|(?:token|secret|password|pin)\s*[=:]\s*[\"']?)[^\s\"',;]{4,}"), rf"\1{SECRET}"),
    (re.compile(r"(?<=://)[^/\s@]+@"), f"{SECRET}@"),
    # Codes with which one can rate, cancel or check in.
    (re.compile(r"(?i)\b[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}\b"), "[code]"),
    (re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{64}(?![0-9A-Fa-f])"), "[64 hex digits]"),
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), NUMBER),
    (re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"), NUMBER),
    (re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"), NUMBER),
)


class Mask:
    """Knows what this terminal keeps to itself."""

    def __init__(self, secrets: Iterable[str], names: Iterable[str]) -> None:
        self._known = _any_of(secrets)
        self._names = _any_of(names)
        self._levels = re.compile("|".join(map(re.escape, _LEVELS)))

    def text(self, text: str, *, levels: bool = True) -> str:
        """The text without any of it. A protocol file's own level words say nothing of anybody: `levels` False."""
        for known, word in ((self._known, SECRET), (self._names, NAME)):
            if known is not None:
                text = known.sub(word, text)
        for pattern, word in _PATTERNS:
            text = pattern.sub(word, text)
        return self._levels.sub(LEVEL, text) if levels else text

    def value(self, value: Any) -> Any:
        """A JSON value, every text of it masked."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list | tuple):
            return [self.value(one) for one in value]
        if isinstance(value, dict):
            return {self.text(str(key)): self.value(one) for key, one in value.items()}
        return value


def mask_for(config: Path, directory: Path | None) -> Mask:
    """All secrets that the configuration names or the storage holds, and the names of all staff."""
    files = {*_secret_files(config), *({directory / SIGNING_KEY_FILE} if directory else ())}
    secrets = {secret for file in files for secret in _secrets(file)}
    with acting_as_owner(directory):
        return Mask(secrets, set(_staff_names(directory)))


def _any_of(words: Iterable[str]) -> "re.Pattern[str] | None":
    """Matches any of the words, the longest first; short ones only where they stand alone."""
    wanted = sorted({word for word in words if len(word) >= 2}, key=len, reverse=True)
    if not wanted:
        return None
    return re.compile("|".join(_alone(word) for word in wanted))


def _alone(word: str) -> str:
    escaped = re.escape(word)
    return rf"(?<![A-Za-z0-9]){escaped}(?![A-Za-z0-9])" if len(word) < _SHORT and word.isascii() else escaped


def _secret_files(config: Path) -> Iterator[Path]:
    """Whatever the settings name as a file, whether they are refused or not, and the files that are there unnamed."""
    try:
        document = tomllib.loads((config / SETTINGS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        document = {}
    for section in document.values():
        for key, value in section.items() if isinstance(section, dict) else ():
            if key.endswith("_file") and isinstance(value, str) and value and not key.startswith(("ca_", "seal_")):
                yield config / value
    for name in _DEFAULT_FILES:
        yield config / name


def _secrets(file: Path) -> Iterator[str]:
    """The file's text, and every line of it: whatever of it is quoted somewhere."""
    try:
        text = file.read_bytes()[:_LONGEST_SECRET].decode("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return
    yield text
    yield from (line.strip() for line in text.splitlines() if not line.startswith("-----"))


def _staff_names(directory: Path | None) -> Iterator[str]:
    if directory is None or not (directory / HALL_FILE).exists():
        return
    try:
        with closing(connect(directory / HALL_FILE, read_only=True)) as connection:
            for entry in HallStore(connection, directory).entries("staff"):
                yield from (str(entry[key]) for key in ("name", "name_en") if entry.get(key))
    except (sqlite3.Error, OSError, ValueError, TypeError):
        return
