"""What a printer said on this connection. Replies are not numbered: the order of the questions tells them apart."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from device_drivers.printer.status import (
    CLEARED,
    AutomaticStatus,
    Block,
    PlainByte,
    RealTimeStatus,
    Reply,
    ReplyReader,
    Status,
    condition_of,
    real_time_status,
)

ALL_KINDS = (1, 2, 3, 4)
"""The kinds of `DLE EOT`."""

_QUIET_SECONDS = 0.1
"""After such a pause the rest of half a reply does not come any more."""

_DONE = b"\x37\x22"


@dataclass
class Question:
    """`DLE EOT` of some kinds at once."""

    kinds: tuple[int, ...]
    asked_at: float
    answers: list[int] = field(default_factory=list)

    @property
    def is_answered(self) -> bool:
        """Whether all answers came."""
        return len(self.answers) >= len(self.kinds)


@dataclass
class Heard:
    """What the printer said on this connection. `None` where it is not known yet whether it has such an answer."""

    answers: bool = False
    is_mute: bool = False
    """It was asked in vain."""
    status: Status | None = None
    was_unable: bool = False
    """Whether it could not print at any moment since this was last set to False."""
    kinds: tuple[int, ...] = ALL_KINDS
    """The kinds of `DLE EOT` that it answers."""
    sends_by_itself: bool = False
    """ASB."""
    tells_ids: bool | None = None
    tells_paper: bool | None = None
    tells_cleared: bool | None = None
    is_probed: bool = False
    finished_id: bytes = b""
    paper_asked: int = 0
    paper_told: int = 0
    times_cleared: int = 0

    @property
    def is_processed(self) -> bool:
        """Whether every `GS r` is answered."""
        return self.paper_told >= self.paper_asked

    def note_status(self, status: Status) -> None:
        """Take a status in, however it was told."""
        self.status = status
        self.was_unable = self.was_unable or not condition_of(status).can_print


class Ear:
    """Listens to the line, on the line's own thread; whoever waits on `changed` is woken by all that happens."""

    def __init__(self, on_answer: Callable[[], None]) -> None:
        """`on_answer` is called, on the line's own thread, whenever the printer has answered a question in full."""
        self._on_answer = on_answer
        self.changed = threading.Condition()
        self.connected: bool | None = None
        """None before the port was opened or missed for the first time."""
        self.connection = 0
        """Counts the openings of the port: what was said before a glitch does not count after it."""
        self.heard = Heard()
        self.heard_at = 0.0
        self.has_ever_answered = False
        self.question: Question | None = None
        """What was asked and is not answered yet."""
        self.taken_bytes = 0
        """What the operating system took of all that was sent."""
        self._reader = ReplyReader()

    def connection_began(self, _at: float) -> None:
        """Forget what another printer may have said."""
        with self.changed:
            self.connection += 1
            self.heard = Heard()
            self._reader = ReplyReader()
            self.question = None
            self.changed.notify_all()

    def received(self, data: bytes, at: float) -> None:
        """Take the replies in."""
        with self.changed:
            for reply in self._reader.feed(data):
                self._take(reply)
                self.has_ever_answered = self.heard.answers = True
                self.heard.is_mute = False
            self.heard_at = at
            is_proof = self.heard.status is not None
            self.changed.notify_all()
        if is_proof:
            self._on_answer()

    def silent(self, until: float) -> None:
        """Give up half a reply."""
        if until - self.heard_at > _QUIET_SECONDS:
            self._reader.reset()

    def written(self, data: bytes, _at: float) -> None:
        """Count what was taken."""
        with self.changed:
            self.taken_bytes += len(data)
            self.changed.notify_all()

    def connection_changed(self, connected: bool, _detail: str) -> None:
        """Note that the port is in use or gone."""
        with self.changed:
            self.connected = connected
            self.changed.notify_all()

    def _take(self, reply: Reply) -> None:
        heard = self.heard
        match reply:
            case AutomaticStatus(status):
                heard.sends_by_itself = True
                heard.note_status(status)
            case RealTimeStatus(byte):
                self._take_answer(byte)
            case PlainByte():
                heard.tells_paper = True
                heard.paper_told = min(heard.paper_told + 1, heard.paper_asked)
            case Block(data) if data == CLEARED:
                heard.tells_cleared = True
                heard.times_cleared += 1
            case Block(data) if data.startswith(_DONE):
                heard.tells_ids = True
                heard.finished_id = data[len(_DONE) : -1]
            case _:
                pass

    def _take_answer(self, byte: int) -> None:
        question = self.question
        if question is None:
            return
        question.answers.append(byte)
        if question.is_answered:
            self.question = None
            if question.kinds == self.heard.kinds:
                self.heard.note_status(real_time_status(dict(zip(question.kinds, question.answers, strict=True))))
