"""Finds and reads evaluator protocols: `DIR/evaluators/NAME.toml` before the built-in ones (interfaces §3)."""

import hashlib
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from device_drivers.evaluator.protocol import EvaluatorProtocol, HostFrames
from device_drivers.evaluator.protocol_frames import common_begin, read_buttons, read_frame, read_host
from device_drivers.evaluator.protocol_section import ProtocolFileError, Section, shown
from device_drivers.evaluator.toml_lines import key_lines
from device_drivers.serial_line import LineSettings

__all__ = ["ProtocolFileError", "UnknownProtocolError", "find_protocol", "load_protocol", "protocol_names"]

_PACKAGED = Path(__file__).parent / "protocols"
_IN_CHECKOUT = Path(__file__).parents[2] / "config" / "evaluators"


class UnknownProtocolError(ProtocolFileError):
    """There is no protocol of that name."""


def find_protocol(name: str, directory: Path | None = None) -> EvaluatorProtocol:
    """The protocol of this name; `directory` is the configuration's, whose files go before the built-in ones.

    Raises `UnknownProtocolError` if there is none, `ProtocolFileError` if its file is not right.
    """
    for folder in _folders(directory):
        file = folder / f"{name}.toml"
        if file.is_file() and file.parent == folder and name == file.stem:
            return load_protocol(file)
    known = ", ".join(protocol_names(directory)) or "none"
    where = f"{directory / 'evaluators'} and the built-in ones" if directory else "the built-in ones"
    raise UnknownProtocolError(f"evaluator protocol {shown(name)} is not known; allowed: {known} (from {where})")


def protocol_names(directory: Path | None = None) -> list[str]:
    """The names of all protocols that `find_protocol` would look at, in alphabetical order."""
    return sorted({file.stem for folder in _folders(directory) for file in folder.glob("*.toml")})


def load_protocol(file: Path) -> EvaluatorProtocol:
    """Read and check one protocol file. Raises `ProtocolFileError`."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ProtocolFileError(f"{file}: cannot be read: {error.strerror}; allowed: a readable file") from error
    top = _parse(content, file)
    top.only(("name", "line", "frame", "buttons", "host"))
    name = top.text("name", shown(file.stem))
    if name != file.stem:
        top.refuse("name", f"{shown(name)} is not the file's name", shown(file.stem))
    line = _read_line(top.section("line"))
    frames = read_frame(top.section("frame"))
    buttons = read_buttons(top.section("buttons"), frames)
    return EvaluatorProtocol(
        name=name,
        line=line,
        frames=replace(frames, begin=common_begin(frames, buttons)),
        buttons=MappingProxyType(buttons),
        host=read_host(top.section("host"), frames.rules) if "host" in top.values else HostFrames(),
        source=file,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _folders(directory: Path | None) -> list[Path]:
    built_in = _PACKAGED if _PACKAGED.is_dir() else _IN_CHECKOUT
    return [directory / "evaluators", built_in] if directory else [built_in]


def _parse(content: bytes, file: Path) -> Section:
    try:
        text = content.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ProtocolFileError(f"{file}, line {line}: this is not UTF-8; allowed: UTF-8 text") from error
    try:
        values: dict[str, Any] = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: also numbers too long for Python to read
        words = " ".join(str(error).split())
        found = re.search(r"\(at line (\d+)", words)
        line = int(found[1]) if found else text.rstrip("\n").count("\n") + 1
        raise ProtocolFileError(f"{file}, line {line}: {words}; allowed: TOML") from error
    return Section(values, file, key_lines(text))


def _read_line(line: Section) -> LineSettings:
    line.only(("baud", "bytesize", "parity", "stopbits"))
    return LineSettings(
        baud=line.integer("baud", 50, 4_000_000),
        bytesize=line.choice("bytesize", (5, 6, 7, 8)),
        parity=line.choice("parity", ("N", "E", "O", "M", "S")),
        stopbits=line.choice("stopbits", (1, 1.5, 2)),
    )
