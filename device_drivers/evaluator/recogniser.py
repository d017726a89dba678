"""Is our evaluator at this port? Judged by what it says, and by nothing that is said to it."""

from device_drivers.evaluator.codec import Frame
from device_drivers.evaluator.frame_reader import Counters, frame_reader
from device_drivers.evaluator.key_presses import FrameKind, KeyPresses
from device_drivers.evaluator.protocol import EvaluatorProtocol


class EvaluatorRecogniser:
    """Listens on one port. With a checksum, any good frame of our address will do: a heartbeat, or a press.

    Without one, only a frame that means a level does, and only on a port that is quieter than it is talkative: a modem
    or a scanner may say something that looks like a key now and then.
    """

    def __init__(self, protocol: EvaluatorProtocol, address: int | None, opened_at: float) -> None:
        self.is_another = False
        """Whether good frames came, all of another address."""
        self._has_checksum = protocol.frames.rules.checksum is not None
        self._counters = Counters()
        self._presses = KeyPresses(protocol, address)
        self._reader = frame_reader(protocol.frames, self._counters, opened_at)
        self._proofs = self._noises = 0

    @property
    def is_ours(self) -> bool:
        """Whether the device proved that it is the one."""
        return self._proofs > (0 if self._has_checksum else self._noises)

    def received(self, data: bytes, at: float) -> None:
        """Look for frames."""
        noise = self._counters.noise_bytes
        self._take(self._reader.feed(data, at), noise)

    def silent(self, until: float) -> None:
        """Look for frames that silence completes."""
        noise = self._counters.noise_bytes
        self._take(self._reader.tick(until), noise)

    def _take(self, frames: list[Frame], noise_before: int) -> None:
        self._noises += self._counters.noise_bytes > noise_before
        for frame in frames:
            kind, _ = self._presses.take(frame, self._counters)
            self.is_another = self._has_checksum and kind is FrameKind.OTHER_ADDRESS and not self._proofs
            if kind is FrameKind.PRESS or (self._has_checksum and kind is FrameKind.NO_BUTTON):
                self._proofs += 1
