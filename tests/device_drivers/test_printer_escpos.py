"""Slips as bytes, read back by a strict interpreter and an independent QR decoder."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_drivers.printer.characters import is_native, printable_lines
from device_drivers.printer.escpos import SlipError, encode
from device_drivers.printer.glyphs import draw_line, text_dots
from device_drivers.printer.paper import PAPERS
from device_drivers.printer.raster import without_real_time
from device_drivers.printer.slip import Align, Columns, Element, Gap, Line, QrCode, Rule, Slip
from device_drivers.simulated.printer_paper import Dots, QrSymbol, TextLine
from tests.device_drivers.printing import CODE, decoded, interpret, number_slip, printed

INITIALISED = bytes.fromhex("1B 40 1C 26")
RASTER = b"\x1dv0"
REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")

# What stands on the paper.


def test_a_slip_says_what_it_was_made_of() -> None:
    paper = printed(*number_slip("A017").elements)
    assert paper.lines == [
        "测试区政务服务中心",
        "A017",
        "办理事项                          社会保障卡补领",
        "取号时间                        2026-03-02 09:15",
        "-" * 48,
        "过号请重新取号。扫码评价本次服务：",
        "Please keep this slip until you were served.",
    ]
    assert paper.cut == "partial"
    assert decoded(paper) == [CODE]


def test_chinese_is_switched_on_after_the_printer_was_initialised() -> None:
    data = encode(number_slip(), PAPERS[80])
    assert data.startswith(INITIALISED)
    assert data.count(b"\x1b@") == 1


def test_text_is_the_printers_own_and_the_whole_slip_a_few_hundred_bytes() -> None:
    data = encode(number_slip(), PAPERS[80])
    assert "测试区政务服务中心".encode("gb18030") in data
    assert RASTER not in data
    assert len(data) < 500


@pytest.mark.parametrize(("size", "letter", "chinese"), [(1, 1, 1), (2, 2, 2), (3, 3, 2), (4, 4, 2)])
def test_sizes_are_those_on_which_all_printers_agree(size: int, letter: int, chinese: int) -> None:
    [line] = [mark for mark in printed(Line("A1号", size=size)).marks if isinstance(mark, TextLine)]
    assert [(glyph.width, glyph.height) for glyph in line.glyphs] == [
        (letter, letter),
        (letter, letter),
        (chinese, chinese),
    ]


def test_a_style_ends_with_its_line() -> None:
    paper = printed(
        Line("大", size=2, bold=True, align=Align.CENTRE), Line("小"), Columns("左", "右", bold=True), Rule()
    )
    lines = [mark for mark in paper.marks if isinstance(mark, TextLine)]
    assert [(line.glyphs[0].width, line.glyphs[0].bold, line.align) for line in lines] == [
        (2, True, 1),
        (1, False, 0),
        (1, True, 0),
        (1, False, 0),
    ]


def test_a_value_that_does_not_fit_beside_its_label_stands_on_its_own_line() -> None:
    paper = printed(Columns("办理事项", "企业职工基本养老保险关系转移接续"), width_mm=58)
    assert paper.lines == ["办理事项", "企业职工基本养老保险关系转移接续"]
    assert [mark.align for mark in paper.marks if isinstance(mark, TextLine)] == [0, 2]


def test_a_gap_is_fed_however_long() -> None:
    lines = interpret(encode(Slip((Gap(300), Gap(0))), PAPERS[80])).printed_lines
    assert lines == 300 + 3, "three before the cut"


# Wrapping.


@pytest.mark.parametrize("width_mm", [58, 80])
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_long_text_is_broken_where_the_paper_ends(width_mm: int, size: int) -> None:
    text = "请您携带身份证、户口簿（原件）到 12 号窗口 window twelve 办理，谢谢！" * 3
    lines = printed(Line(text, size=size), width_mm=width_mm).lines
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(text_dots(line, size) <= PAPERS[width_mm].dots for line in lines)
    assert not any(line[0] in "、，！）" or line[-1] == "（" for line in lines)


def test_words_are_not_torn_apart_unless_they_are_longer_than_the_paper() -> None:
    assert printed(Line("Please bring your identity card to window twelve"), width_mm=58).lines == [
        "Please bring your identity card",
        "to window twelve",
    ]
    assert printed(Line("x" * 70), width_mm=58).lines == ["x" * 32, "x" * 32, "x" * 6]


def test_a_texts_own_lines_are_kept() -> None:
    assert printed(Line("一\n二\r\n三\u2028四")).lines == ["一", "二", "三", "四"]


# Characters that the printer lacks.


@pytest.mark.parametrize("text", ["㐀", "王䶮", "€ 5", "ñ", "𠮷", "ئۇيغۇر تىلى", "😀"])
@pytest.mark.parametrize("size", [1, 3])
def test_a_line_with_a_character_that_the_printer_lacks_is_drawn(text: str, size: int) -> None:
    paper = printed(Line("前"), Line(text, size=size), Line("后"))
    assert paper.lines == ["前", "后"]
    # A large one is sent in several bands, each a whole command.
    bands = [mark.picture for mark in paper.marks if isinstance(mark, Dots)]
    assert sum(band.height for band in bands) == 24 * size
    assert any(band.getextrema() == (0, 255) for band in bands), "something is black"


@pytest.mark.parametrize(("width_mm", "size"), [(80, 2), (58, 1)])
def test_what_is_to_stay_whole_is_as_large_as_one_line_allows(width_mm: int, size: int) -> None:
    code = "8080-RGG0-0PFZ-R84R"
    paper = printed(Line(code, size=2, whole=True), width_mm=width_mm)
    assert paper.lines == [code]
    assert paper.text == printed(Line(code, size=size), width_mm=width_mm).text
    assert paper.picture().size == printed(Line(code, size=size), width_mm=width_mm).picture().size


def test_only_the_wrapped_line_with_that_character_is_drawn() -> None:
    paper = printed(Line("一" * 24 + "㐀" + "二" * 24))
    assert paper.lines == ["一" * 24, "二"]
    assert paper.rasters == 1


def test_a_drawn_line_stands_where_it_was_asked_to() -> None:
    for align, side in ((Align.LEFT, "left"), (Align.CENTRE, "both"), (Align.RIGHT, "right")):
        [dots] = [mark for mark in printed(Line("㐀", align=align)).marks if isinstance(mark, Dots)]
        black = dots.picture.point(lambda value: 255 - value).getbbox()
        assert black is not None
        middle = (black[0] + black[2]) / 2
        assert {"left": middle < 24, "both": 276 < middle < 300, "right": middle > 552}[side], (align, black)


def test_a_script_from_the_right_begins_at_the_right() -> None:
    [dots] = [mark for mark in printed(Line("ئۇيغۇر تىلى")).marks if isinstance(mark, Dots)]
    black = dots.picture.point(lambda value: 255 - value).getbbox()
    assert black is not None
    assert black[2] > 550


def test_letters_of_uyghur_are_joined_and_run_from_the_right() -> None:
    joined = draw_line("سالام", 1, False)
    alone = [draw_line(letter, 1, False) for letter in "سالام"]
    assert joined.width < sum(letter.width for letter in alone), "letters alone are wider"
    assert draw_line("بااا", 1, False).tobytes() != draw_line("اااب", 1, False).tobytes()


def test_label_and_value_keep_their_edges_where_one_is_drawn() -> None:
    paper = printed(Columns("姓名", "王䶮"))
    [dots] = [mark for mark in paper.marks if isinstance(mark, Dots)]
    black = dots.picture.point(lambda value: 255 - value).getbbox()
    assert black is not None
    assert black[0] < 6
    assert black[2] > 565


def test_a_currency_sign_that_only_gb18030_has_becomes_the_one_that_all_printers_have() -> None:
    assert printed(Line("工本费 ¥20")).lines == ["工本费 ￥20"]


def test_a_character_that_no_font_has_is_shown_as_missing() -> None:
    assert printed(Line("一\ue000二\U000e0fff三\U0001fbff")).lines == ["一□二□三□"]


# Steering bytes.


@pytest.mark.parametrize("control", [*map(chr, range(0x20)), "\x7f", "\x80", "\x9b", "\u200b", "\u202e", "\ud800"])
def test_no_control_character_of_the_data_reaches_the_printer(control: str) -> None:
    plain = encode(Slip((Line("前后"), Columns("前", "后"), QrCode("ab"))), PAPERS[80])
    dirty = encode(
        Slip((Line(f"前{control}后"), Columns(f"前{control}", f"后{control}"), QrCode(f"a{control}b"))), PAPERS[80]
    )
    if control in "\t\n\v\f\r":
        paper = printed(Line(f"前{control}后"))
        assert "".join(paper.lines).replace(" ", "") == "前后"
    else:
        assert dirty == plain


def test_a_cut_in_the_data_cuts_nothing() -> None:
    paper = printed(Line("一\x1dV\x00二\x1b@三"))
    assert paper.lines == ["一V二@三"]


def test_dots_hold_no_real_time_command() -> None:
    dots = bytes([0x10, 0x04, 0x10, 0x05, 0x10, 0x10, 0x14, 0x10])
    safe = without_real_time(dots)
    assert not any(command in safe for command in REAL_TIME)
    assert all(after & before == before for before, after in zip(dots, safe, strict=True)), "no dot is taken away"


# QR codes.


@pytest.mark.parametrize("width_mm", [58, 80])
@pytest.mark.parametrize("data", ["8080-RGG0-0PFZ-R84R", CODE, CODE + "?" + "x" * 150, "政务服务评价"])
def test_a_qr_code_can_be_read_at_a_size_that_fits(data: str, width_mm: int) -> None:
    paper = printed(Line("扫码"), QrCode(data), Line("评价"), width_mm=width_mm)
    assert paper.qr_codes == [data]
    assert decoded(paper) == [data]
    [symbol] = [mark for mark in paper.marks if isinstance(mark, QrSymbol)]
    assert symbol.level == "M"
    assert symbol.align == 1
    assert 3 <= symbol.module <= 8


@pytest.mark.parametrize("count", [1000, 3000])
def test_a_code_that_nobody_could_read_is_refused(count: int) -> None:
    with pytest.raises(SlipError, match=f"{count} bytes are too much for a QR code"):
        encode(Slip((QrCode("x" * count),)), PAPERS[58])


# Any text.

TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.characters(max_codepoint=0x7F),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
        st.sampled_from("，。（）《》￥¥㐀䶮ئۇيغۇر😀\x10\x04\x1b\x1d \n"),
    ),
    max_size=80,
)
ELEMENTS: st.SearchStrategy[Element] = st.one_of(
    st.builds(Line, TEXTS, st.integers(1, 4), st.booleans(), st.sampled_from(Align)),
    st.builds(Columns, TEXTS, TEXTS, st.booleans()),
    st.builds(QrCode, st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).map("x".__add__)),
    st.builds(Rule),
    st.builds(Gap, st.integers(0, 5)),
)


@given(st.lists(ELEMENTS, max_size=6), st.sampled_from([58, 80]))
def test_any_slip_is_printed_on_one_paper_without_a_fault(elements: list[Element], width_mm: int) -> None:
    printed(*elements, width_mm=width_mm)


@given(TEXTS, st.integers(1, 4), st.booleans(), st.sampled_from(Align), st.sampled_from([58, 80]))
def test_any_text_is_shown_as_it_was_asked_for(text: str, size: int, bold: bool, align: Align, width_mm: int) -> None:
    paper = printed(Line(text, size, bold, align), width_mm=width_mm)
    wanted = [line for line in printable_lines(text) if all(map(is_native, line))]
    shown = "".join("".join(paper.lines).split())
    for line in wanted:
        for word in line.split():
            assert word in shown
    if len(wanted) == len(printable_lines(text)):
        assert shown == "".join("".join(wanted).split())
        assert paper.rasters == 0


@given(TEXTS)
def test_what_reaches_the_printer_is_no_control(text: str) -> None:
    for line in printable_lines(text):
        assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in line)
