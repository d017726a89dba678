"""One walk finds whatever was changed, removed, inserted or cut off, and says where (R12)."""

import base64
import hashlib
import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pysqlite3 as sqlite3
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk_app.domain.levels import Level
from kiosk_app.domain.records import Draft, Kind, Record
from kiosk_app.journal import schema, verification
from kiosk_app.journal.chain import signature_holds
from kiosk_app.journal.database import DELIVERY_FILE, JOURNAL_FILE, Connection, open_database, write_transaction
from kiosk_app.journal.delivery import DeliveryStore
from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.journal import Journal, JournalUnavailableError
from kiosk_app.journal.reader import JournalReader
from kiosk_app.journal.signing_key import SIGNING_KEY_FILE, create_signing_key, load_signing_key
from kiosk_app.journal.verification import Verdict, verify
from tests.journal import drafts
from tests.journal.storage import open_journal, raw, settle, unguarded
from tests.manual_clock import ManualClock


def write_small_journal(directory: Path) -> list[Record]:
    """A binding, a visit with sealed data, a bad rating, its detail with a sealed contact, an operator's action."""
    clock = ManualClock()
    visit = new_id()
    with closing(open_journal(directory, clock)) as journal:
        journal.append(
            drafts.bound(clock.now(), "12", "0815"),
            drafts.opened(clock.now(), visit, user=b"sealed user"),
            drafts.invited(clock.now(), visit),
        )
        (rating,) = journal.append(drafts.rating(clock.now(), visit, Level.DISSATISFIED))
        journal.append(
            drafts.detail(clock.now(), rating.record_id, visit, contact=b"sealed contact"), drafts.action(clock.now())
        )
        records = list(journal.all_records())
    # Every byte of a row shall stand in the file once.
    with raw(directory) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("VACUUM")
    settle(directory)
    return records


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("pattern")
    write_small_journal(directory)
    return directory


@pytest.fixture
def written(pattern: Path, storage: Path) -> list[Record]:
    """The small journal, in this test's own storage."""
    shutil.copytree(pattern, storage)
    with closing(JournalReader.open(storage)) as reader:
        return list(reader.all_records())


def confirm(directory: Path, record: Record) -> None:
    with closing(DeliveryStore.open(directory)) as store:
        store.settle([], confirmed=(record.sequence, record.hash))


def bad(directory: Path) -> tuple[int | None, str]:
    """Sequence and words of what is wrong."""
    verdict = verify(directory)
    assert not verdict.holds
    assert verdict.problem
    assert "\n" not in verdict.problem
    return verdict.sequence, verdict.problem


def test_a_good_journal_holds(storage: Path, written: list[Record]) -> None:
    assert verify(storage) == Verdict(len(written), (written[-1].sequence, written[-1].hash))


def test_a_journal_without_a_record_does_not_hold_and_says_what_it_may_be(tmp_path: Path) -> None:
    """Just being started, or emptied: nobody can tell, and neither is a whole journal (R12)."""
    create_signing_key(tmp_path)
    (tmp_path / JOURNAL_FILE).touch()
    being_started = verify(tmp_path)
    open_database(tmp_path / JOURNAL_FILE, schema.migrations).close()
    for verdict in (being_started, verify(tmp_path)):
        assert (verdict.holds, verdict.count, verdict.head, verdict.sequence) == (False, 0, None, 1)
        assert f"{JOURNAL_FILE} holds no record" in str(verdict.problem)
        assert "just being started" in str(verdict.problem)


def test_an_emptied_journal_is_no_whole_one(storage: Path, written: list[Record]) -> None:
    with unguarded(storage) as connection:
        connection.execute("DELETE FROM records")
    verdict = verify(storage)
    assert (verdict.holds, verdict.sequence) == (False, 1)
    assert "holds no record" in str(verdict.problem)


def test_a_good_journal_holds_while_it_is_written_to(storage: Path, journal: Journal, clock: ManualClock) -> None:
    for count in range(2, 6):
        journal.append(drafts.action(clock.now()))
        assert verify(storage).count == count


def test_a_journal_with_numbers_of_every_size_holds(storage: Path, journal: Journal, clock: ManualClock) -> None:
    numbers = [0, -0.0, 1.5, 1e15, 2**53 - 1, 1e16, 4.553134221276625e16, 1e20, 1e21, 1.7e308, 5e-324]
    journal.append(Draft(Kind.DEVICE_EVENT, {"numbers": numbers}, clock.now()))
    assert verify(storage).holds


