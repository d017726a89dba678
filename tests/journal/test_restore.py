"""Bringing a copy back: the chain goes on behind everything that anybody may hold; nothing is deleted (R12, R29)."""

import signal
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk_app.domain.records import Record
from kiosk_app.journal.backup import Copy, back_up, read_copy
from kiosk_app.journal.database import (
    AGENT_LOCK_FILE,
    APP_LOCK_FILE,
    DELIVERY_FILE,
    HALL_FILE,
    JOURNAL_FILE,
    PENDING_RESTORE,
    RestoreCutOffError,
    only_one,
)
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.hall import HallStore
from kiosk_app.journal.journal import JournalUnavailableError
from kiosk_app.journal.old_storage import Held
from kiosk_app.journal.reader import JournalReader
from kiosk_app.journal.restore import FREE_A_DAY, Circumstances, RestoreError, restore
from kiosk_app.journal.signing_key import SIGNING_KEY_FILE
from kiosk_app.journal.verification import verify
from sync_agent.intake import Intake
from sync_agent.simulated.chain import chain_problems
from tests.journal import drafts, worker
from tests.journal.storage import DEVICE, open_journal, raw, settle, unguarded
from tests.manual_clock import ManualClock

SPOIL = "UPDATE records SET body = replace(body, '\"clock\"', '\"clack\"')"


class Rig:
    """A terminal with a copy of its first records, and some more since."""

    def __init__(self, directory: Path) -> None:
        self.storage = directory / "storage"
        self.clock = ManualClock()
        (directory / "stick").mkdir()
        self.record(2)
        copy = read_copy(back_up(self.storage, directory / "stick", directory).path)
        assert copy is not None
        self.copy: Copy = copy
        self.record(3)
        self.before = self.records()
        self.platform: list[Record] = []
        """What the platform holds."""
        self.by = Circumstances(DEVICE, "technician", "hall-kiosk 2", self.clock, self.ask)

    def record(self, visits: int = 1) -> None:
        with closing(open_journal(self.storage, self.clock)) as journal:
            for _ in range(visits):
                journal.append(*drafts.whole_visit(self.clock.now()))

    def records(self) -> list[Record]:
        with closing(JournalReader.open(self.storage)) as reader:
            return list(reader.all_records())

    def ask(self, head: tuple[int, str]) -> Held | None:
        newest = self.platform[-1] if self.platform else None
        return Held(newest.sequence, newest.hash) if newest else None

    def lose(self) -> None:
        """The disk is new and empty."""
        for path in sorted(self.storage.rglob("*")):
            path.unlink()

    def damage(self, first: int = 0, last: int | None = None, *, page: int = 4096) -> None:
        """Zeros where pages of the journal were."""
        settle(self.storage)
        path = self.storage / JOURNAL_FILE
        content = bytearray(path.read_bytes())
        end = len(content) if last is None else last * page
        content[first * page : end] = bytes(end - first * page)
        path.write_bytes(content)

    def what_anybody_holds(self) -> list[dict[str, object]]:
        """Everything that ever reached the platform, and everything that is in the journal now."""
        held = {record.record_id: record.to_wire() for record in (*self.platform, *self.records())}
        return list(held.values())


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def is_no_fork(rig: Rig) -> bool:
    """No sequence holds two records, and the platform finds nothing wrong but what never reached it."""
    held = rig.what_anybody_holds()
    assert len({record["sequence"] for record in held}) == len(held)
    return chain_problems(held) == []


def test_where_nobody_holds_more_the_chain_simply_goes_on(rig: Rig) -> None:
    rig.platform = rig.before[: rig.copy.head[0] - 1]
    rig.lose()
    done = restore(rig.storage, rig.copy, rig.by)
    head = rig.copy.head[0]
    assert (done.copied_to, done.goes_on_at, done.missing, done.rescued) == (head, head + 1, None, 0)
    records = rig.records()
    assert records[:head] == rig.before[:head]
    started, told = records[head:]
    assert (started.kind, started.previous_hash) == ("journal_started", rig.copy.head[1])
    assert started.payload["previous_journal"] == {
        "head_hash": rig.copy.head[1],
        "sequence": head,
        "reason": f"restored from the copy of {rig.copy.at}",
        "missing": [],
    }
    assert (told.kind, told.payload["action"], told.payload["operator"]) == ("operator_action", "restore", "technician")
    rig.record()
    verdict = verify(rig.storage)
    assert (verdict.holds, verdict.gaps) == (True, ())
    assert is_no_fork(rig)


