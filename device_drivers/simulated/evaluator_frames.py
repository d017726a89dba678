"""The bytes a simulated evaluator sends, right and wrong, and what it understands of the host's: pure."""

from dataclasses import dataclass

from device_drivers.evaluator.codec import FrameJudge, encode, encode_command, with_address
from device_drivers.evaluator.protocol import (
    ADDRESS,
    CHECKSUM,
    LENGTH,
    MAX_STARS,
    EvaluatorProtocol,
)


@dataclass(frozen=True)
class HostMessage:
    """What the host said: acknowledge, invite, thanks, stars, or unknown."""

    kind: str
    stars: int | None
    raw: bytes


def press_frame(
    protocol: EvaluatorProtocol, level: str, address: int | None, counter: str | None = None, number: int = 0
) -> bytes:
    """A good frame that means this level; the field `counter` holds the press's number."""
    values = _press_values(protocol, level, address)
    if counter is not None:
        size = protocol.frames.rules.sizes[counter]
        values[counter] = (number % 256**size).to_bytes(size, "big")
    return _encode(protocol, values)


def counter_field(protocol: EvaluatorProtocol, name: str) -> str:
    """The field, if it may count presses. Raises ValueError."""
    taken = {LENGTH, CHECKSUM, ADDRESS} | {field for button in protocol.buttons.values() for field in button}
    free = [field for field in protocol.frames.layout if isinstance(field, str) and field not in taken]
    if name not in free:
        raise ValueError(
            f"{name} cannot count the presses; allowed: {', '.join(free) or 'none, all fields have a meaning'}"
        )
    return name


def frame_with_wrong_checksum(protocol: EvaluatorProtocol, level: str, address: int | None) -> bytes:
    """The same with every bit of the checksum turned. Raises ValueError where there is no checksum."""
    if protocol.frames.rules.checksum is None:
        raise ValueError(f'frames of "{protocol.name}" have no checksum')
    return _with_turned_bits(protocol, _press_values(protocol, level, address), CHECKSUM)


def frame_with_wrong_length(protocol: EvaluatorProtocol, level: str, address: int | None) -> bytes:
    """A frame whose length field lies while its checksum is right; a byte too short where there is no such field."""
    values = _press_values(protocol, level, address)
    if LENGTH not in protocol.frames.layout:
        return _encode(protocol, values)[:-1]
    return _with_turned_bits(protocol, values, LENGTH)


def foreign_frame(protocol: EvaluatorProtocol, address: int | None) -> bytes:
    """A good frame that means no level, like a heartbeat."""
    values = _press_values(protocol, next(iter(protocol.buttons)), address)
    for name in {name for button in protocol.buttons.values() for name in button}:
        taken = {button[name] for button in protocol.buttons.values() if name in button}
        size = protocol.frames.rules.sizes[name]
        values[name] = next(free for n in range(256) if (free := n.to_bytes(size, "big")) not in taken)
    return _encode(protocol, values)


class HostMessages:
    """Finds the host's frames in a stream. There are few different ones, so they are compared as a whole."""

    def __init__(self, protocol: EvaluatorProtocol, address: int | None) -> None:
        self._known = _host_frames(protocol, address)
        self._waiting = b""

    def feed(self, data: bytes) -> list[HostMessage]:
        """The messages that these bytes complete."""
        self._waiting += data
        messages: list[HostMessage] = []
        unknown = b""
        while self._waiting:
            whole = [raw for raw in self._known if self._waiting.startswith(raw)]
            if not whole and any(raw.startswith(self._waiting) for raw in self._known):
                break
            raw = max(whole, key=len, default=b"")
            if raw:
                messages += _unknown(unknown)
                messages.append(self._known[raw])
                unknown = b""
            else:
                unknown += self._waiting[:1]
            self._waiting = self._waiting[max(1, len(raw)) :]
        return messages + _unknown(unknown)


def _unknown(raw: bytes) -> list[HostMessage]:
    return [HostMessage("unknown", None, raw)] if raw else []


def _host_frames(protocol: EvaluatorProtocol, address: int | None) -> dict[bytes, HostMessage]:
    host = protocol.host
    known = {}
    for kind, command in (("acknowledge", host.acknowledge), ("invite", host.invite), ("thanks", host.thanks)):
        if command is not None:
            raw = encode_command(protocol, command, address)
            known[raw] = HostMessage(kind, None, raw)
    if host.stars is not None:
        for stars in range(MAX_STARS + 1):
            raw = encode_command(protocol, host.stars, address, stars)
            known[raw] = HostMessage("stars", stars, raw)
    return known


def _press_values(protocol: EvaluatorProtocol, level: str, address: int | None) -> dict[str, bytes]:
    """The values of every field that is not computed; 0 where the button leaves it free."""
    sizes = protocol.frames.rules.sizes
    free = {name: bytes(size) for name, size in sizes.items() if name not in {LENGTH, CHECKSUM, ADDRESS}}
    return free | with_address(protocol, address) | dict(protocol.buttons[level])


def _with_turned_bits(protocol: EvaluatorProtocol, values: dict[str, bytes], name: str) -> bytes:
    """The frame in which a computed field has every bit turned, and the rest fits it."""
    right = _value_in(protocol, _encode(protocol, values), name)
    return _encode(protocol, values | {name: bytes(byte ^ 0xFF for byte in right)})


def _value_in(protocol: EvaluatorProtocol, raw: bytes, name: str) -> bytes:
    return FrameJudge(protocol.frames).fields(raw)[name]


def _encode(protocol: EvaluatorProtocol, values: dict[str, bytes]) -> bytes:
    return encode(protocol.frames.rules, protocol.frames.layout, values)