# Every byte counts


def places(directory: Path, content: bytes) -> Iterator[tuple[int, int, str]]:
    """Where each stored row lies in the file: its first byte, its length, and what it is."""
    with closing(JournalReader.open(directory)) as reader:
        rows = reader.connection.execute("SELECT sequence, body || hash || signature FROM records").fetchall()
        sealed = reader.connection.execute("SELECT record_id || name, ciphertext FROM sealed").fetchall()
    for sequence, text in rows:
        row = text.encode()
        assert content.count(row) == 1
        yield content.index(row), len(row), f"record {sequence}"
    for key, ciphertext in sealed:
        row = key.encode() + ciphertext
        assert content.count(row) == 1
        yield content.index(row), len(row), "sealed"


def test_a_change_of_any_single_byte_of_any_row_is_found_and_named(pattern: Path, storage: Path) -> None:
    shutil.copytree(pattern, storage)
    path = storage / JOURNAL_FILE
    content = path.read_bytes()
    found = 0
    with path.open("r+b", buffering=0) as file:
        for start, length, row in places(storage, content):
            for position in range(start, start + length):
                changed = content[position] ^ (0x80 if position % 9 == 0 else 0x01)
                os.pwrite(file.fileno(), bytes([changed]), position)
                sequence, problem = bad(storage)
                if row != "sealed":
                    assert f"record {sequence}" == row, (position, problem)
                found += 1
                os.pwrite(file.fileno(), content[position : position + 1], position)
    assert found > 4_000
    assert verify(storage).holds


def test_a_change_of_any_byte_of_the_file_is_never_a_traceback(pattern: Path, storage: Path) -> None:
    """Not for verify, not for the app that opens it, not for a reader."""
    shutil.copytree(pattern, storage)
    path = storage / JOURNAL_FILE
    content = path.read_bytes()
    moments = random.Random(7)
    # All of the schema's first bytes, and some hundreds anywhere.
    for position in [*range(0, 110, 3), *(moments.randrange(len(content)) for _ in range(400))]:
        changed = bytearray(content)
        changed[position] ^= moments.randrange(1, 256)
        path.write_bytes(changed)
        verify(storage)
        try:
            with closing(open_journal(storage)) as journal:
                list(journal.all_records())
        except (JournalUnavailableError, sqlite3.Error):
            pass
        for path_beside in (storage / f"{JOURNAL_FILE}-wal", storage / f"{JOURNAL_FILE}-shm"):
            path_beside.unlink(missing_ok=True)


@pytest.mark.parametrize("pages", range(0, 20, 2))
def test_a_truncated_file_is_found(storage: Path, written: list[Record], pages: int) -> None:
    path = storage / JOURNAL_FILE
    os.truncate(path, min(4096 * pages + 100, path.stat().st_size - 1))
    bad(storage)


# Forgers with tools

Forgery = Callable[[Connection, list[Record]], None]


def _body(record: Record, **changes: object) -> dict[str, object]:
    kept = {k: v for k, v in record.to_wire().items() if k not in ("hash", "signature", "sealed")}
    return {**kept, **changes}


def _insert(connection: Connection, record: Record, body: bytes, signature: str | None = None) -> None:
    values = (record.sequence, body.decode(), hashlib.sha256(body).hexdigest(), signature or record.signature)
    connection.execute("INSERT INTO records (sequence, body, hash, signature) VALUES (?, ?, ?, ?)", values)


def change_level(connection: Connection, records: list[Record]) -> None:
    connection.execute("UPDATE records SET body = replace(body, '\"dissatisfied\"', '\"very_satisfied\"')")


def change_level_and_hash(connection: Connection, records: list[Record]) -> None:
    payload = {**records[4].payload, "level": "very_satisfied", "score": 5}
    body = rfc8785.dumps(_body(records[4], payload=payload))  # type: ignore[arg-type]
    connection.execute("DELETE FROM records WHERE sequence = 5")
    _insert(connection, records[4], body)


def sign_with_another_key(connection: Connection, records: list[Record]) -> None:
    signature = base64.b64encode(Ed25519PrivateKey.generate().sign(bytes.fromhex(records[4].hash))).decode()
    connection.execute("UPDATE records SET signature = ? WHERE sequence = 5", (signature,))


