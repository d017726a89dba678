"""`export` and `import-check` as a technician types them, and the platform that takes the file (R25, R26)."""

import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.reader import JournalReader
from kiosk_app.technician import command_line
from sync_agent.simulated.control import Control
from sync_agent.simulated.platform import SimulatedPlatform
from tests.journal import drafts
from tests.journal.storage import unguarded
from tests.manual_clock import ManualClock
from tests.technician.terminal import Said, Terminal


@pytest.fixture
def recorded(terminal: Terminal) -> Terminal:
    """A terminal with a start and two visits."""
    clock = ManualClock()
    with terminal.journal(clock) as journal:
        for _ in range(2):
            journal.append(*drafts.whole_visit(clock.now()))
    return terminal


def check(capsys: pytest.CaptureFixture[str], *arguments: str) -> Said:
    """`import-check`, as it is run at the platform: without any configuration."""
    capsys.readouterr()
    status = command_line.main(["import-check", *arguments])
    captured = capsys.readouterr()
    return Said(status, captured.out, captured.err)


def test_what_is_not_confirmed_is_exported_recorded_and_checked(
    recorded: Terminal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "records.export"
    assert recorded.done("export", str(file)).out == f"7 records, sequences 1 to 7: {file}\n" + (
        "nobody knows here what the platform has confirmed: all records are in the file; it sorts them out\n"
    )
    action = recorded.records()[-1]["payload"]
    assert (action["action"], action["target"], action["outcome"]) == ("export", str(file), "7 records")
    said = check(capsys, str(file))
    assert said.status == 0
    assert said.out.startswith("ok: 7 records of lw-a-w12, sequences 1 to 7")
    key = recorded.records()[0]["payload"]["public_key"]
    assert f"signed by {key}" in said.out
    assert check(capsys, str(file), "--public-key", key).out.count("\n") == 1
    assert check(capsys, str(file), "--json").rows[0]["ok"] is True


def test_how_far_was_handed_out_is_kept_for_a_restore(recorded: Terminal, tmp_path: Path) -> None:
    recorded.done("export", str(tmp_path / "all"), "--all")
    newest = recorded.records()[6]
    with recorded.delivery() as store:
        status = store.status()
    assert (status.exported_sequence, status.exported_hash) == (7, newest["hash"])


def test_a_changed_file_is_found_with_its_line_and_exit_1(
    recorded: Terminal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "records.export"
    recorded.done("export", str(file))
    file.write_text(file.read_text(encoding="utf-8").replace('"satisfied"', '"very_satisfied"'), encoding="utf-8")
    said = check(capsys, str(file))
    assert said.status == 1
    assert said.out.startswith("NOT OK: line 5: record 4: its hash does not fit")
    assert check(capsys, str(file), "--json").rows[0]["line"] == 5


def test_bad_use_is_one_line(recorded: Terminal, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "records.export"
    recorded.done("export", str(file))
    assert "already" in recorded.admin("export", str(file)).complaint
    assert "no journal is there" in recorded.admin("export", str(tmp_path / "x"), "--storage", str(tmp_path)).complaint
    assert "No such file" in check(capsys, str(tmp_path / "missing")).complaint
    assert "32 bytes in base64" in check(capsys, str(file), "--public-key", "?").complaint


def test_a_dead_terminals_disk_is_exported_on_another_machine(
    recorded: Terminal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(recorded.storage, tmp_path / "mounted")
    shutil.rmtree(recorded.storage)
    (row,) = recorded.done("export", str(tmp_path / "all"), "--storage", str(tmp_path / "mounted"), "--json").rows
    assert (row["count"], row["is_signed"]) == (7, True)
    assert check(capsys, str(tmp_path / "all")).status == 0
    assert not recorded.storage.exists()


def test_a_damaged_journal_is_exported_as_far_as_it_reads_although_nothing_can_be_recorded(
    recorded: Terminal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with unguarded(recorded.storage) as connection:
        connection.execute("UPDATE records SET hash = 'x' WHERE sequence = 4")
    (recorded.storage / "signing.key").unlink()
    said = recorded.admin("export", str(tmp_path / "all"))
    assert said.status == 0
    assert "NOT in the file, as they cannot be read: sequences 4 to 4" in said.out
    assert "the file as a whole is not" in said.out
    assert "could not be recorded" in said.err
    checked = check(capsys, str(tmp_path / "all"))
    assert checked.status == 1
    assert "not signed" in checked.out


def test_the_platform_takes_a_file_like_pushed_records_and_only_whole(recorded: Terminal, tmp_path: Path) -> None:
    file, changed = tmp_path / "records.export", tmp_path / "changed.export"
    recorded.done("export", str(file))
    changed.write_bytes(file.read_bytes().replace(b'"satisfied"', b'"very_satisfied"', 1))
    with SimulatedPlatform(b"secret") as platform:
        control = Control(platform)
        assert "hash" in control.run(f"import {changed}")["error"]
        assert platform.count() == 0
        assert control.run(f"import {file}") == {"device_id": "lw-a-w12", "records": 7, "accepted": 7}
        assert control.run(f"import {file}") == {"device_id": "lw-a-w12", "records": 7, "duplicate": 7}
        assert platform.chain_problems() == []
        cut = tmp_path / "cut.export"
        cut.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))
        assert "cut off" in control.run(f"import {cut}")["error"]


def test_a_second_rating_by_the_same_code_that_comes_in_a_file_is_superseded(
    recorded: Terminal, tmp_path: Path
) -> None:
    clock = ManualClock()
    code = "8080-RGG0-0PFZ-R84R"
    with recorded.journal(clock) as journal:
        journal.append(drafts.rating_by_code(clock.now(), code))
    recorded.done("export", str(tmp_path / "file"))
    with SimulatedPlatform(b"secret") as platform:
        platform._ledger._rated["code", code] = "0193"  # another kiosk's rating, that came before
        assert Control(platform).run(f"import {tmp_path / 'file'}")["superseded"] == 1


def test_a_large_journal_is_written_and_checked_record_by_record(recorded: Terminal, tmp_path: Path) -> None:
    """In little memory, however many records there are: here 10,000, in processes that may not have much."""
    clock = ManualClock()
    with recorded.journal(clock) as journal:
        for _ in range(200):
            journal.append(*(drafts.action(clock.now()) for _ in range(50)))
    script = (
        "import resource, sys; from kiosk_app.technician.command_line import main; "
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; status = main(sys.argv[1:]); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before); sys.exit(status)"
    )
    file = tmp_path / "all"
    for arguments in (["--config", str(recorded.config), "export", str(file), "--all"], ["import-check", str(file)]):
        done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
        assert "10007" in done.stdout
        assert int(done.stdout.splitlines()[-1]) < 20_000  # KiB; the file has more than 7 MiB
    with (
        closing(JournalReader.open(recorded.storage)) as reader,
        closing(DeliveryStore.open(recorded.storage)) as store,
    ):
        assert store.status().exported_sequence == 10_007
        assert reader.newest(1)[0].payload["outcome"] == "10007 records"
