from datetime import UTC, datetime, timedelta

import pytest
import structlog.testing

from sync_agent.clock_offset import ClockOffset
from sync_agent.outcomes import Blame, Outcome, ServerTime, Unavailable
from sync_agent.platform_client import Exchange

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def exchange(round_trip: float = 0.02) -> Exchange[Outcome]:
    return Exchange(Unavailable("", Blame.ANSWER), NOW, timedelta(seconds=round_trip))


def ahead(seconds: float, uncertainty: float = 0.0) -> ServerTime:
    return ServerTime(NOW + timedelta(seconds=seconds), timedelta(seconds=uncertainty))


def test_the_offset_is_the_servers_time_at_the_middle_of_the_request() -> None:
    offset = ClockOffset(None)
    assert offset.measure(ahead(-7200), exchange()) == -7_200_000
    assert offset.milliseconds == -7_200_000


def test_the_change_is_told_against_what_was_used_before() -> None:
    offset = ClockOffset(3_000)
    assert offset.measure(ahead(10), exchange()) == 7_000


def test_no_server_time_teaches_nothing() -> None:
    offset = ClockOffset(42)
    assert offset.measure(None, exchange()) == 0
    assert offset.milliseconds == 42


@pytest.mark.parametrize(("round_trip", "uncertainty"), [(20.0, 0.0), (0.0, 10.0)])
def test_a_difference_within_doubt_does_not_spoil_a_good_value(round_trip: float, uncertainty: float) -> None:
    offset = ClockOffset(100)
    assert offset.measure(ahead(9, uncertainty), exchange(round_trip)) == 0
    assert offset.milliseconds == 100


def test_a_wrong_clock_is_logged_once_per_change() -> None:
    offset = ClockOffset(None)
    with structlog.testing.capture_logs() as logs:
        for seconds in (1, 8, 9, 8, 60, 61, 2, 1):
            offset.measure(ahead(seconds), exchange())
    assert [(line["event"], line["offset_ms"]) for line in logs] == [
        ("clock-wrong", 8_000),
        ("clock-wrong", 60_000),
        ("clock-right-again", 2_000),
    ]
