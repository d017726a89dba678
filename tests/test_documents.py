"""The documents say what is there: links lead somewhere, and commands are ones that the programs take."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_app.technician.command_line import _parser

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"kiosk-admin((?: [^\s`|;&#()]+)+)")


def name_of(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = [link for link in LINK.findall(document.read_text(encoding="utf-8")) if "://" not in link]
    missing = [link for link in links if not (document.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_command_is_one_that_kiosk_admin_takes(document: Path) -> None:
    wrong = [command for command in commands(document.read_text(encoding="utf-8")) if not is_known(command)]
    assert wrong == []


def commands(text: str) -> Iterator[list[str]]:
    """What stands after `kiosk-admin` in code, without the placeholders of its configuration."""
    in_code = re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)
    for found in COMMAND.findall("\n".join(in_code)):
        words = shlex.split(found)
        while words[:1] == ["--config"]:
            words = words[2:]
        if words and re.fullmatch(r"[a-z-]+", words[0]):
            yield words


def is_known(words: list[str]) -> bool:
    """Whether the words begin with a command, and its own commands, that there are."""
    parser = _parser()
    for word in words:
        choices = [action.choices for action in parser._actions if isinstance(action.choices, dict)]
        if not choices:
            return True
        if word.startswith("-"):
            continue
        if word not in choices[0]:
            return False
        parser = choices[0][word]
    return True
