"""`doctor --bundle FILE`: all that helps to find a fault, and nothing of anybody's (R6, R11)."""

import hashlib
import json
import os
import stat
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kiosk_app.domain.levels import Level
from kiosk_app.domain.records import Draft, Kind
from kiosk_app.journal.database import JOURNAL_FILE
from kiosk_app.journal.delivery import Settlement, State
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.pins import PinStore
from kiosk_app.journal.signing_key import SIGNING_KEY_FILE
from kiosk_app.technician.bundling import journal_parts, system_parts
from kiosk_app.technician.bundling.masking import Mask, mask_for
from tests.journal import drafts
from tests.journal.test_append import append_life
from tests.manual_clock import ManualClock
from tests.technician.terminal import SETTINGS, Terminal

HALL_KEY = "3c" * 32
TOKEN = "kPq7-a-token-of-the-window"
NAME, NAME_EN = "欧阳静怡", "Jingyi Ouyang"
CITIZEN, PHONE, LANDLINE, IDENTITY = "司马春花", "13812345678", "0951-6012345", "640102199001011234"
CODE = "8080-RGG0-0PFZ-R84R"
CASE_NO, COMMENT = "C-7731-SECRET-CASE", "态度很差的意见"
OPERATOR = "technician-zhao"
WORDS = (*(level.value for level in Level), "非常满意", "基本满意", "不满意", "非常不满意")


@pytest.fixture
def full(terminal: Terminal, clock: ManualClock) -> Terminal:
    """A terminal into which everything was put that must not leave it."""
    for name, text in (("window-api.token", TOKEN), ("device.key", HALL_KEY)):
        (terminal.config / name).write_text(text)
        (terminal.config / name).chmod(0o600)
    sections = '\n[window_api]\nlisten = "127.0.0.1:0"\n\n[rating_code]\nhall_id = 1\n'
    notes = f"# call {NAME}, {PHONE} or {LANDLINE}; password = hunter2-hunter2; the key was {HALL_KEY}\n"
    (terminal.config / "terminal.toml").write_text(notes + SETTINGS + sections, encoding="utf-8")
    (terminal.config / "evaluators").mkdir()
    (terminal.config / "evaluators" / "mine.toml").write_text('name = "mine"\n[buttons]\nsatisfied = { data = "03" }\n')
    with terminal.journal(clock) as journal:
        append_life(journal, clock)
        visit = new_id()
        case = {**drafts.CASE, "case_no": CASE_NO}
        journal.append(drafts.opened(clock.now(), visit, cases=(case,)))
        (rating,) = journal.append(drafts.rating(clock.now(), visit, Level.VERY_DISSATISFIED, cases=(case,)))
        detail = drafts.detail(clock.now(), rating.record_id, visit)
        journal.append(Draft(detail.kind, {**detail.payload, "comment": COMMENT}, detail.at, visit))
        action = {"operator": OPERATOR, "action": "printer_test", "target": CODE, "outcome": "confirmed"}
        journal.append(Draft(Kind.OPERATOR_ACTION, action, clock.now()))
        booked = drafts.appointment(Kind.APPOINTMENT_BOOKED, clock.now(), "001200000033")
        journal.append(Draft(booked.kind, {**booked.payload, "name_masked": CITIZEN}, booked.at))
        records = journal.records_after(0)
    with closing(HallStore.open(terminal.storage)) as hall:
        hall.replace_all({"staff": [{"staff_no": "0815", "name": NAME, "name_en": NAME_EN}]})
    with closing(PinStore.open(terminal.storage, lambda: 0)) as pins:
        pins.set("0815", "80351177")
    with terminal.delivery() as store:
        store.admit(records)
        reason = f"level {Level.VERY_DISSATISFIED.value} of {IDENTITY} {PHONE} with Bearer {TOKEN} is not known"
        store.settle([Settlement(rating.record_id, State.REFUSED, reason)])
    return terminal


def bundle(terminal: Terminal, target: Path) -> dict[str, bytes]:
    """Its files by name, without the directory they lie in."""
    terminal.done("doctor", "--bundle", str(target))
    return unpacked(target)


def unpacked(target: Path) -> dict[str, bytes]:
    found = {}
    with tarfile.open(target) as archive:
        for entry in archive:
            content = archive.extractfile(entry)
            assert content is not None
            top, _, name = entry.name.partition("/")
            assert top.startswith(("lw-a-w12-20", "terminal-20"))
            found[name] = content.read()
    return found


