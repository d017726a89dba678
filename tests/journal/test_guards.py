"""The guards stand in the database: they hold for every program that opens the file (R3, R7, R12)."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pysqlite3 as sqlite3
import pytest

from kiosk_app.domain.levels import Level
from kiosk_app.domain.records import Json, Record
from kiosk_app.journal import schema
from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.journal import Journal, JournalUnavailableError
from kiosk_app.journal.verification import verify
from tests.journal import drafts
from tests.journal.storage import open_journal, raw
from tests.manual_clock import ManualClock


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    """A journal with a bad rating and its detail, that every attempt of this file leaves as it is."""
    clock, visit = ManualClock(), new_id()
    with closing(open_journal(tmp_path_factory.mktemp("kept"), clock)) as journal:
        journal.append(drafts.opened(clock.now(), visit))
        (rating,) = journal.append(drafts.rating(clock.now(), visit, Level.DISSATISFIED))
        journal.append(drafts.detail(clock.now(), rating.record_id, visit))
        yield journal
        assert verify(journal.directory).holds


@pytest.fixture
def records(kept: Journal) -> Iterator[list[Record]]:
    before = list(kept.all_records())
    yield before
    assert list(kept.all_records()) == before


def forged(record: Record, **changes: object) -> Json:
    """The body of a record, changed: as a forger would write it, but with no key to sign it."""
    wire = record.to_wire()
    body = {key: value for key, value in wire.items() if key not in ("hash", "signature", "sealed")}
    return {**body, **changes}


Insert = Callable[[list[Record], str], tuple[str, tuple[object, ...]]]


def insertion(make: Callable[[list[Record]], Json], sequence: int | None = None) -> Insert:
    def build(records: list[Record], verb: str) -> tuple[str, tuple[object, ...]]:
        body = make(records)
        number = body["sequence"] if sequence is None else sequence
        return (
            f"{verb} INTO records (sequence, body, hash, signature) VALUES (?, ?, ?, ?)",
            (number, json.dumps(body), "0" * 64, "A" * 88),
        )

    return build


def following(records: list[Record], like: Record, **changes: object) -> Json:
    """A body in the right place of the chain."""
    head = records[-1]
    place = {"record_id": new_id(), "sequence": head.sequence + 1, "previous_hash": head.hash}
    return forged(like, **{**place, **changes})


INSERTIONS: dict[str, Insert] = {
    "over an old record": insertion(lambda r: forged(r[2])),
    "over the last record": insertion(lambda r: forged(r[-1])),
    "over the first record": insertion(lambda r: forged(r[0], record_id=new_id())),
    "with a gap": insertion(lambda r: following(r, r[1], sequence=r[-1].sequence + 2, visit_id=new_id())),
    "before the first": insertion(lambda r: following(r, r[1], sequence=0, visit_id=new_id())),
    "with a negative sequence": insertion(lambda r: following(r, r[1], sequence=-1, visit_id=new_id())),
    "with a wrong previous_hash": insertion(lambda r: following(r, r[1], visit_id=new_id(), previous_hash="f" * 64)),
    "with the previous_hash of the one before": insertion(
        lambda r: following(r, r[1], visit_id=new_id(), previous_hash=r[-2].hash)
    ),
    "without a previous_hash": insertion(lambda r: following(r, r[1], visit_id=new_id(), previous_hash=None)),
    "with a known id": insertion(lambda r: following(r, r[1], visit_id=new_id(), record_id=r[1].record_id)),
    "a second opening": insertion(lambda r: following(r, r[1])),
    "a second rating": insertion(lambda r: following(r, r[2])),
    "a missed after the rating": insertion(lambda r: following(r, r[2], kind="rating_missed")),
    "a second detail": insertion(lambda r: following(r, r[3])),
    "no JSON": lambda r, verb: (
        f"{verb} INTO records (sequence, body, hash, signature) VALUES (?, ?, ?, ?)",
        (r[-1].sequence + 1, "not json", "0" * 64, "A" * 88),
    ),
}


@pytest.mark.parametrize("verb", ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE", "REPLACE"])
@pytest.mark.parametrize("attempt", INSERTIONS)
def test_nothing_but_the_next_record_can_be_inserted_r12(
    records: list[Record], kept: Journal, attempt: str, verb: str
) -> None:
    statement, values = INSERTIONS[attempt](records, verb)
    with raw(kept.directory) as connection, pytest.raises(sqlite3.Error):
        connection.execute(statement, values)


def test_a_sequence_left_to_the_database_is_refused_too_r12(records: list[Record], kept: Journal) -> None:
    body = json.dumps(following(records, records[1], visit_id=new_id()))
    with raw(kept.directory) as connection, pytest.raises(sqlite3.IntegrityError, match="next sequence"):
        connection.execute("INSERT OR REPLACE INTO records (body, hash, signature) VALUES (?, '', '')", (body,))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records SET body = replace(body, 'dissatisfied', 'very_satisfied')",
        "UPDATE records SET hash = '' WHERE sequence = 2",
        "UPDATE records SET signature = ''",
        "UPDATE records SET sequence = sequence + 100",
        "UPDATE OR REPLACE records SET sequence = 1 WHERE sequence = 2",
        "UPDATE OR IGNORE records SET body = '{}'",
        "INSERT INTO records (sequence, body, hash, signature) SELECT sequence, '{}', '', '' FROM records "
        "WHERE true ON CONFLICT DO UPDATE SET body = excluded.body",
        "DELETE FROM records",
        "DELETE FROM records WHERE sequence = (SELECT max(sequence) FROM records)",
        "DELETE FROM records WHERE sequence = 3",
    ],
)
def test_no_record_is_changed_or_deleted_r12(records: list[Record], kept: Journal, statement: str) -> None:
    with raw(kept.directory) as connection, pytest.raises(sqlite3.Error):
        connection.execute(statement)


@pytest.mark.parametrize("column", ["record_id", "kind", "visit_id", "rating_id"])
def test_what_queries_see_cannot_tell_something_else_than_the_body_r12(
    records: list[Record], kept: Journal, column: str
) -> None:
    with raw(kept.directory) as connection, pytest.raises(sqlite3.Error, match=r"generated|never changed"):
        connection.execute(f"UPDATE records SET {column} = 'x'")  # noqa: S608


@pytest.mark.parametrize("guard", schema.GUARDS)
def test_a_guard_that_is_gone_is_noticed_at_the_start_and_by_verify_r12(
    journal: Journal, storage: Path, guard: str
) -> None:
    journal.close()
    kind = "INDEX" if "INDEX" in schema.GUARDS[guard] else "TRIGGER"
    with raw(storage) as connection:
        connection.execute(f"DROP {kind} {guard}")
    with pytest.raises(JournalUnavailableError, match=guard):
        open_journal(storage)
    verdict = verify(storage)
    assert verdict.problem is not None
    assert guard in verdict.problem


@pytest.mark.parametrize("guard", schema.GUARDS)
def test_a_guard_that_was_watered_down_is_noticed_r12(journal: Journal, storage: Path, guard: str) -> None:
    journal.close()
    sql = schema.GUARDS[guard]
    weak = (
        f"CREATE INDEX {guard} ON records (kind)"
        if "INDEX" in sql
        else f"CREATE TRIGGER {guard} BEFORE UPDATE ON records BEGIN SELECT 1; END"
    )
    with raw(storage) as connection:
        connection.execute(f"DROP {'INDEX' if 'INDEX' in sql else 'TRIGGER'} {guard}")
        connection.execute(weak)
    with pytest.raises(JournalUnavailableError, match=guard):
        open_journal(storage)
    assert not verify(storage).holds


def test_a_trigger_that_swallows_bad_ratings_is_noticed_r6_r12(journal: Journal, storage: Path) -> None:
    """Nothing of ours may be missing, and nothing of others' may stand beside it."""
    journal.close()
    with raw(storage) as connection:
        connection.execute(
            "CREATE TRIGGER kinder BEFORE INSERT ON records WHEN NEW.body LIKE '%\"dissatisfied\"%' "
            "BEGIN SELECT RAISE(IGNORE); END"
        )
    with pytest.raises(JournalUnavailableError, match="kinder"):
        open_journal(storage)
    verdict = verify(storage)
    assert verdict.problem is not None
    assert "kinder" in verdict.problem