def test_what_the_platform_holds_beyond_the_copy_is_never_recorded_again(rig: Rig) -> None:
    rig.platform = rig.before[:-1]
    newest = rig.platform[-1]
    rig.lose()
    done = restore(rig.storage, rig.copy, rig.by)
    assert (done.goes_on_at, done.missing) == (newest.sequence + 1, (rig.copy.head[0] + 1, newest.sequence))
    started = rig.records()[rig.copy.head[0]]
    assert (started.sequence, started.previous_hash) == (newest.sequence + 1, newest.hash)
    assert started.payload["previous_journal"]["sequence"] == newest.sequence
    rig.record()
    verdict = verify(rig.storage)
    assert (verdict.holds, verdict.gaps) == (True, (done.missing,))
    assert is_no_fork(rig)


def test_a_platform_that_tells_only_sequences_gets_one_that_nobody_has_used(rig: Rig) -> None:
    rig.platform = rig.before
    newest = rig.platform[-1].sequence
    rig.lose()
    done = restore(rig.storage, rig.copy, replace(rig.by, ask=lambda _: Held(newest)))
    assert (done.goes_on_at, done.missing) == (newest + 2, (rig.copy.head[0] + 1, newest + 1))
    started = rig.records()[rig.copy.head[0]]
    assert started.previous_hash == rig.copy.head[1]
    assert verify(rig.storage).holds
    assert is_no_fork(rig)


def test_offline_enough_sequences_stay_free_for_what_nobody_can_tell(rig: Rig) -> None:
    rig.platform = rig.before
    rig.lose()
    rig.clock.wall = rig.clock.wall.fromisoformat(rig.copy.at) + timedelta(days=2, hours=1)
    done = restore(rig.storage, rig.copy, replace(rig.by, ask=None))
    assert done.goes_on_at == rig.copy.head[0] + 3 * FREE_A_DAY + 1
    rig.record()
    assert verify(rig.storage).holds
    assert is_no_fork(rig)


def test_offline_with_deliverys_own_file_it_is_known_what_was_sent(rig: Rig) -> None:
    sent = rig.before[-2]
    with closing(DeliveryStore.open(rig.storage)) as store:
        store.admit(rig.before[:-1])
    rig.platform = rig.before[:-1]
    for path in rig.storage.glob(f"{JOURNAL_FILE}*"):
        path.unlink()
    done = restore(rig.storage, rig.copy, replace(rig.by, ask=None))
    assert done.goes_on_at == sent.sequence + 1
    assert is_no_fork(rig)


def test_what_was_handed_out_in_a_file_counts_as_known(rig: Rig) -> None:
    newest = rig.before[-1]
    with closing(DeliveryStore.open(rig.storage)) as store:
        store.admit(rig.before[:2])
        store.note(exported_sequence=newest.sequence, exported_hash=newest.hash)
    for path in rig.storage.glob(f"{JOURNAL_FILE}*"):
        path.unlink()
    assert restore(rig.storage, rig.copy, replace(rig.by, ask=None)).goes_on_at == newest.sequence + 1


def test_deliverys_file_of_another_journal_tells_nothing(rig: Rig, tmp_path: Path) -> None:
    """New hardware, on which the programs had been started before."""
    with closing(open_journal(tmp_path / "new", rig.clock)) as journal:
        with closing(DeliveryStore.open(tmp_path / "new")) as store:
            store.admit(list(journal.all_records()))
        for path in (tmp_path / "new").glob("[js]*"):
            path.unlink()
    done = restore(tmp_path / "new", rig.copy, replace(rig.by, ask=None))
    assert done.goes_on_at > rig.copy.head[0] + FREE_A_DAY


def test_an_unreachable_platform_changes_nothing(rig: Rig) -> None:
    def silent(_: object) -> None:
        raise RestoreError("the platform could not be asked")

    rig.lose()
    with pytest.raises(RestoreError, match="could not be asked"):
        restore(rig.storage, rig.copy, replace(rig.by, ask=silent))
    assert not list(rig.storage.glob("*.sqlite3*")) + list(rig.storage.glob("restore*"))


def test_a_platform_that_holds_another_chain_is_told(rig: Rig, tmp_path: Path) -> None:
    rig.lose()
    with pytest.raises(RestoreError, match="another record at sequence 3"):
        restore(rig.storage, rig.copy, replace(rig.by, ask=lambda _: Held(3, "0" * 64)))


# -- what stands there already ----------------------------------------------------------------------------------------


