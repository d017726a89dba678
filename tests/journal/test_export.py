"""Records in a file: exactly as they are sent, whole, signed; any changed byte is found (R12, R26)."""

import hashlib
import json
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk_app.domain.records import Record
from kiosk_app.journal.chain import canonical, digest, sign
from kiosk_app.journal.database import DELIVERY_FILE, JOURNAL_FILE
from kiosk_app.journal.delivery import DeliveryStore, Settlement, State
from kiosk_app.journal.export import ExportError, export_records
from kiosk_app.journal.export_check import check_export
from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.journal import Journal
from kiosk_app.journal.signing_key import SIGNING_KEY_FILE, load_signing_key, public_key_text
from tests.journal import drafts
from tests.journal.storage import open_journal, settle, unguarded
from tests.manual_clock import ManualClock


@pytest.fixture
def records(journal: Journal, clock: ManualClock) -> list[Record]:
    """Three visits, one with sealed data."""
    for _ in range(2):
        journal.append(*drafts.whole_visit(clock.now()))
    visit = new_id()
    journal.append(drafts.opened(clock.now(), visit, user=b"ciphertext"), drafts.missed(clock.now(), visit))
    return list(journal.all_records())


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_bytes().splitlines()]


def rewrite(file: Path, change: Callable[[list[dict[str, Any]]], Any], key_of: Path | None = None) -> Path:
    """As a forger does: change lines, and make the trailer fit again; sign it where one has a key."""
    header, *records, trailer = lines_of(file)
    told = [header, *records]
    change(told)
    body = b"".join(canonical(line) + b"\n" for line in told)
    trailer |= {"count": len(told) - 1, "sha256": hashlib.sha256(body).hexdigest()}
    sequences = [line["sequence"] for line in told[1:]]
    trailer |= {"first": sequences[0] if sequences else None, "last": sequences[-1] if sequences else None}
    signature = trailer.pop("signature")
    if key_of is not None:
        signature = sign(load_signing_key(key_of), digest(canonical(trailer)))
    forged = file.with_name("forged")
    forged.write_bytes(body + canonical({**trailer, "signature": signature}) + b"\n")
    return forged


def problem(file: Path, **options: str) -> str:
    found = check_export(file, **options).problem
    assert found is not None
    return found


# -- what is in it ----------------------------------------------------------------------------------------------------


def test_all_records_are_there_exactly_as_they_are_sent(storage: Path, records: list[Record], tmp_path: Path) -> None:
    exported = export_records(storage, tmp_path / "all", everything=True)
    assert (exported.count, exported.first, exported.last) == (len(records), 1, records[-1].sequence)
    _, *lines, _ = lines_of(tmp_path / "all")
    assert lines == [record.to_wire() for record in records]
    assert "sealed" in lines[-2]
    verdict = check_export(tmp_path / "all")
    assert (verdict.holds, verdict.count, verdict.scope) == (True, len(records), "all")
    assert stat.S_IMODE((tmp_path / "all").stat().st_mode) == 0o600


def test_what_waits_or_was_refused_is_there_and_what_is_confirmed_is_not(
    storage: Path, records: list[Record], tmp_path: Path
) -> None:
    with closing(DeliveryStore.open(storage)) as store:
        store.admit(records[:6])
        store.settle(Settlement(r.record_id, State.CONFIRMED) for r in (records[0], records[2], records[3]))
        store.settle(
            [Settlement(records[4].record_id, State.REFUSED, "no"), Settlement(records[5].record_id, State.SUPERSEDED)]
        )
    exported = export_records(storage, tmp_path / "some")
    _, *lines, _ = lines_of(tmp_path / "some")
    assert [line["sequence"] for line in lines] == [2, 5, 7, 8, 9]
    assert (exported.count, exported.first, exported.last) == (5, 2, 9)
    assert check_export(tmp_path / "some").holds


def test_where_everything_is_confirmed_the_file_is_empty_and_whole(
    storage: Path, records: list[Record], tmp_path: Path
) -> None:
    with closing(DeliveryStore.open(storage)) as store:
        store.admit(records)
        store.settle(Settlement(record.record_id, State.CONFIRMED) for record in records)
    assert export_records(storage, tmp_path / "none").count == 0
    verdict = check_export(tmp_path / "none")
    assert (verdict.holds, verdict.count, verdict.first) == (True, 0, None)


