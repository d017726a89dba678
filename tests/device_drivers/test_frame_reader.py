"""Finding frames in a stream, in the words of interfaces §3."""

import random
import time

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from device_drivers.evaluator.codec import Frame
from device_drivers.evaluator.frame_reader import Counters, ScanningReader, frame_reader
from device_drivers.evaluator.protocol import EvaluatorProtocol
from device_drivers.simulated.evaluator_frames import (
    foreign_frame,
    frame_with_wrong_checksum,
    frame_with_wrong_length,
    press_frame,
)
from tests.device_drivers.protocols import ascii_keys, protocol_of, shared_bus
from tests.device_drivers.strategies import ADDRESS_USED, cut, frames_in, frames_of, noise_of, protocols

GOOD = press_frame(shared_bus(), "satisfied", ADDRESS_USED)
OTHER = press_frame(shared_bus(), "dissatisfied", ADDRESS_USED)

thorough = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(protocol: EvaluatorProtocol, *chunks: bytes) -> tuple[list[bytes], Counters]:
    """What a reader finds, where a chunk arrives each second."""
    counters = Counters()
    reader = frame_reader(protocol.frames, counters, opened_at=0.0)
    frames = [frame for at, chunk in enumerate(chunks) for frame in reader.feed(chunk, float(at))]
    return [frame.raw for frame in frames], counters


def test_a_frame_with_a_wrong_checksum_is_dropped_and_counted() -> None:
    frames, counters = read(shared_bus(), frame_with_wrong_checksum(shared_bus(), "satisfied", ADDRESS_USED), GOOD)
    assert frames == [GOOD]
    assert (counters.good, counters.bad_checksum, counters.noise_bytes) == (1, 1, 10)


def test_a_frame_with_a_wrong_length_is_dropped_and_counted() -> None:
    frames, counters = read(shared_bus(), frame_with_wrong_length(shared_bus(), "satisfied", ADDRESS_USED), GOOD)
    assert frames == [GOOD]
    assert (counters.good, counters.bad_length, counters.noise_bytes) == (1, 1, 10)


def test_a_frame_with_a_wrong_trailer_is_dropped_and_counted() -> None:
    frames, counters = read(shared_bus(), GOOD[:-1] + b"\x17", GOOD)
    assert frames == [GOOD]
    assert (counters.good, counters.bad_trailer, counters.noise_bytes) == (1, 1, 10)


LEARNED = """name = "learned"
[line]
baud = 9600
bytesize = 8
parity = "N"
stopbits = 1
[frame]
layout   = ["start", "key", "checksum", "03"]
fields   = { start = 2, key = 1, checksum = 1 }
checksum = { kind = "xor8", over = ["start", "key"] }
[buttons]
very_satisfied      = { start = "0281", key = "01" }
satisfied           = { start = "0281", key = "02" }
basically_satisfied = { start = "0281", key = "04" }
dissatisfied        = { start = "0281", key = "08" }
very_dissatisfied   = { start = "0281", key = "10" }
"""
"""Where a checksum covers the first bytes too, they cannot be literals."""


def test_what_does_not_begin_as_the_keys_do_is_another_device_and_no_damage() -> None:
    lights = bytes.fromhex("5A A5 07 01 C3 03")
    good = bytes.fromhex("02 81 04 87 03")
    frames, counters = read(protocol_of(LEARNED), *[lights] * 50, good)
    assert frames == [good]
    assert (counters.bad_checksum, counters.bad_trailer, counters.noise_bytes) == (0, 0, 300)


def test_what_begins_as_the_keys_do_is_damaged_where_it_is_wrong() -> None:
    _, counters = read(protocol_of(LEARNED), bytes.fromhex("02 81 04 86 03"), bytes.fromhex("02 81 04 87 13"), bytes(5))
    assert (counters.good, counters.bad_checksum, counters.bad_trailer) == (0, 1, 1)


def test_a_length_that_differs_is_wrong_before_the_rest_has_come() -> None:
    _, counters = read(shared_bus(), bytes.fromhex("FF 68 04"))
    assert counters.bad_length == 1


def test_a_good_frame_is_found_inside_a_bad_one() -> None:
    assert read(shared_bus(), GOOD[:6] + GOOD)[0] == [GOOD]
    assert read(shared_bus(), b"\xff\x68" + GOOD + GOOD)[0] == [GOOD, GOOD]


