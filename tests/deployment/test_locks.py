"""What is installed on a terminal is what was tested: the same versions and hashes, and none of the tests' tools."""

import re
import tomllib
from importlib.metadata import requires

import pytest

from config.install.layout import CHECKOUT
from config.install.program import BUILD_LOCK, RUNTIME_LOCK

TESTED = CHECKOUT / "requirements.lock"
PINNED = re.compile(r"^([a-z0-9._-]+)==(\S+)(?: ; [^\\]*)?((?: \\\n +--hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)
WITHOUT_HALL_KIOSK = "the same as in requirements.lock; `make lock` writes all three"


def pinned(text: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Version and hashes of every package in a lock."""
    return {name: (number, frozenset(hashes.split())) for name, number, hashes in PINNED.findall(text)}


def plain(name: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", name)[0].lower().replace("_", "-").replace(".", "-")


@pytest.mark.parametrize("lock", [RUNTIME_LOCK, BUILD_LOCK], ids=lambda lock: lock.name)
def test_a_terminal_gets_what_was_tested(lock: "object") -> None:
    text = (RUNTIME_LOCK if lock is RUNTIME_LOCK else BUILD_LOCK).read_text()
    tested, taken = pinned(TESTED.read_text()), pinned(text)
    assert len(taken) == len(re.findall(r"^\S+==", text, re.MULTILINE)), "a line without a hash"
    assert taken
    assert {name: found for name, found in taken.items() if tested.get(name) != found} == {}, WITHOUT_HALL_KIOSK


def test_all_that_the_program_needs_is_in_it() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    taken = pinned(RUNTIME_LOCK.read_text())
    waiting = [plain(requirement) for requirement in project["dependencies"]]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        assert name in taken, WITHOUT_HALL_KIOSK
        waiting += [plain(needed) for needed in requires(name) or () if ";" not in needed]


def test_none_of_the_tests_tools_is_in_it() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    tools = {plain(requirement) for requirement in project["optional-dependencies"]["dev"]}
    assert tools & pinned(RUNTIME_LOCK.read_text()).keys() == set()