@pytest.mark.parametrize("content", [None, b"?" * 5000, b""])
def test_where_delivery_tells_nothing_all_are_there(
    storage: Path, records: list[Record], tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (storage / DELIVERY_FILE).write_bytes(content)
    exported = export_records(storage, tmp_path / "all")
    assert (exported.count, exported.delivery_known) == (len(records), False)


def test_a_file_is_never_overwritten(storage: Path, records: list[Record], tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(ExportError, match="there is such a file already"):
        export_records(storage, tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_full_disk_leaves_nothing_behind(
    storage: Path, records: list[Record], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ExportError, match="No space left"):
        export_records(storage, tmp_path / "all")
    assert [path.name for path in tmp_path.iterdir()] == ["storage"]


@pytest.mark.parametrize("content", [None, b"?" * 5000])
def test_what_is_no_journal_is_refused(storage: Path, tmp_path: Path, content: bytes | None) -> None:
    storage.mkdir()
    if content is not None:
        (storage / JOURNAL_FILE).write_bytes(content)
    with pytest.raises(ExportError, match=r"journal\.sqlite3"):
        export_records(storage, tmp_path / "all")
    assert not (tmp_path / "all").exists()


# -- a dead terminal's disk -------------------------------------------------------------------------------------------


def test_of_a_dead_disk_nothing_is_changed_and_its_log_is_read(
    storage: Path, records: list[Record], tmp_path: Path, journal: Journal
) -> None:
    """The terminal died: what it wrote last stands in the write-ahead log."""
    dead = tmp_path / "mounted"
    dead.mkdir()
    for path in storage.iterdir():
        if not path.name.endswith("-shm"):
            (dead / path.name).write_bytes(path.read_bytes())
            (dead / path.name).chmod(0o400)
    assert (dead / f"{JOURNAL_FILE}-wal").stat().st_size > 0
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in dead.iterdir()}
    dead.chmod(0o500)
    exported = export_records(dead, tmp_path / "all", as_it_lies=False)
    dead.chmod(0o700)
    assert exported.count == len(records)
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in dead.iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all", "mounted", "storage"]


def test_of_a_damaged_journal_all_that_reads_is_there_and_what_does_not_is_told(
    storage: Path, records: list[Record], tmp_path: Path
) -> None:
    with unguarded(storage) as connection:
        connection.execute(
            "UPDATE records SET body = replace(body, '\"clock\"', '\"clack\"') WHERE sequence IN (3, 4, 7)"
        )
    exported = export_records(storage, tmp_path / "all", everything=True)
    assert exported.unreadable == ((3, 4), (7, 7))
    verdict = check_export(tmp_path / "all")
    assert (verdict.holds, verdict.count, verdict.unreadable) == (True, len(records) - 3, ((3, 4), (7, 7)))


def test_of_a_journal_with_destroyed_pages_the_rest_is_there(storage: Path, clock: ManualClock, tmp_path: Path) -> None:
    with closing(open_journal(storage, clock)) as journal:
        for _ in range(400):
            journal.append(*drafts.whole_visit(clock.now()))
        count = journal.newest(1)[0].sequence
    settle(storage)
    path = storage / JOURNAL_FILE
    content = bytearray(path.read_bytes())
    pages = len(content) // 4096
    for page in range(pages // 2, pages // 2 + 5):
        content[page * 4096 : (page + 1) * 4096] = b"\xff" * 4096
    path.write_bytes(content)
    exported = export_records(storage, tmp_path / "all", everything=True)
    lost = sum(last - first + 1 for first, last in exported.unreadable)
    assert 0 < lost < count // 4
    assert exported.count == count - lost
    assert check_export(tmp_path / "all").holds


def test_the_last_record_that_cannot_be_read_is_told_too(storage: Path, records: list[Record], tmp_path: Path) -> None:
    last = records[-1].sequence
    with unguarded(storage) as connection:
        connection.execute("UPDATE records SET hash = 'x' WHERE sequence = ?", (last,))
    assert export_records(storage, tmp_path / "all").unreadable == ((last, last),)


def test_without_the_key_the_records_are_saved_and_the_check_says_what_is_not_proved(
    storage: Path, records: list[Record], tmp_path: Path
) -> None:
    (storage / SIGNING_KEY_FILE).unlink()
    exported = export_records(storage, tmp_path / "all", everything=True)
    assert (exported.count, exported.is_signed) == (len(records), False)
    verdict = check_export(tmp_path / "all")
    assert verdict.count == len(records)
    assert verdict.problem is not None
    assert "not signed" in verdict.problem


# -- the check --------------------------------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255))
def test_any_changed_byte_is_found(
    storage: Path, records: list[Record], tmp_path: Path, place: float, change: int
) -> None:
    file = tmp_path / "all"
    if not file.exists():
        export_records(storage, file, everything=True)
    content = bytearray(file.read_bytes())
    content[int(place * len(content))] ^= change
    (tmp_path / "changed").write_bytes(content)
    assert not check_export(tmp_path / "changed").holds


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.floats(0, 1), last=st.floats(0, 1), more=st.binary(max_size=4))
def test_anything_taken_away_or_put_in_is_found(
    storage: Path, records: list[Record], tmp_path: Path, first: float, last: float, more: bytes
) -> None:
    file = tmp_path / "all"
    if not file.exists():
        export_records(storage, file, everything=True)
    content = file.read_bytes()
    begin, end = sorted((int(first * len(content)), int(last * len(content))))
    changed = content[:begin] + more + content[end:]
    (tmp_path / "changed").write_bytes(changed)
    assert check_export(tmp_path / "changed").holds == (changed == content)


def test_a_forger_without_the_key_is_found_whatever_he_makes_fit(
    storage: Path, records: list[Record], tmp_path: Path
) -> None:
    file = tmp_path / "all"
    export_records(storage, file, everything=True)

    def better(lines: list[dict[str, Any]]) -> None:
        lines[4]["payload"]["level"] = "very_satisfied"

    def better_with_its_hash(lines: list[dict[str, Any]]) -> None:
        better(lines)
        body = {name: value for name, value in lines[4].items() if name not in ("hash", "signature", "sealed")}
        lines[4]["hash"] = digest(canonical(body))

    assert "hash does not fit" in problem(rewrite(file, better))
    assert "signature is not this device's" in problem(rewrite(file, better_with_its_hash))
    assert "signature is not this device's" in problem(rewrite(file, lambda lines: lines.pop()))
    assert "stands behind" in problem(rewrite(file, lambda lines: lines.insert(2, lines[3])))


def test_a_record_that_is_missing_is_found_although_the_file_is_signed(
    storage: Path, records: list[Record], tmp_path: Path
) -> None:
    export_records(storage, tmp_path / "all", everything=True)
    forged = rewrite(tmp_path / "all", lambda lines: lines.pop(5), storage)
    assert "records 5 to 5 are missing" in problem(forged)


def test_a_sealed_text_that_is_not_the_recorded_one_is_found(
    storage: Path, records: list[Record], tmp_path: Path
) -> None:
    def other(lines: list[dict[str, Any]]) -> None:
        lines[-2]["sealed"] = {"user": "b3RoZXI="}

    export_records(storage, tmp_path / "all", everything=True)
    assert "sealed user" in problem(rewrite(tmp_path / "all", other, storage))


def test_the_key_that_one_knows_decides(storage: Path, records: list[Record], tmp_path: Path) -> None:
    """By its own key a file can only show that one device wrote it."""
    export_records(storage, tmp_path / "all", everything=True)
    own = public_key_text(load_signing_key(storage).public_key())
    assert check_export(tmp_path / "all", own).holds
    with closing(open_journal(tmp_path / "other")):
        other = public_key_text(load_signing_key(tmp_path / "other").public_key())
    assert "another key" in problem(tmp_path / "all", public_key=other)
    with pytest.raises(ValueError, match="32 bytes in base64"):
        check_export(tmp_path / "all", "not a key")


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"{}\n", b"[]\n", b"\xff\xfe\n", b'{"export":1}\n', b"[" * 5000 + b"\n", b"x" * 100]
)
def test_what_is_no_export_file_is_told_and_is_no_traceback(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    verdict = check_export(tmp_path / "file")
    assert verdict.problem is not None
    assert verdict.line is not None
