"""A ticket printer that speaks real bytes on a pty, prints on paper that tests can read, and fails on demand."""

import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from device_drivers.printer.paper import PAPERS
from device_drivers.serial_line import boottime
from device_drivers.simulated.printer_commands import Command, next_command
from device_drivers.simulated.printer_interpreter import Interpreter
from device_drivers.simulated.printer_model import PROFILES, Profile, Sensors
from device_drivers.simulated.printer_paper import Paper
from device_drivers.simulated.pty_port import PtyPort

WAIT_SECONDS = 10.0
"""How long a caller waits for the device's thread, or by default for something to be printed."""

BUFFER_BYTES = 4096
"""What the printer holds; then it takes no more until it has printed, as with hardware flow control."""

_TURN_SECONDS = 0.1
_PIECE_BYTES = 16
"""How many bytes are taken at once where the line has a speed."""

_REAL_TIME_SIZES = {0x04: 3, 0x05: 3, 0x14: 10}
_CLEAR = bytes.fromhex("10 14 08 01 03 14 01 06 02 08")
_CLEARED = bytes.fromhex("37 25 00")


class SimulatedPrinter:
    """One printer; its thread does all reading and printing, the methods may be called from any thread.

    What it holds unprinted when paper runs out or the cover opens, it prints afterwards, unless it is cleared. These
    can be changed at any time: `answers_late` (seconds by which each answer is late), `is_silent` (no answers at all),
    `is_reading` (whether it takes bytes), `is_printing` (whether it prints what it took; it says that all is well all
    the same), `baud` (paces the line; 0 is as fast as it goes).
    """

    def __init__(
        self,
        profile: str = "epson-h",
        width_mm: int = 80,
        link: Path | None = None,
        on_paper: Callable[[int, Paper], None] | None = None,
    ) -> None:
        """Plug the printer in; `link` is a path that stays the same. Raises ValueError for an unknown profile.

        `on_paper` is called by the printer's thread for each paper that is cut off, with its number from 1.
        """
        if profile not in PROFILES:
            raise ValueError(f"no such profile: {profile}; known: {', '.join(PROFILES)}")
        self.answers_late = 0.0
        self.is_silent = False
        self.is_reading = True
        self.is_printing = True
        self.baud = 0
        self._on_paper = on_paper
        self._profile: Profile = PROFILES[profile]
        self._sensors = Sensors()
        self._interpreter = Interpreter(PAPERS[width_mm].dots)
        self._port = PtyPort(link)
        self._buffer = bytearray()
        self._real_time = bytearray()
        self._received = bytearray()
        self._processed_bytes = 0
        self._lose = 0
        self._automatic_mask = 0
        self._automatic_told = b""
        self._answers: deque[tuple[float, bytes]] = deque()
        self._faults: list[tuple[Callable[[], bool], Callable[[], None]]] = []
        self._changed = threading.Condition()
        self._orders: deque[tuple[Callable[[], None], Future[None]]] = deque()
        self._closing = False
        self._wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._thread = threading.Thread(target=self._run, name="simulated-printer", daemon=True)
        self._thread.start()

    def __enter__(self) -> "SimulatedPrinter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def port(self) -> str:
        """What the app has to open."""
        return self._port.path

    @property
    def profile(self) -> str:
        """The name of its model's profile."""
        return self._profile.name

    def close(self) -> None:
        """Unplug for good and end the thread."""
        if self._closing:
            return
        self._do(self._close)
        self._thread.join()
        os.close(self._wake)

    # What it has printed.

    @property
    def papers(self) -> list[Paper]:
        """All papers that were cut off."""
        return self._interpreter.papers

    @property
    def hanging(self) -> Paper:
        """The paper that is printed on and not cut off."""
        return self._interpreter.hanging

    @property
    def violations(self) -> list[str]:
        """What a real printer of this model would have garbled."""
        return self._interpreter.violations

    @property
    def received(self) -> bytes:
        """All bytes so far."""
        return bytes(self._received)

    @property
    def held_bytes(self) -> int:
        """How many bytes are taken in and not printed."""
        return len(self._buffer)

    def wait_papers(self, count: int, timeout: float = WAIT_SECONDS) -> list[Paper]:
        """Wait until so many papers were cut off. Raises TimeoutError."""
        self.wait(lambda: len(self.papers) >= count, f"{count} papers", timeout)
        return self.papers

    def wait(self, wanted: Callable[[], bool], what: str, timeout: float = WAIT_SECONDS) -> None:
        """Wait until something is so, looked at whenever the printer has done something. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(wanted, timeout):
                raise TimeoutError(f"no {what}: {[paper.text for paper in self.papers]}, {self.held_bytes} bytes held")

    # Faults.

    def plug(self) -> None:
        """Plug in again, as a new pty; what it held, it still holds."""
        self._do(self._port.plug)

    def unplug(self) -> None:
        """Pull the cable: who has the port open gets errors."""
        self._do(self._unplug)

    def unplug_after(self, count: int) -> None:
        """Pull the cable when so many more bytes were received."""
        goal = len(self._received) + count
        self._fail_when(lambda: len(self._received) >= goal, self._unplug)

    def end_paper(self) -> None:
        """No paper, from now on."""
        self._sense(paper_out=True)

    def end_paper_after(self, count: int) -> None:
        """No paper when so many more bytes are processed."""
        goal = self._processed_bytes + count
        self._fail_when(lambda: self._processed_bytes >= goal, lambda: self._set(paper_out=True))

    def end_paper_after_lines(self, count: int) -> None:
        """No paper when so many more lines are printed."""
        goal = self._interpreter.printed_lines + count
        self._fail_when(lambda: self._interpreter.printed_lines >= goal, lambda: self._set(paper_out=True))

    def near_end(self) -> None:
        """The roll is nearly used up."""
        self._sense(near_end=True)

    def load_paper(self) -> None:
        """A new roll: printing goes on."""
        self._sense(paper_out=False, near_end=False)

    def open_cover(self) -> None:
        """Nothing is printed from now on."""
        self._sense(cover_open=True)

    def close_cover(self) -> None:
        """Printing goes on."""
        self._sense(cover_open=False)

    def jam_cutter(self) -> None:
        """Nothing is printed from now on."""
        self._sense(cutter_error=True)

    def mend_cutter(self) -> None:
        """A person has cleared the jam: printing goes on."""
        self._sense(cutter_error=False)

    def lose(self, count: int) -> None:
        """So many of the next bytes are lost on the line."""
        self._do(lambda: self._lose_next(count))

    # On the printer's own thread.

    def _do(self, order: Callable[[], None]) -> None:
        """Have the printer's thread do something; returns when it is done."""
        done: Future[None] = Future()
        self._orders.append((order, done))
        os.eventfd_write(self._wake, 1)
        done.result(WAIT_SECONDS)

    def _sense(self, **sensors: bool) -> None:
        self._do(lambda: self._set(**sensors))

    def _set(self, **sensors: bool) -> None:
        for name, value in sensors.items():
            setattr(self._sensors, name, value)
        self._tell_by_itself()

    def _fail_when(self, is_time: Callable[[], bool], fail: Callable[[], None]) -> None:
        self._do(lambda: self._faults.append((is_time, fail)))

    def _lose_next(self, count: int) -> None:
        self._lose += count

    def _run(self) -> None:
        while not self._closing:
            is_taking = self._port.plugged and self.is_reading and len(self._buffer) < BUFFER_BYTES
            readable, _, _ = select.select(
                [self._wake, *([self._port.fileno()] if is_taking else [])], [], [], self._seconds_to_answer()
            )
            if self._wake in readable:
                os.eventfd_read(self._wake)
            if is_taking and self._port.fileno() in readable:
                self._hear(self._port.read(_PIECE_BYTES if self.baud else BUFFER_BYTES))
            self._obey()
            with self._changed:
                self._print()
                self._changed.notify_all()
            self._answer_due()
            self._port.forget_exclusive_use()

    def _seconds_to_answer(self) -> float:
        if not self._answers:
            return _TURN_SECONDS
        return min(_TURN_SECONDS, max(0.0, self._answers[0][0] - boottime()))

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
        if self.baud:
            time.sleep(len(data) * 10 / self.baud)
        for byte in data:
            if self._lose:
                self._lose -= 1
                continue
            self._received.append(byte)
            self._buffer.append(byte)
            self._watch_real_time(byte)
            self._fail_if_due()
            if not self._port.plugged:
                return

    def _fail_if_due(self) -> None:
        due = [fault for fault in self._faults if fault[0]()]
        self._faults = [fault for fault in self._faults if fault not in due]
        for _, fail in due:
            fail()

    def _watch_real_time(self, byte: int) -> None:
        """Real-time commands are obeyed when they arrive, wherever they stand."""
        self._real_time.append(byte)
        if (len(self._real_time) == 2 and byte not in _REAL_TIME_SIZES) or self._real_time[0] != 0x10:
            self._real_time = bytearray(b"\x10" if byte == 0x10 else b"")
        elif len(self._real_time) > 1 and len(self._real_time) == _REAL_TIME_SIZES[self._real_time[1]]:
            command, self._real_time = bytes(self._real_time), bytearray()
            self._obey_real_time(command)

    def _obey_real_time(self, command: bytes) -> None:
        if command[1] == 0x04 and self._profile.answers and command[2] in self._profile.kinds:
            self._answer(self._sensors.real_time(command[2]))
        elif command[1] == 0x05 and command[2] == 2 and self._sensors.cutter_error:
            self._clear()
        elif command == _CLEAR and self._profile.clears:
            self._clear()
            self._answer(_CLEARED)

    def _clear(self) -> None:
        self._buffer.clear()
        self._interpreter.initialise()

    def _print(self) -> None:
        while self.is_printing and not self._sensors.is_stopped:
            command = next_command(bytes(self._buffer[:2]), self._interpreter.chinese)
            if command is None:
                command = next_command(bytes(self._buffer), self._interpreter.chinese)
            if command is None:
                return
            del self._buffer[: len(command.raw)]
            self._processed_bytes += len(command.raw)
            self._execute(command)
            self._fail_if_due()

    def _execute(self, command: Command) -> None:
        papers = len(self.papers)
        match command.name:
            case "real time":
                return
            case "status" if self._profile.answers:
                self._answer(self._sensors.paper() if command.arguments == b"\x01" else b"\x00")
            case "identify" if self._profile.answers:
                is_number = command.arguments[0] < 0x40
                self._answer(b"\x20" if is_number else b"\x5f" + self._profile.model.encode() + b"\x00")
            case "automatic status" if self._profile.answers:
                self._automatic_mask = command.arguments[0] if self._profile.tells_by_itself else 0
                self._automatic_told = b""
                self._tell_by_itself()
            case "answer" if self._profile.answers:  # who does not know it, skips it by its length
                if self._profile.tells_ids and command.arguments[:2] == b"00":
                    self._answer(b"\x37\x22" + command.arguments[2:6] + b"\x00")
            case "initialise":
                self._automatic_mask = 0
                self._interpreter.execute(command)
            case _:
                self._interpreter.execute(command)
        if self._on_paper is not None and len(self.papers) > papers:
            self._on_paper(len(self.papers), self.papers[-1])

    def _tell_by_itself(self) -> None:
        status = self._sensors.automatic()
        if self._automatic_mask and status != self._automatic_told:
            self._automatic_told = status
            self._answer(status)

    def _answer(self, data: bytes) -> None:
        if data and not self.is_silent:
            self._answers.append((boottime() + self.answers_late, data))

    def _answer_due(self) -> None:
        while self._answers and self._answers[0][0] <= boottime():
            _, data = self._answers.popleft()
            if self._port.plugged:
                self._port.write(data)

    def _unplug(self) -> None:
        self._port.unplug()
        self._answers.clear()

    def _close(self) -> None:
        self._unplug()
        self._closing = True