def spell_signature_differently(connection: Connection, records: list[Record]) -> None:
    """The spare bits at the end of base64: other letters, the same 64 bytes."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    signature = records[4].signature
    other = f"{signature[:85]}{alphabet[alphabet.index(signature[85]) + 1]}=="
    assert base64.b64decode(other) == base64.b64decode(signature)
    connection.execute("UPDATE records SET signature = ? WHERE sequence = 5", (other,))


def spell_body_differently(connection: Connection, records: list[Record]) -> None:
    body = json.dumps(_body(records[4]), ensure_ascii=False).encode()
    connection.execute("DELETE FROM records WHERE sequence = 5")
    _insert(connection, records[4], body)


def remove_one(connection: Connection, records: list[Record]) -> None:
    connection.execute("DELETE FROM records WHERE sequence = 5")


def remove_the_first(connection: Connection, records: list[Record]) -> None:
    connection.execute("DELETE FROM records WHERE sequence = 1")


def remove_one_and_close_the_gap(connection: Connection, records: list[Record]) -> None:
    connection.execute("DELETE FROM records WHERE sequence = 5")
    connection.execute("UPDATE records SET sequence = sequence - 1 WHERE sequence = 6")
    connection.execute("UPDATE records SET sequence = sequence - 1 WHERE sequence = 7")


def swap_two(connection: Connection, records: list[Record]) -> None:
    for old, new in ((3, 100), (4, 3), (100, 4)):
        connection.execute("UPDATE records SET sequence = ? WHERE sequence = ?", (new, old))


def insert_one_between(connection: Connection, records: list[Record]) -> None:
    for sequence in (7, 6, 5):
        connection.execute("UPDATE records SET sequence = ? WHERE sequence = ?", (sequence + 1, sequence))
    body = _body(records[5], record_id=new_id(), sequence=5, kind="device_event", visit_id=None)
    connection.execute(
        "INSERT INTO records (sequence, body, hash, signature) VALUES (5, ?, ?, ?)",
        (rfc8785.dumps(body).decode(), "a" * 64, records[4].signature),  # type: ignore[arg-type]
    )


def append_one(connection: Connection, records: list[Record]) -> None:
    head = records[-1]
    place = {"record_id": new_id(), "sequence": 8, "previous_hash": head.hash}
    body = rfc8785.dumps(_body(head, **place))  # type: ignore[arg-type]
    connection.execute(
        "INSERT INTO records (sequence, body, hash, signature) VALUES (8, ?, ?, ?)",
        (body.decode(), hashlib.sha256(body).hexdigest(), head.signature),
    )


def swap_two_signatures(connection: Connection, records: list[Record]) -> None:
    for sequence, other in ((3, records[3]), (4, records[2])):
        connection.execute("UPDATE records SET signature = ? WHERE sequence = ?", (other.signature, sequence))


FORGERIES: dict[str, tuple[Forgery, int]] = {
    "a level": (change_level, 5),
    "a level and its hash": (change_level_and_hash, 5),
    "a signature of another key": (sign_with_another_key, 5),
    "a signature spelt differently": (spell_signature_differently, 5),
    "a body spelt differently": (spell_body_differently, 5),
    "a record removed": (remove_one, 5),
    "the first record removed": (remove_the_first, 1),
    "a record removed and the gap closed": (remove_one_and_close_the_gap, 5),
    "two records swapped": (swap_two, 3),
    "a record inserted": (insert_one_between, 5),
    "a record appended without the key": (append_one, 8),
    "two signatures swapped": (swap_two_signatures, 3),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_record_is_found_and_named(storage: Path, written: list[Record], forgery: str) -> None:
    forge, sequence = FORGERIES[forgery]
    with unguarded(storage) as connection:
        forge(connection, written)
    assert bad(storage)[0] == sequence


def sign_as_the_device(storage: Path, body: bytes) -> tuple[str, str, str]:
    """What only somebody with the device's own key file could write."""
    record_hash = hashlib.sha256(body).hexdigest()
    signature = base64.b64encode(load_signing_key(storage).sign(bytes.fromhex(record_hash))).decode()
    return body.decode(), record_hash, signature


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"previous_hash": "f" * 64}, "does not follow"),
        ({"sequence": 9}, "claims sequence 9"),
        ({"kind": "journal_started"}, "not a record as this software writes it"),
        ({"device_id": "lw-b-w01"}, "device lw-b-w01"),
        ({"colour": "red"}, "not a record as this software writes it"),
        ({"payload": 5}, "not a record as this software writes it"),
        ({"kind": "rating"}, "not a record as this software writes it"),
    ],
)
def test_even_with_the_devices_key_a_record_must_fit_its_place(
    storage: Path, written: list[Record], changes: dict[str, object], words: str
) -> None:
    place = {"record_id": new_id(), "sequence": 8, "previous_hash": written[-1].hash}
    body = rfc8785.dumps(_body(written[-1], **{**place, **changes}))  # type: ignore[arg-type]
    with unguarded(storage) as connection:
        connection.execute("INSERT INTO records VALUES (8, ?, ?, ?)", sign_as_the_device(storage, body))
    sequence, problem = bad(storage)
    assert sequence == 8
    assert words in problem


