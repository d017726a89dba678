"""Reads keys as the app's driver does, to prove a protocol file: bytes to frames to presses."""

from device_drivers.evaluator.codec import Frame
from device_drivers.evaluator.frame_reader import Counters, FrameReader, frame_reader
from device_drivers.evaluator.key_presses import KeyPress, KeyPresses
from device_drivers.evaluator.protocol import EvaluatorProtocol

POLL_SECONDS = 0.05


class KeyProof:
    """One protocol at one open port; times are seconds of one clock."""

    def __init__(self, protocol: EvaluatorProtocol, address: int | None, opened_at: float) -> None:
        """Begin to read."""
        self.counters = Counters()
        self.poll_seconds = min(POLL_SECONDS, (protocol.frames.quiet_ms or 1000) / 1000)
        self._protocol, self._address = protocol, address
        self._presses = KeyPresses(protocol, address)
        self._reader: FrameReader = frame_reader(protocol.frames, self.counters, opened_at)

    def begin_press(self) -> None:
        """A key was asked for: what comes now repeats nothing that came before."""
        self._presses = KeyPresses(self._protocol, self._address)

    def feed(self, data: bytes, at: float) -> list[KeyPress]:
        """The presses that these bytes complete."""
        return self._presses_in(self._reader.feed(data, at))

    def tick(self, until: float) -> list[KeyPress]:
        """The presses that silence up to this time completes."""
        return self._presses_in(self._reader.tick(until))

    def _presses_in(self, frames: list[Frame]) -> list[KeyPress]:
        taken = (self._presses.take(frame, self.counters)[1] for frame in frames)
        return [press for press in taken if press is not None]
