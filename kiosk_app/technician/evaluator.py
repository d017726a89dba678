"""`evaluator listen` and `evaluator confirm`: what comes from the evaluator, and which word each key bears."""

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
from device_drivers.evaluator.protocol import LEVELS, EvaluatorProtocol
from kiosk_app.domain.records import KEYS_CONFIRMED
from kiosk_app.journal.database import APP_LOCK_FILE, is_locked
from kiosk_app.logs import configure_logging
from kiosk_app.protocol_in_use import protocol_in_use
from kiosk_app.technician.context import CommandError, Commands, Context, add_json, print_json

KEY_SECONDS = 60.0
WORDS = dict(zip(LEVELS, ("非常满意", "满意", "基本满意", "不满意", "非常不满意"), strict=True))


def add_commands(commands: Commands) -> None:
    """Add this file's commands."""
    evaluator = commands.add_parser("evaluator", help="the evaluator").add_subparsers(required=True, metavar="COMMAND")
    listen = evaluator.add_parser("listen", help="decoded frames as they come; stop kiosk-app first")
    listen.add_argument("--seconds", type=float, metavar="S", help="end after so long; without it: until Ctrl-C")
    add_json(listen)
    listen.set_defaults(run=_listen)
    confirm = evaluator.add_parser("confirm", help="press each key once, to confirm its word; stop kiosk-app first")
    add_json(confirm)
    confirm.set_defaults(run=_confirm)


@dataclass(frozen=True)
class _Connection:
    connected: bool
    detail: str


class _Events:
    """Brings what the driver's thread tells to the command's own."""

    def __init__(self) -> None:
        self.queue: queue.SimpleQueue[KeyPress | _Connection | dict[str, Any]] = queue.SimpleQueue()

    def key_pressed(self, press: KeyPress) -> None:
        self.queue.put(press)

    def connection_changed(self, connected: bool, detail: str) -> None:
        self.queue.put(_Connection(connected, detail))

    def frame_seen(self, frame: Frame, kind: FrameKind, level: str | None) -> None:
        fields = {name: value.hex() for name, value in frame.fields.items()}
        self.queue.put({"frame": frame.raw.hex(), "fields": fields, "kind": kind.value, "level": level})

    def noise_seen(self, count: int) -> None:
        self.queue.put({"noise_bytes": count})


@contextmanager
def _driver(context: Context, events: _Events) -> Iterator[EvaluatorProtocol]:
    evaluator, protocol = context.settings.evaluator, protocol_in_use(context.settings, context.config)
    if evaluator is None or protocol is None:
        raise CommandError("terminal.toml has no section [evaluator]; add one with protocol and port")
    if is_locked(context.directory / APP_LOCK_FILE):
        raise CommandError("kiosk-app runs and owns the evaluator's port; stop it first")
    configure_logging(
        logging.ERROR
    )  # stdout is for what the command prints; what the driver warns of, it tells as events
    driver = EvaluatorDriver(protocol, evaluator.port, evaluator.address, events, observer=events)
    driver.start()
    try:
        yield protocol
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


def _print_event(event: KeyPress | _Connection | dict[str, Any], *, as_json: bool) -> None:
    if isinstance(event, KeyPress):
        return
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


def _confirm(context: Context) -> int:
    events = _Events()
    with _driver(context, events) as protocol:
        for level in LEVELS:
            asked_at = time.clock_gettime(time.CLOCK_BOOTTIME)
            _ask(context, level)
            heard = _next_press(events, asked_at)
            if heard != level:
                raise CommandError(
                    f"the key {WORDS[level]} sent {WORDS[heard]}: protocol {protocol.name} does not fit this device; "
                    "correct its [buttons]"
                )
    with context.journal() as journal:
        context.note_action(journal, KEYS_CONFIRMED, protocol.sha256, "done")
    if context.arguments.json:
        print_json({"confirmed": protocol.name})
    else:
        print(f"all five keys are confirmed for protocol {protocol.name}")
    return 0


def _ask(context: Context, level: str) -> None:
    if context.arguments.json:
        print_json({"ask": level})
    else:
        print(f"press the key {WORDS[level]}")
    sys.stdout.flush()


def _next_press(events: _Events, asked_at: float) -> str:
    """The first key pressed since it was asked for. Raises `CommandError` when nothing comes."""
    fault = "no key came within a minute; check cable, protocol and address with: kiosk-admin evaluator listen"
    end = time.monotonic() + KEY_SECONDS
    while (left := end - time.monotonic()) > 0:
        try:
            event = events.queue.get(timeout=left)
        except queue.Empty:
            break
        if isinstance(event, KeyPress) and event.repeat == 0 and event.at >= asked_at:
            return event.level
        if isinstance(event, _Connection):
            fault = event.detail or fault
    raise CommandError(fault)
