"""The slips on paper: what an independent reader of ESC/POS prints of them, on both widths and in both languages."""

import pytest
import zxingcpp

from device_drivers.printer.escpos import encode
from device_drivers.printer.paper import PAPERS
from device_drivers.printer.slip import Slip
from device_drivers.simulated.printer_commands import next_command
from device_drivers.simulated.printer_interpreter import Interpreter
from device_drivers.simulated.printer_paper import Paper
from kiosk_app.terminal import slips
from tests.terminal.test_slips import CODE, COPIED, LANGUAGES, QR, TRIAL, WORDING

WIRE_SECONDS = 2.0
"""What a citizen may wait for the bytes of the standard slip at 9600 baud."""


def printed(slip: Slip, width_mm: int) -> Paper:
    """The paper that comes out; nothing on it that a real printer would garble."""
    data = encode(slip, PAPERS[width_mm])
    printer = Interpreter(PAPERS[width_mm].dots)
    while data:
        command = next_command(data, printer.chinese)
        assert command is not None, data
        printer.execute(command)
        data = data[len(command.raw) :]
    assert printer.violations == []
    (paper,) = printer.papers
    return paper


def scanned(paper: Paper) -> list[str]:
    return [str(code.text) for code in zxingcpp.read_barcodes(paper.picture())]


@pytest.mark.parametrize("width_mm", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "codes"), [("number", [QR]), ("booking", ["001212345670"]), ("rating", [QR]), ("guide", [])]
)
def test_every_slip_comes_out_whole_and_its_qr_code_can_be_scanned(
    kind: str, codes: list[str], language: str, width_mm: int
) -> None:
    paper = printed(COPIED[kind](language, 2), width_mm)
    assert paper.cut
    assert "补打" in paper.lines[0]
    assert "测试政务服务中心" in paper.lines
    assert scanned(paper) == codes


@pytest.mark.parametrize("width_mm", PAPERS)
def test_number_codes_days_and_times_stand_unbroken(width_mm: int) -> None:
    number = printed(COPIED["number"]("zh-CN", 1), width_mm).lines
    assert {"A001", "食品经营许可", "前面 3 人等候", "请留意叫号", "11月27日 24:00", CODE} <= set(number)
    booking = printed(COPIED["booking"]("zh-CN", 1), width_mm).lines
    assert {"11月23日 星期一", "09:00-09:30", "0012 1234 5670", "08:30-09:15", "11月23日 07:00"} <= set(booking)


@pytest.mark.parametrize("width_mm", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_and_its_value_stand_on_one_line(language: str, width_mm: int) -> None:
    lines = printed(COPIED["guide"](language, 1), width_mm).lines
    department = WORDING.table(language)["slip.department"]
    (line,) = [line for line in lines if line.startswith(department)]
    assert line.endswith("市场监督管理局")


@pytest.mark.parametrize("kind", COPIED)
def test_ordinary_slips_are_text_and_no_picture(kind: str) -> None:
    """So that they are on the paper at once, also at 9600 baud."""
    for language in LANGUAGES:
        slip = COPIED[kind](language, 1)
        assert printed(slip, 80).rasters == 0
        assert len(encode(slip, PAPERS[80])) * 10 / 9600 < WIRE_SECONDS


@pytest.mark.parametrize("width_mm", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ruler_of_the_test_slip_fills_one_line(language: str, width_mm: int) -> None:
    paper = printed(slips.test_slip(WORDING, language, type(TRIAL)(**{**vars(TRIAL), "width_mm": width_mm})), width_mm)
    (ruler,) = [line for line in paper.lines if line.startswith("1234567890")]
    assert len(ruler) == PAPERS[width_mm].columns
    assert paper.rasters >= 1
    assert scanned(paper) == [QR]
