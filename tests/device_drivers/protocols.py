"""Protocols for the tests: the built-in ones, and texts to change."""

import tempfile
from functools import cache
from pathlib import Path

from device_drivers.evaluator.protocol import EvaluatorProtocol
from device_drivers.evaluator.protocol_file import find_protocol, load_protocol

CHECKOUT = Path(__file__).parents[2]
BUILT_IN = CHECKOUT / "config" / "evaluators"

SHARED_BUS = (BUILT_IN / "shared-bus-68.toml").read_text()
ASCII_KEYS = (BUILT_IN / "ascii-keys.toml").read_text()


def jt905_filled_in() -> str:
    """The template with invented codes: command 0100, data 01 (best) to 05."""
    text = (BUILT_IN / "jt905.toml").read_text()
    for number in range(1, 6):
        text = text.replace('command = "????", data = "??"', f'command = "0100", data = "0{number}"', 1)
    return text.replace('manufacturer = "??", command = "????"', 'manufacturer = "00", command = "0101"')


def write_protocol(directory: Path, text: str, name: str = "made-up") -> Path:
    """Store a protocol as DIR/evaluators/NAME.toml, under this name whatever it was called."""
    folder = directory / "evaluators"
    folder.mkdir(exist_ok=True)
    lines = [f'name = "{name}"' if line.startswith("name = ") else line for line in text.splitlines(keepends=True)]
    file = folder / f"{name}.toml"
    file.write_text("".join(line if line.endswith("\n") else line + "\n" for line in lines))
    return file


def protocol_of(text: str) -> EvaluatorProtocol:
    """Read a protocol from its text."""
    with tempfile.TemporaryDirectory() as directory:
        return load_protocol(write_protocol(Path(directory), text))


@cache
def shared_bus() -> EvaluatorProtocol:
    return find_protocol("shared-bus-68")


@cache
def ascii_keys() -> EvaluatorProtocol:
    return find_protocol("ascii-keys")


@cache
def jt905() -> EvaluatorProtocol:
    return protocol_of(jt905_filled_in())
