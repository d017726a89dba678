"""Protocols that evaluators are known to have, learned from their bytes (interfaces §3)."""

import pytest

from device_drivers.evaluator.checksums import CHECKSUMS
from device_drivers.evaluator.learning import AskedPress, Chunk, NoteCode
from device_drivers.evaluator.protocol import LEVELS
from tests.device_drivers.learning.reading import Reading, frame_lines, learned, learned_from
from tests.device_drivers.learning.scenes import Scene, Talker, number_of, once


def checked(kind: str, covered: bytes, order: str = "big") -> bytes:
    """The bytes with their checksum behind them."""
    checksum = CHECKSUMS[kind]
    value = checksum.compute(covered)
    return covered + (
        value.to_bytes(checksum.size, "big") if order == "big" else value.to_bytes(checksum.size, "little")
    )


def shared_bus(address: int, command: int, data: int) -> bytes:
    return bytes.fromhex("FF 68 03 03 68") + checked("sum8", bytes([address, command, data])) + b"\x16"


def shared_bus_key(level: str) -> bytes:
    return shared_bus(0x81, 0x11, number_of(level) - 1)


HEARTBEAT = Talker(lambda _: shared_bus(0x81, 0x10, 0), 1.0)
OTHER_EVALUATOR = Talker(lambda _: shared_bus(0x82, 0x10, 0), 0.7)
LAMP = Talker(lambda _: bytes.fromhex("A0 90 05") + b"12" + bytes.fromhex("A5 AA"), 0.45)


def test_a_shared_bus_with_heartbeats_and_a_lamp() -> None:
    found = learned(Scene(once(shared_bus_key), [HEARTBEAT, OTHER_EVALUATOR, LAMP], pieces=0.3))
    assert frame_lines(found.text) == {
        "layout": '["FF", "68", "length", "length", "68", "fixed", "key", "checksum", "16"]',
        "fields": "{ length = 1, fixed = 2, key = 1, checksum = 1 }",
        "length": '["fixed", "key"]',
        "checksum": '{ kind = "sum8", over = ["fixed", "key"] }',
    }
    reading = Reading(found.protocol)
    assert [reading.levels([(0.0, shared_bus_key(level))]) for level in LEVELS] == [[level] for level in LEVELS]
    assert reading.levels([(0.0, shared_bus(0x82, 0x11, 4))]) == []
    assert (reading.counters.good, reading.counters.no_button, reading.counters.noise_bytes) == (6, 1, 0)
    assert any("frames of the same form that mean no key" in note.text for note in found.notes)


def test_taxi_peripherals_count_two_bytes_of_length_and_take_an_exclusive_or() -> None:
    def key(level: str) -> bytes:
        body = bytes.fromhex("00 05 06 00 01 00") + bytes([number_of(level)])
        return bytes.fromhex("55 AA") + checked("xor8", body) + bytes.fromhex("55 AA")

    assert frame_lines(learned(Scene(once(key))).text) == {
        "layout": '["55", "AA", "length", "fixed", "key", "checksum", "55", "AA"]',
        "fields": "{ length = 2, fixed = 4, key = 1, checksum = 1 }",
        "length": '["fixed", "key"]',
        "checksum": '{ kind = "xor8", over = ["length", "fixed", "key"] }',
    }


def test_modbus_has_a_crc_with_its_low_byte_first() -> None:
    def key(level: str) -> bytes:
        return checked("crc16-modbus", bytes.fromhex("01 03 02 00") + bytes([number_of(level)]), "little")

    idle = checked("crc16-modbus", bytes.fromhex("01 03 02 00 00"), "little")
    found = learned(Scene(once(key), [Talker(lambda _: idle, 0.8)]))
    lines = frame_lines(found.text)
    assert lines["little"] == '["checksum"]'
    assert lines["checksum"] == '{ kind = "crc16-modbus", over = ["fixed", "length", "fixed_2", "key"] }'
    assert Reading(found.protocol).levels([(0.0, idle)]) == []


def test_a_crc_with_its_high_byte_first() -> None:
    found = learned(Scene(once(lambda level: checked("crc16-ccitt", b"\x7e\x01" + bytes([number_of(level)])))))
    lines = frame_lines(found.text)
    assert "little" not in lines
    assert 'kind = "crc16-ccitt"' in lines["checksum"]


@pytest.mark.parametrize("alive", [b"OK 5\r\n", b"."])
def test_one_character_a_key_counts_only_alone(alive: bytes) -> None:
    found = learned(Scene(once(lambda level: b"%d" % number_of(level)), [Talker(lambda _: alive, 0.8)]))
    assert frame_lines(found.text) == {
        "layout": '["key"]',
        "fields": "{ key = 1 }",
        "checksum": '{ kind = "none" }',
        "quiet_ms": "50",
    }
    assert (NoteCode.NO_CHECKSUM, {"quiet": 50}) in [(note.code, note.values) for note in found.notes]
    assert any("no checksum" in note.text for note in found.notes)
    reading = Reading(found.protocol)
    assert reading.levels([(0.0, b"4")]) == ["satisfied"]
    assert reading.levels([(0.0, alive)]) == []


