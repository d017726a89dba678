"""What every command has at hand: the settings, the stores, and one way to print."""

import argparse
import getpass
import json
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

import pysqlite3 as sqlite3

from kiosk_app.app_socket import AppSocketError, running_app
from kiosk_app.configuration import Settings
from kiosk_app.domain.records import Draft, Kind
from kiosk_app.journal.database import APP_LOCK_FILE, JOURNAL_FILE, is_locked
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.reader import JournalReader
from kiosk_app.journal.system_clock import SystemClock
from kiosk_app.terminal.lending import Device

Commands: TypeAlias = "argparse._SubParsersAction[Any]"  # noqa: SLF001 - argparse names it nowhere else
DISTRIBUTION = "hall-kiosk"


class CommandError(RuntimeError):
    """Wrong use or bad input; the message is one line that says what to do."""


@dataclass(frozen=True)
class Context:
    """One run of kiosk-admin."""

    config: Path
    settings: Settings
    arguments: argparse.Namespace

    @property
    def directory(self) -> Path:
        """The storage directory."""
        return self.settings.storage.directory

    @property
    def operator(self) -> str:
        """Who runs the command, as the system knows them."""
        try:
            return getpass.getuser()
        except (KeyError, OSError):
            return f"uid {os.getuid()}"

    @contextmanager
    def journal(self) -> Iterator[Journal]:
        """The journal for appending; started if there is none yet. Raises `JournalUnavailableError`."""
        journal = Journal.open_or_start(
            self.directory,
            device_id=self.settings.terminal.device_id,
            clock=SystemClock(),
            software=f"{DISTRIBUTION} {version(DISTRIBUTION)}",
        )
        try:
            yield journal
        finally:
            journal.close()

    @contextmanager
    def reader(self) -> Iterator[JournalReader]:
        """The journal for reading. Raises `CommandError` where there is none."""
        if not (self.directory / JOURNAL_FILE).exists():
            raise CommandError(f"{self.directory / JOURNAL_FILE}: no journal yet; it is started by kiosk-app")
        try:
            reader = JournalReader.open(self.directory)
        except sqlite3.Error as error:
            raise CommandError(f"{self.directory / JOURNAL_FILE}: {error}") from error
        try:
            if not reader.is_started:
                raise CommandError(f"{self.directory / JOURNAL_FILE}: the journal is just being started; try again")
            yield reader
        finally:
            reader.close()

    @contextmanager
    def hall(self) -> Iterator[HallStore]:
        """The hall's data."""
        hall = HallStore.open(self.directory)
        try:
            yield hall
        finally:
            hall.close()

    @contextmanager
    def delivery(self) -> Iterator[DeliveryStore]:
        """What has become of the records at the platform."""
        store = DeliveryStore.open(self.directory)
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def borrowed(self, device: Device) -> Iterator[None]:
        """Have a device's port for this command: free anyway while no app runs, else lent by the app.

        Raises `CommandError` where the app does not lend it now. Where a citizen comes meanwhile who needs the device,
        the command ends as by Ctrl-C: a key that they press is theirs alone, and counts (R3, R6). So it does where the
        app ends: the one that is started next needs its port.
        """
        app = running_app(self.directory)
        if app is None:
            if is_locked(self.directory / APP_LOCK_FILE):
                raise CommandError("kiosk-app owns the port and does not answer; look into its log, or restart it")
            yield
            return
        try:
            with app.borrow(device.value, f"kiosk-admin of {self.operator}", _end_for_a_citizen, _end_with_the_app):
                yield
        except AppSocketError as error:
            raise CommandError(str(error)) from error

    def note_action(self, journal: Journal, action: str, target: str, outcome: str) -> None:
        """Record what the operator did."""
        payload = {"operator": self.operator, "action": action, "target": target, "outcome": outcome}
        journal.append(Draft(Kind.OPERATOR_ACTION, payload, SystemClock().now()))

    def print_rows(self, rows: Iterable[dict[str, Any]], columns: tuple[str, ...]) -> None:
        """One JSON object a line with `--json`, else a table of these columns."""
        if self.arguments.json:
            for row in rows:
                print_json(row)
            return
        cells = [columns, *(tuple(_cell(row.get(column)) for column in columns) for row in rows)]
        widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
        for line in cells:
            padded = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
            print("  ".join(padded).rstrip())


def _end_for_a_citizen() -> None:
    _end("a citizen is asked to rate and needs the device; try again later")


def _end_with_the_app() -> None:
    _end("kiosk-app, which had lent the device, has ended; try again")


def _end(why: str) -> None:
    print(f"kiosk-admin: {why}", file=sys.stderr)
    # A command that a script has put into the background hears no Ctrl-C.
    is_heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT if is_heard else signal.SIGTERM)


def print_json(value: Any) -> None:
    """One object on one line, Chinese as it is."""
    print(json.dumps(value, ensure_ascii=False))


def add_json(parser: argparse.ArgumentParser) -> None:
    """For commands that print data."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def _cell(value: object) -> str:
    """One line, whatever a platform or a file wrote."""
    return "-" if value is None else " ".join(str(value).split())


def _width(text: str) -> int:
    """Columns on a terminal; a Chinese character takes two."""
    return sum(2 if ord(character) >= 0x1100 else 1 for character in text)
