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

from device_drivers.evaluator.protocol import EvaluatorProtocol
from device_drivers.serial_line import boottime
from device_drivers.simulated.evaluator_frames import (
    HostMessage,
    HostMessages,
    foreign_frame,
    frame_with_wrong_checksum,
    frame_with_wrong_length,
    press_frame,
)
from device_drivers.simulated.pty_port import PtyPort

REPEAT_SECONDS = 0.3
"""How often a press is repeated until it is acknowledged, where that is asked for."""

WAIT_SECONDS = 10.0
"""How long a caller waits for the device's thread, or by default for a message of the host."""

_TURN_SECONDS = 0.1


class SimulatedEvaluator:
    """One device; its thread does all reading and writing, the methods may be called from any thread.

    Three habits can be turned on and off at any time: `silent` (the device neither sends nor hears), `echo` (the line
    gives back what the host sends) and `repeat_until_acknowledged`.
    """

    def __init__(
        self,
        protocol: EvaluatorProtocol,
        address: int | None = None,
        link: Path | None = None,
        on_message: Callable[[HostMessage], None] | None = None,
    ) -> None:
        """Plug the device in; `link` is a path that stays the same, `on_message` is called by the device's thread."""
        self.silent = False
        self.echo = False
        self.repeat_until_acknowledged = False
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
        """Press a key."""
        frame = press_frame(self._protocol, level, self._address)
        self._do(lambda: self._press(frame))

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
            readable, _, _ = select.select(watched, [], [], _TURN_SECONDS)
            if self._wake in readable:
                os.eventfd_read(self._wake)
            if self._port.plugged and self._port.fileno() in readable:
                self._hear(self._port.read())
            self._obey()
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
        self._send(frame)
        if self.repeat_until_acknowledged:
            self._repeated, self._repeat_at = frame, boottime() + REPEAT_SECONDS

    def _repeat(self) -> None:
        if self._repeated is not None and boottime() >= self._repeat_at:
            self._press(self._repeated)

    def _send(self, data: bytes) -> None:
        if self._port.plugged and not self.silent:
            self._port.write(data)

    def _send_split(self, frame: bytes, pause_seconds: float) -> None:
        for byte in frame:
            self._send(bytes([byte]))
            time.sleep(pause_seconds)

    def _unplug(self) -> None:
        self._repeated = None
        self._messages = HostMessages(self._protocol, self._address)
        self._port.unplug()

    def _close(self) -> None:
        self._unplug()
        self._closing = True
