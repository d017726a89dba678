"""`printer status` and `printer test`: real bytes over a pty, to a printer that reads them by itself."""

import fcntl
import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import zxingcpp

from device_drivers.simulated.printer import SimulatedPrinter
from device_drivers.simulated.printer_paper import Paper
from kiosk_app.domain.rating_code import device_key, make_code
from kiosk_app.journal.database import APP_LOCK_FILE
from kiosk_app.journal.hall import HallStore
from tests.technician.terminal import SETTINGS, Said, Terminal

CODE = "8080-RGG0-0PFZ-R84R"
"""By the hall key of 32 bytes ab: hall 1, device 12, 2026-11-22, number 5 (interfaces §7)."""
FORGED = "8080-RGG0-0PFZ-R84S"
HALL_KEY = "ab" * 32
PUBLIC = 'secret_file = "platform.secret"\npublic_url = "https://pj.example.gov.cn"'
COMMANDS = [["status"], ["test"], ["test", "--code", CODE], ["status", "--json"]]


def configure(terminal: Terminal, port: str, width_mm: int = 80, more: str = "") -> None:
    """A terminal with a printer whose platform citizens can reach."""
    settings = SETTINGS.replace('secret_file = "platform.secret"', PUBLIC)
    printer = f'\n[printer]\nport = "{port}"\nwidth_mm = {width_mm}\n{more}'
    (terminal.config / "terminal.toml").write_text(settings + printer, encoding="utf-8")


def with_key(terminal: Terminal, key: str) -> str:
    """The section for rating codes, with this key."""
    file = terminal.config / "device.key"
    file.write_text(key, encoding="ascii")
    file.chmod(0o600)
    return "\n[rating_code]\nhall_id = 1\n"


def as_kiosk(terminal: Terminal) -> None:
    file = terminal.config / "terminal.toml"
    text = file.read_text(encoding="utf-8")
    kiosk = text.replace('profile = "window"', 'profile = "kiosk"').replace('[window]\nnumber = "12"', "[kiosk]")
    file.write_text(kiosk, encoding="utf-8")


@pytest.fixture
def plugged(terminal: Terminal, tmp_path: Path) -> Iterator[Callable[..., SimulatedPrinter]]:
    """Plug a printer in, of this profile and width; the terminal is configured for it."""
    printers: list[SimulatedPrinter] = []

    def plug(profile: str = "epson-h", width_mm: int = 80, more: str = "") -> SimulatedPrinter:
        printer = SimulatedPrinter(profile, width_mm, tmp_path / "printer")
        printers.append(printer)
        configure(terminal, str(tmp_path / "printer"), width_mm, more)
        return printer

    yield plug
    for printer in printers:
        printer.close()


