"""Listens for the learner: tells what it hears, and waits for a device that was unplugged."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from device_drivers.evaluator.learner_events import (
    FailureCode,
    HeardBytes,
    LearningFailedError,
    LearningStoppedError,
    Patience,
    Told,
    Trouble,
    TroubleKind,
)
from device_drivers.evaluator.learning.samples import Chunk
from device_drivers.evaluator.listening_port import ListeningPort, PortLostError, Received
from device_drivers.serial_line import RETRY_SECONDS, LineSettings, boottime
from device_drivers.serial_ports import PortLister, present_ports

SHOWN_TOGETHER_SECONDS = 0.05
"""Bytes that come closer than this are shown as one line."""

LOOK_SECONDS = 0.1
"""How often it is looked whether a press is over."""


class InterruptedLineError(RuntimeError):
    """The port was lost and is there again: what was heard of the present press is not whole."""


@dataclass
class _Showing:
    """Bytes that are to be shown once the device has said all of it."""

    data: bytes = b""
    last_at: float = 0.0


class Ear:
    """One port, opened and opened again. For one thread, but for `stop`."""

    def __init__(
        self,
        port: str,
        line: LineSettings,
        tell: Callable[[Told], None],
        patience: Patience,
        list_ports: PortLister = present_ports,
    ) -> None:
        """Prepare to listen; `open` begins."""
        self._line = line
        self._tell = tell
        self._patience = patience
        self._port = ListeningPort(port, list_ports)
        self._showing = _Showing()
        self._was_open = False
        self._stopping = False
        self._guard = threading.Lock()
        self._is_closed = False

    def open(self) -> None:
        """Open the port, as soon as it is there. Raises `LearningFailedError`, `LearningStoppedError`."""
        end = boottime() + (self._patience.plug if self._was_open else self._patience.start)
        told = None
        while not self._port.is_open:
            self._end_if_stopped()
            try:
                self._port.open(self._line)
                self._was_open = True
            except PortLostError as error:
                if boottime() >= end:
                    raise LearningFailedError(str(error), FailureCode.NO_PORT) from error
                if str(error) != told:
                    told = str(error)
                    self._tell(Trouble(TroubleKind.UNPLUGGED, told))
                self._port.wait(RETRY_SECONDS)

    def use(self, line: LineSettings) -> None:
        """Listen at these settings from now on. Raises `InterruptedLineError`."""
        self._line = line
        self.show()
        try:
            self._port.use(line)
        except PortLostError as error:
            self._lost(error)

    def hear(self, seconds: float) -> Received | None:
        """What comes within so many seconds. Raises `InterruptedLineError`, `LearningStoppedError`."""
        self._end_if_stopped()
        wait = min(seconds, SHOWN_TOGETHER_SECONDS) if self._showing.data else seconds
        try:
            heard = self._port.read(wait)
        except PortLostError as error:
            self._lost(error)
            return None
        if heard is None:
            if boottime() - self._showing.last_at >= SHOWN_TOGETHER_SECONDS:
                self.show()
            return None
        self._showing.data += heard.data
        self._showing.last_at = heard.at
        return heard

    def show(self) -> None:
        """Tell what was heard and not told yet."""
        if self._showing.data:
            self._tell(HeardBytes(self._showing.data))
        self._showing = _Showing()

    def stop(self) -> None:
        """End all listening; from any thread, at any time."""
        self._stopping = True
        with self._guard:
            if not self._is_closed:
                self._port.wake()

    def close(self) -> None:
        """Let go of the port for good."""
        with self._guard:
            self._is_closed = True
            self._port.close()

    def _end_if_stopped(self) -> None:
        if self._stopping:
            raise LearningStoppedError("learning was ended before it was done; nothing was written")

    def _lost(self, error: PortLostError) -> None:
        self.show()
        self._tell(Trouble(TroubleKind.UNPLUGGED, str(error)))
        self._port.wait(RETRY_SECONDS)
        self.open()
        raise InterruptedLineError(str(error)) from error


def chunk_of(heard: Received) -> Chunk:
    """For the inference."""
    return Chunk(heard.data, heard.at)
