"""Evaluators that no built-in file describes, as their makers would have described them."""

from device_drivers.evaluator.protocol import LEVELS, EvaluatorProtocol
from tests.device_drivers.protocols import protocol_of

CHECKSUM_BYTES = {"sum8": 1, "xor8": 1, "twos8": 1, "crc16-modbus": 2, "crc16-ccitt": 2}


def _buttons(codes: list[str], more: str = "") -> str:
    return "[buttons]\n" + "".join(
        f'{level} = {{ key = "{code}"{more} }}\n' for level, code in zip(LEVELS, codes, strict=True)
    )


def _text(frame: str, buttons: str, baud: int = 9600, host: str = "") -> str:
    line = f'[line]\nbaud = {baud}\nbytesize = 8\nparity = "N"\nstopbits = 1\n'
    return f'name = "made-up"\n{line}[frame]\n{frame}\n{buttons}\n{host}'


def checksummed(kind: str, *, little: bool = False, baud: int = 9600) -> EvaluatorProtocol:
    """Binary frames: start, length, device, key, checksum."""
    frame = (
        'layout = ["7E", "length", "device", "key", "checksum"]\n'
        f"fields = {{ length = 1, device = 2, key = 1, checksum = {CHECKSUM_BYTES[kind]} }}\n"
        'length = ["device", "key"]\n'
        f'checksum = {{ kind = "{kind}", over = ["length", "device", "key"] }}\n'
        + ('little = ["checksum"]\n' if little else "")
    )
    return protocol_of(_text(frame, _buttons(["A1", "A2", "A4", "A8", "B0"], ', device = "3C07"'), baud))


def ascii_lines(baud: int = 9600) -> EvaluatorProtocol:
    """Text, and nothing to check it by: KEY=E CR LF."""
    frame = (
        'layout = ["4B", "45", "59", "3D", "key", "0D", "0A"]\nfields = { key = 1 }\n'
        'checksum = { kind = "none" }\nquiet_ms = 30\n'
    )
    return protocol_of(_text(frame, _buttons(["41", "42", "43", "44", "45"]), baud))


def letters(baud: int = 9600) -> EvaluatorProtocol:
    """One letter a key."""
    frame = 'layout = ["key"]\nfields = { key = 1 }\nchecksum = { kind = "none" }\nquiet_ms = 30\n'
    return protocol_of(_text(frame, _buttons(["61", "62", "63", "64", "65"]), baud))


def two_bytes() -> EvaluatorProtocol:
    """A key of two bytes between brackets, without a checksum."""
    frame = 'layout = ["5B", "key", "5D"]\nfields = { key = 2 }\nchecksum = { kind = "none" }\nquiet_ms = 30\n'
    return protocol_of(_text(frame, _buttons(["3035", "3034", "3033", "3032", "3031"])))


def with_heartbeat() -> EvaluatorProtocol:
    """Keys and heartbeats are frames of one form, told apart by their command."""
    frame = (
        'layout = ["AA", "55", "command", "key", "checksum", "0D"]\n'
        "fields = { command = 1, key = 1, checksum = 1 }\n"
        'checksum = { kind = "sum8", over = ["command", "key"] }\n'
    )
    return protocol_of(_text(frame, _buttons(["05", "04", "03", "02", "01"], ', command = "10"')))


def counting() -> EvaluatorProtocol:
    """Each press has its number."""
    frame = (
        'layout = ["02", "number", "key", "checksum", "03"]\nfields = { number = 1, key = 1, checksum = 1 }\n'
        'checksum = { kind = "xor8", over = ["number", "key"] }\n'
    )
    return protocol_of(_text(frame, _buttons(["10", "20", "30", "40", "50"])))


def on_a_bus() -> EvaluatorProtocol:
    """Several evaluators with addresses on one line."""
    frame = (
        'layout = ["EB", "90", "address", "key", "checksum"]\nfields = { address = 1, key = 1, checksum = 2 }\n'
        'checksum = { kind = "crc16-modbus", over = ["address", "key"] }\nlittle = ["checksum"]\n'
    )
    return protocol_of(_text(frame, _buttons(["01", "02", "03", "04", "05"])))