def test_a_second_beginning_does_not_belong_into_a_journal(storage: Path, written: list[Record]) -> None:
    place = {"record_id": new_id(), "sequence": 8, "previous_hash": written[-1].hash}
    body = rfc8785.dumps(_body(written[0], **place))  # type: ignore[arg-type]
    with unguarded(storage) as connection:
        connection.execute("INSERT INTO records VALUES (8, ?, ?, ?)", sign_as_the_device(storage, body))
    assert bad(storage) == (8, "a journal_started does not belong here")


def test_even_with_the_devices_key_a_body_has_one_spelling(storage: Path, written: list[Record]) -> None:
    place = {"record_id": new_id(), "sequence": 8, "previous_hash": written[-1].hash}
    body = json.dumps(_body(written[-1], **place)).encode()
    with unguarded(storage) as connection:
        connection.execute("INSERT INTO records VALUES (8, ?, ?, ?)", sign_as_the_device(storage, body))
    assert bad(storage) == (8, "its body is not canonical JSON")


def test_the_first_record_must_name_the_devices_own_key(storage: Path, written: list[Record]) -> None:
    payload = {**written[0].payload, "public_key": base64.b64encode(bytes(32)).decode()}
    body = rfc8785.dumps(_body(written[0], payload=payload))  # type: ignore[arg-type]
    with unguarded(storage) as connection:
        connection.execute("DELETE FROM records")
        connection.execute("INSERT INTO records VALUES (1, ?, ?, ?)", sign_as_the_device(storage, body))
    assert bad(storage) == (1, "the journal was started with another key")


def test_what_holds_before_the_fault_is_counted(storage: Path, written: list[Record]) -> None:
    with unguarded(storage) as connection:
        connection.execute("DELETE FROM records WHERE sequence = 5")
    verdict = verify(storage)
    assert (verdict.count, verdict.head) == (4, (4, written[3].hash))


@pytest.mark.parametrize("cut", [1, 3, 7])
def test_a_tail_cut_off_once_confirmed_is_found_at_its_first_missing_record(
    storage: Path, written: list[Record], cut: int
) -> None:
    confirm(storage, written[-1])
    with unguarded(storage) as connection:
        connection.execute("DELETE FROM records WHERE sequence > ?", (len(written) - cut,))
    sequence, problem = bad(storage)
    assert sequence == len(written) - cut + 1
    assert "missing" in problem


def test_a_journal_that_is_gone_once_confirmed_is_found(storage: Path, written: list[Record]) -> None:
    confirm(storage, written[-1])
    for path in storage.glob(f"{JOURNAL_FILE}*"):
        path.unlink()
    bad(storage)


def test_a_tail_written_anew_with_the_right_key_is_not_what_was_confirmed(
    storage: Path, written: list[Record], clock: ManualClock
) -> None:
    confirm(storage, written[-1])
    with unguarded(storage) as connection:
        connection.execute("DELETE FROM records WHERE sequence = ?", (len(written),))
    with closing(open_journal(storage, clock)) as journal:
        journal.append(drafts.action(clock.now(), target="something else"))
    assert bad(storage) == (7, "it is not the record that the platform confirmed")


def test_records_after_the_confirmed_one_are_no_fault(storage: Path, written: list[Record]) -> None:
    confirm(storage, written[3])
    assert verify(storage).holds