def test_a_readable_journal_that_is_newer_is_left_alone(rig: Rig) -> None:
    more = len(rig.before) - rig.copy.head[0]
    with pytest.raises(RestoreError, match=f"whole and holds all .* and {more} records more; there is nothing"):
        restore(rig.storage, rig.copy, rig.by)
    assert rig.records() == rig.before
    assert not list(rig.storage.glob("*before-restore*"))


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_bytes(b"?")])
def test_a_whole_journal_whose_key_is_lost_gets_only_its_key(rig: Rig, spoil: Callable[[Path], object]) -> None:
    spoil(rig.storage / SIGNING_KEY_FILE)
    done = restore(rig.storage, rig.copy, rig.by)
    assert done.key_only
    assert rig.records()[:-1] == rig.before
    rig.record()
    assert verify(rig.storage).holds


def test_of_a_damaged_journal_what_joins_on_is_rescued(rig: Rig) -> None:
    """Records that were never sent, and come after the copy: they are still there."""
    with unguarded(rig.storage) as connection:
        connection.execute(f"{SPOIL} WHERE sequence = 3")
    assert not verify(rig.storage).holds
    done = restore(rig.storage, rig.copy, rig.by)
    assert done.rescued == len(rig.before) - rig.copy.head[0]
    assert rig.records()[: len(rig.before)] == rig.before
    assert (done.missing, done.goes_on_at) == (None, rig.before[-1].sequence + 1)
    verdict = verify(rig.storage)
    assert (verdict.holds, verdict.gaps) == (True, ())
    assert is_no_fork(rig)


def test_rescued_records_bring_what_is_sealed_along(rig: Rig) -> None:
    with closing(open_journal(rig.storage, rig.clock)) as journal:
        visit = drafts.whole_visit(rig.clock.now())[0].visit_id
        assert visit is not None
        (opened,) = journal.append(drafts.opened(rig.clock.now(), visit, user=b"ciphertext"))
    with unguarded(rig.storage) as connection:
        connection.execute("DELETE FROM records WHERE sequence = 2")
    restore(rig.storage, rig.copy, rig.by)
    with closing(JournalReader.open(rig.storage)) as reader:
        found = reader.record_by_id(opened.record_id)
    assert found is not None
    assert found.sealed == {"user": "Y2lwaGVydGV4dA=="}
    assert verify(rig.storage).holds


def test_readable_records_that_do_not_join_on_are_not_dropped_silently(rig: Rig) -> None:
    """Record `lost` cannot be read: what comes after it is whole, and may never have been sent."""
    lost = rig.copy.head[0] + 2
    with unguarded(rig.storage) as connection:
        connection.execute(f"{SPOIL} WHERE sequence = ?", (lost,))
    with pytest.raises(RestoreError, match=rf"from sequence {lost + 1} to .* export FILE --all.*--set-aside"):
        restore(rig.storage, rig.copy, rig.by)
    done = restore(rig.storage, rig.copy, replace(rig.by, set_aside=True))
    assert done.rescued == 1
    # They may be carried to the platform in a file: their sequences are not given again.
    assert done.goes_on_at == rig.before[-1].sequence + 1
    assert rig.records()[-2].previous_hash == rig.before[-1].hash
    assert verify(rig.storage).gaps == ((lost, rig.before[-1].sequence),)


def test_a_journal_that_began_anew_after_the_loss_is_joined_to_the_copy(rig: Rig) -> None:
    with closing(DeliveryStore.open(rig.storage)) as store:
        store.admit(rig.before)
    for path in rig.storage.glob(f"{JOURNAL_FILE}*"):
        path.unlink()
    rig.record()
    began = rig.records()
    assert began[0].sequence == rig.before[-1].sequence + 1
    rig.platform = rig.before
    done = restore(rig.storage, rig.copy, rig.by)
    assert done.rescued == len(began)
    assert rig.records()[rig.copy.head[0] : -2] == began
    assert verify(rig.storage).holds
    assert is_no_fork(rig)


def test_another_journal_that_was_begun_here_is_put_aside_only_when_told(rig: Rig, tmp_path: Path) -> None:
    with closing(open_journal(tmp_path / "new", rig.clock)) as journal:
        fresh = list(journal.all_records())
    with pytest.raises(RestoreError, match="1 readable records that are not in the copy"):
        restore(tmp_path / "new", rig.copy, rig.by)
    rig.platform = rig.before
    done = restore(tmp_path / "new", rig.copy, replace(rig.by, set_aside=True))
    assert done.goes_on_at == rig.before[-1].sequence + 1
    assert verify(tmp_path / "new").holds
    with closing(raw_aside(tmp_path / "new")) as reader:
        assert list(reader.all_records()) == fresh


