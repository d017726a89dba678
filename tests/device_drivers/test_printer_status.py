"""A printer's replies, told apart as in facts §3.3, and the one word they come to."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_drivers.printer.conditions import Condition
from device_drivers.printer.status import (
    AutomaticStatus,
    Block,
    PlainByte,
    RealTimeStatus,
    Reply,
    ReplyReader,
    Status,
    condition_of,
    explain,
    real_time_status,
)

READY = AutomaticStatus(Status())
PAPER_OUT = AutomaticStatus(Status(offline=True, near_end=True, paper_out=True))


def replies(data: bytes) -> list[Reply]:
    return ReplyReader().feed(data)


@pytest.mark.parametrize(
    ("told", "condition"),
    [
        ({1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}, Condition.READY),
        ({1: 0x12, 2: 0x12, 3: 0x12, 4: 0x1E}, Condition.NEAR_END),
        ({1: 0x1A, 2: 0x32, 3: 0x12, 4: 0x7E}, Condition.PAPER_OUT),
        ({1: 0x1A, 2: 0x16, 3: 0x12, 4: 0x12}, Condition.COVER_OPEN),
        ({1: 0x1A, 2: 0x52, 3: 0x1A, 4: 0x12}, Condition.CUTTER_ERROR),
        ({1: 0x1A, 2: 0x52, 3: 0x32, 4: 0x12}, Condition.ERROR),
        ({1: 0x1A, 2: 0x52, 3: 0x16, 4: 0x12}, Condition.ERROR),
        ({1: 0x1A, 2: 0x12, 3: 0x52, 4: 0x12}, Condition.ERROR),
        ({1: 0x1A, 2: 0x12, 3: 0x12, 4: 0x12}, Condition.OFFLINE),
        ({1: 0x1A, 2: 0x36, 3: 0x12, 4: 0x7E}, Condition.COVER_OPEN),
        ({1: 0x16, 2: 0x12, 3: 0x12, 4: 0x12}, Condition.READY),
        ({1: 0x12, 2: 0x12, 4: 0x12}, Condition.READY),
        ({1: 0x1A, 2: 0x32, 4: 0x72}, Condition.PAPER_OUT),
    ],
)
def test_answers_to_questions_come_to_one_word(told: dict[int, int], condition: Condition) -> None:
    assert condition_of(real_time_status(told)) is condition


@pytest.mark.parametrize(
    ("told", "condition"),
    [
        ("10 00 00 00", Condition.READY),
        ("14 00 00 0F", Condition.READY),
        ("10 00 03 00", Condition.NEAR_END),
        ("18 00 0F 00", Condition.PAPER_OUT),
        ("38 00 00 00", Condition.COVER_OPEN),
        ("18 08 00 00", Condition.CUTTER_ERROR),
        ("18 20 00 00", Condition.ERROR),
        ("18 04 00 00", Condition.ERROR),
        ("18 40 00 00", Condition.ERROR),
        ("18 00 00 00", Condition.OFFLINE),
    ],
)
def test_what_it_says_by_itself_comes_to_one_word(told: str, condition: Condition) -> None:
    [reply] = replies(bytes.fromhex(told))
    assert isinstance(reply, AutomaticStatus)
    assert condition_of(reply.status) is condition


def test_every_condition_that_keeps_it_from_printing_says_what_to_do() -> None:
    names = ["offline", "cover_open", "paper_out", "near_end", "cutter_error", "recoverable", "unrecoverable", "hot"]
    for values in product([False, True], repeat=len(names)):
        status = Status(**dict(zip(names, values, strict=True)))
        condition = condition_of(status)
        assert bool(explain(status)) is (condition is not Condition.READY)
        assert condition.can_print is not any(values[:3] + values[4:])


def test_blocks_are_kept_whole() -> None:
    assert replies(bytes.fromhex("37 22 20 21 7E 30 00")) == [Block(bytes.fromhex("37 22 20 21 7E 30 00"))]
    assert replies(bytes.fromhex("5F") + b"TM-T82III\0") == [Block(b"\x5fTM-T82III\0")]
    assert replies(bytes.fromhex("37 25 00 12")) == [Block(bytes.fromhex("37 25 00")), RealTimeStatus(0x12)]


def test_a_question_may_be_answered_in_the_middle_of_what_it_says_by_itself() -> None:
    assert replies(bytes.fromhex("18 00 12 0F 00")) == [RealTimeStatus(0x12), PAPER_OUT]


def test_a_byte_lost_of_what_it_says_by_itself_costs_only_that() -> None:
    assert replies(bytes.fromhex("18 00 0F 10 00 00 00")) == [READY]


def test_half_a_reply_is_forgotten_on_silence() -> None:
    reader = ReplyReader()
    assert reader.feed(bytes.fromhex("10 00")) == []
    reader.reset()
    assert reader.feed(bytes.fromhex("03")) == [PlainByte(0x03)]
    assert reader.feed(bytes.fromhex("37 22 20")) == []
    reader.reset()
    assert reader.feed(bytes.fromhex("16")) == [RealTimeStatus(0x16)]
    assert reader.noise_bytes == 5


def test_a_block_without_an_end_does_not_swallow_everything() -> None:
    reader = ReplyReader()
    reader.feed(b"\x37" + b"\x20" * 200)
    assert reader.feed(bytes.fromhex("12"))[-1] == RealTimeStatus(0x12)


def automatic(first: int, second: int, third: int, fourth: int) -> bytes:
    return bytes([0x10 | first & 0x6C, second & 0x6F, third & 0x6F, fourth & 0x6F])


BYTES = st.integers(0, 0xFF)
REPLIES = st.one_of(
    st.builds(automatic, BYTES, BYTES, BYTES, BYTES),
    st.builds(lambda byte: bytes([0x12 | byte & 0x6C]), BYTES),
    st.builds(lambda byte: bytes([byte & 0x6F]), BYTES),
    st.builds(
        lambda kind, text: kind + bytes(text) + b"\0",
        st.sampled_from([b"\x37", b"\x5f"]),
        st.lists(st.integers(0x20, 0x7E), max_size=20),
    ),
)


@given(st.lists(REPLIES), st.data())
def test_replies_are_told_apart_whatever_stands_between_and_however_they_are_cut(
    told: list[bytes], data: st.DataObject
) -> None:
    expected = [reply for one in told for reply in replies(one)]
    assert len(expected) == len(told)
    stream = bytearray()
    for byte in b"".join(told):
        stream += data.draw(st.sampled_from([b"", b"", b"", b"\x11", b"\x13", b"\x13\x11"]))
        stream.append(byte)
    reader = ReplyReader()
    found = []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += reader.feed(bytes(stream[:size]))
        del stream[:size]
    assert found == expected
    assert reader.noise_bytes == 0


@given(st.lists(st.binary(max_size=12)), st.builds(automatic, BYTES, BYTES, BYTES, BYTES))
def test_after_any_noise_and_a_silence_the_next_reply_is_understood(noise: list[bytes], told: bytes) -> None:
    reader = ReplyReader()
    for one in noise:
        reader.feed(one)
    reader.reset()
    assert reader.feed(told) == replies(told)
