"""Draining a full journal by the agent, against a bare requests loop that posts the same batches to the same server."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import requests

from kiosk_app.configuration import load_settings
from kiosk_app.journal.database import DELIVERY_FILE
from kiosk_app.journal.system_clock import SystemClock
from sync_agent.batches import Body, body_of, idempotency_key
from sync_agent.session import Session
from sync_agent.signing import Algorithm, Signer
from tests.bench.filled_journal import fill, open_journal
from tests.bench.measuring import seconds, tell

ROUNDS = 3
BATCH = 200
SECRET = "a-secret-only-for-benchmarks"
SETTINGS = """
[terminal]
device_id = "bench-w1"
short_id  = 1
profile   = "window"
hall      = "bench"
area_code = "640181000000"
[storage]
directory = "{directory}"
[platform]
url         = "{url}"
secret_file = "platform.secret"
[window]
number = "1"
"""


class Platform:
    """A fresh simulated platform in a process of its own."""

    def __init__(self, secret_file: Path) -> None:
        command = [sys.executable, "-m", "sync_agent.simulated", "platform", "--secret-file", str(secret_file)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self.url = self._stdout.readline().strip()

    def count(self) -> int:
        """How many records it holds."""
        self._stdin.write("stats\n")
        self._stdin.flush()
        return int(json.loads(self._stdout.readline())["records"])

    def close(self) -> None:
        """End it, as its input ends."""
        self._stdin.close()
        self._process.wait(30)
        self._stdout.close()


def run(directory: Path, count: int) -> None:
    """Print the ratio."""
    directory.mkdir()
    secret_file = directory / "platform.secret"
    secret_file.touch(mode=0o600)
    secret_file.write_text(SECRET)
    journal = open_journal(directory / "data")
    fill(journal, count)
    records = journal.records_after(0, count * 2)
    journal.close()
    bodies = [body_of("bench-w1", records[at : at + BATCH]) for at in range(0, len(records), BATCH)]
    keys = [idempotency_key(records[at : at + BATCH]) for at in range(0, len(records), BATCH)]
    ours, baseline = [], []
    for _ in range(ROUNDS):
        platform = Platform(secret_file)
        ours.append(seconds(lambda platform=platform: _drain(directory, platform.url)))  # type: ignore[misc]
        assert platform.count() == len(records)
        platform.close()
        platform = Platform(secret_file)
        baseline.append(seconds(lambda platform=platform: _post(platform.url, bodies, keys)))  # type: ignore[misc]
        assert platform.count() == len(records)
        platform.close()
    tell(f"draining {len(records)} records by the agent", "bare requests loop", ours, baseline)


def _drain(directory: Path, url: str) -> None:
    """What `sync-agent --once` does, without the start of Python."""
    (directory / "data" / DELIVERY_FILE).unlink(missing_ok=True)
    (directory / "terminal.toml").write_text(SETTINGS.format(directory="data", url=url))
    session = Session.open(load_settings(directory), SystemClock())
    assert session is not None
    with session:
        session.deliveries.try_all()


def _post(url: str, bodies: list[Body], keys: list[str]) -> None:
    """The same batches, prepared beforehand; only signed, as the server would refuse them otherwise."""
    signer = Signer("bench-w1", SECRET.encode(), Algorithm.HMAC_SHA256)
    target = urlsplit(url).path + "/v1/records"
    with requests.Session() as session:
        session.trust_env = False
        for body, key in zip(bodies, keys, strict=True):
            headers = signer.headers("POST", target, body.content, datetime.now(UTC))
            headers |= {"Content-Type": "application/json", "X-Idempotency-Key": key}
            if body.encoding:
                headers["Content-Encoding"] = body.encoding
            answer = session.post(url + "/v1/records", data=body.content, headers=headers, timeout=30)
            assert len(answer.json()["results"]) > 0