def test_records_written_and_confirmed_while_verify_walks_are_no_fault(
    storage: Path, written: list[Record], clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The app and the agent go on while a long journal is verified."""

    def meanwhile(key: Ed25519PublicKey, record_hash: str, signature: str) -> bool:
        with closing(open_journal(storage, clock)) as journal:
            (record,) = journal.append(drafts.action(clock.now()))
        confirm(storage, record)
        return signature_holds(key, record_hash, signature)

    monkeypatch.setattr(verification, "signature_holds", meanwhile)
    assert verify(storage) == Verdict(len(written), (written[-1].sequence, written[-1].hash))
    assert verify(storage).count > len(written)


def test_a_damaged_delivery_database_is_not_called_the_journals_fault(storage: Path, written: list[Record]) -> None:
    (storage / DELIVERY_FILE).write_bytes(b"nothing that SQLite knows" * 100)
    assert DELIVERY_FILE in bad(storage)[1]
    assert JOURNAL_FILE not in bad(storage)[1]


# What is derived, and what is sealed


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("tally", "UPDATE tally SET very_satisfied = 9"),
        ("tally", "DELETE FROM tally WHERE subject = 'staff'"),
        ("tally", "INSERT INTO tally (day, subject, key, satisfied) VALUES ('2026-11-23', 'staff', '0999', 5)"),
        ("bindings", "UPDATE bindings SET staff_no = '0999'"),
        ("bindings", "DELETE FROM bindings"),
        ("last_actions", "UPDATE last_actions SET target = 'nothing'"),
        ("evaluator_hours", "UPDATE evaluator_hours SET missed = 1"),
        ("awaiting_detail", "INSERT INTO awaiting_detail VALUES ('x', 'y')"),
    ],
)
def test_a_changed_statistic_or_binding_is_found(
    storage: Path, written: list[Record], table: str, statement: str
) -> None:
    with unguarded(storage) as connection:
        assert connection.execute(statement).rowcount > 0
    assert table in bad(storage)[1]


def test_changed_sealed_data_is_found_and_named_r11(storage: Path, written: list[Record]) -> None:
    with unguarded(storage) as connection:
        connection.execute("UPDATE sealed SET ciphertext = x'00' WHERE name = 'contact'")
    assert bad(storage) == (6, "the sealed contact is not what was recorded")


@pytest.mark.parametrize("value", ["7", "NULL", "'text'", "1.5"])
def test_sealed_data_that_is_no_bytes_at_all_is_found_and_named_r11(
    storage: Path, written: list[Record], value: str
) -> None:
    """As one changed byte of the file can make it, whatever the table's schema demands."""
    with raw(storage) as connection:
        connection.execute("CREATE TABLE plain AS SELECT * FROM sealed")
        connection.execute("DROP TABLE sealed")
        connection.execute("ALTER TABLE plain RENAME TO sealed")
        connection.execute(f"UPDATE sealed SET ciphertext = {value} WHERE name = 'contact'")  # noqa: S608
    assert bad(storage) == (6, "the sealed contact is not what was recorded")


def test_removed_sealed_data_still_verifies_r11(storage: Path, written: list[Record]) -> None:
    with unguarded(storage) as connection:
        assert connection.execute("DELETE FROM sealed").rowcount == 2
    assert verify(storage).holds


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO sealed SELECT record_id, 'address', x'00' FROM records LIMIT 1",
        "INSERT INTO sealed VALUES ('a record that never was', 'user', x'00')",
        "UPDATE sealed SET name = 'usher' WHERE name = 'user'",
    ],
)
def test_sealed_data_that_no_record_committed_to_is_found_r11(
    storage: Path, written: list[Record], statement: str
) -> None:
    with unguarded(storage) as connection:
        connection.execute(statement)
    assert "sealed" in bad(storage)[1]


# Other files than the journal


def test_a_whole_rewrite_needs_the_devices_key(storage: Path, written: list[Record]) -> None:
    """The journal's own copy of the key is never trusted: a rewrite brings its own."""
    key = (storage / SIGNING_KEY_FILE).read_bytes()
    for path in storage.iterdir():
        path.unlink()
    write_small_journal(storage)
    assert verify(storage).holds
    (storage / SIGNING_KEY_FILE).write_bytes(key)
    assert bad(storage)[0] == 1


def test_another_key_file_is_found_at_the_first_record(storage: Path, written: list[Record]) -> None:
    create_signing_key(storage)
    assert bad(storage)[0] == 1
    assert load_signing_key(storage)


@pytest.mark.parametrize(
    "content", [b"", b"no database at all, however long it may be" * 200, b"SQLite format 3\0" + bytes(4080)]
)
def test_what_is_no_journal_is_told_without_a_traceback(storage: Path, written: list[Record], content: bytes) -> None:
    (storage / JOURNAL_FILE).write_bytes(content)
    assert JOURNAL_FILE in bad(storage)[1]


def test_a_directory_in_place_of_the_journal_is_told(storage: Path, written: list[Record]) -> None:
    (storage / JOURNAL_FILE).unlink()
    (storage / JOURNAL_FILE).mkdir()
    assert JOURNAL_FILE in bad(storage)[1]


