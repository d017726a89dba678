"""Generated protocols, and streams that hold their frames."""

import random
from itertools import islice

from hypothesis import strategies as st

from device_drivers.evaluator.codec import encode
from device_drivers.evaluator.protocol import CHECKSUM, LENGTH, EvaluatorProtocol
from device_drivers.simulated.evaluator_frames import (
    foreign_frame,
    frame_with_wrong_checksum,
    frame_with_wrong_length,
    press_frame,
)
from tests.device_drivers.protocols import protocol_of

ADDRESS_USED = 0x81
KINDS = {"sum8": 1, "xor8": 1, "twos8": 1, "crc16-modbus": 2, "crc16-ccitt": 2}

literals = st.lists(st.integers(0, 255).map(lambda byte: f"{byte:02X}"), max_size=3)


def quoted(words: list[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


@st.composite
def protocol_texts(draw: st.DrawFn, quiet: bool = False) -> str:
    """A protocol file's text: any order of fields between any literals, any checksum, any byte order."""
    kinds = [*KINDS, "none"] if quiet else [*KINDS]
    kind = draw(st.sampled_from(kinds))
    fields = {"key": draw(st.integers(1, 3)), "more": draw(st.integers(1, 4))}
    if draw(st.booleans()):
        fields[LENGTH] = draw(st.integers(1, 2))
    if draw(st.booleans()):
        fields["address"] = 1
    words = draw(st.permutations(list(fields)))
    twice = draw(st.sampled_from([[], [word for word in words if word in {LENGTH, "more"}][:1]]))
    middle = [*words, *twice, *draw(literals)]
    layout = [*draw(literals), *draw(st.permutations(middle))]
    if kind != "none":
        fields[CHECKSUM] = KINDS[kind]
        layout.append(CHECKSUM)
    layout += draw(literals)
    over = draw(st.lists(st.sampled_from(words), min_size=1, unique=True))
    little = draw(st.lists(st.sampled_from(list(fields)), unique=True))
    keys = draw(
        st.lists(st.binary(min_size=fields["key"], max_size=fields["key"]), min_size=5, max_size=5, unique=True)
    )
    levels = ["very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied"]
    lines = [
        'name = "made-up"',
        "[line]",
        'baud = 9600\nbytesize = 8\nparity = "N"\nstopbits = 1',
        "[frame]",
        f"layout = {quoted(layout)}",
        "fields = { " + ", ".join(f"{name} = {size}" for name, size in fields.items()) + " }",
        f"little = {quoted(little)}" if little else "",
        f"length = {quoted(draw(st.permutations(words)))}" if LENGTH in fields else "",
        f'checksum = {{ kind = "{kind}", over = {quoted(over)} }}'
        if kind != "none"
        else 'checksum = { kind = "none" }',
        "quiet_ms = 50" if quiet else "",
        "[buttons]",
        *(f'{level} = {{ key = "{key.hex()}" }}' for level, key in zip(levels, keys, strict=True)),
    ]
    return "\n".join(lines)


def protocols(quiet: bool = False) -> st.SearchStrategy[EvaluatorProtocol]:
    return protocol_texts(quiet).map(protocol_of)


def frames_of(protocol: EvaluatorProtocol) -> st.SearchStrategy[bytes]:
    """Good frames: presses and foreign ones."""
    good = [press_frame(protocol, level, ADDRESS_USED) for level in protocol.buttons]
    return st.sampled_from([*good, foreign_frame(protocol, ADDRESS_USED)])


def noise_of(protocol: EvaluatorProtocol) -> st.SearchStrategy[bytes]:
    """Random bytes, and worse ones: pieces of frames, and frames with one thing wrong."""
    good = press_frame(protocol, "satisfied", ADDRESS_USED)
    wrong = [frame_with_wrong_length(protocol, "satisfied", ADDRESS_USED)]
    if protocol.frames.rules.checksum is not None:
        wrong.append(frame_with_wrong_checksum(protocol, "satisfied", ADDRESS_USED))
    pieces = st.integers(0, len(good)).flatmap(lambda cut: st.sampled_from([good[:cut], good[cut:]]))
    return st.lists(st.one_of(st.binary(max_size=12), pieces, st.sampled_from(wrong)), max_size=4).map(b"".join)


def cut(data: bytes, randomness: random.Random) -> list[bytes]:
    """The same bytes in pieces of any size."""
    pieces = []
    rest = iter(data)
    while piece := bytes(islice(rest, randomness.randint(1, 12))):
        pieces.append(piece)
    return pieces


def is_frame(protocol: EvaluatorProtocol, window: bytes) -> bool:
    """Whether these bytes are a good frame: taken apart and put together again they are the same.

    Written without the reader's own judgement, to be compared with it.
    """
    rules, layout = protocol.frames.rules, protocol.frames.layout
    values = {}
    rest = window
    for word in layout:
        size = 1 if isinstance(word, bytes) else rules.sizes[word]
        if isinstance(word, str):
            values[word] = rest[:size][::-1] if word in rules.little else rest[:size]
        rest = rest[size:]
    computed = {name: value for name, value in values.items() if name not in {LENGTH, CHECKSUM}}
    return encode(rules, layout, computed) == window


def frames_in(protocol: EvaluatorProtocol, stream: bytes) -> list[bytes]:
    """Every frame that a reader should find in a stream, found in the slow and obvious way."""
    size = protocol.frames.size
    found = []
    place = 0
    while place + size <= len(stream):
        window = stream[place : place + size]
        if is_frame(protocol, window):
            found.append(window)
            place += size
        else:
            place += 1
    return found
