"""The rating code: the same everywhere, and nothing but a genuine one is taken (interfaces §7)."""

import hmac
from datetime import date, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.domain.rating_code import (
    COUNTERS_A_DAY,
    CodeFault,
    RatingCode,
    canonical,
    check_code,
    device_key,
    make_code,
    qr_text,
    read_code,
    scanned_code,
)

HALL_KEY = b"\xab" * 32
OTHER_KEY = b"\xcd" * 32
DAY = date(2026, 11, 22)
CODE = "8080-RGG0-0PFZ-R84R"
LAST_DAY = date(2024, 1, 1) + timedelta(days=4095)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MEANT = {"O": "0", "o": "0", "I": "1", "i": "1", "L": "1", "l": "1"}

hall_keys = st.binary(min_size=32, max_size=32)
hall_ids = st.integers(1, 1023)
short_ids = st.integers(1, 4095)
days = st.dates(date(2024, 1, 1), LAST_DAY)
counters = st.integers(0, COUNTERS_A_DAY - 1)


def test_the_published_test_vector() -> None:
    assert make_code(device_key(HALL_KEY, 12), 1, 12, DAY, 5) == CODE
    assert check_code(CODE, HALL_KEY, 1) == RatingCode(1, 12, DAY, 5, CODE)


def test_the_bits_stand_as_the_interface_says() -> None:
    """Counted by hand: version 2, hall 10, device 12, day 12, counter 12, MAC 32."""
    number = 0
    for digit in make_code(device_key(HALL_KEY, 4095), 1023, 4095, LAST_DAY, 4095).replace("-", ""):
        number = number * 32 + ALPHABET.index(digit)
    assert f"{number >> 32:048b}" == "01" + "1" * 46
    key = device_key(HALL_KEY, 4095)
    assert (number & 0xFFFFFFFF).to_bytes(4, "big") == hmac.digest(key, (number >> 32).to_bytes(6, "big"), sha256)[:4]


@given(hall_keys, hall_ids, short_ids, days, counters)
def test_what_was_made_is_read_and_checked(
    hall_key: bytes, hall_id: int, short_id: int, day: date, counter: int
) -> None:
    text = make_code(device_key(hall_key, short_id), hall_id, short_id, day, counter)
    made = RatingCode(hall_id, short_id, day, counter, text)
    assert read_code(text) == made
    assert check_code(text, hall_key, hall_id) == made
    assert canonical(text) == text


def respelled(character: str) -> st.SearchStrategy[str]:
    spellings = {character, character.lower(), *(spelling for spelling, meant in MEANT.items() if meant == character)}
    return st.sampled_from(sorted(spellings))


@given(st.tuples(*map(respelled, CODE)).map("".join), st.sampled_from(["", "-", " ", "--", " - ", "\t"]))
def test_lower_case_confused_letters_and_missing_dashes_are_the_same_code(text: str, dash: str) -> None:
    typed = f"  {text.replace('-', dash)}\r\n"
    assert canonical(typed) == CODE
    assert check_code(typed, HALL_KEY, 1) == RatingCode(1, 12, DAY, 5, CODE)


@pytest.mark.parametrize("place", [place for place, character in enumerate(CODE) if character != "-"])
def test_no_code_with_one_character_changed_is_taken(place: int) -> None:
    """Every printable ASCII character in every place, but for the spellings of the one that stands there."""
    for character in map(chr, range(0x20, 0x7F)):
        changed = f"{CODE[:place]}{character}{CODE[place + 1 :]}"
        if MEANT.get(character, character.upper()) == CODE[place]:
            assert isinstance(check_code(changed, HALL_KEY, 1), RatingCode), changed
        else:
            assert check_code(changed, HALL_KEY, 1) in set(CodeFault), changed


@given(hall_keys, hall_ids, short_ids, days, counters, st.integers(0, 15), st.sampled_from(ALPHABET))
def test_no_changed_character_is_taken_whatever_the_code(
    hall_key: bytes, hall_id: int, short_id: int, day: date, counter: int, place: int, character: str
) -> None:
    text = make_code(device_key(hall_key, short_id), hall_id, short_id, day, counter).replace("-", "")
    changed = f"{text[:place]}{character}{text[place + 1 :]}"
    assert (check_code(changed, hall_key, hall_id) in set(CodeFault)) == (changed != text)