def test_a_line_of_text_that_comes_in_pieces() -> None:
    found = learned(Scene(once(lambda level: b"KEY=%d\r\n" % number_of(level)), pieces=0.5))
    assert frame_lines(found.text)["layout"] == '["4B", "45", "59", "3D", "key", "0D", "0A"]'


def test_a_longitudinal_check_that_covers_the_end_of_text() -> None:
    def key(level: str) -> bytes:
        return b"\x02" + checked("xor8", b"%d\x03" % number_of(level))

    found = learned(Scene(once(key)))
    assert frame_lines(found.text)["layout"] == '["02", "key", "fixed", "checksum"]'
    assert frame_lines(found.text)["checksum"] == '{ kind = "xor8", over = ["key", "fixed"] }'
    assert 'very_satisfied      = { key = "35", fixed = "03" }' in found.text


def test_a_checksum_in_hex_digits_is_not_known_and_the_whole_frame_is_compared() -> None:
    def key(level: str) -> bytes:
        return b":" + checked("twos8", bytes([1, 6, number_of(level)])).hex().upper().encode() + b"\r\n"

    found = learned(Scene(once(key)))
    assert frame_lines(found.text)["checksum"] == '{ kind = "none" }'
    assert any("No checksum that is known here explains" in note.text for note in found.notes)


def test_a_key_that_is_released_is_not_pressed_again() -> None:
    def frame(state: int, level: str) -> bytes:
        return b"\xaa" + checked("sum8", bytes([state, number_of(level)])) + b"\x55"

    found = learned(Scene(lambda level, _: [(0.0, frame(1, level)), (0.12, frame(0, level))]))
    reading = Reading(found.protocol)
    assert reading.levels([(0.0, frame(1, "satisfied")), (0.12, frame(0, "satisfied"))]) == ["satisfied"]
    assert reading.levels([(0.0, frame(0, "satisfied"))]) == []
    assert reading.counters.noise_bytes == 0


def test_a_press_that_is_repeated_may_want_an_acknowledgement() -> None:
    found = learned(Scene(lambda level, _: [(number * 0.3, shared_bus_key(level)) for number in range(5)]))
    note = next(note for note in found.notes if note.code is NoteCode.REPEATS)
    assert note.values == {"times": 5, "apart": 300}
    assert "up to 5 times, about 300 ms apart" in note.text
    assert "acknowledgement" in note.text
    assert "There is no [host]" in found.text


def test_repeats_that_follow_without_a_pause_are_one_press() -> None:
    found = learned(Scene(lambda level, _: [(0.0, 3 * shared_bus_key(level))]))
    assert Reading(found.protocol).levels([(0.0, shared_bus_key("satisfied"))]) == ["satisfied"]


def test_a_frame_that_holds_its_own_first_bytes() -> None:
    def key(level: str) -> bytes:
        return b"\xaa\x03" + checked("sum8", bytes([0xAA, 0x03 + number_of(level), 0xAA]))

    found = learned(Scene(once(key), pieces=0.3))
    assert [Reading(found.protocol).levels([(0.0, key(level))]) for level in LEVELS] == [[level] for level in LEVELS]


def test_a_counter_is_not_compared_nor_its_upper_byte_that_was_zero() -> None:
    def frame(count: int, command: int, data: int) -> bytes:
        body = count.to_bytes(2, "big") + bytes([command, data])
        return b"\x7e" + checked("sum8", body) + b"\x7e"

    heartbeat = Talker(lambda number: frame(number, 0x20, 0), 1.0)
    found = learned(Scene(lambda level, count: [(0.0, frame(count, 0x21, number_of(level)))], [heartbeat]))
    reading = Reading(found.protocol)
    assert [reading.levels([(0.0, frame(count, 0x21, 4))]) for count in (200, 256, 40_000)] == [["satisfied"]] * 3
    assert reading.levels([(0.0, frame(7, 0x20, 4))]) == []
    note = next(note for note in found.notes if note.code is NoteCode.COUNTER)
    assert note.values == {"bytes": "2, 3"}
    assert "Byte 2, 3 of the frame changes" in note.text


def test_a_device_that_repeats_until_another_key_is_pressed() -> None:
    """The repeats of the key before go on in the next asking."""
    scene = Scene(once(shared_bus_key))
    background, presses = scene.heard()
    going_on: list[AskedPress] = []
    for asked in presses:
        (own,) = asked.chunks
        stale = [Chunk(going_on[-1].chunks[-1].data, own.at - 0.25)] if going_on else []
        repeats = [Chunk(own.data, own.at + 0.4 * number) for number in range(4)]
        going_on.append(AskedPress(asked.level, asked.press, (*stale, *repeats)))
    found = learned_from(background, going_on)
    assert Reading(found.protocol).levels([(0.0, shared_bus_key("satisfied"))]) == ["satisfied"]
