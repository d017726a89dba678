"""What looks suspicious is flagged (R13)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.domain.suspicion import rating_flags, visit_flags


@pytest.mark.parametrize(
    ("earlier_seconds", "opened_second", "is_burst"),
    [
        ((), 0, False),
        ((0, 1, 2, 3), 4, False),  # the fifth visit
        ((0, 1, 2, 3, 4), 5, True),  # the sixth within a minute
        ((0, 10, 20, 30, 40), 60, True),  # exactly a minute
        ((0, 10, 20, 30, 40), 60.001, False),
        ((0, 50, 51, 52, 53, 54), 55, True),  # the seventh; the last six are within a minute
        ((0, 1, 2, 3, 4), 100, False),
    ],
)
def test_burst_is_from_the_sixth_visit_within_60_seconds_on_r13(
    earlier_seconds: tuple[int, ...], opened_second: float, is_burst: bool
) -> None:
    earlier = tuple(second * 1000 for second in earlier_seconds)
    assert ("burst" in visit_flags(round(opened_second * 1000), earlier, None, None)) is is_burst


@given(st.lists(st.integers(0, 400_000), min_size=1, max_size=12))
def test_burst_agrees_with_counting_the_visits_of_the_last_minute_r13(times: list[int]) -> None:
    *earlier, now = sorted(times)
    within = sum(1 for time in earlier if now - time <= 60_000) + 1
    assert ("burst" in visit_flags(now, tuple(earlier), None, None)) is (within >= 6)


@pytest.mark.parametrize(
    ("counted_for", "called", "flags"),
    [
        ("0815", None, ()),
        ("0815", "0815", ()),
        ("0815", "0999", ("staff_mismatch",)),
        (None, None, ()),
        (None, "0999", ("staff_mismatch",)),
    ],
)
def test_a_call_that_names_another_person_than_the_binding_r13(
    counted_for: str | None, called: str | None, flags: tuple[str, ...]
) -> None:
    assert visit_flags(0, (), counted_for, called) == flags


@pytest.mark.parametrize(
    ("response_ms", "service_ms", "flags"),
    [
        (0, 20_000, ("instant",)),
        (999, 20_000, ("instant",)),
        (1_000, 20_000, ()),
        (1_000, 19_999, ("short_service",)),
        (500, 0, ("instant", "short_service")),
    ],
)
def test_an_instant_answer_and_a_short_service_r13(response_ms: int, service_ms: int, flags: tuple[str, ...]) -> None:
    assert rating_flags(response_ms, service_ms, 20_000) == flags


@pytest.mark.parametrize(
    ("outside", "flags"), [(True, ("instant", "short_service", "outside_hours")), (False, ("instant", "short_service"))]
)
def test_a_press_while_the_hall_is_closed_r13(outside: bool, flags: tuple[str, ...]) -> None:
    assert rating_flags(10, 0, 20_000, outside_hours=outside) == flags


def test_with_a_limit_of_zero_no_service_is_short_r13() -> None:
    assert rating_flags(5_000, 0, 0) == ()
