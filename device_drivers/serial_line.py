"""One serial port with one owner thread: opened exclusively, read, written, lost and found again.

Everything that is done to the port is done by that thread, so that none of pyserial's races between threads can occur
(a close during a read, a cancelled read that hits the next one). The thread ends with `close()` and never before; while
the port is lent to somebody else it waits.
"""

import contextlib
import os
import select
import threading
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol

import serial
import structlog

from device_drivers.connection_report import ConnectionReport
from device_drivers.open_port import LOST, FlowControl, LineSettings, boottime, open_exclusively
from device_drivers.port_book import NamedPort, PortAccess, PortsAmbiguousError
from device_drivers.port_scout import Heard, OpenPort, RecogniserMaker, Scout
from device_drivers.serial_ports import PortLister, explain, present_ports

__all__ = ["FlowControl", "LineListener", "LineSettings", "NotReleasedError", "SerialLine", "boottime"]

log = structlog.get_logger()

RETRY_SECONDS = 0.4
"""Pause between two attempts to open: three misses take about a second, a replugged device is found well within 5 s."""

POLL_SECONDS = 0.2
"""Longest wait for bytes."""

WRITE_TIMEOUT_SECONDS = 1.0
"""A port that takes no byte for so long is treated as lost."""

RELEASE_SECONDS = 5.0
"""Longest wait for the port to be closed: what the line's thread is busy with has ended long before."""

LOOK_SECONDS = 0.5
"""How often the ports are looked at again while several may be the one."""

STANDS_SECONDS = 2.0
"""How often a port whose device has not proved itself yet is compared with what is plugged in."""


class NotReleasedError(RuntimeError):
    """The port cannot be lent now; the message is one line that says what to do."""


class LineListener(Protocol):
    """What happens on the line, told by the line's own thread; times are CLOCK_BOOTTIME in seconds.

    A call should be short. One that raises is logged, and the line goes on.
    """

    def connection_began(self, at: float) -> None:
        """The port was opened, also after a glitch that is not told: bytes from now on belong to a new connection."""
        ...

    def received(self, data: bytes, at: float) -> None:
        """Bytes arrived."""
        ...

    def silent(self, until: float) -> None:
        """Nothing arrived since the last bytes, up to `until`: the port was seen empty, no stamps were compared."""
        ...

    def written(self, data: bytes, at: float) -> None:
        """Bytes were handed to the port: those of one `write` call, or a part of them where the line is patient."""
        ...

    def connection_changed(self, connected: bool, detail: str) -> None:
        """The port is in use, or gone (three misses in a row); `detail` says why and what to do."""
        ...


