"""An evaluator that speaks real bytes on a pty, in the words of any protocol file, with faults on demand."""

import os
import random
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from device_drivers.evaluator.protocol import ADDRESS, LEVELS, EvaluatorProtocol
from device_drivers.serial_line import LineSettings, boottime
from device_drivers.simulated.evaluator_frames import (
    HostMessage,
    HostMessages,
    counter_field,
    foreign_frame,
    frame_with_wrong_checksum,
    frame_with_wrong_length,
    press_frame,
)
from device_drivers.simulated.evaluator_habits import LED_STRIP, Habits, Routine, Schedule
from device_drivers.simulated.pty_port import PtyPort
from device_drivers.simulated.wire import heard_at

REPEAT_SECONDS = 0.3
"""How often a press is repeated until it is acknowledged, where that is asked for."""

WAIT_SECONDS = 10.0
"""How long a caller waits for the device's thread, or by default for a message of the host."""

TIMES_SECONDS = 0.15
"""The pause between the frames of a press that is sent several times."""

KEY_UP_SECONDS = 0.12
"""How long a key is held."""

_TURN_SECONDS = 0.1


class SimulatedEvaluator(Habits):
    """One device; its thread does all reading and writing, the methods may be called from any thread."""

    def __init__(
        self,
        protocol: EvaluatorProtocol,
        address: int | None = None,
        link: Path | None = None,
        on_message: Callable[[HostMessage], None] | None = None,
    ) -> None:
        """Plug the device in; `link` is a path that stays the same, `on_message` is called by the device's thread."""
        super().__init__()
        self._protocol = protocol
        self._address = address
        self._on_message = on_message
        self._messages = HostMessages(protocol, address)
        self._port = PtyPort(link)
        self._heard: list[HostMessage] = []
        self._changed = threading.Condition()
        self._orders: deque[tuple[Callable[[], None], Future[None]]] = deque()
        self._repeated: bytes | None = None
        self._repeat_at = 0.0
        self._schedule = Schedule()
        self._presses = 0
        self._closing = False
        self._wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._thread = threading.Thread(target=self._run, name="simulated-evaluator", daemon=True)
        self._thread.start()

    def __enter__(self) -> "SimulatedEvaluator":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def port(self) -> str:
        """What the app has to open."""
        return self._port.path

    @property
    def is_repeating(self) -> bool:
        """Whether a press still waits for its acknowledgement."""
        return self._repeated is not None

    def close(self) -> None:
        """Unplug for good and end the thread."""
        if self._closing:
            return
        self._do(self._close)
        self._thread.join()
        os.close(self._wake)

    def plug(self) -> None:
        """Plug in again, as a new pty."""
        self._do(self._port.plug)

    def unplug(self) -> None:
        """Pull the plug: who has the port open gets errors."""
        self._do(self._unplug)

    # What it sends.

    def press(self, level: str) -> None:
        """Press a key, with all the device's habits."""
        self._presses += 1
        frame = press_frame(self._protocol, level, self._address, self.counter, self._presses)
        self._do(lambda: self._press(frame))

    def count_in(self, field: str | None) -> None:
        """Number the presses in this field, or no more. Raises ValueError where it means something else."""
        self.counter = None if field is None else counter_field(self._protocol, field)

    def press_split(self, level: str, pause_seconds: float = 0.05) -> None:
        """Press a key whose frame arrives byte by byte."""
        frame = press_frame(self._protocol, level, self._address)
        self._do(lambda: self._send_split(frame, pause_seconds))

    def press_joined(self, *levels: str) -> None:
        """Press several keys whose frames arrive without a pause."""
        self.send(b"".join(press_frame(self._protocol, level, self._address) for level in levels))

    def press_at(self, level: str, address: int) -> None:
        """Press a key of another device on the same line."""
        self.send(press_frame(self._protocol, level, address))

    def press_with_wrong_checksum(self, level: str) -> None:
        """Press a key whose frame is damaged. Raises ValueError where frames have no checksum."""
        self.send(frame_with_wrong_checksum(self._protocol, level, self._address))

    def press_with_wrong_length(self, level: str) -> None:
        """Press a key whose frame's length is not that of the layout."""
        self.send(frame_with_wrong_length(self._protocol, level, self._address))

    def send_foreign(self) -> None:
        """Send a good frame that means no level, like a heartbeat."""
        self.send(foreign_frame(self._protocol, self._address))

    def noise(self, count: int, seed: int | None = None) -> None:
        """Send so many random bytes."""
        self.send(random.Random(seed).randbytes(count))

    def send(self, data: bytes) -> None:
        """Send any bytes."""
        self._do(lambda: self._send(data))

    # What goes on all the time.

    def send_every(self, seconds: float, *frames: bytes) -> None:
        """Send these bytes now and every so often, in turn."""
        self._do(lambda: self._schedule.again(Routine(frames, seconds), boottime()))

    def beat_every(self, seconds: float) -> None:
        """Send the device's own heartbeat: a good frame that means no level."""
        self.send_every(seconds, foreign_frame(self._protocol, self._address))

    def light_every(self, seconds: float) -> None:
        """Let the host of another device drive a light on the same line."""
        self.send_every(seconds, LED_STRIP)

    def let_neighbour_press_every(self, seconds: float, address: int) -> None:
        """Let a device of another address be pressed, all levels in turn. Raises ValueError where there are none."""
        if ADDRESS not in self._protocol.frames.layout:
            raise ValueError(f'frames of "{self._protocol.name}" have no address')
        self.send_every(seconds, *(press_frame(self._protocol, level, address) for level in LEVELS))

    def end_routines(self) -> None:
        """Send nothing by itself any more."""
        self._do(self._schedule.forget_routines)

    # What it hears.

    def heard(self, kind: str | None = None) -> list[HostMessage]:
        """The host's messages so far, or those of one kind."""
        with self._changed:
            return [message for message in self._heard if kind in {None, message.kind}]

    def wait_heard(self, kind: str, count: int = 1, timeout: float = WAIT_SECONDS) -> list[HostMessage]:
        """Wait until the host has sent so many messages of this kind. Raises TimeoutError after `timeout` seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.heard(kind)) >= count, timeout):
                raise TimeoutError(f"{len(self.heard(kind))} of {count} messages {kind} heard: {self._heard}")
            return self.heard(kind)

    # On the device's own thread.

    def _do(self, order: Callable[[], None]) -> None:
        """Have the device's thread do something; returns when it is done."""
        done: Future[None] = Future()
        self._orders.append((order, done))
        os.eventfd_write(self._wake, 1)
        done.result(WAIT_SECONDS)

    def _run(self) -> None:
        while not self._closing:
            watched = [self._wake, *([self._port.fileno()] if self._port.plugged else [])]
            readable, _, _ = select.select(watched, [], [], self._schedule.wait(boottime(), _TURN_SECONDS))
            if self._wake in readable:
                os.eventfd_read(self._wake)
            if self._port.plugged and self._port.fileno() in readable:
                self._hear(self._port.read())
            self._obey()
            for data in self._schedule.take(boottime()):
                self._send(data)
            self._repeat()
            self._port.forget_exclusive_use()

    def _obey(self) -> None:
        while self._orders:
            order, done = self._orders.popleft()
            try:
                order()
            except OSError as error:
                done.set_exception(error)
            else:
                done.set_result(None)

    def _hear(self, data: bytes) -> None:
        if self.silent:
            return
        if self.echo:
            self._send(data)
        for message in self._messages.feed(data):
            if message.kind == "acknowledge":
                self._repeated = None
            with self._changed:
                self._heard.append(message)
                self._changed.notify_all()
            if self._on_message is not None:
                self._on_message(message)

    def _press(self, frame: bytes) -> None:
        at = boottime()
        for _ in range(self.times):
            self._send_at(at, frame)
            at += TIMES_SECONDS
        if self.key_up:
            self._send_at(at - TIMES_SECONDS + KEY_UP_SECONDS, foreign_frame(self._protocol, self._address))
        if self.repeat_until_acknowledged:
            self._repeated, self._repeat_at = frame, boottime() + REPEAT_SECONDS

    def _send_at(self, at: float, frame: bytes) -> None:
        """Now or later, in one piece or byte by byte."""
        if not self.piece_seconds and at <= boottime():
            self._send(frame)
            return
        pieces = [frame[place : place + 1] for place in range(len(frame))] if self.piece_seconds else [frame]
        for number, piece in enumerate(pieces):
            self._schedule.once(at + number * self.piece_seconds, piece)

    def _repeat(self) -> None:
        if self._repeated is not None and boottime() >= self._repeat_at:
            self._press(self._repeated)

    def _send(self, data: bytes) -> None:
        if self._port.plugged and not self.silent:
            self._port.write(self._as_heard(data))

    def _as_heard(self, data: bytes) -> bytes:
        """What the app's end makes of it at the speed that it has set."""
        line, speed = self._protocol.line, self._port.speed
        if not self.own_speed_only or speed in {line.baud, 0}:
            return data
        return heard_at(data, line, LineSettings(speed), random.uniform(0.35, 0.65))

    def _send_split(self, frame: bytes, pause_seconds: float) -> None:
        for byte in frame:
            self._send(bytes([byte]))
            time.sleep(pause_seconds)

    def _unplug(self) -> None:
        self._repeated = None
        self._schedule.forget()
        self._messages = HostMessages(self._protocol, self._address)
        self._port.unplug()

    def _close(self) -> None:
        self._unplug()
        self._closing = True
