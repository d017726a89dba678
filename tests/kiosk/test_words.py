"""Every sentence that the core says stands in both languages, with the values that it is given."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import kiosk_app.kiosk
from kiosk_app.resources import assets_directory

SOURCE = Path(kiosk_app.kiosk.__file__).parent


def sentences() -> Iterator[tuple[str, frozenset[str]]]:
    """Key and names of values of every `say(...)` in the kiosk's code."""
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                (key,) = node.args
                if isinstance(key, ast.Constant):
                    yield str(key.value), frozenset(str(value.arg) for value in node.keywords)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_sentence_is_translated_with_its_values(language: str) -> None:
    directory = assets_directory() / "translations"
    table = {
        key: text
        for file in (directory / f"{language}.json", directory / "kiosk" / f"{language}.json")
        for key, text in json.loads(file.read_text(encoding="utf-8")).items()
    }
    said = list(sentences())
    assert len(said) > 100
    for key, values in said:
        assert table[key], key
        wanted = {name for _, name, _, _ in Formatter().parse(table[key]) if name}
        assert wanted <= values, key