def test_a_journal_without_any_record_does_not_hold(storage: Path, written: list[Record]) -> None:
    with unguarded(storage) as connection:
        connection.execute("DELETE FROM records")
    assert bad(storage)[0] in (1, None)


def test_nothing_at_all_is_told(tmp_path: Path) -> None:
    bad(tmp_path / "nowhere")


def test_verify_changes_no_file(storage: Path, written: list[Record]) -> None:
    before = {path.name: path.read_bytes() for path in storage.iterdir()}
    verify(storage)
    after = {path.name: path.read_bytes() for path in storage.iterdir() if path.name in before}
    assert after == before


# -- after a restore --------------------------------------------------------------------------------------------------


def test_what_a_restore_left_out_is_told_and_is_no_fault(storage: Path, journal: Journal, clock: ManualClock) -> None:
    head = journal.append(*drafts.whole_visit(clock.now()))[-1]
    journal.begin_again(head.sequence + 8, (head.sequence + 7, "ab" * 32), "restored", "test 1", clock.now())
    journal.append(*drafts.whole_visit(clock.now()))
    verdict = verify(storage)
    assert (verdict.holds, verdict.count, verdict.gaps) == (True, 8, ((head.sequence + 1, head.sequence + 7),))
    assert journal.gaps() == list(verdict.gaps)
    assert [journal.count_after(sequence) for sequence in (0, 3, 4, 7, 11, 12, 15, 20)] == [8, 5, 4, 4, 4, 3, 0, 0]


def test_a_hole_that_no_signed_record_tells_of_is_found_r12(
    storage: Path, journal: Journal, clock: ManualClock
) -> None:
    """Only a `journal_started` that names the record before it makes a hole honest."""
    journal.append(*drafts.whole_visit(clock.now()))
    journal.begin_again(9, (8, "ab" * 32), "restored", "test 1", clock.now())
    journal.append(*drafts.whole_visit(clock.now()))
    with unguarded(storage) as connection:
        connection.execute("DELETE FROM records WHERE sequence = 9")
    assert bad(storage) == (5, "the record is missing")


def test_a_hole_in_front_of_a_record_that_names_another_one_before_it_is_found_r12(
    storage: Path, journal: Journal, clock: ManualClock
) -> None:
    journal.append(*drafts.whole_visit(clock.now()))
    payload = {**journal.records_after(0, 1)[0].payload, "previous_journal": {"head_hash": "cd" * 32, "sequence": 8}}
    with write_transaction(journal.connection), schema.gap_allowed(journal.connection):
        journal._insert(Draft(Kind.JOURNAL_STARTED, payload, clock.now()), 9, "ab" * 32)
    sequence, problem = bad(storage)
    assert sequence == 9
    assert "does not follow" in problem
    assert not schema.broken_guards(journal.connection)


@pytest.mark.parametrize("lost", [0, 7])
def test_a_hole_that_is_larger_than_the_record_behind_it_tells_is_found_r12(
    storage: Path, journal: Journal, clock: ManualClock, lost: int
) -> None:
    """Whoever deletes what stands right before a restore cannot hide behind it."""
    journal.append(*drafts.whole_visit(clock.now()))
    event = Draft(Kind.DEVICE_EVENT, {"device": "screen", "state": "lost", "detail": ""}, clock.now())
    head = journal.append(event, event)[-1]
    before = (head.sequence + lost, head.hash if not lost else "ab" * 32)
    journal.begin_again(before[0] + 1, before, "restored", "test 1", clock.now())
    assert verify(storage).holds
    with unguarded(storage) as connection:
        connection.execute("DELETE FROM records WHERE sequence = ?", (head.sequence,))
    sequence, problem = bad(storage)
    assert sequence == head.sequence
    assert "missing" in problem


def test_a_restore_after_a_restore_tells_of_both_holes_r12(storage: Path, journal: Journal, clock: ManualClock) -> None:
    journal.append(*drafts.whole_visit(clock.now()))
    journal.begin_again(9, (8, "ab" * 32), "restored", "test 1", clock.now())
    journal.begin_again(20, (19, "cd" * 32), "restored again", "test 1", clock.now())
    assert verify(storage).gaps == ((5, 8), (10, 19))
    assert journal.records_after(19, 1)[0].payload["previous_journal"]["missing"] == [[5, 8], [10, 19]]
    with unguarded(storage) as connection:
        connection.execute("DELETE FROM records WHERE sequence = 9")
    assert bad(storage) == (9, "the record is missing")
