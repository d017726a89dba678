"""The evaluator's commands: `listen`, `confirm`, `test` and `learn`, with the app running and with it stopped.

A running app lends the evaluator for as long as a command lasts; no press of that time can become a rating.
"""

import logging
import queue
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from device_drivers.evaluator.codec import Frame
from device_drivers.evaluator.driver import EvaluatorDriver
from device_drivers.evaluator.key_presses import FrameKind, KeyPress
from kiosk_app.logs import configure_logging
from kiosk_app.technician import evaluator_keys, evaluator_learning
from kiosk_app.technician.context import Commands, Context, add_json, print_json
from kiosk_app.technician.evaluator_in_use import WORDS, evaluator_in_use
from kiosk_app.technician.how_long import add_seconds
from kiosk_app.terminal.device_ports import port_book
from kiosk_app.terminal.lending import Device


def add_commands(commands: Commands) -> None:
    """Add this file's commands."""
    evaluator = commands.add_parser("evaluator", help="the evaluator").add_subparsers(required=True, metavar="COMMAND")
    listen = evaluator.add_parser("listen", help="decoded frames as they come")
    add_seconds(listen)
    add_json(listen)
    listen.set_defaults(run=_listen)
    evaluator_keys.add_commands(evaluator)
    evaluator_learning.add_commands(evaluator)


@dataclass(frozen=True)
class _Connection:
    connected: bool
    detail: str


class _Events:
    """Brings what the driver's thread tells to the command's own."""

    def __init__(self) -> None:
        self.queue: queue.SimpleQueue[_Connection | dict[str, Any]] = queue.SimpleQueue()

    def key_pressed(self, press: KeyPress) -> None:
        """The frame is told already."""

    def connection_changed(self, connected: bool, detail: str) -> None:
        self.queue.put(_Connection(connected, detail))

    def frame_seen(self, frame: Frame, kind: FrameKind, level: str | None) -> None:
        fields = {name: value.hex() for name, value in frame.fields.items()}
        self.queue.put({"frame": frame.raw.hex(), "fields": fields, "kind": kind.value, "level": level})

    def noise_seen(self, count: int) -> None:
        self.queue.put({"noise_bytes": count})


@contextmanager
def _driver(context: Context, events: _Events) -> Iterator[None]:
    evaluator, protocol = evaluator_in_use(context)
    # stdout is for what the command prints; what the driver warns of, it tells as events
    configure_logging(logging.ERROR)
    with context.borrowed(Device.EVALUATOR):
        ports = port_book(context.settings)
        driver = EvaluatorDriver(protocol, evaluator.port, evaluator.address, events, observer=events, ports=ports)
        driver.start()
        try:
            yield
        finally:
            driver.close()


def _listen(context: Context) -> int:
    events = _Events()
    seconds = context.arguments.seconds
    end = time.monotonic() + seconds if seconds else None
    with _driver(context, events):
        while end is None or time.monotonic() < end:
            try:
                event = events.queue.get(timeout=max(0.0, end - time.monotonic()) if end else None)
            except queue.Empty:
                break
            _print_event(event, as_json=context.arguments.json)
    return 0


def _print_event(event: _Connection | dict[str, Any], *, as_json: bool) -> None:
    row = vars(event) if isinstance(event, _Connection) else event
    if as_json:
        print_json(row)
    elif isinstance(event, _Connection):
        print(event.detail or "connected")
    elif "frame" in row:
        word = WORDS.get(row["level"] or "", row["kind"])
        print(f"{row['frame']}  {word}  " + " ".join(f"{name}={value}" for name, value in row["fields"].items()))
    else:
        print(f"{row['noise_bytes']} bytes of no frame")
    sys.stdout.flush()
