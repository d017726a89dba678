"""Of random frame designs within the file format every one is learned, and no key is ever misread (interfaces §3)."""

import random
import re
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from device_drivers.evaluator.learning import CannotInferError
from device_drivers.evaluator.protocol import LEVELS
from device_drivers.evaluator.protocol_file import load_protocol
from tests.device_drivers.learning.designs import DesignedDevice, is_protected, random_device, random_scene
from tests.device_drivers.learning.reading import Reading, learned

thorough = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 1_000_000)


def assert_reads(device: DesignedDevice, reading: Reading, randomness: random.Random) -> None:
    """Fresh presses, with counter values that were not shown, give their level; heartbeats give nothing."""
    for level in randomness.sample(LEVELS, 5):
        assert set(reading.levels(device.press(level, 0))) == {level}
        assert reading.levels([(0.0, device.heartbeat(0))]) == []


@thorough
@given(seeds)
@example(12)  # key up, a field that stands twice, a lamp
@example(16)  # a CRC over fields that do not stand together
def test_a_device_alone_on_its_line_is_learned(seed: int) -> None:
    randomness = random.Random(seed)
    device = random_device(randomness)
    scene = random_scene(device, randomness)
    scene.talkers = ()
    found = learned(scene)
    assert_reads(device, Reading(found.protocol), randomness)


@thorough
@given(seeds)
@example(232)  # two heartbeats and a lamp
@example(220)  # no checksum, and a heartbeat of the same form
def test_heartbeats_and_other_devices_are_no_obstacle(seed: int) -> None:
    """Only where no checksum protects the key may it be refused: then nothing tells apart who speaks at one moment."""
    randomness = random.Random(seed)
    device = random_device(randomness)
    scene = random_scene(device, randomness)
    try:
        found = learned(scene)
    except CannotInferError:
        assert scene.talkers
        assert not is_protected(device)
        return
    assert_reads(device, Reading(found.protocol), randomness)


@thorough
@given(seeds)
def test_the_file_is_read_back_and_says_that_it_was_learned(seed: int) -> None:
    randomness = random.Random(seed)
    scene = random_scene(random_device(randomness), randomness)
    scene.talkers = ()
    found = learned(scene)
    assert found.text.startswith("# Learned by listening: 15 presses of 5 keys")
    assert all(note.text in re.sub(r"\s*\n# *", " ", found.text) for note in found.notes)
    assert "\n[host]" not in found.text


def test_what_was_inferred_is_what_the_file_says(tmp_path: Path) -> None:
    randomness = random.Random(5)
    found = learned(random_scene(random_device(randomness), randomness))
    file = tmp_path / "made-up.toml"
    file.write_text(found.text)
    protocol = load_protocol(file)
    assert (protocol.frames, protocol.buttons, protocol.sha256) == (
        found.protocol.frames,
        found.protocol.buttons,
        found.protocol.sha256,
    )
