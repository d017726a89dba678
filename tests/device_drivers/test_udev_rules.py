"""The udev rules: what they claim to match, and that every one says what it is for."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

RULES = sorted((Path(__file__).parents[2] / "config" / "udev").glob("*.rules"))
IGNORED = re.compile(
    r'ATTR\{idVendor\}=="([0-9a-f]{4})"(?:, ATTR\{idProduct\}=="([^"]+)")?, ENV\{ID_MM_DEVICE_IGNORE\}="1"'
)
ADAPTERS = ("1a86:7523", "1a86:55d4", "067b:2303", "10c4:ea60", "0403:6001", "0403:6015", "0483:5740")
MODEMS = ("12d1:1506", "2c7c:0125", "1e0e:9001", "19d2:1405", "0403:6000", "10c4:8000")


def is_left_alone(ids: str) -> bool:
    """Whether ModemManager is told to leave a device with these ids alone."""
    vendor, product = ids.split(":")
    rules = [IGNORED.fullmatch(line) for line in RULES[0].read_text(encoding="utf-8").splitlines()]
    # udev's patterns are globs joined by bars; of globs only brackets are used, which mean the same in a pattern here.
    return any(rule[1] == vendor and re.fullmatch(rule[2] or ".*", product) for rule in rules if rule)


@pytest.mark.parametrize("ids", ADAPTERS)
def test_modem_manager_leaves_serial_adapters_alone(ids: str) -> None:
    assert is_left_alone(ids)


@pytest.mark.parametrize("ids", MODEMS)
def test_a_terminals_real_modem_is_not_taken_away(ids: str) -> None:
    assert not is_left_alone(ids)


def rules_with_comments() -> Iterator[tuple[str, str]]:
    """Each rule, and the last comment before it."""
    for path in RULES:
        comment = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                comment = line
            elif line and not re.match(r"(LABEL|ACTION|SUBSYSTEM)|GOTO", line.split("=")[0]) and "GOTO=" not in line:
                yield line, comment
            elif line.startswith("LABEL"):
                comment = ""


def test_every_rule_says_what_it_is_for() -> None:
    rules = list(rules_with_comments())
    assert len(rules) > 10
    assert [rule for rule, comment in rules if not comment] == []


def test_the_rules_stand_where_they_have_an_effect() -> None:
    """ModemManager's begin with 77, and brltty's with 85."""
    assert [path.name for path in RULES] == ["70-hall-kiosk.rules", "99-hall-kiosk-brltty.rules"]


def test_every_goto_leads_to_a_label() -> None:
    for path in RULES:
        text = re.sub(r"(?m)^#.*$", "", path.read_text(encoding="utf-8"))
        assert set(re.findall(r'GOTO="(\w+)"', text)) == set(re.findall(r'LABEL="(\w+)"', text))


def test_udev_itself_finds_nothing_wrong() -> None:
    udevadm = shutil.which("udevadm")
    if udevadm is None or subprocess.run([udevadm, "verify", "--help"], capture_output=True, check=False).returncode:
        pytest.skip("udevadm verify needs udev 254 or later")
    found = subprocess.run(
        [udevadm, "verify", "--resolve-names=never", *RULES], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr
