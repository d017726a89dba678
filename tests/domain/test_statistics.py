"""Rates and scores (R15, R16)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.domain.levels import Level
from kiosk_app.domain.statistics import Tally, period_of


def tally(visits: int, invitations: int, *counts: int) -> Tally:
    """Counts in the order of the keys, best first."""
    return Tally(visits, invitations, dict(zip(Level, counts, strict=True)))


def test_every_figure_of_a_unit_r15() -> None:
    unit = tally(20, 18, 8, 4, 2, 1, 1)
    assert unit.rated == 16
    assert unit.invited_rate == 0.9
    assert unit.rating_rate == 0.8
    assert unit.unrated_rate == 0.2
    assert unit.satisfaction_rate == 0.875
    assert unit.mean_score == pytest.approx((8 * 5 + 4 * 4 + 2 * 3 + 2 + 1) / 16, abs=0.00005)
    assert unit.mean_of_100 == pytest.approx(unit.mean_score * 20)
    assert not unit.mean_is_assumed


def test_basically_satisfied_is_satisfied_and_dissatisfied_is_not_r15() -> None:
    assert tally(1, 1, 0, 0, 1, 0, 0).satisfaction_rate == 1
    assert tally(1, 1, 0, 0, 0, 1, 0).satisfaction_rate == 0


@pytest.mark.parametrize("visits", [0, 7])
def test_no_rating_data_counts_as_3_and_is_shown_as_such_r16(visits: int) -> None:
    unit = Tally(visits, visits, {})
    assert (unit.mean_score, unit.mean_of_100, unit.mean_is_assumed) == (3, 60, True)
    assert unit.satisfaction_rate is None, "the assumption is for the mean score only"


def test_a_single_rating_ends_the_assumption_r16() -> None:
    unit = tally(10, 10, 0, 0, 0, 0, 1)
    assert (unit.mean_score, unit.mean_is_assumed) == (1, False)


def test_without_visits_there_is_no_rate() -> None:
    unit = Tally(0, 0, {})
    assert (unit.invited_rate, unit.rating_rate, unit.unrated_rate) == (None, None, None)


@given(st.lists(st.integers(0, 500), min_size=5, max_size=5), st.integers(0, 500))
def test_rates_and_scores_stay_in_their_bounds_r15(counts: list[int], unrated: int) -> None:
    visits = sum(counts) + unrated
    unit = tally(visits, visits, *counts)
    assert 1 <= unit.mean_score <= 5
    assert 20 <= unit.mean_of_100 <= 100
    if visits:
        assert unit.rating_rate is not None
        assert unit.unrated_rate is not None
        assert unit.rating_rate + unit.unrated_rate == pytest.approx(1)


@pytest.mark.parametrize(
    ("day", "plain_quarter", "plain_year", "shifted_quarter", "shifted_year"),
    [
        ("2026-11-30", "2026-Q4", "2026", "2026-Q4", "2026"),
        ("2026-12-01", "2026-Q4", "2026", "2027-Q1", "2027"),
        ("2026-12-31", "2026-Q4", "2026", "2027-Q1", "2027"),
        ("2027-01-01", "2027-Q1", "2027", "2027-Q1", "2027"),
        ("2027-02-28", "2027-Q1", "2027", "2027-Q1", "2027"),
        ("2027-03-01", "2027-Q1", "2027", "2027-Q2", "2027"),
        ("2027-04-01", "2027-Q2", "2027", "2027-Q2", "2027"),
        ("2027-06-01", "2027-Q2", "2027", "2027-Q3", "2027"),
        ("2027-09-01", "2027-Q3", "2027", "2027-Q4", "2027"),
    ],
)
def test_where_the_year_starts_in_december_that_month_belongs_to_the_next_r15(
    day: str, plain_quarter: str, plain_year: str, shifted_quarter: str, shifted_year: str
) -> None:
    moment = date.fromisoformat(day)
    assert period_of(moment, "quarter", year_starts_in_december=False) == plain_quarter
    assert period_of(moment, "year", year_starts_in_december=False) == plain_year
    assert period_of(moment, "quarter", year_starts_in_december=True) == shifted_quarter
    assert period_of(moment, "year", year_starts_in_december=True) == shifted_year


@pytest.mark.parametrize("december", [False, True])
def test_days_and_months_are_those_of_the_calendar_whatever_the_year_r15(december: bool) -> None:
    day = date(2026, 12, 5)
    assert period_of(day, "day", year_starts_in_december=december) == "2026-12-05"
    assert period_of(day, "month", year_starts_in_december=december) == "2026-12"


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.booleans())
def test_a_quarter_has_three_months_and_lies_in_its_year_r15(day: date, december: bool) -> None:
    quarter = period_of(day, "quarter", year_starts_in_december=december)
    assert quarter.startswith(period_of(day, "year", year_starts_in_december=december) + "-Q")
    months = {
        (d.year, d.month)
        for d in (date(y, m, 1) for y in range(day.year - 1, day.year + 2) for m in range(1, 13))
        if period_of(d, "quarter", year_starts_in_december=december) == quarter
    }
    assert len(months) == 3
