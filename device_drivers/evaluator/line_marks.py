"""The kernel's marks for bytes that came over the wire damaged: pure.

With INPCK and PARMRK set, a byte with a framing or parity error arrives as FF 00 and the byte, a break as FF 00 00, and
a good FF as FF FF. A wrong speed shows itself so at the first press, where the adapter reports such errors at all.
"""

from dataclasses import dataclass

_MARK = 0xFF


@dataclass(frozen=True)
class Unmarked:
    """Bytes without the marks."""

    data: bytes
    damaged: int
    """How many of them were marked."""


class MarkReader:
    """Takes the marks out of one stream; a mark may be cut between two reads."""

    def __init__(self) -> None:
        self._waiting = b""

    def feed(self, data: bytes) -> Unmarked:
        """Take the next bytes as read."""
        marked, self._waiting = self._waiting + data, b""
        found = bytearray()
        damaged = place = 0
        while place < len(marked):
            if marked[place] != _MARK:
                found.append(marked[place])
                place += 1
                continue
            mark = marked[place : place + 3]
            if len(mark) == 1 or (mark[1] == 0 and len(mark) == 2):
                self._waiting = mark
                break
            is_damaged = mark[1] == 0
            found.append(mark[2] if is_damaged else _MARK)
            damaged += is_damaged
            place += 3 if is_damaged else 2
        return Unmarked(bytes(found), damaged)