def test_everything_that_helps_is_in_it(full: Terminal, tmp_path: Path) -> None:
    files = bundle(full, tmp_path / "b.tar.gz")
    assert {
        "README", "MANIFEST", "health.txt", "health.json", "terminal.toml", "evaluators/mine.toml", "versions.json",
        "machine.json", "ports.json", "disks.json", "config-files.json", "storage-files.json", "records.json",
        "delivery.json", "logs/units.log", "logs/kernel.log",
    } <= set(files)  # fmt: skip
    health = json.loads(files["health.json"])
    assert "app_not_running" in [problem["code"] for problem in health["problems"]]
    assert b"app" in files["health.txt"]
    assert 'device_id = "lw-a-w12"' in files["terminal.toml"].decode()
    assert 'secret_file = "platform.secret"' in files["terminal.toml"].decode(), "a file's name is no secret"
    assert files["evaluators/mine.toml"] == (full.config / "evaluators" / "mine.toml").read_bytes()
    assert JOURNAL_FILE in [file["name"] for file in json.loads(files["storage-files.json"])]
    pending = json.loads(files["delivery.json"])["pending"]
    assert {row["state"] for row in pending} == {"waiting", "refused"}


def test_nothing_that_was_put_in_to_be_kept_comes_out(full: Terminal, tmp_path: Path) -> None:
    files = bundle(full, tmp_path / "b.tar.gz")
    key = (full.storage / SIGNING_KEY_FILE).read_text().splitlines()[1]
    secret = (full.config / "platform.secret").read_text()
    kept = [secret, key, HALL_KEY, TOKEN, "hunter2-hunter2", NAME, NAME_EN, CITIZEN, PHONE, LANDLINE, IDENTITY, CODE,
            CASE_NO, COMMENT, OPERATOR, "80351177", "argon2", "开会"]  # fmt: skip
    for name, content in files.items():
        text = content.decode("utf-8")
        assert [word for word in kept if word in text] == [], name
        if not name.startswith("evaluators/"):  # the words on an evaluator's keys are nobody's rating
            assert [word for word in WORDS if word in text] == [], name


def test_a_level_cannot_be_told_from_what_is_left(full: Terminal, tmp_path: Path) -> None:
    """A hash can be tried with each of five levels, and only a bad rating has a detail without options."""
    files = bundle(full, tmp_path / "b.tar.gz")
    kinds = {record["kind"] for record in json.loads(files["records.json"])}
    assert kinds == {kind.value for kind in Kind} - {"rating_detail"}
    everything = b"".join(files.values()).decode()
    for record in full.records():
        for tell_tale in (record["hash"], record["signature"], record["record_id"], record["visit_id"]):
            assert tell_tale is None or tell_tale not in everything
    told = [record for record in json.loads(files["records.json"]) if record["kind"] == "rating"]
    assert {key for record in told for key in record} == {
        "at", "synchronised", "kind", "visit", "source", "channel", "window"
    }  # fmt: skip
    assert "rating_detail" not in everything.replace("rating_detail without", "")


def test_the_manifest_is_what_sha256sum_checks(full: Terminal, tmp_path: Path) -> None:
    files = bundle(full, tmp_path / "b.tar.gz")
    sums = {tuple(line.split("  ")) for line in files.pop("MANIFEST").decode().splitlines()}
    assert sums == {(hashlib.sha256(content).hexdigest(), name) for name, content in files.items()}
    with tarfile.open(tmp_path / "b.tar.gz") as archive:
        archive.extractall(tmp_path / "out", filter="data")
    (top,) = (tmp_path / "out").iterdir()
    assert subprocess.run(["sha256sum", "-c", "--quiet", "MANIFEST"], cwd=top, check=False).returncode == 0


def test_it_is_its_owners_alone_and_nothing_lies_beside_it(full: Terminal, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    bundle(full, tmp_path / "out" / "b.tar.gz")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b.tar.gz"]
    assert stat.S_IMODE((tmp_path / "out" / "b.tar.gz").stat().st_mode) == 0o600


def test_with_json_the_last_line_names_the_file(full: Terminal, tmp_path: Path) -> None:
    target = tmp_path / "b.tar.gz"
    last = full.done("doctor", "--json", "--bundle", str(target)).rows[-1]
    assert last == {"bundle": str(target), "bytes": target.stat().st_size}


@pytest.mark.parametrize(
    ("name", "told"),
    [("there.tar.gz", "is there already"), ("b.zip", "ends in .tar.gz"), ("no/b.tar.gz", "no directory")],
)
def test_what_cannot_be_written_is_said_before_anything_is_looked_at(
    terminal: Terminal, tmp_path: Path, name: str, told: str
) -> None:
    (tmp_path / "there.tar.gz").write_text("mine")
    assert told in terminal.admin("doctor", "--bundle", str(tmp_path / name)).complaint
    assert (tmp_path / "there.tar.gz").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a file system")
def test_on_a_full_stick_nothing_is_left_half(full: Terminal, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(stick)], check=True)
    try:
        (stick / "filler").write_bytes(bytes(4096))
        said = full.admin("doctor", "--bundle", str(stick / "b.tar.gz"))
        assert said.status == 2
        assert "No space left on device" in said.err
        assert [path.name for path in stick.iterdir()] == ["filler"]
    finally:
        subprocess.run(["umount", str(stick)], check=True)