class SerialLine:
    """A serial port that may come and go; `write` and `close` may be called from any thread."""

    def __init__(
        self,
        port: str | PortAccess,
        settings: LineSettings,
        listener: LineListener,
        *,
        poll_seconds: float = POLL_SECONDS,
        write_timeout: float | None = WRITE_TIMEOUT_SECONDS,
        list_ports: PortLister = present_ports,
        make_recogniser: RecogniserMaker | None = None,
    ) -> None:
        """Prepare the line; `port` is a path, a name by USB ids, "auto", or the way to a port of a `PortBook`.

        `poll_seconds` is how often silence is told. Without a `write_timeout` the line is patient: a port that takes
        nothing, as a printer's without paper, is read meanwhile and not called lost. With a recogniser it listens to
        all ports that may be the one, where the book cannot tell.
        """
        self._access: PortAccess = NamedPort(port, list_ports) if isinstance(port, str) else port
        self._port = self._access.name
        self._make_recogniser = make_recogniser
        self._settings = settings
        self._listener = listener
        self._poll_seconds = min(poll_seconds, POLL_SECONDS)
        self._write_timeout = write_timeout
        self._report = ConnectionReport()
        self._outgoing: deque[bytes | None] = deque()
        """None among the bytes: here the port is to forget what it has not sent."""
        self._guard = threading.Condition()
        self._is_open = False
        self._lent: str | None = None
        """What is told of the port while somebody else uses it."""
        self._is_resting = False
        """The thread has closed the port and waits for `take_back`."""
        self._wake = -1
        self._stopping = threading.Event()
        self._asks = False
        self._open_name: str | None = None
        self._look_at = 0.0
        self._thread = threading.Thread(target=self._run, name=f"serial-line {self._port}", daemon=True)

    @property
    def connected(self) -> bool:
        """Whether the port was last told to be in use."""
        return self._report.connected and self._is_wanted

    @property
    def detail(self) -> str:
        """Why the port is away at this moment, and what to do; empty while it works."""
        return self._report.detail

    @property
    def asks(self) -> bool:
        """Whether several ports may be the one, so that a person has to help; `detail` says how."""
        return self._asks

    @property
    def port_name(self) -> str | None:
        """The device that is open at this moment."""
        return self._open_name

    def confirm(self) -> None:
        """The device at the open port proved that it is the one. For the listener, on the line's own thread."""
        self._access.confirm()

    def start(self) -> None:
        """Start the owner thread; the port need not be there yet."""
        self._wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._thread.start()

    def write(self, data: bytes) -> bool:
        """Send bytes soon; without an open port they are dropped, as a late answer would answer something else.

        Tells whether the port was open.
        """
        with self._guard:
            if self._is_open:
                self._outgoing.append(data)
                self._wake_up()
            return self._is_open

    def discard(self) -> None:
        """Forget all bytes that have not left this machine; what is written from now on is sent."""
        with self._guard:
            self._outgoing.clear()
            if self._is_open:
                self._outgoing.append(None)
                self._wake_up()

    def release(self, detail: str) -> None:
        """Write what still waits and close the port, for somebody else to use it; the listener is told `detail`.

        The port is free when this returns, and nothing is told any more that came from it. From any thread, again and
        again; called by the listener itself, the port is free as soon as that call has returned.
        Raises `NotReleasedError` where the port is still in use after `RELEASE_SECONDS`, or somebody else took it back
        meanwhile; it then stays in use.
        """
        with self._guard:
            if self._stopping.is_set():
                return
            self._lent = detail
            if self._thread.ident is None:
                return
            self._wake_up()
            if threading.current_thread() is self._thread:
                return
            self._guard.wait_for(lambda: self._is_resting or self._is_resting_over(), RELEASE_SECONDS)
            if not self._is_resting and not self._stopping.is_set():
                self._lent = None
                raise NotReleasedError(f"{self._port} is still in use; try again")

    def take_back(self) -> None:
        """Look for the port again; nothing happens if it was not released."""
        with self._guard:
            self._lent = None
            self._guard.notify_all()

    def close(self) -> None:
        """Write what still waits, close the port and end the thread; returns when it has ended."""
        with self._guard:
            if not self._stopping.is_set() and self._thread.ident is not None:
                self._stopping.set()
                self._wake_up()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                try:
                    self._use_port()
                except Exception:
                    log.exception("serial line failed", port=self._port)
                self._stay_away()
        finally:
            with self._guard:
                self._stopping.set()
                self._guard.notify_all()
                os.close(self._wake)

    def _wake_up(self) -> None:
        """Let the thread look again, whatever it waits for."""
        os.eventfd_write(self._wake, 1)
        self._guard.notify_all()

    @property
    def _is_wanted(self) -> bool:
        """Whether the port is to be used by this line."""
        return self._lent is None and not self._stopping.is_set()

    def _stay_away(self) -> None:
        """Leave the port alone: for a moment after it was lost, and as long as it is lent."""
        with self._guard:
            self._guard.wait_for(lambda: not self._is_wanted, RETRY_SECONDS)
            detail = self._lent
            if detail is None or self._stopping.is_set():
                return
            self._asks = False
            is_news = self._report.set_aside(detail)
            self._is_resting = True
            self._guard.notify_all()
        log.info("serial port released", port=self._port, detail=detail)
        # Only now: whoever waits for the port may hold what the listener needs.
        if is_news:
            self._tell(partial(self._listener.connection_changed, False, detail))
        with self._guard:
            self._guard.wait_for(self._is_resting_over)
            self._is_resting = False

    def _is_resting_over(self) -> bool:
        return self._lent is None or self._stopping.is_set()

    def _use_port(self) -> None:
        """Open the port and serve it until it is lost, lent, or the line is closed."""
        if not self._is_wanted:
            return
        path = self._port
        try:
            try:
                path = self._access.claim()
                opened: OpenPort | None = self._open_now(path)
            except PortsAmbiguousError as error:
                opened = self._scout(error)
            if opened is not None:
                path = str(opened.port.name)
                self._serve(opened)
        except (*LOST, ValueError) as error:  # ValueError: the port's driver refuses the speed
            self._asks = self._asks and isinstance(error, PortsAmbiguousError)
            self._missed(explain(path, error))
        finally:
            self._access.release()

    def _scout(self, error: PortsAmbiguousError) -> OpenPort | None:
        """Listen to all ports that may be the one until it is known; only lines that can recognise it do."""
        if self._make_recogniser is None:
            self._asks = True
            self._missed(str(error))
            return None
        with contextlib.closing(Scout(self._open, self._make_recogniser, self._poll_seconds)) as scout:
            while self._is_wanted:
                try:
                    path = self._access.claim()
                    return scout.take(path) or self._open_now(path)
                except PortsAmbiguousError as error:
                    scout.listen_on(error.candidates)
                    self._asks = True
                    self._missed("; ".join((str(error), *scout.troubles.values())))
                if device := self._listen(scout):
                    return scout.take(device)
        return None

    def _listen(self, scout: Scout) -> str | None:
        """The port whose device proved to be ours; None if none has when it is time to look at the ports again."""
        until = boottime() + LOOK_SECONDS
        while self._is_wanted and boottime() < until:
            scout.turn(self._wake)
            with contextlib.suppress(BlockingIOError):
                os.eventfd_read(self._wake)
            for device in scout.others():
                self._access.heard_another(device)
            if (found := scout.ours()) and self._access.recognised(found):
                return found
        return None

    def _open_now(self, path: str) -> OpenPort:
        port = self._open(path)
        return OpenPort(port, boottime())

    def _open(self, path: str) -> serial.Serial:
        return open_exclusively(path, self._settings, self._write_timeout)

    def _serve(self, opened: OpenPort) -> None:
        """Use the port; what it said before it was known to be the one is told first, with its own times."""
        port = opened.port
        log.info("serial port opened", port=port.name)
        self._asks, self._open_name = False, str(port.name)
        with self._guard:
            self._is_open = True
        try:
            self._tell(partial(self._listener.connection_began, opened.opened_at))
            if self._report.opened(opened.opened_at):
                self._tell_connected(port)
            self._tell_heard(port, opened.heard)
            while self._is_wanted and self._stands():
                self._turn(port)
            self._write_waiting(port)
        finally:
            self._open_name = None
            with self._guard:
                self._is_open = False
                self._outgoing.clear()
            opened.close()

    def _tell_heard(self, port: serial.Serial, heard: Iterable[Heard]) -> None:
        for data, at in heard:
            if data:
                self._tell(partial(self._listener.received, data, at))
                if self._report.alive(at, spoke=True):
                    self._tell_connected(port)
            else:
                self._tell(partial(self._listener.silent, at))

    def _stands(self) -> bool:
        """Whether the port is still the best guess; only a line that can recognise its device ever changes its mind."""
        if self._make_recogniser is None or boottime() < self._look_at:
            return True
        self._look_at = boottime() + STANDS_SECONDS
        return self._access.stands()

    def _turn(self, port: serial.Serial) -> None:
        """One wait for bytes to read, bytes to write, or silence."""
        before = boottime()
        # Only a patient line has something left to send here: its port was full.
        full = [port.fileno()] if self._outgoing else []
        readable, writable, _ = select.select([port.fileno(), self._wake], full, [], self._poll_seconds)
        now = boottime()
        if self._wake in readable:
            os.eventfd_read(self._wake)
        data = port.read(max(1, port.in_waiting)) if port.fileno() in readable else b""
        if data:
            self._tell(partial(self._listener.received, data, now))
        else:
            # The port was empty when the wait ended. `now` may be later than that, where the thread was held up.
            self._tell(partial(self._listener.silent, before if readable or writable else before + self._poll_seconds))
        if self._report.alive(now, spoke=bool(data)):
            self._tell_connected(port)
        self._write_waiting(port)

    def _write_waiting(self, port: serial.Serial) -> None:
        while data := (self._write_next(port) if self._write_timeout is not None else self._write_some(port)):
            self._tell(partial(self._listener.written, data, boottime()))

    def _write_next(self, port: serial.Serial) -> bytes:
        """Hand over the bytes of one `write` call, or find the port lost; returns them, none if nothing waits."""
        with self._guard:
            data = self._outgoing.popleft() if self._outgoing else b""
        if data is None:
            port.reset_output_buffer()
            return self._write_next(port)
        port.write(data)
        return data

    def _write_some(self, port: serial.Serial) -> bytes:
        """Hand over what the port takes at once; returns it, none if nothing waits or the port is full."""
        with self._guard, contextlib.suppress(BlockingIOError):
            while self._outgoing:
                data = self._outgoing.popleft()
                if data is None:
                    port.reset_output_buffer()
                    continue
                self._outgoing.appendleft(data)
                taken = os.write(port.fileno(), data)
                self._outgoing[0] = data[taken:]
                if taken == len(data):
                    self._outgoing.popleft()
                return data[:taken]
        return b""

    def _missed(self, cause: str) -> None:
        if cause != self._report.last_cause:  # a port that is away all night is one line, not 200,000
            log.warning("serial port missed", port=self._port, cause=cause)
        if self._report.missed(cause):
            self._tell(partial(self._listener.connection_changed, False, self._report.detail))

    def _tell_connected(self, port: serial.Serial) -> None:
        self._tell(partial(self._listener.connection_changed, True, f"listening at {port.name}"))

    def _tell(self, call: Callable[[], None]) -> None:
        """Call the listener; its faults, an OSError too, must not pass for a lost port nor end the thread."""
        try:
            call()
        except Exception:
            log.exception("a listener of the serial line failed", port=self._port)
