"""What can be wrong with evaluator, printer, display and sound, in words for those who can mend it (R20)."""

import pytest

from device_drivers.printer.conditions import Condition
from device_drivers.printer.status import Status, explain
from kiosk_app.domain.problems import Problem, Severity
from kiosk_app.terminal.evaluator_problems import BABBLE_BYTES, NOISY_FROM, Heard, evaluator_problems
from kiosk_app.terminal.printer_problems import printer_problems
from kiosk_app.terminal.shared_problems import Display, display_problems, lent_problems
from kiosk_app.window.station_problems import station_problems


def evaluator(
    fault: str | None = None, *, heard: Heard | None = None, confirmed: bool = True, asks: bool = False
) -> list[str]:
    found = evaluator_problems(fault, keys_confirmed=confirmed, heard=heard or Heard(), asks=asks)
    return [problem.code for problem in found]


def test_an_evaluator_in_order_has_no_problem() -> None:
    assert evaluator(heard=Heard(good=1000, bad=3, noise_bytes=90)) == []


@pytest.mark.parametrize(
    ("heard", "noisy"),
    [
        (Heard(good=0, bad=0, noise_bytes=BABBLE_BYTES), True),
        (Heard(good=0, bad=0, noise_bytes=BABBLE_BYTES - 1), False),
        (Heard(good=1, bad=0, noise_bytes=10 * BABBLE_BYTES), False),  # another device on the same line
        (Heard(good=10 * NOISY_FROM, bad=NOISY_FROM), False),
        (Heard(good=10 * NOISY_FROM - 1, bad=NOISY_FROM), True),
        (Heard(good=1, bad=NOISY_FROM - 1), False),
    ],
)
def test_a_line_is_noisy_by_its_share_of_damaged_frames(heard: Heard, noisy: bool) -> None:
    assert evaluator(heard=heard) == (["evaluator_noisy"] if noisy else [])


def test_nothing_but_noise_leads_to_listening_and_learning() -> None:
    (problem,) = evaluator_problems(None, keys_confirmed=True, heard=Heard(noise_bytes=900))
    assert problem.severity is Severity.WARNING
    assert "900 bytes" in problem.text
    assert "evaluator listen" in problem.action
    assert "evaluator learn" in problem.action


def test_an_evaluator_that_may_be_at_several_ports_asks_instead_of_being_lost() -> None:
    assert evaluator("gone") == ["evaluator_lost"]
    assert evaluator('port "auto": 2 ports may be the evaluator', asks=True) == ["ports_ambiguous"]


def test_a_printer_that_may_be_at_several_ports_asks_too() -> None:
    (lost,) = printer_problems((Condition.DISCONNECTED, "2 ports"), asks=True)
    assert (lost.code, lost.text) == ("ports_ambiguous", "printer: 2 ports")
    (out,) = printer_problems((Condition.PAPER_OUT, ""), asks=True)
    assert out.code == "printer_paper_out"


@pytest.mark.parametrize(
    ("condition", "status", "told", "action"),
    [
        (Condition.PAPER_OUT, Status(paper_out=True), "the printer has no paper", "put in a new roll"),
        (Condition.NEAR_END, Status(near_end=True), "printer: the paper is near its end", "have a new roll at hand"),
        (
            Condition.ERROR,
            Status(stopped=True, hot=True),
            "the printer's head is too hot",
            "it goes on by itself when it has cooled",
        ),
    ],
)
def test_what_to_do_about_a_printer_is_told_once(condition: Condition, status: Status, told: str, action: str) -> None:
    (problem,) = printer_problems((condition, explain(status)))
    assert (problem.text, problem.action) == (told, action)


def test_why_a_printers_port_is_away_is_told_in_the_drivers_own_words() -> None:
    (problem,) = printer_problems((Condition.DISCONNECTED, "/dev/x: no such port; connect it"))
    assert problem.text == "printer: /dev/x: no such port; connect it"


def test_no_action_asks_to_stop_the_app() -> None:
    found = evaluator_problems("gone", keys_confirmed=False, heard=Heard(noise_bytes=900))
    for problem in (*found, *lent_problems({"evaluator": "kiosk-admin of zhao"})):
        assert "stop" not in problem.action
    confirm = next(problem for problem in found if problem.code == "evaluator_not_confirmed")
    assert "technician's page" in confirm.action
    assert "kiosk-admin evaluator confirm" in confirm.action


# The display


@pytest.mark.parametrize(
    ("display", "code"),
    [
        (Display(1280, 800, 5.9), None),
        (Display(1080, 1920, 3.6), None),
        (Display(1024, 600, 6.6), None),
        (Display(800, 480, 5.2), "display_small"),
        (Display(1920, 1080, 15.0), "display_small"),
        (Display(1280, 800), "display_density_unknown"),
        (Display(1280, 800, 0.9), "display_density_unknown"),
        (Display(1280, 800, 30.0), "display_density_unknown"),
        (None, None),
    ],
)
def test_a_display_is_judged_by_pixels_and_millimetres(display: Display | None, code: str | None) -> None:
    found = display_problems(display, screen_shown=True)
    assert [(problem.code, problem.severity) for problem in found] == ([(code, Severity.WARNING)] if code else [])
    assert display_problems(display, screen_shown=False) == []


def test_a_display_tells_its_size() -> None:
    assert str(Display(1280, 800, 5.9)) == "1280x800, 217x136 mm"
    assert str(Display(1280, 800)) == "1280x800"


# Lent


def window(**lent: str) -> list[Problem]:
    return list(
        station_problems(
            recording_fault=None,
            since=None,
            window="12",
            staff_no="0012",
            evaluator_fault="lent to kiosk-admin",
            keys_confirmed=True,
            hall_fault=None,
            rules_faults=(),
            code_fault=None,
            printer=(Condition.DISCONNECTED, "lent to kiosk-admin"),
            screen_shown=True,
            sound_fault=None,
            lent=lent,
        )
    )


def test_what_is_lent_is_not_lost() -> None:
    assert {problem.code for problem in window()} == {"evaluator_lost", "printer_lost"}
    found = {problem.code: problem for problem in window(evaluator="kiosk-admin of zhao", printer="the page")}
    assert set(found) == {"evaluator_lent", "printer_lent"}
    assert found["evaluator_lent"].severity is Severity.WARNING
    assert "kiosk-admin of zhao" in found["evaluator_lent"].text
