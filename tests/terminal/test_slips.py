"""The slips, before any printer: what stands on them, how large, in which language, and what does not."""

import json
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter

import pytest

from device_drivers.printer.conditions import Condition
from device_drivers.printer.paper import PAPERS
from device_drivers.printer.slip import Columns, Gap, Line, QrCode, Rule, Slip
from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.resources import assets_directory
from kiosk_app.terminal import slips
from kiosk_app.terminal.slip_values import (
    BookingValues,
    GuideValues,
    Named,
    NumberValues,
    RateLater,
    RatingValues,
    TrialValues,
)
from kiosk_app.terminal.wording import Wording

LANGUAGES = ("zh-CN", "en")
WORDING = Wording(assets_directory(), LANGUAGES, "slips")
HALL = "测试政务服务中心"
CODE = "8080-RGG0-0PFZ-R84R"
QR = f"https://pj.example.gov.cn/r/{CODE}"
ITEM = Named("食品经营许可", "Food business licence")
RATE = RateLater(CODE, QR, date(2026, 11, 27))
NUMBER = NumberValues(
    hall=HALL,
    ticket_no="A001",
    items=(ITEM, Named("企业设立登记")),
    department="市场监督管理局",
    issued_at=datetime(2026, 11, 22, 14, 45, tzinfo=CHINA_TIME),
    waiting=3,
    rate=RATE,
)
BOOKING = BookingValues(
    hall=HALL,
    code="001212345670",
    item=ITEM,
    starts=datetime(2026, 11, 23, 9, 0, tzinfo=CHINA_TIME),
    ends=datetime(2026, 11, 23, 9, 30, tzinfo=CHINA_TIME),
    cancel_until=datetime(2026, 11, 23, 7, 0, tzinfo=CHINA_TIME),
    check_in_from=datetime(2026, 11, 23, 8, 30, tzinfo=CHINA_TIME),
    check_in_until=datetime(2026, 11, 23, 9, 15, tzinfo=CHINA_TIME),
    department="市场监督管理局",
    materials=("申请书", "身份证明"),
)
RATING = RatingValues(HALL, "12", datetime(2026, 11, 22, 14, 45, tzinfo=CHINA_TIME), RATE)
GUIDE = GuideValues(
    hall=HALL,
    item=ITEM,
    printed_on=date(2026, 11, 22),
    department="市场监督管理局",
    basis="《食品安全法》第三十五条",
    conditions="有固定的场所\n有相应的设备",
    materials=("申请书", "身份证明", "平面图"),
    steps=("受理", "审查", "发证"),
    legal_days=20,
    promised_days=5,
    fee="每证 10 元",
    fee_basis="示例价费〔2020〕1号",
    phone="0000-0000000",
)
TRIAL = TrialValues(HALL, Condition.NEAR_END, 80, QR, datetime(2026, 11, 22, 14, 45, tzinfo=CHINA_TIME))
COPIED: dict[str, Callable[[str, int], Slip]] = {
    "number": lambda language, copy: slips.number_slip(WORDING, language, NUMBER, copy=copy),
    "booking": lambda language, copy: slips.booking_slip(WORDING, language, BOOKING, copy=copy),
    "rating": lambda language, copy: slips.rating_slip(WORDING, language, RATING, copy=copy),
    "guide": lambda language, copy: slips.guide_slip(WORDING, language, GUIDE, copy=copy),
}


def texts(slip: Slip) -> list[str]:
    """Every text on the slip, top to bottom; a label and its value apart."""
    found: list[str] = []
    for element in slip.elements:
        if isinstance(element, Line):
            found.append(element.text)
        elif isinstance(element, Columns):
            found += [element.left, element.right]
    return found


def size_of(slip: Slip, text: str) -> int:
    (size,) = {element.size for element in slip.elements if isinstance(element, Line) and element.text == text}
    return size


def qr_codes(slip: Slip) -> list[str]:
    return [element.data for element in slip.elements if isinstance(element, QrCode)]


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


# What stands on each


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_slip_has_everything_a_waiting_citizen_needs(language: str) -> None:
    slip = slips.number_slip(WORDING, language, NUMBER)
    assert {HALL, "A001", "食品经营许可", "企业设立登记", "市场监督管理局"} <= set(texts(slip))
    assert qr_codes(slip) == [QR]
    assert "8080-RGG0-0PFZ-R84R" in "".join(texts(slip))
    assert any("3" in text for text in texts(slip) if text != "A001")
    assert any(text.endswith("14:45") for text in texts(slip))


def test_a_number_slip_in_words() -> None:
    told = texts(slips.number_slip(WORDING, "zh-CN", NUMBER))
    assert "请留意叫号" in told
    assert "前面 3 人等候" in told
    assert "11月22日 14:45" in told
    assert "11月27日 24:00" in told


