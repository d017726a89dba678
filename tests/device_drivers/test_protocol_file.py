"""Protocol files: what is read, where it is looked for, and every complaint with its file, line and key."""

import hashlib
from pathlib import Path

import pytest

from device_drivers.evaluator import protocol_file
from device_drivers.evaluator.protocol import LEVELS
from device_drivers.evaluator.protocol_file import (
    ProtocolFileError,
    find_protocol,
    load_protocol,
    protocol_names,
)
from device_drivers.serial_line import LineSettings
from tests.device_drivers.protocols import (
    ASCII_KEYS,
    BUILT_IN,
    SHARED_BUS,
    jt905_filled_in,
    write_protocol,
)

# A file in which each line is one that a case may change; the line numbers below count from here.
TEXT = """\
name = "made-up"
[line]
baud = 9600
bytesize = 8
parity = "N"
stopbits = 1
[frame]
layout = ["FF", "length", "address", "command",
          "data", "checksum", "16"]
fields = { length = 1, address = 1, command = 1, data = 1, checksum = 1 }
length = ["address", "command", "data"]
checksum = { kind = "sum8", over = ["address", "command", "data"] }
[buttons]
very_satisfied = { command = "11", data = "04" }
satisfied = { command = "11", data = "03" }
basically_satisfied = { command = "11", data = "02" }
dissatisfied = { command = "11", data = "01" }
very_dissatisfied = { command = "11", data = "00" }
[host]
layout = ["68", "length", "address", "command", "data", "checksum", "16"]
acknowledge = { command = "01", data = "" }
stars = { command = "02", data = "{stars}" }
"""

CHECKSUM = 'checksum = { kind = "sum8", over = ["address", "command", "data"] }'
LEVEL = 'satisfied = { command = "11", data = "03" }'
ACKNOWLEDGE = 'acknowledge = { command = "01", data = "" }'

