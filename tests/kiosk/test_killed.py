"""Two kiosks of a hall, each a process, killed again and again: no number is shown twice, none is lost (R22)."""

import subprocess
import sys
from contextlib import ExitStack, closing
from pathlib import Path

from kiosk_app.domain.records import Record
from kiosk_app.journal.reader import JournalReader
from kiosk_app.journal.verification import verify

KILLS = 3
SHOWN_BEFORE_A_KILL = 4


def start(directory: Path, first: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.kiosk.worker", str(directory), str(first)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def numbers_until_killed(process: "subprocess.Popen[str]") -> list[str]:
    assert process.stdout is not None
    shown: list[str] = []
    while len(shown) < SHOWN_BEFORE_A_KILL:
        line = process.stdout.readline().strip()
        assert line or process.poll() is None
        shown += [line] * line.startswith("A")  # the log speaks there, too
    process.kill()
    rest, _ = process.communicate()
    return shown + [line for line in rest.split("\n")[:-1] if line.startswith("A")]


def tickets(directory: Path) -> list[Record]:
    with closing(JournalReader.open(directory)) as reader:
        return list(reader.all_records(kind="ticket_issued"))


def test_no_number_is_given_twice_and_none_is_shown_that_is_not_on_the_disk(tmp_path: Path) -> None:
    directories = {first: tmp_path / f"kiosk-{first}" for first in (1, 2)}
    shown: list[str] = []
    for _ in range(KILLS):
        with ExitStack() as processes:
            running = [processes.enter_context(start(directory, first)) for first, directory in directories.items()]
            for process in running:
                processes.callback(process.kill)
            for process in running:
                shown += numbers_until_killed(process)
    recorded = [t.payload["ticket_no"] for directory in directories.values() for t in tickets(directory)]
    codes = [t.payload["rating_code"] for directory in directories.values() for t in tickets(directory)]
    assert len(set(shown)) == len(shown) >= 2 * KILLS * SHOWN_BEFORE_A_KILL
    assert set(shown) <= set(recorded)
    assert len(set(recorded)) == len(recorded)
    assert len(set(codes)) == len(codes)
    for directory in directories.values():
        assert verify(directory).holds
