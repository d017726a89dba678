"""What the presses of a key have in common, before anything is known of frames."""

import random

import pytest

from device_drivers.evaluator.heard_presses import Likeness, compare, essence, key_with, without
from device_drivers.evaluator.learning import Chunk

A, B, BEAT = b"\x02A\x03", b"\x02B\x03", b"beat"


@pytest.mark.parametrize(
    ("presses", "likeness", "chosen", "odd"),
    [
        ([A, A, A], Likeness.ALIKE, (0, 1, 2), ()),
        ([A, A, A + b"?"], Likeness.ALIKE, (0, 1, 2), ()),
        ([A, B, A], Likeness.ODD, (), (1,)),
        ([B, A, A, A], Likeness.ALIKE, (1, 2, 3), (0,)),
        ([BEAT, BEAT, A, A, A], Likeness.ALIKE, (2, 3, 4), (0, 1)),
        ([A, B, A, B, A], Likeness.ALIKE, (0, 1, 2), ()),  # a bit that is turned with each press
        ([A, B, B, A, A], Likeness.ALIKE, (0, 3, 4), (1, 2)),
        ([b"\x02A1", b"\x02A2", b"\x02A3"], Likeness.ALIKE, (0, 1, 2), ()),  # a running number
        ([b"1AA", b"22AAA", b"333AA"], Likeness.ALIKE, (0, 1, 2), ()),
        ([b"\x01", b"\x02", b"\x03"], Likeness.NOTHING, (0, 1, 2), ()),
        ([b"abc", b"xyz", b"123"], Likeness.NOTHING, (0, 1, 2), ()),
        ([b"abc", b"xyzz", b"1"], Likeness.NOTHING, (0, 1, 2), ()),
    ],
)
def test_presses_put_next_to_each_other(
    presses: list[bytes], likeness: Likeness, chosen: tuple[int, ...], odd: tuple[int, ...]
) -> None:
    found = compare(presses)
    assert (found.likeness, found.odd) == (likeness, odd)
    if likeness is Likeness.ALIKE:
        assert found.chosen == chosen


def test_random_bytes_have_nothing_in_common() -> None:
    dice = random.Random(4)
    found = [compare([dice.randbytes(dice.randint(6, 10)) for _ in range(3)]).likeness for _ in range(500)]
    assert found.count(Likeness.NOTHING) > 490


def test_the_essence_is_what_is_neither_background_nor_repeated() -> None:
    background = [Chunk(BEAT, at) for at in (0.0, 1.0, 2.0)]
    chunks = [Chunk(A, 3.2), Chunk(A, 3.4), Chunk(BEAT, 3.6), Chunk(A[:1], 3.8), Chunk(A[1:], 3.81)]
    found = essence(background, chunks)
    assert (found.data, found.times) == (A, 3)


def test_what_is_still_repeated_of_another_key_is_left_out() -> None:
    chunks = [Chunk(A, 1.0), Chunk(A[:2], 1.3), Chunk(A[2:], 1.301), Chunk(B, 1.6)]
    assert without([Chunk(A, 0.1), Chunk(A, 0.4)], chunks) == [Chunk(B, 1.6)]


def test_a_key_is_known_by_what_it_sent() -> None:
    keys = {"one": [A], "other": [B, b"x"]}
    assert key_with(B, keys) == "other"
    assert key_with(b"y", keys) is None
