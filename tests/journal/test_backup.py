"""Copies in a second place: consistent, whole, apart by device, made while others write (R29)."""

import json
import os
import stat
import threading
import time
from contextlib import closing
from pathlib import Path

import pysqlite3 as sqlite3
import pytest

from kiosk_app.journal import backup
from kiosk_app.journal.backup import BackedUp, BackupError, Copy, back_up, check_copy, copies_in, open_copied
from kiosk_app.journal.database import DELIVERY_FILE, JOURNAL_FILE
from kiosk_app.journal.delivery import DeliveryStore, Settlement, State
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.reader import JournalReader
from kiosk_app.journal.signing_key import SIGNING_KEY_FILE
from kiosk_app.journal.verification import verify
from tests.journal import drafts, worker
from tests.journal.storage import DEVICE, open_journal
from tests.manual_clock import ManualClock

SECRETS = ("platform.secret", "window-api.token", "device.key")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    config = tmp_path / "config"
    (config / "evaluators").mkdir(parents=True)
    (config / "terminal.toml").write_text('hall = "灵武"\n', encoding="utf-8")
    (config / "evaluators" / "own.toml").write_text('name = "own"\n')
    for name in SECRETS:
        (config / name).write_text("a secret of the hall")
    return config


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def only_copy(stick: Path) -> Copy:
    (copy,) = copies_in(stick / DEVICE)
    return copy


