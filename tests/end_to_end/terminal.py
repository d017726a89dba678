"""A whole window terminal: the real commands, a simulated evaluator on a pty, a simulated platform on loopback."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import requests

from device_drivers.evaluator.protocol import EvaluatorProtocol
from device_drivers.evaluator.protocol_file import find_protocol
from device_drivers.simulated.evaluator import SimulatedEvaluator
from kiosk_app.domain.levels import Level
from kiosk_app.domain.rating_code import device_key
from kiosk_app.domain.records import Record
from kiosk_app.journal.reader import JournalReader
from sync_agent.simulated.hall import Hall
from sync_agent.simulated.platform import SimulatedPlatform
from tests.end_to_end.program import BIN, PATIENCE, Program, TouchedApp

ADDRESS = 129
SECRET = "a-secret-only-for-tests"
TOKEN = "a-token-only-for-tests"

SETTINGS = """
[terminal]
device_id  = "test-a-w12"
short_id   = {short_id}
profile    = "window"
hall       = "测试政务服务中心"
area_code  = "640181000000"

[storage]
directory  = "data"

[platform]
url          = "{url}"
public_url   = "{public_url}"
secret_file  = "platform.secret"
push_seconds = 1

[evaluator]
protocol   = "shared-bus-68"
port       = "{port}"
address    = {address}

[window]
number         = "12"
invite_seconds = {invite_seconds}
detail_seconds = {detail_seconds}

[window_api]
listen     = "127.0.0.1:0"

