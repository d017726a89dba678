"""What a printer says of itself, out of a stream that mixes several kinds of replies (facts §3.2, §3.3): pure."""

from dataclasses import dataclass

from device_drivers.printer.conditions import Condition

_FLOW = {0x11, 0x13}
"""XON and XOFF: may stand between any two bytes."""

_KIND = 0x93
"""The fixed bits that tell replies apart, and their values: 0xx1xx00 and 0xx1xx10."""
_AUTOMATIC, _REAL_TIME = 0x10, 0x12

_PLAIN = 0x90
"""A byte without these bits: `GS r`, `GS I`, and the second to fourth of an automatic status."""

_BLOCKS = {0x37, 0x5F}
_LONGEST_BLOCK = 80

CLEARED = bytes.fromhex("37 25 00")
"""The buffers were cleared (DLE DC4 8)."""


@dataclass(frozen=True)
class Status:
    """The bits that matter, whichever way they were told."""

    offline: bool = False
    cover_open: bool = False
    paper_out: bool = False
    near_end: bool = False
    cutter_error: bool = False
    recoverable: bool = False
    """An error that `DLE ENQ` ends once its cause is gone."""
    unrecoverable: bool = False
    hot: bool = False
    """The head is too hot; goes on by itself."""
    stopped: bool = False
    """An error stops it, of whatever kind."""


@dataclass(frozen=True)
class AutomaticStatus:
    """Four bytes that the printer sends by itself on each change (ASB)."""

    status: Status


@dataclass(frozen=True)
class RealTimeStatus:
    """The answer to one `DLE EOT`; which one, only the order of the questions tells."""

    byte: int


@dataclass(frozen=True)
class PlainByte:
    """The answer to `GS r` or `GS I`: what was sent before it is processed."""

    byte: int


@dataclass(frozen=True)
class Block:
    """An answer of several bytes, with its first and its last (00)."""

    data: bytes


Reply = AutomaticStatus | RealTimeStatus | PlainByte | Block


class ReplyReader:
    """Finds the replies in a stream. What is not finished when the printer falls silent is forgotten by `reset`."""

    def __init__(self) -> None:
        self.noise_bytes = 0
        self._automatic = b""
        self._block = b""

    def reset(self) -> None:
        """Forget half a reply: its rest was lost."""
        self.noise_bytes += len(self._automatic) + len(self._block)
        self._automatic = self._block = b""

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that these bytes complete."""
        found = [self._take(byte) for byte in data if byte not in _FLOW]
        return [reply for reply in found if reply is not None]

    def _take(self, byte: int) -> Reply | None:
        if self._block:
            return self._take_block(byte)
        kind = byte & _KIND
        if kind == _REAL_TIME:
            return RealTimeStatus(byte)
        if kind == _AUTOMATIC:
            self.reset()
            self._automatic = bytes([byte])
        elif byte & _PLAIN == 0:
            return self._take_plain(byte)
        elif byte in _BLOCKS:
            self.reset()
            self._block = bytes([byte])
        else:
            self.noise_bytes += 1
        return None

    def _take_plain(self, byte: int) -> Reply | None:
        if not self._automatic:
            return PlainByte(byte)
        self._automatic += bytes([byte])
        if len(self._automatic) < 4:
            return None
        told, self._automatic = self._automatic, b""
        return AutomaticStatus(_automatic_status(told))

    def _take_block(self, byte: int) -> Block | None:
        self._block += bytes([byte])
        if byte == 0:
            told, self._block = self._block, b""
            return Block(told)
        if len(self._block) > _LONGEST_BLOCK:
            self.reset()
        return None


def real_time_status(told: dict[int, int]) -> Status:
    """The status out of the answers to `DLE EOT` n; an n that this printer does not know counts as "all is well"."""
    general, offline, error, paper = (told.get(n, _REAL_TIME) for n in (1, 2, 3, 4))
    return Status(
        offline=bool(general & 0x08),
        cover_open=bool(offline & 0x04),
        paper_out=bool(offline & 0x20 or paper & 0x60),
        near_end=bool(paper & 0x0C),
        cutter_error=bool(error & 0x08),
        recoverable=bool(error & 0x04),
        unrecoverable=bool(error & 0x20),
        hot=bool(error & 0x40),
        stopped=bool(offline & 0x40),
    )


def condition_of(status: Status) -> Condition:
    """The one word for it: what a person has to see to first."""
    causes = (
        (status.unrecoverable, Condition.ERROR),
        (status.cutter_error, Condition.CUTTER_ERROR),
        (status.cover_open, Condition.COVER_OPEN),
        (status.paper_out, Condition.PAPER_OUT),
        (status.recoverable or status.hot or status.stopped, Condition.ERROR),
        (status.offline, Condition.OFFLINE),
        (status.near_end, Condition.NEAR_END),
    )
    return next((condition for is_so, condition in causes if is_so), Condition.READY)


def explain(status: Status) -> str:
    """What is the matter and what to do, for the technician; empty where all is well."""
    if status.unrecoverable:
        return (
            "the printer has an error it cannot end by itself; switch it off and on, and have it repaired if it stays"
        )
    if status.hot and condition_of(status) is Condition.ERROR:
        return "the printer's head is too hot; it goes on by itself when it has cooled"
    return _WORDS[condition_of(status)]


_WORDS = {
    Condition.READY: "",
    Condition.NEAR_END: "the paper is near its end; put a new roll ready",
    Condition.PAPER_OUT: "the printer has no paper; put in a new roll and close the cover",
    Condition.COVER_OPEN: "the printer's cover is open; close it",
    Condition.CUTTER_ERROR: "the printer's cutter is jammed; clear it, then switch the printer off and on",
    Condition.ERROR: "the printer reports an error; open and close its cover, or switch it off and on",
    Condition.OFFLINE: "the printer is offline; press its feed or online button, or switch it off and on",
}


def _automatic_status(told: bytes) -> Status:
    general, error, paper, _ = told
    return Status(
        offline=bool(general & 0x08),
        cover_open=bool(general & 0x20),
        paper_out=bool(paper & 0x0C),
        near_end=bool(paper & 0x03),
        cutter_error=bool(error & 0x08),
        recoverable=bool(error & 0x04),
        unrecoverable=bool(error & 0x20),
        hot=bool(error & 0x40),
    )
