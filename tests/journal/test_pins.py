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
    TECHNICIANS,
    PinStore,
    is_pin,
    is_weak,
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


def test_technicians_and_clerks_know_nothing_of_each_other(tmp_path: Path, clock: WallClock) -> None:
    with (
        closing(PinStore.open(tmp_path, clock, TECHNICIANS)) as technicians,
        closing(PinStore.open(tmp_path, clock)) as clerks,
    ):
        technicians.set("technician", "271828")
        clerks.set("technician", "2580")
        assert technicians.matching_mark("technician", "2580") is None
        assert clerks.matching_mark("technician", "271828") is None
        for _ in range(FREE_TRIES):
            clerks.count_wrong("technician")
        assert clerks.wait_seconds("technician") > 0
        assert technicians.wait_seconds("technician") == 0
        assert (technicians.names(), clerks.names()) == (["technician"], ["technician"])


def test_a_technicians_pin_has_6_to_12_digits(tmp_path: Path, clock: WallClock) -> None:
    with closing(PinStore.open(tmp_path, clock, TECHNICIANS)) as technicians:
        for short in ("2580", "27182", "1" * 13):
            with pytest.raises(ValueError, match="6 to 12 digits"):
                technicians.set("technician", short)
        assert technicians.names() == []


@pytest.mark.parametrize("pin", ["0000", "1111111", "1234", "0123456789", "987654", "4321", "1212", "12121", "909090"])
def test_a_pin_with_an_obvious_pattern_is_weak(pin: str) -> None:
    assert is_weak(pin)


@given(st.integers(0, 10**12 - 1).map(lambda number: f"{number:012}"))
def test_few_pins_are_weak_and_each_repeats_or_counts(pin: str) -> None:
    counts = pin in "0123456789" * 3 or pin in "9876543210" * 3
    assert is_weak(pin) <= (len(set(pin)) <= 2 or counts)


@pytest.mark.parametrize("pin", ["271828", "1470", "2580", "112233", "100000", "1223334444"])
def test_others_are_not(pin: str) -> None:
    assert not is_weak(pin)
