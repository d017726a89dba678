"""Moments: stamps in China's time zone, and arithmetic on both clocks (R28)."""

from datetime import UTC, datetime

from kiosk_app.domain.moments import Moment
from tests.manual_clock import ManualClock


def test_a_stamp_is_rfc_3339_with_milliseconds_in_chinas_time_zone() -> None:
    moment = Moment(datetime(2026, 11, 22, 16, 0, 0, 999_999, UTC), 1, "boot", synchronised=True)
    assert moment.stamp == "2026-11-23T00:00:00.999+08:00"


def test_later_moves_both_clocks_and_stays_in_the_boot() -> None:
    clock = ManualClock()
    now, later = clock.now(), clock.now().later(1_500)
    assert ((later.wall - now.wall).total_seconds(), later.boot_ms - now.boot_ms) == (1.5, 1_500)
    assert later.same_boot(now)
    clock.reboot()
    assert not clock.now().same_boot(now)
