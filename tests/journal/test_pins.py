"""PINs of the clerk's page: hashed, bounded, and nothing tells a number that exists from one that does not."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from argon2 import extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.journal import pins as pins_module
from kiosk_app.journal.pins import (
    FIRST_WAIT_SECONDS,
    FREE_TRIES,
    LONGEST_WAIT_SECONDS,
    REMEMBERED_NUMBERS,
    PinStore,
    is_pin,
    wait_seconds,
)


class WallClock:
    def __init__(self) -> None:
        self.ms = 1_795_000_000_000

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def pins(tmp_path: Path, clock: WallClock) -> Iterator[PinStore]:
    with closing(PinStore.open(tmp_path, clock)) as pins:
        yield pins


def test_a_pin_has_4_to_12_digits() -> None:
    assert all(map(is_pin, ["0000", "1234", "123456789012"]))
    assert not any(map(is_pin, ["", "123", "1234567890123", "12a4", "1234\n", "１２３４", "12 34"]))


@given(st.integers(0, 10**6))
def test_the_wait_never_shrinks_and_at_most_doubles(tries: int) -> None:
    wait, following = wait_seconds(tries), wait_seconds(tries + 1)
    assert wait <= following <= max(FIRST_WAIT_SECONDS, 2 * wait) <= 2 * LONGEST_WAIT_SECONDS
    assert (wait == 0) == (tries < FREE_TRIES)


def test_what_is_no_pin_cannot_be_set(pins: PinStore) -> None:
    with pytest.raises(ValueError, match="4 to 12 digits"):
        pins.set("1203", "123")
    assert pins.mark("1203") is None


def test_a_pin_is_kept_as_a_hash_of_its_own(pins: PinStore) -> None:
    pins.set("1203", "2580")
    first = pins.mark("1203")
    pins.set("1203", "2580")
    pins.set("1204", "2580")
    marks = {first, pins.mark("1203"), pins.mark("1204")}
    assert len(marks) == 3, "each has a salt of its own"
    assert pins.matching_mark("1203", "2580") == pins.mark("1203")
    assert pins.matching_mark("1203", "2581") is None


def test_where_there_is_no_pin_the_check_costs_as_much(pins: PinStore) -> None:
    pins.set("1203", "2580")
    mark = pins.mark("1203")
    assert mark is not None
    real, nobodys = extract_parameters(mark), extract_parameters(pins_module._NOBODYS)
    assert real == nobodys
    assert (real.memory_cost, real.time_cost) >= (64 * 1024, 3)


@pytest.mark.parametrize("pin", ["0000", "nobody", ""])
def test_nobodys_hash_is_opened_by_nothing(pins: PinStore, pin: str) -> None:
    assert pins.matching_mark("1203", pin) is None


def test_no_more_numbers_are_remembered_than_that_and_none_that_has_a_pin_is_forgotten(
    pins: PinStore, clock: WallClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pins_module, "REMEMBERED_NUMBERS", 3)
    assert REMEMBERED_NUMBERS >= 1000
    pins.set("1203", "2580")
    for _ in range(FREE_TRIES):
        pins.count_wrong("1203")
        pins.count_wrong("old")
    for number in range(3):
        clock.ms += 1
        pins.count_wrong(f"made up {number}")
    (count,) = pins._connection.execute("SELECT count(*) FROM wrong_pins").fetchone()
    assert count == 3 + 1
    assert pins.wait_seconds("1203") > 0
    assert pins.wait_seconds("old") == 0