def test_the_number_is_the_largest_and_what_one_acts_on_is_large() -> None:
    slip = slips.number_slip(WORDING, "zh-CN", NUMBER)
    assert size_of(slip, "A001") == 4
    for text in ("食品经营许可", "前面 3 人等候", "请留意叫号", "11月27日 24:00", CODE):
        assert size_of(slip, text) >= 2, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_unknown_waiting_is_not_told_and_nobody_waiting_is(language: str) -> None:
    def lines(waiting: int | None) -> list[str]:
        values = NumberValues(**{**vars(NUMBER), "waiting": waiting})
        return texts(slips.number_slip(WORDING, language, values))

    nobody = WORDING.table(language)["slip.number.waiting.none"]
    assert nobody in lines(0)
    assert len(lines(None)) == len(lines(0)) - 1
    assert nobody not in lines(None)


def test_a_number_without_a_rating_code_has_no_word_about_it() -> None:
    slip = slips.number_slip(WORDING, "zh-CN", NumberValues(**{**vars(NUMBER), "rate": None}))
    assert qr_codes(slip) == []
    assert not any("评价" in text for text in texts(slip))


def test_a_qr_code_that_no_phone_can_follow_is_not_offered_to_phones() -> None:
    """Without a public address the QR code holds the code alone, which only the hall's terminals read."""
    alone = RateLater(CODE, CODE, date(2026, 11, 27))
    told = "".join(texts(slips.rating_slip(WORDING, "zh-CN", RatingValues(**{**vars(RATING), "rate": alone}))))
    assert "手机" not in told
    assert "自助终端" in told
    assert "手机" in "".join(texts(slips.rating_slip(WORDING, "zh-CN", RATING)))


def test_a_booking_slip_has_code_day_and_time_and_what_to_do_r23() -> None:
    slip = slips.booking_slip(WORDING, "zh-CN", BOOKING)
    for text in ("0012 1234 5670", "食品经营许可", "11月23日 星期一", "09:00-09:30", "08:30-09:15", "11月23日 07:00"):
        assert size_of(slip, text) >= 2, text
    assert qr_codes(slip) == ["001212345670"]
    assert {"1. 申请书", "2. 身份证明"} <= set(texts(slip))


def test_a_booking_slip_asks_for_the_materials_even_if_the_hall_lists_none() -> None:
    slip = slips.booking_slip(WORDING, "zh-CN", BookingValues(**{**vars(BOOKING), "materials": ()}))
    assert any("材料" in text for text in texts(slip))
    assert not any(text.startswith("1.") for text in texts(slip))


def test_a_rating_slip_has_window_code_and_last_day_and_is_voluntary_r6_r10() -> None:
    slip = slips.rating_slip(WORDING, "zh-CN", RATING)
    assert qr_codes(slip) == [QR]
    assert size_of(slip, "12 号窗口") == 2
    assert size_of(slip, "11月27日 24:00") == 2
    assert "评价全凭自愿，工作人员的电脑上看不到您的选择。" in texts(slip)


def test_a_rating_slip_tells_only_what_is_known_of_the_visit() -> None:
    """Of a code alone, the window and the time of day are not known."""
    values = RatingValues(HALL, "", date(2026, 11, 22), RATE)
    told = texts(slips.rating_slip(WORDING, "zh-CN", values))
    assert "11月22日" in told
    assert not any("窗口" in text for text in told)
    assert "11月22日 14:45" in texts(slips.rating_slip(WORDING, "zh-CN", RATING))


def test_a_guide_has_everything_of_r21() -> None:
    told = texts(slips.guide_slip(WORDING, "zh-CN", GUIDE))
    expected = {
        *("一次性告知单", HALL, "食品经营许可", "市场监督管理局", "0000-0000000", "2026年11月22日"),
        *("《食品安全法》第三十五条", "有固定的场所", "有相应的设备"),
        *("1. 申请书", "2. 身份证明", "3. 平面图", "1. 受理", "2. 审查", "3. 发证"),
        *("20 个工作日", "5 个工作日", "每证 10 元", "示例价费〔2020〕1号"),
    }
    assert expected - set(told) == set()


def test_a_guide_leaves_out_what_the_hall_does_not_tell_and_says_that_nothing_is_to_be_paid() -> None:
    slip = slips.guide_slip(WORDING, "zh-CN", GuideValues(HALL, ITEM, date(2026, 11, 22)))
    assert texts(slip) == [
        HALL, "一次性告知单", "食品经营许可", "收费标准", "不收费", "打印日期", "2026年11月22日",
    ]  # fmt: skip