def test_a_copy_has_all_that_the_terminal_is_but_its_secrets(
    storage: Path, journal: Journal, clock: ManualClock, stick: Path, config: Path
) -> None:
    newest = journal.append(*drafts.whole_visit(clock.now()))[-1]
    with closing(DeliveryStore.open(storage)) as store:
        store.admit(journal.records_after(0))
    made = back_up(storage, stick, config)
    copy = only_copy(stick)
    assert (made.path, made.sequence) == (copy.path, newest.sequence)
    assert (copy.device_id, copy.head) == (DEVICE, (newest.sequence, newest.hash))
    check_copy(copy)
    assert {path.relative_to(copy.path).as_posix() for path in copy.path.rglob("*") if path.is_file()} == {
        JOURNAL_FILE,
        DELIVERY_FILE,
        SIGNING_KEY_FILE,
        "config/terminal.toml",
        "config/evaluators/own.toml",
        "manifest.json",
    }
    everything = b"".join(path.read_bytes() for path in copy.path.rglob("*") if path.is_file())
    assert b"a secret of the hall" not in everything
    with closing(open_copied(copy.path / JOURNAL_FILE)) as connection:
        assert list(JournalReader(connection).all_records()) == list(journal.all_records())
    assert stat.S_IMODE((copy.path / SIGNING_KEY_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((stick / DEVICE).stat().st_mode) == 0o700


def test_the_newest_two_copies_are_kept_whatever_a_clock_says(
    storage: Path, journal: Journal, clock: ManualClock, stick: Path, config: Path
) -> None:
    heads = []
    for _ in range(4):
        heads.append(journal.append(drafts.action(clock.now()))[0].sequence)
        back_up(storage, stick, config)
    assert [copy.head[0] for copy in copies_in(stick / DEVICE)] == [heads[3], heads[2]]
    assert [path.name for path in sorted((stick / DEVICE).iterdir())] == ["copy-000003", "copy-000004"]


def test_every_record_that_is_confirmed_in_a_copy_is_in_it(
    storage: Path, clock: ManualClock, stick: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Delivery is copied first: while the copying goes on, records are appended and confirmed."""
    with closing(open_journal(storage, clock)) as journal, closing(DeliveryStore.open(storage)) as store:
        copy_database = backup._copy_database

        def and_meanwhile(source: Path, target: Path) -> None:
            copy_database(source, target)
            for record in journal.append(*drafts.whole_visit(clock.now())):
                store.admit([record])
                confirmed = Settlement(record.record_id, State.CONFIRMED)
                store.settle([confirmed], confirmed=(record.sequence, record.hash))

        and_meanwhile(storage / JOURNAL_FILE, stick / "unused")
        monkeypatch.setattr(backup, "_copy_database", and_meanwhile)
        back_up(storage, stick, config)
    copy = only_copy(stick)
    with closing(open_copied(copy.path / DELIVERY_FILE)) as connection:
        confirmed = DeliveryStore(connection).confirmed_head()
    assert confirmed is not None
    assert confirmed[0] < copy.head[0]


def test_a_rating_is_on_the_disk_while_a_copy_is_made_and_the_copy_never_begins_again(
    storage: Path, clock: ManualClock, stick: Path, config: Path
) -> None:
    """Writers write all the time; yet the copy ends, and is one moment of the journal."""
    with closing(open_journal(storage, clock)) as journal:
        for _ in range(300):
            journal.append(*drafts.whole_visit(clock.now()))
    made: list[BackedUp] = []
    copying = threading.Thread(target=lambda: made.extend(back_up(storage, stick, config) for _ in range(5)))
    slowest = 0.0
    with worker.process(worker.write, storage, 10_000) as (_, pipe):
        told = worker.told(pipe)
        next(told)
        next(told)
        copying.start()
        before = time.monotonic()
        while copying.is_alive():
            next(told)
            slowest, before = max(slowest, time.monotonic() - before), time.monotonic()
        copying.join()
    assert len(made) == 5
    assert slowest < 5
    sequences = [copied.sequence for copied in made]
    assert sequences == sorted(set(sequences))
    for copy in copies_in(stick / DEVICE):
        check_copy(copy)


def test_a_copy_that_is_killed_leaves_the_last_one_whole_and_the_next_one_works(
    storage: Path, clock: ManualClock, stick: Path, config: Path
) -> None:
    with closing(open_journal(storage, clock)) as journal:
        for _ in range(50):
            journal.append(*drafts.whole_visit(clock.now()))
    back_up(storage, stick, config)
    for step in range(1, 40):
        with worker.process(worker.back_up_until, storage, stick, config, step) as (child, pipe):
            ended = list(worker.told(pipe)) == ["done"]
            child.join()
        newest = copies_in(stick / DEVICE)[0]
        check_copy(newest)
        if ended:
            break
    else:
        raise AssertionError("it was killed at every step, and there is no end of them")
    assert step > 5
    assert sorted(path.name.split("-")[0] for path in (stick / DEVICE).iterdir()) == ["copy", "copy"]


def test_places_that_are_none_are_refused_in_one_line(
    storage: Path, journal: Journal, stick: Path, config: Path, tmp_path: Path
) -> None:
    with pytest.raises(BackupError, match=r"no such directory; plug the stick in"):
        back_up(storage, tmp_path / "missing", config)
    for inside in (storage, storage / "inside"):
        inside.mkdir(exist_ok=True)
        with pytest.raises(BackupError, match="storage directory itself"):
            back_up(storage, inside, config)
    (tmp_path / "link").symlink_to(storage)
    with pytest.raises(BackupError, match="storage directory itself"):
        back_up(storage, tmp_path / "link", config)
    back_up(storage, stick, config)
    with pytest.raises(BackupError, match="give the directory above it"):
        back_up(storage, stick / DEVICE, config)


def test_devices_are_kept_apart(storage: Path, journal: Journal, stick: Path, config: Path, tmp_path: Path) -> None:
    with closing(open_journal(tmp_path / "other", device_id="lw-b-w01")):
        back_up(tmp_path / "other", stick, config)
    back_up(storage, stick, config)
    assert sorted(path.name for path in stick.iterdir()) == [DEVICE, "lw-b-w01"]
    (stick / "lw-b-w01").rename(stick / "aside")
    (stick / DEVICE).rename(stick / "lw-b-w01")
    with pytest.raises(BackupError, match="holds the copies of lw-a-w12"):
        back_up(tmp_path / "other", stick, config)


def test_another_journal_of_the_same_device_never_pushes_the_old_copies_out(
    storage: Path, journal: Journal, stick: Path, config: Path, tmp_path: Path
) -> None:
    """New hardware on which the app was started before the restore."""
    back_up(storage, stick, config)
    with closing(open_journal(tmp_path / "new")), pytest.raises(BackupError, match="kiosk-admin restore"):
        back_up(tmp_path / "new", stick, config)
    assert only_copy(stick).head[0] == 1


def test_a_place_that_knows_no_rights_no_links_and_no_syncing_of_directories_works(
    storage: Path, journal: Journal, stick: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As FAT and some drivers of it are."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    fsync = os.fsync

    def of_files(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", of_files)
    for name in ("chmod", "fchmod", "chown", "link", "symlink"):
        monkeypatch.setattr(os, name, refused)
    back_up(storage, stick, config)
    back_up(storage, stick, config)
    check_copy(copies_in(stick / DEVICE)[0])


def test_a_full_place_gives_up_the_older_copy_and_never_the_last(
    storage: Path, journal: Journal, stick: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        back_up(storage, stick, config)
    copy_database = backup._copy_database

    def full(source: Path, target: Path) -> None:
        if len([path for path in (stick / DEVICE).iterdir() if not path.name.endswith(".new")]) > 1:
            raise OSError(28, "No space left on device")
        copy_database(source, target)

    monkeypatch.setattr(backup, "_copy_database", full)
    back_up(storage, stick, config)
    assert [path.name for path in sorted((stick / DEVICE).iterdir())] == ["copy-000002", "copy-000003"]

    def always_full(source: Path, target: Path) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(backup, "_copy_database", always_full)
    with pytest.raises(BackupError, match="full"):
        back_up(storage, stick, config)
    assert [path.name for path in (stick / DEVICE).iterdir()] == ["copy-000003"]


@pytest.mark.parametrize("file", [JOURNAL_FILE, SIGNING_KEY_FILE])
def test_a_copy_that_was_changed_or_is_not_whole_is_found(
    storage: Path, journal: Journal, stick: Path, config: Path, file: str
) -> None:
    copy_path = back_up(storage, stick, config).path
    content = bytearray((copy_path / file).read_bytes())
    content[len(content) // 2] ^= 1
    (copy_path / file).write_bytes(content)
    with pytest.raises(BackupError, match="not what was copied"):
        check_copy(only_copy(stick))
    (copy_path / file).unlink()
    with pytest.raises(BackupError, match="missing"):
        check_copy(only_copy(stick))


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "files": {}, "device_id": "x"}'])
def test_what_has_no_manifest_is_no_copy(
    storage: Path, journal: Journal, stick: Path, config: Path, manifest: str
) -> None:
    made = back_up(storage, stick, config)
    (made.path / "manifest.json").write_text(manifest)
    assert copies_in(stick / DEVICE) == []
    assert back_up(storage, stick, config).path.name == "copy-000002"


def test_without_a_journal_or_its_key_nothing_is_copied(storage: Path, stick: Path, config: Path) -> None:
    storage.mkdir()
    with pytest.raises(BackupError):
        back_up(storage, stick, config)
    open_journal(storage).close()
    (storage / SIGNING_KEY_FILE).unlink()
    with pytest.raises(BackupError, match=r"signing\.key"):
        back_up(storage, stick, config)
    assert list(stick.iterdir()) == []


def test_a_manifest_is_text_for_people(storage: Path, journal: Journal, stick: Path, config: Path) -> None:
    made = back_up(storage, stick, config)
    manifest = json.loads((made.path / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["device_id"], manifest["at"]) == (DEVICE, made.at)
    assert manifest["software"].startswith("hall-kiosk ")
    assert set(manifest["files"][JOURNAL_FILE]) == {"bytes", "sha256"}
    assert verify(storage).holds
