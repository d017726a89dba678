"""A whole kiosk: the real app with a finger on its screen, a simulated printer on a pty, a platform that it shares."""

import json
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from device_drivers.simulated.printer import SimulatedPrinter
from kiosk_app.domain.records import Record
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.reader import JournalReader
from tests.end_to_end.program import BIN, PATIENCE, Program, TouchedApp
from tests.end_to_end.terminal import HALL_ID, HALL_KEY, PUBLIC_URL, SECRET, wait_until

SETTINGS = """
[terminal]
device_id  = "{device_id}"
short_id   = {short_id}
profile    = "kiosk"
hall       = "测试政务服务中心"
area_code  = "640181000000"

[storage]
directory  = "data"

[platform]
url           = "{url}"
public_url    = "{public_url}"
secret_file   = "platform.secret"
push_seconds  = 1
pull_seconds  = 2
seal_key_file = "platform.pem"

[printer]
port = "{printer}"

[kiosk]
idle_seconds = {idle_seconds}

[rating_code]
hall_id  = {hall_id}
key_file = "hall.key"
"""


class Kiosk:
    """Owns everything it starts but the platform; `close` ends it all."""

    def __init__(
        self,
        directory: Path,
        url: str,
        *,
        device_id: str,
        short_id: int,
        seal_key: RSAPrivateKey,
        idle_seconds: int = 60,
        profile: str = "epson-h",
    ) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.printer = SimulatedPrinter(profile, link=directory / "printer")
        for name, text in (("platform.secret", SECRET), ("hall.key", HALL_KEY.hex())):
            (directory / name).touch(mode=0o600)
            (directory / name).write_text(text)
        public = seal_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (directory / "platform.pem").write_bytes(public)
        settings = SETTINGS.format(
            device_id=device_id,
            short_id=short_id,
            url=url,
            public_url=PUBLIC_URL,
            printer=directory / "printer",
            idle_seconds=idle_seconds,
            hall_id=HALL_ID,
        )
        (directory / "terminal.toml").write_text(settings)
        self._app: TouchedApp | None = None
        self.agent: Program | None = None

    def __enter__(self) -> "Kiosk":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End app, agent and printer."""
        for program in (self._app, self.agent):
            if program is not None and program.is_running:
                program.kill()
        self.printer.close()

    @property
    def app(self) -> TouchedApp:
        """The running app."""
        assert self._app is not None
        return self._app

    def start_app(self, *arguments: str) -> TouchedApp:
        """Start kiosk-app; returns when home is shown and the printer is found."""
        self._app = TouchedApp("touched_app", "--config", str(self.directory), "--windowed", *arguments)
        self._app.wait_page("home")
        self._app.wait_for_log("printer condition")
        return self._app

    def start_agent(self) -> Program:
        """Start sync-agent; returns when it runs."""
        self.agent = Program("sync-agent", "--config", str(self.directory))
        self.agent.wait_for_log("started")
        return self.agent

    def wait_for_items(self) -> None:
        """Wait until what the hall offers has been pulled."""

        def pulled() -> bool:
            with closing(HallStore.open(self.directory / "data")) as hall:
                return bool(hall.entries("items"))

        wait_until(pulled, "items are pulled")

    def admin(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run one kiosk-admin command to its end."""
        command = [str(BIN / "kiosk-admin"), "--config", str(self.directory), *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE * 2, check=False)

    def rows(self, *arguments: str) -> list[dict[str, Any]]:
        """What a kiosk-admin command prints with --json."""
        done = self.admin(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def sync(self) -> int:
        """One `sync-agent --once`; its exit code."""
        command = [str(BIN / "sync-agent"), "--config", str(self.directory), "--once"]
        return subprocess.run(command, capture_output=True, timeout=PATIENCE * 2, check=False).returncode

    def records(self, kind: str | None = None) -> list[Record]:
        """What is in the journal, read while the app runs."""
        reader = JournalReader.open(self.directory / "data")
        try:
            return list(reader.all_records(kind=kind))
        finally:
            reader.close()

    def wait_until_recorded(self, kind: str, count: int) -> list[Record]:
        """Wait until so many records of a kind are in the journal."""
        wait_until(lambda: len(self.records(kind)) >= count, f"{count} {kind}")
        return self.records(kind)


def new_seal_key() -> RSAPrivateKey:
    """The platform's key for sealed data."""
    return generate_private_key(public_exponent=65537, key_size=2048)
