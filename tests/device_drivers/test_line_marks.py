"""The kernel's marks for damaged bytes, as termios(3) describes PARMRK."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_drivers.evaluator.line_marks import MarkReader, Unmarked


@pytest.mark.parametrize(
    ("marked", "data", "damaged"),
    [
        (b"ab", b"ab", 0),
        (b"\xff\xff", b"\xff", 0),
        (b"\xff\x00\x61", b"a", 1),
        (b"\xff\x00\x00", b"\x00", 1),
        (b"\xff\x00\xff", b"\xff", 1),
        (b"a\xff\xff\xff\x00bc", b"a\xffbc", 1),
    ],
)
def test_marks_are_taken_out_and_counted(marked: bytes, data: bytes, damaged: int) -> None:
    assert MarkReader().feed(marked) == Unmarked(data, damaged)


@given(st.lists(st.tuples(st.integers(0, 255), st.booleans()), max_size=30), st.data())
def test_a_mark_may_be_cut_anywhere(bytes_and_faults: list[tuple[int, bool]], draw: st.DataObject) -> None:
    marked = b"".join(
        b"\xff\x00" + bytes([byte]) if is_damaged else bytes([byte]) * (2 if byte == 0xFF else 1)
        for byte, is_damaged in bytes_and_faults
    )
    reader, data, damaged = MarkReader(), b"", 0
    while marked:
        size = draw.draw(st.integers(1, len(marked)))
        part, marked = marked[:size], marked[size:]
        found = reader.feed(part)
        data += found.data
        damaged += found.damaged
    assert data == bytes(byte for byte, _ in bytes_and_faults)
    assert damaged == sum(is_damaged for _, is_damaged in bytes_and_faults)