def test_frames_without_a_pause_between_them_are_all_found() -> None:
    assert read(shared_bus(), GOOD + OTHER + GOOD)[0] == [GOOD, OTHER, GOOD]


def test_a_frame_may_come_byte_by_byte() -> None:
    assert read(shared_bus(), *(bytes([byte]) for byte in GOOD + OTHER))[0] == [GOOD, OTHER]


def test_a_frame_has_the_time_of_its_first_byte() -> None:
    reader = ScanningReader(shared_bus().frames, Counters())
    arrivals = [(b"\x00" + GOOD[:1], 1.0), (GOOD[1:4], 2.0), (GOOD[4:] + OTHER[:1], 3.0), (OTHER[1:], 4.0)]
    frames = [frame for data, at in arrivals for frame in reader.feed(data, at)]
    assert [(frame.raw, frame.at) for frame in frames] == [(GOOD, 1.0), (OTHER, 3.0)]


def test_frames_of_other_meaning_are_good_frames_too() -> None:
    heartbeat = foreign_frame(shared_bus(), ADDRESS_USED)
    assert read(shared_bus(), heartbeat, GOOD)[0] == [heartbeat, GOOD]


@pytest.mark.parametrize("noise", [b"\xff", b"\xff\x68", b"\xff\x68\x03\x03\x68\x81\x11"])
def test_long_noise_costs_no_more_memory_than_one_frame_and_little_time(noise: bytes) -> None:
    reader = ScanningReader(shared_bus().frames, Counters())

    def seconds(repetitions: int) -> float:
        started = time.process_time()
        for _ in range(repetitions):
            reader.feed(noise * 100, 0.0)
        return time.process_time() - started

    short = min(seconds(20) for _ in range(3))
    long = seconds(200)
    assert long < 10 * short * 5, "time grows faster than the noise"
    assert len(reader._waiting) < shared_bus().frames.size
    assert len(reader._arrivals) <= 2


@thorough
@given(st.data())
def test_any_frame_survives_any_cut_and_any_noise_around_it(data: st.DataObject) -> None:
    protocol = data.draw(protocols())
    before, frame, after = data.draw(noise_of(protocol)), data.draw(frames_of(protocol)), data.draw(noise_of(protocol))
    assume(not frames_in(protocol, before + frame[:-1]))  # noise that is itself part of a frame
    pieces = cut(before + frame + after, data.draw(st.randoms(use_true_random=False)))
    assert read(protocol, *pieces)[0][:1] == [frame]


@thorough
@given(st.data())
def test_the_reader_finds_what_the_slow_and_obvious_search_finds(data: st.DataObject) -> None:
    protocol = data.draw(protocols())
    part = st.one_of(noise_of(protocol), frames_of(protocol))
    stream = b"".join(data.draw(st.lists(part, max_size=6)))
    pieces = cut(stream, data.draw(st.randoms(use_true_random=False)))
    frames, counters = read(protocol, *pieces)
    assert frames == frames_in(protocol, stream)
    undecided = len(stream) - counters.noise_bytes - sum(map(len, frames))
    assert 0 <= undecided < protocol.frames.size
    assert counters.good == len(frames)


@thorough
@given(st.data())
def test_a_frames_time_is_that_of_its_first_byte_however_it_is_cut(data: st.DataObject) -> None:
    protocol = data.draw(protocols())
    frame = data.draw(frames_of(protocol))
    before = data.draw(noise_of(protocol))
    assume(not frames_in(protocol, before + frame[:-1]))
    pieces = cut(before + frame, data.draw(st.randoms(use_true_random=False)))
    reader = frame_reader(protocol.frames, Counters(), 0.0)
    found = [each for at, piece in enumerate(pieces) for each in reader.feed(piece, float(at))]
    piece_of_byte = [at for at, piece in enumerate(pieces) for _ in piece]
    assert [each.at for each in found] == [piece_of_byte[len(before)]]


@thorough
@given(protocols(), st.integers())
def test_noise_without_a_valid_checksum_makes_no_frame(protocol: EvaluatorProtocol, seed: int) -> None:
    noise = random.Random(seed).randbytes(300)
    assume(not frames_in(protocol, noise))
    assert read(protocol, *cut(noise, random.Random(seed)))[0] == []