[rating_code]
hall_id  = {hall_id}
key_file = "device.key"
"""

HALL_KEY = bytes.fromhex("ab" * 32)
HALL_ID = 1
SHORT_ID = 12
PUBLIC_URL = "https://pj.example"


class Terminal:
    """Owns everything it starts; `close` ends it all."""

    def __init__(
        self,
        directory: Path,
        *,
        invite_seconds: int = 30,
        detail_seconds: int = 1,
        hall: Hall | None = None,
        device: EvaluatorProtocol | None = None,
    ) -> None:
        """Without a `hall` the platform has nothing to say about one.

        `device` is what the evaluator speaks, where it is not the protocol that the settings name.
        """
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.platform = SimulatedPlatform(SECRET.encode(), hall=hall)
        self.platform.start()
        self.evaluator = SimulatedEvaluator(
            device or find_protocol("shared-bus-68"), None if device else ADDRESS, directory / "evaluator"
        )
        key = device_key(HALL_KEY, SHORT_ID).hex()
        for name, text in (("platform.secret", SECRET), ("window-api.token", TOKEN), ("device.key", key)):
            (directory / name).touch(mode=0o600)
            (directory / name).write_text(text)
        settings = SETTINGS.format(
            url=self.platform.url,
            port=directory / "evaluator",
            address=ADDRESS,
            invite_seconds=invite_seconds,
            detail_seconds=detail_seconds,
            short_id=SHORT_ID,
            hall_id=HALL_ID,
            public_url=PUBLIC_URL,
        )
        (directory / "terminal.toml").write_text(settings)
        self.app: Program | None = None
        self.agent: Program | None = None
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.headers["Authorization"] = f"Bearer {TOKEN}"
        # A connection kept for longer than the server keeps it would be reset under the next call.
        self._http.headers["Connection"] = "close"
        self._api = ""

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for program in (self.app, self.agent):
            if program is not None and program.is_running:
                program.kill()
        self._http.close()
        self.evaluator.close()
        self.platform.stop()

    # Programs

    def start_app(self, *arguments: str, screen: bool = True, **environment: str) -> Program:
        """Start kiosk-app; returns when the window API answers and the evaluator's port is open."""
        if not screen:
            # No such platform: Qt cannot show anything, as on a machine without a display.
            environment = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": "", "WAYLAND_DISPLAY": "", **environment}
        self._began(
            Program("kiosk-app", "--config", str(self.directory), "--windowed", *arguments, environment=environment)
        )
        assert self.app is not None
        return self.app

    def start_touched_app(self, *arguments: str) -> TouchedApp:
        """The same, with a finger on its screen."""
        app = TouchedApp("touched_app", "--config", str(self.directory), "--windowed", *arguments)
        self._began(app)
        return app

    def _began(self, app: Program) -> None:
        self.app = app
        host, port = app.wait_for_log("window api listens")["address"]
        self.calls_go_to(host, port)
        app.wait_for_log("serial port opened")
        app.wait_for_log("window recovered")

    def calls_go_to(self, host: str, port: int) -> None:
        """Where the window API listens."""
        self._api = f"http://{host}:{port}/v1"

    def start_agent(self) -> Program:
        """Start sync-agent."""
        self.agent = Program("sync-agent", "--config", str(self.directory))
        self.agent.wait_for_log("started")
        return self.agent

    def admin(self, *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        """Run one kiosk-admin command to its end; `typed` is its standard input."""
        command = [str(BIN / "kiosk-admin"), "--config", str(self.directory), *arguments]
        return subprocess.run(command, input=typed, capture_output=True, text=True, timeout=PATIENCE * 2, check=False)

    def learn(self, *arguments: str) -> Iterator[dict[str, Any]]:
        """`kiosk-admin evaluator learn --json`, with somebody who presses what it asks for; all that it says."""
        command = [str(BIN / "kiosk-admin"), "--config", str(self.directory), "evaluator", "learn", "--json"]
        with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True) as learning:
            assert learning.stdout is not None
            for line in learning.stdout:
                said: dict[str, Any] = json.loads(line)
                if "ask" in said:
                    self.evaluator.press(said["ask"])
                yield said
        assert learning.returncode == 0

    def rows(self, *arguments: str) -> list[dict[str, Any]]:
        """What a kiosk-admin command prints with --json."""
        done = self.admin(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    # The business system

    def call(self, method: str, path: str, body: object = None) -> requests.Response:
        """One call of the window API."""
        return self._http.request(method, self._api + path, json=body, timeout=PATIENCE)

    def open_visit(self, **body: object) -> str:
        """Open a visit; its id."""
        answer = self.call("POST", "/visits", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["visit_id"])

    def state_of(self, visit_id: str) -> str:
        """The visit's state."""
        return str(self.call("GET", f"/visits/{visit_id}").json()["state"])

    # Waiting

    def wait_for_state(self, visit_id: str, state: str) -> None:
        """Wait until a visit is in this state."""
        wait_until(lambda: self.state_of(visit_id) == state, f"visit {visit_id} is {state}")

    def wait_until_recorded(self, kind: str, count: int) -> None:
        """Wait until so many records of a kind are in the journal."""
        wait_until(lambda: len(self.records(kind)) >= count, f"{count} {kind}")

    def wait_until_details_closed(self) -> None:
        """Wait until every bad rating has its `rating_detail`."""

        def closed() -> bool:
            bad = {r.record_id for r in self.records("rating") if Level(r.payload["level"]).is_bad}
            return bad <= {r.payload["rating_id"] for r in self.records("rating_detail")}

        wait_until(closed, "every bad rating has its detail")

    def wait_for_picture(self, directory: Path, page: str) -> None:
        """Wait until the app has saved a picture of a page."""
        wait_until(lambda: bool(list(directory.glob(f"*-{page}.png"))), f"picture of {page}")

    def records(self, kind: str | None = None) -> list[Record]:
        """What is in the journal, read while the app runs."""
        reader = JournalReader.open(self.directory / "data")
        try:
            return list(reader.all_records(kind=kind))
        finally:
            reader.close()


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Ask again and again, as there is nothing to be told by; fail after `PATIENCE`."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"not within {PATIENCE} s: {what}")
        time.sleep(0.05)
