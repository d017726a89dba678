"""The tests of the devices, with real bytes on ptys: what lights, what is printed, and that all is given back (R5)."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from serial.tools.list_ports_common import ListPortInfo

from device_drivers.evaluator.learner_events import Patience
from device_drivers.evaluator.protocol import LEVELS
from device_drivers.evaluator.protocol_file import load_protocol
from device_drivers.simulated.evaluator import SimulatedEvaluator
from device_drivers.simulated.printer import SimulatedPrinter
from kiosk_app.configuration import load_settings
from kiosk_app.technician_screen.pages.learn import LearnPage
from kiosk_app.technician_screen.session import IDLE_MS
from kiosk_app.technician_screen.state import (
    Buttons,
    KeyLight,
    Keys,
    Lines,
    Message,
    Notes,
    Page,
    Table,
    TechnicianState,
    Words,
)
from kiosk_app.terminal.lending import Device
from tests.device_drivers.learning_jig import hasten
from tests.device_drivers.protocols import shared_bus
from tests.technician_screen.technician_rig import EVALUATOR, TechnicianRig, blocks, fact, labels, light, says

PRINTER = '\n[printer]\nport = "{port}"\nwidth_mm = 80\n'
Make = Callable[..., TechnicianRig]


@pytest.fixture
def evaluator(tmp_path: Path) -> Iterator[SimulatedEvaluator]:
    with SimulatedEvaluator(shared_bus(), 0x81, tmp_path / "evaluator") as evaluator:
        yield evaluator


@pytest.fixture
def rig(make_rig: Make, evaluator: SimulatedEvaluator) -> TechnicianRig:
    """At the evaluator's page; the app's own driver holds its port."""
    rig = make_rig("window", EVALUATOR.format(port=evaluator.port)).signed_in()
    rig.go(Page.EVALUATOR)
    return rig


def asked(state: TechnicianState) -> str | None:
    found = blocks(state, Keys)
    return found[0].asked if found else None


def keys(state: TechnicianState) -> dict[str, KeyLight]:
    return {key.level: key for key in blocks(state, Keys)[0].keys}


def wait_until_asked(rig: TechnicianRig, level: str) -> TechnicianState:
    return rig.wait_for(lambda state: asked(state) == level)


def start_test(rig: TechnicianRig) -> None:
    rig.act("test")
    rig.wait_for(lambda state: asked(state) == LEVELS[0])


# The rating test, which is the confirmation (interfaces §3)


def test_five_keys_asked_in_turn_light_with_their_latency_and_are_confirmed(
    rig: TechnicianRig, evaluator: SimulatedEvaluator
) -> None:
    assert fact(rig.state, "evaluator.confirmed") == Words("evaluator.confirmed.no")
    start_test(rig)
    assert says(rig.state, "evaluator.test.is_no_rating")
    for number, level in enumerate(LEVELS):
        state = wait_until_asked(rig, level)
        assert [key.lit for key in keys(state).values()] == [True] * number + [False] * (5 - number)
        evaluator.press(level)
    rig.wait_for_message("evaluator.test.passed")
    state = rig.wait_for(lambda state: asked(state) is None and all(key.lit for key in keys(state).values()))
    for key in keys(state).values():
        assert (key.presses, key.wrong) == (1, False)
        assert key.latency_ms is not None
        assert 0 <= key.latency_ms < 5_000
    assert rig.records("rating") == [], "it is a test"
    rig.act("stop")
    rig.house.wait_until_returned(Device.EVALUATOR)
    state = rig.wait_for(lambda state: not blocks(state, Keys) and not state.busy)
    rig.wait_for(lambda state: fact(state, "evaluator.confirmed") == Words("evaluator.confirmed.yes"))
    assert rig.actions()[-2:] == [
        ("evaluator_confirmed", shared_bus().sha256, "done"),
        ("evaluator_test", "shared-bus-68", "confirmed"),
    ]
    assert {record.payload["operator"] for record in rig.records()} == {"technician"}


def test_a_wrong_key_begins_the_asking_anew_and_confirms_nothing(
    rig: TechnicianRig, evaluator: SimulatedEvaluator
) -> None:
    start_test(rig)
    evaluator.press(LEVELS[0])
    rig.wait_for(lambda state: asked(state) == LEVELS[1])
    evaluator.press(LEVELS[3])
    rig.wait_for_message("evaluator.test.wrong")
    state = rig.wait_for(lambda state: asked(state) == LEVELS[0])
    assert keys(state)[LEVELS[3]].wrong
    rig.act("stop")
    rig.house.wait_until_returned(Device.EVALUATOR)
    assert rig.actions()[-1] == (
        "evaluator_test", "shared-bus-68", f"failed: {LEVELS[1]} was asked, {LEVELS[3]} came",
    )  # fmt: skip


def test_what_comes_over_the_line_is_shown(rig: TechnicianRig, evaluator: SimulatedEvaluator) -> None:
    start_test(rig)
    evaluator.press(LEVELS[0])
    state = rig.wait_for(lambda state: blocks(state, Lines))
    assert blocks(state, Lines)[0].lines[0].startswith("ff 68 03 03 68 81 11 04")


def test_pressing_keys_keeps_the_screen_open(rig: TechnicianRig, evaluator: SimulatedEvaluator) -> None:
    start_test(rig)
    before = rig.state.leaves_at
    rig.clock.advance(200)
    evaluator.press(LEVELS[0])
    rig.wait_for(lambda state: asked(state) == LEVELS[1])
    after = rig.settled().leaves_at
    assert before is not None
    assert after == before + 200


@pytest.mark.parametrize(
    "leave",
    [
        pytest.param(lambda rig: rig.station.leave(), id="left"),
        pytest.param(lambda rig: rig.station.put_out("a citizen is invited"), id="put out"),
        pytest.param(lambda rig: rig.station.go(Page.OVERVIEW), id="another page"),
        pytest.param(lambda rig: rig.pass_time(300), id="idle"),
        pytest.param(lambda rig: rig.station.detach_screen(), id="no screen"),
        pytest.param(lambda rig: rig.station.close(), id="closed"),
    ],
)
def test_whoever_leaves_gives_the_evaluator_back_and_it_is_recorded_as_stopped(
    rig: TechnicianRig, leave: Callable[[TechnicianRig], None]
) -> None:
    start_test(rig)
    leave(rig)
    rig.house.wait_until_returned(Device.EVALUATOR)
    assert rig.wait_for_action("evaluator_test") == ("evaluator_test", "shared-bus-68", "stopped")


def test_an_evaluator_that_is_not_lent_says_why(rig: TechnicianRig) -> None:
    rig.house.citizen_is_asked = True
    rig.act("test")
    message = rig.wait_for_message("common.not_lent")
    assert message.detail == "a citizen is asked to rate; try again in a moment"
    state = rig.wait_for(lambda state: not blocks(state, Keys))
    assert "evaluator.test" in labels(state)
    assert rig.actions()[-1][2] == "failed: a citizen is asked to rate; try again in a moment"


def test_an_unplugged_evaluator_is_told_during_the_test_and_asked_again_when_it_is_back(
    rig: TechnicianRig, evaluator: SimulatedEvaluator
) -> None:
    start_test(rig)
    evaluator.unplug()
    rig.wait_for(lambda state: says(state, "evaluator.lost"))
    evaluator.plug()
    rig.wait_for(lambda state: says(state, "evaluator.test.ask") and not says(state, "evaluator.lost"))
    evaluator.press(LEVELS[0])
    rig.wait_for(lambda state: asked(state) == LEVELS[1])


def test_a_protocol_file_that_is_not_right_is_told_and_cannot_be_tested(make_rig: Make, tmp_path: Path) -> None:
    evaluators = tmp_path / "config" / "evaluators"
    evaluators.mkdir(parents=True)
    (evaluators / "shared-bus-68.toml").write_text("name = 5", encoding="utf-8")
    rig = make_rig("window", EVALUATOR.format(port="/dev/none")).signed_in()
    state = rig.go(Page.EVALUATOR)
    assert light(state, "evaluator.protocol") == "problem"
    assert labels(state) == ["evaluator.learn"]


# The test slip


@pytest.fixture
def printer() -> Iterator[SimulatedPrinter]:
    with SimulatedPrinter() as printer:
        yield printer


@pytest.fixture
def printing(make_rig: Make, printer: SimulatedPrinter) -> TechnicianRig:
    rig = make_rig("kiosk", PRINTER.format(port=printer.port)).signed_in()
    rig.go(Page.PRINTER)
    return rig


def test_the_slip_has_ruler_chinese_qr_and_cut_and_is_confirmed(
    printing: TechnicianRig, printer: SimulatedPrinter
) -> None:
    printing.act("test")
    (paper,) = printer.wait_papers(1)  # a paper is one that was cut off
    assert "123456789012345678901234567890123456789012345678" in paper.text
    assert "灵武市政务服务中心" in paper.text
    assert paper.qr_codes == ["lw-a-w12"]
    printing.wait_for_message("printer.test.confirmed")
    printing.house.wait_until_returned(Device.PRINTER)
    assert printing.wait_for_action("printer_test") == ("printer_test", "sample", "confirmed")
    assert printing.records("print_result") == []


def test_without_paper_it_says_so_and_prints_nothing_until_it_is_asked_again(
    printing: TechnicianRig, printer: SimulatedPrinter
) -> None:
    printer.end_paper()
    printing.act("test")
    assert "no paper" in printing.wait_for_message("printer.test.failed").detail
    assert printing.wait_for_action("printer_test")[2].startswith("failed: ")
    printer.load_paper()
    assert printer.papers == []
    printing.act("test")
    printer.wait_papers(1)
    printing.wait_for_message("printer.test.confirmed")


def stuck(printing: TechnicianRig, printer: SimulatedPrinter) -> None:
    """The paper ends within the slip: it waits for somebody to put in a new roll."""
    printer.end_paper_after_lines(3)
    printing.act("test")
    printing.wait_for(lambda state: says(state, "printer.condition.paper_out"))
    assert labels(printing.state) == ["common.stop"]


def test_a_test_that_waits_for_paper_can_be_ended_and_the_printer_is_given_back(
    printing: TechnicianRig, printer: SimulatedPrinter
) -> None:
    stuck(printing, printer)
    printing.act("stop")
    printing.wait_for_message("printer.test.stopped")
    printing.house.wait_until_returned(Device.PRINTER)
    assert printing.wait_for_action("printer_test")[2] == "stopped"


def test_who_is_put_out_while_a_slip_waits_has_it_recorded(printing: TechnicianRig, printer: SimulatedPrinter) -> None:
    stuck(printing, printer)
    printing.station.put_out("a citizen is invited")
    printing.house.wait_until_returned(Device.PRINTER)
    assert printing.wait_for_action("printer_test")[2] == "stopped"
    assert printing.records()[-1].payload["operator"] == "technician"


def test_a_printer_that_is_away_fails_with_its_cause(printing: TechnicianRig, printer: SimulatedPrinter) -> None:
    printer.unplug()
    printing.act("test")
    assert printing.wait_for_message("printer.test.failed").detail
    assert printing.wait_for_action("printer_test")[2].startswith("failed: ")


# Learning


@pytest.fixture
def unknown(make_rig: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["Learning"]:
    hasten(monkeypatch)
    monkeypatch.setattr(LearnPage, "patience", Patience(answer=5.0, plug=5.0))
    with SimulatedEvaluator(shared_bus(), 0x81, tmp_path / "evaluator") as device:
        learning = Learning(make_rig("window", EVALUATOR.format(port=device.port)).signed_in(), device)
        learning.rig.go(Page.EVALUATOR)
        learning.rig.act("learn")
        learning.rig.wait_for_page(Page.LEARN)
        yield learning
        learning.end.set()


class Learning:
    """Somebody who presses each key that the page asks for."""

    def __init__(self, rig: TechnicianRig, device: SimulatedEvaluator) -> None:
        self.rig = rig
        self.device = device
        self.end = threading.Event()

    def press_as_asked(self) -> None:
        """Until nothing is asked any more."""
        pressed: set[tuple[str, str]] = set()
        while not self.end.is_set():
            state = self.rig.wait_for(lambda state: _asking(state) not in (None, *pressed) or _over(state))
            if _over(state):
                return
            asking = _asking(state)
            assert asking is not None
            pressed.add(asking)
            self.device.press(asking[0])


def _asking(state: TechnicianState) -> "tuple[str, str] | None":
    level = asked(state)
    for key in ("learn.ask", "learn.ask.proof"):
        for message in state.blocks:
            words = getattr(message, "words", None)
            if level is not None and words is not None and words.key == key:
                return level, f"{key} {words.values.get('press', '')}"
    return None


def _over(state: TechnicianState) -> bool:
    return says(state, "learn.result") or (state.message is not None and state.message.kind == "bad")


def test_an_unknown_evaluator_is_learned_by_pressing_what_is_asked_and_put_to_use(unknown: Learning) -> None:
    rig = unknown.rig
    rig.act("start")
    unknown.press_as_asked()
    learned = rig.wait_for(lambda state: says(state, "learn.result"))
    rig.house.wait_until_returned(Device.EVALUATOR)
    (file,) = (rig.config / "evaluators").glob("*.toml")
    assert ("evaluator_learn", unknown.device.port, f"learned: {file.name}") in rig.actions()
    first, *rest = learned.blocks
    assert isinstance(first, Message), "what to do now comes first"
    assert first.words == Words("learn.result", {"file": file.name})
    assert labels(learned) == ["learn.use", "learn.again"]
    assert [type(block) for block in rest] == [Buttons, Notes], "neither the explanation nor the ports"
    (notes,) = blocks(learned, Notes)
    assert Words("learn.note.constants") in notes.notes
    assert all(isinstance(note, Words) and note.key != "learn.note.listening" for note in notes.notes)
    rig.act("use")
    rig.wait_for_message("learn.used")
    evaluator = load_settings(rig.config).evaluator
    assert evaluator is not None
    assert (evaluator.protocol, evaluator.port) == (file.stem, unknown.device.port)
    assert rig.restarts == 1
    assert rig.actions()[-2:] == [
        ("evaluator_confirmed", load_protocol(file).sha256, "done"),
        ("evaluator_protocol", file.stem, "set"),
    ]


def test_learning_that_is_put_out_writes_nothing_and_gives_the_evaluator_back(unknown: Learning) -> None:
    rig = unknown.rig
    rig.act("start")
    rig.wait_for(_asking)
    rig.station.put_out("a citizen is invited")
    rig.house.wait_until_returned(Device.EVALUATOR)
    assert rig.wait_for_action("evaluator_learn")[2] == "stopped"
    assert list((rig.config / "evaluators").glob("*.toml")) == []


def test_who_presses_what_is_asked_is_still_there(unknown: Learning) -> None:
    rig = unknown.rig
    rig.act("start")
    rig.wait_for(_asking)
    rig.pass_time(IDLE_MS / 1000 - 1)
    unknown.device.press(LEVELS[0])
    rig.wait_for(lambda state: (LEVELS[0], "learn.ask 2") == _asking(state))
    rig.pass_time(2)
    assert rig.settled().page is Page.LEARN


def test_learning_that_nobody_answers_keeps_nobody_signed_in(
    unknown: Learning, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks again and again by itself."""
    monkeypatch.setattr(LearnPage, "patience", Patience(answer=0.2, unanswered=10_000, askings=1_000_000))
    rig = unknown.rig
    rig.act("start")
    rig.wait_for(_asking)
    rig.pass_time(IDLE_MS / 1000 - 1)
    rig.wait_for(lambda state: says(state, "learn.trouble.unanswered"))
    rig.pass_time(2)
    rig.wait_for(lambda state: state.page is Page.CLOSED)
    rig.house.wait_until_returned(Device.EVALUATOR)