WRONG = [
    # old, new, line, key, words of the message
    ('name = "made-up"', "", 1, "name", "missing"),
    ('name = "made-up"', "name = 7", 1, "name", "7 is not a string"),
    ('name = "made-up"', 'name = "other"', 1, "name", '"other" is not the file\'s name; allowed: "made-up"'),
    ('name = "made-up"', 'name = "made-up"\ncolour = 1', 2, "colour", "not known; allowed: name, line, frame"),
    ("[line]", "line = 3\n[frame.line]", 2, "line", "3 is not a table"),
    ("[line]\n", "[lime]\n", 2, "lime", "not known"),
    ("baud = 9600", "", 2, "line.baud", "missing; allowed: a whole number from 50 to 4000000"),
    ("baud = 9600", "baud = 49", 3, "line.baud", "49 is not possible; allowed: a whole number from 50 to 4000000"),
    ("baud = 9600", "baud = 4000001", 3, "line.baud", "4000001"),
    ("baud = 9600", 'baud = "9600"', 3, "line.baud", '"9600"'),
    ("baud = 9600", "baud = true", 3, "line.baud", "true"),
    ("baud = 9600", "baud = 9600\nxonxoff = true", 4, "line.xonxoff", "not known"),
    ("bytesize = 8", "bytesize = 9", 4, "line.bytesize", "9 is not possible; allowed: 5, 6, 7, 8"),
    ("bytesize = 8", "bytesize = 8.0", 4, "line.bytesize", "8.0"),
    ('parity = "N"', 'parity = "X"', 5, "line.parity", '"X" is not possible; allowed: "N", "E", "O", "M", "S"'),
    ("stopbits = 1", "stopbits = 3", 6, "line.stopbits", "3 is not possible; allowed: 1, 1.5, 2"),
    ("stopbits = 1", "stopbits = true", 6, "line.stopbits", "true"),
    ("[frame]\n", "[frame]\nspeed = 1\n", 8, "frame.speed", "not known"),
    ("layout = [", "layouts = [", 8, "frame.layouts", "not known"),
    ('"data", "checksum", "16"]\nfields', '"date", "checksum", "16"]\nfields', 9, "frame.layout", '"date" has no size'),
    ('"data", "checksum", "16"]\nfields', '"data", 16, "checksum"]\nfields', 9, "frame.layout", "16 in the list"),
    ("length = 1, address", "length = 0, address", 10, "frame.fields.length", "from 1 to 64"),
    ("data = 1, checksum", "data = 65, checksum", 10, "frame.fields.data", "from 1 to 64"),
    ("data = 1, checksum", "data = 1, AB = 1, checksum", 10, "frame.fields.AB", "literal byte"),
    ('length = ["address"', 'little = 3\nlength = ["address"', 11, "frame.little", "3 is not a list"),
    ('length = ["address"', 'little = ["x"]\nlength = ["address"', 11, "frame.little", '"x"'),
    ('length = ["address", "command", "data"]', "", 7, "frame.length", "missing"),
    ('length = ["address", "command", "data"]', "length = []", 11, "frame.length", "a list with something in it"),
    ('length = ["address", "command", "data"]', 'length = ["dada"]', 11, "frame.length", '"dada"'),
    (CHECKSUM, "", 7, "frame.checksum", "missing"),
    (CHECKSUM, 'checksum = "sum8"', 12, "frame.checksum", "not a table"),
    (CHECKSUM, CHECKSUM.replace("sum8", "sum9"), 12, "frame.checksum.kind", 'allowed: "sum8", "xor8", "twos8"'),
    (CHECKSUM, CHECKSUM.replace('"command"', '"comand"'), 12, "frame.checksum.over", '"comand"'),
    (CHECKSUM, CHECKSUM.replace('"command"', '"checksum"'), 12, "frame.checksum.over", '"checksum"'),
    (CHECKSUM, 'checksum = { kind = "sum8" }', 12, "frame.checksum.over", "missing"),
    (CHECKSUM, CHECKSUM.replace(" }", ", start = 1 }"), 12, "frame.checksum.start", "not known"),
    (CHECKSUM, CHECKSUM.replace("sum8", "crc16-ccitt"), 10, "frame.fields.checksum", "crc16-ccitt; allowed: 2"),
    (CHECKSUM, 'checksum = { kind = "none" }', 8, "frame.layout", "there is no checksum to compute"),
    ('"data", "checksum", "16"]\nfields', '"data", "16"]\nfields', 8, "frame.layout", "the checksum has no place"),
    ("[buttons]", "quiet_ms = 19\n[buttons]", 13, "frame.quiet_ms", "a whole number from 20 to 1000"),
    ("[buttons]", "quiet_ms = 1001\n[buttons]", 13, "frame.quiet_ms", "a whole number from 20 to 1000"),
    (LEVEL + "\n", "", 13, "buttons.satisfied", "missing"),
    (LEVEL, "satisfied = 3", 15, "buttons.satisfied", "3 is not a table"),
    (LEVEL, "satisfied = { }", 15, "buttons.satisfied", "every frame would mean this level"),
    (LEVEL, LEVEL + '\nfine = { data = "09" }', 16, "buttons.fine", "not known; allowed: very_satisfied"),
    (LEVEL, 'satisfied = { kommand = "11", data = "03" }', 15, "buttons.satisfied.kommand", "allowed: command, data"),
    (LEVEL, 'satisfied = { checksum = "11", data = "03" }', 15, "buttons.satisfied.checksum", "not known"),
    (LEVEL, 'satisfied = { command = "11", data = "003" }', 15, "buttons.satisfied.data", "allowed: 2 hex digits"),
    (LEVEL, 'satisfied = { command = "11", data = "0G" }', 15, "buttons.satisfied.data", '"0G"'),
    (LEVEL, 'satisfied = { command = "11", data = "0003" }', 15, "buttons.satisfied.data", "2 hex digits"),
    (LEVEL, 'satisfied = { command = "11", data = "" }', 15, "buttons.satisfied.data", "2 hex digits"),
    (LEVEL, 'satisfied = { command = "11", data = 3 }', 15, "buttons.satisfied.data", "3 is not a string"),
    (
        LEVEL,
        'satisfied = { command = "11", data = "??" }',
        15,
        "buttons.satisfied.data",
        "fill in from the device's manual",
    ),
    (LEVEL, 'satisfied = { command = "11", data = "04" }', 15, "buttons.satisfied", "both this and very_satisfied"),
    (LEVEL, 'satisfied = { command = "11" }', 15, "buttons.satisfied", "both this and very_satisfied"),
    (ACKNOWLEDGE, 'greet = { command = "01", data = "" }', 21, "host.greet", "allowed: layout, acknowledge, invite"),
    (ACKNOWLEDGE, 'acknowledge = { command = "01" }', 21, "host.acknowledge.data", "no value"),
    (ACKNOWLEDGE, 'acknowledge = { command = "1", data = "" }', 21, "host.acknowledge.command", "pairs of hex digits"),
    (ACKNOWLEDGE, 'acknowledge = { command = "{stars}", data = "" }', 21, "host.acknowledge.command", "{stars}"),
    (ACKNOWLEDGE, 'acknowledge = { command = "??", data = "" }', 21, "host.acknowledge.command", "fill in from the"),
    (
        ACKNOWLEDGE,
        'acknowledge = { command = "01", data = "", length = "02" }',
        21,
        "host.acknowledge.length",
        "not known",
    ),
    (ACKNOWLEDGE, f'acknowledge = {{ command = "01", data = "{"00" * 255}" }}', 21, "host.acknowledge", "261 bytes"),
    ('layout = ["68"', 'layout = ["68", "seq"', 20, "host.layout", '"seq" has no size'),
    ('layout = ["68"', 'layouts = ["68"', 20, "host.layouts", "not known"),
    ("[host]\n", "[host]\ncolour = 1\n", 20, "host.colour", "not known"),
    ("stopbits = 1", "stopbits = 1 1", 6, "", "TOML"),
    ("stopbits = 1", "stopbits = 1\nstopbits = 1", 7, "", "TOML"),
    ("[host]", "[host", 19, "", "TOML"),
]


