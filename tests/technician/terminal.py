"""A terminal as a technician meets it: a configuration directory, a storage directory, and kiosk-admin."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.reader import JournalReader
from kiosk_app.technician import command_line
from tests.journal.storage import open_journal
from tests.manual_clock import ManualClock

SETTINGS = """
[terminal]
device_id = "lw-a-w12"
short_id = 12
profile = "window"
hall = "灵武市政务服务中心"
area_code = "640181000000"

[storage]
directory = "storage"

[platform]
url = "https://platform.intra/evaluation"
secret_file = "platform.secret"

[window]
number = "12"
"""


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What it printed with --json: one object a line, nothing else."""
        assert self.status in (0, 1), self.err
        rows = [json.loads(line) for line in self.out.splitlines()]
        assert all(isinstance(row, dict) for row in rows)
        return rows

    @property
    def complaint(self) -> str:
        """The one clear line on stderr of a command that was refused."""
        assert self.status == 2, self
        assert self.out == ""
        (line,) = self.err.splitlines()
        assert line.startswith("kiosk-admin")
        return line


class Terminal:
    """One terminal's directories."""

    def __init__(self, directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.config = directory / "config"
        self.storage = self.config / "storage"
        self._capsys = capsys
        self.config.mkdir()
        secret = self.config / "platform.secret"
        secret.write_text("a secret of the hall", encoding="utf-8")
        secret.chmod(0o600)
        self.configure()

    def configure(self, more: str = "") -> None:
        """Write terminal.toml with more sections."""
        (self.config / "terminal.toml").write_text(SETTINGS + more, encoding="utf-8")

    def admin(self, *arguments: str) -> Said:
        """Run kiosk-admin in this process."""
        self._capsys.readouterr()
        try:
            status = command_line.main(["--config", str(self.config), *arguments])
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        captured = self._capsys.readouterr()
        return Said(status, captured.out, captured.err)

    def done(self, *arguments: str) -> Said:
        """Run it, and it works without a word on stderr."""
        said = self.admin(*arguments)
        assert (said.status, said.err) == (0, "")
        return said

    def command(self, *arguments: str) -> list[str]:
        """The installed script, for a process of its own."""
        return [str(Path(sys.executable).with_name("kiosk-admin")), "--config", str(self.config), *arguments]

    def process(self, *arguments: str, **options: Any) -> Said:
        """Run the installed script."""
        ended = subprocess.run(
            self.command(*arguments),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
            **options,
        )
        return Said(ended.returncode, ended.stdout, ended.stderr)

    @contextmanager
    def journal(self, clock: ManualClock | None = None) -> Iterator[Journal]:
        with closing(open_journal(self.storage, clock)) as journal:
            yield journal

    @contextmanager
    def delivery(self) -> Iterator[DeliveryStore]:
        with closing(DeliveryStore.open(self.storage)) as store:
            yield store

    def records(self) -> list[dict[str, Any]]:
        """What is in the journal, read past kiosk-admin."""
        with closing(JournalReader.open(self.storage)) as reader:
            return [record.to_wire() for record in reader.all_records()]

    def file(self, name: str, content: Any) -> str:
        """A file for the technician to import: as text, as bytes, or as JSON."""
        path = self.config.parent / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return str(path)