@given(st.integers(0, 15), st.characters(min_codepoint=0x80))
def test_letters_of_other_scripts_are_not_taken_for_ours(place: int, character: str) -> None:
    """`ı` and `ſ` have upper-case forms that stand in the alphabet; a code with them is still mistyped."""
    text = CODE.replace("-", "")
    changed = f"{text[:place]}{character}{text[place + 1 :]}"
    assert check_code(changed, HALL_KEY, 1) is CodeFault.MISTYPED


@pytest.mark.parametrize(
    "typed",
    ["", " ", "----", "8080-RGG0-0PFZ-R84", "8080-RGG0-0PFZ-R84RR", "8080-RGG0-0PFZ-R84U", "8080RGG00PFZR84\x00",
     "８080-RGG0-0PFZ-R84R", "https://pj.example.gov.cn", "0080-RGG0-0PFZ-R84R", "G080-RGG0-0PFZ-R84R"],
)  # fmt: skip
def test_what_cannot_be_a_code_is_mistyped(typed: str) -> None:
    assert read_code(typed) is None
    assert check_code(typed, HALL_KEY, 1) is CodeFault.MISTYPED


def test_the_code_of_another_hall_is_told_apart_whatever_its_key() -> None:
    for key in (HALL_KEY, OTHER_KEY):
        foreign = make_code(device_key(key, 12), 2, 12, DAY, 5)
        assert check_code(foreign, HALL_KEY, 1) is CodeFault.OTHER_HALL


def test_a_code_by_another_key_is_forged() -> None:
    assert check_code(make_code(device_key(OTHER_KEY, 12), 1, 12, DAY, 5), HALL_KEY, 1) is CodeFault.FORGED


def test_a_device_cannot_make_the_codes_of_another_device_of_its_hall() -> None:
    assert check_code(make_code(device_key(HALL_KEY, 12), 1, 13, DAY, 5), HALL_KEY, 1) is CodeFault.FORGED


@pytest.mark.parametrize(
    ("hall_id", "short_id", "day", "counter", "named"),
    [
        (0, 12, DAY, 5, "hall_id"),
        (1024, 12, DAY, 5, "hall_id"),
        (1, 0, DAY, 5, "short_id"),
        (1, 4096, DAY, 5, "short_id"),
        (1, 12, date(2023, 12, 31), 5, "days"),
        (1, 12, LAST_DAY + timedelta(days=1), 5, "days"),
        (1, 12, DAY, -1, "counter"),
        (1, 12, DAY, COUNTERS_A_DAY, "counter"),
    ],
)
def test_what_does_not_fit_into_a_code_is_refused(
    hall_id: int, short_id: int, day: date, counter: int, named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        make_code(device_key(HALL_KEY, 12), hall_id, short_id, day, counter)


@pytest.mark.parametrize(("key", "short_id"), [(b"", 12), (b"\xab" * 31, 12), (HALL_KEY, 0), (HALL_KEY, 4096)])
def test_no_key_is_derived_for_what_there_cannot_be(key: bytes, short_id: int) -> None:
    with pytest.raises(ValueError, match=r"hall key|short_id"):
        device_key(key, short_id)


@pytest.mark.parametrize("public_url", ["https://pj.example.gov.cn", "https://pj.example.gov.cn/r/", ""])
def test_the_qr_code_leads_a_phone_to_the_page_and_a_scanner_to_the_code(public_url: str) -> None:
    text = qr_text(public_url, CODE)
    assert text == (f"{public_url.rstrip('/')}/r/{CODE}" if public_url else CODE)
    assert scanned_code(text) == CODE


@pytest.mark.parametrize(
    "scanned",
    [
        f" {CODE}\r\n",
        f"HTTPS://PJ.EXAMPLE.GOV.CN/R/{CODE}",
        f"https://pj.example.gov.cn/hall/r/{CODE}/",
        f"https://pj.example.gov.cn/r/{CODE}?from=slip#top",
    ],
)
def test_a_scanned_address_gives_its_code(scanned: str) -> None:
    assert scanned_code(scanned) == CODE


def test_any_other_scanned_text_stays_what_it_is() -> None:
    assert scanned_code(" 001212345678\n") == "001212345678"
    assert scanned_code("https://elsewhere.example/x") == "https://elsewhere.example/x"