def raw_aside(directory: Path) -> JournalReader:
    """The journal that was put aside, as anybody can open it."""
    (directory / "aside").mkdir()
    for path in directory.glob(f"{JOURNAL_FILE}*.before-restore-1"):
        (directory / "aside" / path.name.removesuffix(".before-restore-1")).write_bytes(path.read_bytes())
    return JournalReader.open(directory / "aside")


@pytest.mark.parametrize("damage", ["everything", "the beginning", "the middle", "not a database"])
def test_over_any_damage_a_copy_is_brought_back_and_the_old_files_are_kept(rig: Rig, damage: str) -> None:
    rig.platform = rig.before
    match damage:
        case "everything":
            rig.damage()
        case "the beginning":
            rig.damage(0, 1)
        case "the middle":
            rig.damage(2, 12)
        case "not a database":
            (rig.storage / JOURNAL_FILE).write_bytes(b"?" * 9_000)
    damaged = (rig.storage / JOURNAL_FILE).read_bytes()
    done = restore(rig.storage, rig.copy, replace(rig.by, set_aside=True))
    assert (rig.storage / f"{JOURNAL_FILE}.before-restore-1").read_bytes() == damaged
    assert f"{JOURNAL_FILE}.before-restore-1" in done.set_aside
    rig.record()
    assert verify(rig.storage).holds
    assert is_no_fork(rig)


def test_each_restore_keeps_what_was_there_under_a_number_of_its_own(rig: Rig) -> None:
    rig.platform = rig.before
    for number in (1, 2, 3):
        (rig.storage / JOURNAL_FILE).write_bytes(b"?" * number)
        restore(rig.storage, rig.copy, rig.by)
        rig.platform = [*rig.platform, *(r for r in rig.records() if r.sequence > rig.platform[-1].sequence)]
        assert (rig.storage / f"{JOURNAL_FILE}.before-restore-{number}").read_bytes() == b"?" * number
    assert is_no_fork(rig)


def test_delivery_takes_a_restored_journal_for_its_own(rig: Rig) -> None:
    """No alarm of a journal that was set back; what the copy did not know to be delivered is sent again (R25)."""
    with closing(DeliveryStore.open(rig.storage)) as store:
        store.admit(rig.before)
        store.settle([], confirmed=(rig.before[-1].sequence, rig.before[-1].hash))
    rig.platform = rig.before
    rig.damage()
    restore(rig.storage, rig.copy, rig.by)
    with closing(DeliveryStore.open(rig.storage)) as store, closing(JournalReader.open(rig.storage)) as journal:
        intake = Intake(journal, store, rig.clock)
        intake.follow_the_journal()
        assert store.status().journal_set_back_at is None
        assert intake.holds_what_was_confirmed()
        assert sum(store.counts(journal).values()) == len(rig.records())
        assert [record.sequence for record in intake.next_batch()] == [record.sequence for record in rig.records()]
        assert sum(store.counts(journal).values()) == len(rig.records())


def test_the_halls_data_is_there_and_is_pulled_whole_again(rig: Rig, tmp_path: Path) -> None:
    with closing(HallStore.open(rig.storage)) as hall:
        hall.replace_pulled({"notices": [{"title": "a"}]}, {}, source="platform", etag='"1"', journal_sequence=7)
    copy = read_copy(back_up(rig.storage, tmp_path / "stick", tmp_path).path)
    rig.lose()
    restore(rig.storage, copy, rig.by)
    with closing(HallStore.open(rig.storage)) as hall:
        assert hall.entries("notices") == [{"title": "a"}]
        assert (hall.etag("platform"), hall.pulled_at_sequence()) == (None, 0)


# -- who may not ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lock", "word"), [(APP_LOCK_FILE, "kiosk-app runs"), (AGENT_LOCK_FILE, "sync-agent serves")])
def test_while_a_program_runs_nothing_is_restored(rig: Rig, lock: str, word: str) -> None:
    with only_one(rig.storage / lock), pytest.raises(RestoreError, match=f"{word}.*stop it first"):
        restore(rig.storage, rig.copy, rig.by)


def test_another_devices_copy_is_refused(rig: Rig) -> None:
    with pytest.raises(RestoreError, match="a copy of lw-a-w12, not of lw-b-w01"):
        restore(rig.storage, rig.copy, replace(rig.by, device_id="lw-b-w01"))