@pytest.mark.parametrize(("old", "new", "line", "key", "words"), WRONG)
def test_a_complaint_is_one_line_that_names_file_line_and_key(
    tmp_path: Path, old: str, new: str, line: int, key: str, words: str
) -> None:
    assert old in TEXT
    folder = tmp_path / "evaluators"
    folder.mkdir()
    file = folder / "made-up.toml"
    file.write_text(TEXT.replace(old, new, 1))
    with pytest.raises(ProtocolFileError) as caught:
        find_protocol("made-up", tmp_path)
    message = str(caught.value)
    assert message.startswith(f"{file}, line {line}: {key}")
    assert words in message
    assert "; allowed: " in message
    assert len(message.splitlines()) == 1


def test_the_text_that_the_complaints_start_from_is_right(tmp_path: Path) -> None:
    assert load_protocol(write_protocol(tmp_path, TEXT)).frames.size == 7


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ("quiet_ms = 50\n", "", 12, "frame.quiet_ms"),
        ("quiet_ms = 50", "quiet_ms = 10", 16, "frame.quiet_ms"),
        ('key = "35"', 'key = "3"', 19, "buttons.very_satisfied.key"),
        ("[buttons]", "[host]\nlayout = ['checksum']\n[buttons]", 19, "host.layout"),
    ],
)
def test_without_a_checksum_silence_is_required(tmp_path: Path, old: str, new: str, line: int, key: str) -> None:
    text = ASCII_KEYS.replace("fields   = { key = 1 }", "fields   = { key = 1, checksum = 1 }")
    assert old in text
    file = write_protocol(tmp_path, text.replace(old, new))
    with pytest.raises(ProtocolFileError) as caught:
        load_protocol(file)
    assert str(caught.value).startswith(f"{file}, line {line}: {key}: ")


def test_a_layout_of_more_than_256_bytes_is_refused(tmp_path: Path) -> None:
    text = TEXT.replace("data = 1, checksum", "data = 64, checksum").replace('"03"', f'"{"03" * 64}"')
    text = text.replace('"data", "checksum", "16"]\nfields', '"data", "data", "data", "data", "checksum"]\nfields')
    with pytest.raises(ProtocolFileError, match=r"frame.layout: the frame has 261 bytes; allowed: at most 256"):
        load_protocol(write_protocol(tmp_path, text))


def test_a_length_that_its_field_cannot_hold_is_refused(tmp_path: Path) -> None:
    many = ", ".join(['"data"'] * 256)
    text = TEXT.replace('length = ["address", "command", "data"]', f"length = [{many}]")
    with pytest.raises(ProtocolFileError, match=r"line 11: frame.length: 256 does not fit"):
        load_protocol(write_protocol(tmp_path, text))


def test_a_hosts_length_that_its_field_cannot_hold_is_refused(tmp_path: Path) -> None:
    text = TEXT.replace('length = ["address", "command", "data"]', 'length = ["data", "data"]')
    text = text.replace('data = ""', f'data = "{"00" * 128}"')
    with pytest.raises(ProtocolFileError, match=r"line 21: host.acknowledge: 256 does not fit"):
        load_protocol(write_protocol(tmp_path, text))


