"""Records as interfaces §4 defines them, computed again without any of the product's own code (R12)."""

import base64
import hashlib
import json
import re
import threading
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_app.domain.levels import Level
from kiosk_app.domain.records import Draft, Json, Kind
from kiosk_app.journal.identifiers import new_id
from kiosk_app.journal.journal import AlreadyRecordedError, Journal
from kiosk_app.journal.reader import JournalReader
from tests.journal import drafts
from tests.journal.storage import DEVICE, open_journal, raw
from tests.manual_clock import ManualClock

KEYS = {
    "record_id", "device_id", "sequence", "kind", "visit_id", "occurred_at", "clock", "payload",
    "previous_hash", "hash", "signature",
}  # fmt: skip


def check_chain(records: list[Json]) -> None:
    """The whole of interfaces §4 over records as they are printed and sent."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(records[0]["payload"]["public_key"], validate=True))
    previous = "0" * 64
    for number, record in enumerate(records, start=1):
        assert set(record) - {"sealed"} == KEYS
        assert record["sequence"] == number
        assert record["previous_hash"] == previous
        body = {name: value for name, value in record.items() if name not in ("hash", "signature", "sealed")}
        previous = hashlib.sha256(rfc8785.dumps(body)).hexdigest()
        assert record["hash"] == previous
        signature = base64.b64decode(record["signature"], validate=True)
        assert len(signature) == 64
        key.verify(signature, bytes.fromhex(previous))
        for name, value in record.get("sealed", {}).items():
            committed = hashlib.sha256(base64.b64decode(value, validate=True)).hexdigest()
            assert record["payload"][f"{name}_commitment"] == committed


def as_sent(reader: JournalReader) -> list[Json]:
    """Through JSON and back, as the platform gets them."""
    sent: list[Json] = json.loads(json.dumps([record.to_wire() for record in reader.all_records()]))
    return sent


def append_life(journal: Journal, clock: ManualClock) -> None:
    """Every kind of record once."""
    visit = new_id()
    journal.append(drafts.bound(clock.now(), "12", "0815"))
    journal.append(drafts.opened(clock.pass_ms(1_000), visit, user=b"sealed user"))
    journal.append(drafts.invited(clock.pass_ms(30_000), visit))
    (rating,) = journal.append(drafts.rating(clock.pass_ms(2_000), visit, Level.DISSATISFIED))
    journal.append(drafts.detail(clock.pass_ms(9_000), rating.record_id, visit, contact=b"sealed contact"))
    other = new_id()
    journal.append(drafts.opened(clock.now(), other), drafts.missed(clock.pass_ms(5_000), other, "not_invited"))
    journal.append(Draft(Kind.WINDOW_PAUSED, {"reason": "开会", "back_at": None}, clock.now()))
    journal.append(Draft(Kind.WINDOW_RESUMED, {"reason": "开会", "back_at": None}, clock.pass_ms(60_000)))
    journal.append(Draft(Kind.DEVICE_EVENT, {"device": "evaluator", "state": "lost", "detail": "拔出"}, clock.now()))
    journal.append(drafts.action(clock.now()), drafts.unbound(clock.now(), "12", "0815"))
    (ticket,) = journal.append(drafts.ticket(clock.now()))
    journal.append(drafts.print_result(clock.now(), ticket.record_id))
    journal.append(drafts.appointment(Kind.APPOINTMENT_BOOKED, clock.now(), contact=b"sealed contact"))
    journal.append(drafts.appointment(Kind.APPOINTMENT_CHECKED_IN, clock.now()))
    journal.append(drafts.appointment(Kind.APPOINTMENT_CANCELLED, clock.now(), "001200000025", lease_id=None))


def test_every_record_hashes_chains_and_verifies_as_interfaces_section_4_says_r12(
    journal: Journal, clock: ManualClock
) -> None:
    append_life(journal, clock)
    sent = as_sent(journal)
    check_chain(sent)
    assert {record["kind"] for record in sent} == {kind.value for kind in Kind}


def test_every_field_has_its_form(journal: Journal, clock: ManualClock) -> None:
    append_life(journal, clock)
    for record in as_sent(journal):
        assert record["device_id"] == DEVICE
        assert re.fullmatch(r"[0-9a-f]{64}", record["hash"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00", record["occurred_at"])
        assert set(record["clock"]) == {"boot_id", "monotonic_ms", "synchronised"}
        for identifier in (record["record_id"], record["visit_id"]):
            assert identifier is None or (uuid.UUID(identifier).version, str(uuid.UUID(identifier))) == (7, identifier)


def test_a_record_is_dated_when_its_event_happened_not_when_it_is_written_r28(
    journal: Journal, clock: ManualClock
) -> None:
    pressed = clock.now()
    clock.pass_ms(8_000)
    clock.set_wall(-3_600_000)
    visit = new_id()
    _, rating = journal.append(drafts.opened(pressed, visit), drafts.rating(pressed, visit))
    assert rating.occurred_at == pressed.stamp
    assert rating.clock == {"boot_id": "boot-1", "monotonic_ms": pressed.boot_ms, "synchronised": True}


def test_what_is_returned_is_what_is_stored(journal: Journal, clock: ManualClock) -> None:
    returned = journal.append(*drafts.whole_visit(clock.now()), drafts.action(clock.now()))
    assert journal.records_after(1) == returned


def test_the_first_record_tells_the_key_and_the_software(journal: Journal) -> None:
    (first,) = journal.records_after(0)
    assert first.kind == Kind.JOURNAL_STARTED
    assert set(first.payload) == {"public_key", "previous_journal", "software"}
    assert first.payload["previous_journal"] is None
    assert first.payload["software"] == "hall-kiosk 0.1.0"
    assert len(base64.b64decode(first.payload["public_key"], validate=True)) == 32
    assert first.previous_hash == "0" * 64


def test_sequences_have_no_gap_however_the_records_are_appended(journal: Journal, clock: ManualClock) -> None:
    for batch in (1, 3, 1, 5):
        journal.append(*(drafts.action(clock.now()) for _ in range(batch)))
    assert journal.append() == []
    assert [record.sequence for record in journal.all_records()] == list(range(1, 12))


def test_all_of_a_batch_or_none(journal: Journal, clock: ManualClock) -> None:
    visit = new_id()
    journal.append(drafts.opened(clock.now(), visit), drafts.rating(clock.now(), visit))
    before = journal.head()
    with pytest.raises(AlreadyRecordedError, match="one outcome"):
        journal.append(drafts.action(clock.now()), drafts.missed(clock.now(), visit), drafts.action(clock.now()))
    assert journal.head() == before
    journal.append(drafts.action(clock.now()))
    check_chain(as_sent(journal))


def test_a_second_outcome_of_a_visit_is_refused_r3(journal: Journal, clock: ManualClock) -> None:
    visit = new_id()
    journal.append(drafts.opened(clock.now(), visit), drafts.missed(clock.now(), visit))
    for outcome in (drafts.rating(clock.now(), visit), drafts.missed(clock.now(), visit, "declined")):
        with pytest.raises(AlreadyRecordedError, match="R3"):
            journal.append(outcome)


def test_a_second_detail_of_a_rating_is_refused_r7(journal: Journal, clock: ManualClock) -> None:
    visit = new_id()
    _, rating = journal.append(drafts.opened(clock.now(), visit), drafts.rating(clock.now(), visit, Level.DISSATISFIED))
    journal.append(drafts.detail(clock.now(), rating.record_id, visit))
    with pytest.raises(AlreadyRecordedError, match="R7"):
        journal.append(drafts.detail(clock.now(), rating.record_id, visit))


def test_a_second_opening_of_a_visit_is_refused(journal: Journal, clock: ManualClock) -> None:
    visit = new_id()
    journal.append(drafts.opened(clock.now(), visit))
    with pytest.raises(AlreadyRecordedError, match="opened once"):
        journal.append(drafts.opened(clock.now(), visit))


def test_ratings_by_code_without_a_visit_may_be_many_r10(journal: Journal, clock: ManualClock) -> None:
    journal.append(*(drafts.rating(clock.now(), None) for _ in range(3)))
    check_chain(as_sent(journal))


def test_the_outcome_of_a_visit_that_was_never_opened_is_refused(journal: Journal, clock: ManualClock) -> None:
    before = journal.head()
    with pytest.raises(AlreadyRecordedError, match="never opened"):
        journal.append(drafts.missed(clock.now(), new_id()))
    assert journal.head() == before


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800", b"bytes", {1: 2}, object()])
def test_what_json_cannot_carry_is_refused_and_the_journal_goes_on(
    journal: Journal, clock: ManualClock, value: object
) -> None:
    before = journal.head()
    with pytest.raises(rfc8785.CanonicalizationError):
        journal.append(Draft(Kind.DEVICE_EVENT, {"detail": value}, clock.now()))
    assert journal.head() == before
    journal.append(drafts.action(clock.now()))
    check_chain(as_sent(journal))


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=12,
)


def test_any_json_comes_back_as_it_was_and_chains(journal: Journal, clock: ManualClock) -> None:
    """Control characters, emoji, numbers of every size, deep nesting: nothing is lost on the way."""

    @settings(max_examples=60, deadline=None)
    @given(st.dictionaries(st.text(st.characters(codec="utf-8")), _json, max_size=4))
    def check(payload: dict[str, Any]) -> None:
        (record,) = journal.append(Draft(Kind.DEVICE_EVENT, payload, clock.now()))
        assert record.payload == payload
        assert journal.record_by_id(record.record_id) == record

    check()
    check_chain(as_sent(journal))


def test_sealed_data_is_committed_to_and_sent_beside_the_payload_r11(journal: Journal, clock: ManualClock) -> None:
    (record,) = journal.append(drafts.opened(clock.now(), new_id(), user=b"ciphertext"))
    stored = journal.record_by_id(record.record_id)
    assert stored is not None
    assert stored.to_wire()["sealed"] == {"user": base64.b64encode(b"ciphertext").decode()}
    assert stored.payload["user_commitment"] == hashlib.sha256(b"ciphertext").hexdigest()


def test_a_record_without_sealed_data_has_no_such_key_r11(journal: Journal, clock: ManualClock) -> None:
    (record,) = journal.append(drafts.opened(clock.now(), new_id()))
    assert "sealed" not in record.to_wire()
    assert record.payload["user_commitment"] is None


def test_sealed_data_can_be_removed_and_the_rest_still_chains_r11(
    journal: Journal, clock: ManualClock, storage: Path
) -> None:
    append_life(journal, clock)
    with raw(storage) as connection:
        connection.execute("DELETE FROM sealed")
    sent = as_sent(journal)
    assert not any("sealed" in record for record in sent)
    check_chain(sent)


def test_a_journal_opened_again_goes_on_where_it_was(storage: Path, clock: ManualClock) -> None:
    for _ in range(3):
        journal = open_journal(storage, clock)
        journal.append(drafts.action(clock.now()))
        journal.close()
    reader = JournalReader.open(storage)
    check_chain(as_sent(reader))
    assert [record.kind for record in reader.all_records()].count(Kind.JOURNAL_STARTED) == 1
    reader.close()


def test_ids_are_uuids_of_version_7_in_the_order_they_were_made() -> None:
    before = datetime.now().astimezone()
    ids = [new_id() for _ in range(5_000)]
    after = datetime.now().astimezone()
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    for made in map(uuid.UUID, ids):
        assert (made.version, made.variant) == (7, uuid.RFC_4122)
    # Their first 48 bits are the time, in milliseconds.
    assert int(before.timestamp() * 1000) <= uuid.UUID(ids[0]).int >> 80 <= int(after.timestamp() * 1000) + 1


def test_ids_stay_unique_and_ordered_over_many_threads() -> None:
    made: list[list[str]] = [[] for _ in range(4)]

    def make(mine: list[str]) -> None:
        mine.extend(new_id() for _ in range(2_000))

    threads = [threading.Thread(target=make, args=(mine,)) for mine in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(mine == sorted(mine) for mine in made)
    assert len({identifier for mine in made for identifier in mine}) == 8_000


def test_ids_go_on_growing_when_the_wall_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([2_000_000_000_000_000_000, 1_000_000_000_000_000_000, 1_500_000_000_000_000_000])
    monkeypatch.setattr("kiosk_app.journal.identifiers._last", 0)
    monkeypatch.setattr("kiosk_app.journal.identifiers.time.time_ns", lambda: next(times))
    first, second, third = new_id(), new_id(), new_id()
    assert first < second < third
    assert uuid.UUID(third).version == 7
