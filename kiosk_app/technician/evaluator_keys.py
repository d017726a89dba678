"""`evaluator confirm` and `evaluator test`: which word each key bears, and how fast its press arrives."""

import logging
import queue
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kiosk_app.domain.records import KEYS_CONFIRMED
from kiosk_app.logs import configure_logging
from kiosk_app.technician.context import CommandError, Commands, Context, add_json, print_json
from kiosk_app.technician.evaluator_in_use import WORDS, evaluator_in_use
from kiosk_app.technician.how_long import add_seconds
from kiosk_app.technician.rating_test import Asked, Confirmed, Connection, KeyTried, Noise, RatingTest, Told
from kiosk_app.terminal.device_ports import port_book
from kiosk_app.terminal.lending import Device

KEY_SECONDS = 60.0
TEST = "evaluator_test"
"""The action in the record of a test."""


def add_commands(evaluator: Commands) -> None:
    """Add this file's commands."""
    confirm = evaluator.add_parser("confirm", help="press each key once, to confirm its word")
    add_json(confirm)
    confirm.set_defaults(run=_confirm)
    test = evaluator.add_parser("test", help="press keys: each is told with its delay, and none is a rating")
    add_seconds(test)
    add_json(test)
    test.set_defaults(run=_test)


@contextmanager
def _rating_test(
    context: Context, events: "queue.SimpleQueue[Told]", *, with_asking: bool = False
) -> Iterator[RatingTest]:
    evaluator, protocol = evaluator_in_use(context)
    # stdout is for what the command prints; what the driver warns of, it tells as events
    configure_logging(logging.ERROR)
    # The record is written by the command's own thread, once `Confirmed` has come through.
    note = (lambda _action, _target, _outcome: None) if with_asking else None
    with context.borrowed(Device.EVALUATOR):
        test = RatingTest(evaluator, protocol, events.put, note, ports=port_book(context.settings))
        test.start()
        try:
            yield test
        finally:
            test.close()


def _confirm(context: Context) -> int:
    events: queue.SimpleQueue[Told] = queue.SimpleQueue()
    with _rating_test(context, events, with_asking=True) as test:
        while not isinstance(event := _next(events, test), Confirmed):
            if isinstance(event, Asked):
                _say(context, {"ask": event.level}, f"press the key {WORDS[event.level]}")
            elif isinstance(event, KeyTried) and event.right is False:
                raise CommandError(
                    f"the key {WORDS[event.asked or '']} sent {WORDS[event.level]}: protocol {test.protocol.name} does "
                    "not fit this device; correct its [buttons]"
                )
    with context.journal() as journal:
        context.note_action(journal, KEYS_CONFIRMED, event.sha256, "done")
    done = f"all five keys are confirmed for protocol {event.protocol}"
    _say(context, {"confirmed": event.protocol}, done)
    return 0


def _next(events: "queue.SimpleQueue[Told]", test: RatingTest) -> Told:
    """What is told next, within a minute of the last press. Raises `CommandError` when nothing is pressed."""
    end = time.monotonic() + KEY_SECONDS
    while (left := end - time.monotonic()) > 0:
        try:
            event = events.get(timeout=left)
        except queue.Empty:
            break
        if isinstance(event, Asked | KeyTried | Confirmed):
            return event
    fault = "no key came within a minute; check cable, protocol and address with: kiosk-admin evaluator listen"
    raise CommandError(test.detail or fault)


def _test(context: Context) -> int:
    events: queue.SimpleQueue[Told] = queue.SimpleQueue()
    seconds = context.arguments.seconds
    end = time.monotonic() + seconds if seconds else None
    pressed: Counter[str] = Counter()
    with _rating_test(context, events) as test:
        try:
            while end is None or time.monotonic() < end:
                event = events.get(timeout=max(0.0, end - time.monotonic()) if end else None)
                if isinstance(event, KeyTried) and event.repeat == 0:
                    pressed[event.level] += 1
                _tell(context, event)
        except (queue.Empty, KeyboardInterrupt):
            pass  # both are how a test ends
        counters = test.counters
        protocol = test.protocol
    _say(
        context,
        {"counters": vars(counters)},
        "frames: " + ", ".join(f"{name} {count}" for name, count in vars(counters).items()),
    )
    outcome = ", ".join(f"{level} {count}" for level, count in pressed.items()) or "no key came"
    with context.journal() as journal:
        context.note_action(journal, TEST, protocol.name, outcome)
    return 0


def _tell(context: Context, event: Told) -> None:
    if isinstance(event, Connection):
        row: dict[str, Any] = {"connected": event.connected, "detail": event.detail}
        _say(context, row, event.detail or "connected")
    elif isinstance(event, KeyTried):
        delay = f"{event.latency_ms} ms" if event.repeat == 0 else f"repeat {event.repeat}"
        row = {"key": event.level, "latency_ms": event.latency_ms, "repeat": event.repeat}
        _say(context, row, f"{WORDS[event.level]}  {event.level}  {delay}")
    elif isinstance(event, Noise):
        _say(context, {"noise_bytes": event.count}, f"{event.count} bytes of no frame")


def _say(context: Context, row: dict[str, Any], words: str) -> None:
    if context.arguments.json:
        print_json(row)
    else:
        print(words)
    sys.stdout.flush()