@contextmanager
def running(terminal: Terminal, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        terminal.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def result_of(said: Said) -> dict[str, Any]:
    (line,) = said.out.splitlines()
    result: dict[str, Any] = json.loads(line)
    assert set(result) == {"state", "detail", "job_id"}
    return result


def the_paper(printer: SimulatedPrinter) -> Paper:
    (paper,) = (paper for paper in printer.wait_papers(1) if not paper.is_blank)
    assert printer.violations == []
    return paper


def scanned(paper: Paper) -> str:
    """What a scanner reads from the paper."""
    (code,) = zxingcpp.read_barcodes(paper.picture())
    return str(code.text)


def actions(terminal: Terminal) -> list[tuple[str, str, str]]:
    payloads = [record["payload"] for record in terminal.records() if record["kind"] == "operator_action"]
    return [(payload["action"], payload["target"], payload["outcome"]) for payload in payloads]


# status


def test_status_of_a_printer_that_is_well(terminal: Terminal, plugged: Callable[..., SimulatedPrinter]) -> None:
    plugged()
    said = terminal.process("printer", "status")
    assert (said.status, said.out, said.err) == (0, "ready\n", "")
    assert terminal.process("printer", "status", "--json").rows == [
        {"condition": "ready", "can_print": True, "detail": ""}
    ]


@pytest.mark.parametrize(
    ("fault", "condition", "can_print", "word"),
    [
        (SimulatedPrinter.near_end, "near_end", True, "roll"),
        (SimulatedPrinter.end_paper, "paper_out", False, "roll"),
        (SimulatedPrinter.open_cover, "cover_open", False, "close"),
        (SimulatedPrinter.jam_cutter, "cutter_error", False, "cutter"),
    ],
)
def test_status_tells_what_is_the_matter_and_what_to_do(
    terminal: Terminal,
    plugged: Callable[..., SimulatedPrinter],
    fault: Callable[[SimulatedPrinter], None],
    condition: str,
    can_print: bool,
    word: str,
) -> None:
    fault(plugged())
    (row,) = terminal.process("printer", "status", "--json").rows
    assert (row["condition"], row["can_print"]) == (condition, can_print)
    assert word in row["detail"]


def test_status_of_a_printer_that_answers_nothing_is_unknown_not_a_fault(
    terminal: Terminal, plugged: Callable[..., SimulatedPrinter]
) -> None:
    plugged("silent")
    said = terminal.process("printer", "status")
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("unknown: ")


def test_status_prints_nothing_on_paper_and_leaves_no_record(
    terminal: Terminal, plugged: Callable[..., SimulatedPrinter]
) -> None:
    printer = plugged()
    terminal.process("printer", "status")
    assert printer.papers == []
    assert printer.hanging.is_blank
    assert not terminal.storage.exists()


# test


@pytest.mark.parametrize("width_mm", [58, 80])
def test_the_sample_shows_width_chinese_sizes_and_qr_and_is_cut(
    terminal: Terminal, plugged: Callable[..., SimulatedPrinter], width_mm: int
) -> None:
    printer = plugged(width_mm=width_mm)
    said = terminal.process("printer", "test")
    assert (said.status, said.out, said.err) == (0, "confirmed\n", "")
    paper = the_paper(printer)
    ruler = "1234567890" * 5
    assert ruler[: 32 if width_mm == 58 else 48] in paper.lines
    assert f"{width_mm} mm" in paper.text
    assert "灵武市政务服务中心" in paper.text
    assert paper.rasters >= 1, "the rare characters are drawn"
    assert scanned(paper) == "https://pj.example.gov.cn"
    assert paper.cut
    assert actions(terminal) == [("printer_test", "sample", "confirmed")]


@pytest.mark.parametrize("width_mm", [58, 80])
def test_the_slip_of_a_code_can_be_read_and_scanned(
    terminal: Terminal, plugged: Callable[..., SimulatedPrinter], width_mm: int
) -> None:
    printer = plugged(width_mm=width_mm)
    result = result_of(terminal.process("printer", "test", "--code", CODE, "--json"))
    assert result["state"] == "confirmed"
    paper = the_paper(printer)
    assert scanned(paper) == f"https://pj.example.gov.cn/r/{CODE}"
    assert CODE in paper.text.replace("\n", "")
    assert "11月22日" in paper.text
    assert "11月27日 24:00" in paper.lines, "five working days, the visit's day not counted (R10)"
    assert "12 号窗口" in paper.lines
    assert actions(terminal) == [("printer_test", CODE, "confirmed")]


@pytest.mark.parametrize(
    "typed",
    ["8080rgg0opfzr84r", " 8080-rgg0-0pfz-r84r ", f"https://pj.example.gov.cn/r/{CODE}"],
    ids=["as typed", "blanks", "as scanned"],
)
def test_a_code_is_taken_as_people_type_it(
    terminal: Terminal, plugged: Callable[..., SimulatedPrinter], typed: str
) -> None:
    printer = plugged()
    assert terminal.process("printer", "test", "--code", typed).status == 0
    assert scanned(the_paper(printer)).endswith(f"/r/{CODE}")


def test_the_days_to_rate_are_those_of_the_hall_and_of_the_pulled_calendar_r10(
    terminal: Terminal, plugged: Callable[..., SimulatedPrinter]
) -> None:
    printer = plugged(more="\n[rules]\nsupplementary_working_days = 1\n")
    terminal.storage.mkdir()
    with closing(HallStore.open(terminal.storage)) as hall:
        hall.replace_document("workdays", {"2026": {"holidays": ["2026-11-23"], "workdays": []}})
    terminal.process("printer", "test", "--code", CODE)
    assert "11月24日 24:00" in the_paper(printer).lines


def test_a_printer_without_process_ids_confirms_by_its_paper_sensor(
    terminal: Terminal, plugged: Callable[..., SimulatedPrinter]
) -> None:
    printer = plugged("tm88")
    assert result_of(terminal.process("printer", "test", "--json"))["state"] == "confirmed"
    assert the_paper(printer).cut


def test_a_printer_that_answers_nothing_prints_and_is_unconfirmed(
    terminal: Terminal, plugged: Callable[..., SimulatedPrinter]
) -> None:
    printer = plugged("silent")
    said = terminal.process("printer", "test")
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("unconfirmed: ")
    assert scanned(the_paper(printer)) == "https://pj.example.gov.cn"
    assert actions(terminal) == [("printer_test", "sample", "unconfirmed")]


def test_without_paper_nothing_is_printed_and_it_says_so(
    terminal: Terminal, plugged: Callable[..., SimulatedPrinter]
) -> None:
    printer = plugged()
    printer.end_paper()
    assert "failed: the printer has no paper" in terminal.process("printer", "test").complaint
    assert printer.papers == []
    assert printer.hanging.is_blank
    assert actions(terminal) == [("printer_test", "sample", "failed")]


def test_a_failure_with_json_is_an_object_and_a_line(
    terminal: Terminal, plugged: Callable[..., SimulatedPrinter]
) -> None:
    plugged().open_cover()
    said = terminal.process("printer", "test", "--json")
    assert said.status == 2
    result = result_of(said)
    assert result["state"] == "failed"
    assert "cover" in result["detail"]
    (line,) = said.err.splitlines()
    assert line == f"kiosk-admin: failed: {result['detail']}"


def test_paper_that_ends_in_the_middle_is_told_at_once_and_the_slip_goes_on_with_a_new_roll(
    terminal: Terminal, plugged: Callable[..., SimulatedPrinter]
) -> None:
    printer = plugged()
    printer.end_paper_after_lines(6)
    with running(terminal, "printer", "test", "--code", CODE) as process:
        assert line_of(process).startswith("paper_out: the printer has no paper")
        printer.load_paper()
        assert line_of(process) == "ready\n"
        assert line_of(process) == "confirmed\n"
        assert process.wait(60) == 0
    assert scanned(the_paper(printer)).endswith(CODE)


def test_a_cable_pulled_out_in_the_middle_is_told_with_what_to_do(
    terminal: Terminal, plugged: Callable[..., SimulatedPrinter]
) -> None:
    printer = plugged()
    printer.unplug_after(500)
    said = terminal.process("printer", "test", "--json")
    result = result_of(said)
    assert result["state"] != "confirmed"
    assert "cable" in result["detail"]
    assert said.status == (2 if result["state"] == "failed" else 0)
    assert actions(terminal) == [("printer_test", "sample", result["state"])]


# What is refused


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_printer_in_the_configuration_it_says_so(terminal: Terminal, command: list[str]) -> None:
    assert "[printer]" in terminal.admin("printer", *command).complaint


@pytest.mark.parametrize("command", COMMANDS)
def test_a_port_that_is_not_there_is_one_clear_line(terminal: Terminal, tmp_path: Path, command: list[str]) -> None:
    configure(terminal, str(tmp_path / "nowhere"))
    assert "nowhere is not there" in terminal.process("printer", *command).complaint
    assert not terminal.storage.exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_while_the_app_owns_the_port_it_says_so_at_once(terminal: Terminal, command: list[str]) -> None:
    configure(terminal, "auto")
    terminal.storage.mkdir()
    with (terminal.storage / APP_LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "kiosk-app owns the port and does not answer" in terminal.admin("printer", *command).complaint


@pytest.mark.parametrize("text", ["", "hello", "8080-RGG0-0PFZ", "8080-RGG0-0PFZ-R84U", "0000-0000-0000-0000"])
def test_what_is_no_code_is_refused_before_the_printer_is_touched(terminal: Terminal, text: str) -> None:
    configure(terminal, "auto")
    assert "not a rating code" in terminal.admin("printer", "test", "--code", text).complaint


def test_a_kiosk_knows_a_forged_code_of_its_hall(terminal: Terminal, plugged: Callable[..., SimulatedPrinter]) -> None:
    printer = plugged(more=with_key(terminal, HALL_KEY))
    as_kiosk(terminal)
    assert "mistyped" in terminal.process("printer", "test", "--code", FORGED).complaint
    assert printer.received == b""
    assert terminal.process("printer", "test", "--code", CODE).status == 0
    assert "窗口" not in the_paper(printer).text


def test_a_window_knows_a_forged_code_of_its_own_and_cannot_judge_those_of_others(
    terminal: Terminal, plugged: Callable[..., SimulatedPrinter]
) -> None:
    hall_key = terminal.file("hall.key", HALL_KEY)
    Path(hall_key).chmod(0o600)
    own = terminal.done("keys", "derive", hall_key, "12").out.strip()
    printer = plugged(more=with_key(terminal, own))
    assert "mistyped" in terminal.process("printer", "test", "--code", FORGED).complaint
    others = make_code(device_key(bytes.fromhex(HALL_KEY), 13), 1, 13, date(2026, 11, 22), 0)
    assert terminal.process("printer", "test", "--code", others).status == 0
    paper = the_paper(printer)
    assert scanned(paper).endswith(others)
    assert "窗口" not in paper.text