def test_why_it_was_not_learned_is_worded_and_the_learners_own_words_stand_below(
    unknown: Learning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LearnPage, "patience", Patience(answer=0.1))
    unknown.rig.act("start")
    said = unknown.rig.wait_for_message("learn.failed.no_key")
    assert said.words.values == {"times": 3}
    assert said.detail.startswith("no key came, though 3 times")
    assert says(unknown.rig.settled(), "learn.explain"), "it can be tried again"


def test_while_it_listens_at_another_speed_nobody_is_asked_to_press(
    unknown: Learning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LearnPage, "patience", Patience(answer=0.2, unanswered=10_000, askings=1_000_000))
    rig = unknown.rig
    rig.act("start")
    rig.wait_for(_asking)
    listening = rig.wait_for(lambda state: says(state, "learn.listening"))
    assert asked(listening) is None
    assert _asking(rig.wait_for(_asking)) is not None


def test_what_was_heard_is_shown_while_learning(unknown: Learning) -> None:
    rig = unknown.rig
    rig.act("start")
    level = asked(rig.wait_for(_asking))
    assert level is not None
    unknown.device.press(level)
    rig.wait_for(lambda state: any("68 81 11 04" in line for lines in blocks(state, Lines) for line in lines.lines))


def test_a_window_without_an_evaluator_can_learn_one(
    make_rig: Make, evaluator: SimulatedEvaluator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The technician's first minutes: nothing of it stands in terminal.toml yet."""
    hasten(monkeypatch)
    rig = make_rig("window").signed_in()
    assert says(rig.go(Page.EVALUATOR), "evaluator.none")
    assert labels(rig.state) == ["evaluator.learn"]
    rig.act("learn")
    rig.wait_for_page(Page.LEARN)
    rig.act("port", evaluator.port)
    learning = Learning(rig, evaluator)
    rig.act("start")
    learning.press_as_asked()
    rig.wait_for(lambda state: says(state, "learn.result"))
    rig.act("use")
    rig.wait_for_message("learn.used")
    configured = load_settings(rig.config).evaluator
    assert configured is not None
    assert (configured.protocol, configured.port) == ("learned-1", evaluator.port)


# The port


def test_a_port_is_chosen_by_hand_where_the_device_is_away_after_asking(
    make_rig: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = ListPortInfo("/dev/ttyUSB7")
    port.description = "USB serial"
    monkeypatch.setattr("tests.technician_screen.technician_rig.LISTED", [port])
    rig = make_rig("window", EVALUATOR.format(port="/dev/none")).signed_in()
    state = rig.go(Page.EVALUATOR)
    assert light(state, "evaluator.connection") == "problem"
    (table,) = blocks(state, Table)
    assert [(row.id, row.cells) for row in table.rows] == [("/dev/ttyUSB7", ("/dev/ttyUSB7", "USB serial"))]
    rig.act("port", "/dev/ttyUSB7")
    assert rig.question().question == Words("evaluator.use_port", {"port": "/dev/ttyUSB7"})
    assert rig.restarts == 0
    rig.yes()
    rig.wait_for_message("common.port.used")
    evaluator = load_settings(rig.config).evaluator
    assert evaluator is not None
    assert (evaluator.port, evaluator.protocol) == ("/dev/ttyUSB7", "shared-bus-68")
    assert rig.restarts == 1
    assert rig.actions()[-1] == ("evaluator_port", "/dev/ttyUSB7", "set")


def test_a_port_that_was_not_asked_for_is_not_used(make_rig: Make) -> None:
    rig = make_rig("window", EVALUATOR.format(port="/dev/none")).signed_in()
    rig.go(Page.EVALUATOR)
    rig.act("use_port", "/dev/ttyUSB8")
    rig.settled()
    assert rig.restarts == 0


def test_a_configuration_that_cannot_be_written_is_told_and_nothing_restarts(
    make_rig: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = make_rig("window", EVALUATOR.format(port="/dev/none")).signed_in()
    rig.go(Page.EVALUATOR)
    (rig.config / "terminal.toml").unlink()
    rig.act("port", "/dev/ttyUSB7")
    rig.yes()
    assert "terminal.toml" in rig.wait_for_message("common.failed").detail
    assert rig.restarts == 0
    assert rig.actions()[-1][2].startswith("failed: ")


def test_an_app_that_would_not_start_again_is_not_ended_and_says_why(make_rig: Make) -> None:
    rig = make_rig("window", EVALUATOR.format(port="/dev/none")).signed_in()
    rig.go(Page.EVALUATOR)
    rig.cannot_restart = "not started again: terminal.toml: printer.port is missing"
    rig.act("port", "/dev/ttyUSB7")
    rig.yes()
    assert rig.wait_for_message("common.failed").detail == rig.cannot_restart
    assert [done[::2] for done in rig.actions()[-2:]] == [
        ("evaluator_port", "set"),
        ("restart", f"failed: {rig.cannot_restart}"),
    ]
