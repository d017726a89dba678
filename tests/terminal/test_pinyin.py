"""Items are found by whatever a citizen may type (R21)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.domain.records import Json
from kiosk_app.terminal import pinyin
from kiosk_app.terminal.pinyin import SearchIndex, initials

ITEMS: tuple[Json, ...] = tuple(
    {"item_code": f"T-{number}", "name": name, "name_en": name_en}
    for number, (name, name_en) in enumerate(
        [
            ("社会医保卡补办", "Replacement of a social card"),
            ("医保参保登记", "Health insurance registration"),
            ("银行开户许可", "Bank account permit"),
            ("绿色通道申请", "Green lane"),
            ("长期护理保险", "Long-term care"),
            ("驾驶证换领", "Driving licence"),
            ("重大项目（ETC）备案", ""),
            ("出生登记", None),
        ]
    )
)
INDEX = SearchIndex(ITEMS)


def found(typed: str) -> list[str]:
    return [item["name"] for item in INDEX.find(typed)]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ybcbdj", "医保参保登记"),  # initials
        ("ybcb", "医保参保登记"),
        ("yibaocanbaodengji", "医保参保登记"),  # full pinyin
        ("yibaocan", "医保参保登记"),
        ("yibaoca", "医保参保登记"),  # the last syllable is not complete yet
        ("ybcanb", "医保参保登记"),  # mixed
        ("yibcb", "医保参保登记"),
        ("yi bao cb", "医保参保登记"),
        ("YBCB", "医保参保登记"),
        ("参保", "医保参保登记"),  # characters
        ("医保c", "医保参保登记"),  # both
        ("canbao", "医保参保登记"),  # within the name
        ("jiashizheng", "驾驶证换领"),
        ("jszhl", "驾驶证换领"),
        ("jshzhhl", "驾驶证换领"),  # initials of two letters
        ("lvse", "绿色通道申请"),  # ü
        ("luse", "绿色通道申请"),
        ("lüse", "绿色通道申请"),
        ("LÜSE", "绿色通道申请"),
        ("lstd", "绿色通道申请"),
        ("yinhang", "银行开户许可"),  # 行 is hang here
        ("yhkh", "银行开户许可"),
        ("changqi", "长期护理保险"),  # 长 is chang here
        ("zhongda", "重大项目（ETC）备案"),  # 重 is zhong here
        ("etc", "重大项目（ETC）备案"),
        ("xmetcba", "重大项目（ETC）备案"),
        ("Health", "医保参保登记"),  # English
        ("health ins", "医保参保登记"),
        ("registration", "医保参保登记"),
        ("long-term", "长期护理保险"),
    ],
)
def test_one_item_is_found(typed: str, name: str) -> None:
    assert found(typed) == [name]


@pytest.mark.parametrize(
    "typed",
    [
        "yinxing",  # not how 银行 is read
        "zhangqi",
        "ybcx",
        "yibaox",
        "nsurance",  # not where an English word begins
        "保参医",
        "cszh",
        "!",
        "12345",
    ],
)
def test_what_fits_nothing_finds_nothing(typed: str) -> None:
    assert found(typed) == []


@pytest.mark.parametrize("typed", ["", " ", "\u3000 \t"])
def test_nothing_is_found_while_nothing_is_typed(typed: str) -> None:
    assert found(typed) == []


def test_names_that_begin_so_stand_first_and_others_in_the_halls_order() -> None:
    assert found("yb") == ["医保参保登记", "社会医保卡补办"]
    assert found("医保") == ["医保参保登记", "社会医保卡补办"]
    assert found("dengji") == ["医保参保登记", "出生登记"]
    assert found("b") == ["银行开户许可", "社会医保卡补办", "医保参保登记", "长期护理保险", "重大项目（ETC）备案"]


def test_items_come_back_as_they_are() -> None:
    assert INDEX.find("csdj") == [ITEMS[-1]]


@given(st.text(max_size=12))
def test_any_typing_finds_items_of_the_hall_at_most_once(typed: str) -> None:
    codes = [item["item_code"] for item in INDEX.find(typed)]
    assert len(set(codes)) == len(codes) <= len(ITEMS)


@given(st.lists(st.text(max_size=15), max_size=4))
def test_any_names_can_be_searched_and_each_is_found_by_itself(names: list[str]) -> None:
    items: list[Json] = [{"item_code": str(n), "name": name} for n, name in enumerate(names)]
    index = SearchIndex(items)
    for item in items:
        if item["name"].isalpha():
            assert item in index.find(item["name"])


def test_items_without_a_name_are_no_matter() -> None:
    assert SearchIndex([{"item_code": "T-1"}, {"item_code": "T-2", "name": None}]).find("yb") == []


def test_a_name_that_was_read_once_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The index is made anew with every pull, on the thread that handles touches."""

    def read_again(*_: object, **__: object) -> None:
        raise AssertionError("the readings of a known name were looked up again")

    monkeypatch.setattr(pinyin, "pinyin", read_again)
    assert SearchIndex(ITEMS).find("jszhl") == INDEX.find("jszhl") != []


@pytest.mark.parametrize(
    ("name", "letters"),
    [("张三", "Z"), ("李四", "L"), ("欧阳修", "O"), ("Alice", "A"), ("0815", "0"), ("", "")],
)
def test_a_name_is_looked_for_under_its_first_sound(name: str, letters: str) -> None:
    assert initials(name) == set(letters)


@pytest.mark.parametrize(("name", "letter"), [("曾三", "C"), ("曾三", "Z"), ("单田芳", "S"), ("单田芳", "D")])
def test_a_surname_with_several_readings_stands_under_each(name: str, letter: str) -> None:
    assert letter in initials(name)
