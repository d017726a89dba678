"""Telling a press from what talks by itself, and when it is over, although heartbeats never stop."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_drivers.evaluator.learning import Chunk, Heard, background_is_enough, what_was_heard
from tests.device_drivers.learning.designs import random_device, random_scene

BEAT = bytes.fromhex("FF 68 03 03 68 81 10 00 91 16")
KEY = bytes.fromhex("FF 68 03 03 68 81 11 04 96 16")
OTHER_KEY = bytes.fromhex("FF 68 03 03 68 81 11 03 95 16")
BACKGROUND = [Chunk(BEAT, float(second)) for second in range(3)]


def heard(*chunks: Chunk, now: float) -> Heard:
    return what_was_heard(BACKGROUND, chunks, now)


def counting(number: int) -> bytes:
    return bytes([0x7E, number, 0x20, number ^ 0x20, 0x7E])


def test_silence_and_heartbeats_are_nothing_new() -> None:
    assert heard(now=60.0) is Heard.NOTHING_NEW
    assert heard(*(Chunk(BEAT, float(second)) for second in range(3, 60)), now=60.0) is Heard.NOTHING_NEW


@pytest.mark.parametrize("cut", range(1, len(BEAT)))
def test_a_heartbeat_that_is_still_arriving_is_nothing_new(cut: int) -> None:
    assert heard(Chunk(BEAT[:cut], 4.0), now=4.01) is Heard.NOTHING_NEW
    assert heard(Chunk(BEAT[:cut], 4.0), Chunk(BEAT[cut:], 4.03), now=4.04) is Heard.NOTHING_NEW


@pytest.mark.parametrize("cut", range(1, len(BEAT) - 1))
def test_a_heartbeat_that_began_before_the_asking_is_nothing_new(cut: int) -> None:
    assert heard(Chunk(BEAT[cut:], 4.0), now=9.0) is Heard.NOTHING_NEW


def test_a_press_is_whole_once_nothing_new_follows() -> None:
    beats = [Chunk(BEAT, 4.5), Chunk(BEAT, 5.5)]
    assert heard(Chunk(KEY, 4.0), now=4.1) is Heard.PRESSING
    assert heard(Chunk(KEY, 4.0), *beats, now=5.1) is Heard.PRESSING
    assert heard(Chunk(KEY, 4.0), *beats, now=5.6) is Heard.WHOLE


def test_each_repeat_of_a_press_holds_it() -> None:
    repeats = [Chunk(KEY, 4.0 + 0.5 * number) for number in range(5)]
    assert heard(*repeats, now=7.0) is Heard.PRESSING
    assert heard(*repeats, now=7.3) is Heard.WHOLE


def test_a_press_that_is_repeated_without_end_is_whole_all_the_same() -> None:
    repeats = [Chunk(KEY, 4.0 + 0.5 * number) for number in range(9)]
    assert heard(*repeats, now=8.0) is Heard.WHOLE


@pytest.mark.parametrize("cut", range(1, len(BEAT)))
def test_a_press_that_begins_while_a_heartbeat_is_received(cut: int) -> None:
    chunks = [Chunk(BEAT[:cut], 4.0), Chunk(BEAT[cut:] + KEY, 4.01)]
    assert heard(*chunks, now=4.02) is Heard.PRESSING
    assert heard(*chunks, now=5.5) is Heard.WHOLE


def test_a_heartbeat_that_counts_is_known_again() -> None:
    background = [Chunk(counting(number), float(number)) for number in range(4)]
    beats = [Chunk(counting(number), float(number)) for number in range(4, 20)]
    assert what_was_heard(background, beats, 20.0) is Heard.NOTHING_NEW
    assert what_was_heard(background, [*beats, Chunk(KEY, 19.5)], 20.0) is Heard.PRESSING


def test_repeats_of_the_key_before_are_not_the_asked_one() -> None:
    before = [Chunk(KEY, 4.0 + 0.5 * number) for number in range(9)]
    stale = [Chunk(KEY, 8.5), Chunk(KEY, 9.0)]
    assert what_was_heard(BACKGROUND, stale, 20.0, before) is Heard.NOTHING_NEW
    assert what_was_heard(BACKGROUND, [*stale, Chunk(OTHER_KEY, 9.4)], 9.5, before) is Heard.PRESSING


def test_one_character_is_a_press_though_a_heartbeat_holds_it() -> None:
    background = [Chunk(b"OK 5\r\n", float(second)) for second in range(3)]
    assert what_was_heard(background, [Chunk(b"5", 4.0)], 5.5) is Heard.WHOLE


def test_the_background_is_heard_for_three_seconds_and_longer_where_something_talks_rarely() -> None:
    assert not background_is_enough([], 0.0, 2.9)
    assert background_is_enough([], 0.0, 3.0)
    assert background_is_enough(BACKGROUND, 0.0, 3.0)
    assert not background_is_enough(BACKGROUND[:2], 0.0, 3.0)
    assert background_is_enough(BACKGROUND[:2], 0.0, 12.0)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1_000_000))
def test_each_press_of_a_random_device_is_noticed(seed: int) -> None:
    randomness = random.Random(seed)
    background, presses = random_scene(random_device(randomness), randomness).heard()
    for asked in presses:
        assert what_was_heard(background, asked.chunks, asked.chunks[-1].at + 10) is Heard.WHOLE
