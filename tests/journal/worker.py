"""Other processes of the same terminal: real ones, that write, read, are killed, and run out of disk.

They come from a fork server that has imported everything before, so that dozens of them cost little. What each has
appended durably it tells through a pipe, one record a message.
"""

import multiprocessing
import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from kiosk_app.domain.queue_numbers import ticket_no
from kiosk_app.journal import kiosk_projections
from kiosk_app.journal.backup import back_up, read_copy
from kiosk_app.journal.journal import AlreadyRecordedError, JournalUnavailableError
from kiosk_app.journal.old_storage import Held
from kiosk_app.journal.reader import JournalReader
from kiosk_app.journal.restore import Circumstances, restore
from kiosk_app.journal.system_clock import SystemClock
from tests.journal import drafts
from tests.journal.storage import DEVICE, open_journal

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.journal.worker"])


@contextmanager
def process(work: Callable[..., None], *arguments: Any) -> Iterator[tuple[BaseProcess, Connection]]:
    """A process that does `work(pipe, *arguments)`; ended with the block, whatever it does."""
    here, there = _PROCESSES.Pipe(duplex=True)
    child = _PROCESSES.Process(target=work, args=(there, *arguments), daemon=True)
    child.start()
    there.close()
    try:
        yield child, here
    finally:
        child.kill()
        child.join()
        child.close()
        here.close()


def told(pipe: Connection) -> Iterator[Any]:
    """All that a process tells until it ends or is killed."""
    try:
        while True:
            yield pipe.recv()
    except (EOFError, OSError):
        return


# What the processes do


def start(pipe: Connection, directory: Path) -> None:
    """Open the journal, or start it, when told so."""
    pipe.send("ready")
    pipe.recv()
    with closing(open_journal(directory, SystemClock())) as journal:
        (record,) = journal.append(drafts.action(SystemClock().now()))
        pipe.send((record.sequence, record.hash))


def write(pipe: Connection, directory: Path, visits: int) -> None:
    """Append whole visits, telling each record once it is on the disk."""
    clock = SystemClock()
    pipe.send("started")
    with closing(open_journal(directory, clock)) as journal:
        for _ in range(visits):
            for draft in drafts.whole_visit(clock.now()):
                (record,) = journal.append(draft)
                pipe.send((record.sequence, record.hash))


def read(pipe: Connection, directory: Path) -> None:
    """Read all there is, again and again, until told to stop; tell how far it came and what was wrong."""
    faults: list[str] = []
    seen = 0
    with closing(JournalReader.open(directory)) as reader:
        pipe.send("reading")
        while not pipe.poll():
            previous = None
            for record in reader.all_records():
                if previous is not None and record.previous_hash != previous:
                    faults.append(f"broken at {record.sequence}")
                previous = record.hash
            head = reader.head()
            seen = max(seen, head[0] if head else 0)
    pipe.send((seen, faults))


def take_numbers(pipe: Connection, directory: Path, count: int) -> None:
    """Take so many numbers of one lease, going on after each that somebody else was faster with; tell each."""
    clock = SystemClock()
    with closing(open_journal(directory, clock)) as journal:
        while count:
            now = clock.now()
            number = ticket_no("A", (journal.last_serial("n-1", now.wall.date()) or 0) + 1, False)
            with suppress(AlreadyRecordedError):
                journal.append(drafts.ticket(now, number))
                pipe.send(number)
                count -= 1


def fill_the_disk(pipe: Connection, directory: Path, room: int) -> None:
    """Append until no file may grow any more; then, with room again, go on."""
    clock = SystemClock()
    with closing(open_journal(directory, clock)) as journal:
        for _ in range(20):
            journal.append(*drafts.whole_visit(clock.now()))
        limit = max(path.stat().st_size for path in directory.iterdir()) + room
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        kept = journal.head()
        refusals = 0
        while refusals < 3:
            try:
                kept = _head_of(journal.append(*drafts.whole_visit(clock.now())))
            except JournalUnavailableError as error:
                refusals += 1
                pipe.send(("refused", str(error)))
        pipe.send(("kept", kept, journal.head()))
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        pipe.send(("again", _head_of(journal.append(*drafts.whole_visit(clock.now())))))


def die_at(step: int) -> None:
    """Be killed, as by kill -9, at the `step`-th of all the moments at which something becomes durable or named."""
    left = [step]

    def counted(change: Callable[..., Any]) -> Callable[..., Any]:
        def change_or_die(*arguments: Any, **options: Any) -> Any:
            left[0] -= 1
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return change(*arguments, **options)

        return change_or_die

    for name in ("rename", "unlink", "mkdir", "fsync"):
        setattr(os, name, counted(getattr(os, name)))


def back_up_until(pipe: Connection, directory: Path, place: Path, config: Path, step: int) -> None:
    """Make a copy, and be killed at a step of it."""
    die_at(step)
    back_up(directory, place, config)
    pipe.send("done")


def restore_until(pipe: Connection, directory: Path, copy_path: Path, platform_holds: int, step: int) -> None:
    """Bring a copy back, and be killed at a step of it."""
    by = Circumstances(DEVICE, "technician", "test 1", SystemClock(), lambda _: Held(platform_holds), set_aside=True)
    copy = read_copy(copy_path)
    die_at(step)
    restore(directory, copy, by)
    pipe.send("done")


def upgrade_until(pipe: Connection, directory: Path, end: str) -> None:
    """Bring an old journal to the newest schema, and be killed, or find no room, while its numbers are counted."""
    apply, left = kiosk_projections.apply, [20]

    def apply_until(connection: Any, record: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            pipe.send("begun")
            if end == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            # The commit writes everything that was changed, and finds room for a part of it.
            resource.setrlimit(resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY))
        apply(connection, record)

    kiosk_projections.apply = apply_until
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        open_journal(directory, SystemClock()).close()
    except JournalUnavailableError as error:
        pipe.send(str(error))


def _head_of(records: list[Any]) -> tuple[int, str]:
    return records[-1].sequence, records[-1].hash