def test_a_copy_whose_journal_was_rewritten_is_refused_although_its_manifest_fits(rig: Rig, tmp_path: Path) -> None:
    with unguarded(rig.copy.path) as connection:
        connection.execute("UPDATE records SET body = replace(body, '\"satisfied\"', '\"dissatisfied\"')")
    settle(rig.copy.path)
    files = {name: entry for name, entry in rig.copy.manifest["files"].items() if name != JOURNAL_FILE}
    forged = Copy(rig.copy.path, {**rig.copy.manifest, "files": files})
    rig.lose()
    with pytest.raises(RestoreError, match="does not hold"):
        restore(rig.storage, forged, rig.by)
    assert not (rig.storage / JOURNAL_FILE).exists()


# -- nothing left -----------------------------------------------------------------------------------------------------


def test_where_nothing_is_left_a_new_journal_begins_behind_what_the_platform_holds(rig: Rig) -> None:
    rig.platform = rig.before
    rig.lose()
    done = restore(rig.storage, None, rig.by)
    assert done.goes_on_at == rig.before[-1].sequence + 1
    rig.record()
    held = rig.what_anybody_holds()
    assert chain_problems(held) == []
    verdict = verify(rig.storage)
    assert (verdict.holds, verdict.sequence) == (False, 1)  # what is not here is found, as after any loss (R12)
    assert verify(rig.storage, from_any_start=True).holds


def test_a_copy_of_a_journal_that_began_anew_can_be_brought_back(rig: Rig, tmp_path: Path) -> None:
    rig.platform = rig.before
    rig.lose()
    restore(rig.storage, None, rig.by)
    rig.record()
    (tmp_path / "second").mkdir()
    copy = read_copy(back_up(rig.storage, tmp_path / "second", tmp_path).path)
    rig.platform = [*rig.before, *rig.records()]
    rig.lose()
    restore(rig.storage, copy, rig.by)
    assert is_no_fork(rig)


def test_without_a_copy_the_platform_must_be_asked_and_must_hold_something(rig: Rig) -> None:
    rig.lose()
    with pytest.raises(RestoreError, match="leave --offline away"):
        restore(rig.storage, None, replace(rig.by, ask=None))
    with pytest.raises(RestoreError, match="just start kiosk-app"):
        restore(rig.storage, None, rig.by)


# -- killed -----------------------------------------------------------------------------------------------------------


def test_killed_at_any_step_no_journal_is_opened_half_and_a_second_run_finishes_it(tmp_path: Path) -> None:
    """kill -9 at every rename, unlink and sync; whatever starts in between finds the old, nothing, or the new."""
    rig = Rig(tmp_path)
    rig.platform = rig.before
    with closing(DeliveryStore.open(rig.storage)) as store:
        store.admit(rig.before)
    HallStore.open(rig.storage).close()
    rig.damage(2, 12)
    image = {path.name: path.read_bytes() for path in rig.storage.iterdir() if path.is_file()}
    newest = rig.before[-1].sequence
    pending = 0
    for step in range(1, 200):
        for path in sorted(rig.storage.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        for name, content in image.items():
            (rig.storage / name).write_bytes(content)
        with worker.process(worker.restore_until, rig.storage, rig.copy.path, newest, step) as (child, pipe):
            ended = list(worker.told(pipe)) == ["done"]
            child.join()
            assert ended or child.exitcode == -signal.SIGKILL
        is_pending = (rig.storage / PENDING_RESTORE).exists()
        pending += is_pending
        if is_pending:
            with pytest.raises(JournalUnavailableError, match="finish it with: kiosk-admin restore"):
                open_journal(rig.storage, rig.clock)
            with pytest.raises(RestoreCutOffError):
                JournalReader.open(rig.storage)
        if not ended:
            by = replace(rig.by, set_aside=True, ask=lambda _: Held(newest))
            with ExitStack() as stack:
                if not is_pending and (rig.storage / f"{JOURNAL_FILE}.before-restore-1").exists():
                    # It was all done but for its last words: then there is nothing to do any more.
                    stack.enter_context(pytest.raises(RestoreError, match="nothing to restore"))
                done = restore(rig.storage, rig.copy, by)
                assert done.finished == is_pending
        kept = {name: (rig.storage / f"{name}.before-restore-1").read_bytes() for name in (JOURNAL_FILE, DELIVERY_FILE)}
        assert kept[JOURNAL_FILE] == image[JOURNAL_FILE]
        assert verify(rig.storage).holds
        assert rig.records()[rig.copy.head[0]].sequence == newest + 1
        for file in (DELIVERY_FILE, HALL_FILE):
            with raw(rig.storage, file) as connection:
                assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
        assert not [path.name for path in rig.storage.iterdir() if path.name.startswith("restore.") and not ended]
        if ended:
            break
    else:
        raise AssertionError("it was killed at every step, and there is no end of them")
    assert pending > 5
