"""What cannot be learned is refused in one line that names the keys and says what to do."""

import random

import pytest

from device_drivers.evaluator.learning import CannotInferError, RefusalCode
from device_drivers.evaluator.protocol import LEVELS
from tests.device_drivers.learning.reading import learned, learned_from
from tests.device_drivers.learning.scenes import Scene, Talker, number_of, once

WORDS = dict(zip(LEVELS, (b"VERYGOOD\r\n", b"GOOD\r\n", b"OK\r\n", b"BAD\r\n", b"VERYBAD\r\n"), strict=True))


def refusal(scene: Scene, code: RefusalCode, levels: str = "") -> str:
    with pytest.raises(CannotInferError) as refused:
        learned(scene)
    assert "\n" not in str(refused.value)
    assert refused.value.code is code
    assert refused.value.values == ({"levels": levels} if levels else {})
    return str(refused.value)


def test_frames_of_different_sizes() -> None:
    said = refusal(Scene(once(WORDS.__getitem__)), RefusalCode.SIZES)
    assert said.startswith("the keys send frames of different sizes (非常满意 56 45 52 59 47")
    assert "ask its manufacturer" in said


def test_two_keys_that_send_the_same() -> None:
    scene = Scene(once(lambda level: b"KEY=%d\r\n" % max(2, number_of(level))))
    said = refusal(scene, RefusalCode.ALIKE, "dissatisfied very_dissatisfied")
    assert said.startswith("不满意、非常不满意 send the same bytes (4B 45 59 3D 32 0D 0A)")
    assert "learn again" in said


def test_keys_that_send_something_else_each_time() -> None:
    scene = Scene(lambda _, count: [(0.0, random.Random(count).randbytes(6))])
    said = refusal(scene, RefusalCode.CHANGING, " ".join(LEVELS))
    assert "sent something else each time" in said
    assert "learn again" in said


def test_a_key_that_sends_nothing() -> None:
    heartbeat = Talker(lambda _: b"ALIVE\r\n", 0.5)
    keys = once(lambda level: b"" if level == "satisfied" else b"KEY=%d\r\n" % number_of(level))
    said = refusal(Scene(keys, [heartbeat]), RefusalCode.SILENT_KEYS, "satisfied")
    assert said.startswith("nothing was heard when 满意 was pressed")


def test_nothing_at_all() -> None:
    with pytest.raises(CannotInferError, match="nothing was heard at all; check the cable"):
        learned_from(
            [], [type(asked)(asked.level, asked.press, ()) for asked in Scene(once(WORDS.__getitem__)).heard()[1]]
        )


def test_a_key_that_was_never_asked_for() -> None:
    background, presses = Scene(once(lambda level: b"%d" % number_of(level))).heard()
    with pytest.raises(CannotInferError, match=r"^基本满意 was not pressed"):
        learned_from(background, [asked for asked in presses if asked.level != "basically_satisfied"])


def test_a_wrong_key_is_never_learned_as_the_asked_one() -> None:
    background, presses = Scene(once(lambda level: b"KEY=%d\r\n" % number_of(level))).heard()
    wrong = type(presses[4])(
        presses[4].level,
        presses[4].press,
        tuple(type(chunk)(chunk.data.replace(b"4", b"3"), chunk.at) for chunk in presses[4].chunks),
    )
    with pytest.raises(CannotInferError):
        learned_from(background, [*presses[:4], wrong, *presses[5:]])
    without = learned_from(background, [*presses[:4], *presses[5:]])
    assert without.protocol.buttons["satisfied"] == {"key": b"4"}


def test_a_lamp_that_talks_into_every_press_of_a_device_without_a_checksum() -> None:
    """Every key's bytes are there, but nowhere alone."""
    lamp = bytes.fromhex("A0 90 05 A5 AA")
    count = iter(range(1000))

    def key(level: str) -> bytes:
        own = b"\x41\x42" + bytes([number_of(level)]) + b"\x43"
        return own + lamp if next(count) % 2 else lamp + own

    scene = Scene(once(key), [Talker(lambda _: lamp, 0.7)])
    assert "connect the evaluator alone" in refusal(scene, RefusalCode.CROWDED)
