"""A simulated evaluator worked by lines on standard input; what it hears comes out as JSON lines.

The first line of output is the path of the port to open. It ends at the end of its input or on SIGTERM.
"""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

from device_drivers.evaluator.protocol import LEVELS
from device_drivers.evaluator.protocol_file import find_protocol, load_protocol
from device_drivers.simulated.evaluator import SimulatedEvaluator
from device_drivers.simulated.evaluator_frames import HostMessage

USAGE = {
    "press": "press LEVEL",
    "split": "split LEVEL",
    "joined": "joined LEVEL LEVEL ...",
    "wrong-checksum": "wrong-checksum LEVEL",
    "wrong-length": "wrong-length LEVEL",
    "other-address": "other-address LEVEL ADDRESS",
    "foreign": "foreign",
    "noise": "noise BYTES",
    "raw": "raw HEX",
    "silent": "silent on|off",
    "echo": "echo on|off",
    "repeat": "repeat on|off",
    "times": "times NUMBER",
    "pieces": "pieces SECONDS",
    "key-up": "key-up on|off",
    "counter": "counter FIELD|off",
    "own-speed": "own-speed on|off",
    "heartbeat": "heartbeat SECONDS",
    "light": "light SECONDS",
    "neighbour": "neighbour SECONDS ADDRESS",
    "every": "every SECONDS HEX",
    "calm": "calm",
    "unplug": "unplug",
    "plug": "plug",
    "help": "help",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the sub-command `evaluator` understands."""
    protocol = parser.add_mutually_exclusive_group(required=True)
    protocol.add_argument("--protocol", help="name of a built-in protocol, or of one in DIR/evaluators")
    protocol.add_argument("--protocol-file", type=Path, metavar="FILE", help="a protocol file anywhere")
    parser.add_argument("--directory", type=Path, metavar="DIR", help="the configuration's directory")
    parser.add_argument("--address", type=int, help="the device's address, where the protocol has addresses")
    parser.add_argument("--link", type=Path, metavar="PATH", help="a path that stays the same after unplug and plug")


def run(arguments: argparse.Namespace) -> int:
    """Serve one simulated evaluator; returns the exit code, 2 for a protocol or address that cannot be used."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        file: Path | None = arguments.protocol_file
        protocol = load_protocol(file) if file else find_protocol(arguments.protocol, arguments.directory)
        evaluator = SimulatedEvaluator(protocol, arguments.address, arguments.link, on_message=_print_message)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    with evaluator:
        print(evaluator.port, flush=True)
        obey(evaluator, sys.stdin)
    return 0


def obey(evaluator: SimulatedEvaluator, lines: Iterable[str]) -> None:
    """Do what each line says, and print for each that it was done or what is wrong with it."""
    for line in lines:
        words = line.split()
        if not words:
            continue
        try:
            _obey_one(evaluator, words[0], words[1:])
        except (ValueError, OSError) as error:
            _print(event="error", command=line.strip(), detail=str(error))
        else:
            _print(event="done", command=line.strip(), port=evaluator.port)


def _obey_one(evaluator: SimulatedEvaluator, verb: str, words: list[str]) -> None:
    actions: dict[str, Callable[[], None]] = {
        "press": lambda: evaluator.press(words[0]),
        "split": lambda: evaluator.press_split(words[0]),
        "joined": lambda: evaluator.press_joined(*words),
        "wrong-checksum": lambda: evaluator.press_with_wrong_checksum(words[0]),
        "wrong-length": lambda: evaluator.press_with_wrong_length(words[0]),
        "other-address": lambda: evaluator.press_at(words[0], int(words[1])),
        "foreign": evaluator.send_foreign,
        "noise": lambda: evaluator.noise(int(words[0])),
        "raw": lambda: evaluator.send(bytes.fromhex("".join(words))),
        "silent": lambda: setattr(evaluator, "silent", _is_on(words[0])),
        "echo": lambda: setattr(evaluator, "echo", _is_on(words[0])),
        "repeat": lambda: setattr(evaluator, "repeat_until_acknowledged", _is_on(words[0])),
        "times": lambda: setattr(evaluator, "times", int(words[0])),
        "pieces": lambda: setattr(evaluator, "piece_seconds", float(words[0])),
        "key-up": lambda: setattr(evaluator, "key_up", _is_on(words[0])),
        "counter": lambda: evaluator.count_in(None if words[0] == "off" else words[0]),
        "own-speed": lambda: setattr(evaluator, "own_speed_only", _is_on(words[0])),
        "heartbeat": lambda: evaluator.beat_every(float(words[0])),
        "light": lambda: evaluator.light_every(float(words[0])),
        "neighbour": lambda: evaluator.let_neighbour_press_every(float(words[0]), int(words[1])),
        "every": lambda: evaluator.send_every(float(words[0]), bytes.fromhex("".join(words[1:]))),
        "calm": evaluator.end_routines,
        "unplug": evaluator.unplug,
        "plug": evaluator.plug,
        "help": lambda: _print(event="help", commands=list(USAGE.values()), levels=LEVELS),
    }
    if verb not in actions:
        raise ValueError(f"no such command; allowed: {', '.join(USAGE.values())}")
    try:
        actions[verb]()
    except (KeyError, IndexError) as error:
        raise ValueError(f"wrong words; allowed: {USAGE[verb]}, where LEVEL is one of {', '.join(LEVELS)}") from error


def _is_on(word: str) -> bool:
    return {"on": True, "off": False}[word]


def _print_message(message: HostMessage) -> None:
    """Called by the device's thread."""
    _print(event="heard", kind=message.kind, stars=message.stars, raw=message.raw.hex())


_printing = threading.Lock()


def _print(**fields: object) -> None:
    with _printing:
        print(json.dumps(fields, ensure_ascii=False), flush=True)


def _terminate(_signal: int, _frame: object) -> NoReturn:
    """End as the end of the input does: the link is taken away."""
    sys.exit(0)