@pytest.mark.parametrize(("width_mm", "columns"), [(58, 32), (80, 48)])
def test_a_test_slip_shows_width_sizes_chinese_qr_and_condition(width_mm: int, columns: int) -> None:
    slip = slips.test_slip(WORDING, "zh-CN", TrialValues(**{**vars(TRIAL), "width_mm": width_mm}))
    ruler = next(text for text in texts(slip) if text.startswith("1234567890"))
    assert len(ruler) == columns
    assert {element.size for element in slip.elements if isinstance(element, Line)} == {1, 2, 3, 4}
    assert any(element.bold for element in slip.elements if isinstance(element, Line))
    assert qr_codes(slip) == [QR]
    told = texts(slip)
    assert {f"{width_mm} mm", "纸将用完", QR} <= set(told)
    assert any(len(character.encode("gb18030")) == 4 for text in told for character in text)


@pytest.mark.parametrize("condition", Condition)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_condition_has_words(condition: Condition, language: str) -> None:
    values = TrialValues(**{**vars(TRIAL), "condition": condition})
    told = texts(slips.test_slip(WORDING, language, values))
    assert WORDING.table(language)[f"slip.test.condition.{condition.value}"] in told


# Copies, languages, paper


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", COPIED)
def test_a_first_copy_says_nothing_and_a_later_one_says_which_it_is(kind: str, language: str) -> None:
    first, third = COPIED[kind](language, 1), COPIED[kind](language, 3)
    assert not any("补打" in text for text in texts(first))
    assert "补打" in texts(third)[0]
    assert "3" in texts(third)[0]
    assert third.elements[1:] == first.elements


@pytest.mark.parametrize("kind", COPIED)
def test_in_english_the_name_of_an_item_stands_in_both_languages_and_no_other_words_are_chinese(kind: str) -> None:
    told = texts(COPIED[kind]("en", 1))
    if kind != "rating":
        assert {"Food business licence", "食品经营许可"} <= set(told)
    chinese = WORDING.table("zh-CN")
    ours = {text for key, text in chinese.items() if key.startswith("slip.") and "{" not in text}
    assert ours & set(told) == set()


def test_an_item_without_an_english_name_keeps_its_chinese_one_once() -> None:
    told = texts(slips.number_slip(WORDING, "en", NUMBER))
    assert told.count("企业设立登记") == 1


def test_times_are_those_of_china_whatever_zone_they_came_in() -> None:
    utc = NumberValues(**{**vars(NUMBER), "issued_at": datetime(2026, 11, 22, 16, 5, tzinfo=UTC)})
    assert "11月23日 00:05" in texts(slips.number_slip(WORDING, "zh-CN", utc))


@pytest.mark.parametrize("kind", COPIED)
def test_codes_numbers_days_and_times_fit_a_line_of_the_narrow_paper(kind: str) -> None:
    for element in COPIED[kind]("zh-CN", 2).elements:
        if isinstance(element, Line) and element.size > 1 and any(c.isdigit() for c in element.text):
            assert width(element.text) * (1 if element.whole else element.size) <= PAPERS[58].columns, element.text


def test_no_day_is_broken_in_the_middle_on_the_narrow_paper() -> None:
    days = [text for text in texts(COPIED["booking"]("en", 1)) if "Monday" in text]
    assert [width(line) * 2 <= PAPERS[58].columns for text in days for line in text.splitlines()] == [True, True]


def test_only_elements_that_the_printer_knows() -> None:
    for kind, make in COPIED.items():
        for element in make("zh-CN", 1).elements:
            assert isinstance(element, Line | Columns | QrCode | Rule | Gap), kind


# The translations


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def slip_table(language: str) -> dict[str, str]:
    def no_twins(pairs: list[tuple[str, str]]) -> dict[str, str]:
        keys = [key for key, _ in pairs]
        assert len(keys) == len(set(keys))
        return dict(pairs)

    file = assets_directory() / "translations" / "slips" / f"{language}.json"
    table: dict[str, str] = json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=no_twins)
    return table


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    chinese, english = map(slip_table, LANGUAGES)
    assert chinese.keys() == english.keys()
    assert {key for key in chinese if placeholders(chinese[key]) != placeholders(english[key])} == set()


def test_every_key_is_used_and_has_its_own_area() -> None:
    terminal = Path(slips.__file__).parent
    code = "".join((terminal / name).read_text(encoding="utf-8") for name in ("slips.py", "slip_parts.py"))
    made = {f"slip.test.condition.{condition.value}" for condition in Condition}
    for key in slip_table("en").keys() - made:
        assert key.startswith("slip.")
        assert f'"{key}"' in code, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_character_of_the_fixed_words_is_in_a_printers_own_font(language: str) -> None:
    """A two-byte code is in every Chinese printer; only the test slip shows others on purpose."""
    for key, text in slip_table(language).items():
        if key != "slip.test.rare":
            assert all(len(character.encode("gb18030")) <= 2 for character in text), key
