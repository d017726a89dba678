"""The memory of wrong tokens is bounded (interfaces §6)."""

from kiosk_app.window.window_api.wrong_tokens import ADDRESSES, WRONG_ONES, WrongTokens
from tests.window_api.conftest import Stopwatch


def test_the_address_that_was_wrong_least_recently_is_forgotten(stopwatch: Stopwatch) -> None:
    wrong_tokens = WrongTokens(stopwatch)
    for _ in range(WRONG_ONES):
        wrong_tokens.count("old")
        wrong_tokens.count("busy")
    for number in range(ADDRESSES):
        assert wrong_tokens.count(f"10.0.{number}") is None
        assert wrong_tokens.count("busy") is not None
    assert wrong_tokens.count("old") is None


def test_no_more_addresses_are_remembered_than_that(stopwatch: Stopwatch) -> None:
    wrong_tokens = WrongTokens(stopwatch)
    for number in range(3 * ADDRESSES):
        wrong_tokens.count(f"10.0.{number}")
    assert len(wrong_tokens._records) == ADDRESSES
