"""Numbers from leased serials: each once, roughly in the order of arrival (R22)."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.domain.queue_numbers import NumberLease, next_serial, serial_of, ticket_no

ENTRY: dict[str, Any] = {
    "lease_id": "n-1", "group": "综合", "date": "2026-11-23", "first": 2, "last": 20, "step": 3, "next": 2,
}  # fmt: skip

leases = st.builds(
    NumberLease,
    lease_id=st.just("n-1"),
    group=st.just("综合"),
    date=st.just(date(2026, 11, 23)),
    first=st.integers(0, 30),
    last=st.integers(0, 120),
    step=st.integers(1, 7),
    next=st.integers(0, 150),
)


def own_serials(lease: NumberLease) -> list[int]:
    return list(range(lease.first, lease.last + 1, lease.step))


def given_out(lease: NumberLease, last_used: int | None = None) -> list[int]:
    serials = []
    while (serial := next_serial(lease, last_used)) is not None:
        serials.append(serial)
        last_used = serial
    return serials


def test_a_lease_is_read_as_the_platform_words_it() -> None:
    assert NumberLease.parse(ENTRY) == NumberLease("n-1", "综合", date(2026, 11, 23), 2, 20, 3, 2)


@given(leases)
def test_every_own_serial_from_next_on_is_given_once_and_in_order_r22(lease: NumberLease) -> None:
    assert given_out(lease) == [serial for serial in own_serials(lease) if serial >= lease.next]


@given(leases, st.integers(0, 150))
def test_after_a_serial_was_used_only_later_ones_are_given_r22(lease: NumberLease, used: int) -> None:
    assert given_out(lease, used) == [s for s in own_serials(lease) if s >= lease.next and s > used]


def test_two_terminals_take_turns_and_never_give_the_same_r22() -> None:
    first, second = (NumberLease.parse({**ENTRY, "first": n, "last": 20, "step": 2, "next": n}) for n in (1, 2))
    assert given_out(first)[:3] == [1, 3, 5]
    assert given_out(second)[:3] == [2, 4, 6]
    assert sorted(given_out(first) + given_out(second)) == list(range(1, 21))


def test_a_replaced_terminal_goes_on_where_the_platform_says_r22() -> None:
    assert next_serial(NumberLease.parse({**ENTRY, "next": 11}), None) == 11
    assert next_serial(NumberLease.parse({**ENTRY, "next": 12}), None) == 14


def test_what_this_terminal_gave_goes_before_an_older_word_of_the_platform_r22() -> None:
    assert next_serial(NumberLease.parse({**ENTRY, "next": 5}), 14) == 17


def test_a_lease_that_is_used_up_gives_no_made_up_number_r22() -> None:
    assert next_serial(NumberLease.parse(ENTRY), 20) is None
    assert next_serial(NumberLease.parse({**ENTRY, "next": 21}), None) is None


@pytest.mark.parametrize("changes", [{"next": None}, {}])
def test_without_a_next_a_lease_begins_at_its_first(changes: dict[str, Any]) -> None:
    entry = {**ENTRY, **changes}
    if not changes:
        del entry["next"]
    assert next_serial(NumberLease.parse(entry), None) == 2


@pytest.mark.parametrize(
    ("letter", "serial", "booked", "number"),
    [
        ("A", 1, False, "A001"),
        ("A", 1, True, "YA001"),
        ("B", 999, False, "B999"),
        ("A", 1000, False, "A1000"),
        ("A", 1000, True, "YA1000"),
        ("HX", 7, False, "HX007"),
    ],
)
def test_a_number_is_letter_and_serial_with_y_where_it_was_booked_r22(
    letter: str, serial: int, booked: bool, number: str
) -> None:
    assert ticket_no(letter, serial, booked) == number
    assert serial_of(number) == serial


@pytest.mark.parametrize("letter", ["", "A1"])
def test_a_letter_from_which_the_serial_could_not_be_told_is_refused(letter: str) -> None:
    with pytest.raises(ValueError, match="letter"):
        ticket_no(letter, 1, False)


@pytest.mark.parametrize("text", ["", "A", "A001 ", "A-", "A٣"])
def test_what_ends_with_no_serial_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="not a queue number"):
        serial_of(text)


@pytest.mark.parametrize(
    "changes",
    [
        {"lease_id": ""},
        {"lease_id": 7},
        {"group": None},
        {"date": "today"},
        {"date": None},
        {"first": "1"},
        {"first": -1},
        {"last": 1.5},
        {"step": 0},
        {"step": True},
        {"next": "2"},
    ],
)
def test_a_lease_that_is_not_right_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="number lease"):
        NumberLease.parse({**ENTRY, **changes})


@pytest.mark.parametrize("entry", [None, [], "n-1", {}])
def test_what_is_no_lease_at_all_is_refused(entry: Any) -> None:
    with pytest.raises(ValueError, match="number lease"):
        NumberLease.parse(entry)


@given(leases)
def test_what_is_known_to_be_given_are_the_serials_before_next(lease: NumberLease) -> None:
    assert lease.known_given == len([serial for serial in own_serials(lease) if serial < lease.next])
