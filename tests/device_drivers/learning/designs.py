"""Random designs of frames, within what a protocol file can say (interfaces §3)."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from device_drivers.evaluator.checksums import CHECKSUMS
from device_drivers.evaluator.codec import encode
from device_drivers.evaluator.protocol import CHECKSUM, LENGTH, LEVELS, ChecksumRule, FrameRules, Layout
from tests.device_drivers.learning.scenes import Scene, Sent, Talker

COUNTER = "counter"


@dataclass
class DesignedDevice:
    """A device of such a design."""

    rules: FrameRules
    layout: Layout
    keys: dict[str, dict[str, bytes]]
    """What each key's frame holds."""
    counts_from: int
    times: int
    """How often a press is sent."""
    apart: float
    up: dict[str, bytes] | None
    """What a key's release has otherwise."""
    idle: dict[str, bytes]
    """What a heartbeat holds."""
    counted: int = field(default=0)

    @property
    def counts(self) -> bool:
        return COUNTER in self.layout

    def frame(self, values: dict[str, bytes]) -> bytes:
        """The next frame with these values: a counter counts."""
        self.counted += 1
        counter = (self.counts_from + self.counted) % 256 ** self.rules.sizes.get(COUNTER, 1)
        count = {COUNTER: counter.to_bytes(self.rules.sizes[COUNTER], "big")} if self.counts else {}
        return encode(self.rules, self.layout, values | count)

    def press(self, level: str, _number: int) -> Sequence[Sent]:
        values = self.keys[level]
        frame = self.frame(values)
        sent = [(number * self.apart, frame) for number in range(self.times)]
        if self.up is not None:
            sent.append((sent[-1][0] + 0.12, self.frame(values | self.up)))
        return sent

    def heartbeat(self, _number: int) -> bytes:
        return self.frame(self.idle)


def is_protected(device: DesignedDevice) -> bool:
    """Whether a checksum covers all that tells the keys apart, so that it can be learned."""
    checksum = device.rules.checksum
    telling = [name for name in device.idle if len({device.keys[level][name] for level in LEVELS}) > 1]
    return checksum is not None and any(name in checksum.over for name in telling)


def random_device(randomness: random.Random) -> DesignedDevice:
    """A device whose key frames differ."""
    sizes = {f"field_{number}": randomness.choice((1, 1, 2)) for number in range(randomness.randint(1, 3))}
    data = list(sizes)
    counts = randomness.random() < 0.3
    if counts:
        sizes[COUNTER] = randomness.choice((1, 2))
    kind = randomness.choice([*CHECKSUMS, "none"])
    words: list[bytes | str] = [*randomness.sample(list(sizes), len(sizes))]
    if randomness.random() < 0.3:
        words.insert(randomness.randint(0, len(words)), randomness.choice(data))
    for _ in range(randomness.randint(0, 2)):
        words.insert(randomness.randint(0, len(words)), randomness.randbytes(1))
    fields = list(dict.fromkeys(word for word in words if isinstance(word, str)))
    counted: tuple[str, ...] = ()
    if randomness.random() < 0.4:
        counted = tuple(fields)
        sizes[LENGTH] = 1
        words.insert(0, LENGTH)
        fields.insert(0, LENGTH)
    leading = [randomness.randbytes(1) for _ in range(randomness.randint(1 if counts else 0, 3))]
    trailing = [randomness.randbytes(1) for _ in range(randomness.randint(0, 2))]
    checksum = None
    if kind != "none":
        sizes[CHECKSUM] = CHECKSUMS[kind].size
        checksum = ChecksumRule(kind, _over(fields, randomness))
        words.append(CHECKSUM)
    little = frozenset([CHECKSUM] if checksum and randomness.random() < 0.5 else [])
    rules = FrameRules(sizes, little, counted, checksum)
    keys = _keys(data, sizes, randomness)
    told = [name for name in data if len({keys[level][name] for level in LEVELS}) == 1]
    idle = {name: randomness.randbytes(sizes[name]) for name in data}
    while any(all(keys[level][name] == idle[name] for name in data) for level in LEVELS):
        idle = {name: randomness.randbytes(sizes[name]) for name in data}
    up = None
    if told and randomness.random() < 0.2:
        up = {told[0]: bytes(byte ^ 1 for byte in keys[LEVELS[0]][told[0]])}
    return DesignedDevice(
        rules,
        (*leading, *words, *trailing),
        keys,
        randomness.choice((0, 5, 250, 0x1200)),
        randomness.choice((1, 1, 1, 2, 3, 5)),
        randomness.choice((0.1, 0.3, 0.6)),
        up,
        idle,
    )


def _over(fields: list[str], randomness: random.Random) -> tuple[str, ...]:
    """Mostly everything or all from some field on; now and then any fields."""
    what = randomness.random()
    if what < 0.4:
        return tuple(fields)
    if what < 0.7:
        return tuple(fields[randomness.randrange(len(fields)) :])
    return tuple(name for name in fields if randomness.random() < 0.6) or tuple(fields)


def _keys(data: list[str], sizes: dict[str, int], randomness: random.Random) -> dict[str, dict[str, bytes]]:
    """One or two fields tell the keys apart, the others hold the same always."""
    telling = randomness.sample(data, min(len(data), randomness.choice((1, 1, 1, 2))))
    constant = {name: randomness.randbytes(sizes[name]) for name in data}
    while True:
        keys = {level: constant | {name: _value(sizes[name], randomness) for name in telling} for level in LEVELS}
        if len({tuple(values.items()) for values in keys.values()}) == len(LEVELS):
            return keys


def _value(size: int, randomness: random.Random) -> bytes:
    small = randomness.random() < 0.5
    return randomness.randrange(6).to_bytes(size, "big") if small else randomness.randbytes(size)


def random_scene(device: DesignedDevice, randomness: random.Random) -> Scene:
    """Its line, with what else may talk there."""
    talkers = []
    if randomness.random() < 0.4:
        talkers.append(Talker(device.heartbeat, randomness.uniform(0.4, 1.0), 0.2))
    if randomness.random() < 0.3:
        lamp = bytes.fromhex("A090") + randomness.randbytes(randomness.randint(1, 5)) + bytes.fromhex("A5AA")
        talkers.append(Talker(lambda _: lamp, randomness.uniform(0.3, 1.4), 0.1))
    if randomness.random() < 0.15:
        alive = randomness.choice((b"OK\r\n", b".", b"\x00"))
        talkers.append(Talker(lambda _: alive, randomness.uniform(0.5, 1.0), 0.3))
    return Scene(
        device.press,
        talkers,
        pieces=randomness.choice((0.0, 0.0, 0.2, 0.7)),
        pause=randomness.choice((0.0, 0.003, 0.015)),
        in_rounds=randomness.random() < 0.5,
        seconds_per_byte=randomness.choice((0.0, 0.0001, 0.00104)),
        randomness=randomness,
    )
