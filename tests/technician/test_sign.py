"""`sign`: the sheet that is put up at a window, read back from the file as a phone would (R20)."""

import io
import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageColor

from kiosk_app.configuration import LANGUAGES
from kiosk_app.resources import assets_directory, read_json
from kiosk_app.technician import chinese_font, sign, sign_picture
from kiosk_app.technician.chinese_font import ChineseFont, NoChineseFontError
from kiosk_app.technician.sign_picture import SignText, Words
from tests.technician.terminal import SETTINGS, Terminal

PUBLIC = 'secret_file = "platform.secret"\npublic_url = "https://pj.example.gov.cn/"'
OWN = "https://pj.example.gov.cn/w/lw-a-w12"
A4 = (2480, 3508)


@pytest.fixture
def public(terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal whose platform citizens can reach; the current directory is an empty one."""
    write_settings(terminal)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return terminal


def write_settings(terminal: Terminal, more: str = "") -> None:
    settings = SETTINGS.replace('secret_file = "platform.secret"', PUBLIC)
    (terminal.config / "terminal.toml").write_text(settings + more, encoding="utf-8")


def with_codes(terminal: Terminal, more: str = "") -> None:
    key = terminal.config / "device.key"
    key.write_text("ab" * 32, encoding="ascii")
    key.chmod(0o600)
    write_settings(terminal, f"\n[rating_code]\n{more}")


def read_qr(image: Image.Image) -> str:
    (code,) = zxingcpp.read_barcodes(image)
    return str(code.text)


def page_of(pdf: bytes) -> Image.Image:
    """The one picture of a PDF with one page of A4."""
    assert pdf.startswith(b"%PDF-")
    (width, height) = re.findall(rb"/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+) \]", pdf)[0]
    assert (round(float(width)), round(float(height))) == (595, 842)
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    begin = pdf.index(b"\xff\xd8\xff")
    return Image.open(io.BytesIO(pdf[begin : pdf.index(b"endstream", begin)]))


def drawn(terminal: Terminal) -> Image.Image:
    terminal.done("sign", "--output", "sign.png")
    with Image.open("sign.png") as image:
        assert round(image.info["dpi"][0]) == sign_picture.DPI
        return image.convert("RGB")


def text_of(**other: Any) -> SignText:
    both = Words("字", "word")
    values: dict[str, Any] = {
        "hall": "测试政务服务中心", "number": "12", "window": both, "department": "测试局", "title": both, "scan": both,
        "url": OWN, "code": both, "voluntary": both,
    }  # fmt: skip
    return SignText(**{**values, **other})


def test_the_sign_is_an_a4_pdf_in_the_current_directory_whose_qr_code_leads_to_the_window(public: Terminal) -> None:
    said = public.done("sign").out
    assert "sign-window-12.pdf" in said
    assert OWN in said
    page = page_of(Path("sign-window-12.pdf").read_bytes())
    assert page.size == A4
    assert read_qr(page) == OWN


def test_the_sign_as_png_knows_its_size_on_paper(public: Terminal) -> None:
    image = drawn(public)
    assert image.size == A4
    assert read_qr(image) == OWN


def test_the_qr_code_is_large_enough_to_be_scanned_from_a_step_away(public: Terminal) -> None:
    (code,) = zxingcpp.read_barcodes(drawn(public))
    assert code.position.top_right.x - code.position.top_left.x >= sign_picture.pixels(65)


def test_the_sign_as_html_needs_nothing_from_elsewhere(public: Terminal) -> None:
    public.done("sign", "--output", "sign.html")
    page = Path("sign.html").read_text(encoding="utf-8")
    assert "请您评价" in page
    assert "评价全凭自愿，工作人员看不到您的选择" in page
    assert re.findall(r"\b(?:href|src)=\"(?!data:)", page) == []
    assert "<script" not in page


def test_the_html_sign_shows_names_as_they_are_written(public: Terminal) -> None:
    text = (public.config / "terminal.toml").read_text(encoding="utf-8")
    (public.config / "terminal.toml").write_text(text.replace("灵武市政务服务中心", "<b>&中心"), encoding="utf-8")
    public.done("sign", "--output", "sign.html")
    page = Path("sign.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;&amp;中心" in page
    assert "<b>" not in page


def test_json_tells_file_window_and_what_the_qr_code_holds(public: Terminal) -> None:
    assert public.done("sign", "--json", "--output", "s.png").rows == [{"file": "s.png", "window": "12", "qr": OWN}]


def test_another_window_of_the_hall_has_an_address_of_its_own(public: Terminal) -> None:
    (row,) = public.done("sign", "--json", "--window", "3/甲").rows
    assert row == {"file": "sign-window-3--.pdf", "window": "3/甲", "qr": f"{OWN}/3%2F%E7%94%B2"}
    assert read_qr(page_of(Path(row["file"]).read_bytes())) == row["qr"]
    (row,) = public.done("sign", "--json", "--window", "12").rows
    assert row["qr"] == OWN


def test_the_department_stands_on_the_sign_where_the_hall_tells_it(public: Terminal) -> None:
    public.done("sign", "--output", "before.html")
    hall = {"windows": [{"window": "12", "department": "市场监督管理局"}]}
    public.done("hall", "import", public.file("hall.json", hall))
    public.done("sign", "--output", "after.html")
    assert "市场监督管理局" not in Path("before.html").read_text(encoding="utf-8")
    assert "市场监督管理局" in Path("after.html").read_text(encoding="utf-8")


def test_a_sign_leaves_nothing_in_the_storage(public: Terminal) -> None:
    public.done("sign")
    assert not public.storage.exists()


def test_codes_are_explained_only_where_the_hall_has_them_with_its_own_number_of_days_r10(public: Terminal) -> None:
    public.done("sign", "--output", "without.html")
    assert "评价码" not in Path("without.html").read_text(encoding="utf-8")
    without = drawn(public)
    with_codes(public, "[rules]\nsupplementary_working_days = 7\n")
    public.done("sign", "--output", "with.html")
    assert "7 个工作日" in Path("with.html").read_text(encoding="utf-8")
    place = sign_picture.pixels(20), sign_picture.pixels(248)
    explained = drawn(public)
    assert without.getpixel(place) == ImageColor.getrgb(sign_picture.PAPER)
    assert explained.getpixel(place) == ImageColor.getrgb(sign_picture.TINT)
    assert read_qr(explained) == read_qr(without) == OWN


# What is refused


def test_without_a_public_address_there_is_no_sign(terminal: Terminal) -> None:
    assert "public_url" in terminal.admin("sign").complaint


@pytest.mark.parametrize("name", ["sign.docx", "sign", "sign.pdf.txt"])
def test_a_file_of_another_kind_is_refused(public: Terminal, name: str) -> None:
    assert ".pdf, .png, .html" in public.admin("sign", "--output", name).complaint
    assert not Path(name).exists()


def test_a_directory_that_is_not_there_is_one_clear_line(public: Terminal) -> None:
    assert "nowhere" in public.admin("sign", "--output", "nowhere/sign.pdf").complaint


@pytest.mark.parametrize("number", [" ", "123456789"])
def test_a_number_that_no_window_can_have_is_refused(public: Terminal, number: str) -> None:
    assert "--window" in public.admin("sign", "--window", number).complaint


def test_a_kiosk_must_say_for_which_window_the_sign_is(public: Terminal) -> None:
    text = (public.config / "terminal.toml").read_text(encoding="utf-8")
    kiosk = text.replace('profile = "window"', 'profile = "kiosk"').replace('[window]\nnumber = "12"', "[kiosk]")
    (public.config / "terminal.toml").write_text(kiosk, encoding="utf-8")
    assert "--window" in public.admin("sign").complaint
    (row,) = public.done("sign", "--json", "--window", "12").rows
    assert row["qr"] == f"{OWN}/12"


def test_without_a_chinese_font_it_says_what_to_install(public: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    look = ChineseFont.find
    monkeypatch.setattr(ChineseFont, "find", lambda: look((public.config,)))
    assert "fonts-noto-cjk" in public.admin("sign").complaint
    assert not Path("sign-window-12.pdf").exists()
    public.done("sign", "--output", "sign.html")


# The drawing


def test_a_font_file_that_is_no_font_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "NotoSansCJK-Regular.ttc").write_bytes(b"no font")
    with pytest.raises(NoChineseFontError):
        ChineseFont.find((tmp_path,))


def test_the_face_is_the_one_for_mainland_china() -> None:
    """The same character is drawn otherwise in Japan: 直 has another shape there."""
    font = ChineseFont.find().sized(50)
    assert str(font.getname()[0]).split()[-1] in chinese_font.SIMPLIFIED


@pytest.mark.parametrize(
    "other",
    [
        {"hall": "新疆维吾尔自治区" * 12},
        {"department": "人力资源和社会保障局暨医疗保障局" * 6},
        {"number": "88888888"},
        {"number": "甲乙丙丁戊己庚辛"},
        {"department": "", "hall": "厅"},
        {"url": "https://pj.example.gov.cn/" + "long/" * 30},
    ],
    ids=["long hall", "long department", "long number", "chinese number", "short", "long address"],
)
def test_whatever_the_names_are_nothing_is_drawn_over_the_margin_and_the_qr_code_can_be_read(
    other: dict[str, Any],
) -> None:
    text = text_of(**other)
    image = sign_picture.sign_picture(text, ChineseFont.find())
    assert read_qr(image) == text.url
    margin = sign_picture.pixels(sign_picture.MARGIN_MM - 4)
    plate = sign_picture.pixels(60)
    for left in (0, A4[0] - margin):
        colours = image.crop((left, 0, left + margin, plate)).getcolors()
        assert colours is not None
        assert len(colours) == 1


def test_lines_break_between_han_characters_and_at_blanks_but_not_before_a_closing_mark() -> None:
    pieces = sign_picture.line_pieces("请选“评价”，输入 code now。")
    assert pieces == ["请", "选", "“评", "价”，", "输", "入", " ", "code ", "now。"]


# The words


def test_both_languages_have_the_same_keys_and_placeholders_and_all_are_used() -> None:
    def placeholders(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    chinese, english = (read_json(f"translations/poster/{language}.json") for language in LANGUAGES)
    assert chinese.keys() == english.keys()
    assert all(placeholders(chinese[key]) == placeholders(english[key]) for key in chinese)
    code = Path(sign.__file__).read_text(encoding="utf-8")
    assert all(f'"{key.removeprefix("poster.")}"' in code for key in chinese)
    assert (assets_directory() / "translations" / "poster").is_dir()