# Protocols that prove a frame by the silence around it.


def read_bursts(protocol: EvaluatorProtocol, bursts: list[list[bytes]], *, silent_first: bool = True) -> list[Frame]:
    """What a reader finds in bursts of chunks with silence between them."""
    reader = frame_reader(protocol.frames, Counters(), opened_at=0.0)
    frames = reader.tick(0.05) if silent_first else []
    now = 0.05
    for burst in bursts:
        for chunk in burst:
            now += 0.01
            frames += reader.feed(chunk, now)
            frames += reader.tick(now + 0.049)
        now += 0.051
        frames += reader.tick(now)
    return frames


def test_a_key_that_stands_alone_counts() -> None:
    assert [frame.raw for frame in read_bursts(ascii_keys(), [[b"5"], [b"1"]])] == [b"5", b"1"]


def test_a_key_with_bytes_before_or_after_it_does_not_count() -> None:
    assert read_bursts(ascii_keys(), [[b"5", b"1"], [b"x5"], [b"5", b"x"], [b"55"]]) == []


def test_a_key_before_the_line_was_silent_since_its_opening_does_not_count() -> None:
    frames = read_bursts(ascii_keys(), [[b"5"], [b"4"]], silent_first=False)
    assert [frame.raw for frame in frames] == [b"4"]


def test_a_key_counts_only_after_the_silence() -> None:
    reader = frame_reader(ascii_keys().frames, Counters(), opened_at=0.0)
    assert reader.tick(0.06) == []
    assert reader.feed(b"3", 1.0) == []
    assert reader.tick(1.049) == []
    assert [(frame.raw, frame.at) for frame in reader.tick(1.051)] == [(b"3", 1.0)]
    assert reader.tick(1.2) == []


def test_stamps_that_lie_far_apart_are_no_silence() -> None:
    """A reading thread that was held up stamps bytes late that had come close together."""
    reader = frame_reader(ascii_keys().frames, Counters(), opened_at=0.0)
    reader.tick(0.06)
    assert reader.feed(b"5", 1.0) + reader.feed(b"4", 2.0) + reader.tick(2.06) == []


def test_long_noise_without_silence_is_counted_but_not_kept() -> None:
    counters = Counters()
    reader = frame_reader(ascii_keys().frames, counters, opened_at=0.0)
    reader.tick(0.06)
    for _ in range(1000):
        reader.feed(b"noise", 1.0)
    assert reader.tick(1.06) == []
    assert (counters.noise_bytes, counters.good) == (5000, 0)


def test_where_a_frame_has_silence_and_checksum_both_are_required() -> None:
    protocol = protocol_of((shared_bus().source.read_text()).replace("[buttons]", "quiet_ms = 50\n[buttons]"))
    wrong = frame_with_wrong_checksum(protocol, "satisfied", ADDRESS_USED)
    frames = read_bursts(protocol, [[wrong], [GOOD, b"x"], [GOOD[:4], GOOD[4:]], [GOOD + OTHER], [OTHER]])
    assert [frame.raw for frame in frames] == [GOOD, OTHER]


def test_a_bad_frame_between_silences_is_counted_as_what_it_is() -> None:
    protocol = protocol_of((shared_bus().source.read_text()).replace("[buttons]", "quiet_ms = 50\n[buttons]"))
    counters = Counters()
    reader = frame_reader(protocol.frames, counters, opened_at=0.0)
    reader.feed(frame_with_wrong_checksum(protocol, "satisfied", ADDRESS_USED), 1.0)
    reader.tick(1.06)
    assert (counters.bad_checksum, counters.noise_bytes) == (1, 10)


@thorough
@given(st.data())
def test_of_all_bursts_those_count_that_are_one_frame(data: st.DataObject) -> None:
    protocol = data.draw(protocols(quiet=True))
    part = st.one_of(noise_of(protocol), frames_of(protocol))
    bursts = [burst for burst in data.draw(st.lists(part, max_size=6)) if burst]
    randomness = data.draw(st.randoms(use_true_random=False))
    frames = read_bursts(protocol, [cut(burst, randomness) for burst in bursts])
    alone = [burst for burst in bursts if len(burst) == protocol.frames.size and frames_in(protocol, burst)]
    assert [frame.raw for frame in frames] == alone
