"""Reads what a device sends by a learned protocol, as the driver would."""

from collections.abc import Sequence

from device_drivers.evaluator.frame_reader import Counters, frame_reader
from device_drivers.evaluator.key_presses import KeyPresses
from device_drivers.evaluator.learning import AskedPress, Chunk, Learned, infer
from device_drivers.evaluator.protocol import EvaluatorProtocol
from device_drivers.serial_line import LineSettings
from tests.device_drivers.learning.scenes import Scene, Sent

PAUSE = 3.0
"""Seconds between two presses: they are none of one another's repeats."""


class Reading:
    """One connection to the device."""

    def __init__(self, protocol: EvaluatorProtocol) -> None:
        self.counters = Counters()
        self._reader = frame_reader(protocol.frames, self.counters, 0.0)
        self._presses = KeyPresses(protocol, None)
        self._now = PAUSE

    def levels(self, sent: Sequence[Sent]) -> list[str]:
        """The presses, without their repeats, that these bytes mean."""
        found = []
        steps = [(after, data) for after, data in sent] + [(sent[-1][0] + PAUSE / 2, b"")]
        for after, data in steps:
            frames = self._reader.tick(self._now + after)
            frames += self._reader.feed(data, self._now + after) if data else []
            for frame in frames:
                _, press = self._presses.take(frame, self.counters)
                if press is not None and press.repeat == 0:
                    found.append(press.level)
        self._now += sent[-1][0] + PAUSE
        return found


def learned(scene: Scene) -> Learned:
    """What is inferred from a scene."""
    background, presses = scene.heard()
    return learned_from(background, presses)


def learned_from(background: Sequence[Chunk], presses: Sequence[AskedPress]) -> Learned:
    return infer("made-up", LineSettings(), background, presses)


def frame_lines(text: str) -> dict[str, str]:
    """The keys of [frame], as they stand in the file."""
    section = text.split("[frame]\n")[1].split("\n\n", maxsplit=1)[0]
    return {key.strip(): value.strip() for key, value in (line.split("=", 1) for line in section.splitlines())}
