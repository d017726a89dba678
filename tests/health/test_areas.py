"""Every problem has its area: nothing that the terminal tells is told nowhere."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import kiosk_app
import sync_agent
from device_drivers.printer.conditions import Condition
from kiosk_app.domain.health import Area, Health, area_of, known_codes, together
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.terminal.printer_problems import printer_problems


def codes_in_source() -> Iterator[str]:
    """The first argument of every `Problem(…)` that is written out."""
    for package in (kiosk_app, sync_agent):
        for path in Path(str(package.__file__)).parent.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
                    named = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
                    yield from (
                        str(first.value) for first in [*node.args[:1], *named] if isinstance(first, ast.Constant)
                    )


def test_every_code_in_the_source_is_placed_by_hand() -> None:
    codes = set(codes_in_source())
    assert len(codes) > 40
    assert codes <= known_codes()


@pytest.mark.parametrize("condition", Condition)
def test_every_condition_of_a_printer_is_the_printers(condition: Condition) -> None:
    for problem in printer_problems((condition, "")):
        assert problem.code in known_codes()
        assert area_of(problem.code) is Area.PRINTER


def test_a_code_that_is_new_is_placed_by_its_first_word() -> None:
    assert area_of("hall_data_upside_down") is Area.HALL_DATA
    assert area_of("printer_not_examined") is Area.PRINTER
    assert area_of("something_else") is Area.CONFIGURATION


def test_health_survives_its_way_from_one_program_to_another() -> None:
    problem = Problem("disk_low", "little is free", "clean", Severity.WARNING, "2026-11-25T14:03:00.000+08:00")
    health = Health((problem,), {Area.STORAGE: "1 GB free"})
    assert Health.from_json(health.to_json()) == health


@pytest.mark.parametrize("nonsense", [{}, {"problems": None}, {"problems": [{"code": "x"}]}, {"problems": [1]}])
def test_what_is_no_health_is_refused(nonsense: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Health.from_json(nonsense)


def test_what_two_looks_know_of_an_area_is_told_together() -> None:
    one, other = Health((), {Area.PLATFORM: "0 waiting"}), Health((), {Area.PLATFORM: "it accepts this device"})
    assert together(one, other).facts == {Area.PLATFORM: "0 waiting; it accepts this device"}
