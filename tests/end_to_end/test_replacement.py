"""`docs/replacement.md`: every procedure, by exactly the commands that stand there (R12, R25, R29)."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk_app.journal.journal import Journal
from kiosk_app.journal.reader import JournalReader
from kiosk_app.journal.system_clock import SystemClock
from sync_agent.simulated.control import Control
from sync_agent.simulated.platform import SimulatedPlatform
from tests.end_to_end.program import BIN, PATIENCE
from tests.journal import drafts
from tests.journal.storage import settle, unguarded

DOCUMENT = Path(__file__).parents[2] / "docs" / "replacement.md"
STORAGE = "var/lib/hall-kiosk"
DEVICE = "lw-a-w12"
SECRET = "a secret of the hall"

SETTINGS = """
[terminal]
device_id = "{device}"
short_id = 12
profile = "window"
hall = "测试政务服务中心"
area_code = "640181000000"
[storage]
directory = "{storage}"
backup_directory = "{backup}"
[platform]
url = "{url}"
secret_file = "platform.secret"
[window]
number = "12"
"""

STUBS = {
    "kiosk-admin": 'exec {bin}/kiosk-admin --config "$CONFIG" "$@"',
    # The agent's whole work, and its end: what can be waited for.
    "systemctl": 'if [ "$1" = start ]; then exec {bin}/sync-agent --config "$CONFIG" --once; fi',
    "mount": 'test "$1 $2" = "-o ro" && ln -sfn {root}/disk-old "$4"',
    "chown": "true",
}


def fences(section: str) -> dict[str, str]:
    """The commands of one section, by the machine that they are typed at."""
    text = DOCUMENT.read_text(encoding="utf-8")
    (found,) = re.findall(rf"^## {section}\..*?(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL)
    commands = re.findall(r"^```(?:sh )?(\w+)\n(.*?)^```", found, flags=re.MULTILINE | re.DOTALL)
    assert commands
    return dict(commands)


class Machines:
    """An old machine and a new one, with disks of their own, a stick, and the platform."""

    def __init__(self, root: Path, platform: SimulatedPlatform) -> None:
        self.root = root
        self.platform = platform
        self.lost: list[str] = []
        """What the platform rightly misses."""
        for name in ("media/stick", "media/backup", "mnt", "stubs"):
            (root / name).mkdir(parents=True)
        for name, script in STUBS.items():
            path = root / "stubs" / name
            path.write_text("#!/bin/sh\n" + script.format(bin=BIN, root=root) + "\n")
            path.chmod(0o755)
        for machine in ("old", "new"):
            self.storage(machine).mkdir(parents=True)
            config = root / f"config-{machine}"
            config.mkdir()
            (config / "platform.secret").write_text(SECRET)
            (config / "platform.secret").chmod(0o600)
            settings = SETTINGS.format(
                device=DEVICE, storage=self.storage(machine), backup=root / "media/backup", url=platform.url
            )
            (config / "terminal.toml").write_text(settings, encoding="utf-8")

    def storage(self, machine: str) -> Path:
        return self.root / f"disk-{machine}" / STORAGE

    def typed(self, commands: str, machine: str) -> str:
        """Type them at a machine, one after another; all they print. Every one of them must work."""
        places = {
            f"/{STORAGE}": str(self.storage(machine)),
            "/media": str(self.root / "media"),
            "/mnt": str(self.root / "mnt"),
        }
        for there, here in places.items():
            commands = re.sub(rf"(?<![\w]){there}\b", here, commands)
        environment = {
            **os.environ,
            "PATH": f"{self.root / 'stubs'}:{os.environ['PATH']}",
            "CONFIG": str(self.root / f"config-{machine}"),
        }
        done = subprocess.run(
            ["sh", "-e", "-c", commands], env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert done.returncode == 0, (commands, done.stdout, done.stderr)
        return done.stdout

    def at_the_platform(self, commands: str) -> list[dict[str, object]]:
        commands = commands.replace("/media", str(self.root / "media"))
        return [Control(self.platform).run(line) for line in commands.splitlines()]

    def work(self, machine: str, visits: int = 1, *, deliver: bool = True) -> None:
        """A few visits, as the app records them."""
        clock = SystemClock()
        journal = Journal.open_or_start(self.storage(machine), device_id=DEVICE, clock=clock, software="test 1")
        with closing(journal):
            for _ in range(visits):
                journal.append(*drafts.whole_visit(clock.now()))
        if deliver:
            self.typed("systemctl start hall-kiosk.target", machine)

    def recorded(self, machine: str) -> set[str]:
        with closing(JournalReader.open(self.storage(machine))) as reader:
            return {record.record_id for record in reader.all_records()}

    def delivered(self) -> set[str]:
        return {record["record_id"] for record in self.platform.records}


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    with SimulatedPlatform(SECRET.encode()) as platform:
        machines = Machines(tmp_path, platform)
        machines.work("old", 2)
        machines.typed("kiosk-admin backup", "old")
        machines.work("old", 2)
        machines.work("old", 2, deliver=False)
        yield machines
        # Whatever was done: the new machine works on, and the platform finds nothing wrong.
        machines.work("new", 2)
        assert machines.recorded("new") <= machines.delivered()
        assert platform.chain_problems() == machines.lost
        assert platform.violations == []
        assert "rejected" not in platform.statistics()["by_status"]


def test_a_both_machines_run(machines: Machines) -> None:
    commands = fences("A")
    old = machines.recorded("old")
    assert "waiting" in machines.typed(commands["old"], "old")
    assert not machines.storage("old").exists()
    assert "ok: 20 records" in machines.typed(commands["new"], "new")
    assert machines.recorded("new") == old
    assert old <= machines.delivered()


def test_b_the_old_machine_is_dead_and_its_disk_reads(machines: Machines) -> None:
    old = machines.recorded("old")
    assert "ok: 20 records" in machines.typed(fences("B")["new"], "new")
    assert old <= machines.delivered()


@pytest.mark.parametrize("then", ["C", "D"])
def test_b_the_disk_reads_in_part(machines: Machines, then: str) -> None:
    """Nothing that reads is lost: the platform has it before the new journal goes on."""
    commands = fences("B")
    with unguarded(machines.storage("old")) as connection:
        connection.execute(
            "UPDATE records SET body = replace(body, '\"clock\"', '\"clack\"') WHERE sequence IN (3, 17)"
        )
    settle(machines.storage("old"))
    with closing(JournalReader.open(machines.storage("old"))) as reader:
        rows = reader.connection.execute("SELECT record_id FROM records WHERE sequence <> 17").fetchall()
    until_verify = commands["new"].partition("kiosk-admin verify")[0]
    machines.typed(until_verify, "new")
    assert "NOT OK: sequence 3" in machines.typed("kiosk-admin verify || true", "new")
    told = machines.typed(commands["damaged"], "new")
    assert "sequences 3 to 3, 17 to 17" in told
    assert "ok: 18 records" in told
    (answer,) = machines.at_the_platform(commands["platform"])
    assert answer == {"device_id": DEVICE, "records": 18, "accepted": 5, "duplicate": 13}
    assert {record_id for (record_id,) in rows} <= machines.delivered()
    machines.typed(fences(then)["new"], "new")
    machines.lost = [f"{DEVICE} 18: a gap: 17 is missing"]


def test_c_the_old_disk_is_dead_and_there_is_a_backup(machines: Machines) -> None:
    told = machines.typed(fences("C")["new"], "new")
    assert "records up to 7" in told
    assert "sequences 8 to 14 are not here" in told
    assert "ok: 9 records" in told


def test_d_nothing_is_left(machines: Machines) -> None:
    told = machines.typed(fences("D")["new"], "new")
    assert "a new journal was begun" in told
    assert "goes on at sequence 15" in told


def test_if_the_programs_were_started_too_early(machines: Machines) -> None:
    """A journal of its own stands on the new disk; its records were refused."""
    machines.work("new")
    machines.platform.violations.clear()  # it has compared a chain that is none
    told = machines.typed(
        "kiosk-admin export /media/stick/early.export --all && kiosk-admin restore --set-aside && kiosk-admin verify",
        "new",
    )
    assert "records up to 7" in told
    text = DOCUMENT.read_text(encoding="utf-8")
    assert "`--set-aside`" in text.partition("## If the programs were started too early")[2]


def test_the_document_tells_of_every_procedure_and_option() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert re.findall(r"^## ([A-Z])\.", text, flags=re.MULTILINE) == ["A", "B", "C", "D"]
    for word in ("--offline", "--no-copy", "--set-aside", "signing key"):
        assert word in text
