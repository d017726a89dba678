"""The machine's own clocks (R28)."""

import time
from datetime import datetime
from pathlib import Path

from kiosk_app.domain.moments import CHINA_TIME
from kiosk_app.journal.system_clock import SystemClock


def test_now_lies_between_two_looks_at_the_kernels_clocks() -> None:
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    now = SystemClock().now()
    after = time.clock_gettime(time.CLOCK_BOOTTIME)
    assert int(before * 1000) <= now.boot_ms <= int(after * 1000) + 1
    assert now.wall.tzinfo == CHINA_TIME
    assert abs((datetime.now(CHINA_TIME) - now.wall).total_seconds()) < 60


def test_the_boot_is_the_kernels() -> None:
    boot_id = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    assert SystemClock().now().boot_id == boot_id
    assert SystemClock().now().same_boot(SystemClock().now())


def test_an_input_is_dated_when_it_arrived_on_both_clocks_r5_r28() -> None:
    clock = SystemClock()
    arrived = clock.at(time.clock_gettime(time.CLOCK_BOOTTIME) - 90)
    now = clock.now()
    assert 90_000 <= now.boot_ms - arrived.boot_ms < 150_000
    apart = (now.wall - arrived.wall).total_seconds() * 1000
    assert abs(apart - (now.boot_ms - arrived.boot_ms)) < 1_000