def test_every_value_of_a_file_is_read(tmp_path: Path) -> None:
    protocol = load_protocol(write_protocol(tmp_path, TEXT.replace("baud = 9600", "baud = 4800")))
    assert protocol.name == "made-up"
    assert protocol.line == LineSettings(4800, 8, "N", 1)
    assert protocol.frames.layout == (b"\xff", "length", "address", "command", "data", "checksum", b"\x16")
    assert protocol.buttons["satisfied"] == {"command": b"\x11", "data": b"\x03"}
    assert protocol.host.acknowledge is not None
    assert protocol.host.acknowledge.filled() == {"command": b"\x01", "data": b""}
    assert protocol.host.stars is not None
    assert protocol.host.stars.filled(4) == {"command": b"\x02", "data": b"\x04"}
    assert (protocol.host.invite, protocol.host.thanks) == (None, None)
    assert protocol.sha256 == hashlib.sha256(protocol.source.read_bytes()).hexdigest()


def test_a_file_may_be_written_on_another_system(tmp_path: Path) -> None:
    file = write_protocol(tmp_path, TEXT)
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert load_protocol(file).frames.size == 7
    file.write_bytes(file.read_bytes().replace(b"baud = 9600", b"baud = 1"))
    with pytest.raises(ProtocolFileError, match=r"line 3: line\.baud"):
        load_protocol(file)


def test_text_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    file = write_protocol(tmp_path, TEXT)
    file.write_bytes(file.read_bytes().replace(b"[host]", "# 主机\n[host]".encode("gb18030")))
    with pytest.raises(ProtocolFileError, match="line 19: this is not UTF-8"):
        load_protocol(file)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProtocolFileError, match=r"gone\.toml: cannot be read: No such file"):
        load_protocol(tmp_path / "gone.toml")


@pytest.mark.parametrize("name", ["shared-bus-68", "ascii-keys"])
def test_built_in_protocols_are_right(name: str) -> None:
    protocol = find_protocol(name)
    assert protocol.source == BUILT_IN / f"{name}.toml"
    assert tuple(protocol.buttons) == LEVELS


def test_the_template_is_refused_until_its_codes_are_filled_in(tmp_path: Path) -> None:
    with pytest.raises(ProtocolFileError, match=r"jt905\.toml, line 24: .* fill in from the device's manual"):
        find_protocol("jt905", tmp_path)
    file = write_protocol(tmp_path, jt905_filled_in(), "jt905")
    assert find_protocol("jt905", tmp_path).source == file


def test_the_configurations_directory_goes_before_the_built_in_ones(tmp_path: Path) -> None:
    file = write_protocol(tmp_path, SHARED_BUS.replace("9600", "4800"), "shared-bus-68")
    assert find_protocol("shared-bus-68", tmp_path).source == file
    assert find_protocol("shared-bus-68", tmp_path).line.baud == 4800
    assert find_protocol("shared-bus-68").line.baud == 9600


def test_a_broken_file_of_ones_own_is_not_replaced_by_the_built_in_one(tmp_path: Path) -> None:
    write_protocol(tmp_path, "name = 1", "shared-bus-68")
    with pytest.raises(ProtocolFileError, match=str(tmp_path)):
        find_protocol("shared-bus-68", tmp_path)


@pytest.mark.parametrize("name", ["nope", "", "../evaluators/own", "evaluators/own", ".", "own.toml", "own\0"])
def test_an_unknown_name_lists_what_there_is(tmp_path: Path, name: str) -> None:
    write_protocol(tmp_path, TEXT, "own")
    with pytest.raises(ProtocolFileError, match="allowed: ascii-keys, jt905, own, shared-bus-68") as caught:
        find_protocol(name, tmp_path)
    assert len(str(caught.value).splitlines()) == 1
    assert protocol_names(tmp_path) == ["ascii-keys", "jt905", "own", "shared-bus-68"]


def test_an_installed_package_has_its_own_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = write_protocol(tmp_path, TEXT, "packaged").parent
    monkeypatch.setattr(protocol_file, "_PACKAGED", packaged)
    assert protocol_names() == ["packaged"]
    assert find_protocol("packaged").source == packaged / "packaged.toml"
