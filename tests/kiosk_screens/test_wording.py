"""The sentences of the kiosk: made from values, in the language shown."""

from datetime import UTC, date, datetime

import pytest

from kiosk_app.domain.catalogue import Option
from kiosk_app.kiosk.screen_state import (
    Answer,
    Entry,
    Message,
    Name,
    PhoneEntry,
    Printing,
    Result,
    ShowQr,
    Value,
    say,
)
from kiosk_app.kiosk.wording import phone_groups, shown, words_text
from kiosk_app.resources import assets_directory
from kiosk_app.terminal.qr import qr_url
from kiosk_app.terminal.wording import Wording

WORDING = Wording(assets_directory(), ("zh-CN", "en"), "kiosk")
CHINESE, ENGLISH = WORDING.table("zh-CN"), WORDING.table("en")


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        ("09:00", "09:00", "09:00"),
        (3, "3", "3"),
        (date(2026, 11, 23), "11月23日 星期一", "Monday, November 23"),
        (datetime(2026, 11, 23, 6, 30, tzinfo=UTC), "11月23日 14:30", "November 23, 14:30"),
        (datetime(2026, 11, 23, 16, 30, tzinfo=UTC), "11月24日 00:30", "November 24, 00:30"),
        (Name("护照", "Passport"), "护照", "Passport"),
        (Name("护照"), "护照", "护照"),
    ],
)
def test_values_in_a_sentence(value: Value, chinese: str, english: str) -> None:
    """A moment is told as it is in China, whatever zone it came in."""
    sentence = {"test": "<{it}>"}
    assert words_text(CHINESE | sentence, "zh-CN", say("test", it=value)) == f"<{chinese}>"
    assert words_text(ENGLISH | sentence, "en", say("test", it=value)) == f"<{english}>"


def test_an_unknown_sentence_is_an_error() -> None:
    with pytest.raises(KeyError):
        words_text(CHINESE, "zh-CN", say("no.such.key"))
    with pytest.raises(KeyError):
        words_text(CHINESE, "zh-CN", say("number.title"))


def test_forms_become_maps() -> None:
    entry = Entry("x", Name("护照", "Passport"), say("booking.full"), "book", enabled=False)
    assert shown(ENGLISH, "en", entry) == {
        "id": "x",
        "title": "Passport",
        "detail": ENGLISH["booking.full"],
        "icon": "book",
        "enabled": False,
    }
    message = Message(say("rate.thanks"), (say("rate.thanks.seen"),))
    assert shown(CHINESE, "zh-CN", message) == {
        "title": "谢谢您的评价",
        "lines": [CHINESE["rate.thanks.seen"]],
        "symbol": "notice",
    }
    assert shown(ENGLISH, "en", (Option("207", "没有样本", "No sample"),)) == [{"code": "207", "text": "No sample"}]
    assert shown(ENGLISH, "en", Answer("no", Name("否", "No"))) == {"code": "no", "text": "No"}


def test_nothing_is_an_empty_text() -> None:
    result = Result(say("number.taken"), say("number.label"), "A012", rows=())
    told = shown(CHINESE, "zh-CN", result)
    assert isinstance(told, dict)
    assert (told["printing_line"], told["qr"], told["printing"]) == ("", "", Printing.NONE)


def test_qr_codes_become_pictures() -> None:
    told = shown(CHINESE, "zh-CN", ShowQr(say("booking.by_phone", item=Name("护照")), (), "https://example.cn/x"))
    assert isinstance(told, dict)
    assert told["qr"] == qr_url("https://example.cn/x")


@pytest.mark.parametrize(
    ("digits", "groups"),
    [
        ("", ""),
        ("138", "138"),
        ("1380", "138 0"),
        ("13800000000", "138 0000 0000"),
        ("00000000000", "00000000000"),
        ("02100000", "02100000"),
    ],
)
def test_telephone_numbers_are_grouped_as_they_are_read_out(digits: str, groups: str) -> None:
    assert phone_groups(digits) == groups
    told = shown(CHINESE, "zh-CN", PhoneEntry(say("booking.phone"), say("booking.phone.help"), digits, complete=False))
    assert isinstance(told, dict)
    assert told["typed"] == groups