def test_it_is_written_where_nothing_is_right(terminal: Terminal, tmp_path: Path, clock: ManualClock) -> None:
    """A refused configuration, a damaged journal: that is what the file is for."""
    with terminal.journal(clock):
        pass
    (terminal.storage / JOURNAL_FILE).write_bytes(b"not a database" * 1000)
    terminal.configure("\nunknown = 1\n")
    files = bundle(terminal, tmp_path / "b.tar.gz")
    assert "not a database" in files["records.json"].decode()
    assert b"unknown = 1" in files["terminal.toml"]
    (terminal.config / "terminal.toml").unlink()
    files = bundle(terminal, tmp_path / "c.tar.gz")
    assert b"cannot be read" in files["terminal.toml"]


def test_so_many_records_are_told_that_nobody_can_count_what_stays_at_home(
    terminal: Terminal, clock: ManualClock
) -> None:
    with terminal.journal(clock) as journal:
        (rating,) = journal.append(drafts.rating(clock.now(), None, Level.DISSATISFIED))
        journal.append(drafts.detail(clock.now(), rating.record_id, None))
        journal.append(*(drafts.action(clock.now()) for _ in range(journal_parts.LAST_RECORDS - 2)))
    told: list[dict[str, Any]] = journal_parts.last_records(terminal.storage)
    assert len(told) == journal_parts.LAST_RECORDS


def test_the_records_hold_nothing_of_it_before_anything_is_masked(full: Terminal) -> None:
    text = json.dumps(journal_parts.last_records(full.storage), ensure_ascii=False)
    kept = [NAME, CITIZEN, CODE, CASE_NO, COMMENT, OPERATOR, "0815", "A001", "开会", *WORDS]
    assert [word for word in kept if word in text] == []


# The second line: what a text brings along


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Authorization: Bearer abcdefgh12", "Authorization: Bearer [secret]"),
        ('token = "abcdefgh"', 'token = "[secret]"'),
        ('token_file = "window-api.token"', 'token_file = "window-api.token"'),
        ("https://user:pass@platform.intra/x", "https://[secret]@platform.intra/x"),
        ("call +86 138 1234 5678 now", "call [number] now"),
        ("1 of 13812345678901 bytes", "1 of 13812345678901 bytes"),
        (f"code {CODE.lower()}", "code [code]"),
        ("-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----\nafter", "[secret]\nafter"),
        ("it was very_dissatisfied", "it was [level]"),
        ("选择了不满意", "选择了[level]"),
        ("area_code = 640181000000", "area_code = 640181000000"),
        ("01930000-0000-7000-8000-000000000000", "01930000-0000-7000-8000-000000000000"),
    ],
)
def test_masking(text: str, masked: str) -> None:
    assert Mask((), ()).text(text) == masked


def test_a_short_secret_is_taken_out_only_where_it_stands_alone() -> None:
    mask = Mask(["abc", ""], ["李静"])
    assert mask.text("abc abcd xabc 李静说") == "[secret] abcd xabc [name]说"


def test_secrets_are_known_also_where_the_configuration_is_refused(terminal: Terminal) -> None:
    (terminal.config / "terminal.toml").write_text(SETTINGS + "\nunknown = 1\n", encoding="utf-8")
    secret = (terminal.config / "platform.secret").read_text()
    assert mask_for(terminal.config, None).text(f"x {secret} y") == "x [secret] y"


def test_a_command_that_is_not_there_or_fails_is_told_in_its_place() -> None:
    assert system_parts.command_output(["no-such-command"]) == "no-such-command is not installed here\n"
    assert "no-such-file" in system_parts.command_output(["cat", "no-such-file"])


def test_only_the_end_of_a_large_log_is_taken(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(b"first" + bytes(system_parts.LONGEST_LOG) + b"last")
    (log,) = system_parts.log_files(tmp_path).values()
    assert log.endswith("last")
    assert "first" not in log
    assert system_parts.log_files(tmp_path / "none") == {}