def test_a_table_whose_columns_can_lie_is_noticed_r12(journal: Journal, clock: ManualClock, storage: Path) -> None:
    """The same rows in a table whose `kind` is no longer computed from the body."""
    journal.append(*drafts.whole_visit(clock.now(), Level.DISSATISFIED))
    journal.close()
    with raw(storage) as connection:
        guards = connection.execute(
            "SELECT sql FROM sqlite_schema WHERE tbl_name = 'records' AND type IN ('index', 'trigger') "
            "AND sql IS NOT NULL"
        ).fetchall()
        connection.execute("CREATE TABLE plain AS SELECT * FROM records")
        connection.execute("DROP TABLE records")
        connection.execute("ALTER TABLE plain RENAME TO records")
        for (sql,) in guards:
            connection.execute(sql)
    with pytest.raises(JournalUnavailableError, match="records"):
        open_journal(storage)
    assert not verify(storage).holds


def test_a_second_outcome_is_impossible_for_another_process_too_r3(storage: Path, clock: ManualClock) -> None:
    with closing(open_journal(storage, clock)) as here, closing(open_journal(storage, clock)) as there:
        visit = new_id()
        here.append(drafts.opened(clock.now(), visit))
        there.append(drafts.rating(clock.now(), visit))
        with pytest.raises(RuntimeError, match="R3"):
            here.append(drafts.missed(clock.now(), visit))
        assert [record.kind for record in here.of_visit(visit)] == ["visit_opened", "rating"]
